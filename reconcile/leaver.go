package reconcile

import (
	"cmp"
	"slices"

	"github.com/provision-go/provision/target"
)

// leave closes the account of somebody whose employment is over: disable first,
// then the rest, all in one plan. What follows the disable needs it, so it
// shares its fate.
func (p *planner) leave(w work) {
	w.reason = Leaver
	p.disable(&w)
	p.depart(&w)
	p.update(w)
	p.entitle(w, w.disable)
}

// names are those that an account has of what is chosen once, whoever wrote them.
func (p *planner) names(w *work) []Name {
	var out []Name
	for _, u := range p.in.Owned.Unique {
		spec, known := p.in.Capabilities.Attribute(u.Attribute)
		if u.Slot != w.want.Key.Slot || !known || spec.WriteOnly {
			continue
		}
		for _, v := range w.have.Attributes.Values(u.Attribute) {
			if v != "" {
				out = append(out, NameOf(spec, v))
			}
		}
	}
	slices.SortFunc(out, func(a, b Name) int {
		return cmp.Or(cmp.Compare(a.Attribute, b.Attribute), cmp.Compare(a.Value, b.Value))
	})
	return slices.Compact(out)
}

// unqualify closes the account of somebody who is employed and for whom the
// rules no longer want one. That is as often a mistake in a rule as a wish.
func (p *planner) unqualify(w work) {
	w.reason = OutOfScope
	// No phase is remembered: opened again, the account was not closed by somebody
	// else.
	want := *w.want
	want.Phase = target.PhaseUnknown
	w.want = &want
	if p.in.Policy.Unqualified == LetIt {
		if w.have.State == target.Enabled {
			p.count(noteKey{code: CodeUnqualified}, w.want)
		}
		return
	}
	p.disable(&w)
	expressly := want.Extra != nil && want.Extra.Close
	if w.disable != nil && p.in.Policy.Unqualified != DoIt && !expressly {
		w.disable.hold(InConflict, "still employed, but no rule wants the account", true)
	}
	if w.disable == nil && w.have.State == target.Enabled {
		return // protected, or it cannot be disabled: it stays as it is
	}
	p.entitle(w, w.disable)
}

// disable closes an open account, with its sessions and what it owns.
func (p *planner) disable(w *work) {
	if w.have.State != target.Enabled {
		return
	}
	n := p.change(w, Change{Action: Disable, From: target.Enabled, To: target.Disabled})
	if n == nil {
		return
	}
	w.disable = n
	p.followDisable(w)
}

// depart plans what goes with the disable of a leaver whose account was closed
// before they left, for a leave or because they were missing, or cannot be closed by
// the target. We know that it was not done yet by the phase that we remember.
func (p *planner) depart(w *work) {
	open := w.have.State == target.Enabled && !p.in.Capabilities.Disable && p.protector(w.want) == nobody
	if open {
		p.plan.Unclosed = append(p.plan.Unclosed, Departed{Key: w.want.Key, Account: w.have.ID})
	}
	if (open || w.known && w.have.State == target.Disabled) && w.past.Phase != target.Left {
		p.followDisable(w)
	}
}

// followDisable plans what leaves no trace on the account, and so is done once.
func (p *planner) followDisable(w *work) {
	if w.want.EndSessions {
		p.follow(w, Change{Action: EndSessions})
	}
	if !w.want.Handover.IsZero() {
		p.handover(w, w.want.Handover)
	}
}

func (p *planner) follow(w *work, c Change) {
	if n := p.change(w, c); n != nil {
		n.need(w.disable, "")
	}
}

// handover plans to move what an account owns. Whether there is somebody to take
// it is seen later: the receiving account may be made in this plan.
func (p *planner) handover(w *work, to target.Key) {
	p.follow(w, Change{Action: Handover, HandoverTo: to})
}

// heir is who takes what was to go to somebody: the first in the line of managers who has
// not left, as far as the plan knows them.
func (p *planner) heir(to target.Key) target.Key {
	asked := map[target.Key]bool{}
	for d := p.wanted(to); d != nil && d.Phase == target.Left && !d.Handover.IsZero() && !asked[to]; d = p.wanted(to) {
		asked[to] = true
		to = d.Handover
	}
	return to
}

// hasLeft reports whether somebody has left: as the rules say now, or as the journal has
// it where the plan is not about them.
func (p *planner) hasLeft(key target.Key) bool {
	if d := p.wanted(key); d != nil {
		return d.Phase == target.Left
	}
	return p.in.History.Accounts[key].Phase == target.Left
}

// receive settles who takes what is handed over. Nobody there, or somebody who has left
// too and whose account will be deleted one day: it is reported, and nothing waits for it.
func (p *planner) receive() {
	ends := make(map[target.Key]bool, len(p.deletes))
	for _, n := range p.deletes {
		ends[n.Key] = true
	}
	for _, n := range p.nodes {
		if n.Action != Handover {
			continue
		}
		n.HandoverTo = p.heir(n.HandoverTo)
		to := n.HandoverTo
		there := p.there(to)
		maker := p.makers[to]
		switch {
		case to == n.Key, ends[to], p.hasLeft(to), !there && maker == nil && p.knows(to):
			p.drop(n)
			why := clean(to.String()) + " has no account to take it"
			switch {
			case to == n.Key:
				why = "nobody else is named"
			case ends[to]:
				why = "the account of " + clean(to.String()) + " is to be deleted"
			case p.hasLeft(to):
				why = clean(to.String()) + " has left"
			}
			p.note(Finding{
				Code: CodeHandover, Key: n.Key, Account: n.Account, Label: n.Label,
				Message: "nothing is handed over: " + why,
			})
		case !there:
			n.need(maker, "")
		}
	}
	if !p.dropped {
		return
	}
	for _, n := range p.deletes {
		n.needs = slices.DeleteFunc(n.needs, func(e edge) bool { return e.to.dropped })
	}
	p.compact()
}

// owed brings back what earlier disables left undone.
func (p *planner) owed() {
	done := map[string]bool{}
	for i := range p.nodes {
		n := p.nodes[i]
		if n.Action == EndSessions || n.Action == Handover {
			done[owedKey(n.Account, n.Action)] = true
		}
	}
	owed := pointers(p.in.History.Owed)
	sortUnlessSorted(owed, compareObligations)
	for _, o := range owed {
		if done[owedKey(o.Account, o.Action)] {
			continue
		}
		done[owedKey(o.Account, o.Action)] = true
		p.owe(o)
	}
}

func owedKey(account string, action Action) string { return action.String() + " " + account }

func (p *planner) owe(o *Obligation) {
	d := p.wanted(o.Key)
	if d == nil && !p.in.Scope.whole {
		return // about somebody else
	}
	if d == nil {
		d = &target.Desired{Key: o.Key, State: target.None}
	}
	a := p.account(o.Key, o.Account)
	drop := func(why string) {
		p.note(Finding{
			Code: CodeObligation, Key: o.Key, Account: o.Account, Label: p.name(d, nil), Field: o.Action.String(),
			Message: o.Action.String() + " is no longer owed: " + why,
		})
	}
	_, _, gone := p.staysGone(o.Key.Identity)
	switch {
	case gone && d.Phase != target.Left:
		// Kept: who has just left is not back because one look says so.
	case d.State == target.Enabled && a != nil && a.State == target.Enabled:
		drop("employed again")
	case d.State == target.Enabled && a != nil:
		// Kept until the account is open again: whoever leaves before that is disabled
		// already, and no disable would bring the step back.
	case o.Action == Handover && stays(d.Phase):
		drop("employed again")
	case d.State == target.Undecided && (o.Action != EndSessions || !shuts(d)), a == nil && !p.lost(o):
		// Kept: not known well enough.
	case a == nil && p.elsewhere(o.Account):
		drop("the account is somebody else's")
	default:
		if a == nil {
			a = &target.Account{Key: o.Key, ID: o.Account}
		}
		w := work{want: d, have: a, situation: LeaverSituation, reason: Leaver, disable: p.disables[a.ID]}
		n := len(p.nodes)
		if o.Action == Handover {
			p.handover(&w, cmp.Or(d.Handover, o.To)) // who is named now: they may have left since
		} else {
			p.follow(&w, Change{Action: EndSessions})
		}
		p.beforeDelete(p.nodes[n:])
	}
}

// lost reports whether an account of which something is owed has been out of the lists
// for so long that it is asked for by its id: the step is planned, and turns out to be
// impossible if the account is gone. A list that claims to be whole leaves out accounts
// now and then, and what is forgotten for that is never done.
func (p *planner) lost(o *Obligation) bool {
	s := &p.in.Scope
	return s.whole && s.complete && p.in.At.Sub(o.Since) >= p.in.Policy.Absence.withDefaults().Grace
}

// elsewhere reports whether an account is listed at all, whosever it is.
func (p *planner) elsewhere(id string) bool {
	if p.listed == nil {
		p.listed = make(map[string]bool, len(p.managed)+len(p.unmanaged))
		for _, accounts := range [][]target.Account{p.managed, p.unmanaged} {
			for i := range accounts {
				p.listed[accounts[i].ID] = true
			}
		}
	}
	return p.listed[id]
}

// stays reports whether somebody is employed, here or not yet here, and so has not
// left.
func stays(phase target.Phase) bool {
	return phase == target.Active || phase == target.OnLeave || phase == target.Suspended || phase == target.PreHire
}

// beforeDelete makes a delete of the same account wait for these steps.
func (p *planner) beforeDelete(steps []*node) {
	for _, step := range steps {
		if n := p.deletes[step.Account]; n != nil {
			n.need(step, "")
		}
	}
}

// account returns the account with a key and a native id, or nil.
func (p *planner) account(key target.Key, id string) *target.Account {
	at, n := p.position(key)
	for i := range p.managed[at : at+n] {
		if a := &p.managed[at+i]; a.ID == id {
			return a
		}
	}
	return nil
}

func compareObligations(a, b *Obligation) int {
	return cmp.Or(
		a.Key.Compare(b.Key), cmp.Compare(a.Account, b.Account), cmp.Compare(a.Action, b.Action),
		a.To.Compare(b.To), a.Since.Compare(b.Since),
	)
}
