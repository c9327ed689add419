package rules

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

func (e *explainer) account() Explanation {
	d := &e.desired
	x := Explanation{Key: d.Key, Subject: SubjectAccount, Outcome: d.State.String()}
	x.given = d.State == target.Enabled || d.State == target.Disabled
	life := e.lifecycle()
	switch d.Phase {
	case target.PhaseUnknown, target.Future, target.Left:
		x.Causes = []Cause{life}
		return x
	default:
	}
	if scope := e.set.scope.when; scope != nil {
		if c := e.rule(scopeID, 0, e.set.scope.pos, scope); c.Outcome != Yes {
			x.Causes = []Cause{c}
			return x
		}
	}
	rule := e.rule(e.a.id, 0, e.set.pos[e.a.id], e.a.cond)
	switch {
	case d.State == target.Undecided && d.Extra != nil && d.Extra.Close:
		// An account that exists is closed because of the phase.
		if x.Causes = []Cause{life}; rule.Outcome == Undecided {
			x.Causes = append(x.Causes, rule)
		}
		x.Causes = append(x.Causes, e.blocked()...)
	case rule.Outcome == Yes && d.State == target.Undecided:
		x.Causes = e.blocked()
	case rule.Outcome == Yes && (d.Phase == target.PreHire || d.State == target.Disabled):
		x.Causes = []Cause{life, rule}
	default:
		x.Causes = []Cause{rule}
	}
	return x
}

// lifecycle explains the phase.
func (e *explainer) lifecycle() Cause {
	i, l := e.v.id, &e.a.life
	c := Cause{Rule: l.ID, Pos: e.set.pos[l.ID], Outcome: Yes}
	at := l.stage(e.v, e.at, e.zone)
	switch e.desired.Phase {
	case target.PhaseUnknown:
		c.Outcome, c.Missing = Undecided, e.desired.Missing
		if at.unread != 0 {
			c.Text = at.unread.String()
		}
	case target.Future, target.PreHire:
		if c.Text = "starts " + i.Start().String(); i.Status == source.Candidate {
			c.Text = "candidate"
		}
	case target.OnLeave:
		c.Text = "on leave"
	case target.Suspended:
		if c.Text = "suspended"; !at.expired.IsZero() {
			c.Text = "last day of access " + at.expired.String()
		}
	case target.Left:
		c.Text = e.left()
	case target.Active:
	}
	return c
}

// left says by what a person has left: the earliest evidence that counts.
func (e *explainer) left() string {
	i := e.v.id
	terminated, immediate := terminatedAt(i, e.zone)
	end := i.End()
	text := "status " + i.Status.String()
	switch {
	case immediate && !e.at.Before(terminated):
		text = "terminated at " + terminated.UTC().Format(time.RFC3339)
	case !end.IsZero() && e.v.day.After(end):
		text = "last day " + end.String()
	}
	if e.desired.State == target.Deleted {
		text += fmt.Sprintf(", deleted after %d days", e.a.life.DeleteAfter)
	}
	return text
}

// blocked explains which attributes and requirements leave an account undecided.
func (e *explainer) blocked() []Cause {
	var causes []Cause
	for i := range e.a.attributes {
		if x := &e.a.attributes[i]; x.ifMissing == Block && e.round.blocks(x, e.v) {
			causes = append(causes, e.value(x))
		}
	}
	for i := range e.a.requires {
		q := &e.a.requires[i]
		if q.report || q.when != nil && e.v.truth(q.when) == No || e.v.truth(q.must) == Yes {
			continue
		}
		c := e.rule(q.id, 0, q.pos, q.must)
		var lacking missingFields
		q.lacking(e.v, &lacking)
		if c.Missing = lacking.sorted(); len(c.Missing) == 0 {
			c.Text = "does not meet the requirement"
		}
		c.Outcome = Undecided
		causes = append(causes, c)
	}
	return causes
}

// value explains a value that is missing.
func (e *explainer) value(x *attribute) Cause {
	c := Cause{Rule: x.id, Pos: e.set.pos[x.id], Outcome: Undecided}
	var lacking missingFields
	x.lacking(e.v, &lacking)
	c.Missing = lacking.sorted()
	return c
}

func (e *explainer) attribute(x *attribute) Explanation {
	d := &e.desired
	out := Explanation{Key: d.Key, Subject: SubjectAttribute(x.name), Outcome: noOpinion}
	if d.State != target.Enabled && d.State != target.Disabled {
		if d.State == target.Undecided {
			out.Outcome = "undecided"
		}
		out.Causes = e.account().Causes
		return out
	}
	to, of := x.to, chosen
	if x.choices != nil {
		to, of = choose(e.v, x.choices)
	}
	rule := e.rule(x.id, 0, e.set.pos[x.id], x.when)
	open := rule.Outcome == Undecided || rule.Outcome == Yes && (of == unsure || of == conflicting)
	switch values := d.Attributes.Values(x.name); {
	case len(values) > 0:
		out.Outcome, out.Sensitive, out.given = strings.Join(values, ", "), sensitive(to), true
	case open && d.Phase != target.Left:
		out.Outcome = "undecided"
	case slices.Contains(d.Clear, x.name):
		out.Outcome = "cleared"
	case slices.Contains(d.Secrets, x.name):
		out.Outcome, out.given = "secret", true
	case x.unique != nil && rule.Outcome == Yes && d.Phase != target.Left:
		out.Outcome, out.given = "chosen at the create", true
	}
	if rule.Outcome == Yes {
		rule = e.source(x, to, of, rule)
	}
	out.Causes = []Cause{rule}
	return out
}

// source explains where the value of an attribute is from, or why there is none.
func (e *explainer) source(x *attribute, to *node, of choosing, rule Cause) Cause {
	switch {
	case of == conflicting:
		rule.Outcome, rule.Text = Undecided, "two choices of the same rank apply"
		return rule
	case of == noChoice:
		rule.Outcome, rule.Text = No, "no choice applies"
		return rule
	case of == unsure:
		return e.value(x)
	case to == nil: // made at the create
		return rule
	}
	if _, known := e.v.values(to); !known {
		return e.value(x)
	}
	for i := range x.choices {
		if y := &x.choices[i]; y.to == to {
			return e.rule(x.id, y.number, e.set.pos[x.id], y.when)
		}
	}
	return rule
}
