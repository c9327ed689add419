package scimfake

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// term is "name eq value" or "name[terms]"; terms are joined by "and".
var (
	termText  = regexp.MustCompile(`^([\w$:.\-]+) eq (true|false|-?[0-9.]+|"(?:[^"\\]|\\.)*")`)
	beginText = regexp.MustCompile(`^([\w$:.\-]+)\[`)
)

// matches evaluates a filter on a resource.
func (s *Server) matches(x *resource, filter string) (bool, *fault) {
	if filter == "" {
		return true, nil
	}
	for _, name := range names(filter) {
		known := s.Quirks.Filters == nil || slices.ContainsFunc(s.Quirks.Filters, func(k string) bool { return strings.EqualFold(k, name) })
		if strings.EqualFold(name, "members") && s.Quirks.NoMemberFilter {
			known = false
		}
		if known {
			continue
		}
		switch s.Quirks.UnknownFilter {
		case "everything":
			return true, nil
		case "nothing":
			return false, nil
		}
		return false, bad("invalidFilter")
	}
	o := x.o
	if find(s.users, x.id()) == x {
		o = maps.Clone(o)
		o["groups"] = s.groupsOf(x.id())
	}
	rest, ok := filter, true
	for rest != "" {
		var held bool
		var f *fault
		if held, rest, f = s.term(o, rest, false); f != nil {
			return false, f
		}
		ok = ok && held
		if rest != "" && !strings.HasPrefix(rest, " and ") {
			return false, bad("invalidFilter")
		}
		rest = strings.TrimPrefix(rest, " and ")
	}
	return ok, nil
}

// names are the attributes that a filter is about, without their parts.
func names(filter string) []string {
	if m := beginText.FindStringSubmatch(filter); m != nil {
		return []string{m[1]}
	}
	var out []string
	for t := range strings.SplitSeq(filter, " and ") {
		name, _, _ := strings.Cut(t, " ")
		if !strings.HasPrefix(strings.ToLower(name), "urn:") {
			name, _, _ = strings.Cut(name, ".")
		}
		out = append(out, name)
	}
	return out
}

func (s *Server) term(o Object, text string, exact bool) (bool, string, *fault) {
	if m := beginText.FindStringSubmatch(text); m != nil {
		end := strings.LastIndex(text, "]")
		if end < 0 {
			return false, "", bad("invalidFilter")
		}
		inner := text[len(m[0]):end]
		for _, e := range elements(o[key(o, m[1])]) {
			if ok, f := s.all(e, inner, exact); f != nil || ok {
				return ok, text[end+1:], f
			}
		}
		return false, text[end+1:], nil
	}
	m := termText.FindStringSubmatch(text)
	if m == nil {
		return false, "", bad("invalidFilter")
	}
	var want any
	if err := json.Unmarshal([]byte(m[2]), &want); err != nil {
		return false, "", bad("invalidFilter")
	}
	if _, text := want.(string); text && s.Quirks.RawEscapes {
		want = strings.Trim(m[2], `"`)
	}
	exact = exact || strings.EqualFold(m[1], "externalId") || strings.EqualFold(m[1], "id") || strings.HasPrefix(m[1], "members") || strings.HasPrefix(m[1], "groups")
	for _, v := range valuesAt(o, m[1]) {
		if e, ok := v.(Object); ok {
			v = e["value"] // members eq "x"
		}
		a, isText := v.(string)
		b, _ := want.(string)
		if v == want || isText && b != "" && !exact && !s.Quirks.ExactFilter && strings.EqualFold(a, b) {
			return true, text[len(m[0]):], nil
		}
	}
	return false, text[len(m[0]):], nil
}

// all evaluates the terms in brackets on one element.
func (s *Server) all(e any, text string, exact bool) (bool, *fault) {
	o, _ := e.(Object)
	ok := true
	for text != "" {
		held, rest, f := s.term(o, text, exact)
		if f != nil {
			return false, f
		}
		ok = ok && held
		text = strings.TrimPrefix(rest, " and ")
	}
	return ok, nil
}

// valuesAt are the values at a path without brackets.
func valuesAt(o Object, path string) []any {
	name, sub := path, ""
	if i := strings.LastIndex(path, ":"); i > 0 {
		urn := path[:i]
		o, _ = o[key(o, urn)].(Object)
		name = path[i+1:]
	}
	name, sub, _ = strings.Cut(name, ".")
	v := o[key(o, name)]
	if sub == "" {
		if l, ok := v.([]any); ok {
			return l
		}
		return []any{v}
	}
	var out []any
	for _, e := range elements(v) {
		out = append(out, part(e, sub))
	}
	return out
}

func elements(v any) []any {
	switch v := v.(type) {
	case []any:
		return v
	case nil:
		return nil
	}
	return []any{v}
}

func part(e any, name string) any {
	o, _ := e.(Object)
	return o[key(o, name)]
}
