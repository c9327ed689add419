package scim

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"unicode/utf8"
)

// marshal is json.Marshal without the escapes that are for HTML.
func marshal(v any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

// AppendJSON writes a canonical value as JSON, the members of objects in the order of
// their names, so that equal values have equal texts. It is what [Restore] reads.
func AppendJSON(out []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case Object:
		return AppendObject(out, v)
	case []any:
		out = append(out, '[')
		for n := range v {
			if n > 0 {
				out = append(out, ',')
			}
			var err error
			if out, err = AppendJSON(out, v[n]); err != nil {
				return out, err
			}
		}
		return append(out, ']'), nil
	case string:
		return AppendText(out, v), nil
	case bool:
		return strconv.AppendBool(out, v), nil
	case int64:
		return strconv.AppendInt(out, v, 10), nil
	}
	text, err := marshal(v)
	return append(out, text...), err
}

// AppendObject is [AppendJSON] of an object without some of its members.
func AppendObject(out []byte, o Object, without ...string) ([]byte, error) {
	var few [32]string // most objects have no more, and it needs no allocation
	names := few[:0]
	for name := range o {
		if !slices.Contains(without, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	out = append(out, '{')
	for n, name := range names {
		if n > 0 {
			out = append(out, ',')
		}
		out = append(AppendText(out, name), ':')
		var err error
		if out, err = AppendJSON(out, o[name]); err != nil {
			return out, err
		}
	}
	return append(out, '}'), nil
}

// AppendText writes a JSON string. It escapes no more than it has to, which leaves
// what is not ASCII; bytes that are no UTF-8 become the replacement character.
func AppendText(out []byte, s string) []byte {
	const hex = "0123456789abcdef"
	out = append(out, '"')
	start := 0
	for n := 0; n < len(s); {
		c := s[n]
		switch {
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRuneInString(s[n:])
			if r == utf8.RuneError && size == 1 {
				out = append(append(out, s[start:n]...), "\ufffd"...)
				start = n + 1
			}
			n += size
			continue
		case c == '"' || c == '\\':
			out = append(append(out, s[start:n]...), '\\', c)
			start = n + 1
		case c < ' ':
			out = append(append(out, s[start:n]...), '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
			start = n + 1
		}
		n++
	}
	return append(append(out, s[start:]...), '"')
}
