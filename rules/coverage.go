package rules

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// A Coverage counts how the rules of a set came out for the people that it was
// shown: from tests, to find what they never try, or from a real run, to find what
// never applies. Get one from [Set.Coverage]. It is not safe for concurrent use.
type Coverage struct {
	set   *Set
	round round
	rules []condition
	lines []Covered
}

// Covered is how one condition, exception or separation of duties came out.
type Covered struct {
	Kind   RuleKind
	Rule   string
	Number int // of the row or choice, from 1; of the exception; 0 = the rule
	Pos    Pos
	// Yes, No and Undecided count people for whom it did: of an exception Yes means
	// that it was in force, of duties that they met.
	Yes, No, Undecided int
	// Always: it is the same for everybody, or never undecided, so that the others
	// cannot be seen.
	Always, NeverUndecided bool
}

// Seen reports whether it was seen to apply, and not to apply, as far as it can.
func (c *Covered) Seen() bool { return c.Yes > 0 && (c.No > 0 || c.Always) }

// Coverage returns a new Coverage of the set, that has seen nobody.
func (s *Set) Coverage() *Coverage {
	c := &Coverage{set: s, round: newRound(s), rules: s.conditions()}
	for _, x := range c.rules {
		c.lines = append(c.lines, Covered{
			Kind: x.kind, Rule: x.rule, Number: x.number, Pos: x.pos,
			Always: x.node.op == opConst, NeverUndecided: !canBeUndecided(x.node),
		})
	}
	for _, n := range s.special {
		g := &s.grants[n]
		for i := range g.except {
			if g.number <= 1 {
				c.lines = append(c.lines, Covered{Kind: KindException, Rule: g.id, Number: i + 1, Pos: g.pos, NeverUndecided: true})
			}
		}
	}
	for i := range s.duties {
		d := &s.duties[i]
		c.lines = append(c.lines, Covered{Kind: KindDuties, Rule: d.id, Pos: d.pos, NeverUndecided: true})
	}
	return c
}

// canBeUndecided reports whether a condition looks at anything that may be missing.
func canBeUndecided(n *node) bool {
	switch n.op {
	case opConst, opMissing:
		return false
	case opAll, opAny, opNot:
		return slices.ContainsFunc(n.args, canBeUndecided)
	case opDateEq, opDateLT, opDateLE:
		return n.args[0].op == opField || n.args[1].op == opField
	}
	return true
}

// See counts one person at one instant. A Person without an Identity counts
// nothing.
func (c *Coverage) See(p Person, at time.Time) {
	if p.Identity == nil {
		return
	}
	c.round.begin(p, at)
	c.round.accounts(nil)
	for i, x := range c.rules {
		v, _ := c.round.view(&c.set.accounts[x.account])
		c.lines[i].count(v.truth(x.node))
	}
	n := len(c.rules)
	for _, k := range c.set.special {
		g := &c.set.grants[k]
		if g.number > 1 {
			continue
		}
		v, _ := c.round.view(&c.set.accounts[g.gives[0].account])
		in := g.excepts(v)
		for i := range g.except {
			c.lines[n].count(yesIf(in == &g.except[i] && v.truth(g.when) == Yes))
			n++
		}
	}
	for i := range c.set.duties {
		c.lines[n].count(yesIf(c.round.meets(&c.set.duties[i])))
		n++
	}
}

// meets reports whether duties that must not meet did, when the round decided last.
func (r *round) meets(d *duties) bool {
	return slices.ContainsFunc(r.meetings, func(m meeting) bool { return m.duties == d })
}

func (c *Covered) count(t Truth) {
	switch t {
	case Yes:
		c.Yes++
	case No:
		c.No++
	default:
		c.Undecided++
	}
}

// Add counts what another Coverage of the same set has seen.
func (c *Coverage) Add(other *Coverage) {
	for i := range min(len(c.lines), len(other.lines)) {
		a, b := &c.lines[i], &other.lines[i]
		a.Yes, a.No, a.Undecided = a.Yes+b.Yes, a.No+b.No, a.Undecided+b.Undecided
	}
}

// Lines returns how each came out, in the order of the set.
func (c *Coverage) Lines() []Covered { return slices.Clone(c.lines) }

// Percent is how much of the set was seen to apply and not to apply; 100 if there
// is nothing to see.
func (c *Coverage) Percent() float64 {
	seen := 0
	for i := range c.lines {
		if c.lines[i].Seen() {
			seen++
		}
	}
	if len(c.lines) == 0 {
		return 100
	}
	return 100 * float64(seen) / float64(len(c.lines))
}

// String returns a table, with a remark on what was not seen.
func (c *Coverage) String() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "rule\tyes\tno\tundecided\t")
	for i := range c.lines {
		x := &c.lines[i]
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%s\n", x.name(), x.Yes, x.No, x.Undecided, x.remark())
	}
	_ = w.Flush() // a Builder takes everything
	return b.String()
}

func (c *Covered) name() string {
	name := string(c.Kind) + " " + c.Rule
	if c.Number > 0 {
		name += "[" + itoa(c.Number) + "]"
	}
	return name
}

func (c *Covered) remark() string {
	var never []string
	if c.Yes == 0 {
		never = append(never, "yes")
	}
	if c.No == 0 && !c.Always {
		never = append(never, "no")
	}
	if c.Undecided == 0 && !c.NeverUndecided {
		never = append(never, "undecided")
	}
	if len(never) == 0 {
		return ""
	}
	return "never " + strings.Join(never, ", ")
}
