package rules

import (
	"slices"

	"github.com/provision-go/provision/source"
)

// A Func is a function written in Go that rules may call by its name, in files as
// name(): the only way out of the language. It must depend on its inputs alone,
// always answer the same, and return at once.
//
// It is called only if every input is there; otherwise a condition is undecided
// and a value missing. The same follows if it panics. Analyses know nothing about
// it but its inputs.
type Func struct {
	// Name has letters, digits and "_", beginning with a letter, and is none of the
	// language's own.
	Name string
	// Version names what it does: change it whenever the function may answer
	// differently. It is part of the set's hash.
	Version string
	// Inputs are the names of the fields that it may read.
	Inputs []string
	// Cond makes it a condition, Text a value, "" being missing. One is set.
	Cond func(Inputs) Truth
	Text func(Inputs) string
}

// Call is the condition that the function of this name in Spec.Funcs computes.
func Call(name string) Cond { return Cond{&node{op: opCall, field: name}} }

// CallText is the value that the function of this name in Spec.Funcs computes.
func CallText(name string) Value { return expr{&node{op: opCallText, field: name}} }

// Inputs gives a [Func] the fields that it declared.
type Inputs struct {
	v      view
	fields []*node
}

// Text returns the text of a declared field as attributes have it: days as
// 2006-01-02, words of vocabularies as files write them, numbers in digits, truth
// values as true and false. It returns "" for a list
// and for a field that was not declared.
func (in Inputs) Text(name string) string {
	f := in.field(name)
	if f == nil || f.ref.kind == source.FieldList {
		return ""
	}
	return in.v.text(f)
}

// List returns the texts of a declared list, nil for anything else. They are the
// caller's.
func (in Inputs) List(name string) []string {
	f := in.field(name)
	if f == nil || f.ref.kind != source.FieldList {
		return nil
	}
	list, _ := in.v.list(f.ref)
	return slices.Clone(list)
}

// Date returns the day of a declared date field, the zero Date for anything else.
func (in Inputs) Date(name string) source.Date {
	f := in.field(name)
	if f == nil || f.ref.kind != source.FieldDate {
		return source.Date{}
	}
	return in.v.date(f)
}

func (in Inputs) field(name string) *node {
	for _, f := range in.fields {
		if f.ref.name == name || f.ref.custom && f.ref.key == name || f.ref.name == string(EndDate) && name == "end_date" {
			return f
		}
	}
	return nil
}

// call is a Func that Build has found.
type call struct {
	version string
	inputs  []*node
	cond    func(Inputs) Truth
	text    func(Inputs) string
}

// ready reports whether every input is there.
func (c *call) ready(v view) bool {
	return !slices.ContainsFunc(c.inputs, v.missing)
}

// truth calls the function. What is not one of the three values is undecided.
func (c *call) truth(v view) Truth {
	if !c.ready(v) {
		return Undecided
	}
	outcome := Undecided
	guarded(func() { outcome = c.cond(Inputs{v, c.inputs}) })
	if outcome != Yes && outcome != No {
		return Undecided
	}
	return outcome
}

func (c *call) value(v view) string {
	if !c.ready(v) {
		return ""
	}
	text := ""
	guarded(func() { text = c.text(Inputs{v, c.inputs}) })
	return valid(text)
}

// guarded calls a function of somebody else: one that panics has said nothing.
func guarded(call func()) {
	defer func() { _ = recover() }()
	call()
}
