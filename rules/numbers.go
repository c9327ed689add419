package rules

// An IntExpr is a whole number that a condition may compare: [CustomInt], [Count]
// or [DaysBetween]. A comparison with a missing number is undecided.
type IntExpr struct{ node *node }

// CustomInt names a custom field that holds a whole number. It must be declared
// in Spec.Fields.
func CustomInt(name string) IntExpr { return IntExpr{fieldNode(customPrefix+name, kindInt)} }

// Count is how many texts a list holds.
func Count(list ListField) IntExpr { return IntExpr{&node{op: opCount, args: []*node{list.value()}}} }

// DaysBetween is how many days the second date is after the first. Neither may be
// [AsOf]: compare dates for that, so that the instant of a change is known ahead.
func DaysBetween(from, to DateValue) IntExpr {
	n := &node{op: opDaysBetween, args: make([]*node, 2)}
	for i, d := range []DateValue{from, to} {
		if d != nil {
			n.args[i] = d.date()
		}
	}
	return IntExpr{n}
}

// Is is yes if the number is n.
func (e IntExpr) Is(n int) Cond { return compareInts(opIntEq, e.node, intNode(n)) }

// Below is yes if the number is smaller than n.
func (e IntExpr) Below(n int) Cond { return compareInts(opIntLT, e.node, intNode(n)) }

// AtMost is yes if the number is n or smaller.
func (e IntExpr) AtMost(n int) Cond { return compareInts(opIntLE, e.node, intNode(n)) }

// Above is yes if the number is greater than n.
func (e IntExpr) Above(n int) Cond { return compareInts(opIntLT, intNode(n), e.node) }

// AtLeast is yes if the number is n or greater.
func (e IntExpr) AtLeast(n int) Cond { return compareInts(opIntLE, intNode(n), e.node) }

// Missing is yes if there is no number. It is never undecided.
func (e IntExpr) Missing() Cond { return missing(e.node) }

func intNode(n int) *node { return &node{op: opInt, days: n} }

func compareInts(o op, a, b *node) Cond { return Cond{&node{op: o, args: []*node{a, b}}} }

// A BoolField names a custom field that holds a truth value.
type BoolField string

// CustomBool names a custom field that is true or false. It must be declared in
// Spec.Fields.
func CustomBool(name string) BoolField { return BoolField(customPrefix + name) }

// IsTrue is yes if the field is true, no if it is false, and else undecided.
func (f BoolField) IsTrue() Cond { return compare(opEq, f.value(), "true") }

// IsFalse is yes if the field is false, no if it is true, and else undecided.
func (f BoolField) IsFalse() Cond { return compare(opEq, f.value(), "false") }

// Missing is yes if the field is neither true nor false. It is never undecided.
func (f BoolField) Missing() Cond { return missing(f.value()) }

func (f BoolField) value() *node { return fieldNode(string(f), kindBool) }
