package rulestest

import (
	"strings"

	"github.com/provision-go/provision/rules"
)

// A decided is what the rules want for somebody.
type decided struct {
	set *shared
	Person
	rules.Decision
}

// explain finds why something is as it is; ok is false if the rules do not speak of
// it.
func (d decided) explain(name, slot, subject string) (x rules.Explanation, ok bool) {
	for _, x := range d.set.rules.Trace(d.Person.Person, d.At, name) {
		if x.Key.Slot == slot && x.Subject == subject {
			return x, true
		}
	}
	return rules.Explanation{}, false
}

// why explains one subject in lines: what came of it, the rules that speak about it
// with their places, and the comparisons with what they saw. People in tests are
// made up, so nothing is masked.
func (d decided) why(name, slot, subject string) string {
	x, ok := d.explain(name, slot, subject)
	if !ok {
		return ""
	}
	var b strings.Builder
	describe(&b, placeOf(name, slot), &x)
	return b.String()
}

func (d decided) whyRole(r role) string { return d.why(r.target, r.slot, r.entitlement.String()) }

func describe(b *strings.Builder, place string, x *rules.Explanation) {
	b.WriteString("    " + place + "/" + x.Subject + ": " + x.Outcome + "\n")
	for _, c := range x.Causes {
		b.WriteString("      " + c.String())
		if !c.Pos.IsZero() {
			b.WriteString(" at " + c.Pos.String())
		}
		b.WriteByte('\n')
		for _, a := range c.Atoms {
			seen := a.Value
			if seen == "" {
				seen = "missing"
			}
			b.WriteString("        " + a.Text + ": " + a.Outcome.String() + " (" + seen + ")\n")
		}
	}
}

// all explains everything that is not plainly absent.
func (d decided) all() string {
	var b strings.Builder
	for _, name := range d.set.rules.Targets() {
		for _, x := range d.set.rules.Trace(d.Person.Person, d.At, name) {
			if x.Subject == rules.SubjectAccount || x.Outcome != "no opinion" && x.Outcome != "not granted" {
				describe(&b, placeOf(name, x.Key.Slot), &x)
			}
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// decisive returns the causes that decided: of those that forbid something these,
// else those with the strongest outcome.
func decisive(x *rules.Explanation) []rules.Cause {
	strongest, forbidden := rules.No, false
	for i := range x.Causes {
		strongest = max(strongest, x.Causes[i].Outcome)
		forbidden = forbidden || x.Causes[i].Forbids && x.Causes[i].Outcome == rules.Yes
	}
	var out []rules.Cause
	for _, c := range x.Causes {
		if c.Outcome == strongest && (!forbidden || c.Forbids) {
			out = append(out, c)
		}
	}
	return out
}
