package logic_test

import (
	"fmt"

	"github.com/provision-go/provision/rules/internal/logic"
)

// roll makes a formula of at most so many levels.
func (w *world) roll(d dice, depth int) *tree {
	if depth == 0 || d(4) == 0 {
		return &tree{op: "atom", atom: d(len(w.atoms))}
	}
	t := &tree{op: "not"}
	parts := 1
	if d(5) > 0 {
		t.op, parts = []string{"all", "any"}[d(2)], 2+d(2)
	}
	for range parts {
		t.args = append(t.args, w.roll(d, depth-1))
	}
	return t
}

// rollPair makes two formulas. Often the second is a variation of the first, so
// that implications are frequent.
func (w *world) rollPair(d dice) (a, b *tree) {
	a = w.roll(d, 3)
	if d(2) == 0 {
		return a, w.roll(d, 3)
	}
	return a, w.vary(d, a)
}

// vary weakens, strengthens or alters something within t.
func (w *world) vary(d dice, t *tree) *tree {
	switch d(6) {
	case 0:
		return &tree{op: "any", args: []*tree{w.roll(d, 1), t}}
	case 1:
		return &tree{op: "all", args: []*tree{t, w.roll(d, 1)}}
	case 2:
		return w.roll(d, 1)
	}
	if len(t.args) == 0 {
		return t
	}
	out := &tree{op: t.op, args: append([]*tree(nil), t.args...)}
	i := d(len(t.args))
	if t.op != "not" && d(3) == 0 {
		out.args = append(out.args[:i], out.args[i+1:]...)
		return out
	}
	out.args[i] = w.vary(d, t.args[i])
	return out
}

func (w *world) formula(t *tree) logic.Formula {
	var args []logic.Formula
	for _, arg := range t.args {
		args = append(args, w.formula(arg))
	}
	switch t.op {
	case "all":
		return logic.And(args...)
	case "any":
		return logic.Or(args...)
	case "not":
		return logic.Not(args[0])
	}
	return w.atoms[t.atom].formula
}

// sets returns those for whom t is yes and those for whom it is no.
func (w *world) sets(t *tree) (isYes, isNo bits) {
	switch t.op {
	case "atom":
		return w.yes[t.atom], w.no[t.atom]
	case "not":
		isYes, isNo = w.sets(t.args[0])
		return isNo, isYes
	}
	isYes, isNo = newBits(w), newBits(w)
	for n, arg := range t.args {
		y, o := w.sets(arg)
		for i := range isYes {
			switch {
			case n == 0:
				isYes[i], isNo[i] = y[i], o[i]
			case t.op == "all":
				isYes[i], isNo[i] = isYes[i]&y[i], isNo[i]|o[i]
			default:
				isYes[i], isNo[i] = isYes[i]|y[i], isNo[i]&o[i]
			}
		}
	}
	return isYes, isNo
}

// truth evaluates t for one person.
func (w *world) truth(t *tree, p person) logic.Truth {
	switch t.op {
	case "atom":
		return w.atoms[t.atom].truth(p)
	case "not":
		return -w.truth(t.args[0], p)
	}
	result := w.truth(t.args[0], p)
	for _, arg := range t.args[1:] {
		if t.op == "all" {
			result = min(result, w.truth(arg, p))
		} else {
			result = max(result, w.truth(arg, p))
		}
	}
	return result
}

func (w *world) text(t *tree) string {
	if t.op == "atom" {
		return w.atoms[t.atom].text
	}
	text := t.op + "("
	for i, arg := range t.args {
		if i > 0 {
			text += ", "
		}
		text += w.text(arg)
	}
	return fmt.Sprint(text, ")")
}

// some reports whether anybody is in both sets, or, without, in a and not in b.
func some(a, b bits, without bool) bool {
	for i := range a {
		other := b[i]
		if without {
			other = ^other
		}
		if a[i]&other != 0 {
			return true
		}
	}
	return false
}
