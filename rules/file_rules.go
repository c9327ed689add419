package rules

import (
	"iter"
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/words"
	"github.com/provision-go/provision/rules/internal/document"
)

// read reads a whole file.
func (r *fileReader) read(root *document.Value) {
	if !r.version(root) {
		r.spec.origin.unread = true
		return
	}
	r.findStrays(root)
	o := r.object(root, "file")
	if o == nil {
		return
	}
	r.place("", root)
	before := len(r.spec.origin.problems)
	r.spec.Name = o.text("name")
	if len(r.spec.origin.problems) > before {
		r.lacks("name")
	}
	r.remark(o, "")
	r.sections(o)
	if v := o.get("off"); v != nil {
		r.off(v)
	}
	if v := o.get("replace"); v != nil {
		r.replace(v)
	}
	if v := o.get("later"); v != nil {
		r.later(v)
	}
	r.missingSections(root, "file")
}

// later reads the bounds of later layers. Their names are no names of rules.
func (r *fileReader) later(v *document.Value) {
	r.place(laterID, v)
	r.body(laterID, v)
	if o := r.object(v, "later"); o != nil {
		r.spec.Later = Later{May: o.textsOrNone("may"), Give: o.textsOrNone("give")}
	}
}

// textsOrNone is texts where the word none is an empty list.
func (o *object) textsOrNone(name string) []string {
	if v := o.get(name); v != nil && v.Kind == document.Scalar && v.Text == noneWord {
		return []string{}
	}
	return o.texts(name)
}

// version reports whether the file is of the version that is read here. What
// another one means nobody knows.
func (r *fileReader) version(root *document.Value) bool {
	v := behind(root, "rules")
	switch {
	case root.Kind != document.Mapping || v != nil && v.Kind == document.Scalar && v.Text == fileVersion:
		return true
	case v != nil:
		r.fail(v, fileVersion, "rules has to be %s, the version of the format%s", fileVersion, insteadOf(v))
		return false
	}
	near := ""
	for i := range root.Pairs {
		if p := &root.Pairs[i]; p.Value.Kind == document.Scalar && p.Value.Text == fileVersion && near == "" {
			near = p.Key.Text
			r.fail(&p.Key, "rules", "the first line has to be rules: %s, not %s: %s", fileVersion, near, fileVersion)
		}
	}
	if near == "" {
		r.fail(root, "", `the line "rules: %s" is missing, which says what version of the format this is`, fileVersion)
		return true
	}
	return false
}

// findStrays looks for keys at the left margin that belong into a rule.
func (r *fileReader) findStrays(root *document.Value) {
	r.strays = map[string]bool{}
	for i := range root.Pairs {
		key := root.Pairs[i].Key.Text
		if r.tables["file"].find(key) == nil && (r.tables["grant"].find(key) != nil || r.tables["never"].find(key) != nil) {
			r.strays[key] = true
		}
	}
}

// missingSections notes which sections unknown keys may have been meant for.
func (r *fileReader) missingSections(v *document.Value, table string) {
	t := r.tables[table]
	for i := range v.Pairs {
		key := v.Pairs[i].Key.Text
		if t.find(key) == nil {
			if near := words.Nearest(key, t.names()); near != "" {
				r.lacks(near)
			}
		}
	}
}

// off reads the IDs of rules that are switched off. Places of these have names of
// their own, for the layer may have rules of the same IDs.
func (r *fileReader) off(v *document.Value) {
	r.spec.Off = slices.DeleteFunc(r.texts(v, "off"), func(id string) bool { return id == "" })
	r.place(offPrefix+v.Text, v)
	for _, item := range v.Items {
		r.place(offPrefix+item.Text, item)
	}
}

const offPrefix = "off "

func (r *fileReader) replace(v *document.Value) {
	r.replaces = true
	switch {
	case v.Kind == document.Sequence:
		r.current = ""
		r.grants(r.list(v, "replace", "grant"))
	case v.Kind == document.Mapping && behind(v, "id") != nil:
		r.noList(v, "replace", "grant")
	case v.Kind != document.Mapping:
		r.fail(v, "", "replace has sections such as grants: and below them the rules that take the place of others, or is a list of grants; this is %s", kindOf(v))
	default:
		if s := r.object(v, "sections"); s != nil {
			r.sections(s)
			r.missingSections(v, "sections")
		}
	}
}

func (r *fileReader) sections(o *object) {
	for i := range o.at.Pairs {
		key := &o.at.Pairs[i].Key
		r.place(sectionPrefix+key.Text, key)
	}
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
	r.grants(o.rules("grants"))
	for p := range o.rules("pick") {
		r.pick(p)
	}
	for n := range o.rules("never") {
		r.spec.Never = append(r.spec.Never, Never{ID: r.id(n), When: n.cond("when"), Take: n.texts("take")})
	}
	for n := range o.rules("never_together") {
		r.spec.NeverTogether = append(r.spec.NeverTogether, NeverTogether{
			ID: r.id(n), Roles: n.texts("roles"), Do: Duties(n.word("do")), By: n.text("by"),
		})
	}
	for q := range o.rules("require") {
		r.spec.Require = append(r.spec.Require, Requirement{
			ID: r.id(q), For: q.texts("for"), When: q.cond("when"), Must: q.cond("must"), Else: q.reaction("else", HoldIt, ReportIt),
		})
	}
	for b := range o.rules("budget") {
		r.spec.Budgets = append(r.spec.Budgets, Budget{ID: r.id(b), Roles: b.texts("roles"), Seats: b.whole("seats")})
	}
	for p := range o.rules("protect") {
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
	before := len(r.spec.origin.problems)
	id := o.text("id")
	if v := o.get("id"); v != nil && id != "" {
		r.named(o, id, v)
		r.once(id, v)
		r.broken(before)
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
	r.body(id, o.at)
	if o.odd || len(r.strays) > 0 {
		r.spec.origin.broken[id] = true // what it lacks may be behind the wrong key
	}
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

// body notes what stands behind a rule, for the places of its parts.
func (r *fileReader) body(id string, v *document.Value) {
	if r.spec.origin.bodies[id] == nil {
		r.spec.origin.bodies[id] = v
	}
}

// once reports a rule whose ID an earlier one of the file has.
func (r *fileReader) once(id string, at *document.Value) {
	if first := r.spec.origin.at[id]; first != r.pos(at) {
		r.fail(at, "", "two rules have the ID %q, the first in line %d: give each its own", id, first.Line)
		r.spec.origin.twice[id] = true
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
		r.noNames(v, name)
		r.lacks(name)
		return
	}
	for i := range v.Pairs {
		r.current = ""
		before := len(r.spec.origin.problems)
		read(&v.Pairs[i].Key, v.Pairs[i].Value)
		r.broken(before)
	}
	r.current = ""
}

const fieldPrefix = "field "

func (r *fileReader) fields(v *document.Value) {
	r.each(v, "fields", func(name, v *document.Value) {
		f := FieldSpec{Name: name.Text}
		r.current = fieldPrefix + name.Text
		r.place(r.current, name)
		r.body(r.current, v)
		if v.Kind == document.Scalar {
			f.Type = FieldType(r.word(v, "the type", r.tables["field"].find("type").words))
		} else if o := r.object(v, "field"); o != nil {
			f.Type, f.Values, f.PII = FieldType(o.word("type")), o.texts("values"), o.flag("pii")
			r.remark(o, r.current)
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
	before := len(r.spec.origin.problems)
	if o := r.object(v, "scope"); o != nil {
		r.spec.Scope = Scope{When: o.cond("when"), Outside: Outside(o.word("on_leave_scope"))}
		r.named(o, scopeID, o.at)
		r.broken(before)
	}
	r.current = ""
}

func (r *fileReader) grants(list iter.Seq[*object]) {
	for o := range list {
		g := Grant{ID: r.id(o), When: o.cond("when"), Grace: o.days("grace")}
		r.gives(func() { g.Give, g.GiveFrom = o.texts("give"), o.text("give_from") })
		if o.get("give") == nil && o.get("give_from") == nil {
			if r.lacks(gifts); !o.odd && !r.strays["give"] {
				r.fail(o.at, "", "a grant needs give, such as app/group:developers, or give_from: what it gives")
			}
		}
		g.Approval = r.approval(o.get("approval"))
		for x := range o.list("except") {
			g.Except = append(g.Except, r.exception(x))
		}
		r.spec.Grants = append(r.spec.Grants, g)
	}
}

// gifts stands for what rules give among what a file lacks.
const gifts = "gifts"

// gives reads a part of what rules give.
func (r *fileReader) gives(read func()) {
	before := len(r.spec.origin.problems)
	read()
	if len(r.spec.origin.problems) > before {
		r.lacks(gifts)
	}
}

func (r *fileReader) approval(v *document.Value) Approval {
	if v == nil {
		return Approval{}
	}
	if v.Kind == document.Scalar {
		switch word := strings.ToLower(v.Text); word {
		case "true", "false", "yes", "no", "none", "never", "off", "on":
			if v.Quoted {
				break // somebody may be called so
			}
			r.fail(v, "", "approval names who approves, such as manager, and %s is nobody: leave the line out if nobody has to", quoted(v.Text))
		}
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
			if looksLikeDay(v.Text) {
				r.fail(v, "", "there is no %s in the calendar", v.Text)
			} else {
				r.fail(v, dayMeant(v.Text), "until has to be a day, such as 2026-12-31%s", insteadOf(v))
			}
		}
		x.Until = day
	}
	return x
}

func (r *fileReader) pick(o *object) {
	p := Pick{ID: r.id(o)}
	for x := range o.filled("choices") {
		c := Choice{When: x.cond("when"), Rank: x.whole("rank")}
		r.gives(func() { c.Give = x.text("give") })
		if c.Give == "" {
			r.lacks(gifts)
		}
		p.Choices = append(p.Choices, c)
	}
	r.spec.Picks = append(r.spec.Picks, p)
}
