package rules

import (
	"slices"

	"github.com/provision-go/provision/rules/internal/logic"
)

// A cell is what a row accepts in a field.
type cell struct {
	field  string
	values []string
}

// cellsOf reads the condition of a row. A field that may be anything has no cell.
func cellsOf(cond *node) []cell {
	switch {
	case cond == nil:
		return nil
	case cond.op == opAll:
		var list []cell
		for _, arg := range cond.args {
			list = append(list, cellsOf(arg)...)
		}
		return list
	case cond.op == opAny:
		c := cell{}
		for _, arg := range cond.args {
			one := cellsOf(arg)[0]
			c.field, c.values = one.field, append(c.values, one.values...)
		}
		return []cell{c}
	case cond.op == opIntEq:
		return []cell{{cond.args[0].ref.name, []string{itoa(cond.args[1].days)}}}
	}
	return []cell{{cond.args[0].ref.name, cond.list}}
}

// meet reports whether two rows may both apply. If they may not, then whenever one
// is yes the other is no, and whenever one is undecided the other is not yes.
func meet(a, b []cell) bool {
	for _, x := range a {
		for _, y := range b {
			if x.field == y.field && !slices.ContainsFunc(x.values, func(v string) bool { return slices.Contains(y.values, v) }) {
				return false
			}
		}
	}
	return true
}

// within reports whether every cell of b accepts what a row accepts in that field.
func within(a, b []cell) bool {
	for _, y := range b {
		if !slices.ContainsFunc(a, func(x cell) bool {
			return x.field == y.field && !slices.ContainsFunc(x.values, func(v string) bool { return !slices.Contains(y.values, v) })
		}) {
			return false
		}
	}
	return true
}

// matches is the condition of a row by itself; of what is behind the last one it is
// always yes.
func (l *linter) matches(t *table, i int) formula {
	if i == len(t.rows) {
		return formula{Formula: logic.Everyone()}
	}
	return l.terms.cond(t.rows[i].cond)
}

// row is the condition under which a row counts. Earlier rows that cannot apply
// together with it are left out, which alters nothing.
func (l *linter) row(t *table, i int) formula {
	if !t.first && i < len(t.rows) {
		return l.matches(t, i)
	}
	return l.afterOthers(t, i)
}

// afterOthers is the condition that a row is the first that applies.
func (l *linter) afterOthers(t *table, i int) formula {
	f := l.matches(t, i)
	var earlier []formula
	rows := l.cells[t]
	for k := range t.rows[:i] {
		if meet(rows[i], rows[k]) {
			earlier = append(earlier, l.matches(t, k))
		}
	}
	if len(earlier) == 0 {
		return f
	}
	return conj(f, disj(earlier...).not())
}

// tables looks for rows that are never used, whoever uses the table.
func (l *linter) tables() {
	for _, t := range l.set.tables {
		l.shadowed[t] = map[int]bool{}
		ordered := t.first || t.given == nil // a table of texts is read from the top
		for i := range t.rows {
			c := &condition{kind: KindRow, rule: tablePrefix + t.name, number: i + 1, pos: t.rows[i].pos, node: t.rows[i].cond}
			found := false
			switch {
			case c.node != nil && l.nobody(l.anybody(l.matches(t, i)), c):
				found = true
				l.say(LintDead, c, nil, "never matches: "+l.contradiction(c.node)+". Correct the row, or remove it")
			case ordered:
				found = l.unreached(t, i, c)
			default:
				found = l.repeated(t, i, c)
			}
			l.shadowed[t][i+1] = found
		}
	}
}

// unreached looks for earlier rows that leave nobody to a row.
func (l *linter) unreached(t *table, i int, c *condition) bool {
	cells := l.cells[t]
	for k := range t.rows[:i] {
		if within(cells[i], cells[k]) {
			other := l.rowOf(t, k)
			l.say(LintNotReached, c, other, "never reached: row "+itoa(k+1)+" matches everybody whom it is for. Move it up, or remove it")
			return true
		}
	}
	if !l.nobody(l.anybody(l.afterOthers(t, i)), c) {
		return false
	}
	var rows []string
	for k := range t.rows[:i] {
		if meet(cells[i], cells[k]) && !l.shadowed[t][k+1] {
			rows = append(rows, itoa(k+1))
		}
	}
	l.say(LintNotReached, c, nil, "never reached: rows "+few(rows, "rows")+" together match everybody whom it is for. Move it up, or remove it")
	return true
}

// repeated looks for another row that gives the same to more people.
func (l *linter) repeated(t *table, i int, c *condition) bool {
	own := l.cells[t][i]
	for k := range t.rows {
		if k == i || slices.ContainsFunc(t.given[i], func(g gift) bool { return !slices.Contains(t.given[k], g) }) {
			continue
		}
		other := l.cells[t][k]
		same := within(own, other) && within(other, own) && len(t.given[i]) == len(t.given[k])
		switch {
		case same && k < i:
			l.say(LintNotReached, c, l.rowOf(t, k), "repeats row "+itoa(k+1)+". Remove it")
			return true
		case !same && within(own, other):
			l.say(LintAddsNothing, c, l.rowOf(t, k), "adds nothing: row "+itoa(k+1)+" gives the same to everybody whom it matches. Remove it")
			return true
		}
	}
	return false
}

func (l *linter) rowOf(t *table, i int) *condition {
	return &condition{kind: KindRow, rule: tablePrefix + t.name, number: i + 1, pos: t.rows[i].pos}
}
