package rules

import (
	"slices"

	"github.com/provision-go/provision/rules/internal/logic"
)

// overlap looks for a person for whom f is yes. It returns the text of an example,
// and whether the example is certain to be one.
func (l *linter) overlap(f formula, c *condition) (text string, certain, found bool) {
	if !l.certain(logic.CanBeYes(f.Formula), logic.True, c) {
		return "", false, false
	}
	values, _ := logic.Witness(f.Formula)
	text, certain = witnessText(values)
	return text, certain, true
}

// picks looks for choices of one rank that can both be yes.
func (l *linter) picks() {
	for i := range l.set.picks {
		choices := l.set.picks[i].choices
		for a := range choices {
			for b := range choices[:a] {
				n, k := choices[a], choices[b]
				g, h := &l.set.grants[n], &l.set.grants[k]
				if g.rank != h.rank || l.skip[n] || l.skip[k] || slices.Equal(g.gives, h.gives) {
					continue
				}
				l.pickPair(n, k)
			}
		}
	}
}

func (l *linter) pickPair(n, k int) {
	both := conj(l.reach[n], l.reach[k])
	var somewhere []formula
	for _, i := range accountsOf(slices.Concat(l.set.grants[n].gives, l.set.grants[k].gives)) {
		if !l.empty[i] {
			somewhere = append(somewhere, l.holder(i, both))
		}
	}
	if len(somewhere) == 0 {
		return
	}
	c, other := l.grant(n), l.grant(k)
	if text, certain, found := l.overlap(disj(somewhere...), c); found {
		l.say(LintPicks, c, other, clash(other, certain)+text+
			"; nothing is then given or taken. Give one of them a higher rank, or make it narrower")
	}
}

// clash says that a choice can be yes together with another.
func clash(other *condition, certain bool) string {
	return canOrMay(certain) + " match together with " + other.part()
}

func canOrMay(certain bool) string {
	if certain {
		return "can"
	}
	return "may"
}

// attributePicks is picks for attributes.
func (l *linter) attributePicks() {
	for i := range l.set.accounts {
		a := &l.set.accounts[i]
		for k := range a.attributes {
			x := &a.attributes[k]
			for m := range x.choices {
				if l.empty[i] {
					break
				}
				for n := range x.choices[:m] {
					if x.choices[m].rank == x.choices[n].rank {
						l.attributePair(i, x, m, n)
					}
				}
			}
		}
	}
}

func (l *linter) attributePair(account int, x *attribute, m, n int) {
	to, also := x.choices[m].to, x.choices[n].to
	if slices.Equal(encoded(to), encoded(also)) {
		return
	}
	pos := l.set.pos[x.id]
	c := &condition{kind: KindAttribute, rule: x.id, number: x.choices[m].number, pos: pos}
	other := &condition{kind: KindAttribute, rule: x.id, number: x.choices[n].number, pos: pos}
	both := conj(l.terms.cond(x.when), l.choice(x, m), l.choice(x, n))
	text, certain, found := l.overlap(l.holder(account, both), c)
	if found {
		differ := ", with another value"
		if to.op != opText || also.op != opText {
			differ = ", with a value that may be another"
		}
		l.say(LintPicks, c, other, clash(other, certain)+differ+text+
			"; the attribute is then left alone. Give one of them a higher rank, or make it narrower")
	}
}

func encoded(n *node) []byte {
	e := &encoder{}
	e.node(n)
	return e.b
}
