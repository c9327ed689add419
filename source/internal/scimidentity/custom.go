package scimidentity

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/provision-go/provision/internal/scim"
	"github.com/provision-go/provision/source"
)

// Custom has the attributes that go into Identity.Custom, by the name that they get
// there.
type Custom map[string]scim.Path

// ParseCustom reads the paths of custom attributes and checks that they exist. The
// error names all that are wrong, as Custom[name].
func ParseCustom(paths map[string]string, user *scim.ResourceType) (Custom, error) {
	out := Custom{}
	var wrong []error
	for _, name := range slices.Sorted(maps.Keys(paths)) {
		p, err := scim.ParseAttribute(paths[name], user)
		switch {
		case name == "":
			wrong = append(wrong, field("Custom", "a name is empty"))
		case err != nil:
			wrong = append(wrong, field("Custom["+name+"]", "%w", err))
		case p.Attribute == nil, p.Sub == nil && p.Attribute.Type == scim.Complex && p.Attribute.Sub("value") == nil:
			wrong = append(wrong, field("Custom["+name+"]", "%s has several parts; name one of them", paths[name]))
		default:
			out[name] = p
		}
	}
	return out, errors.Join(wrong...)
}

// field says what is wrong with a field of a configuration.
func field(name, format string, args ...any) error {
	return fmt.Errorf("%s: %w", name, fmt.Errorf(format, args...))
}

// Fill fills Identity.Custom.
func (c Custom) Fill(i *source.Identity, o scim.Object) {
	for name, p := range c {
		if values := valuesAt(o, p); len(values) > 0 {
			if i.Custom == nil {
				i.Custom = map[string][]string{}
			}
			i.Custom[name] = values
		}
	}
}

// valuesAt returns the values of an attribute as text.
func valuesAt(o scim.Object, p scim.Path) []string {
	if p.Extension {
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
