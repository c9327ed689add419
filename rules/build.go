package rules

import (
	"cmp"
	"errors"
	"slices"
	"sync"

	"github.com/provision-go/provision/target"
)

// A Set is a checked, compiled rule set. It is immutable and safe for
// concurrent use.
type Set struct {
	name     string
	hash     string
	accounts []account // in the order of the Spec
	grants   []grant   // sorted by id
	index    index     // of grants
	rounds   sync.Pool // of *round, for explainers
}

// account is a compiled TargetSpec.
type account struct {
	index        int // in the set
	target, slot string
	id           string // of the account rule
	cond         *node
	life         Lifecycle
	label        *node
	attributes   []attribute // sorted by name
	gives        []given     // sorted by entitlement
	givenBy      []uint64    // by grant: which of the first 64 of gives it gives
	asOf         []asOfTerm  // comparisons with the day that matter here
}

type attribute struct {
	id, name  string
	to        *node // nil for a secret
	when      *node // nil = always
	apply     target.Strength
	ifMissing IfMissing
	secret    bool
}

// given is an entitlement with the grants that can give it, by index.
type given struct {
	entitlement target.Entitlement
	grants      []int
}

type grant struct {
	id       string
	when     *node
	approval string
}

// Build checks a Spec and compiles it. The error joins everything that is wrong,
// each part a [*Problem] that names the rule; the Set is then nil. The Spec is
// copied: changing it afterwards has no effect.
func Build(spec Spec) (*Set, error) {
	c := &checker{}
	if spec.Name == "" {
		c.fail("", "the set has no name")
	}
	c.declare(spec.Fields)
	s := &Set{name: spec.Name}
	for _, t := range spec.Targets {
		s.accounts = append(s.accounts, c.account(t))
	}
	c.accountsTogether(s.accounts)
	c.grants(s, spec.Grants)
	c.ids(s)
	if len(c.problems) > 0 {
		return nil, errors.Join(c.problems...)
	}
	s.index = indexGrants(s.grants)
	for i := range s.accounts {
		s.accounts[i].index = i
		s.accounts[i].givenBy = givenBy(s.accounts[i].gives, len(s.grants))
		s.accounts[i].asOf = termsOf(&s.accounts[i], s.grants)
	}
	s.hash = hashOf(s, spec.Fields)
	return s, nil
}

// Name returns the name of the set.
func (s *Set) Name() string { return s.name }

// Hash identifies the content of the set: equal rules, equal hash. Hex SHA-256.
// The order of targets, attributes, grants and fields does not count, for it
// alters no decision; everything else does.
func (s *Set) Hash() string { return s.hash }

// Targets returns the sorted names of the targets that the set speaks of.
func (s *Set) Targets() []string {
	var names []string
	for i := range s.accounts {
		names = append(names, s.accounts[i].target)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Owned returns what the set has a say in on a target; the zero Owned for a
// target that it does not know. The slices are the caller's.
func (s *Set) Owned(name string) target.Owned {
	var owned target.Owned
	for i := range s.accounts {
		a := &s.accounts[i]
		if a.target != name {
			continue
		}
		owned.Slots = append(owned.Slots, a.slot)
		for _, at := range a.attributes {
			owned.Attributes = append(owned.Attributes, target.OwnedAttribute{Name: at.name, Strength: at.apply})
		}
		for _, g := range a.gives {
			owned.Entitlements = append(owned.Entitlements, g.entitlement)
		}
	}
	slices.Sort(owned.Slots)
	slices.SortFunc(owned.Attributes, func(a, b target.OwnedAttribute) int { return cmp.Compare(a.Name, b.Name) })
	owned.Attributes = slices.Compact(owned.Attributes)
	slices.SortFunc(owned.Entitlements, target.Entitlement.Compare)
	owned.Entitlements = slices.Compact(owned.Entitlements)
	return owned
}

// find returns the account of a target and slot, or nil.
func (s *Set) find(name, slot string) *account {
	for i := range s.accounts {
		if a := &s.accounts[i]; a.target == name && a.slot == slot {
			return a
		}
	}
	return nil
}
