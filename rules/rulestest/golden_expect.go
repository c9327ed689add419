package rulestest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/rules/internal/document"
	"github.com/provision-go/provision/target"
)

// An expectation is one thing that a case states.
type expectation struct {
	pos    rules.Pos
	at     *document.Value // nil for one that is to be added
	key    string          // "want", "account" …
	place  string          // of account and attributes
	name   string          // of the attribute
	want   []string
	asText bool // of attributes and next: written as one text, not as a list
}

func expectationKeys() []string {
	return []string{"want", "keep", "ask", "undecided", "account", "attributes", "missing", "notes", "next"}
}

// roleKeys are those whose values are roles.
func roleKeys() []string { return []string{"want", "keep", "ask", "undecided"} }

// expectations reads what one key states.
func (r *caseReader) expectations(p *document.Pair) []expectation {
	e := expectation{pos: r.pos(&p.Key), at: p.Value, key: p.Key.Text}
	switch {
	case slices.Contains(roleKeys(), e.key):
		for _, x := range r.roles(p.Value, e.key) {
			e.want = append(e.want, x.String())
		}
	case e.key == "account":
		return r.accounts(p.Value)
	case e.key == "attributes":
		return r.attributes(p.Value)
	case e.key == "next":
		if e.asText = true; r.text(p.Value, e.key) != never {
			r.instant(p.Value, e.key)
		}
		e.want = []string{p.Value.Text}
	case e.key == "missing":
		for _, text := range r.texts(p.Value, e.key) {
			name, err := r.set.fields.looked(text)
			if err != nil {
				r.fail(p.Value, "missing: %v", err)
			}
			e.want = append(e.want, name)
		}
	default:
		e.want = r.texts(p.Value, e.key)
	}
	return []expectation{e}
}

func (r *caseReader) accounts(v *document.Value) []expectation {
	if !r.is(v, document.Mapping, "account", "a mapping such as {app: enabled}") {
		return nil
	}
	var out []expectation
	for i := range v.Pairs {
		p := &v.Pairs[i]
		if _, _, err := r.set.place(p.Key.Text); err != nil {
			r.fail(&p.Key, "%v", err)
			continue
		}
		var state target.State
		if err := state.UnmarshalText([]byte(r.text(p.Value, p.Key.Text))); err != nil {
			r.fail(p.Value, "%v", err)
		}
		out = append(out, expectation{
			pos: r.pos(&p.Key), at: p.Value, key: "account", place: p.Key.Text, want: []string{p.Value.Text}, asText: true,
		})
	}
	return out
}

func (r *caseReader) attributes(v *document.Value) []expectation {
	if !r.is(v, document.Mapping, "attributes", "a mapping such as {app: {title: Engineer}}") {
		return nil
	}
	var out []expectation
	for i := range v.Pairs {
		p := &v.Pairs[i]
		name, _, err := r.set.place(p.Key.Text)
		if err != nil {
			r.fail(&p.Key, "%v", err)
			continue
		}
		if !r.is(p.Value, document.Mapping, p.Key.Text, "a mapping such as {title: Engineer}") {
			continue
		}
		for n := range p.Value.Pairs {
			a := &p.Value.Pairs[n]
			if err := r.set.attribute(name, a.Key.Text); err != nil {
				r.fail(&a.Key, "%v", err)
				continue
			}
			out = append(out, expectation{
				pos: r.pos(&a.Key), at: a.Value, key: "attributes", place: p.Key.Text, name: a.Key.Text,
				want: r.texts(a.Value, a.Key.Text), asText: a.Value.Kind == document.Scalar,
			})
		}
	}
	return out
}

// got is what the rules say of it, in the form in which it is stated; lists are
// sorted.
func (e *expectation) got(d *decided) []string {
	switch e.key {
	case "want":
		return Want(d.Decision)
	case "keep":
		return Keep(d.Person, d.Decision)
	case "ask":
		return Ask(d.Decision)
	case "undecided":
		return Undecided(d.Decision)
	case "missing":
		return lacking(d.Decision)
	case "notes":
		return noted(d.Decision)
	case "next":
		return []string{e.next(d)}
	}
	name, slot, err := d.set.place(e.place)
	if err != nil { // it was checked when it was read
		return nil
	}
	if e.key == "account" {
		return []string{desired(d.Decision, name, slot).State.String()}
	}
	return d.attribute(name, slot, e.name)
}

// next writes when something changes as the case does: as a day or as an instant.
func (e *expectation) next(d *decided) string {
	switch at := d.Decision.Next; {
	case at.IsZero():
		return never
	case len(e.want) == 1 && len(e.want[0]) > len(time.DateOnly):
		if want, err := time.Parse(time.RFC3339, e.want[0]); err == nil && want.Equal(at) {
			return e.want[0] // in whatever zone it is written
		}
		return at.UTC().Format(time.RFC3339)
	default:
		return at.In(d.zone()).Format(time.DateOnly)
	}
}

// holds reports whether the rules say what is stated.
func (e *expectation) holds(got []string) bool {
	want := slices.Compact(slices.Sorted(slices.Values(e.want)))
	return slices.Equal(want, got)
}

// differs says how what the rules say differs from what is stated, and why; "" if it
// does not.
func (e *expectation) differs(d *decided) string {
	got := e.got(d)
	if e.holds(got) {
		return ""
	}
	var b strings.Builder
	switch {
	case slices.Contains(roleKeys(), e.key):
		fmt.Fprintf(&b, "%s is %s, and the rules say %s\n", e.key, flow(e.want, false), flow(got, false))
		for _, r := range d.set.roles {
			if slices.Contains(got, r.String()) != slices.Contains(e.want, r.String()) {
				b.WriteString(d.whyRole(r))
			}
		}
	case e.key == "account" || e.key == "attributes":
		name, slot, _ := d.set.place(e.place) // it was checked when it was read
		what, subject := "account "+e.place, rules.SubjectAccount
		if e.key == "attributes" {
			what, subject = "attribute "+e.name+" of "+e.place, rules.SubjectAttribute(e.name)
		}
		fmt.Fprintf(&b, "%s is %s, and the rules say %s\n", what, flow(e.want, e.asText), flow(got, e.asText && len(got) == 1))
		b.WriteString(d.why(name, slot, subject))
	default:
		fmt.Fprintf(&b, "%s is %s, and the rules say %s\n", e.key, flow(e.want, e.asText), flow(got, e.asText))
		if e.key != "next" {
			b.WriteString(d.all())
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}
