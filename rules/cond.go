package rules

// Cond is a condition over a person: an immutable tree. Build one from a field,
// such as Department.Is("Engineering"), and combine with [All], [Any], [Not].
//
// The zero Cond is no condition at all. Where one is required [Build] refuses
// it, so that a forgotten When can never mean everybody.
type Cond struct{ node *node }

// Everyone is always yes. It must not be assigned to.
var Everyone = Cond{&node{op: opConst}}

// All is yes if every condition is yes, no if one of them is no, and undecided
// otherwise. Without conditions Build refuses it: write [Everyone].
func All(conds ...Cond) Cond { return Cond{&node{op: opAll, args: nodesOf(conds)}} }

// Any is yes if one condition is yes, no if every one of them is no, and
// undecided otherwise. Without conditions Build refuses it.
func Any(conds ...Cond) Cond { return Cond{&node{op: opAny, args: nodesOf(conds)}} }

// Not turns yes into no and no into yes; undecided stays undecided.
func Not(c Cond) Cond { return Cond{&node{op: opNot, args: nodesOf([]Cond{c})}} }

// IsZero reports whether there is no condition.
func (c Cond) IsZero() bool { return c.node == nil }

// String returns the condition as an administrator would write it:
//
//	department == "Engineering" and status in ["active", "prehire"]
//
// It returns "" for the zero Cond.
func (c Cond) String() string {
	if c.node == nil {
		return ""
	}
	return string(appendCond(nil, c.node, 0))
}

func nodesOf(conds []Cond) []*node {
	nodes := make([]*node, len(conds))
	for i, c := range conds {
		nodes[i] = c.node // nil is found by Build
	}
	return nodes
}

// compare makes the condition that x stands in relation o to the literals.
func compare(o op, x *node, literals ...string) Cond {
	return Cond{&node{op: o, args: []*node{x}, list: append([]string(nil), literals...)}}
}

func missing(x *node) Cond { return Cond{&node{op: opMissing, args: []*node{x}}} }
