package scimserver

import (
	"errors"
	"maps"
	"slices"
	"strconv"

	"github.com/provision-go/provision/internal/scim"
	"github.com/provision-go/provision/source"
)

// checkCustom checks that custom attributes exist.
func checkCustom(custom map[string]string, user *scim.ResourceType) error {
	var wrong []error
	for _, name := range slices.Sorted(maps.Keys(custom)) {
		p, err := scim.ParseAttribute(custom[name], user)
		switch {
		case name == "":
			wrong = append(wrong, field("Custom", "a name is empty"))
		case err != nil:
			wrong = append(wrong, field("Custom["+name+"]", "%w", err))
		case p.Attribute == nil, p.Sub == nil && p.Attribute.Type == scim.Complex && p.Attribute.Sub("value") == nil:
			wrong = append(wrong, field("Custom["+name+"]", "%s has several parts; name one of them", custom[name]))
		}
	}
	return errors.Join(wrong...)
}

// custom fills Identity.Custom.
func (s *Server) custom(i *source.Identity, o scim.Object) {
	for name, path := range s.cfg.Custom {
		p, err := scim.ParseAttribute(path, s.types[0].ResourceType)
		if err != nil {
			continue // checkCustom has refused it
		}
		if values := valuesAt(o, p, s.types[0].Core); len(values) > 0 {
			if i.Custom == nil {
				i.Custom = map[string][]string{}
			}
			i.Custom[name] = values
		}
	}
}

// valuesAt returns the values of an attribute as text.
func valuesAt(o scim.Object, p scim.Path, core *scim.Schema) []string {
	if p.Schema != nil && p.Schema != core {
		o, _ = o[p.Schema.ID].(scim.Object)
	}
	list, multi := o[p.Attribute.Name].([]any)
	if !multi {
		list = []any{o[p.Attribute.Name]}
	}
	var out []string
	for _, value := range list {
		if e, ok := value.(scim.Object); ok {
			value = e["value"]
			if p.Sub != nil {
				value = e[p.Sub.Name]
			}
		}
		switch v := value.(type) {
		case string:
			out = append(out, v)
		case bool:
			out = append(out, strconv.FormatBool(v))
		case int64:
			out = append(out, strconv.FormatInt(v, 10))
		case float64:
			out = append(out, strconv.FormatFloat(v, 'f', -1, 64))
		}
	}
	return out
}
