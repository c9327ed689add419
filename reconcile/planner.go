package reconcile

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/provision-go/provision/target"
)

// planner is one run of Compute.
type planner struct {
	in *Input

	wants     wants
	managed   []target.Account // sorted by key, native id
	unmanaged []target.Account // sorted by native id
	catalogue []*target.Held   // sorted by entitlement, native id

	attributes map[string]attribute // owned and usable
	ownedNames map[string]bool
	telling    []string // names of attributes that tell accounts apart
	sensitive  []string // names of attributes that are not shown
	owned      map[target.Entitlement]bool
	privileged map[target.Entitlement]bool
	protected  map[string]protector // by identity
	grace      map[target.Entitlement]target.Grace
	budgets    []Budget
	budgeted   map[target.Entitlement][]int // positions in budgets
	proof      absence
	doubts     []Verdict                  // about the read and the clock
	members    map[target.Entitlement]int // of a whole plan
	claimed    map[string]bool            // native ids of unmanaged accounts that somebody may own
	listed     map[string]bool            // native ids of all accounts, once it is asked for
	undoing    *Undoing                   // nil: an ordinary plan

	record
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
	matter  *matter      // once it is weighed
	dropped bool
	undone  target.Phase // of what it takes back
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

var errTargetName = errors.New("accounts come from another target")

func newPlanner(in *Input) (*planner, error) {
	s := &in.Scope
	if s.target != "" && s.target != in.Target {
		return nil, fmt.Errorf("plan %s: %w: %q", in.Target, errTargetName, s.target)
	}
	p := &planner{
		in:      in,
		claimed: map[string]bool{},
		record: newRecord(&Plan{
			Target: in.Target, At: in.At.UTC().Round(0), Rules: in.Rules, Whole: s.whole, Mode: in.Policy.Mode,
			Position: in.History.Position, ReadFrom: in.History.ReadFrom, Masks: in.Masks,
		}),
	}
	p.readTelling()
	p.readSides()
	p.owned = set(in.Owned.Entitlements)
	p.privileged = set(in.Policy.Privileged)
	p.readProtected()
	p.readGrace()
	p.readBudgets()
	p.readAttributes()
	p.doubts = p.alarms()
	p.proof = p.judgeSource()
	p.plan.Managed = in.History.Managed
	if s.whole {
		p.plan.Managed = len(p.managed)
		p.plan.People = s.evidence.People
		p.plan.Proved = p.proof.text == ""
		p.plan.Filled = maps.Clone(p.in.Filled)
		p.countMembers()
	}
	return p, nil
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

// drop takes a node out, as soon as compact is called.
func (p *planner) drop(n *node) { n.dropped, p.dropped = true, true }

// compact removes the nodes that were dropped. Nobody needs those.
func (p *planner) compact() {
	if !p.dropped {
		return
	}
	p.dropped = false
	p.nodes = slices.DeleteFunc(p.nodes, func(n *node) bool { return n.dropped })
}
