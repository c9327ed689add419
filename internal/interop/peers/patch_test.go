//go:build !race

package peers_test

import (
	"maps"
	"reflect"
	"slices"

	"github.com/elimity-com/scim"
	"github.com/elimity-com/scim/errors"
	"github.com/elimity-com/scim/filter"
	"github.com/elimity-com/scim/schema"
	parser "github.com/scim2/filter-parser/v2"
)

// apply does one operation of a PATCH (RFC 7644, section 3.5.2), whose path and value the
// library has checked.
func (s *store) apply(o object, op scim.PatchOperation) error {
	if op.Path == nil {
		return s.merge(o, op)
	}
	in, attr, ok := s.place(o, op.Path.AttributePath)
	if !ok {
		return errors.ScimErrorInvalidPath
	}
	name, sub := attr.Name(), op.Path.AttributePath.SubAttributeName()
	if sub == "" {
		sub = op.Path.SubAttributeName()
	}
	if sub != "" {
		a, _ := attr.SubAttributes().ContainsAttribute(sub)
		sub = a.Name()
	}
	switch {
	case op.Path.ValueExpression != nil && s.deaf && op.Op == scim.PatchOperationRemove:
		return nil
	case op.Path.ValueExpression != nil:
		return s.elements(in, attr, sub, op)
	case attr.MultiValued() && sub == "":
		s.list(in, name, op)
	case sub != "":
		outer, _ := in[name].(object)
		outer = cloned(outer)
		if outer == nil {
			outer = object{}
		}
		if outer[sub] = op.Value; op.Op == scim.PatchOperationRemove {
			delete(outer, sub)
		}
		if in[name] = outer; len(outer) == 0 {
			delete(in, name)
		}
	case op.Op == scim.PatchOperationRemove:
		delete(in, name)
	default:
		in[name] = op.Value
	}
	return nil
}

// place is the object that has an attribute, and what the attribute is.
func (s *store) place(o object, path parser.AttributePath) (object, schema.CoreAttribute, bool) {
	in, of := o, s.core
	if urn := path.URI(); urn != "" && urn != s.core.ID {
		for _, e := range s.extensions {
			if e.ID == urn {
				of = e
			}
		}
		ext, ok := o[of.ID].(object)
		if !ok {
			ext = object{}
			o[of.ID] = ext
		}
		in = ext
	}
	if path.AttributeName == "externalId" {
		return o, schema.CommonAttributes()[2], true
	}
	attr, ok := of.Attributes.ContainsAttribute(path.AttributeName)
	return in, attr, ok
}

// merge does an operation without a path.
func (s *store) merge(o object, op scim.PatchOperation) error {
	values, ok := op.Value.(object)
	if !ok {
		return errors.ScimErrorInvalidValue
	}
	for name, v := range values {
		if nested, ok := v.(object); ok && name == enterprise {
			for inner, v := range nested {
				if err := s.merge(o, scim.PatchOperation{Op: op.Op, Value: object{name + ":" + inner: v}}); err != nil {
					return err
				}
			}
			continue
		}
		path, err := parser.ParsePath([]byte(name))
		if err != nil {
			return errors.ScimErrorInvalidPath
		}
		if err := s.apply(o, scim.PatchOperation{Op: op.Op, Path: &path, Value: v}); err != nil {
			return err
		}
	}
	return nil
}

// list does an operation on an attribute with several values as a whole.
func (s *store) list(in object, name string, op scim.PatchOperation) {
	values, _ := op.Value.([]any)
	switch op.Op {
	case scim.PatchOperationRemove:
		delete(in, name)
	case scim.PatchOperationReplace:
		in[name] = values
	default:
		have, _ := in[name].([]any)
		for _, v := range values {
			same := func(e any) bool {
				if name == "members" {
					return e.(object)["value"] == v.(object)["value"]
				}
				return reflect.DeepEqual(e, v)
			}
			if s.loose || !slices.ContainsFunc(have, same) {
				have = append(have, v)
			}
		}
		in[name] = have
	}
}

// elements does an operation on the elements that a filter picks.
func (s *store) elements(in object, attr schema.CoreAttribute, sub string, op scim.PatchOperation) error {
	f := filter.NewFilterValidator(op.Path.ValueExpression, schema.Schema{Attributes: filter.MultiValuedFilterAttributes(attr)})
	have, _ := in[attr.Name()].([]any)
	found := false
	var out []any
	for _, e := range have {
		if !passes(e, f) {
			out = append(out, e)
			continue
		}
		found = true
		o := cloned(e.(object))
		switch remove := op.Op == scim.PatchOperationRemove; {
		case remove && sub == "":
			continue
		case remove:
			delete(o, sub)
		case sub != "":
			o[sub] = op.Value
		default:
			maps.Copy(o, op.Value.(object))
		}
		out = append(out, o)
	}
	if !found && !(s.lenient && op.Op == scim.PatchOperationRemove) {
		return errors.ScimErrorNoTarget
	}
	if in[attr.Name()] = out; len(out) == 0 {
		delete(in, attr.Name())
	}
	return nil
}
