package scim

import (
	"strings"

	"github.com/provision-go/provision/internal/words"
)

// attr reads an attribute, with the URN of its schema in front or not. Attribute is
// nil if there is the URN alone. Inside brackets it reads a sub-attribute.
func (p *parser) attr() (Attr, *Error) {
	if p.in != nil {
		return p.relative()
	}
	attr := Attr{Schema: p.t.Core}
	if s, extension := p.urn(); s != nil {
		attr.Schema, attr.Extension = s, extension
		p.pos += len(s.ID)
		if !p.skip(':') {
			return attr, nil
		}
	} else if token := p.token(); strings.Contains(token, ":") {
		return Attr{}, p.fail(p.pos, "%s does not begin with a schema of %s and a colon; its schemas are %s", shown(token, 120), p.t.Name, strings.Join(p.schemas(), ", "))
	}
	start := p.pos
	name := p.name()
	if name == "" {
		return Attr{}, p.fail(start, "the name of an attribute is expected here")
	}
	attr.Attribute = attr.Schema.Attribute(name)
	if attr.Attribute == nil {
		if !p.ended("[.") {
			return Attr{}, p.fail(start, "the name of an attribute is expected here")
		}
		return Attr{}, p.unknown(start, attr, name)
	}
	if p.skip('.') {
		sub, err := p.sub(attr.Attribute)
		if err != nil {
			return Attr{}, err
		}
		attr.Sub = sub
	}
	if !p.ended("[") {
		return Attr{}, p.fail(p.pos, "this character cannot follow the name of an attribute")
	}
	return attr, nil
}

// relative reads a sub-attribute of the attribute whose brackets this is in. Values
// without sub-attributes are named value.
func (p *parser) relative() (Attr, *Error) {
	if len(p.in.SubAttributes) == 0 {
		start := p.pos
		if !p.keyword("value") {
			return Attr{}, p.fail(start, "%s has no sub-attributes; its values themselves are named value", p.in.Name)
		}
		return Attr{Attribute: p.in}, nil
	}
	sub, err := p.sub(p.in)
	return Attr{Attribute: sub}, err
}

// sub reads the name of a sub-attribute.
func (p *parser) sub(of *Attribute) (*Attribute, *Error) {
	start := p.pos
	name := p.name()
	if name == "" {
		return nil, p.fail(start, "the name of a sub-attribute of %s is expected here", of.Name)
	}
	if len(of.SubAttributes) == 0 {
		return nil, p.fail(start, "%s has no sub-attributes", of.Name)
	}
	sub := of.Sub(name)
	if sub == nil {
		hint := "; it has " + list(of.SubAttributes, "")
		if near := words.Nearest(shown(name, 60), names(of.SubAttributes)); near != "" {
			hint = "; did you mean " + near + "?"
		}
		return nil, p.fail(start, "%s has no sub-attribute %s%s", of.Name, shown(name, 60), hint)
	}
	if !p.ended("") {
		return nil, p.fail(p.pos, "this character cannot follow the name of a sub-attribute")
	}
	return sub, nil
}

// urn returns the longest URN that is here, and whether it is one of an extension.
func (p *parser) urn() (*Schema, bool) {
	found, extension := (*Schema)(nil), false
	try := func(s *Schema, ext bool) {
		rest := p.text[p.pos:]
		if len(rest) < len(s.ID) || !strings.EqualFold(rest[:len(s.ID)], s.ID) || found != nil && len(found.ID) >= len(s.ID) {
			return
		}
		if after := (scanner{rest, len(s.ID)}); after.peek() == ':' || after.ended("[") {
			found, extension = s, ext
		}
	}
	try(p.t.Core, false)
	for _, e := range p.t.Extensions {
		try(e.Schema, true)
	}
	return found, extension
}

// token returns what is here up to a blank or a bracket, without moving.
func (p *parser) token() string {
	rest := p.text[p.pos:]
	if n := strings.IndexAny(rest, " \t\r\n()[]\""); n >= 0 {
		rest = rest[:n]
	}
	return rest
}

// ended reports whether a name can be over here: before a blank, a closing bracket,
// the end, or one of some other characters.
func (s *scanner) ended(also string) bool {
	if s.pos == len(s.text) {
		return true
	}
	c := s.text[s.pos]
	return isBlank(c) || c == ')' || c == ']' || strings.IndexByte(also, c) >= 0
}

// unknown says that a schema has no such attribute, and which one may be meant.
func (p *parser) unknown(start int, attr Attr, name string) *Error {
	name = shown(name, 60)
	if !attr.Extension {
		for _, e := range p.t.Extensions {
			if a := e.Schema.Attribute(name); a != nil {
				return p.fail(start, "%s has no attribute %s; did you mean %s:%s?", p.t.Name, name, e.Schema.ID, a.Name)
			}
		}
	}
	where, hint := p.t.Name, ""
	if attr.Extension {
		where, hint = attr.Schema.ID, "; it has "+list(attr.Schema.Attributes, "")
	}
	if near := words.Nearest(name, names(attr.Schema.Attributes)); near != "" {
		hint = "; did you mean " + near + "?"
	}
	return p.fail(start, "%s has no attribute %s%s", where, name, hint)
}

// schemas are the URNs of the resource type.
func (p *parser) schemas() []string {
	all := []string{p.t.Core.ID}
	for _, e := range p.t.Extensions {
		all = append(all, e.Schema.ID)
	}
	return all
}

func names(attributes []Attribute) []string {
	all := make([]string, len(attributes))
	for n := range attributes {
		all[n] = attributes[n].Name
	}
	return all
}

// list is a text with the first attributes of a list, each after a prefix.
func list(attributes []Attribute, prefix string) string {
	const most = 12
	all := names(attributes[:min(most, len(attributes))])
	for n := range all {
		all[n] = prefix + all[n]
	}
	if len(attributes) > most {
		all = append(all, "…")
	}
	return strings.Join(all, ", ")
}

// shown is a name as an error repeats it, no longer than some characters. What has
// anything but the characters of names and URNs in it is no name, and may be a value.
func shown(name string, most int) string {
	for _, c := range []byte(name) {
		if !isNameByte(c) && c != ':' && c != '.' && c != '/' {
			return "(not shown)"
		}
	}
	if len(name) > most {
		return name[:most] + "…"
	}
	return name
}
