package rules

import (
	"maps"
	"slices"
	"strings"

	"github.com/provision-go/provision/rules/internal/document"
)

// layering puts layers together, one rule after the other. A rule of a later layer
// never silently takes the place of an earlier one.
type layering struct {
	c      *checker
	out    Spec
	layer  *Spec
	from   map[string]int       // the layer that a rule is from, by ID
	final  map[string]bool      // rules that later layers may not touch
	gifts  map[string]finalGift // what final grants give
	bounds []bound              // of earlier layers
	closed map[string]bool      // sections that this layer must not hold, which was said
	pos    map[string]Pos
	bodies map[string]*document.Value
	used   map[string]bool // IDs of Replace that a rule of the layer took up
	inThis map[string]bool // rules that this layer has so far

	refused map[string]bool // and those that cannot be put where they belong
	lacking bool            // an earlier layer could not be read as a whole: it may have any rule
}

// join puts layers together. Problems are noted in c.
func (c *checker) join(layers []Spec) Spec {
	j := &layering{
		c: c, from: map[string]int{}, final: map[string]bool{}, gifts: map[string]finalGift{}, pos: map[string]Pos{}, bodies: map[string]*document.Value{},
	}
	for n := range layers {
		if n > 0 && layers[n-1].origin != nil {
			for section := range layers[n-1].origin.lacks {
				j.lacking = j.lacking || section != gifts && section != "name"
			}
		}
		j.layer, j.used, j.inThis, j.refused = &layers[n], map[string]bool{}, map[string]bool{}, map[string]bool{}
		j.add(n)
	}
	c.pos, c.bodies, c.layer = j.pos, j.bodies, j.from
	if n := len(layers) - 1; n > 0 {
		c.last = layers[n].position("")
	}
	return j.out
}

func (j *layering) add(n int) {
	l := j.layer
	if j.pos[""].IsZero() {
		j.take("")
	}
	j.bounded(l)
	j.off(l)
	if l.Name != "" {
		j.out.Name = l.Name
	}
	j.out.Final = slices.Concat(j.out.Final, l.Final)
	if len(l.Notes) > 0 {
		notes := maps.Clone(l.Notes)
		for id, text := range j.out.Notes {
			if _, ok := notes[id]; !ok && !slices.Contains(l.Replace, id) {
				notes[id] = text
			}
		}
		j.out.Notes = notes
	}
	if l.Tenant != nil {
		j.out.Tenant = l.Tenant
	}
	if len(l.Zones) > 0 {
		zones := maps.Clone(j.out.Zones)
		if zones == nil {
			zones = l.Zones
		} else {
			maps.Copy(zones, l.Zones)
		}
		j.out.Zones = zones
	}
	j.out.Funcs = append(slices.Clip(j.out.Funcs), l.Funcs...)
	j.fields(l)
	if l.Scope != (Scope{}) && j.may(scopeID, j.out.Scope != (Scope{})) {
		j.out.Scope = l.Scope
	}
	places := make(map[string]bool, len(l.Targets))
	for i := range l.Targets {
		t := &l.Targets[i]
		if at := placeName(t.Target, t.Slot); places[at] {
			j.problem(accountPrefix+at, "", "target %s is declared twice; two accounts of one person need different slots", at)
		} else {
			places[at] = true
			j.target(t)
		}
	}
	place(j, &j.out.Grants, l.Grants, func(g *Grant) string { return g.ID })
	place(j, &j.out.Tables, l.Tables, func(t *Table) string { return tablePrefix + t.Name })
	place(j, &j.out.Picks, l.Picks, func(p *Pick) string { return p.ID })
	place(j, &j.out.Never, l.Never, func(n *Never) string { return n.ID })
	place(j, &j.out.NeverTogether, l.NeverTogether, func(n *NeverTogether) string { return n.ID })
	place(j, &j.out.Require, l.Require, func(r *Requirement) string { return r.ID })
	place(j, &j.out.Budgets, l.Budgets, func(b *Budget) string { return b.ID })
	place(j, &j.out.Protect, l.Protect, func(p *Protection) string { return p.ID })
	j.given(l)
	for id := range j.inThis {
		j.from[id] = n
		j.take(id)
	}
	for _, id := range l.Replace {
		switch {
		case j.used[id]:
		case slices.Contains(l.Off, id):
			j.problem(id, "", "%q is switched off by this layer, and replaced by it: leave it out of off", id)
		case !j.lacking && !l.isBroken(id): // else it is not known as a rule
			j.problem(id, j.near(id), "replaces %q, and no earlier layer has such a rule", id)
		}
	}
	for _, id := range l.Final {
		j.final[id] = true
		if !j.inThis[id] && !j.refused[id] {
			j.problem(id, "", "%q is said to be final, and is no rule of this layer", id)
		}
	}
	j.reach(l)
	j.bind(l)
}

// take notes that the rule of an ID is now the one of this layer.
func (j *layering) take(id string) {
	j.pos[id] = j.layer.position(id)
	delete(j.bodies, id)
	delete(j.c.broken, id)
	delete(j.c.twice, id)
	if o := j.layer.origin; o != nil {
		j.bodies[id] = o.bodies[id]
		j.c.broken[id], j.c.twice[id] = o.broken[id], o.twice[id]
	}
}

// fields adds the custom fields of the layer. It may repeat a declaration of an
// earlier one, word for word: then it can be read alone as well. Those of one layer
// that are there twice are found later.
func (j *layering) fields(l *Spec) {
	earlier := j.out.Fields
	j.out.Fields = slices.Clip(earlier)
	for _, f := range l.Fields {
		id := fieldPrefix + f.Name
		at := slices.IndexFunc(earlier, func(x FieldSpec) bool { return x.Name == f.Name })
		switch {
		case at < 0:
			j.out.Fields = append(j.out.Fields, f)
			j.take(id)
		case earlier[at].Type != f.Type || earlier[at].PII != f.PII || !slices.Equal(earlier[at].Values, f.Values):
			j.problem(id, "", "field %q is declared otherwise%s: leave it out here, or repeat it word for word", f.Name, j.where(id))
		}
	}
}

const (
	scopeID     = "scope"
	tablePrefix = "table."
)

// place adds the rules of one kind of the layer to those of the earlier ones.
func place[T any](j *layering, to *[]T, rules []T, id func(*T) string) {
	if len(rules) == 0 {
		return
	}
	out := slices.Clone(*to)
	places := make(map[string]int, len(out)+len(rules))
	for i := range out {
		places[id(&out[i])] = i
	}
	for i := range rules {
		r := &rules[i]
		name := id(r)
		at, exists := places[name]
		earlier := exists && !j.inThis[name]
		switch {
		case !earlier && exists:
			out = append(out, *r) // twice in one layer: found later
		case !j.may(name, earlier):
		case earlier:
			out[at] = *r
		default:
			places[name] = len(out)
			out = append(out, *r)
		}
	}
	*to = out
}

// may reports whether the rule may be put where it belongs, and notes that it is.
func (j *layering) may(id string, earlier bool) bool {
	replaces := slices.Contains(j.layer.Replace, id)
	_, exists := j.from[id]
	switch {
	case !earlier && exists && !j.inThis[id]:
		j.refuse(id, "a rule of another kind has the ID %q%s: give this one another", id, j.where(id))
		return false
	case earlier && j.final[id]:
		j.refuse(id, "rule %q is final%s: it can neither be replaced nor switched off", id, j.where(id))
		return false
	case earlier && !replaces:
		j.refuse(id, "rule %q exists already%s: put it under replace to take its place", id, j.where(id))
		return false
	}
	j.used[id] = j.used[id] || replaces && earlier
	j.inThis[id] = true
	return true
}

// refuse reports a rule that cannot be put where it belongs.
func (j *layering) refuse(id, format string, args ...any) {
	j.problem(id, "", format, args...)
	j.used[id], j.refused[id] = true, true
}

func (j *layering) where(id string) string {
	if p := j.pos[id]; !p.IsZero() {
		return " (" + p.String() + ")"
	}
	return ""
}

func (j *layering) problem(id, hint, format string, args ...any) {
	j.problemAt(id, j.layer.position(id), hint, format, args...)
}

func (j *layering) problemAt(id string, at Pos, hint, format string, args ...any) {
	j.c.rule = id
	j.c.failAt(at, hint, format, args...)
}

// offProblem is problem for a rule that is switched off.
func (j *layering) offProblem(id, hint, format string, args ...any) {
	j.c.rule = id
	at := j.layer.position(offPrefix + id)
	if at.IsZero() {
		at = j.layer.position(id)
	}
	j.c.failAt(at, hint, format, args...)
}

// near is the ID of an earlier rule that is like another one, or "".
func (j *layering) near(id string) string {
	if len(j.c.problems) > fewProblems {
		return ""
	}
	return j.c.nearest(id, slices.Sorted(maps.Keys(j.from)))
}

// target adds what a layer says of one target.
func (j *layering) target(t *TargetSpec) {
	at := slices.IndexFunc(j.out.Targets, func(x TargetSpec) bool { return x.Target == t.Target && x.Slot == t.Slot })
	name := placeName(t.Target, t.Slot)
	account := accountPrefix + name
	if j.pos[account].IsZero() {
		j.take(account)
	}
	if at < 0 {
		j.note(account, !t.Account.IsZero() || t.Label != nil)
		j.note(t.Lifecycle.id(name), t.Lifecycle != (Lifecycle{}))
		for i := range t.Attributes {
			j.note(t.Attributes[i].id(name), true)
		}
		j.out.Targets = append(slices.Clone(j.out.Targets), *t)
		return
	}
	j.out.Targets = slices.Clone(j.out.Targets)
	was := &j.out.Targets[at]
	if labelled := t.Label != nil; (labelled || !t.Account.IsZero()) && j.may(account, !was.Account.IsZero()) {
		if !t.Account.IsZero() {
			was.Account = t.Account
		}
		was.Label = t.Label
	}
	if t.Lifecycle != (Lifecycle{}) && j.may(was.Lifecycle.id(name), was.Lifecycle != (Lifecycle{})) {
		was.Lifecycle = t.Lifecycle
	}
	place(j, &was.Attributes, t.Attributes, func(a *Attribute) string { return a.id(name) })
}

func (j *layering) note(id string, there bool) {
	if there {
		j.inThis[id] = true
	}
}

// off drops the rules of earlier layers that the layer switches off.
func (j *layering) off(l *Spec) {
	seen := make(map[string]bool, len(l.Off))
	for _, id := range l.Off {
		again := seen[id]
		seen[id] = true
		switch _, exists := j.from[id]; {
		case again:
			j.offProblem(id, "", "switches off %q twice", id)
		case !exists && j.lacking:
		case !exists:
			j.offProblem(id, j.near(id), "switches off %q, and no earlier layer has such a rule", id)
		case j.final[id]:
			j.offProblem(id, "", "rule %q is final%s: it can neither be replaced nor switched off", id, j.where(id))
		case j.shut(id):
		case !j.drop(id):
			j.offProblem(id, "", "%q cannot be switched off, only replaced", id)
		default:
			delete(j.from, id)
			j.forget(id)
			if name, ok := strings.CutPrefix(id, tablePrefix); ok {
				j.gone(name)
			}
		}
	}
}

// gone notes that a table is switched off, which other rules may need.
func (j *layering) gone(name string) {
	if j.c.gone == nil {
		j.c.gone = map[string]Pos{}
	}
	j.c.gone[name] = j.layer.position(offPrefix + tablePrefix + name)
}

// forget drops the remark on a rule that is switched off.
func (j *layering) forget(id string) {
	if _, ok := j.out.Notes[id]; ok {
		j.out.Notes = maps.Clone(j.out.Notes)
		delete(j.out.Notes, id)
	}
}

// drop takes a rule out; false if it is of a kind that has to be there.
func (j *layering) drop(id string) bool {
	o := &j.out
	if id == scopeID {
		o.Scope = Scope{}
		return true
	}
	found := without(&o.Grants, func(g *Grant) bool { return g.ID == id }) ||
		without(&o.Tables, func(t *Table) bool { return tablePrefix+t.Name == id }) ||
		without(&o.Picks, func(p *Pick) bool { return p.ID == id }) ||
		without(&o.Never, func(n *Never) bool { return n.ID == id }) ||
		without(&o.NeverTogether, func(n *NeverTogether) bool { return n.ID == id }) ||
		without(&o.Require, func(r *Requirement) bool { return r.ID == id }) ||
		without(&o.Budgets, func(b *Budget) bool { return b.ID == id }) ||
		without(&o.Protect, func(p *Protection) bool { return p.ID == id })
	o.Targets = slices.Clone(o.Targets)
	for i := range o.Targets {
		t := &o.Targets[i]
		name := placeName(t.Target, t.Slot)
		found = found || without(&t.Attributes, func(a *Attribute) bool { return a.id(name) == id })
	}
	return found
}

// without drops what matches from a copy of the list.
func without[T any](list *[]T, match func(*T) bool) bool {
	for i := range *list {
		if match(&(*list)[i]) {
			*list = slices.Concat((*list)[:i], (*list)[i+1:])
			return true
		}
	}
	return false
}
