package reconcile

import (
	"fmt"
	"time"

	"github.com/provision-go/provision/target"
)

// The defaults of Absence.
const (
	defaultReads  = 2
	defaultApart  = 12 * time.Hour
	defaultGrace  = 72 * time.Hour
	defaultShrink = 10.0
	// smallShrink is the fall in people below which a read is not suspicious.
	smallShrink = 10
)

// absence is whether the read of the source can prove that somebody is gone, and
// why not.
type absence struct{ text string }

// withDefaults fills in what is not set.
func (a Absence) withDefaults() Absence {
	if a.Reads == 0 {
		a.Reads = defaultReads
	}
	if a.Apart == 0 {
		a.Apart = defaultApart
	}
	if a.Grace == 0 {
		a.Grace = defaultGrace
	}
	if a.Shrink == 0 {
		a.Shrink = defaultShrink
	}
	return a
}

// judgeSource says why the read of the source proves nobody's absence.
func (p *planner) judgeSource() absence {
	s := &p.in.Scope
	e := s.evidence
	switch {
	case !s.whole:
		return absence{"this plan is about one person"}
	case !e.Read:
		return absence{"the source was not read to its end"}
	case e.People <= 0:
		return absence{"the source is empty"}
	case e.Lost > 0:
		return absence{plural(e.Lost, "row of the source belongs", "rows of the source belong") + " to nobody"}
	}
	for i := range p.doubts {
		if v := &p.doubts[i]; v.Guard == GuardSentinels || v.Guard == GuardPeople {
			return absence{v.doubt()}
		}
	}
	return absence{}
}

// disappeared settles accounts whose person the source does not list. That is no
// proof of a departure: the account is disabled after several complete reads and
// a time of grace, and nothing else is taken from it.
func (p *planner) disappeared(accounts []target.Account) {
	key := accounts[0].Key
	p.plan.Missing = append(p.plan.Missing, key)
	d := target.Desired{Key: key, Label: p.label(&accounts[0]), State: target.Disabled, Protected: p.wasProtected(key)}
	if len(accounts) > 1 {
		p.ambiguous(&d, accounts)
	}
	open := false
	for i := range accounts {
		a := &accounts[i]
		if a.State != target.Enabled {
			continue
		}
		open = true
		w := work{want: &d, have: a, situation: Disappeared, reason: Disappearing}
		n := p.change(&w, Change{Action: Disable, From: target.Enabled, To: target.Disabled})
		if n == nil {
			continue
		}
		p.doubtAbsence(n)
		if len(accounts) > 1 {
			n.hold(InConflict, "two accounts carry the key "+key.String(), true)
		}
	}
	if !open && len(accounts) == 1 {
		p.plan.Unchanged++
	}
}

// doubtAbsence holds the disable of somebody missing until it is proved and the
// grace is over.
func (p *planner) doubtAbsence(n *node) {
	rule := p.in.Policy.Absence.withDefaults()
	past := p.in.History.Accounts[n.Key]
	since, reads := past.MissingSince, past.MissingReads
	if since.IsZero() || since.After(p.in.At) {
		since, reads = p.in.At, 0
	}
	if p.proof.text != "" {
		n.hold(NeedsProof, "missing from the source, but "+p.proof.text, false)
	} else {
		reads++
		switch {
		case reads < rule.Reads:
			n.hold(NeedsProof, fmt.Sprintf("missing in %d of %d complete reads", reads, rule.Reads), false)
		case p.in.At.Sub(since) < rule.Apart:
			n.hold(NeedsProof, fmt.Sprintf("missing in %s, but over %s, not %s", plural(reads, "read", "reads"),
				duration(p.in.At.Sub(since)), duration(rule.Apart)), false)
		}
	}
	end := since.Add(rule.Grace).UTC().Round(0)
	if end.After(p.in.At) {
		n.hold(InGrace, "missing since "+instant(since)+", grace until "+instant(end), false)
		n.reasons[len(n.reasons)-1].Until = end
		if len(n.reasons) == 1 {
			p.await(Disable, end)
		}
	}
}
