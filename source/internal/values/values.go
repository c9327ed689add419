// Package values brings what stands in JSON into fields of identities, for connectors
// whose configuration says which field comes from where:
//
//	spec, known := source.Field(field) // checked, when the source is made
//	target := values.Target{Field: spec, Set: setters.Text(field), Types: types}
//
//	value := values.Of(found) // for each person
//	if fault := target.Fill(&identity, &value); fault != "" { // a finding with CodeBadValue
//	}
//
// The status of somebody takes more than a field, and is no target.
package values

import (
	"fmt"
	"slices"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/internal/jsonscan"
	"github.com/provision-go/provision/internal/vocabulary"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/hiring"
)

// A Value is what stands in a place that is mapped.
type Value struct {
	Text  string
	More  []string // of a list, the first one included, if there are several
	Fault string   // why it cannot be taken
	named bool     // it is the name of an object
}

// Of returns what a value says. Null, an empty text and an empty list say nothing. An
// object, such as an option or a user, says its member "name", or else "value"; where its
// id is wanted, give that.
func Of(v jsonscan.Value) Value {
	var f Value
	if v.Kind != jsonscan.List {
		var ok bool
		if f.Text, ok = text(v); !ok {
			f.Fault = "it is no text"
		}
		f.named = v.Kind == jsonscan.Object
	} else if f.More, f.Fault = texts(v); len(f.More) == 1 {
		f.Text, f.More = f.More[0], nil
	}
	return f
}

// Empty reports whether there is nothing to take or to report.
func (v *Value) Empty() bool { return v.Text == "" && len(v.More) == 0 && v.Fault == "" }

// A Target is a field to fill.
type Target struct {
	Field source.FieldSpec
	Set   func(*source.Identity, string)   // nil where it takes more
	Types map[string]source.EmploymentType // words for terms of employment, folded
}

// Fill gives the field a value and returns what is wrong with it, "" if nothing is. A
// date may have a midnight behind it, see [hiring.Day]. A manager is a key: the name that
// Of takes from an object is none.
func (t *Target) Fill(i *source.Identity, v *Value) string {
	switch {
	case v.Fault != "":
		return v.Fault
	case t.Field.Type == source.FieldList && len(v.More) > 0:
		slices.Sort(v.More)
		return problem(t.Field.Set(i, v.More...))
	case len(v.More) > 0:
		return "it has several values"
	case v.named && t.Field.Name == "manager":
		return "it is an object, and no key of a manager"
	case t.Set != nil:
		t.Set(i, v.Text)
		return ""
	}
	switch t.Field.Type {
	case source.FieldEmploymentType:
		i.EmploymentTypeRaw = v.Text
		terms, known := t.Types[vocabulary.Fold(v.Text)]
		if i.EmploymentType = terms; !known {
			return fmt.Sprintf("%q is no known employment type; map it in EmploymentType", excerpt.Of(v.Text))
		}
		return ""
	case source.FieldDate, source.FieldInstant:
		if source.NoDate(v.Text) {
			return ""
		}
		if t.Field.Set(i, hiring.Day(v.Text)) != nil {
			return fmt.Sprintf("%q: want a date as 2006-01-02", excerpt.Of(v.Text))
		}
		return ""
	default:
		return problem(t.Field.Set(i, v.Text))
	}
}

func problem(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// texts returns the values of a list.
func texts(v jsonscan.Value) ([]string, string) {
	var all []string
	fault := ""
	s := jsonscan.New(v.Raw)
	err := s.Elements(func() error {
		element, err := s.Value()
		text, ok := text(element)
		if !ok {
			fault = "it is a list of something else than texts"
		}
		if text != "" {
			all = append(all, text)
		}
		return err
	})
	if err != nil {
		fault = "it is no list"
	}
	if fault != "" {
		return nil, fault
	}
	return all, ""
}

// text returns a value as text. An option of a list, or a user, is an object with a
// name.
func text(v jsonscan.Value) (string, bool) {
	switch v.Kind {
	case jsonscan.Null:
		return "", true
	case jsonscan.List:
		return "", false
	case jsonscan.Object:
	default:
		return v.Text(), true
	}
	name, named := "", false
	s := jsonscan.New(v.Raw)
	err := s.Members(func(key []byte) error {
		element, err := s.Value()
		if k := string(key); (k == "name" || k == "value" && !named) && element.Kind == jsonscan.Text {
			name, named = element.Text(), true
		}
		return err
	})
	return name, named && err == nil
}
