package rules

import (
	"slices"
	"time"

	"github.com/provision-go/provision/target"
)

// approval is what was decided about a grant that needs an approval.
func (r *round) approval(g *grant, a *account, e target.Entitlement) outcome {
	result := toApprove
	role := ""
	for i := range r.person.Approvals {
		x := &r.person.Approvals[i]
		if x.Rule != g.id || x.At.After(r.at) {
			continue
		}
		if role == "" && x.Role != "" {
			role = roleName(a, e)
		}
		if x.Role != "" && x.Role != role || x.Hash != "" && x.Hash != r.set.RuleHash(g.id) {
			continue
		}
		if end := g.approval.end(x); !end.IsZero() && !r.at.Before(end) {
			continue
		}
		if !x.Denied {
			if result == toApprove {
				result = granted
			}
			continue
		}
		// A denial wins over approvals.
		if result = notGiven; g.approval.keepIfDenied {
			result = undecided
		}
	}
	return result
}

// end is when a decision ends, zero for never.
func (p *approval) end(x *Approved) time.Time {
	if !x.Expires.IsZero() || p.days == 0 || x.Denied {
		return x.Expires
	}
	return x.At.Add(time.Duration(p.days) * 24 * time.Hour)
}

// special marks grants with exceptions and approvals.
func (r *round) special(v view) {
	r.marks = slices.Grow(r.marks, len(r.truths))[:len(r.truths)]
	clear(r.marks)
	for _, n := range r.set.special {
		g := &r.set.grants[n]
		if r.truths[n] == No {
			continue
		}
		if g.excepts(v) != nil {
			r.truths[n], r.marks[n] = No, excepted
		} else if p := g.approval; p != nil && (p.when == nil || v.truth(p.when) != No) {
			r.marks[n] = asks
		}
	}
}

// excepts returns the exception that is in force, or nil.
func (g *grant) excepts(v view) *Exception {
	for i := range g.except {
		if x := &g.except[i]; x.Who == v.id.ID && !v.day.After(x.Until) {
			return x
		}
	}
	return nil
}
