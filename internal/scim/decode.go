package scim

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxNesting is how deep a body may be nested. The deepest that SCIM defines is a
// bulk request around a resource: 8.
const maxNesting = 32

// maxMembers is how many members an object may have. Resources have some dozens.
const maxMembers = 1_000

// maxValues is how many values a body may have that is decoded by [DecodeShared]: a
// group with a hundred thousand members, with all that may be said of each. A value
// takes up to fifty times the memory that it has as text.
const maxValues = 500_000

// Decode reads a body, which must be one JSON object. Members keep the names that
// they came with; values are nil, bool, string, int64, float64, [json.Number] for
// numbers that neither of the two can hold, Object and []any.
//
// It refuses, as invalidSyntax with the position, what encoding/json lets pass or
// repairs: members that occur twice (also where only case differs, since SCIM does
// not tell them apart), text that is not UTF-8, halves of surrogate pairs, nesting
// deeper than 32, and more than 1,000 members in one object. A byte order mark is
// skipped.
func Decode(body []byte) (Object, error) { return decode(body, "") }

// DecodeShared is Decode with strings that share the memory of one copy of the body:
// whoever keeps one for long keeps all of it, and should clone it instead. It is for
// bodies of strangers: more than 500,000 values are refused.
func DecodeShared(body []byte) (Object, error) { return decode(body, string(body)) }

func decode(body []byte, shared string) (Object, error) {
	d := decoder{in: body, shared: shared}
	if bytes.HasPrefix(body, []byte("\xef\xbb\xbf")) {
		d.at = len("\xef\xbb\xbf")
	}
	d.space()
	if d.peek() != '{' {
		return nil, d.fail("the body is not a JSON object")
	}
	v, err := d.object(1)
	if err != nil {
		return nil, err
	}
	d.space()
	if d.at < len(d.in) {
		return nil, d.fail("there is something after the JSON object")
	}
	return v, nil
}

type decoder struct {
	in     []byte
	shared string // in, or "": strings are copies
	values int
	at     int
}

func (d *decoder) fail(why string) error {
	return fail(InvalidSyntax, "", "%s (at byte %d)", why, d.at+1)
}

// peek returns the next byte, 0 at the end: a byte that JSON has nowhere.
func (d *decoder) peek() byte {
	if d.at < len(d.in) {
		return d.in[d.at]
	}
	return 0
}

func (d *decoder) space() {
	for d.at < len(d.in) {
		switch d.in[d.at] {
		case ' ', '\t', '\r', '\n':
			d.at++
		default:
			return
		}
	}
}

// next skips white space and takes c, or says that it was expected.
func (d *decoder) next(c byte) error {
	d.space()
	if d.peek() != c {
		return d.fail("expected " + string(rune(c)))
	}
	d.at++
	return nil
}

func (d *decoder) value(depth int) (any, error) {
	d.space()
	d.values++
	switch c := d.peek(); {
	case depth > maxNesting:
		return nil, d.fail("nested too deeply")
	case d.values >= maxValues && d.shared != "":
		return nil, d.fail("too many values")
	case c == '{':
		return d.object(depth)
	case c == '[':
		return d.array(depth)
	case c == '"':
		return d.text()
	case c == '-' || c >= '0' && c <= '9':
		return d.number()
	}
	switch rest := d.in[d.at:]; {
	case bytes.HasPrefix(rest, []byte("true")):
		d.at += len("true")
		return true, nil
	case bytes.HasPrefix(rest, []byte("false")):
		d.at += len("false")
		return false, nil
	case bytes.HasPrefix(rest, []byte("null")):
		d.at += len("null")
		return nil, nil
	}
	return nil, d.fail("expected a value")
}

func (d *decoder) object(depth int) (Object, error) {
	d.at++
	if d.space(); d.peek() == '}' {
		d.at++
		return Object{}, nil
	}
	// The first members are kept aside, so that the map is made once and large enough.
	var names folded
	var values [len(names.few)]any
	var out Object
	for n := 0; ; n++ {
		if d.space(); d.peek() != '"' {
			return nil, d.fail("expected a name in quotes")
		}
		name, err := d.text()
		switch {
		case err != nil:
			return nil, err
		case !names.add(name):
			return nil, d.fail("a member occurs twice in one object")
		case n >= maxMembers:
			return nil, d.fail("an object has too many members")
		}
		if err := d.next(':'); err != nil {
			return nil, err
		}
		value, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		if n < len(values) {
			values[n] = value
		} else {
			if out == nil {
				out = names.object(values[:])
			}
			out[name] = value
		}
		if d.space(); d.peek() == '}' {
			d.at++
			if out == nil {
				out = names.object(values[:n+1])
			}
			return out, nil
		}
		if err := d.next(','); err != nil {
			return nil, err
		}
	}
}

func (d *decoder) array(depth int) ([]any, error) {
	d.at++
	out := []any{}
	if d.space(); d.peek() == ']' {
		d.at++
		return out, nil
	}
	for {
		v, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
		if d.space(); d.peek() == ']' {
			d.at++
			return out, nil
		}
		if err := d.next(','); err != nil {
			return nil, err
		}
	}
}

// text reads a string. Most have no escapes and are taken as they are.
func (d *decoder) text() (string, error) {
	start := d.at + 1
	escaped, ascii := false, true
	for n := start; n < len(d.in); n++ {
		switch c := d.in[n]; {
		case c == '"':
			if !ascii && !utf8.Valid(d.in[start:n]) {
				return "", d.fail("a string is not UTF-8")
			}
			if !escaped {
				d.at = n + 1
				if d.shared != "" {
					return d.shared[start:n], nil
				}
				return string(d.in[start:n]), nil
			}
			s, ok := unescape(d.in[start:n])
			if !ok {
				return "", d.fail("a string has an escape that is not one")
			}
			d.at = n + 1
			return s, nil
		case c == '\\':
			escaped = true
			n++
		case c < ' ':
			d.at = n
			return "", d.fail("a string has a control character; write it as \\u")
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	return "", d.fail("a string does not end")
}

// unescape resolves the escapes of a string that has some.
func unescape(in []byte) (string, bool) {
	var out strings.Builder
	out.Grow(len(in))
	for n := 0; n < len(in); n++ {
		if in[n] != '\\' {
			out.WriteByte(in[n])
			continue
		}
		if n++; n == len(in) {
			return "", false
		}
		if at := strings.IndexByte(`"\/bfnrt`, in[n]); at >= 0 {
			out.WriteByte("\"\\/\b\f\n\r\t"[at])
			continue
		}
		r, ok := hex4(in[n:])
		n += 4
		if ok && r >= 0xD800 && r < 0xDC00 && n+1 < len(in) && in[n+1] == '\\' {
			var low rune
			low, ok = hex4(in[n+2:])
			ok = ok && low >= 0xDC00 && low < 0xE000
			r = 0x10000 + (r-0xD800)<<10 + (low - 0xDC00)
			n += 6
		}
		if !ok || !utf8.ValidRune(r) {
			return "", false
		}
		out.WriteRune(r)
	}
	return out.String(), true
}

// hex4 reads u and four digits.
func hex4(in []byte) (rune, bool) {
	if len(in) < 5 || in[0] != 'u' {
		return 0, false
	}
	v, err := strconv.ParseUint(string(in[1:5]), 16, 32)
	return rune(v), err == nil
}

func (d *decoder) number() (any, error) {
	start := d.at
	digits := func() bool {
		from := d.at
		for c := d.peek(); c >= '0' && c <= '9'; c = d.peek() {
			d.at++
		}
		return d.at > from
	}
	if d.peek() == '-' {
		d.at++
	}
	ok, whole := true, true
	if d.peek() == '0' {
		d.at++
	} else {
		ok = digits()
	}
	if ok && d.peek() == '.' {
		d.at++
		ok, whole = digits(), false
	}
	if ok && d.peek()|0x20 == 'e' {
		d.at++
		if c := d.peek(); c == '+' || c == '-' {
			d.at++
		}
		ok, whole = digits(), false
	}
	if !ok {
		return nil, d.fail("a number is not written as JSON writes them")
	}
	text := string(d.in[start:d.at])
	if whole {
		if v, err := strconv.ParseInt(text, 10, 64); err == nil {
			return v, nil
		}
		return json.Number(text), nil
	}
	if v, err := strconv.ParseFloat(text, 64); err == nil {
		return v, nil
	}
	return json.Number(text), nil
}

// folded is a set of names where case does not count: a list while it is short.
type folded struct {
	few   [16]string
	count int // of few
	many  map[string]bool
}

// object has the first names, with values.
func (f *folded) object(values []any) Object {
	out := make(Object, len(values))
	for n := range values {
		out[f.few[n]] = values[n]
	}
	return out
}

// add reports whether the name is new.
func (f *folded) add(name string) bool {
	if f.many == nil && f.count < len(f.few) {
		for n := range f.count {
			if strings.EqualFold(f.few[n], name) {
				return false
			}
		}
		f.few[f.count] = name
		f.count++
		return true
	}
	if f.many == nil {
		f.many = map[string]bool{}
		for _, n := range f.few[:f.count] {
			f.many[strings.ToLower(n)] = true
		}
	}
	name = strings.ToLower(name)
	if f.many[name] {
		return false
	}
	f.many[name] = true
	return true
}
