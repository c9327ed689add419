package reconcile

import (
	"cmp"
	"slices"

	"github.com/provision-go/provision/target"
)

// entitle plans grants and revokes for one account. With a disable, the revokes
// need it and share its fate.
func (p *planner) entitle(w work, disable *node) {
	from := len(p.nodes)
	held := sortedEntitlements(w.have.Entitlements)
	wanted := sortedEntitlements(w.want.Entitlements)
	for _, e := range wanted {
		if !has(held, e) {
			p.grant(w, e)
		}
	}
	p.ask(w, held, wanted)
	p.revokes(w, disable)
	p.separate(w, from)
}

// revokes plans to take what is held, ours to take and not wanted.
func (p *planner) revokes(w work, disable *node) {
	wanted := sortedEntitlements(w.want.Entitlements)
	for _, e := range sortedEntitlements(w.have.Entitlements) {
		if !has(wanted, e) {
			p.revoke(w, e, disable)
		}
	}
}

// entitleNew plans the grants of an account that is about to be made.
func (p *planner) entitleNew(w work) {
	wanted := sortedEntitlements(w.want.Entitlements)
	for _, e := range wanted {
		p.grant(w, e)
	}
	p.ask(w, nil, wanted)
}

// ask plans grants that somebody has to approve.
func (p *planner) ask(w work, held, wanted []target.Entitlement) {
	asks := slices.Clone(w.want.Ask)
	slices.SortFunc(asks, compareAsks)
	for i, ask := range asks {
		if i > 0 && asks[i-1] == ask || has(held, ask.Entitlement) || has(wanted, ask.Entitlement) {
			continue
		}
		var n *node
		if i > 0 && asks[i-1].Entitlement == ask.Entitlement {
			n = p.granting(w, ask.Entitlement)
		} else {
			n = p.grant(w, ask.Entitlement)
		}
		if n != nil {
			n.reasons = append(n.reasons, HoldReason{Kind: NeedsApproval, Text: lasting(approvalText(ask.By), ask.Days), By: ask.By, Days: ask.Days})
		}
	}
}

// granting returns the grant that was planned last, if it is the one asked for.
func (p *planner) granting(w work, e target.Entitlement) *node {
	if len(p.nodes) == 0 {
		return nil
	}
	n := p.nodes[len(p.nodes)-1]
	if n.Action != Grant || n.Key != w.want.Key || n.Entitlement != e {
		return nil
	}
	return n
}

func approvalText(by string) string {
	if by == "" {
		return "approval"
	}
	return "approval by " + by
}

// lasting adds to a text how many days what it says is good for.
func lasting(text string, days int) string {
	if days <= 0 {
		return text
	}
	return text + ", good for " + plural(days, "day", "days")
}

func (p *planner) grant(w work, e target.Entitlement) *node {
	kind, ok := p.in.Capabilities.Kind(e.Kind)
	if !ok {
		p.count(noteKey{code: CodeKind, field: e.Kind}, w.want)
		return nil
	}
	c := Change{Action: Grant, Entitlement: e}
	if !p.can(&c) {
		return p.change(&w, c) // reports it
	}
	id, named := p.catalogued(e)
	if named > 1 {
		p.count(noteKey{code: CodeDuplicateEntitlement, action: Grant, entitlement: e}, w.want)
		return nil
	}
	c.EntitlementID = id
	var ensure *node
	if kind.List && p.in.Scope.catalogued && named == 0 {
		if ensure = p.ensure(e, kind); ensure == nil {
			p.count(noteKey{code: CodeNoEntitlement, entitlement: e}, w.want)
			return nil
		}
	}
	n := p.change(&w, c)
	n.need(ensure, "")
	if n != nil && p.budgets != nil {
		p.takeSeat(w, n)
	}
	return n
}

// ensure plans to make an entitlement that does not exist, once for everybody.
func (p *planner) ensure(e target.Entitlement, kind target.EntitlementSpec) *node {
	if n := p.ensured[e]; n != nil {
		return n
	}
	if !p.in.Policy.CreateEntitlements || !kind.Ensure {
		return nil
	}
	n := p.node()
	n.Change = Change{Action: CreateEntitlement, Target: p.in.Target, Entitlement: e}
	p.ensured[e] = n
	p.add(n)
	return n
}

// revoke plans to take an entitlement if it is ours to take.
func (p *planner) revoke(w work, e target.Entitlement, disable *node) {
	granted := slices.Contains(w.past.Granted, e)
	if !granted && !p.owned[e] {
		p.leftHolding(w, e)
		return
	}
	if slices.Contains(w.want.Undecided, e) {
		return
	}
	asked, over := p.approved(&w, e)
	if asked && over == "" {
		return
	}
	// Without a rule and not given by us: somebody else gave it. For those who
	// leave it makes no difference.
	stays := w.situation == Confirmed || w.situation == Found
	drift := !granted && stays && !asked
	if drift && p.in.Policy.Drift == LetIt {
		p.count(noteKey{code: CodeDrift, entitlement: e}, w.want)
		return
	}
	if stays && p.keeps(w.want, e) {
		return
	}
	switch {
	case drift:
		w.reason = Drift
	case asked, stays && !p.owned[e]:
		w.reason = NoReason // time went by, or the rule is gone; nothing about the person changed
	}
	id, named := p.catalogued(e)
	if named > 1 {
		p.count(noteKey{code: CodeDuplicateEntitlement, action: Revoke, entitlement: e}, w.want)
		return
	}
	n := p.change(&w, Change{Action: Revoke, Entitlement: e, EntitlementID: id})
	if n == nil {
		return
	}
	n.need(disable, "")
	if drift && p.in.Policy.Drift == HoldIt {
		n.hold(InConflict, "somebody else granted it", true)
	}
	switch {
	case asked:
		n.Because = []string{over}
	case stays:
		p.graceful(w.want, n)
	}
}

// leftHolding reports what a leaver keeps because it is not ours to take, unless
// it goes with the account.
func (p *planner) leftHolding(w work, e target.Entitlement) {
	goes := w.want.State == target.Deleted && p.can(&Change{Action: Delete}) && !p.deleteDue(&w).IsZero()
	if w.situation == LeaverSituation && !goes {
		p.count(noteKey{code: CodeLeftHolding, entitlement: e}, w.want)
	}
}

// catalogued returns the native id of an entitlement and how many the catalogue
// has by that name. Of several nobody can say which the rules mean, so none is
// granted or revoked.
func (p *planner) catalogued(e target.Entitlement) (id string, named int) {
	at, ok := slices.BinarySearchFunc(p.catalogue, e, func(h *target.Held, e target.Entitlement) int {
		return h.Entitlement.Compare(e)
	})
	if !ok {
		return "", 0
	}
	id = p.catalogue[at].ID
	last := id
	for named = 1; at < len(p.catalogue) && p.catalogue[at].Entitlement == e; at++ {
		if p.catalogue[at].ID != last {
			last = p.catalogue[at].ID
			named++
		}
	}
	return id, named
}

func has(sorted []target.Entitlement, e target.Entitlement) bool {
	_, ok := slices.BinarySearchFunc(sorted, e, target.Entitlement.Compare)
	return ok
}

// sortedEntitlements returns the list sorted and without repeats; the list
// itself if it is so already.
func sortedEntitlements(list []target.Entitlement) []target.Entitlement {
	for i := 1; i < len(list); i++ {
		if list[i-1].Compare(list[i]) >= 0 {
			out := slices.Clone(list)
			slices.SortFunc(out, target.Entitlement.Compare)
			return slices.Compact(out)
		}
	}
	return list
}

func compareAsks(a, b target.Ask) int {
	return cmp.Or(a.Entitlement.Compare(b.Entitlement), cmp.Compare(a.By, b.By), cmp.Compare(a.Days, b.Days))
}
