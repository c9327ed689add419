package rules

import (
	"slices"
	"time"

	"github.com/provision-go/provision/target"
)

// approval is what was decided about a grant that needs an approval, or may.
func (r *round) approval(g *grant, m mark, a *account, e target.Entitlement) outcome {
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
		if result = notGiven; g.approval.keepIfDenied || m == mayAsk {
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
		// What is undecided stays so, also for whom it would give nothing: what they
		// hold may be in grace.
		if r.truths[n] != Yes {
			continue
		}
		if g.excepts(v) != nil {
			r.truths[n], r.marks[n] = No, excepted
		} else if g.approval != nil {
			r.marks[n] = g.approval.mark(v)
		}
	}
}

// mark says whether somebody has to approve. Nobody can tell counts as yes, except
// that a denial then takes nothing.
func (p *approval) mark(v view) mark {
	if p.when == nil {
		return asks
	}
	switch v.truth(p.when) {
	case Yes:
		return asks
	case Undecided:
		return mayAsk
	default:
		return plain
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
