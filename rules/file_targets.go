package rules

import (
	"slices"
	"strings"

	"github.com/provision-go/provision/rules/internal/document"
	"github.com/provision-go/provision/target"
)

// targets reads what is said of targets, in the order of their names in the file.
func (r *fileReader) targets(o *object) {
	if r.unnamed(o.get("lifecycle"), "lifecycle") {
		return
	}
	if v := o.get("account"); v != nil {
		r.each(v, "account", r.account)
	}
	if v := o.get("lifecycle"); v != nil {
		r.each(v, "lifecycle", func(name, v *document.Value) {
			r.current = (&Lifecycle{}).id(name.Text)
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

// unnamed reports a section whose keys stand where names of targets belong.
func (r *fileReader) unnamed(v *document.Value, table string) bool {
	if v == nil || v.Kind != document.Mapping || len(v.Pairs) == 0 {
		return false
	}
	first := &v.Pairs[0]
	if r.tables[table].find(first.Key.Text) == nil || first.Value.Kind == document.Mapping {
		return false
	}
	r.fail(&first.Key, "", "name the target first: %s: {app: {%s: …}}", table, first.Key.Text)
	return true
}

// target returns the target of a name, with "~slot" behind it.
func (r *fileReader) target(name *document.Value) *TargetSpec {
	target, slot, slotted := strings.Cut(name.Text, "~")
	if slotted && slot == "" {
		r.fail(name, "", "nothing stands behind the ~ of %s: write a name for the second account, such as %sadmin", quoted(name.Text), name.Text)
		slot = "unnamed" // an account of its own: that it has no name was said
	}
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
	r.current = id
	r.body(id, v)
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
	before := len(r.spec.origin.problems)
	a := Attribute{ID: o.text("id"), Set: o.text("set"), When: o.cond("when"), Secret: o.flag("secret")}
	a.Apply = []target.Strength{target.Always, target.CreateOnly, target.IfEmpty}[o.word("apply")]
	a.IfMissing = IfMissing(o.word("if_missing"))
	a.To = o.value("to")
	for x := range o.filled("pick") {
		a.Pick = append(a.Pick, Choice{To: x.value("to"), When: x.cond("when"), Rank: x.whole("rank")})
	}
	if v := o.get("unique"); v != nil {
		if u := r.object(v, "unique"); u != nil {
			a.Unique = r.unique(u)
		}
	}
	id := a.id(at)
	r.named(o, id, o.at)
	if a.Set == "" {
		r.spec.origin.twice[id] = true // several may have none
	} else {
		r.attributeOnce(o, &a, id)
	}
	r.broken(before)
	return a
}

// attributeOnce reports an attribute that an earlier entry of the file sets too.
func (r *fileReader) attributeOnce(o *object, a *Attribute, id string) {
	first := r.spec.origin.at[id]
	if first == r.pos(o.at) {
		return
	}
	if v := o.get("id"); v != nil {
		r.once(id, v)
		return
	}
	r.fail(o.get("set"), "", "attribute %s is set twice, first in line %d: keep one of the two", a.Set, first.Line)
	r.spec.origin.twice[id] = true
}

func (r *fileReader) unique(o *object) *Unique {
	u := &Unique{Max: o.whole("max"), NeverReuse: o.days("never_reuse_for")}
	if m := o.get("max"); m != nil && m.Text == "0" {
		r.fail(m, "", "max has to be 1 to %d", maxCandidates)
	}
	v := o.get("try")
	switch {
	case v == nil:
	case v.Kind == document.Scalar:
		u.Try = []Value{r.value(v, "try")}
	case v.Kind == document.Sequence:
		if len(v.Items) == 0 {
			r.fail(v, "", "try is an empty list: write at least one value, such as slug(family_name) + n")
		}
		for i, item := range v.Items {
			if i+1 < len(v.Items) && unclosed(item) {
				r.cutAt(item, "[ ]")
				break
			}
			u.Try = append(u.Try, r.value(item, "try"))
		}
	default:
		r.fail(v, "", "try is a list of values, each with a dash before it, and this is %s", kindOf(v))
	}
	return u
}
