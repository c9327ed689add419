package target

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"
)

// MarshalJSON writes an object, names sorted: a single value as a string,
// several as an array. A value that is not valid UTF-8 is written as
// {"base64": …}, so nothing is lost; a name that is not is an error. Values are
// not masked.
func (a Attributes) MarshalJSON() ([]byte, error) {
	out := bytes.NewBufferString("{")
	for name, values := range a.All() {
		if !utf8.ValidString(name) {
			return nil, fmt.Errorf("attribute %q: %w", name, errAttributeName)
		}
		if out.Len() > 1 {
			out.WriteByte(',')
		}
		if err := writeJSON(out, name); err != nil {
			return nil, err
		}
		out.WriteByte(':')
		if len(values) > 1 {
			out.WriteByte('[')
		}
		for i, v := range values {
			if i > 0 {
				out.WriteByte(',')
			}
			if err := writeJSON(out, attrValue(v)); err != nil {
				return nil, err
			}
		}
		if len(values) > 1 {
			out.WriteByte(']')
		}
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// UnmarshalJSON reads what MarshalJSON writes. null means no attributes; a
// number, a boolean or a nested null is an error.
func (a *Attributes) UnmarshalJSON(data []byte) error {
	var raw map[string]attrValues
	if err := json.Unmarshal(data, &raw); err != nil {
		return fmt.Errorf("attributes: %w", err)
	}
	var b AttrBuilder
	for name, values := range raw {
		for _, v := range values {
			b.Add(name, string(v))
		}
	}
	*a = b.Build()
	return nil
}

var (
	errAttributeName  = errors.New("name is not valid UTF-8")
	errAttributeValue = errors.New("want a string, an array of strings or base64")
)

func writeJSON(out *bytes.Buffer, v any) error {
	text, err := json.Marshal(v)
	out.Write(text)
	return err
}

type attrValue string

type attrBinary struct {
	Base64 *string `json:"base64"`
}

func (v attrValue) MarshalJSON() ([]byte, error) {
	if utf8.ValidString(string(v)) {
		return json.Marshal(string(v))
	}
	text := base64.StdEncoding.EncodeToString([]byte(v))
	return json.Marshal(attrBinary{Base64: &text})
}

func (v *attrValue) UnmarshalJSON(data []byte) error {
	switch data[0] {
	case '"':
		return json.Unmarshal(data, (*string)(v))
	case '{':
		var b attrBinary
		if err := json.Unmarshal(data, &b); err != nil {
			return err
		}
		if b.Base64 == nil {
			return errAttributeValue
		}
		value, err := base64.StdEncoding.DecodeString(*b.Base64)
		*v = attrValue(value)
		return err
	}
	return errAttributeValue
}

type attrValues []attrValue

func (l *attrValues) UnmarshalJSON(data []byte) error {
	if data[0] == '[' {
		// A null inside must not pass as an empty value.
		var list []json.RawMessage
		if err := json.Unmarshal(data, &list); err != nil {
			return err
		}
		*l = make(attrValues, len(list))
		for i, raw := range list {
			if err := (*l)[i].UnmarshalJSON(raw); err != nil {
				return err
			}
		}
		return nil
	}
	*l = make(attrValues, 1)
	return (*l)[0].UnmarshalJSON(data)
}
