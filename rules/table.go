package rules

import (
	"slices"
	"strings"

	"github.com/provision-go/provision/source"
)

// table is a compiled Table.
type table struct {
	name      string
	number    int // among those that grants give from, from 1
	in        []*node
	first     bool
	rows      []tableRow
	otherwise []string
	conds     []*node  // of the rows, for any
	given     [][]gift // of each row, then of otherwise; nil until a grant asks
}

type tableRow struct {
	cond *node // nil if every cell is "any"
	give []string
	pos  Pos
}

// lookup is a use of a table as a value.
type lookup struct {
	in        []*node
	rows      []tableRow
	otherwise string
}

func (c *checker) table(spec *Table) *table {
	id := tablePrefix + spec.Name
	c.enter(id)
	t := &table{name: spec.Name, first: spec.First, otherwise: spec.Else}
	c.ruleID(spec.Name)
	for i, name := range spec.In {
		f := c.find(name)
		c.point("in", itoa(i))
		switch {
		case f == nil:
			c.noField(&node{at: spotAt(c.at)}, name)
		case f.broken:
		case f.kind == source.FieldList || f.kind == source.FieldDate || f.kind == source.FieldInstant:
			c.fail("", "%s is of type %s: a table compares texts, words, numbers and truth values", f.name, kindName(f.kind))
		default:
			t.in = append(t.in, c.field(&node{op: opField, field: f.name, kind: f.kind}))
		}
	}
	c.point()
	if len(spec.In) == 0 {
		c.fail("", "the table compares no field")
	}
	if len(spec.Rows) == 0 {
		c.fail("", "the table has no rows")
	}
	if len(t.in) < len(spec.In) {
		return t
	}
	for i := range spec.Rows {
		t.rows = append(t.rows, c.row(t, &spec.Rows[i], i))
	}
	return t
}

func (c *checker) row(t *table, spec *Row, i int) tableRow {
	c.point("rows", itoa(i))
	r := tableRow{give: spec.Give, pos: c.at}
	if len(spec.Match) != len(t.in) {
		c.fail("", "row %d has %s, and the table compares %s", i+1, count(len(spec.Match), "cell"), count(len(t.in), "field"))
		return r
	}
	var cells []*node
	for n, accepted := range spec.Match {
		if len(accepted) > 0 {
			cells = append(cells, c.cell(t.in[n], accepted, i, n))
		}
	}
	switch len(cells) {
	case 0:
	case 1:
		r.cond = cells[0]
	default:
		r.cond = c.with(&node{op: opAll}, cells...)
	}
	return r
}

// cell is the condition that a field holds one of the values.
func (c *checker) cell(field *node, accepted []string, row, column int) *node {
	place := func(i int) Pos { return c.place("rows", itoa(row), itoa(column), itoa(i)) }
	if field.isBad() {
		return field
	}
	if field.ref.kind != kindInt {
		n := &node{op: opIn, args: []*node{{op: opField, field: field.field, kind: field.kind}}, list: slices.Clone(accepted)}
		if len(accepted) == 1 {
			n.op = opEq
		}
		for i := range accepted {
			n.lits = append(n.lits, spotAt(place(i)))
		}
		return c.comparison(n)
	}
	var numbers []*node
	for i, text := range accepted {
		number, ok := parseInt(text)
		if !ok {
			c.at = place(i)
			c.fail("", "%q is no whole number, and %s is one", text, field.ref.name)
			return bad(field)
		}
		numbers = append(numbers, &node{op: opIntEq, args: []*node{field, intNode(number)}})
	}
	if len(numbers) == 1 {
		return numbers[0]
	}
	return &node{op: opAny, args: numbers}
}

// applies is the condition under which a row counts.
func (t *table) applies(i int) *node {
	row := t.rows[i].cond
	if row == nil {
		row = &node{op: opConst}
	}
	if !t.first || i == 0 {
		return row
	}
	earlier := &node{op: opNot, args: []*node{t.any(i)}}
	if row.op == opConst {
		return earlier
	}
	return &node{op: opAll, args: []*node{row, earlier}}
}

// none is the condition under which no row counts.
func (t *table) none() *node { return &node{op: opNot, args: []*node{t.any(len(t.rows))}} }

// any is the condition that one of the first n rows applies.
func (t *table) any(n int) *node {
	if t.conds == nil {
		t.conds = make([]*node, len(t.rows))
		for i := range t.conds {
			if t.conds[i] = t.rows[i].cond; t.conds[i] == nil {
				t.conds[i] = &node{op: opConst}
			}
		}
	}
	args := t.conds[:n:n] // all rows share the list
	if n == 1 {
		return args[0]
	}
	return &node{op: opAny, args: args, rows: t}
}

// gifts reads what the rows of a table give, once.
func (c *checker) gifts(t *table) {
	if t.given != nil {
		return
	}
	c.enter(tablePrefix + t.name)
	for i, row := range t.rows {
		c.point("rows", itoa(i))
		if len(row.give) == 0 {
			c.fail("", "row %d gives nothing", i+1)
		}
		t.given = append(t.given, c.give(row.give, "rows", itoa(i), itoa(len(t.in))))
	}
	t.given = append(t.given, c.give(t.otherwise, "else"))
}

// goneTable reports a table that a rule at a place needs and that a later layer
// switched off, where it did.
func (c *checker) goneTable(name string, need Pos) bool {
	at, gone := c.gone[name]
	if !gone {
		return false
	}
	by := " (" + need.String() + ")"
	if need.IsZero() {
		by = ""
	}
	rule := c.rule
	c.rule = tablePrefix + name
	c.failAt(at, "", "table %q is switched off, and %s%s needs it: replace it, or switch off what needs it as well", name, rule, by)
	c.rule = rule
	return true
}

func (c *checker) lookup(n *node) *node {
	t := c.tables[n.field]
	if t == nil {
		if !c.lacks["tables"] && !c.goneTable(n.field, n.at.find()) {
			c.failNode(n, c.nearest(n.field, sortedKeys(c.tables)), "there is no table %q", n.field)
		}
		return bad(n)
	}
	if c.broken[tablePrefix+t.name] {
		return bad(n)
	}
	look := &lookup{in: t.in, rows: t.rows, otherwise: strings.Join(t.otherwise, "")}
	for i, row := range t.rows {
		if len(row.give) != 1 || row.give[0] == "" {
			c.noText(n, t.name, row.pos, "row "+itoa(i+1))
			return bad(n)
		}
	}
	if len(t.otherwise) > 1 {
		c.noText(n, t.name, c.pos[tablePrefix+t.name], "else")
		return bad(n)
	}
	out := *n
	out.look = look
	return &out
}

// noText reports a part of a table that cannot be looked up: where it is looked up, or
// in the table if that is of another layer.
func (c *checker) noText(n *node, name string, at Pos, part string) {
	need := n.at.find()
	if c.layer[tablePrefix+name] > c.layer[c.id] {
		by := c.id
		if !need.IsZero() {
			by += " (" + need.String() + ")"
		}
		c.failAt(at, "", "table %q: %s has to hold one text, for %s looks it up", name, part, by)
		return
	}
	c.failNode(n, "", "table %q: %s has to hold one text to be looked up", name, part)
}

// text is that of the first row that applies.
func (l *lookup) text(v view) string {
	for i := range l.rows {
		if l.rows[i].cond == nil {
			return l.rows[i].give[0]
		}
		switch v.truth(l.rows[i].cond) {
		case Yes:
			return l.rows[i].give[0]
		case Undecided:
			return ""
		default:
		}
	}
	return l.otherwise
}
