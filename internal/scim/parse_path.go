package scim

// ParsePath reads the path of an operation of PATCH (RFC 7644, section 3.5.2): an
// attribute, a sub-attribute, values of an attribute chosen by a filter in brackets,
// a sub-attribute of those, each with the URN of the schema in front or not, or the
// URN of an extension alone. The filter may be written as freely as those that
// [ParseFilter] reads. The URN of the core schema alone is refused: what it names is
// the resource, and a path for that is left out.
//
// Its error is an [*Error] of type invalidPath, or of type invalidFilter if what is
// wrong is inside the brackets.
func ParsePath(text string, t *ResourceType, l Limits) (Path, error) {
	p := parser{scanner: scanner{text: text}, what: "path", t: t, limits: l.orDefaults()}
	path, err := p.path(true)
	if err != nil {
		return Path{}, err
	}
	return path, nil
}

// ParseAttribute reads the name of an attribute: as [ParsePath], but without brackets.
// It is for the parameters attributes, excludedAttributes and sortBy, and for the keys
// of a PATCH value. Also names that are never returned are accepted: whoever sorts by
// one has to refuse it. Its error is an [*Error] of type invalidPath.
func ParseAttribute(text string, t *ResourceType) (Path, error) {
	p := parser{scanner: scanner{text: text}, what: "attribute", t: t, limits: Limits{}.orDefaults()}
	path, err := p.path(false)
	if err != nil {
		return Path{}, err
	}
	return path, nil
}

func (p *parser) path(brackets bool) (Path, *Error) {
	if err := p.check(); err != nil {
		return Path{}, err
	}
	if p.blanks(); p.pos == len(p.text) {
		return Path{}, p.fail(p.pos, "empty: name an attribute, or leave the %s out", p.what)
	}
	start := p.pos
	attr, err := p.attr()
	if err != nil {
		return Path{}, err
	}
	path := Path{Attr: attr}
	switch {
	case attr.Attribute == nil && !attr.Extension:
		return Path{}, p.fail(start, "this is the schema of the resource; name one of its attributes, or leave the %s out to mean all", p.what)
	case attr.Attribute != nil && brackets && p.peek() == '[':
		if path.Filter, err = p.bracket(start, attr); err != nil {
			return Path{}, err
		}
		if p.skip('.') {
			if path.Sub, err = p.sub(attr.Attribute); err != nil {
				return Path{}, err
			}
		}
	}
	if p.blanks(); p.pos < len(p.text) {
		return Path{}, p.fail(p.pos, "the end is expected here")
	}
	return path, nil
}
