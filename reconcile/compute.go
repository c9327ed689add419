package reconcile

import (
	"cmp"
	"slices"
)

// Compute plans one target. It returns an error only for an Input that cannot
// be planned at all: a desired account without a key, two with one key, or
// accounts that were read from another target. Everything about single people is
// a hold or a finding.
//
// It keeps these laws:
//
//   - Convergence: when everything that may run has been done, the next plan at
//     the same instant has nothing that may run. (Guards may see more clearly
//     then: a first run is over, or a larger population raises what a percentage
//     allows. And seats that the first plan freed are given by the next one.)
//   - Idempotence: planning twice gives the same plan, and a change that was done
//     finds itself already so.
//   - Order-independence: the order of the slices in Input never matters, and the
//     input is not altered. Equal inputs give equal bytes.
//   - No removal without proof: nothing is taken from anybody without positive
//     evidence about them, or a complete source that lacks them often and long
//     enough.
//   - Guard monotonicity: a stricter limit, or more done recently, never lets
//     more run, unless somebody releases just what it holds.
//   - Conservation: every difference between desired and actual is a change, a
//     hold, omitted by the mode, or in a finding.
func Compute(in Input) (*Plan, error) {
	p, err := newPlanner(&in)
	if err != nil {
		return nil, err
	}
	if err := p.walk(); err != nil {
		return nil, err
	}
	p.supply()
	p.choose()
	p.owed()
	p.receive()
	p.contest()
	p.refer()
	p.keepGone()
	p.approvalRules()
	p.complete()
	p.keep(nil)
	return p.plan, nil
}

// approvalRules holds what somebody must approve first.
func (p *planner) approvalRules() {
	if len(p.in.Policy.Approve) == 0 {
		return
	}
	for _, n := range p.nodes {
		for _, r := range p.in.Policy.Approve {
			if n.Urgent || r.Action != 0 && r.Action != n.Action ||
				r.Entitlement.Name+r.Entitlement.Kind != "" && r.Entitlement != n.Entitlement {
				continue
			}
			n.reasons = append(n.reasons, HoldReason{Kind: NeedsApproval, Text: approvalText(r.By), By: r.By})
		}
	}
}

// complete turns the nodes into the plan.
func (p *planner) complete() {
	p.identify()
	p.takenBack()
	p.park()
	p.nodes = inPlanOrder(p.nodes)
	sideBySide(p.nodes, worthwhile, func(part []*node) {
		for _, n := range part {
			n.tellNeeds()
			if p.in.Because != nil {
				c := n.Change
				n.Because = append(n.Because, p.in.Because(&c)...)
			}
		}
	})
	matters := p.matters(p.applyMode())
	ids := make([]string, len(matters))
	for i, m := range matters {
		ids[i] = m.c.ID
	}
	p.plan.Fingerprint = p.plan.name(planName, ids)
	p.claims()
	guards := p.verdicts(matters)
	p.plan.Guarded = p.plan.weigh(matters, guards, decide(p.in.At, p.in.Approvals, p.in.Releases))
	p.sortOut(matters)
	p.stillLosing()
	p.unsure()
	p.stillProtected()
	p.leftQuietly(guards)
	p.unretained()
	p.plan.Guards = p.plan.occurring(guards, matters)
	p.awaitedReferences(matters)
	p.orphans()
	p.unproved()
	p.reportAlarms(p.doubts)
	p.remarks()
	p.plan.Findings = p.findings()
	p.finishSchedule()
}

// identify gives every change its ID.
func (p *planner) identify() {
	rules := p.in.Masks.under(p.in.Rules)
	sideBySide(p.nodes, worthwhile, func(part []*node) {
		d := newDigest("")
		for _, n := range part {
			n.Privileged = n.Action == Revoke && p.privileged[n.Entitlement]
			n.ID = n.identifyWith(d, rules)
		}
	})
}

// tellNeeds writes down what the change needs, by ID.
func (n *node) tellNeeds() {
	if len(n.needs) == 0 {
		return
	}
	n.Needs = make([]Need, len(n.needs))
	for i, e := range n.needs {
		n.Needs[i] = Need{Change: e.to.ID, Field: e.field}
	}
	slices.SortFunc(n.Needs, func(a, b Need) int {
		return cmp.Or(cmp.Compare(a.Change, b.Change), cmp.Compare(a.Field, b.Field))
	})
}

// inPlanOrder sorts changes as a plan lists them. They come by account, so within
// one action they are almost in order.
func inPlanOrder(nodes []*node) []*node {
	var byAction [actions][]*node
	for _, n := range nodes {
		byAction[n.Action] = append(byAction[n.Action], n)
	}
	out := make([]*node, 0, len(nodes))
	for _, list := range byAction {
		out = append(out, sortRuns(list, func(a, b *node) int { return a.Change.Compare(&b.Change) })...)
	}
	return out
}

// matters returns the changes to be weighed, and connects them.
func (p *planner) matters(nodes []*node) []*matter {
	all := make([]matter, len(nodes))
	out := make([]*matter, len(nodes))
	for i, n := range nodes {
		all[i] = matter{c: &n.Change, own: n.reasons}
		n.matter, out[i] = &all[i], &all[i]
	}
	for _, n := range nodes {
		for _, e := range n.needs {
			if e.to.matter != nil {
				n.matter.link(e.to.matter, e.field)
			}
		}
	}
	return out
}

// sortOut parts what runs from what waits.
func (p *planner) sortOut(matters []*matter) {
	held := 0
	for _, m := range matters {
		if len(m.reasons) > 0 {
			held++
		}
	}
	if held < len(matters) {
		p.plan.Changes = make([]Change, 0, len(matters)-held)
	}
	for _, m := range matters {
		if m.lifted {
			p.plan.Approved = append(p.plan.Approved, m.c.ID)
		}
		if m.released {
			p.plan.Released = append(p.plan.Released, m.c.ID)
		}
		if len(m.reasons) == 0 {
			p.plan.Changes = append(p.plan.Changes, *m.c)
		} else {
			p.plan.Holds = append(p.plan.Holds, Hold{Change: *m.c, Reasons: m.reasons})
		}
	}
	slices.Sort(p.plan.Approved)
	slices.Sort(p.plan.Released)
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// occurring are the verdicts on what is in the plan. Doubts about the whole read are
// part of every whole plan.
func (p *Plan) occurring(guards []Verdict, matters []*matter) []Verdict {
	guards = slices.DeleteFunc(guards, func(v Verdict) bool {
		switch {
		case v.Guard == GuardAction:
			return len(ofAction(matters, v.Action)) == 0
		case v.Alarm() == "" || p.Whole:
			return false
		}
		return !slices.ContainsFunc(matters, func(m *matter) bool { return v.stops(m.c.Action) })
	})
	if len(guards) == 0 {
		return nil
	}
	return guards
}

// awaitedReferences reports the references that are not written yet because the
// account they point at is held.
func (p *planner) awaitedReferences(matters []*matter) {
	for _, m := range matters {
		if len(m.awaits) == 0 {
			continue
		}
		for _, f := range m.c.Fields {
			if m.waits(f.Name) {
				p.count(noteKey{code: CodeReferenceWait, field: f.Name}, desiredOf(m.c))
			}
		}
	}
}

// orphans counts the accounts that carry no key and that nobody claims.
func (p *planner) orphans() {
	if !p.in.Scope.whole || p.undoing != nil {
		return
	}
	t := tally{}
	for i := range p.unmanaged {
		a := &p.unmanaged[i]
		if p.claimed[a.ID] {
			continue
		}
		if t.count < shown {
			t.labels = append(t.labels, p.label(a))
		}
		t.count++
	}
	p.plan.Orphans = t.count
	if t.count > 0 {
		them := "them"
		if t.count == 1 {
			them = "it"
		}
		p.note(Finding{
			Code: CodeOrphans, Count: t.count,
			Message: plural(t.count, "account carries", "accounts carry") + " no key and nobody claims " + them + names(&t),
		})
	}
}

// unproved says once why nobody counts as gone, or as absent from the target.
func (p *planner) unproved() {
	if !p.in.Scope.whole || p.undoing != nil {
		return
	}
	if p.proof.text != "" {
		p.note(Finding{Code: CodeSource, Message: p.proof.text + "; nobody counts as gone"})
	}
	if !p.in.Scope.complete {
		p.note(Finding{Code: CodeTarget, Message: "the target was not read to its end; nothing is created"})
	}
}
