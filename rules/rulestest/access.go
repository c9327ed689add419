package rulestest

import (
	"slices"
	"time"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/target"
)

// Want returns what a decision grants, over all accounts, sorted: roles as rules
// write them, such as "app/group:developer".
func Want(d rules.Decision) []string {
	return gather(d, func(d *target.Desired) []target.Entitlement { return d.Entitlements })
}

// Ask returns what somebody has to approve first, as [Want] does.
func Ask(d rules.Decision) []string {
	return gather(d, func(d *target.Desired) []target.Entitlement {
		var out []target.Entitlement
		for _, a := range d.Ask {
			out = append(out, a.Entitlement)
		}
		return out
	})
}

// Undecided returns what is neither granted nor revoked because something is missing
// or in conflict, as [Want] does.
func Undecided(d rules.Decision) []string {
	return gather(d, func(d *target.Desired) []target.Entitlement { return d.Undecided })
}

// Keep returns what the person has and keeps although no rule grants it, as [Want]
// does: what is in its time of grace, undecided, or waiting for an approval, and
// whatever they have where nothing may be taken: on a protected account, and on one
// that waits for their first day.
func Keep(p Person, d rules.Decision) []string {
	var out []string
	for _, h := range p.Held {
		to := desired(d, h.Target, h.Slot)
		if to == nil || slices.Contains(to.Entitlements, h.Entitlement) {
			continue
		}
		_, grace := graceOf(to, h.Entitlement)
		asked := slices.ContainsFunc(to.Ask, func(a target.Ask) bool { return a.Entitlement == h.Entitlement })
		if grace || asked || slices.Contains(to.Undecided, h.Entitlement) || to.Protected || to.Phase == target.Future {
			out = append(out, heldRole(h).String())
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func gather(d rules.Decision, of func(*target.Desired) []target.Entitlement) []string {
	var out []string
	for i := range d.Accounts {
		a := &d.Accounts[i]
		for _, e := range of(&a.Desired) {
			out = append(out, role{a.Target, a.Desired.Key.Slot, e}.String())
		}
	}
	slices.Sort(out)
	return out
}

// desired finds what is wanted on an account; nil if the rules have no such one.
func desired(d rules.Decision, name, slot string) *target.Desired {
	for i := range d.Accounts {
		if a := &d.Accounts[i]; a.Target == name && a.Desired.Key.Slot == slot {
			return &a.Desired
		}
	}
	return nil
}

// graceOf returns until when an entitlement is kept in its time of grace.
func graceOf(d *target.Desired, e target.Entitlement) (until time.Time, ok bool) {
	if d.Extra == nil {
		return time.Time{}, false
	}
	for _, k := range d.Extra.Keep {
		if k.Entitlement == e {
			return k.Until, true
		}
	}
	return time.Time{}, false
}

// noted returns the codes of what somebody should look at, sorted.
func noted(d rules.Decision) []string {
	var out []string
	for i := range d.Accounts {
		if x := d.Accounts[i].Desired.Extra; x != nil {
			for _, n := range x.Notes {
				out = append(out, n.Code)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// lacking returns the fields that something stayed undecided without, sorted.
func lacking(d rules.Decision) []string {
	var out []string
	for i := range d.Accounts {
		out = append(out, d.Accounts[i].Desired.Missing...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
