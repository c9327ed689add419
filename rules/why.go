package rules

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// An Explanation is why something is, or is not, wanted.
type Explanation struct {
	Key     target.Key
	Subject string // "account", "attribute title", "group:engineering"
	// Outcome is the state of the account ("enabled", "none", "undecided" …); the
	// value of the attribute, or "cleared", "undecided", "no opinion", "secret";
	// "granted", "not granted", "undecided" or "to be approved by manager".
	Outcome string
	// Sensitive: Outcome is a value that names or reaches a person.
	Sensitive bool
	// Causes are the rules that speak about it. For an account they are those
	// that decided.
	Causes []Cause
}

// SubjectAccount is the subject of explanations about an account as a whole.
const SubjectAccount = "account"

// SubjectAttribute is the subject of explanations about an attribute. That of
// an entitlement is its text form.
func SubjectAttribute(name string) string { return attributePrefix + name }

const attributePrefix = "attribute "

// Why explains everything about one person on one target: the account, the life
// cycle, each attribute and each entitlement, also those that are not given. For
// each slot in the order of the Spec come the account, then the attributes by
// name, then the entitlements in order. It returns nil for a target that the
// set does not know and for a Person without an Identity.
func (s *Set) Why(p Person, at time.Time, name string) []Explanation {
	var out []Explanation
	for i := range s.accounts {
		if a := &s.accounts[i]; a.target == name && p.Identity != nil {
			out = append(out, s.whyAccount(a, p.Identity, at)...)
		}
	}
	return out
}

func (s *Set) whyAccount(a *account, i *source.Identity, at time.Time) []Explanation {
	e := s.explainer(a, i, at)
	defer e.close()
	out := []Explanation{e.account()}
	for n := range a.attributes {
		out = append(out, e.attribute(&a.attributes[n]))
	}
	for n := range a.gives {
		out = append(out, e.entitlement(&a.gives[n]))
	}
	return out
}

// An explainer has decided for one account and tells why.
type explainer struct {
	set     *Set
	round   *round
	a       *account
	v       view
	zone    *time.Location
	at      time.Time
	desired target.Desired
}

// explainer decides. It is to be closed.
func (s *Set) explainer(a *account, i *source.Identity, at time.Time) explainer {
	e := s.beginExplaining(a, i, at)
	e.round.decide(a, &e.desired)
	return e
}

// causes decides as far as the causes depend on it. It is to be closed.
func (s *Set) causes(a *account, i *source.Identity, at time.Time) explainer {
	e := s.beginExplaining(a, i, at)
	lacking := missingFields{}
	e.round.decideState(a, &e.desired, &lacking)
	e.desired.Missing = lacking.sorted()
	return e
}

func (s *Set) beginExplaining(a *account, i *source.Identity, at time.Time) explainer {
	r, _ := s.rounds.Get().(*round)
	if r == nil {
		r = &round{set: s}
	}
	r.begin(i, at)
	e := explainer{set: s, round: r, a: a, at: at}
	e.v, e.zone = r.view(a)
	return e
}

// close keeps the memory for another explainer.
func (e *explainer) close() { e.set.rounds.Put(e.round) }

// subject explains one subject; ok is false if the rules do not speak of it.
func (e *explainer) subject(subject string) (x Explanation, ok bool) {
	if subject == SubjectAccount {
		return e.account(), true
	}
	if name, found := strings.CutPrefix(subject, attributePrefix); found {
		for i := range e.a.attributes {
			if e.a.attributes[i].name == name {
				return e.attribute(&e.a.attributes[i]), true
			}
		}
		return Explanation{}, false
	}
	for i := range e.a.gives {
		if e.a.gives[i].entitlement.String() == subject {
			return e.entitlement(&e.a.gives[i]), true
		}
	}
	return Explanation{}, false
}

func (e *explainer) account() Explanation {
	d := &e.desired
	x := Explanation{Key: d.Key, Subject: SubjectAccount, Outcome: d.State.String()}
	life := e.lifecycle()
	switch d.Phase {
	case target.PhaseUnknown, target.Future, target.Left:
		x.Causes = []Cause{life}
		return x
	default:
	}
	rule := e.v.cause(e.a.id, e.a.cond)
	switch {
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
	c := Cause{Rule: l.ID, Outcome: Yes}
	switch e.desired.Phase {
	case target.PhaseUnknown:
		c.Outcome, c.Missing = Undecided, e.desired.Missing
		if at := l.stage(e.v, e.at, e.zone); at.unread != 0 {
			c.Text = at.unread.String()
		}
	case target.Future, target.PreHire:
		if c.Text = "starts " + i.Start().String(); i.Status == source.Candidate {
			c.Text = "candidate"
		}
	case target.OnLeave:
		c.Text = "on leave"
	case target.Suspended:
		c.Text = "suspended"
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

// blocked explains which attributes leave an account undecided.
func (e *explainer) blocked() []Cause {
	var causes []Cause
	for i := range e.a.attributes {
		if x := &e.a.attributes[i]; e.blocks(x) {
			causes = append(causes, e.value(x))
		}
	}
	return causes
}

func (e *explainer) blocks(x *attribute) bool {
	if x.ifMissing != Block || x.when != nil && e.v.truth(x.when) != Yes {
		return false
	}
	_, known := e.v.values(x.to)
	return !known
}

// value explains a value that is missing.
func (e *explainer) value(x *attribute) Cause {
	c := Cause{Rule: x.id, Outcome: Undecided}
	var lacking missingFields
	e.v.lacking(x.to, &lacking)
	c.Missing = lacking.sorted()
	return c
}

func (e *explainer) attribute(x *attribute) Explanation {
	d := &e.desired
	out := Explanation{Key: d.Key, Subject: SubjectAttribute(x.name)}
	rule := e.v.cause(x.id, x.when)
	values := d.Attributes.Values(x.name)
	switch {
	case d.State == target.Undecided || d.Phase != target.Left && rule.Outcome == Undecided:
		out.Outcome = "undecided"
	case len(values) > 0:
		out.Outcome, out.Sensitive = strings.Join(values, ", "), sensitive(x.to)
	case slices.Contains(d.Clear, x.name):
		out.Outcome = "cleared"
	case slices.Contains(d.Secrets, x.name):
		out.Outcome = "secret"
	default:
		out.Outcome = "no opinion"
	}
	if x.to != nil && rule.Outcome == Yes {
		if _, known := e.v.values(x.to); !known {
			rule = e.value(x)
		}
	}
	out.Causes = []Cause{rule}
	return out
}

func (e *explainer) entitlement(g *given) Explanation {
	d := &e.desired
	out := Explanation{Key: d.Key, Subject: g.entitlement.String(), Outcome: "not granted"}
	switch {
	case slices.Contains(d.Entitlements, g.entitlement):
		out.Outcome = "granted"
	case slices.Contains(d.Undecided, g.entitlement):
		out.Outcome = "undecided"
	default:
		for _, ask := range d.Ask {
			if ask.Entitlement == g.entitlement {
				out.Outcome = "to be approved by " + ask.By
			}
		}
	}
	if d.State == target.None || d.State == target.Undecided || d.Phase == target.Left {
		out.Causes = e.account().Causes
		return out
	}
	for _, n := range g.grants {
		rule := &e.set.grants[n]
		c := e.v.cause(rule.id, rule.when)
		if c.Outcome == Yes && rule.approval != "" {
			c.Text = "approval by " + rule.approval
		}
		out.Causes = append(out.Causes, c)
	}
	return out
}
