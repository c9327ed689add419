package rules

import (
	"github.com/provision-go/provision/rules/internal/logic"
	"github.com/provision-go/provision/source"
)

// leavers is why a condition is of no use.
const leavers = "only people meet the condition who have left, or who are not hired or not due yet"

// why says why f, which no holder of an account can meet, is met by none: the
// first reason that is enough by itself. hasAccount says that f is not the
// condition of the account itself.
func (l *linter) why(c *condition, f formula, accounts []int, hasAccount bool) string {
	if l.nobody(l.anybody(f), c) {
		return l.contradiction(c.node)
	}
	where := l.placesOf(accounts)
	each := func(extra func(i int) formula) bool {
		for _, i := range accounts {
			if !l.nobody(l.anybody(conj(extra(i), f)), c) {
				return false
			}
		}
		return true
	}
	alive := func(i int) formula {
		served := l.served(&l.set.accounts[i], f.fields)
		return conj(served...)
	}
	switch {
	case each(alive):
		return leavers + ", who are given nothing"
	case each(func(int) formula { return l.scope }):
		return "nobody in the " + (&condition{kind: KindScope, pos: l.set.scope.pos}).place() + " meets the condition"
	case hasAccount && each(func(i int) formula { return l.accounts[i] }):
		return "nobody who meets the condition has an account on " + where
	}
	return "nobody who meets the condition is employed, in scope and has an account on " + where
}

// whyNotSet is why for an attribute.
func (l *linter) whyNotSet(n *node, f formula, c *condition) string {
	if l.nobody(l.anybody(f), c) {
		return l.contradiction(n)
	}
	return "only people who are not hired, or whose status is not known, meet the condition, and nothing is set for them"
}

// setFor is f for those for whom attributes are set.
func (l *linter) setFor(f formula) formula {
	t := l.terms
	if f.fields&t.bits[relStatus] == 0 {
		return f
	}
	words := l.set.fields[relStatus].words
	var known []string
	for i, w := range words {
		if source.Status(i+1) != source.Candidate {
			known = append(known, w)
		}
	}
	return conj(formula{logic.OneOf(relStatus, words, known...), t.bits[relStatus]}, f)
}

// contradiction quotes what nobody can meet: as few parts of the condition as are
// enough.
func (l *linter) contradiction(n *node) string {
	parts := []*node{n}
	if n.op == opAll {
		parts = flat(n, nil)
	}
	impossible := func(parts []*node) bool {
		f := l.anybody(conj(l.terms.conds(parts)...))
		return logic.CanBeYes(f.Formula) == logic.False
	}
	for i := len(parts) - 1; i >= 0 && len(parts) > 1 && len(parts) < 64; i-- {
		rest := append(append([]*node{}, parts[:i]...), parts[i+1:]...)
		if impossible(rest) {
			parts = rest
		}
	}
	core := &node{op: opAll, args: parts}
	if text := condText(core); text != "" {
		return "nobody can meet " + text
	}
	return "nobody can meet the condition, parts of which contradict each other"
}

// conjunction is both conditions; the first may be nil.
func conjunction(a, b *node) *node {
	if a == nil {
		return b
	}
	return &node{op: opAll, args: []*node{a, b}}
}

// flat returns the parts of an "all" and of those in it.
func flat(n *node, list []*node) []*node {
	for _, arg := range n.args {
		if arg.op == opAll {
			list = flat(arg, list)
		} else {
			list = append(list, arg)
		}
	}
	return list
}
