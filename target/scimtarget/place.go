package scimtarget

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/scim"
	"github.com/provision-go/provision/target"
)

// place is where the values of an attribute are in a user.
type place struct {
	spec target.AttributeSpec
	urn  string // of the extension, or ""
	attr *scim.Attribute
	sub  *scim.Attribute // or nil
	// pick says which elements of a multi-valued attribute are meant; nil: all.
	pick []pair
}

// pair is a sub-attribute and the value that it has.
type pair struct {
	name  string
	value any // string, bool
}

// leaf is the attribute that has the values themselves.
func (p *place) leaf() *scim.Attribute {
	if p.sub != nil {
		return p.sub
	}
	return p.attr
}

// element reports whether the values are in chosen elements of a multi-valued
// attribute.
func (p *place) element() bool { return p.pick != nil }

// all reports whether the values are those of all elements.
func (p *place) all() bool { return p.attr.MultiValued && p.pick == nil }

// whole reports whether the complex attribute stands for one value, as manager
// does, and is replaced as such: what else is in it belongs to the old value.
func (p *place) whole() bool {
	return !p.attr.MultiValued && p.sub != nil && p.sub.Name == "value"
}

// path is the path of the attribute in a PATCH, without its elements.
func (p *place) path() string {
	if p.urn != "" {
		return p.urn + ":" + p.attr.Name
	}
	return p.attr.Name
}

// full is the path of the value itself, for attributes that have one value.
func (p *place) full() string {
	if p.sub != nil && !p.whole() {
		return p.path() + "." + p.sub.Name
	}
	return p.path()
}

var (
	errNoPath   = errors.New("there is no such attribute; for an extension write urn:…:name")
	errFilter   = errors.New(`want a filter such as [type eq "work"]`)
	errReserved = errors.New("this is not an attribute of accounts")
	errNoValue  = errors.New("it has parts; name one of them")
)

// find finds the place of an attribute, and adds it to the resource type if no
// schema has it.
func find(t *scim.ResourceType, a Attribute) (place, error) {
	text := a.Path
	if text == "" {
		text = a.Name
	}
	path, err := parse(t, a, text)
	if err != nil {
		return place{}, err
	}
	p := place{attr: path.Attribute, sub: path.Sub}
	if path.Extension {
		p.urn = path.Schema.ID
	}
	if p.attr == nil {
		return place{}, errNoValue
	}
	if !path.Extension && slices.Contains([]string{"id", "externalId", "meta", "schemas", "active", "groups"}, p.attr.Name) {
		return place{}, errReserved
	}
	if p.sub == nil && p.attr.Type == scim.Complex {
		if p.sub = p.attr.Sub("value"); p.sub == nil {
			return place{}, errNoValue
		}
	}
	if path.Filter != nil {
		if p.pick, err = picked(path.Filter); err != nil {
			return place{}, err
		}
		if p.sub == nil || slices.ContainsFunc(p.pick, func(x pair) bool { return x.name == p.sub.Name }) {
			return place{}, errFilter
		}
	}
	p.describe(a)
	return p, nil
}

// parse reads a path in any of the forms of Attribute.Path.
func parse(t *scim.ResourceType, a Attribute, text string) (scim.Path, error) {
	if long, ok := spelled(t, text); ok {
		text = long
	}
	path, err := scim.ParsePath(text, t, scim.Limits{})
	if err == nil {
		return path, nil
	}
	for _, e := range t.Extensions { // department stands for urn:…:User:department
		if path, err := scim.ParsePath(e.Schema.ID+":"+text, t, scim.Limits{}); err == nil {
			return path, nil
		}
	}
	if err := declare(t, a, text); err != nil {
		return scim.Path{}, err
	}
	return scim.ParsePath(text, t, scim.Limits{})
}

// spelled writes emails.work as emails[type eq "work"].value.
func spelled(t *scim.ResourceType, text string) (string, bool) {
	if strings.ContainsAny(text, `:[" `) {
		return "", false
	}
	parts := strings.Split(text, ".")
	attr := t.Core.Attribute(parts[0])
	if attr == nil || !attr.MultiValued || attr.Sub("type") == nil || len(parts) < 2 || len(parts) > 3 {
		return "", false
	}
	filter := `type eq ` + quoted(parts[1])
	switch {
	case strings.EqualFold(parts[1], "primary"):
		filter = "primary eq true"
	case attr.Sub(parts[1]) != nil:
		return "", false
	}
	leaf := "value"
	if len(parts) == 3 {
		leaf = parts[2]
	}
	return parts[0] + "[" + filter + "]." + leaf, true
}

// declare adds an attribute that no schema has.
func declare(t *scim.ResourceType, a Attribute, text string) error {
	at := strings.LastIndexByte(text, ':')
	known := a.Type != "" || at > 0
	name := text[at+1:]
	if !known || name == "" || strings.ContainsAny(name, `.[]" `) || at >= 0 && !strings.HasPrefix(strings.ToLower(text), "urn:") {
		return errNoPath
	}
	kind := scim.Type(a.Type)
	if kind == "" {
		kind = scim.String
	}
	kinds := []scim.Type{scim.String, scim.Boolean, scim.Decimal, scim.Integer, scim.DateTime, scim.Binary, scim.Reference}
	if !slices.Contains(kinds, kind) {
		return fmt.Errorf("there is no type %q", a.Type)
	}
	schema := t.Core
	if at > 0 && !strings.EqualFold(text[:at], t.Core.ID) {
		if schema = t.Schema(text[:at]); schema == nil {
			schema = &scim.Schema{ID: text[:at], Name: text[:at]}
			t.Extensions = append(t.Extensions, scim.Extension{Schema: schema})
		}
	}
	schema.Attributes = append(schema.Attributes, scim.Attribute{
		Name: name, Type: kind, MultiValued: a.Multi, CaseExact: true,
		Mutability: scim.ReadWrite, Returned: scim.Default, Uniqueness: scim.None,
	})
	return nil
}

// picked are the values that a filter in brackets demands.
func picked(f *scim.Filter) ([]pair, error) {
	terms := []*scim.Filter{f}
	if f.Op == scim.And {
		terms = f.Terms
	}
	var out []pair
	for _, term := range terms {
		if term.Op != scim.Equal || term.Attr.Attribute == nil || term.Value == nil {
			return nil, errFilter
		}
		switch term.Value.(type) {
		case string, bool:
			out = append(out, pair{term.Attr.Attribute.Name, term.Value})
		default:
			return nil, errFilter
		}
	}
	return out, nil
}

// describe fills in what the target says of the attribute.
func (p *place) describe(a Attribute) {
	leaf := p.leaf()
	login := p.urn == "" && (p.attr.Name == "userName" || p.attr.Name == "emails")
	p.spec = target.AttributeSpec{
		Name:      a.Name,
		Multi:     p.all(),
		CaseFold:  (a.CaseFold || login) && !a.CaseExact,
		ReadOnly:  a.ReadOnly || leaf.Mutability == scim.ReadOnly || p.attr.Mutability == scim.ReadOnly,
		WriteOnly: a.WriteOnly || leaf.Returned == scim.Never || p.attr.Returned == scim.Never,
		Unique:    a.Unique || p.urn == "" && p.attr.Name == "userName",
		Ref:       a.Ref || p.urn == scim.EnterpriseURN && p.attr.Name == "manager" && p.whole(),
		Sensitive: a.Sensitive,
	}
}

// bracket is the filter in brackets for the elements that are meant.
func (p *place) bracket() string {
	var out strings.Builder
	for i, x := range p.pick {
		if i > 0 {
			out.WriteString(" and ")
		}
		out.WriteString(x.name + " eq ")
		if s, ok := x.value.(string); ok {
			out.WriteString(quoted(s))
		} else {
			fmt.Fprint(&out, x.value)
		}
	}
	return out.String()
}
