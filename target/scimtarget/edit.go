package scimtarget

import (
	"errors"
	"slices"

	"github.com/provision-go/provision/internal/scim"
	"github.com/provision-go/provision/target"
)

var (
	errUnknown  = errors.New("the target has no such attribute")
	errReadOnly = errors.New("it is never written")
	errSeveral  = errors.New("it has one value")
	errTwice    = errors.New("it is given twice")
	errSecret   = errors.New("a secret goes into an attribute that is never read back")
)

// edit is one attribute that is to be written. No values remove it.
type edit struct {
	*place
	values []any
}

// op is an operation of a PATCH.
type op struct {
	Op    string
	Path  string
	Value any // nil: none
}

const (
	opAdd     = "add"
	opReplace = "replace"
	opRemove  = "remove"
)

// patchOf is the body of a PATCH.
func patchOf(ops ...op) scim.Object {
	all := make([]any, len(ops))
	for i, o := range ops {
		one := scim.Object{"op": o.Op, "path": o.Path}
		if o.Value != nil {
			one["value"] = o.Value
		}
		all[i] = one
	}
	return scim.Object{"schemas": []any{scim.PatchURN}, "Operations": all}
}

// edits turns attributes into edits, in the order in which the configuration has
// them.
func (t *Target) edits(set target.Attributes, clearing []string) ([]edit, error) {
	out := make([]edit, 0, set.Len()+len(clearing))
	for name, values := range set.All() {
		e, err := t.edit(name, values)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	for _, name := range clearing {
		if set.Has(name) {
			return nil, target.InvalidError(name, errTwice)
		}
		e, err := t.edit(name, nil)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	slices.SortStableFunc(out, func(a, b edit) int { return t.order[a.spec.Name] - t.order[b.spec.Name] })
	return out, nil
}

func (t *Target) edit(name string, values []string) (edit, error) {
	n, ok := t.order[name]
	switch {
	case !ok:
		return edit{}, target.InvalidError(name, errUnknown)
	case t.places[n].spec.ReadOnly:
		return edit{}, target.InvalidError(name, errReadOnly)
	case len(values) > 1 && !t.places[n].spec.Multi:
		return edit{}, target.InvalidError(name, errSeveral)
	}
	e := edit{place: &t.places[n]}
	for _, text := range values {
		v, err := wire(e.leaf(), text)
		if err != nil {
			return edit{}, target.InvalidError(name, err)
		}
		e.values = append(e.values, v)
	}
	return e, nil
}

// blind reports whether an edit can be written without a look at the user.
func (e *edit) blind() bool { return !e.attr.MultiValued }

// ops are the operations for edits that are blind.
func blindOps(edits []edit) []op {
	out := make([]op, len(edits))
	for i := range edits {
		out[i] = edits[i].simple()
	}
	return out
}

// simple is the operation for an attribute with one value.
func (e *edit) simple() op {
	switch {
	case len(e.values) == 0:
		return op{Op: opRemove, Path: e.full()}
	case e.whole():
		return op{Op: opReplace, Path: e.full(), Value: scim.Object{e.sub.Name: e.values[0]}}
	}
	return op{Op: opReplace, Path: e.full(), Value: e.values[0]}
}

// informedOps are the operations that turn a user into what the edits ask for. What
// is so already takes none.
func (t *Target) informedOps(now scim.Object, edits []edit) []op {
	var out []op
	for i := range edits {
		e := &edits[i]
		if e.done(now) {
			continue
		}
		out = e.ops(out, now, t.profile.WholeArrays)
		now = e.put(now, e.values)
	}
	return out
}

// done reports whether the user has the values already. Of what cannot be read, that
// is never known.
func (e *edit) done(now scim.Object) bool {
	if e.spec.WriteOnly {
		return false
	}
	have := e.place.values(now)
	want := make([]string, 0, len(e.values))
	for _, v := range e.values {
		text, _ := words(e.leaf(), v)
		want = append(want, text)
	}
	slices.Sort(have)
	slices.Sort(want)
	return slices.Equal(slices.Compact(have), slices.Compact(want))
}

func (e *edit) ops(out []op, now scim.Object, wholeArrays bool) []op {
	if e.blind() {
		o := e.simple()
		if o.Op == opReplace && len(e.place.values(now)) == 0 {
			o.Op = opAdd // services exist that replace only what is there
		}
		return append(out, o)
	}
	elements := list(e.container(now)[e.attr.Name])
	if !wholeArrays && e.element() {
		if o, ok := e.narrow(elements); ok {
			return append(out, o)
		}
	}
	next := e.changed(e.container(now)[e.attr.Name], e.values)
	o := op{Op: opReplace, Path: e.path(), Value: next}
	if next == nil {
		o = op{Op: opRemove, Path: e.path()}
	}
	// A later one about the same attribute has what the earlier one says.
	out = slices.DeleteFunc(out, func(x op) bool { return x.Path == o.Path })
	return append(out, o)
}

// narrow is the operation on the one element that an edit is about. It is false if
// no filter tells that element from others.
func (e *edit) narrow(elements []any) (op, bool) {
	at := e.chosen(elements)
	count := 0
	for _, x := range elements {
		if e.matches(x) {
			count++
		}
	}
	switch {
	case at < 0 && len(e.values) == 0:
		return op{}, false
	case at < 0:
		return op{Op: opAdd, Path: e.path(), Value: []any{e.fresh(elements, e.values[0])}}, true
	case count != 1:
		return op{}, false
	}
	path := e.path() + "[" + e.bracket() + "]"
	if len(e.values) > 0 {
		return op{Op: opReplace, Path: path + "." + e.sub.Name, Value: e.values[0]}, true
	}
	if e.emptied(elements[at]) != nil {
		path += "." + e.sub.Name
	}
	return op{Op: opRemove, Path: path}, true
}
