package rules

import (
	"slices"
	"time"

	"github.com/provision-go/provision/target"
)

func (e *explainer) entitlement(g *given) Explanation {
	d := &e.desired
	out := Explanation{Key: d.Key, Subject: g.entitlement.String(), Outcome: notGranted}
	switch {
	case slices.Contains(d.Entitlements, g.entitlement):
		out.Outcome = "granted"
	case slices.Contains(d.Undecided, g.entitlement):
		out.Outcome = "undecided"
	default:
		for _, ask := range d.Ask {
			if ask.Entitlement == g.entitlement {
				out.Outcome, out.pending = "to be approved by "+ask.By, true
			}
		}
		if d.Extra != nil {
			for _, k := range d.Extra.Keep {
				if k.Entitlement == g.entitlement {
					out.Outcome, out.pending = "kept until "+k.Until.UTC().Format(time.RFC3339), true
				}
			}
		}
	}
	if d.State == target.None || d.State == target.Undecided || d.Phase == target.Left {
		out.Causes = e.account().Causes
		return out
	}
	for _, n := range g.grants {
		out.Causes = append(out.Causes, e.grant(n, g))
	}
	for _, n := range g.nevers {
		x := &e.set.never[n]
		if c := e.rule(x.id, 0, x.pos, x.when); c.Outcome != No {
			c.Forbids = true
			out.Causes = append(out.Causes, c)
		}
	}
	out.Causes = append(out.Causes, e.separated(g)...)
	return out
}

// grant explains what one grant says of an entitlement.
func (e *explainer) grant(n int, g *given) Cause {
	rule := &e.set.grants[n]
	c := e.rule(rule.id, rule.number, rule.pos, rule.when)
	switch {
	case c.Outcome == Yes && e.round.mark(n) == excepted:
		c.Exception = rule.excepts(e.v)
		c.Outcome = No
		c.Text = "excepted until " + c.Exception.Until.String() + ": " + c.Exception.Why
	case c.Outcome == Yes && e.round.mark(n) == asks:
		c.Text = e.approval(rule, g)
	case rule.pick > 0 && c.Outcome != No && e.round.truths[n] != c.Outcome:
		c.Text = "another choice has a higher rank"
		if c.Outcome = e.round.truths[n]; c.Outcome == Undecided {
			c.Text = "nobody can tell whether another choice comes first"
		}
	}
	if c.Outcome == No && rule.grace > 0 && c.Exception == nil {
		for _, k := range keeps(&e.desired) {
			if k.Entitlement == g.entitlement {
				c.Text = "no longer given, kept until " + k.Until.UTC().Format(time.RFC3339)
			}
		}
	}
	return c
}

func keeps(d *target.Desired) []target.Kept {
	if d.Extra == nil {
		return nil
	}
	return d.Extra.Keep
}

func (e *explainer) approval(rule *grant, g *given) string {
	switch e.round.approval(rule, e.a, g.entitlement) {
	case granted:
		return "approved"
	case toApprove:
		return "approval by " + rule.approval.by
	case undecided:
		return "approval by " + rule.approval.by + " denied, kept if held"
	default:
		return "approval by " + rule.approval.by + " denied"
	}
}

// separated explains separations of duties that hold an entitlement back, or would.
func (e *explainer) separated(g *given) []Cause {
	var causes []Cause
	for i := range e.set.duties {
		d := &e.set.duties[i]
		if !slices.Contains(d.roles, gift{e.a.index, g.entitlement}) {
			continue
		}
		for _, n := range notes(&e.desired) {
			if n.Rule == d.id {
				causes = append(causes, Cause{Rule: d.id, Pos: d.pos, Outcome: Yes, Forbids: d.do == HoldDuties, Text: n.Text})
			}
		}
		for _, ask := range e.desired.Ask {
			if ask.Entitlement == g.entitlement && d.do == ApproveDuties && ask.By == d.by {
				causes = append(causes, Cause{Rule: d.id, Pos: d.pos, Outcome: Yes, Text: "approval by " + d.by})
			}
		}
	}
	return causes
}

func notes(d *target.Desired) []target.Note {
	if d.Extra == nil {
		return nil
	}
	return d.Extra.Notes
}
