package rulestest

import (
	"slices"
	"strings"
	"time"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
)

// shrink leaves out of a person whatever can be left out while it still fails. Of the
// result nothing more can be left out by itself, and who may as well be active is. It
// depends on its input alone.
func shrink(p Person, fails func(Person) bool) Person {
	for {
		smaller, found := smallerThan(p, fails)
		if !found {
			return p
		}
		p = smaller
	}
}

// smallerThan leaves one thing out, or several of a sort.
func smallerThan(p Person, fails func(Person) bool) (Person, bool) {
	for _, change := range reductions(p) {
		next := p
		identity := *p.Identity // Set replaces slices and maps, and writes to none
		next.Identity = &identity
		next.Held, next.Approvals = slices.Clone(p.Held), slices.Clone(p.Approvals)
		change(&next)
		if fails(next) {
			return next, true
		}
	}
	return p, false
}

// reductions lists what can be left out: the most first.
func reductions(p Person) []func(*Person) {
	var out []func(*Person)
	if p.Approvals != nil {
		out = append(out, func(p *Person) { p.Approvals = nil })
	}
	if p.Held != nil {
		out = append(out, func(p *Person) { p.Held = nil })
		if slices.ContainsFunc(p.Held, func(h rules.Held) bool { return !h.Lost.IsZero() }) {
			out = append(out, func(p *Person) {
				for n := range p.Held {
					p.Held[n].Lost = time.Time{}
				}
			})
		}
	}
	for n := range p.Approvals {
		out = append(out, func(p *Person) { p.Approvals = slices.Delete(p.Approvals, n, n+1) })
	}
	for n := range p.Held {
		out = append(out, func(p *Person) { p.Held = slices.Delete(p.Held, n, n+1) })
	}
	for _, spec := range known(p.Identity) {
		if spec.Name == "id" {
			continue
		}
		out = append(out, func(p *Person) {
			blank(p.Identity, spec)
			if spec.Name == "time_zone" {
				p.Identity.Location.Zone = nil
			}
		})
	}
	// What is left is easier to read about somebody ordinary.
	if p.Status() != source.Unknown && p.Status() != source.Active {
		out = append(out, func(p *Person) { p.Identity.Status = source.Active })
	}
	return out
}

// summary says in one line what a decision comes to.
func summary(d *decided) string {
	var parts []string
	for _, key := range roleKeys() {
		e := expectation{key: key}
		if got := e.got(d); key == "want" || len(got) > 0 {
			parts = append(parts, key+": "+flow(got, false))
		}
	}
	return "and the rules say " + strings.Join(parts, ", ")
}

// indented indents the lines of a text.
func indented(text string) string {
	return "    " + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n    ") + "\n"
}
