package reconcile

import (
	"slices"

	"github.com/provision-go/provision/target"
)

// work is one account to be brought to what is desired.
type work struct {
	want      *target.Desired
	have      *target.Account
	past      Past
	known     bool // past is remembered
	situation Situation
	reason    Reason
	adopt     *node // must be done first
	disable   *node // planned for this account
}

// settle plans everything that one account needs.
func (p *planner) settle(w work) {
	w.past, w.known = p.in.History.Accounts[w.want.Key]
	leaves := w.want.State == target.None || w.want.State == target.Disabled || w.want.State == target.Deleted
	switch {
	case leaves && w.want.Phase == target.Future:
		// Hired for a time to come: nobody's access ends because it has not begun.
		if w.have.State == target.Enabled {
			p.count(noteKey{code: CodeTooEarly}, w.want)
		}
	case w.want.State == target.Deleted:
		w.situation = LeaverSituation
		p.leftClosed(&w)
		p.expire(w)
	case leaves && w.want.Phase == target.Left:
		w.situation = LeaverSituation
		p.leftClosed(&w)
		p.leave(w)
	case w.want.State == target.None:
		w.situation = Unqualified
		p.unqualify(w)
	default:
		p.confirm(w)
	}
}

// confirm is the plain case: somebody has an account and shall have it.
func (p *planner) confirm(w work) {
	if w.want.State == target.Disabled {
		w.reason = closingReason(w.want.Phase)
		p.disable(&w)
	} else if w.have.State == target.Disabled {
		p.enable(&w)
	}
	rest := len(p.nodes)
	if w.reason == NoReason {
		w.reason = openReason(w.want.Phase)
	}
	if w.adopt != nil {
		w.reason = Adoption
	} else {
		p.update(w)
	}
	p.entitle(w, nil)
	if w.adopt == nil && !w.known && w.want.State != w.have.State {
		p.unsettled(rest)
	}
}

// shuts reports whether all that is known of an account is that it is not to work.
func shuts(d *target.Desired) bool {
	return d.State == target.Undecided && d.Extra != nil && d.Extra.Close
}

// shut closes an open account of which only that is known. Whatever it turns out to
// be, it is not enabled; all else waits until somebody can tell.
func (p *planner) shut(d *target.Desired, a *target.Account) {
	if shuts(d) {
		p.disable(&work{want: d, have: a, situation: UndecidedSituation, reason: Leave})
	}
}

// enable opens an account that is closed. Why it is closed is in the history: if
// we left it open, somebody else closed it, and so did somebody if it was not ours
// so far.
func (p *planner) enable(w *work) {
	drift, text := false, "somebody else disabled the account"
	rehire := w.past.HasLeft() && w.adopt == nil
	switch phase := w.past.Phase; {
	case phase == target.Active:
		drift, w.reason = true, Drift
	case w.past.HasLeft():
		w.reason = Rehire
	case phase == target.OnLeave, phase == target.Suspended:
		w.reason = Return
	case phase == target.Future, phase == target.PreHire:
		w.reason = Joiner
	default:
		w.reason = NoReason
	}
	if w.adopt != nil {
		drift, w.reason, text = true, Adoption, "the account was disabled before it was taken over"
	}
	if drift && p.in.Policy.Drift == LetIt {
		p.count(noteKey{code: CodeDrift, field: "state"}, w.want)
		return
	}
	n := p.change(w, Change{Action: Enable, From: target.Disabled, To: target.Enabled})
	if n == nil {
		return
	}
	if drift && p.in.Policy.Drift != DoIt {
		n.hold(InConflict, text, true)
	}
	if rehire {
		p.reopened(w, n)
	}
}

// unsettled keeps what else is done to an account from being remembered as if its
// state had been written as well: that may have to wait, and then it was nobody
// else who left the account as it is.
func (p *planner) unsettled(from int) {
	for _, n := range p.nodes[from:] {
		n.Phase = target.PhaseUnknown
	}
}

func openReason(phase target.Phase) Reason {
	switch phase {
	case target.Left:
		return Leaver
	case target.OnLeave, target.Suspended:
		return Leave
	case target.Future, target.PreHire:
		return Joiner
	case target.PhaseUnknown, target.Active:
	}
	return Mover
}

func closingReason(phase target.Phase) Reason {
	if phase == target.OnLeave || phase == target.Suspended {
		return Leave
	}
	return NoReason
}

// update writes the attributes that differ, all in one change.
func (p *planner) update(w work) {
	fields := p.differing(w.want, w.have)
	if len(fields) > 0 {
		p.change(&w, Change{Action: Update, Fields: fields})
	}
}

// change adds a change for the account in hand, or a finding if the target
// cannot make it or the account is protected; then it returns nil.
func (p *planner) change(w *work, c Change) *node {
	if !p.possible(w, &c) {
		return nil
	}
	c.Target, c.Key = p.in.Target, w.want.Key
	c.Situation, c.Reason, c.Phase = w.situation, w.reason, w.want.Phase
	c.Urgent = p.urgent(w, c.Action)
	if w.have != nil {
		c.Account, c.Version, c.Label = w.have.ID, w.have.Version, p.name(w.want, w.have)
	} else {
		c.Label = p.nameAmong(w.want, nil, nil)
	}
	n := p.node()
	n.Change = c
	n.need(w.adopt, "")
	p.add(n)
	return n
}

// possible reports whether a change may be planned at all, and finds why not.
func (p *planner) possible(w *work, c *Change) bool {
	by := nobody
	if c.Action.Removes() {
		by = p.protector(w.want)
	}
	switch {
	case by != nobody:
		p.count(noteKey{code: CodeProtected, action: c.Action, ruled: by == theRules}, w.want)
	case !p.can(c):
		p.count(noteKey{code: CodeUnsupported, action: c.Action, field: c.Entitlement.Kind}, w.want)
	default:
		return true
	}
	return false
}

// node returns a new node. They lie in slabs: there may be very many.
func (p *planner) node() *node {
	if len(p.slab) == cap(p.slab) {
		p.slab = make([]node, 0, min(2*cap(p.slab)+4, 512))
	}
	p.slab = p.slab[:len(p.slab)+1]
	return &p.slab[len(p.slab)-1]
}

func (p *planner) add(n *node) {
	p.nodes = append(p.nodes, n)
	p.marks++
	if n.Action == Disable {
		p.disables[n.Account] = n
	}
	if n.Action == Delete {
		p.deletes[n.Account] = n
	}
}

// can reports whether the target claims to be able to make the change.
func (p *planner) can(c *Change) bool {
	t := &p.in.Capabilities
	switch c.Action {
	case Disable:
		return t.Disable
	case Enable:
		return t.Enable
	case Create:
		return t.Create
	case Update:
		return t.Update
	case Delete:
		return t.Delete
	case EndSessions:
		return t.EndSessions
	case Handover:
		return t.Handover
	case Adopt:
		// Where keys are remembered instead of stored, nothing needs to be stamped.
		return (t.SetKey || !t.Keys) && (t.Update || len(c.Fields) == 0)
	case Grant:
		kind, _ := t.Kind(c.Entitlement.Kind)
		return kind.Grant
	case Revoke:
		kind, _ := t.Kind(c.Entitlement.Kind)
		return kind.Revoke
	default: // CreateEntitlement
		kind, _ := t.Kind(c.Entitlement.Kind)
		return kind.Ensure
	}
}

func sortedCopy(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	out := slices.Clone(list)
	slices.Sort(out)
	return slices.Compact(out)
}
