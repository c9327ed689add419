package rules

import (
	"iter"
	"slices"
	"strings"

	"github.com/provision-go/provision/rules/internal/document"
	"github.com/provision-go/provision/target"
)

// read reads a whole file.
func (r *fileReader) read(root *document.Value) {
	o := r.object(root, "file")
	if o == nil {
		return
	}
	o.word("rules")
	r.spec.Name = o.text("name")
	r.remark(o, "")
	r.sections(o)
	if v := o.get("off"); v != nil {
		r.spec.Off = r.texts(v, "off")
		for _, item := range v.Items {
			r.place(item.Text, item)
		}
	}
	v := o.get("replace")
	if v == nil {
		return
	}
	r.replaces = true
	if v.Kind == document.Sequence {
		r.grants(r.list(v, "replace", "grant"))
	} else if s := r.object(v, "sections"); s != nil {
		r.sections(s)
	}
}

func (r *fileReader) sections(o *object) {
	if v := o.get("fields"); v != nil && r.replaces {
		r.fail(v, "", "fields cannot be replaced, only added")
	} else if v != nil {
		r.fields(v)
	}
	if v := o.get("scope"); v != nil {
		r.scope(v)
	}
	r.targets(o)
	if v := o.get("tables"); v != nil {
		r.each(v, "tables", r.table)
	}
	r.grants(o.list("grants"))
	for p := range o.list("pick") {
		r.pick(p)
	}
	for n := range o.list("never") {
		r.spec.Never = append(r.spec.Never, Never{ID: r.id(n), When: n.cond("when"), Take: n.texts("take")})
	}
	for n := range o.list("never_together") {
		r.spec.NeverTogether = append(r.spec.NeverTogether, NeverTogether{
			ID: r.id(n), Roles: n.texts("roles"), Do: Duties(n.word("do")), By: n.text("by"),
		})
	}
	for q := range o.list("require") {
		r.spec.Require = append(r.spec.Require, Requirement{
			ID: r.id(q), For: q.texts("for"), When: q.cond("when"), Must: q.cond("must"), Else: q.reaction("else", HoldIt, ReportIt),
		})
	}
	for b := range o.list("budget") {
		r.spec.Budgets = append(r.spec.Budgets, Budget{ID: r.id(b), Roles: b.texts("roles"), Seats: b.whole("seats")})
	}
	for p := range o.list("protect") {
		r.spec.Protect = append(r.spec.Protect, Protection{ID: r.id(p), Who: p.texts("who"), When: p.cond("when")})
	}
}

// reaction reads a word that stands for one of some reactions.
func (o *object) reaction(name string, words ...Reaction) Reaction {
	if o.get(name) == nil {
		return DefaultReaction
	}
	return words[o.word(name)]
}

// id reads the ID of a rule and notes where it stands, and what is said of it.
func (r *fileReader) id(o *object) string {
	id := o.text("id")
	if v := o.get("id"); v != nil && id != "" {
		r.named(o, id, v)
		return id
	}
	id = "line " + itoa(o.at.Line) // that it has none was said
	r.named(o, id, o.at)
	return id
}

// named notes where a rule stands, its remark, and whether it is final.
func (r *fileReader) named(o *object, id string, at *document.Value) {
	r.current = id
	r.place(id, at)
	r.remark(o, id)
	if o.flag("final") {
		r.spec.Final = append(r.spec.Final, id)
	}
	if r.replaces {
		r.spec.Replace = append(r.spec.Replace, id)
	}
}

func (r *fileReader) place(id string, at *document.Value) {
	if _, ok := r.spec.origin.at[id]; !ok {
		r.spec.origin.at[id] = r.pos(at)
	}
}

func (r *fileReader) remark(o *object, id string) {
	if text := o.text("note"); text != "" {
		r.spec.Notes[id] = text
	}
}

// each calls read for each entry of a mapping of names.
func (r *fileReader) each(v *document.Value, name string, read func(key, value *document.Value)) {
	if v.Kind != document.Mapping {
		r.fail(v, "", "%s has to be a mapping from names, not %s", name, kindOf(v))
		return
	}
	for i := range v.Pairs {
		r.current = ""
		before := len(r.spec.origin.problems)
		read(&v.Pairs[i].Key, v.Pairs[i].Value)
		r.broken(before)
	}
}

func (r *fileReader) fields(v *document.Value) {
	r.each(v, "fields", func(name, v *document.Value) {
		f := FieldSpec{Name: name.Text}
		r.place("field "+name.Text, name)
		typeKey := r.tables["field"].find("type")
		if v.Kind == document.Scalar {
			f.Type = FieldType(r.word(v, typeKey))
		} else if o := r.object(v, "field"); o != nil {
			f.Type, f.Values, f.PII = FieldType(o.word("type")), o.texts("values"), o.flag("pii")
			r.remark(o, "field "+name.Text)
		}
		r.spec.Fields = append(r.spec.Fields, f)
	})
}

func (r *fileReader) scope(v *document.Value) {
	if v.Kind == document.Scalar {
		r.spec.Scope = Scope{When: r.cond(v, "scope")}
		r.place(scopeID, v)
		if r.replaces {
			r.spec.Replace = append(r.spec.Replace, scopeID)
		}
		return
	}
	if o := r.object(v, "scope"); o != nil {
		r.spec.Scope = Scope{When: o.cond("when"), OnLeave: OnLeave(o.word("on_leave_scope"))}
		r.named(o, scopeID, o.at)
	}
}

func (r *fileReader) grants(list iter.Seq[*object]) {
	for o := range list {
		g := Grant{ID: r.id(o), When: o.cond("when"), Give: o.texts("give"), GiveFrom: o.text("give_from"), Grace: o.days("grace")}
		if o.get("give") == nil && o.get("give_from") == nil {
			r.fail(o.at, "", "a grant needs give or give_from: what it gives")
			g.Give = nil
		}
		g.Approval = r.approval(o.get("approval"))
		for x := range o.list("except") {
			g.Except = append(g.Except, r.exception(x))
		}
		r.spec.Grants = append(r.spec.Grants, g)
	}
}

func (r *fileReader) approval(v *document.Value) Approval {
	if v == nil {
		return Approval{}
	}
	if v.Kind == document.Scalar {
		return Approval{By: r.text(v, "approval")}
	}
	o := r.object(v, "approval")
	if o == nil {
		return Approval{}
	}
	return Approval{By: o.text("by"), When: o.cond("when"), Days: o.days("expires"), KeepIfDenied: o.flag("keep_if_denied")}
}

func (r *fileReader) exception(o *object) Exception {
	x := Exception{Who: o.text("who"), Why: o.text("why")}
	if v := o.get("until"); v != nil {
		day, ok := civil(v.Text)
		if v.Kind != document.Scalar || !ok {
			r.fail(v, "", "until has to be a day, such as 2026-12-31")
		}
		x.Until = day
	}
	return x
}

func (r *fileReader) pick(o *object) {
	p := Pick{ID: r.id(o)}
	for x := range o.list("choices") {
		p.Choices = append(p.Choices, Choice{Give: x.text("give"), When: x.cond("when"), Rank: x.whole("rank")})
	}
	r.spec.Picks = append(r.spec.Picks, p)
}

// Words of tables.
const (
	anyWord  = "any"
	noneWord = "none"
)

func (r *fileReader) table(name, v *document.Value) {
	o := r.object(v, "table")
	if o == nil {
		return
	}
	t := Table{Name: name.Text, In: o.texts("in"), First: o.flag("first")}
	r.named(o, tablePrefix+t.Name, name)
	if e := o.get("else"); e != nil && (e.Kind != document.Scalar || e.Quoted || e.Text != noneWord) {
		t.Else = r.texts(e, "else")
	}
	list := o.get("rows")
	if list != nil && list.Kind != document.Sequence {
		r.fail(list, "", "rows has to be a list of rows, not %s", kindOf(list))
	} else if list != nil {
		for i, row := range list.Items {
			r.spec.origin.at[rowID(t.Name, i+1)] = r.pos(row)
			t.Rows = append(t.Rows, r.row(row, &t, i))
		}
	}
	r.spec.Tables = append(r.spec.Tables, t)
}

func (r *fileReader) row(v *document.Value, t *Table, i int) Row {
	if v.Kind != document.Sequence || len(v.Items) != len(t.In)+1 {
		r.fail(v, "", "row %d has to be a list of %s and, last, what it gives: [%s, …]",
			i+1, count(len(t.In), "cell"), strings.Join(t.In, ", "))
		return Row{Match: make([][]string, len(t.In)), Give: []string{noneWord}}
	}
	last := len(v.Items) - 1
	row := Row{Give: r.texts(v.Items[last], "what row "+itoa(i+1)+" gives")}
	for n, cell := range v.Items[:last] {
		if cell.Kind == document.Scalar && !cell.Quoted && cell.Text == anyWord {
			row.Match = append(row.Match, nil)
			continue
		}
		row.Match = append(row.Match, r.texts(cell, t.In[n]))
	}
	return row
}

// targets reads what is said of targets, in the order of their names in the file.
func (r *fileReader) targets(o *object) {
	if v := o.get("account"); v != nil {
		r.each(v, "account", r.account)
	}
	if v := o.get("lifecycle"); v != nil {
		r.each(v, "lifecycle", func(name, v *document.Value) {
			if l := r.object(v, "lifecycle"); l != nil {
				r.lifecycle(r.target(name), l, name)
			}
		})
	}
	if v := o.get("attributes"); v != nil {
		r.each(v, "attributes", func(name, v *document.Value) {
			t := r.target(name)
			for a := range r.list(v, "attributes of "+name.Text, "attribute") {
				t.Attributes = append(t.Attributes, r.attribute(a, name.Text))
			}
		})
	}
}

// target returns the target of a name, with "~slot" behind it.
func (r *fileReader) target(name *document.Value) *TargetSpec {
	target, slot, _ := strings.Cut(name.Text, "~")
	at := slices.IndexFunc(r.spec.Targets, func(t TargetSpec) bool { return t.Target == target && t.Slot == slot })
	if at < 0 {
		at = len(r.spec.Targets)
		r.spec.Targets = append(r.spec.Targets, TargetSpec{Target: target, Slot: slot})
		r.place(accountPrefix+name.Text, name)
	}
	return &r.spec.Targets[at]
}

func (r *fileReader) account(name, v *document.Value) {
	t := r.target(name)
	id := accountPrefix + name.Text
	if v.Kind == document.Scalar {
		t.Account = r.cond(v, "account")
		if r.replaces {
			r.spec.Replace = append(r.spec.Replace, id)
		}
		return
	}
	if o := r.object(v, "account"); o != nil {
		t.Account, t.Label = o.cond("when"), o.value("label")
		r.named(o, id, name)
	}
}

func (r *fileReader) attribute(o *object, at string) Attribute {
	a := Attribute{ID: o.text("id"), Set: o.text("set"), When: o.cond("when"), Secret: o.flag("secret")}
	a.Apply = []target.Strength{target.Always, target.CreateOnly, target.IfEmpty}[o.word("apply")]
	a.IfMissing = IfMissing(o.word("if_missing"))
	a.To = o.value("to")
	for x := range o.list("pick") {
		a.Pick = append(a.Pick, Choice{To: x.value("to"), When: x.cond("when"), Rank: x.whole("rank")})
	}
	if v := o.get("unique"); v != nil {
		if u := r.object(v, "unique"); u != nil {
			a.Unique = r.unique(u)
		}
	}
	r.named(o, a.id(at), o.at)
	return a
}

func (r *fileReader) unique(o *object) *Unique {
	u := &Unique{Max: o.whole("max"), NeverReuse: o.days("never_reuse_for")}
	v := o.get("try")
	switch {
	case v == nil:
	case v.Kind == document.Scalar:
		u.Try = []Value{expr{r.raw(v, "try")}}
	case v.Kind == document.Sequence:
		for _, item := range v.Items {
			u.Try = append(u.Try, expr{r.raw(item, "try")})
		}
	default:
		r.fail(v, "", "try has to be a list of values, not %s", kindOf(v))
	}
	return u
}
