package reconcile

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/provision-go/provision/target"
)

// planner is one run of Compute.
type planner struct {
	in   *Input
	plan *Plan

	wants     []*target.Desired // sorted by key
	managed   []*target.Account // sorted by key, native id
	unmanaged []*target.Account // sorted by native id
	catalogue []*target.Held    // sorted by entitlement, native id

	attributes map[string]attribute // owned and usable
	ownedNames map[string]bool
	telling    []string // names of attributes that tell accounts apart
	sensitive  []string // names of attributes that are not shown
	owned      map[target.Entitlement]bool
	privileged map[target.Entitlement]bool
	protected  map[string]bool

	nodes    []*node
	makers   map[target.Key]*node         // create or adopt, by key
	ensured  map[target.Entitlement]*node // create-entitlement
	disables map[string]*node             // by native id
	deletes  map[string]*node             // by native id
	absent   []*target.Desired            // sorted by key: an account is wanted, none is there
	departed []*target.Desired            // have left and have no account
	claimed  map[string]bool              // native ids of unmanaged accounts that somebody may own

	proof  absence
	notes  []Finding
	counts map[noteKey]*tally
	// undecided is the identity that was counted last.
	undecided string
	// marks counts nodes and findings, so that an account without either is seen
	// to be unchanged.
	marks int
	due   map[Action]*Scheduled
}

// attribute is one that the rules own and the target knows and takes.
type attribute struct {
	target.AttributeSpec
	strength target.Strength
}

// node is a change in the making.
type node struct {
	Change
	needs   []edge
	reasons []HoldReason // its own, without guards
	dropped bool
}

// edge is a Need in the making.
type edge struct {
	to    *node
	field string
}

func (n *node) need(to *node, field string) {
	if to == nil || slices.Contains(n.needs, edge{to, field}) {
		return
	}
	n.needs = append(n.needs, edge{to, field})
}

func (n *node) hold(kind HoldKind, text string, approvable bool) {
	n.reasons = append(n.reasons, HoldReason{Kind: kind, Text: text, Approvable: approvable})
}

var (
	errEmptyKey   = errors.New("desired account without a key")
	errTwiceKey   = errors.New("two desired accounts with one key")
	errTargetName = errors.New("accounts come from another target")
)

func newPlanner(in *Input) (*planner, error) {
	s := &in.Scope
	if s.target != "" && s.target != in.Target {
		return nil, fmt.Errorf("plan %s: %w: %q", in.Target, errTargetName, s.target)
	}
	p := &planner{
		in: in,
		plan: &Plan{
			Target: in.Target, At: in.At.UTC().Round(0), Rules: in.Rules, Whole: s.whole, Mode: in.Policy.Mode,
			Position: in.History.Position,
		},
		makers:   map[target.Key]*node{},
		ensured:  map[target.Entitlement]*node{},
		disables: map[string]*node{},
		deletes:  map[string]*node{},
		claimed:  map[string]bool{},
		counts:   map[noteKey]*tally{},
		due:      map[Action]*Scheduled{},
	}
	p.readTelling()
	if err := p.sortSides(); err != nil {
		return nil, fmt.Errorf("plan %s: %w", in.Target, err)
	}
	p.owned = set(in.Owned.Entitlements)
	p.privileged = set(in.Policy.Privileged)
	p.protected = set(in.Policy.Protect)
	p.readAttributes()
	p.proof = p.judgeSource()
	p.plan.Managed = in.History.Managed
	if s.whole {
		p.plan.Managed = len(p.managed)
		p.plan.People = s.evidence.People
		p.plan.Proved = p.proof.text == ""
	}
	return p, nil
}

func (p *planner) sortSides() error {
	s := &p.in.Scope
	p.wants = pointers(s.desired)
	sortUnlessSorted(p.wants, func(a, b *target.Desired) int { return a.Key.Compare(b.Key) })
	for i, d := range p.wants {
		if d.Key.Identity == "" {
			label := d.Label
			if p.secret(label, d.Attributes) {
				label = masked
			}
			return fmt.Errorf("%w: %q", errEmptyKey, label)
		}
		if i > 0 && p.wants[i-1].Key == d.Key {
			return fmt.Errorf("%w: %s", errTwiceKey, d.Key)
		}
	}
	if s.whole {
		p.managed, p.unmanaged = pointers(s.managed), pointers(s.unmanaged)
	} else {
		p.splitFound()
	}
	p.catalogue = pointers(s.catalogue)
	sortUnlessSorted(p.catalogue, func(a, b *target.Held) int {
		return cmp.Or(a.Entitlement.Compare(b.Entitlement), cmp.Compare(a.ID, b.ID))
	})
	return nil
}

// splitFound sorts what was found for one person. Looking by key and by address
// finds one account twice; the reading that shows a key is kept.
func (p *planner) splitFound() {
	all := pointers(p.in.Scope.found)
	slices.SortStableFunc(all, func(a, b *target.Account) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), b.Key.Compare(a.Key))
	})
	all = slices.CompactFunc(all, func(a, b *target.Account) bool { return a.ID == b.ID })
	for _, a := range all {
		if a.Key.IsZero() {
			p.unmanaged = append(p.unmanaged, a)
		} else {
			p.managed = append(p.managed, a)
		}
	}
	sortUnlessSorted(p.managed, func(a, b *target.Account) int {
		return cmp.Or(a.Key.Compare(b.Key), cmp.Compare(a.ID, b.ID))
	})
}

func pointers[T any](list []T) []*T {
	if len(list) == 0 {
		return nil
	}
	out := make([]*T, len(list))
	for i := range list {
		out[i] = &list[i]
	}
	return out
}

func sortUnlessSorted[T any](list []T, compare func(a, b T) int) {
	if !slices.IsSortedFunc(list, compare) {
		slices.SortFunc(list, compare)
	}
}

func set[T comparable](list []T) map[T]bool {
	out := make(map[T]bool, len(list))
	for _, v := range list {
		out[v] = true
	}
	return out
}

// compact removes the nodes that were dropped. Nobody needs those.
func (p *planner) compact() {
	p.nodes = slices.DeleteFunc(p.nodes, func(n *node) bool { return n.dropped })
}

// position returns where the accounts with a key begin, and how many there are.
func (p *planner) position(key target.Key) (at, n int) {
	at, _ = slices.BinarySearchFunc(p.managed, key, func(a *target.Account, k target.Key) int {
		return a.Key.Compare(k)
	})
	for at+n < len(p.managed) && p.managed[at+n].Key == key {
		n++
	}
	return at, n
}

// wanted returns what is desired for a key, or nil.
func (p *planner) wanted(key target.Key) *target.Desired {
	at, ok := slices.BinarySearchFunc(p.wants, key, func(d *target.Desired, k target.Key) int {
		return d.Key.Compare(k)
	})
	if !ok {
		return nil
	}
	return p.wants[at]
}
