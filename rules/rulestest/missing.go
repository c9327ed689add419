package rulestest

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// MissingTakesNothing checks what makes rules safe against a source that has a bad
// day: that whatever single field is missing, nobody loses anything. It takes people
// as [People] makes them, as many as [Always] does, of whom everything is known, makes
// each field that the rules look at missing in turn, and fails if something is then gone that was granted, to be
// approved, undecided or in its time of grace before. Start and end of the employment are a field
// each, whichever dates the source fills.
//
// Conditions with nothing but comparisons pass by themselves: they become undecided.
// What fails is a rule that takes something away because a field is missing, such as
// a grant when not missing(badge), or one with a value that stands in for it. The
// failure names the field, the role and the rules, and shows the person reduced as
// Always does.
func MissingTakesNothing(t testing.TB, set *Set) {
	t.Helper()
	uses := set.rules.Uses()
	g := newGenerator(set.rules, seed)
	g.complete = true
	for k := range population() {
		p := oneEmployment(g.person(k))
		before := access(set.rules, p)
		for _, use := range uses {
			gone := goneWithout(set, p, before, use.Name)
			if gone == "" {
				continue
			}
			p = shrink(p, func(p Person) bool {
				return goneWithout(set, p, access(set.rules, p), use.Name) == gone
			})
			r, err := set.role(gone)
			if err != nil {
				t.Fatalf("%v", err)
			}
			full := decided{set.shared, p, set.rules.Decide(p.Person, p.At)}
			less := without(p, use.Name)
			bare := decided{set.shared, less, set.rules.Decide(less.Person, less.At)}
			t.Errorf("a missing %s takes %s away, by %s; a person for whom it does\n%s    before\n%s    without %s\n%s",
				use.Name, gone, strings.Join(turned(full, bare, r), ", "), indented(p.String()),
				full.whyRole(r), use.Name, strings.TrimSuffix(bare.whyRole(r), "\n"))
			return
		}
	}
}

// access is everything that the rules let somebody get or keep. What stays because
// nothing may be taken on an account does not count: the rules do not speak of it.
func access(set *rules.Set, p Person) []string {
	d := set.Decide(p.Person, p.At)
	out := slices.Concat(Want(d), Ask(d), Undecided(d))
	for i := range d.Accounts {
		a := &d.Accounts[i]
		if a.Desired.Extra == nil {
			continue
		}
		for _, k := range a.Desired.Extra.Keep {
			out = append(out, role{a.Target, a.Desired.Key.Slot, k.Entitlement}.String())
		}
	}
	return out
}

// goneWithout returns something that somebody no longer has if a field is missing;
// "" if there is nothing.
func goneWithout(set *Set, p Person, before []string, field string) string {
	less := without(p, field)
	if reflect.DeepEqual(less.Identity, p.Identity) {
		return "" // it is missing anyway
	}
	after := access(set.rules, less)
	for _, r := range before {
		if !slices.Contains(after, r) && !untouched(set, less, r) {
			return r
		}
	}
	return ""
}

// untouched reports whether nothing is taken on the account of a role.
func untouched(set *Set, p Person, text string) bool {
	r, err := set.role(text)
	if err != nil {
		return true
	}
	d := desired(set.rules.Decide(p.Person, p.At), r.target, r.slot)
	return d.Protected || d.Phase == target.Future
}

// without returns the person without a field. The start and the end of an employment
// are a field each.
func without(p Person, field string) Person {
	identity := *p.Identity
	names := []string{field}
	switch field {
	case string(rules.StartDate):
		names = []string{"start_date", "hire_date"}
	case string(rules.EndDate):
		names = []string{"last_day", "termination_date"}
	case string(rules.TimeZone):
		identity.Location.Zone = nil
	}
	for _, name := range names {
		if spec, ok := source.Field(name); ok && !spec.ReadOnly {
			blank(&identity, spec)
		}
	}
	p.Identity = &identity
	return p
}

// oneEmployment leaves out an end before the start, which belongs to an employment
// before: without the start it would be taken for the end of this one.
func oneEmployment(p Person) Person {
	identity := *p.Identity
	start := identity.Start()
	for _, d := range []*source.Date{&identity.LastDay, &identity.TerminationDate} {
		if !start.IsZero() && d.Before(start) {
			*d = source.Date{}
		}
	}
	if !identity.TerminatedAt.IsZero() && !start.IsZero() && source.DateOf(identity.TerminatedAt).Before(start.AddDays(1)) {
		identity.TerminatedAt = identity.TerminatedAt.AddDate(100, 0, 0)
	}
	p.Identity = &identity
	return p
}

// turned names the rules that say less of a role than before, or forbid it now; if
// there are none, those that speak of it now.
func turned(full, bare decided, r role) []string {
	before, _ := full.explain(r.target, r.slot, r.entitlement.String())
	after, _ := bare.explain(r.target, r.slot, r.entitlement.String())
	var out, all []string
	for _, now := range after.Causes {
		all = append(all, "rule "+now.Rule)
		was := rules.No
		for _, c := range before.Causes {
			if c.Rule == now.Rule && c.Number == now.Number {
				was = c.Outcome
			}
		}
		if now.Forbids && now.Outcome > was || !now.Forbids && now.Outcome < was {
			out = append(out, "rule "+now.Rule)
		}
	}
	if len(out) == 0 {
		out = all
	}
	return slices.Compact(out)
}
