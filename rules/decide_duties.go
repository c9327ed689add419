package rules

import (
	"cmp"
	"slices"

	"github.com/provision-go/provision/target"
)

// separate looks for duties that must not meet, among all that is wanted of a
// person. What one separation does has no influence on another.
func (r *round) separate(list []AccountDecision) {
	r.meetings = r.meetings[:0]
	for n := range r.set.duties {
		r.meet(&r.set.duties[n], list)
	}
	for i := range r.meetings {
		r.react(&r.meetings[i], &list[r.meetings[i].role.account].Desired)
	}
}

// meeting is one of several duties that a person is to have and nobody shall have
// together.
type meeting struct {
	duties  *duties
	role    gift
	how     standing
	becomes outcome // undecided or to be approved; notGiven leaves it as it is
}

const dutiesMeet = "duties that nobody shall have together"

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

// meet notes the duties of a separation that meet, if one of them would be granted.
func (r *round) meet(d *duties, list []AccountDecision) {
	first, wishes := len(r.meetings), false
	for _, role := range d.roles {
		how, has := r.stands(&list[role.account].Desired, role)
		if !has {
			continue
		}
		m := meeting{duties: d, role: role, how: how}
		if how == wished {
			wishes = true
			m.becomes = r.separated(d, role)
		}
		r.meetings = append(r.meetings, m)
	}
	if !wishes || len(r.meetings) < first+2 {
		r.meetings = r.meetings[:first]
	}
}

// separated is what becomes of a duty that is wanted and meets another.
func (r *round) separated(d *duties, role gift) outcome {
	switch {
	case d.do == HoldDuties:
		return undecided
	case d.do == ApproveDuties && (r.person.Held == nil || !r.holds(role)):
		return r.approvedDuties(d, role)
	}
	return notGiven
}

// react does to what is wanted what a separation asks for.
func (r *round) react(m *meeting, to *target.Desired) {
	e := m.role.entitlement
	switch m.becomes {
	case undecided:
		withdraw(to, e)
		to.Ask = slices.DeleteFunc(to.Ask, func(a target.Ask) bool { return a.Entitlement == e })
		if len(to.Ask) == 0 {
			to.Ask = nil
		}
		to.Undecided = insertEntitlement(to.Undecided, e)
	case toApprove:
		withdraw(to, e)
		if !slices.Contains(to.Undecided, e) {
			to.Ask = insertAsk(to.Ask, target.Ask{Entitlement: e, By: m.duties.by})
		}
	default:
	}
	if m.duties.do != ApproveDuties {
		note(to, CodeConflict, m.duties.id, dutiesMeet)
	}
}

// approvedDuties says whether somebody has agreed that a duty meets others: then
// it stays as it is. If somebody has not, nobody is asked again.
func (r *round) approvedDuties(d *duties, role gift) outcome {
	result, name := toApprove, ""
	for i := range r.person.Approvals {
		x := &r.person.Approvals[i]
		ended := !x.Expires.IsZero() && !r.at.Before(x.Expires)
		if x.Rule != d.id || x.At.After(r.at) || ended || x.Hash != "" && x.Hash != r.set.RuleHash(d.id) {
			continue
		}
		if x.Role != "" && name == "" {
			name = roleName(&r.set.accounts[role.account], role.entitlement)
		}
		switch {
		case x.Role != "" && x.Role != name:
		case x.Denied:
			return undecided
		default:
			result = notGiven
		}
	}
	return result
}

// withdraw takes an entitlement out of what is wanted, from a copy: the list is
// shared.
func withdraw(d *target.Desired, e target.Entitlement) {
	d.Entitlements = slices.DeleteFunc(slices.Clone(d.Entitlements), func(x target.Entitlement) bool { return x == e })
	if len(d.Entitlements) == 0 {
		d.Entitlements = nil
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
	at, found := slices.BinarySearchFunc(list, a, func(x, y target.Ask) int {
		return cmp.Or(x.Entitlement.Compare(y.Entitlement), cmp.Compare(x.By, y.By))
	})
	if found {
		return list
	}
	return slices.Insert(list, at, a)
}
