package rulestest

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// A Set is a rule set under test. It remembers which rules its cases have tried:
// see [NeedCoverage]. Get one from [Load] or [Wrap]. It is safe for concurrent use.
type Set struct {
	t testing.TB
	*shared
}

// shared is what a Set and those made of it by [Set.With] have in common.
type shared struct {
	rules  *rules.Set
	fields fields
	roles  []role // that the rules may give, in their order

	mu       sync.Mutex
	coverage *rules.Coverage
}

// Load reads rule files and builds the layers, later ones over earlier ones. What
// is wrong fails the test at once, with every problem of every file. Problems name
// files as they are given here.
//
// Layers that are partly written in Go, because they bring functions or time zones,
// are built by the test itself, with rules.File, and go in by [Wrap].
func Load(t testing.TB, files ...string) *Set {
	t.Helper()
	layers := make([]rules.Spec, 0, len(files))
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatalf("load rules: %v", err)
		}
		layers = append(layers, rules.File(name, data))
	}
	built, err := rules.Build(layers...)
	if err != nil {
		t.Fatalf("load rules:\n%v", err)
	}
	return Wrap(t, built)
}

// Wrap is for sets that were built in Go.
func Wrap(t testing.TB, set *rules.Set) *Set {
	t.Helper()
	if set == nil {
		t.Fatalf("wrap rules: the set is nil; look at the error of rules.Build first")
	}
	return &Set{t, &shared{rules: set, fields: fieldsOf(set), roles: rolesOf(set), coverage: set.Coverage()}}
}

// With returns the same set for another test, usually a subtest: checks report
// there, and what they try counts for all.
func (s *Set) With(t testing.TB) *Set { return &Set{t, s.shared} }

// Rules returns the set that is tested.
func (s *Set) Rules() *rules.Set { return s.rules }

// decide decides about somebody, and counts what that tries.
func (s *Set) decide(p Person) decided {
	s.mu.Lock()
	s.coverage.See(p.Person, p.At)
	s.mu.Unlock()
	return decided{s.shared, p, s.rules.Decide(p.Person, p.At)}
}

// A role is an entitlement in its place.
type role struct {
	target, slot string
	entitlement  target.Entitlement
}

// String writes the role as rules do: "app/group:developer", and with a slot
// "app~admin/group:developer".
func (r role) String() string { return placeOf(r.target, r.slot) + "/" + r.entitlement.String() }

func placeOf(name, slot string) string {
	if slot == "" {
		return name
	}
	return name + "~" + slot
}

// rolesOf lists what the rules may give.
func rolesOf(set *rules.Set) []role {
	var out []role
	anybody := rules.Person{Identity: &source.Identity{ID: "nobody"}}
	for _, name := range set.Targets() {
		for _, x := range set.Trace(anybody, time.Time{}, name) {
			if x.Subject == rules.SubjectAccount || strings.HasPrefix(x.Subject, rules.SubjectAttribute("")) {
				continue
			}
			if e, err := target.ParseEntitlement(x.Subject); err == nil {
				out = append(out, role{name, x.Key.Slot, e})
			}
		}
	}
	return out
}

// role finds a role by its text. One that no rule gives is more likely misspelt
// than meant: it would be missing for everybody.
func (s *shared) role(text string) (role, error) {
	known := make([]string, 0, len(s.roles))
	for _, r := range s.roles {
		if r.String() == text {
			return r, nil
		}
		known = append(known, r.String())
	}
	return role{}, fmt.Errorf("no rule gives %q, only %s", text, some(known))
}

// place finds an account by its text.
func (s *shared) place(text string) (name, slot string, err error) {
	var known []string
	for _, name := range s.rules.Targets() {
		for _, slot := range s.rules.Owned(name).Slots {
			if known = append(known, placeOf(name, slot)); placeOf(name, slot) == text {
				return name, slot, nil
			}
		}
	}
	return "", "", fmt.Errorf("the rules have no account %q, only %s", text, some(known))
}

// attribute checks that the rules have a say in an attribute.
func (s *shared) attribute(name, attribute string) error {
	var known []string
	for _, a := range s.rules.Owned(name).Attributes {
		if known = append(known, a.Name); a.Name == attribute {
			return nil
		}
	}
	return fmt.Errorf("the rules set no attribute %q of %s, only %s", attribute, name, some(known))
}

// approvable checks that something is a rule that can be approved.
func (s *shared) approvable(id string) error {
	if s.rules.RuleHash(id) != "" {
		return nil
	}
	var known []string
	for _, c := range s.coverageLines() {
		if s.rules.RuleHash(c.Rule) != "" && !slices.Contains(known, c.Rule) {
			known = append(known, c.Rule)
		}
	}
	return fmt.Errorf("%q is no grant and no separation of duties, as %s", id, some(known))
}

func (s *shared) coverageLines() []rules.Covered {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.coverage.Lines()
}

// some lists what there is, for messages: at most ten.
func some(known []string) string {
	const most = 10
	switch {
	case len(known) == 0:
		return "nothing"
	case len(known) > most:
		return strings.Join(known[:most], ", ") + " …"
	default:
		return strings.Join(known, ", ")
	}
}
