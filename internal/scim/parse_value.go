package scim

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// operation reads the operator and the value after an attribute.
func (p *parser) operation(start int, attr Attr) (*Filter, *Error) {
	p.blanks()
	at := p.pos
	op := operator(p.name())
	if op == 0 {
		return nil, p.fail(at, "after %s, one of the operators eq, ne, co, sw, ew, gt, ge, lt, le and pr is expected", attr)
	}
	if op == Present {
		return &Filter{Op: op, Attr: attr}, nil
	}
	a := attr.last()
	if a.Type == Complex {
		if attr.Sub = a.Sub("value"); attr.Sub == nil || attr.Schema == nil || attr.Sub.Type == Complex {
			return nil, p.fail(start, "%s has several parts; compare one of them: %s", a.Name, list(a.SubAttributes, attr.String()+"."))
		}
		a = attr.Sub
		if hidden(attr) {
			return nil, p.fail(start, "%s is never returned, so resources cannot be found by it", attr)
		}
	}
	if !allowed(op, a.Type) {
		return nil, p.fail(at, "%s cannot be applied to %s, whose type is %s", text(op), attr, a.Type)
	}
	p.blanks()
	v, err := p.value(attr, a)
	if err != nil {
		return nil, err
	}
	if v == nil && op != Equal && op != NotEqual {
		return nil, p.fail(at, "%s cannot be applied to null; eq and ne can", text(op))
	}
	return &Filter{Op: op, Attr: attr, Value: v}, nil
}

// allowed says which operators a type has: RFC 7644, section 3.4.2.2, forbids order
// among booleans and binaries, and parts exist of texts only.
func allowed(op Op, t Type) bool {
	switch op {
	case Contains, StartsWith, EndsWith:
		return t == String || t == Reference
	case Greater, GreaterOrEqual, Less, LessOrEqual:
		return t != Boolean && t != Binary
	}
	return true
}

// value reads what attr is compared with; a is the attribute or sub-attribute that
// has the type.
func (p *parser) value(attr Attr, a *Attribute) (any, *Error) {
	start := p.pos
	quoted := p.peek() == '"'
	var text string
	if quoted {
		var wrong string
		if text, wrong = p.quoted(); wrong != "" {
			return nil, p.fail(p.pos, "%s", wrong)
		}
	} else {
		text = p.bare()
		p.bareEnd = p.pos
		switch {
		case text == "" || strings.EqualFold(text, "and") || strings.EqualFold(text, "or"):
			return nil, p.fail(start, "a value is missing")
		case text == "null":
			return nil, nil
		}
	}
	switch a.Type {
	case Boolean:
		switch {
		case strings.EqualFold(text, "true"):
			return true, nil
		case strings.EqualFold(text, "false"):
			return false, nil
		}
		return nil, p.fail(start, "%s is true or false", attr)
	case Integer, Decimal:
		if n := number(text, a.Type); n != nil && !quoted {
			return n, nil
		}
		return nil, p.fail(start, "%s is compared with a number, without quotes", attr)
	case DateTime:
		// A + that nobody escaped has become a space in the address of a request.
		text = strings.Replace(text, " ", "+", 1)
		if _, ok := dateTime(text); !ok {
			return nil, p.fail(start, `%s is compared with a date and time such as "2026-11-29T08:00:00Z"`, attr)
		}
	}
	if !quoted && !plain(text) {
		return nil, p.fail(start, `%s is compared with a text, which must be in double quotes: "…"`, attr)
	}
	return text, nil
}

// plain reports whether a text may do without quotes. What has another kind of quote
// or a bracket in it more likely is a mistake.
func plain(s string) bool {
	return !strings.HasPrefix(s, "'") && !strings.ContainsAny(s, "\"([\\`‘’‚“”„«»\x00")
}

// number returns the value of a JSON number: an int64 for an integer where it is one
// that fits, else a float64. It returns nil if it is no number that a computer has.
func number(s string, t Type) any {
	if !isNumber(s) {
		return nil
	}
	if t == Integer {
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			return n
		}
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return nil
	}
	if t == Integer && f == math.Trunc(f) && -1<<63 <= f && f < 1<<63 {
		return int64(f)
	}
	return f
}

// isNumber checks the grammar of RFC 8259, section 6.
func isNumber(s string) bool {
	digits := func() bool {
		n := 0
		for n < len(s) && '0' <= s[n] && s[n] <= '9' {
			n++
		}
		s = s[n:]
		return n > 0
	}
	s = strings.TrimPrefix(s, "-")
	if strings.HasPrefix(s, "0") {
		s = s[1:]
	} else if !digits() {
		return false
	}
	if strings.HasPrefix(s, ".") {
		if s = s[1:]; !digits() {
			return false
		}
	}
	if s != "" && (s[0] == 'e' || s[0] == 'E') {
		if s = s[1:]; s != "" && (s[0] == '+' || s[0] == '-') {
			s = s[1:]
		}
		if !digits() {
			return false
		}
	}
	return s == ""
}

// dateTime reads a date and time of XML Schema. Without a time zone, which RFC 7643
// leaves open, it is UTC.
func dateTime(s string) (time.Time, bool) {
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		at, err = time.Parse("2006-01-02T15:04:05", s)
	}
	return at, err == nil
}
