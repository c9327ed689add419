package sqltarget

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/provision-go/provision/target"
)

// readExtra adds the attributes that are members of the JSON object. It returns
// false if the text is no object; null counts as an empty one.
func (a *accounts) readExtra(build *target.AttrBuilder, text string) bool {
	var members map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &members); err != nil {
		return false
	}
	for i := range a.attributes {
		at := &a.attributes[i]
		raw, ok := members[at.Name]
		if !ok || !at.inside || at.WriteOnly {
			continue
		}
		var list []json.RawMessage
		if at.Multi && json.Unmarshal(raw, &list) == nil {
			for _, one := range list {
				build.Add(at.Name, jsonText(one))
			}
			continue
		}
		build.Add(at.Name, jsonText(raw))
	}
	return true
}

// jsonText is a JSON value as an attribute's value: the text of a string, "" for
// null, and the JSON itself for anything else.
func jsonText(raw json.RawMessage) string {
	var text string
	switch {
	case string(raw) == "null":
		return ""
	case raw[0] == '"' && json.Unmarshal(raw, &text) == nil:
		return text
	}
	var out bytes.Buffer
	if json.Compact(&out, raw) != nil {
		return ""
	}
	return out.String()
}

// jsonValue is what is stored for the values of an attribute; nil removes it.
func (at *attribute) jsonValue(values []string) (any, error) {
	list := make([]any, 0, len(values))
	for _, v := range values {
		one, err := at.column.encode(v)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	switch {
	case len(list) == 0:
		return nil, nil //nolint:nilnil // JSON's null
	case at.Multi:
		return list, nil
	}
	return list[0], nil
}

// newExtra is what the column Extra of a new row holds.
func (a *accounts) newExtra(members map[string]any) (any, error) {
	members = maps.Clone(members)
	maps.DeleteFunc(members, func(_ string, v any) bool { return v == nil })
	if len(members) == 0 && a.extra.null {
		return nil, nil //nolint:nilnil // NULL
	}
	text, err := json.Marshal(members)
	return string(text), err
}

// merge is an assignment that changes members of the JSON object, nil removing
// one. The database does it, because the product may change others at the same
// time.
func (t *Target) merge(members map[string]any) (assignment, error) {
	c := t.m.accounts.extra
	text, err := json.Marshal(members)
	return assignment{column: c, write: func(s *statement) {
		name := s.d.name(c.name)
		if s.d.merge != "" {
			fmt.Fprintf(&s.text, s.d.merge, name, s.param(string(text)))
			return
		}
		// PostgreSQL: what is nil stands in the text as null, and is taken out again.
		var gone []string
		for _, member := range slices.Sorted(maps.Keys(members)) {
			if members[member] == nil {
				gone = append(gone, member)
			}
		}
		s.sql("CAST(" + strings.Repeat("(", len(gone)))
		fmt.Fprintf(&s.text, "(CASE jsonb_typeof(CAST(%[1]s AS jsonb)) WHEN 'object' THEN CAST(%[1]s AS jsonb) ELSE '{}' END", name)
		s.sql(" || CAST(CAST(").value(string(text)).sql(" AS text) AS jsonb))")
		for _, member := range gone {
			s.sql(" - CAST(").value(member).sql(" AS text))")
		}
		s.sql(" AS " + c.declared + ")")
	}}, err
}
