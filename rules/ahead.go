package rules

import (
	"slices"
	"time"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// asOfTerm is a date that comparisons with AsOf depend on.
type asOfTerm struct {
	date  *node
	turns []turn
}

// A turn is a number of days: comparisons turn over on the date plus these, or on
// the day after.
type turn struct {
	days  int
	conds []*node // that have such a comparison in them
	value bool    // so has a value
}

// on reports whether anything is another on a day than on the day before, or may be:
// what a condition is undecided for is told apart by its parts.
func (t *turn) on(v view, day source.Date) bool {
	if t.value {
		return true
	}
	before := v
	v.day, before.day = day, day.AddDays(-1)
	return slices.ContainsFunc(t.conds, func(n *node) bool {
		truth := v.truth(n)
		return truth == Undecided || truth != before.truth(n)
	})
}

// termsOf finds every comparison with the day that matters for an account.
func (s *Set) termsOf(a *account) []asOfTerm {
	var terms []asOfTerm
	add := func(conds ...*node) {
		for _, n := range conds {
			terms = appendTerms(terms, n, n)
		}
	}
	add(a.cond, s.scope.when, a.life.expireWhen)
	for i := range s.protect {
		add(s.protect[i].when)
	}
	terms = appendTerms(terms, a.label, nil)
	for _, x := range a.attributes {
		add(x.when)
		terms = appendTerms(terms, x.to, nil)
		for _, y := range x.choices {
			add(y.when)
			terms = appendTerms(terms, y.to, nil)
		}
	}
	for _, q := range a.requires {
		add(q.when, q.must)
	}
	for _, g := range a.gives {
		for _, n := range g.grants {
			add(s.grants[n].when)
			if p := s.grants[n].approval; p != nil {
				add(p.when)
			}
			if k := s.grants[n].pick; k > 0 {
				for _, other := range s.picks[k-1].choices {
					add(s.grants[other].when)
				}
			}
		}
		for _, n := range g.nevers {
			add(s.never[n].when)
		}
	}
	return terms
}

// appendTerms finds the comparisons below n, which is a part of a condition, or of a
// value if cond is nil.
func appendTerms(terms []asOfTerm, n, cond *node) []asOfTerm {
	if n == nil {
		return terms
	}
	switch n.op {
	case opAny:
		if n.rows != nil {
			return terms // rows look at no date
		}
	case opDateEq, opDateLT, opDateLE:
		a, b := n.args[0], n.args[1]
		if (a.op == opAsOf) == (b.op == opAsOf) {
			return terms // no clock in it, or the same on every day
		}
		if b.op == opAsOf {
			a, b = b, a
		}
		return addTerm(terms, b, b.days-a.days, cond)
	}
	for _, arg := range n.args {
		terms = appendTerms(terms, arg, cond)
	}
	return terms
}

func addTerm(terms []asOfTerm, date *node, days int, cond *node) []asOfTerm {
	at := slices.IndexFunc(terms, func(t asOfTerm) bool {
		return t.date.op == date.op && t.date.ref == date.ref && t.date.day == date.day
	})
	if at < 0 {
		at, terms = len(terms), append(terms, asOfTerm{date: date})
	}
	term := &terms[at]
	at = slices.IndexFunc(term.turns, func(t turn) bool { return t.days == days })
	if at < 0 {
		at, term.turns = len(term.turns), append(term.turns, turn{days: days})
	}
	t := &term.turns[at]
	if cond == nil {
		t.value = true
	} else if !slices.Contains(t.conds, cond) {
		t.conds = append(t.conds, cond)
	}
	return terms
}

// lookAhead finds out when time alone will alter the decision, by deciding again
// at every instant at which it might. Most comparisons with the day stand beside
// others that do not hold for the person: an instant at which no condition as a
// whole comes out differently than just before brings no other decision.
func (d *Decider) lookAhead(decision *Decision) {
	d.boundaries()
	for n, t := range d.instants {
		switch {
		case n > 0 && t.Equal(d.instants[n-1]):
		case decision.Next.IsZero():
			d.compareAt(t, decision)
		case !d.statesAt(t, decision):
			return
		}
	}
}

// boundaries fills in the instants at which time alone may alter the answer, in
// order.
func (d *Decider) boundaries() {
	d.instants = d.instants[:0]
	r := &d.now
	for n := range d.set.accounts {
		a := &d.set.accounts[n]
		v, zone := r.view(a)
		add := func(t time.Time) {
			if t.After(r.at) {
				d.instants = append(d.instants, t)
			}
		}
		day := func(day source.Date) {
			if day.After(v.day) {
				add(day.In(zone))
			}
		}
		a.life.boundaries(v, zone, day, add)
		r.deadlines(a, day, add)
		for _, t := range a.asOf {
			date := v.date(t.date)
			if date.IsZero() {
				continue
			}
			ahead := date.Sub(v.day)
			for k := range t.turns {
				turn := &t.turns[k]
				for n := max(turn.days, 1-ahead); n <= turn.days+1; n++ { // else the day is over
					if on := date.AddDays(n); turn.on(v, on) {
						day(on)
					}
				}
			}
		}
	}
	slices.SortFunc(d.instants, time.Time.Compare)
}

// compareAt notes what will be different at a later instant, unless an earlier
// one was noted before.
func (d *Decider) compareAt(t time.Time, decision *Decision) {
	d.turnTo(t)
	d.later = d.ahead.accounts(d.later)
	for n := range decision.Accounts {
		now, then := &decision.Accounts[n].Desired, &d.later[n].Desired
		if now.Next.At.IsZero() && now.State != then.State {
			now.Next = target.Upcoming{At: t.UTC(), State: then.State}
		}
		if decision.Next.IsZero() && !sameDesired(now, then) {
			decision.Next = t.UTC()
		}
	}
}

// statesAt notes what state each account will have next, where that is not known
// yet. It reports whether there are such accounts: all else is known.
func (d *Decider) statesAt(t time.Time, decision *Decision) bool {
	open := false
	for n := range decision.Accounts {
		now := &decision.Accounts[n].Desired
		if !now.Next.At.IsZero() {
			continue
		}
		if !open {
			d.turnTo(t)
			open = true
		}
		then, lacking := target.Desired{}, missingFields{}
		d.ahead.decideState(&d.set.accounts[n], &then, &lacking)
		if now.State != then.State {
			now.Next = target.Upcoming{At: t.UTC(), State: then.State}
		}
	}
	return open
}

// turnTo turns to the same person at a later instant.
func (d *Decider) turnTo(t time.Time) {
	d.ahead.begin(d.now.person, t)
	d.ahead.lostBy, d.ahead.memo = d.now.at, d.now.memo
}

// deadlines calls day and add for what exceptions, times of grace and approvals
// bring to an end.
func (r *round) deadlines(a *account, day func(source.Date), add func(time.Time)) {
	for _, n := range r.set.special {
		for i := range r.set.grants[n].except {
			if x := &r.set.grants[n].except[i]; x.Who == r.person.Identity.ID {
				day(x.Until.AddDays(1))
			}
		}
	}
	for _, i := range a.graced {
		if until := r.keptUntil(a, &a.gives[i]); !until.IsZero() {
			add(until)
		}
	}
	for i := range r.person.Approvals {
		x := &r.person.Approvals[i]
		add(x.At)
		add(x.Expires)
		for _, n := range r.set.special {
			if g := &r.set.grants[n]; g.id == x.Rule && g.approval != nil {
				add(g.approval.end(x))
			}
		}
	}
}

// sameDesired compares everything except Next, which the later one lacks.
func sameDesired(a, b *target.Desired) bool {
	return a.State == b.State && a.Phase == b.Phase && a.Label == b.Label && a.Protected == b.Protected &&
		a.EndSessions == b.EndSessions && a.Handover == b.Handover && a.Attributes == b.Attributes &&
		slices.Equal(a.Clear, b.Clear) && slices.Equal(a.Secrets, b.Secrets) &&
		slices.Equal(a.Entitlements, b.Entitlements) && slices.Equal(a.Undecided, b.Undecided) &&
		slices.Equal(a.Ask, b.Ask) && slices.Equal(a.Missing, b.Missing) && sameExtra(a.Extra, b.Extra)
}

// sameExtra compares what is kept, not until when: that moves with the instant for
// what is lost only now.
func sameExtra(a, b *target.Extra) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Close == b.Close && slices.Equal(a.Notes, b.Notes) && slices.Equal(a.Take, b.Take) &&
		slices.Equal(a.ProtectedBy, b.ProtectedBy) &&
		slices.EqualFunc(a.Keep, b.Keep, func(x, y target.Kept) bool { return x.Entitlement == y.Entitlement })
}
