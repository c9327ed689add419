package rulestest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
)

// A value is one thing that a field may hold.
type value struct {
	texts   []string // none: a list that is known to be empty
	missing bool
}

// state writes the value down. Candidates hold only what can be written.
func (v value) state(i *source.Identity, spec source.FieldSpec) {
	switch {
	case v.missing:
		blank(i, spec)
	case len(v.texts) == 0:
		empty(i, spec)
	default:
		_ = spec.Set(i, v.texts...)
	}
}

// candidates are the values of one field that are worth trying.
type candidates struct {
	use      rules.FieldUse
	field    source.FieldSpec // that is set: start_date for start
	fixed    []value
	offsets  []int // of days, from that of the decision
	optional bool  // whoever has nothing there is complete nevertheless
	// atWork, if it is set, is what somebody has who is at work.
	atWork func(today source.Date) value
}

func newCandidates(use rules.FieldUse) (candidates, bool) {
	field, ok := source.Field(meant(use.Name))
	if !ok || field.ReadOnly {
		return candidates{}, false
	}
	c := candidates{use: use, field: field}
	none := func(source.Date) value { return value{missing: true} }
	switch use.Name {
	case string(rules.EndDate), "last_day", "termination_date", "terminated_at":
		c.optional, c.atWork = true, none
	case string(rules.StartDate), string(rules.HireDate), "start_date":
		c.atWork = func(today source.Date) value { return value{texts: []string{today.AddDays(-longAgo).String()}} }
	case string(rules.Status):
		c.atWork = func(source.Date) value { return value{texts: []string{source.Active.String()}} }
	}
	switch use.Type {
	case "date":
		c.days()
	case "number":
		c.numbers()
	case "list":
		c.lists()
	case "instant": // see values
	default:
		c.texts()
	}
	return c, true
}

// longAgo is a number of days that no rule is likely to reach back.
const longAgo = 400

// values lists the values on a day, missing last. Their number is always the same.
func (c *candidates) values(today source.Date, at time.Time) []value {
	out := slices.Clone(c.fixed)
	for _, n := range c.offsets {
		out = append(out, value{texts: []string{today.AddDays(n).String()}})
	}
	if c.use.Type == "instant" {
		for _, d := range []time.Duration{-longAgo * 24 * time.Hour, -24 * time.Hour, -time.Second, 0, time.Second, 24 * time.Hour} {
			out = append(out, value{texts: []string{at.Add(d).UTC().Format(time.RFC3339)}})
		}
	}
	return append(out, value{missing: true})
}

func (c *candidates) days() {
	for _, day := range c.use.Days {
		for n := -1; n <= 1; n++ {
			c.fixed = append(c.fixed, value{texts: []string{day.AddDays(n).String()}})
		}
	}
	c.offsets = []int{-longAgo, -1, 0, 1, longAgo}
	for _, o := range c.use.Offsets {
		c.offsets = append(c.offsets, o-1, o, o+1)
	}
	slices.Sort(c.offsets)
	c.offsets = slices.Compact(c.offsets)
}

func (c *candidates) numbers() {
	list := []int{0}
	for _, n := range c.use.Numbers {
		list = append(list, n-1, n, n+1)
	}
	slices.Sort(list)
	for _, n := range slices.Compact(list) {
		c.fixed = append(c.fixed, value{texts: []string{strconv.Itoa(n)}})
	}
}

// lists tries each value, all of them, others, none, and as many as rules count.
func (c *candidates) lists() {
	add := func(texts ...string) {
		if v := (value{texts: texts}); c.stands(v) {
			c.fixed = append(c.fixed, v)
		}
	}
	other := "another"
	if c.field.Name == "alternate_ids" {
		other = "another=1"
	}
	if c.use.Vocabulary == nil {
		add(other)
	}
	values := slices.Clone(c.use.Values)
	if values == nil {
		values = slices.Clone(c.use.Vocabulary)
	}
	for _, v := range values {
		add(v)
	}
	if len(values) > 1 {
		add(values...)
	}
	c.fixed = append(c.fixed, value{}) // known to be empty
	const most = 100
	for _, n := range c.use.Numbers {
		for m := max(n-1, 1); m <= min(n+1, most); m++ {
			var texts []string
			for k := range m {
				texts = append(texts, strings.Replace(other, "another", fmt.Sprintf("another-%d", k+1), 1))
			}
			if c.use.Vocabulary == nil {
				add(texts...)
			}
		}
	}
}

// texts tries what rules compare with, what looks like it, and something else.
func (c *candidates) texts() {
	seen := map[string]bool{"": true}
	add := func(text string) {
		if !seen[text] && c.stands(value{texts: []string{text}}) {
			seen[text] = true
			c.fixed = append(c.fixed, value{texts: []string{text}})
		}
	}
	if c.use.Vocabulary != nil {
		for _, word := range c.use.Vocabulary {
			add(word)
		}
		return
	}
	for _, v := range c.use.Values {
		add(v)
		add(v + "x")
		add("x" + v)
		add(otherCase(v))
	}
	for _, text := range samples(c.field.Name) {
		add(text)
	}
}

// stands reports whether a value stays as it is in an identity that a source gives.
func (c *candidates) stands(v value) bool {
	i := source.Identity{ID: "p"}
	v.state(&i, c.field)
	if i, err := cleaned(i); err == nil {
		got, want := slices.Sorted(slices.Values(c.field.Values(&i))), slices.Sorted(slices.Values(v.texts))
		return slices.Equal(got, want)
	}
	return false
}

// samples are ordinary values of a field, and some that are hard to write in ASCII.
func samples(field string) []string {
	switch field {
	case "given_name", "preferred_name", "middle_name":
		return []string{"Ana", "Łukasz", "王"}
	case "family_name":
		return []string{"Silva", "Đorđević", "伟"}
	case "work_email", "personal_email", "manager_email":
		return []string{"ana.silva@example.com"}
	case "country":
		return []string{"DE", "NZ"}
	default:
		return []string{"another"}
	}
}

// otherCase turns large letters into small ones and the other way round.
func otherCase(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, text)
}
