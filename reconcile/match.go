package reconcile

import "github.com/provision-go/provision/target"

// present settles a key that is desired and has an account.
func (p *planner) present(d *target.Desired, accounts []target.Account) {
	p.reportUndecided(d)
	if len(accounts) > 1 {
		p.ambiguous(d, accounts)
		return
	}
	a := &accounts[0]
	p.schedule(d, a)
	if d.State == target.Undecided {
		p.shut(d, a)
		return
	}
	before := p.marks
	p.settle(work{want: d, have: a, situation: Confirmed})
	if p.marks == before {
		p.plan.Unchanged++
	}
}

// missing settles a key that is desired and has no account.
func (p *planner) missing(d *target.Desired) {
	p.reportUndecided(d)
	p.schedule(d, nil)
	switch {
	case d.State == target.Enabled, d.State == target.Disabled && d.Phase == target.PreHire:
		p.absent = append(p.absent, d)
	case d.Phase == target.Left && d.State != target.Undecided:
		p.departed = append(p.departed, d)
	}
}

// unwanted settles accounts whose key nobody desires; at is where the key would
// stand in the desired ones. The person may still be known: then it is only this
// slot that the rules do not know, and what is known about the person counts.
func (p *planner) unwanted(at int, accounts []target.Account) {
	key := accounts[0].Key
	d := target.Desired{Key: key, Label: p.label(&accounts[0]), State: target.None}
	known := false
	for _, step := range []int{-1, 1} {
		i := at
		if step < 0 {
			i--
		}
		for ; i >= 0 && i < p.wants.len() && p.wants.at(i).Key.Identity == key.Identity; i += step {
			s := p.wants.at(i)
			known = true
			if s.State == target.Undecided {
				return // nothing is known for sure about the person
			}
			if s.Phase > d.Phase || !known {
				d.Phase = s.Phase
			}
			d.EndSessions = d.EndSessions || s.EndSessions
			d.Protected = d.Protected || s.Protected
		}
	}
	switch {
	case known && len(accounts) > 1:
		p.ambiguous(&d, accounts)
	case known:
		before := p.marks
		p.settle(work{want: &d, have: &accounts[0], situation: Unqualified})
		if p.marks == before {
			p.plan.Unchanged++
		}
	case p.in.Scope.whole:
		p.disappeared(accounts)
	}
}

// ambiguous reports two accounts with one key. Which is right is for a person to
// say, so nothing is written to either; but somebody who has left must not keep
// a way in, so a proven leaver loses both.
func (p *planner) ambiguous(d *target.Desired, accounts []target.Account) {
	p.note(Finding{
		Code: CodeAmbiguous, Key: d.Key, Label: p.name(d, nil), Count: len(accounts),
		Message: "ambiguous: accounts " + ids(pointers(accounts)) + " carry the key " + d.Key.String(),
	})
	if d.Phase != target.Left || d.State == target.Undecided || d.State == target.Enabled {
		return
	}
	for i := range accounts {
		w := work{want: d, have: &accounts[i], situation: Ambiguous, reason: Leaver}
		p.disable(&w)
	}
}
