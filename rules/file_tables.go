package rules

import (
	"strings"

	"github.com/provision-go/provision/rules/internal/document"
)

// Words of tables, with or without quotes, which JSON has around everything. The
// text "any" or "none" is written as a list of one.
const (
	anyWord  = "any"
	noneWord = "none"
)

func (r *fileReader) table(name, v *document.Value) {
	r.current = tablePrefix + name.Text
	o := r.object(v, "table")
	if o == nil {
		r.lacks("tables")
		return
	}
	t := Table{Name: name.Text, In: o.texts("in"), First: o.flag("first")}
	r.named(o, tablePrefix+t.Name, name)
	if e := o.get("else"); e != nil && (e.Kind != document.Scalar || e.Text != noneWord) {
		r.gives(func() { t.Else = r.texts(e, "else") })
	}
	r.gives(func() { r.rows(o, &t) })
	r.spec.Tables = append(r.spec.Tables, t)
}

func (r *fileReader) rows(o *object, t *Table) {
	list := o.get("rows")
	switch {
	case list == nil:
		r.lacks(gifts)
		return
	case list.Kind != document.Sequence:
		r.fail(list, "", "rows is a list of rows, each with a dash before it, such as - %s, and this is %s", rowForm(t), kindOf(list))
		return
	case len(list.Items) == 0:
		r.fail(list, "", "rows is an empty list: write at least one row, such as %s", rowForm(t))
	}
	for i, row := range list.Items {
		t.Rows = append(t.Rows, r.row(row, t, i))
	}
}

// rowForm is how a row of a table is written.
func rowForm(t *Table) string {
	return "[" + strings.Join(append(append([]string{}, t.In...), "what it gives"), ", ") + "]"
}

func (r *fileReader) row(v *document.Value, t *Table, i int) Row {
	wrong := Row{Match: make([][]string, len(t.In))}
	switch {
	case len(t.In) == 0: // that was said
		return wrong
	case v.Kind != document.Sequence:
		r.fail(v, "", "row %d is a list such as %s, and this is %s", i+1, rowForm(t), kindOf(v))
		return wrong
	case len(v.Items) != len(t.In)+1:
		r.fail(v, "", "row %d has %s, and the table needs %d: %s", i+1, plural(len(v.Items), "entry", "entries"), len(t.In)+1, rowForm(t))
		return wrong
	}
	last := len(v.Items) - 1
	row := Row{Give: r.texts(v.Items[last], "what row "+itoa(i+1)+" gives")}
	for n, cell := range v.Items[:last] {
		if cell.Kind == document.Scalar && cell.Text == anyWord {
			row.Match = append(row.Match, nil)
			continue
		}
		if cell.Kind == document.Scalar && (cell.Text == "*" || strings.ToLower(cell.Text) == anyWord) {
			r.fail(cell, anyWord, "%s is no value of %s", quoted(cell.Text), t.In[n])
		}
		row.Match = append(row.Match, r.texts(cell, "the cell of "+t.In[n]))
	}
	return row
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return itoa(n) + " " + many
}
