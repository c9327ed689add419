package rules

import (
	"iter"
	"slices"
	"time"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// A Decider applies a set to many people, one after the other, with less memory
// than [Set.Decide] takes for each: people for whom the rules want the same
// entitlements share one list. It is not safe for concurrent use; a program that
// decides on several processors has one for each.
type Decider struct {
	set      *Set
	now      round
	ahead    round // at a later instant
	accounts []AccountDecision
	later    []AccountDecision
	instants []time.Time
}

// Decider returns a new Decider of the set.
func (s *Set) Decider() *Decider { return &Decider{set: s, now: newRound(s), ahead: newRound(s)} }

// Decide does the same as [Set.Decide]. Decision.Accounts is overwritten by the
// next call; what is in it may be kept, and is read only.
func (d *Decider) Decide(p Person, at time.Time) Decision {
	if p.Identity == nil {
		return Decision{}
	}
	d.now.begin(p, at)
	d.accounts = d.now.accounts(d.accounts)
	decision := Decision{Accounts: d.accounts}
	d.lookAhead(&decision)
	d.now.again, d.ahead.again = true, true
	return decision
}

// Matches evaluates the conditions of all grants, of the rows of their tables and of
// the choices of picks for one person, and yields each with its outcome, by ID and
// number. It tells which rules match, not what comes of it: no account, denial,
// exception, approval or other choice is looked at. The day is that of the first
// account that a rule gives to.
func (d *Decider) Matches(p Person, at time.Time) iter.Seq2[Match, Truth] {
	return func(yield func(Match, Truth) bool) {
		if p.Identity == nil {
			return
		}
		r := &d.now
		r.begin(p, at)
		r.again = true
		account, day := -1, source.Date{}
		for n := range d.set.matches {
			m := &d.set.matches[n]
			if m.account != account {
				account = m.account
				if v, _ := r.view(&d.set.accounts[account]); v.day != day {
					day = v.day
					r.matches = slices.Grow(r.matches[:0], len(d.set.grants))[:len(d.set.grants)]
					d.set.index.evaluate(v, r.matches)
				}
			}
			if !yield(m.Match, r.matches[n]) {
				return
			}
		}
	}
}

// A Match is a grant, the row of the table of one, or a choice of a pick.
type Match struct {
	Rule   string // its ID
	Number int    // of the row or choice, from 1; 0 = the rule
}

// match is that of a grant, with the first account that it gives something to.
type match struct {
	Match
	account int
}

// A round is the work on one person at one instant.
type round struct {
	set    *Set
	person Person
	at     time.Time
	lostBy time.Time // when what is lost now was lost

	zone      *time.Location // of the last account; nil = none yet
	day       source.Date    // in zone
	days      map[*time.Location]source.Date
	matches   []Truth // of every grant, for Decider.Matches
	truths    []Truth // of every grant on truthOn; empty = not evaluated
	marks     []mark  // of every grant, if some are special
	nevers    []Truth // of every denial
	truthOn   source.Date
	wants     []int   // what an account is to hold, by number
	contested []*pick // of which two choices of one rank are yes
	meetings  []meeting
	memo      memo
	again     bool // it is used for more than one person
	attrs     target.AttrBuilder
	lists     []map[uint64][]target.Entitlement // by account: what was wanted before
}

func newRound(s *Set) round { return round{set: s} }

// begin turns to another person, or to another instant.
func (r *round) begin(p Person, at time.Time) {
	if !at.Equal(r.at) {
		r.zone = nil
		clear(r.days)
	}
	r.memo = memo{tables: r.memo.tables[:0]}
	r.person, r.at, r.lostBy, r.truths = p, at, at, r.truths[:0]
}

// dayIn returns the day in a zone. There are few zones and many people.
func (r *round) dayIn(zone *time.Location) source.Date {
	day, ok := r.days[zone]
	if ok {
		return day
	}
	day = dayAt(r.at, zone)
	if r.again {
		if r.days == nil {
			r.days = map[*time.Location]source.Date{}
		}
		r.days[zone] = day
	}
	return day
}

// accounts decides for every account. The list is used again.
func (r *round) accounts(list []AccountDecision) []AccountDecision {
	if list == nil {
		list = make([]AccountDecision, len(r.set.accounts))
	}
	for n := range r.set.accounts {
		a := &r.set.accounts[n]
		list[n] = AccountDecision{Target: a.target}
		r.decide(a, &list[n].Desired)
	}
	r.separate(list)
	return list
}

// shared returns the list of entitlements with the numbers in a set, and where to
// keep it for the next person; nil if there are too many to number.
func (r *round) shared(a *account, wanted uint64) (list []target.Entitlement, keep map[uint64][]target.Entitlement) {
	if !r.again || len(a.gives) > 64 {
		return nil, nil
	}
	if r.lists == nil {
		r.lists = make([]map[uint64][]target.Entitlement, len(r.set.accounts))
	}
	if r.lists[a.index] == nil {
		r.lists[a.index] = map[uint64][]target.Entitlement{}
	}
	return r.lists[a.index][wanted], r.lists[a.index]
}
