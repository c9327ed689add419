package scim_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/scim"
)

// A spoken is a filter as a client may write it, and what it means: worked out beside
// the package, slowly and from the rules.
type spoken struct {
	text string
	mean func(o scim.Object) bool
}

// speaker makes filters.
type speaker struct{ *rand.Rand }

// A subject is an attribute that filters are about: how it is written, where its
// value is, and of what kind it is.
type subject struct {
	names []string
	place []string
	kind  string // exact, text, bool, number, time, or whole (pr only)
}

const core = "urn:ietf:params:scim:schemas:core:2.0:Person:"

func subjects() []subject {
	return []subject{
		{[]string{"userName", core + "userName"}, []string{"userName"}, "text"},
		{[]string{"externalId"}, []string{"externalId"}, "exact"},
		{[]string{"name.familyName", core + "name.familyName"}, []string{"name", "familyName"}, "text"},
		{[]string{"name", "emails", "members"}, nil, "whole"},
		{[]string{"active"}, []string{"active"}, "bool"},
		{[]string{"age"}, []string{"age"}, "number"},
		{[]string{"score"}, []string{"score"}, "number"},
		{[]string{"started"}, []string{"started"}, "time"},
		{[]string{"tags"}, []string{"tags"}, "text"},
		{[]string{"numbers"}, []string{"numbers"}, "number"},
		{[]string{"emails", "emails.value"}, []string{"emails", "value"}, "text"},
		{[]string{"emails.type"}, []string{"emails", "type"}, "text"},
		{[]string{"emails.primary"}, []string{"emails", "primary"}, "bool"},
		{[]string{"members", "members.value"}, []string{"members", "value"}, "exact"},
		{[]string{enterprise + ":employeeNumber"}, []string{enterprise, "employeeNumber"}, "text"},
		{[]string{enterprise + ":manager", enterprise + ":manager.value"}, []string{enterprise, "manager", "value"}, "exact"},
	}
}

func pick[T any](s speaker, from ...T) T { return from[s.IntN(len(from))] }

// noisy changes the case of letters and adds blanks around.
func (s speaker) noisy(word string) string {
	if s.IntN(3) == 0 {
		word = pick(s, strings.ToUpper(word), strings.ToLower(word))
	}
	return word
}

func (s speaker) blank() string { return pick(s, " ", " ", "  ", "\t") }

// any returns alternatives; leaf makes what they consist of.
func (s speaker) any(depth int, leaf func() spoken) spoken {
	alternatives := s.joined(" or ", func() spoken {
		return s.joined(" and ", func() spoken {
			switch n := s.IntN(8); {
			case depth > 0 && n == 0:
				in := s.any(depth-1, leaf)
				return spoken{"(" + in.text + pick(s, "", " ") + ")", in.mean}
			case depth > 0 && n == 1:
				in := s.any(depth-1, leaf)
				return spoken{s.noisy("not") + pick(s, "", " ") + "(" + in.text + ")", func(o scim.Object) bool { return !in.mean(o) }}
			}
			return leaf()
		}, true)
	}, false)
	return alternatives
}

func (s speaker) joined(word string, next func() spoken, all bool) spoken {
	var parts []spoken
	var texts []string
	for range 1 + s.IntN(3)*s.IntN(2) {
		parts = append(parts, next())
		texts = append(texts, parts[len(parts)-1].text)
	}
	return spoken{strings.Join(texts, s.noisy(word)), func(o scim.Object) bool {
		for _, p := range parts {
			if p.mean(o) != all {
				return !all
			}
		}
		return all
	}}
}

// leaf returns a comparison on a resource, or brackets.
func (s speaker) leaf() spoken {
	if s.IntN(4) == 0 {
		in := s.any(1, func() spoken {
			return s.comparison(pick(s, subject{[]string{"value"}, []string{"value"}, "text"}, subject{[]string{"type"}, []string{"type"}, "text"},
				subject{[]string{"primary"}, []string{"primary"}, "bool"}))
		})
		text := s.noisy("emails") + "[" + pick(s, "", " ") + in.text + "]"
		mean := in.mean
		if s.IntN(3) == 0 {
			and := s.comparison(subject{[]string{"value"}, []string{"value"}, "text"})
			text += "." + and.text
			mean = func(o scim.Object) bool { return in.mean(o) && and.mean(o) }
		}
		return spoken{text, func(o scim.Object) bool {
			for _, e := range found(o, "emails") {
				if mean(e.(scim.Object)) {
					return true
				}
			}
			return false
		}}
	}
	return s.comparison(pick(s, subjects()...))
}

func (s speaker) comparison(about subject) spoken {
	name := pick(s, about.names...)
	if about.kind == "whole" {
		return spoken{s.noisy(name) + s.blank() + s.noisy("pr"), func(o scim.Object) bool { return len(found(o, name)) > 0 }}
	}
	ops := []string{"eq", "ne"}
	switch about.kind {
	case "exact", "text":
		ops = append(ops, "co", "sw", "ew", "gt", "ge", "lt", "le")
	case "number", "time":
		ops = append(ops, "gt", "ge", "lt", "le")
	}
	op := pick(s, append(ops, "pr", "null")...)
	text := s.noisy(name) + s.blank()
	switch op {
	case "pr":
		// On emails, pr asks for the whole; the last of the names is the sub-attribute.
		text = s.noisy(about.names[len(about.names)-1]) + s.blank()
		return spoken{text + s.noisy("pr"), func(o scim.Object) bool { return len(found(o, about.place...)) > 0 }}
	case "null":
		return spoken{text + "eq null", func(o scim.Object) bool { return len(found(o, about.place...)) == 0 }}
	}
	want := s.value(about.kind)
	written := fmt.Sprint(want)
	switch about.kind {
	case "bool":
		written = pick(s, written, `"`+strings.ToTitle(written)+`"`)
	case "exact", "text":
		if written = `"` + written + `"`; s.IntN(3) == 0 {
			written = strings.NewReplacer("é", `\u00e9`, "a", `\u0061`).Replace(written)
		}
	case "time":
		written = `"` + written + `"`
	}
	return spoken{text + s.noisy(op) + s.blank() + written, func(o scim.Object) bool {
		some := false
		for _, have := range found(o, about.place...) {
			some = some || compared(op, about.kind, have, want)
		}
		return some != (op == "ne")
	}}
}

func (s speaker) value(kind string) any {
	switch kind {
	case "bool":
		return s.IntN(2) == 0
	case "number":
		return pick[any](s, int64(1), int64(2), 1.5, int64(-1))
	case "time":
		return pick(s, "2026-11-29T08:00:00Z", "2026-11-29T09:00:00+01:00", "2026-11-29T08:00:00.5Z", "2026-11-28T23:00:00-12:00")
	}
	return pick(s, "a", "A", "ab", "Ba", "é", "É", "b")
}

// found returns what is at a place, without what is empty.
func found(v any, place ...string) []any {
	switch v := v.(type) {
	case []any:
		var all []any
		for _, e := range v {
			all = append(all, found(e, place...)...)
		}
		return all
	case scim.Object:
		if len(place) > 0 {
			return found(v[place[0]], place[1:]...)
		}
		return []any{v}
	case nil:
		return nil
	}
	return []any{v}
}

// compared answers ne as eq.
func compared(op, kind string, have, want any) bool {
	order := 0
	switch kind {
	case "bool":
		if have != want {
			order = 1
		}
	case "number":
		order = compareFloats(toFloat(have), toFloat(want))
	case "time":
		x, _ := time.Parse(time.RFC3339, have.(string))
		y, _ := time.Parse(time.RFC3339, want.(string))
		order = compareFloats(float64(x.UnixMilli()), float64(y.UnixMilli()))
	default:
		x, y := have.(string), want.(string)
		if kind == "text" {
			x, y = strings.ToLower(x), strings.ToLower(y)
		}
		switch op {
		case "co":
			return strings.Contains(x, y)
		case "sw":
			return strings.HasPrefix(x, y)
		case "ew":
			return strings.HasSuffix(x, y)
		}
		order = strings.Compare(x, y)
	}
	return map[string]bool{"eq": order == 0, "ne": order == 0, "gt": order > 0, "ge": order >= 0, "lt": order < 0, "le": order <= 0}[op]
}

func toFloat(v any) float64 {
	if n, ok := v.(int64); ok {
		return float64(n)
	}
	return v.(float64)
}

func compareFloats(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// resource makes a resource that filters may be about.
func (s speaker) resource() scim.Object {
	o := scim.Object{}
	put := func(in scim.Object, name string, v any) {
		if s.IntN(3) > 0 {
			in[name] = v
		}
	}
	put(o, "userName", s.value("text"))
	put(o, "externalId", s.value("text"))
	put(o, "name", scim.Object{"familyName": s.value("text")})
	put(o, "active", s.value("bool"))
	put(o, "age", pick[any](s, int64(1), int64(2)))
	put(o, "score", pick(s, 1.5, 2.0, -1.0))
	put(o, "started", s.value("time"))
	put(o, "tags", []any{s.value("text"), s.value("text")})
	put(o, "numbers", []any{int64(1), int64(3)})
	var emails []any
	for range s.IntN(4) {
		e := scim.Object{"value": s.value("text")}
		put(e, "type", s.value("text"))
		put(e, "primary", s.value("bool"))
		emails = append(emails, e)
	}
	if emails != nil {
		o["emails"] = emails
	}
	put(o, "members", []any{scim.Object{"value": s.value("text")}})
	put(o, enterprise, scim.Object{"employeeNumber": s.value("text"), "manager": scim.Object{"value": s.value("text")}})
	return o
}

func TestFiltersMeanWhatTheRulesSay(t *testing.T) {
	const seed = 7
	s := speaker{rand.New(rand.NewPCG(seed, 0))}
	yes := 0
	for range 4000 {
		said := s.any(3, s.leaf)
		f, err := scim.ParseFilter(said.text, person(), wide)
		require.NoError(t, err, said.text)
		again, err := scim.ParseFilter(f.String(), person(), wide)
		require.NoError(t, err, "%s\n%s", said.text, f)
		require.Equal(t, f, again, "%s\n%s", said.text, f)
		require.Equal(t, f.String(), again.String())
		for range 10 {
			o := s.resource()
			require.Equal(t, said.mean(o), scim.Matches(f, o), "seed %d: %s\n%s\n%v", seed, said.text, f, o)
			if scim.Matches(f, o) {
				yes++
				for attr, v := range f.Equalities() {
					require.True(t, scim.Matches(&scim.Filter{Op: scim.Equal, Attr: attr, Value: v}, o), "%s demands %s", f, attr)
				}
			}
		}
	}
	require.Greater(t, yes, 10000, "too few match for the test to say much")
	require.Less(t, yes, 30000)
}
