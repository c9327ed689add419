package reconcile

import (
	"slices"

	"github.com/provision-go/provision/target"
)

// applyMode takes out what the mode does not allow, with everything that cannot
// be done without it, and returns the rest in order.
func (p *planner) applyMode() []*node {
	if p.in.Policy.Mode == Full {
		return p.nodes
	}
	kept := make(map[*node]bool, len(p.nodes))
	for _, n := range p.nodes {
		kept[n] = p.allowed(n)
	}
	if p.in.Policy.Mode == CreateOnly {
		p.keepEnsured(kept)
	}
	for again := true; again; {
		again = false
		for _, n := range p.nodes {
			if kept[n] && hopeless(n, kept) {
				kept[n], again = false, true
			}
		}
	}
	var planned []*node
	for _, n := range p.nodes {
		if kept[n] {
			planned = append(planned, n)
		} else {
			p.plan.Omitted = append(p.plan.Omitted, n.Change)
		}
	}
	return planned
}

func (p *planner) allowed(n *node) bool {
	switch p.in.Policy.Mode {
	case Upsert:
		return !n.Action.Removes()
	case CreateOnly:
		return n.Action == Create || n.Action == Grant &&
			slices.ContainsFunc(n.needs, func(e edge) bool { return e.to.Action == Create })
	case Observe:
		return false
	default: // Full
		return true
	}
}

// keepEnsured keeps the making of entitlements that new accounts are to get.
func (p *planner) keepEnsured(kept map[*node]bool) {
	for _, n := range p.nodes {
		for _, e := range n.needs {
			if n.Action == Grant && kept[n] && e.to.Action == CreateEntitlement {
				kept[e.to] = true
			}
		}
	}
}

// hopeless reports whether a change cannot be done without something that is
// left out: a change that it needs, or the reference in each of its fields.
func hopeless(n *node, kept map[*node]bool) bool {
	lost := map[string]bool{}
	for _, e := range n.needs {
		if kept[e.to] {
			continue
		}
		if e.field == "" {
			return true
		}
		lost[e.field] = true
	}
	return n.Action == Update && len(lost) == len(n.Fields)
}

func desiredOf(c *Change) *target.Desired {
	return &target.Desired{Key: c.Key, Label: c.Label}
}
