package scim

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// ParseFilter reads a filter (RFC 7644, section 3.4.2.2) on the resources of a type.
// Its error is an [*Error] of type invalidFilter that says at which character,
// counted from 1, something is wrong. Names, URNs, operators and true and false are
// accepted in any case.
//
// Of what is no filter by the RFC, this much is accepted because identity providers
// send it, and means:
//
//	emails[type eq "work"].value eq "x"   emails[type eq "work" and value eq "x"]
//	primary eq "True"                     true, where the attribute is a boolean
//	externalId eq jyoung                  "jyoung", where it holds text of any kind
//	emails eq "x"                         emails.value eq "x"
//
// Attributes that are never returned (password) cannot be filtered by: the answers
// would give them away.
func ParseFilter(text string, t *ResourceType, l Limits) (*Filter, error) {
	p := parser{scanner: scanner{text: text}, what: "filter", t: t, limits: l.orDefaults()}
	f, err := p.whole()
	if err != nil {
		return nil, err
	}
	return f, nil
}

// parser is a reader by recursive descent. Its stack is bounded by Limits.Depth.
type parser struct {
	scanner
	what   string // what is read: filter, path or attribute
	t      *ResourceType
	limits Limits
	in     *Attribute // in the brackets of an attribute
	depth  int
	nodes  int
	// bareEnd is where the last value without quotes ended.
	bareEnd int
}

// fail says what is wrong at a place. What is inside brackets belongs to a filter, also
// in a path: RFC 7644, section 3.12, lists invalidFilter for PATCH.
func (p *parser) fail(pos int, format string, args ...any) *Error {
	kind := InvalidPath
	if p.what == "filter" || p.in != nil {
		kind = InvalidFilter
	}
	at := 1 + utf8.RuneCountInString(p.text[:min(pos, len(p.text))])
	return fail(kind, "", "%s, character %d: %s", p.what, at, fmt.Sprintf(format, args...))
}

// check refuses what is too long to be looked at, and what is no text.
func (p *parser) check() *Error {
	if len(p.text) > p.limits.Length {
		return p.fail(p.limits.Length, "longer than the limit of %d bytes", p.limits.Length)
	}
	for pos, r := range p.text {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(p.text[pos:]); n == 1 {
				return p.fail(pos, "not valid UTF-8")
			}
		}
	}
	return nil
}

// whole reads a filter that is all of the text.
func (p *parser) whole() (*Filter, *Error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	if p.blanks(); p.pos == len(p.text) {
		return nil, p.fail(p.pos, `empty: write a comparison such as userName eq "ana", or leave the filter out`)
	}
	f, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.pos < len(p.text) {
		hint := p.wordsHint()
		if c := p.peek(); c == ')' || c == ']' {
			hint = "; there is no opening bracket for this one"
		}
		return nil, p.fail(p.pos, "and, or or the end is expected here%s", hint)
	}
	return f, nil
}

// or reads terms between which there is "or", up to what is no term.
func (p *parser) or() (*Filter, *Error) { return p.joined(Or, "or", p.and) }

func (p *parser) and() (*Filter, *Error) { return p.joined(And, "and", p.term) }

func (p *parser) joined(op Op, word string, next func() (*Filter, *Error)) (*Filter, *Error) {
	first, err := next()
	if err != nil {
		return nil, err
	}
	var all *Filter
	for {
		p.blanks()
		at := p.pos
		if !p.keyword(word) {
			break
		}
		f, err := next()
		if err != nil {
			return nil, err
		}
		if all == nil {
			if err := p.node(at); err != nil {
				return nil, err
			}
			all = flatten(&Filter{Op: op}, first)
		}
		flatten(all, f)
	}
	if all == nil {
		return first, nil
	}
	return all, nil
}

// flatten adds a term, or the terms of what is of the same kind: both operators are
// associative, and one tree for one meaning is what others build on.
func flatten(all, f *Filter) *Filter {
	if f.Op == all.Op {
		all.Terms = append(all.Terms, f.Terms...)
	} else {
		all.Terms = append(all.Terms, f)
	}
	return all
}

func (p *parser) term() (*Filter, *Error) {
	p.blanks()
	start := p.pos
	if p.peek() == '(' {
		return p.parenthesis()
	}
	if p.keyword("not") {
		p.blanks()
		if p.peek() != '(' {
			return nil, p.fail(p.pos, "after not there must be a parenthesis: not (…)")
		}
		if err := p.node(start); err != nil {
			return nil, err
		}
		f, err := p.parenthesis()
		if err != nil {
			return nil, err
		}
		return &Filter{Op: Not, Terms: []*Filter{f}}, nil
	}
	return p.comparison()
}

func (p *parser) parenthesis() (*Filter, *Error) {
	open := p.pos
	if err := p.enter(); err != nil {
		return nil, err
	}
	f, err := p.or()
	if err != nil {
		return nil, err
	}
	p.depth--
	if !p.skip(')') {
		return nil, p.unclosed(open, "( )")
	}
	return f, nil
}

// unclosed says that the bracket at open has no end, or something before it.
func (p *parser) unclosed(open int, pair string) *Error {
	if p.pos == len(p.text) {
		return p.fail(open, "of this pair of %s, the end is missing", pair)
	}
	return p.fail(p.pos, "and, or or the end of the %s is expected here%s", pair, p.wordsHint())
}

// wordsHint explains a word after one without quotes.
func (p *parser) wordsHint() string {
	if p.bareEnd > 0 && strings.TrimRight(p.text[:p.pos], " ") == p.text[:p.bareEnd] {
		return "; a text of several words must be in double quotes"
	}
	return ""
}

// enter moves past an opening bracket.
func (p *parser) enter() *Error {
	if p.depth++; p.depth > p.limits.Depth {
		return p.fail(p.pos, "nested deeper than the limit of %d levels", p.limits.Depth)
	}
	p.pos++
	return nil
}

// node counts what is at a place.
func (p *parser) node(pos int) *Error {
	if p.nodes++; p.nodes > p.limits.Nodes {
		return p.fail(pos, "more than the limit of %d comparisons and operators; ask in several requests", p.limits.Nodes)
	}
	return nil
}

// comparison reads a comparison, a presence or a filter in brackets.
func (p *parser) comparison() (*Filter, *Error) {
	start := p.pos
	attr, err := p.attr()
	if err != nil {
		return nil, err
	}
	if err := p.node(start); err != nil {
		return nil, err
	}
	if attr.Attribute == nil {
		return nil, p.fail(start, "this is a schema; name one of its attributes: %s:…", attr.Schema.ID)
	}
	if hidden(attr) {
		return nil, p.fail(start, "%s is never returned, so resources cannot be found by it", attr)
	}
	if p.peek() != '[' {
		return p.operation(start, attr)
	}
	inner, err := p.bracket(start, attr)
	if err != nil {
		return nil, err
	}
	has := &Filter{Op: Has, Attr: attr, Terms: []*Filter{inner}}
	if p.peek() != '.' {
		return has, nil
	}
	// emails[type eq "work"].value eq "x"
	p.pos++
	start = p.pos
	p.in = attr.Attribute
	defer func() { p.in = nil }()
	sub, err := p.attr()
	if err != nil {
		return nil, err
	}
	if err := p.node(start); err != nil {
		return nil, err
	}
	if hidden(sub) {
		return nil, p.fail(start, "%s is never returned, so resources cannot be found by it", sub)
	}
	f, err := p.operation(start, sub)
	if err != nil {
		return nil, err
	}
	if inner.Op != And {
		if err := p.node(start); err != nil {
			return nil, err
		}
	}
	has.Terms[0] = flatten(flatten(&Filter{Op: And}, inner), f)
	return has, nil
}

// bracket reads the filter in the brackets after an attribute.
func (p *parser) bracket(start int, attr Attr) (*Filter, *Error) {
	open := p.pos
	switch {
	case p.in != nil:
		return nil, p.fail(open, "inside brackets there are no further ones")
	case attr.Sub != nil:
		return nil, p.fail(open, "brackets follow an attribute, not a sub-attribute: %s[…].%s", attr.Attribute.Name, attr.Sub.Name)
	case attr.Attribute.Type != Complex && !attr.Attribute.MultiValued:
		return nil, p.fail(start, "%s has one value and no sub-attributes: brackets cannot choose among them", attr)
	case p.what != "filter" && !attr.Attribute.MultiValued:
		return nil, p.fail(start, "%s has one value: brackets cannot choose among several", attr)
	}
	if err := p.enter(); err != nil {
		return nil, err
	}
	p.in = attr.Attribute
	defer func() { p.in = nil }()
	if p.blanks(); p.peek() == ']' {
		return nil, p.fail(p.pos, "there is nothing in the brackets; without them, all values of %s are meant", attr)
	}
	f, err := p.or()
	if err != nil {
		return nil, err
	}
	p.depth--
	if !p.skip(']') {
		return nil, p.unclosed(open, "[ ]")
	}
	return f, nil
}

// hidden reports whether an attribute is never returned.
func hidden(a Attr) bool {
	return a.Attribute.Returned == Never || a.Sub != nil && a.Sub.Returned == Never
}

// operator returns what a word means, 0 if it is no operator.
func operator(word string) Op {
	switch strings.ToLower(word) {
	case "pr":
		return Present
	case "eq":
		return Equal
	case "ne":
		return NotEqual
	case "co":
		return Contains
	case "sw":
		return StartsWith
	case "ew":
		return EndsWith
	case "gt":
		return Greater
	case "ge":
		return GreaterOrEqual
	case "lt":
		return Less
	case "le":
		return LessOrEqual
	}
	return 0
}
