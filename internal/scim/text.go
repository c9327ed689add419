package scim

import (
	"strconv"
	"strings"
)

// String returns the filter as text that [ParseFilter] reads as an equal tree, in
// one form for all ways to write it: names as in the schemas, operators in lower
// case, no parentheses that do nothing. It holds the values that are compared with.
func (f *Filter) String() string {
	var out strings.Builder
	f.write(&out, nil)
	return out.String()
}

// String returns the path as text that [ParsePath] reads as an equal path.
func (p Path) String() string {
	if p.Filter == nil {
		return p.Attr.String()
	}
	var out strings.Builder
	out.WriteString(Attr{Schema: p.Schema, Extension: p.Extension, Attribute: p.Attribute}.String())
	out.WriteByte('[')
	p.Filter.write(&out, p.Attribute)
	out.WriteByte(']')
	if p.Sub != nil {
		out.WriteString("." + p.Sub.Name)
	}
	return out.String()
}

// String returns the name, with a sub-attribute after a dot, and the URN of an
// extension in front.
func (a Attr) String() string {
	switch {
	case a.Attribute == nil && a.Schema == nil:
		return ""
	case a.Attribute == nil:
		return a.Schema.ID
	}
	text := a.Attribute.Name
	if a.Extension {
		text = a.Schema.ID + ":" + text
	}
	if a.Sub != nil {
		text += "." + a.Sub.Name
	}
	return text
}

// last is the attribute that has the value: the sub-attribute if there is one.
func (a Attr) last() *Attribute {
	if a.Sub != nil {
		return a.Sub
	}
	return a.Attribute
}

// write writes a filter; in is the attribute in whose brackets it is, or nil.
func (f *Filter) write(out *strings.Builder, in *Attribute) {
	switch f.Op {
	case And, Or:
		for n, term := range f.Terms {
			if n > 0 {
				out.WriteString(" " + text(f.Op) + " ")
			}
			if term.Op == Or || term.Op == f.Op {
				out.WriteByte('(')
				term.write(out, in)
				out.WriteByte(')')
			} else {
				term.write(out, in)
			}
		}
	case Not:
		out.WriteString("not (")
		f.Terms[0].write(out, in)
		out.WriteByte(')')
	case Has:
		out.WriteString(f.Attr.String() + "[")
		f.Terms[0].write(out, f.Attr.Attribute)
		out.WriteByte(']')
	default:
		if in != nil && f.Attr.Attribute == in {
			out.WriteString("value")
		} else {
			out.WriteString(f.Attr.String())
		}
		out.WriteString(" " + text(f.Op))
		if f.Op != Present {
			out.WriteByte(' ')
			writeValue(out, f.Value)
		}
	}
}

// text returns the word of an operator.
func text(op Op) string {
	switch op {
	case And:
		return "and"
	case Or:
		return "or"
	case Not:
		return "not"
	case Present:
		return "pr"
	case Equal:
		return "eq"
	case NotEqual:
		return "ne"
	case Contains:
		return "co"
	case StartsWith:
		return "sw"
	case EndsWith:
		return "ew"
	case Greater:
		return "gt"
	case GreaterOrEqual:
		return "ge"
	case Less:
		return "lt"
	case LessOrEqual:
		return "le"
	}
	return "[ ]"
}

func writeValue(out *strings.Builder, v any) {
	switch v := v.(type) {
	case string:
		writeString(out, v)
	case bool:
		out.WriteString(strconv.FormatBool(v))
	case int64:
		out.WriteString(strconv.FormatInt(v, 10))
	case float64:
		out.WriteString(strconv.FormatFloat(v, 'g', -1, 64))
	default:
		out.WriteString("null")
	}
}

// writeString writes a JSON string with no escapes but those that are needed.
func writeString(out *strings.Builder, s string) {
	const hex = "0123456789abcdef"
	out.WriteByte('"')
	for n := range len(s) {
		switch c := s[n]; {
		case c == '"' || c == '\\':
			out.WriteByte('\\')
			out.WriteByte(c)
		case c < ' ':
			out.WriteString(`\u00`)
			out.WriteByte(hex[c>>4])
			out.WriteByte(hex[c&15])
		default:
			out.WriteByte(c)
		}
	}
	out.WriteByte('"')
}
