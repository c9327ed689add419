package logic

// Answer is what the analysis found out. False and True are certain.
type Answer uint8

// The answers.
const (
	NotAnalysed Answer = iota
	False
	True
)

// String returns "not analysed", "false" or "true".
func (a Answer) String() string {
	switch a {
	case False:
		return "false"
	case True:
		return "true"
	default:
		return "not analysed"
	}
}

// CanBeYes answers whether there is any person for whom f is yes. False means
// that a rule with this condition is dead.
func CanBeYes(f Formula) Answer {
	return find(nil, goal{f.node, yes})
}

// Implies answers whether b is yes for every person for whom a is yes. An a that
// can never be yes implies everything.
func Implies(a, b Formula) Answer {
	switch find(nil, goal{a.node, yes}, goal{b.node, no | undecided}) {
	case False:
		return True
	case True:
		return False
	default:
		return NotAnalysed
	}
}

// Overlap answers whether a and b can both be yes for one person.
func Overlap(a, b Formula) Answer {
	return find(nil, goal{a.node, yes}, goal{b.node, yes})
}

// Witness returns an example person for whom f is yes. It has the fields that
// matter and no others: one that must be missing is there with kind [NoValue], one
// that is not there may have any value. A value of kind [Assumed] says that the
// example depends on what an opaque condition says. The same formula always gives
// the same example. It reports false unless CanBeYes(f) is True.
func Witness(f Formula) (map[string]Value, bool) {
	example := map[string]Value{}
	if find(example, goal{f.node, yes}) != True {
		return nil, false
	}
	return example, true
}
