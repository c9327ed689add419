package rules

import (
	"slices"

	"github.com/provision-go/provision/rules/internal/logic"
	"github.com/provision-go/provision/source"
)

// Fields of which one says something about another.
const (
	relStatus     = "status"
	relStart      = string(StartDate)
	relEnd        = string(EndDate)
	relStartDate  = "start_date"
	relHireDate   = string(HireDate)
	relLastDay    = "last_day"
	relTerm       = "termination_date"
	relTerminated = "terminated_at"
	relGroups     = string(Groups)
	relGroupIDs   = string(GroupIDs)
)

func related() []string {
	return []string{relStatus, relStart, relEnd, relStartDate, relHireDate, relLastDay, relTerm, relGroups, relGroupIDs, logic.AsOf}
}

// facts returns what is so for everybody, as far as it is about these fields.
func (t *terms) facts(fields uint64) []formula {
	has := func(names ...string) bool {
		for _, name := range names {
			if fields&t.bits[name] == 0 {
				return false
			}
		}
		return true
	}
	var out []formula
	add := func(f logic.Formula, names ...string) {
		out = append(out, formula{f, t.bitsOf(names)})
	}
	same := func(a, b string) logic.Formula { return logic.Day(a, b, logic.SameDay, 0) }
	there := func(name string) logic.Formula { return logic.Not(logic.Missing(name)) }
	// The first day of work is the start date, else the hire date.
	if has(relStart, relStartDate) {
		add(logic.Or(logic.Missing(relStartDate), same(relStart, relStartDate)), relStart, relStartDate)
	}
	if has(relStart, relHireDate) {
		add(logic.Or(logic.Missing(relHireDate), there(relStart)), relStart, relHireDate)
	}
	if has(relStart, relStartDate, relHireDate) {
		add(logic.Or(there(relStartDate), logic.And(logic.Missing(relStart), logic.Missing(relHireDate)), same(relStart, relHireDate)),
			relStart, relStartDate, relHireDate)
	}
	// The last day is not before the first, and is the one that the source calls so.
	if has(relStart, relEnd) {
		add(logic.Or(logic.Missing(relEnd), logic.Missing(relStart), logic.Day(relStart, relEnd, logic.NotAfter, 0)), relStart, relEnd)
	}
	if has(relEnd, relLastDay) {
		add(logic.Or(logic.Missing(relEnd), logic.Missing(relLastDay), same(relEnd, relLastDay)), relEnd, relLastDay)
	}
	if has(relEnd, relLastDay, relTerm) {
		add(logic.Or(logic.Missing(relEnd), there(relLastDay), same(relEnd, relTerm)), relEnd, relLastDay, relTerm)
	}
	if has(relGroups, relGroupIDs) {
		add(logic.Or(logic.And(logic.Missing(relGroups), logic.Missing(relGroupIDs)), logic.And(there(relGroups), there(relGroupIDs))),
			relGroups, relGroupIDs)
	}
	return out
}

func (t *terms) bitsOf(names []string) uint64 {
	var fields uint64
	for _, name := range names {
		fields |= t.bit(name)
	}
	return fields
}

// served returns what is so for everybody whose entitlements on an account are
// decided at all, by its life cycle, as far as it is about these fields.
func (l *linter) served(a *account, fields uint64) []formula {
	t := l.terms
	var out []formula
	if fields&t.bits[relStatus] != 0 {
		words := l.set.fields[relStatus].words
		var known []string
		for i, w := range words {
			if s := source.Status(i + 1); !s.Ended() && s != source.Candidate {
				known = append(known, w)
			}
		}
		out = append(out, formula{logic.OneOf(relStatus, words, known...), t.bits[relStatus]})
		if fields&t.bits[relStart] != 0 {
			out = append(out, formula{
				logic.Or(logic.Not(logic.OneOf(relStatus, words, source.PreHire.String())), logic.Not(logic.Missing(relStart))),
				t.bits[relStatus] | t.bits[relStart],
			})
		}
	}
	if fields&t.bits[relStart] != 0 {
		out = append(out, formula{
			logic.Or(logic.Missing(relStart), logic.Day(relStart, logic.AsOf, logic.NotAfter, a.life.PreHire)),
			t.bits[relStart] | t.bits[logic.AsOf],
		})
	}
	if fields&t.bits[relEnd] != 0 {
		out = append(out, formula{
			logic.Or(logic.Missing(relEnd), logic.Day(logic.AsOf, relEnd, logic.NotAfter, 0)),
			t.bits[relEnd] | t.bits[logic.AsOf],
		})
	}
	return out
}

// anybody returns f with what is so for everybody.
func (l *linter) anybody(f formula) formula {
	facts := l.terms.facts(f.fields)
	if len(facts) == 0 {
		return f
	}
	return conj(append(facts, f)...)
}

// holder returns f for those who are in the scope, have an account and are served
// there.
func (l *linter) holder(account int, f formula) formula {
	all := conj(l.scope, l.accounts[account], f)
	all = conj(append(l.served(&l.set.accounts[account], all.fields), all)...)
	return l.anybody(all)
}

// holders is holder for several accounts of one person.
func (l *linter) holders(accounts []int, f formula) formula {
	all := conj(l.scope, f)
	for _, i := range accounts {
		all = conj(l.accounts[i], all)
	}
	for _, i := range accounts {
		all = conj(append(l.served(&l.set.accounts[i], all.fields), all)...)
	}
	return l.anybody(all)
}

// concerned is holder without what shares no field with f and other, not even
// through something else: that makes no difference to what follows from f.
func (l *linter) concerned(account int, f formula, other uint64) formula {
	key := aboutFields{account, f.fields | other}
	about, ok := l.about[key]
	if !ok {
		about = l.context(account, key.fields)
		l.about[key] = about
	}
	if len(about) == 0 {
		return f
	}
	return conj(append(slices.Clip(about), f)...)
}

// aboutFields is a question about some fields of those who have an account.
type aboutFields struct {
	account int
	fields  uint64
}

// context returns what is so for holders of an account and has to do with fields.
func (l *linter) context(account int, fields uint64) []formula {
	var all []formula
	open := []formula{l.scope, l.accounts[account]}
	for i := 0; i < len(open); i++ {
		if open[i].fields&fields != 0 {
			fields |= open[i].fields
			all = append(all, open[i])
			open = slices.Delete(open, i, i+1)
			i = -1 // the other may share a field now
		}
	}
	served := l.served(&l.set.accounts[account], fields)
	for _, s := range served {
		fields |= s.fields
	}
	all = append(append(all, served...), l.terms.facts(fields)...)
	if len(all) > 1 {
		all = []formula{conj(all...)}
	}
	return all
}
