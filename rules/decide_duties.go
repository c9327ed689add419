package rules

import (
	"slices"

	"github.com/provision-go/provision/target"
)

// separate looks for duties that must not meet, among all that is wanted of a
// person.
func (r *round) separate(list []AccountDecision) {
	for n := range r.set.duties {
		d := &r.set.duties[n]
		meeting := 0
		for _, role := range d.roles {
			if _, has := r.stands(&list[role.account].Desired, role); has {
				meeting++
			}
		}
		if meeting > 1 {
			r.meet(d, list)
		}
	}
}

// standing is how an entitlement stands in what is wanted.
type standing uint8

const (
	unwanted standing = iota
	kept              // held, or may be, and not touched
	wished            // to be granted, or to be asked for
)

// stands returns how a role stands, and whether the person has it or may get it.
// What is undecided counts if they hold it, and if nobody knows whether they do.
func (r *round) stands(d *target.Desired, role gift) (how standing, has bool) {
	switch {
	case slices.Contains(d.Entitlements, role.entitlement):
		return wished, true
	case slices.ContainsFunc(d.Ask, func(a target.Ask) bool { return a.Entitlement == role.entitlement }):
		return wished, true
	case slices.Contains(d.Undecided, role.entitlement):
		return kept, r.holds(role)
	case d.Extra != nil && slices.ContainsFunc(d.Extra.Keep, func(k target.Kept) bool { return k.Entitlement == role.entitlement }):
		return kept, true
	}
	return unwanted, false
}

// holds reports whether the person has an entitlement, or may have it.
func (r *round) holds(role gift) bool {
	if r.person.Held == nil {
		return true
	}
	a := &r.set.accounts[role.account]
	return slices.ContainsFunc(r.person.Held, func(h Held) bool {
		return h.Target == a.target && h.Slot == a.slot && h.Entitlement == role.entitlement
	})
}

// meet reacts to duties of which a person is to have two.
func (r *round) meet(d *duties, list []AccountDecision) {
	wishes := false
	for _, role := range d.roles {
		how, _ := r.stands(&list[role.account].Desired, role)
		wishes = wishes || how == wished
	}
	if !wishes {
		return // nothing would be granted
	}
	noted := map[int]bool{}
	for _, role := range d.roles {
		to := &list[role.account].Desired
		how, has := r.stands(to, role)
		if !has {
			continue
		}
		if how == wished && d.do != ReportDuties && !(d.do == ApproveDuties && r.approvedDuties(d)) {
			withdraw(to, role.entitlement)
			if d.do == ApproveDuties {
				to.Ask = insertAsk(to.Ask, target.Ask{Entitlement: role.entitlement, By: d.by})
			} else {
				to.Undecided = insertEntitlement(to.Undecided, role.entitlement)
			}
		}
		if !noted[role.account] && d.do != ApproveDuties {
			noted[role.account] = true
			note(to, CodeConflict, d.id, "duties that nobody shall have together")
		}
	}
}

// approvedDuties reports whether somebody has agreed that the duties meet.
func (r *round) approvedDuties(d *duties) bool {
	approved := false
	for i := range r.person.Approvals {
		x := &r.person.Approvals[i]
		ended := !x.Expires.IsZero() && !r.at.Before(x.Expires)
		if x.Rule != d.id || x.At.After(r.at) || ended || x.Hash != "" && x.Hash != r.set.RuleHash(d.id) {
			continue
		}
		if x.Denied {
			return false
		}
		approved = true
	}
	return approved
}

// withdraw takes an entitlement out of what is wanted, from copies: the lists are
// shared.
func withdraw(d *target.Desired, e target.Entitlement) {
	d.Entitlements = slices.DeleteFunc(slices.Clone(d.Entitlements), func(x target.Entitlement) bool { return x == e })
	if len(d.Entitlements) == 0 {
		d.Entitlements = nil
	}
	d.Ask = slices.DeleteFunc(d.Ask, func(a target.Ask) bool { return a.Entitlement == e })
	if len(d.Ask) == 0 {
		d.Ask = nil
	}
}

func insertEntitlement(list []target.Entitlement, e target.Entitlement) []target.Entitlement {
	at, found := slices.BinarySearchFunc(list, e, target.Entitlement.Compare)
	if found {
		return list
	}
	return slices.Insert(list, at, e)
}

func insertAsk(list []target.Ask, a target.Ask) []target.Ask {
	at, _ := slices.BinarySearchFunc(list, a, func(x, y target.Ask) int { return x.Entitlement.Compare(y.Entitlement) })
	return slices.Insert(list, at, a)
}
