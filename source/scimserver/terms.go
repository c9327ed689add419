package scimserver

import (
	"strings"

	"github.com/provision-go/provision/internal/scim"
)

// What resources are found by without looking at all of them. The values of each are
// folded as the schema compares them.
var indexed = []struct {
	kind           Type
	attribute, sub string
}{
	{User, "userName", ""},
	{User, "externalId", ""},
	{User, "emails", "value"},
	{Group, "displayName", ""},
	{Group, "externalId", ""},
}

// terms returns what a resource is found by.
func (x *exchange) terms(t *resources, o scim.Object) []Term {
	terms := make([]Term, 0, len(indexed))
	for _, by := range indexed {
		if by.kind != t.kind {
			continue
		}
		a := t.Core.Attribute(by.attribute)
		name, unique := termName(by.attribute, by.sub), x.unique(t, by.attribute)
		add := func(a *scim.Attribute, value any) {
			if text, ok := value.(string); ok {
				terms = append(terms, Term{Name: name, Value: strings.Clone(scim.Fold(a, text)), Unique: unique}) // they outlive the request
			}
		}
		switch value := o[by.attribute].(type) {
		case []any:
			for _, element := range value {
				if e, ok := element.(scim.Object); ok {
					add(a.Sub(by.sub), e[by.sub])
				}
			}
		default:
			add(a, value)
		}
	}
	return terms
}

// unique reports whether no two resources may have a value.
func (x *exchange) unique(t *resources, attribute string) bool {
	switch attribute {
	case "userName":
		return true
	case "externalId":
		return t.kind == User && x.cfg.IdentityID == ByExternalID
	case "displayName":
		return t.kind == Group && x.uniqueGroups
	}
	return false
}

// needs reports whether an attribute is required that the schema does not require.
func (x *exchange) needs(t *resources, attribute string) bool {
	return t.kind == User && attribute == "externalId" && x.cfg.IdentityID == ByExternalID
}

func termName(attribute, sub string) string {
	if sub != "" {
		attribute += "." + sub
	}
	return strings.ToLower(attribute)
}

// narrow puts into a query what a filter demands of what resources are found by, and
// reports whether that is the whole filter.
func narrow(t *resources, f *scim.Filter, q *Query) bool {
	if f == nil {
		return true
	}
	for attr, value := range f.Equalities() {
		text, ok := value.(string)
		if !ok || attr.Schema != nil && attr.Schema != t.Core || attr.Attribute == nil {
			continue
		}
		sub, name := "", attr.Attribute.Name
		if attr.Sub != nil {
			sub = attr.Sub.Name
		}
		switch {
		case name == "id" && q.IDs == nil:
			q.IDs = []string{text}
		case t.kind == Group && name == "members" && sub == "value" && q.Member == "":
			q.Member = text
		default:
			for _, by := range indexed {
				if by.kind == t.kind && by.attribute == name && by.sub == sub {
					a := attr.Attribute
					if attr.Sub != nil {
						a = attr.Sub
					}
					q.Terms = append(q.Terms, Term{Name: termName(name, sub), Value: scim.Fold(a, text)})
				}
			}
		}
	}
	return f.Op == scim.Equal && len(q.Terms)+len(q.IDs) == 1 || f.Op == scim.Equal && q.Member != ""
}
