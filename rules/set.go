package rules

import (
	"cmp"
	"slices"
	"sync"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// A Set is a checked, compiled rule set. It is immutable and safe for
// concurrent use.
type Set struct {
	name     string
	hash     string
	spec     Spec // the layers as one, for Format
	fields   map[string]*fieldRef
	scope    scope
	accounts []account // in the order of the Spec
	grants   []grant   // sorted by id and number
	special  []int     // grants with exceptions or approvals
	picks    []pick
	never    []never  // sorted by id
	duties   []duties // sorted by id
	budgets  []budget // sorted by id
	protect  []protection
	tables   []*table       // sorted by name
	pos      map[string]Pos // of rules, by ID
	index    index          // of grants
	matches  []match        // of grants
	rounds   sync.Pool      // of *round, for explainers
}

type scope struct {
	pos   Pos
	when  *node // nil = everybody
	close bool
}

// account is a compiled TargetSpec.
type account struct {
	index        int // in the set
	target, slot string
	id           string // of the account rule
	cond         *node
	life         life
	label        *node
	attributes   []attribute // sorted by name
	requires     []requirement
	gives        []given    // sorted by entitlement
	givenBy      []uint64   // by grant: which of the first 64 of gives it gives
	graced       []int      // those of gives with a time of grace
	budgeted     bool       // a budget is about this target
	asOf         []asOfTerm // comparisons with the day that matter here
}

// life is a compiled Lifecycle.
type life struct {
	Lifecycle
	zone                             zone
	leaveSince, expireWhen, expireOn *node
}

type attribute struct {
	id, name  string
	to        *node // nil for what is made otherwise
	when      *node // nil = always
	choices   []choice
	unique    *unique
	apply     target.Strength
	ifMissing IfMissing
	secret    bool
}

type unique struct {
	Unique
	try []*node
}

// choice is one of several values, sorted by rank, the highest first.
type choice struct {
	when, to     *node
	rank, number int
}

// given is an entitlement with the grants that can give it, by index.
type given struct {
	entitlement target.Entitlement
	grants      []int
	nevers      []int
	grace       int // days
	graceOf     string
}

// gift is an entitlement of an account, by its index.
type gift struct {
	account     int
	entitlement target.Entitlement
}

// grant is a compiled grant, a row of the table of one, or a choice of a pick.
type grant struct {
	id       string
	number   int // of the row or choice, from 1; 0 = none
	pos      Pos
	when     *node
	gives    []gift
	approval *approval
	except   []Exception
	grace    int
	pick     int // of which pick it is a choice, from 1
	rank     int
	table    *table // whose row it is; when is then its own condition with that of the row
	own      *node
}

type approval struct {
	by           string
	when         *node // nil = everybody
	days         int
	keepIfDenied bool
}

type pick struct {
	id      string
	pos     Pos
	choices []int // grants, the highest rank first
}

type never struct {
	id   string
	pos  Pos
	when *node
	take []gift
}

type duties struct {
	id    string
	pos   Pos
	roles []gift
	do    Duties
	by    string
}

type requirement struct {
	id         string
	pos        Pos
	when, must *node // when: nil = everybody
	report     bool
}

type budget struct {
	target.Budget
	pos    Pos
	target string
}

type protection struct {
	id   string
	pos  Pos
	who  []string // sorted
	when *node    // nil = nobody
}

// Name returns the name of the set.
func (s *Set) Name() string { return s.name }

// Hash identifies the content of the set: equal rules, equal hash. Hex SHA-256.
// What alters no decision does not count: the order of targets, attributes,
// grants and fields, notes, and how the rules are spread over layers.
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
		if a := &s.accounts[i]; a.target == name {
			a.own(&owned)
		}
	}
	if len(owned.Slots) == 0 {
		return owned
	}
	slices.Sort(owned.Slots)
	slices.SortFunc(owned.Attributes, func(a, b target.OwnedAttribute) int { return cmp.Compare(a.Name, b.Name) })
	owned.Attributes = slices.Compact(owned.Attributes)
	slices.SortFunc(owned.Entitlements, target.Entitlement.Compare)
	owned.Entitlements = slices.Compact(owned.Entitlements)
	slices.SortFunc(owned.Grace, func(a, b target.Grace) int {
		return cmp.Or(a.Entitlement.Compare(b.Entitlement), cmp.Compare(b.Days, a.Days), cmp.Compare(a.Rule, b.Rule))
	})
	owned.Grace = slices.CompactFunc(owned.Grace, func(a, b target.Grace) bool { return a.Entitlement == b.Entitlement })
	slices.SortFunc(owned.Unique, func(a, b target.Unique) int {
		return cmp.Or(cmp.Compare(a.Slot, b.Slot), cmp.Compare(a.Attribute, b.Attribute))
	})
	slices.SortFunc(owned.Rehires, func(a, b target.Rehire) int { return cmp.Compare(a.Slot, b.Slot) })
	for i := range s.protect {
		owned.Protect = append(owned.Protect, s.protect[i].who...)
	}
	slices.Sort(owned.Protect)
	owned.Protect = slices.Compact(owned.Protect)
	for i := range s.duties {
		owned.Duties = append(owned.Duties, s.apart(&s.duties[i], name)...)
	}
	for i := range s.budgets {
		if b := &s.budgets[i]; b.target == name {
			copied := b.Budget
			copied.Entitlements = slices.Clone(copied.Entitlements)
			owned.Budgets = append(owned.Budgets, copied)
		}
	}
	return owned
}

// apart returns what a separation of duties says of the accounts of one target.
func (s *Set) apart(d *duties, name string) []target.Duties {
	if d.do == ReportDuties {
		return nil
	}
	var out []target.Duties
	for i := range s.accounts {
		a := &s.accounts[i]
		if a.target != name {
			continue
		}
		one := target.Duties{Slot: a.slot, Rule: d.id, Approvable: d.do == ApproveDuties}
		for _, role := range d.roles {
			if role.account == i {
				one.Entitlements = append(one.Entitlements, role.entitlement)
			}
		}
		if len(one.Entitlements) > 1 {
			out = append(out, one)
		}
	}
	return out
}

func (a *account) own(owned *target.Owned) {
	owned.Slots = append(owned.Slots, a.slot)
	for _, x := range a.attributes {
		owned.Attributes = append(owned.Attributes, target.OwnedAttribute{Name: x.name, Strength: x.apply})
		if x.unique != nil {
			owned.Unique = append(owned.Unique, target.Unique{
				Slot: a.slot, Attribute: x.name, Rule: x.id, NeverReuse: x.unique.NeverReuse,
			})
		}
	}
	for _, g := range a.gives {
		owned.Entitlements = append(owned.Entitlements, g.entitlement)
		if g.grace > 0 {
			owned.Grace = append(owned.Grace, target.Grace{Entitlement: g.entitlement, Days: g.grace, Rule: g.graceOf})
		}
	}
	if r := a.life.Rehire; r != (Rehire{}) {
		owned.Rehires = append(owned.Rehires, target.Rehire{Slot: a.slot, Rule: a.life.ID, Hold: r.Hold, Within: r.Within})
	}
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

// sinceEpoch is a day as Desired.Since has it.
func sinceEpoch(d source.Date) int32 {
	if d.IsZero() {
		return 0
	}
	return int32(d.Sub(source.Day(1970, 1, 1)))
}
