package rules

import (
	"time"

	"github.com/provision-go/provision/target"
)

func (e *explainer) entitlement(g *given) Explanation {
	d := &e.desired
	out := Explanation{Key: d.Key, Subject: g.entitlement.String(), Outcome: notGranted}
	wanted := 0
	out.Outcome, wanted = roleOutcome(d, g.entitlement)
	out.given = wanted == isGranted
	if d.State == target.None || d.State == target.Undecided || d.Phase == target.Left {
		out.Causes = e.account().Causes
		return out
	}
	best, _, _ := e.round.outcome(e.a, g)
	out.open = best == undecided
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
	case c.Outcome == Yes && e.round.mark(n) != plain:
		e.approval(&c, rule, e.round.mark(n), g)
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

// approval explains what a grant that needs an approval, or may, comes to.
func (e *explainer) approval(c *Cause, rule *grant, m mark, g *given) {
	c.Text = "approval by " + rule.approval.by
	switch e.round.approval(rule, m, e.a, g.entitlement) {
	case granted:
		c.Text = "approved"
	case toApprove:
	case undecided:
		c.Outcome = Undecided
		c.Text += " denied, kept if held"
		if m == mayAsk {
			var lacking missingFields
			e.v.undecided(rule.approval.when, &lacking)
			c.Missing = lacking.sorted()
		}
	case notGiven:
		c.Text += " denied"
	}
}

// separated explains separations of duties that hold an entitlement back, or would.
func (e *explainer) separated(g *given) []Cause {
	var causes []Cause
	for _, m := range e.round.meetings {
		if m.role != (gift{e.a.index, g.entitlement}) {
			continue
		}
		c := Cause{Rule: m.duties.id, Pos: m.duties.pos, Outcome: Yes, Forbids: m.becomes == undecided, Text: dutiesMeet}
		switch {
		case m.becomes == toApprove:
			c.Text = "approval by " + m.duties.by
		case m.duties.do == ApproveDuties && m.becomes == undecided:
			c.Text = "approval by " + m.duties.by + " denied, kept if held"
		case m.duties.do == ApproveDuties && m.how == wished:
			c.Text += ", approved or held"
		}
		causes = append(causes, c)
	}
	return causes
}
