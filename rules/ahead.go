package rules

import (
	"slices"
	"time"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// asOfTerm is a date that comparisons with AsOf depend on: each turns over on
// that date plus some days, or on the day after.
type asOfTerm struct {
	date *node
	days []int
}

// termsOf finds every comparison with the day that matters for an account.
func (s *Set) termsOf(a *account) []asOfTerm {
	terms := appendTerms(nil, a.cond)
	add := func(nodes ...*node) {
		for _, n := range nodes {
			terms = appendTerms(terms, n)
		}
	}
	add(s.scope.when, a.label, a.life.expireWhen)
	for i := range s.protect {
		add(s.protect[i].when)
	}
	for _, x := range a.attributes {
		add(x.when, x.to)
		for _, y := range x.choices {
			add(y.when, y.to)
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

func appendTerms(terms []asOfTerm, n *node) []asOfTerm {
	if n == nil {
		return terms
	}
	switch n.op {
	case opDateEq, opDateLT, opDateLE:
		a, b := n.args[0], n.args[1]
		if (a.op == opAsOf) == (b.op == opAsOf) {
			return terms // no clock in it, or the same on every day
		}
		if b.op == opAsOf {
			a, b = b, a
		}
		return addTerm(terms, b, b.days-a.days)
	}
	for _, arg := range n.args {
		terms = appendTerms(terms, arg)
	}
	return terms
}

func addTerm(terms []asOfTerm, date *node, days int) []asOfTerm {
	for i := range terms {
		t := &terms[i]
		if t.date.op == date.op && t.date.ref == date.ref && t.date.day == date.day {
			if !slices.Contains(t.days, days) {
				t.days = append(t.days, days)
			}
			return terms
		}
	}
	return append(terms, asOfTerm{date, []int{days}})
}

// lookAhead finds out when time alone will alter the decision, by deciding again
// at every instant at which it might.
func (d *Decider) lookAhead(decision *Decision) {
	d.boundaries()
	for n, t := range d.instants {
		if n == 0 || !t.Equal(d.instants[n-1]) {
			d.compareAt(t, decision)
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
			for _, n := range t.days {
				if ahead+n >= 0 { // else both days are over
					day(date.AddDays(n))
					day(date.AddDays(n + 1))
				}
			}
		}
	}
	slices.SortFunc(d.instants, time.Time.Compare)
}

// compareAt notes what will be different at a later instant, unless an earlier
// one was noted before.
func (d *Decider) compareAt(t time.Time, decision *Decision) {
	d.ahead.begin(d.now.person, t)
	d.ahead.lostBy = d.now.at
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
		slices.EqualFunc(a.Keep, b.Keep, func(x, y target.Kept) bool { return x.Entitlement == y.Entitlement })
}
