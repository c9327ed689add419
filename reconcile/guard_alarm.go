package reconcile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

const (
	// defaultGap is the default of Policy.Gap.
	defaultGap = 7 * 24 * time.Hour
	// setBack is how far the clock may be behind an earlier run: clocks of several
	// machines differ, and a run takes a while.
	setBack = time.Hour
	// smallColumn is for how many people a field must have been filled before its
	// vanishing means anything.
	smallColumn = 10
)

// fieldLimit is the fall in people who have a field that is not suspicious.
func fieldLimit() Limit { return Limit{Count: 10, Percent: 5} }

// Alarm names what an alarm doubts: equal doubts, equal names. It is "" for a
// verdict that is about single changes. An alarm stands for the whole read, or the
// clock: a release accepts what it doubts as the new level, but for
// GuardSentinels, which ends when they are listed again.
func (v *Verdict) Alarm() string {
	switch v.Guard {
	case GuardAction, GuardEntitlement, GuardKept:
		return ""
	case GuardSentinels:
		return "sentinels " + strings.Join(v.Missing, " ")
	case GuardFields:
		return fmt.Sprintf("field %s %d", v.Field, v.Count)
	case GuardPeople:
		return fmt.Sprintf("people %d", v.Count)
	case GuardClock:
		if v.back() {
			return "clock back"
		}
		return "clock ahead"
	}
	return ""
}

// back reports whether the clock was set back.
func (v *Verdict) back() bool { return v.At.Before(v.Last) }

// stops reports whether the alarm holds changes of an action.
func (v *Verdict) stops(a Action) bool {
	switch v.Guard {
	case GuardSentinels:
		return a.Removes()
	case GuardFields:
		return a.Removes() || a == Enable
	case GuardClock:
		return a.Removes() || a == Enable && v.back()
	case GuardAction, GuardEntitlement, GuardKept, GuardPeople:
	}
	return false
}

// alarms says what is wrong with the read or the clock as a whole. A plan for one
// person trusts the last whole read as little as the whole plan did.
func (p *planner) alarms() []Verdict {
	var out []Verdict
	if p.in.Scope.whole {
		out = append(p.fields(), p.sentinels()...)
		out = append(out, p.shrunk()...)
	} else {
		for _, v := range p.in.History.Alarms {
			if v.Guard == GuardSentinels || v.Guard == GuardFields {
				v.Missing = slices.Clone(v.Missing)
				out = append(out, v)
			}
		}
	}
	out = append(out, p.clock()...)
	slices.SortFunc(out, func(a, b Verdict) int {
		return cmp.Or(cmp.Compare(a.Guard, b.Guard), strings.Compare(a.Alarm(), b.Alarm()))
	})
	return out
}

// sentinels are the people of Absence.Sentinels whom the read does not list.
func (p *planner) sentinels() []Verdict {
	all := sortedCopy(p.in.Policy.Absence.Sentinels)
	if len(all) == 0 {
		return nil
	}
	there := make(map[string]bool, len(all))
	for i := range p.wants.list { // not in order yet
		id := p.wants.list[i].Key.Identity
		if _, is := slices.BinarySearch(all, id); is {
			there[id] = true
		}
	}
	missing := slices.DeleteFunc(slices.Clone(all), func(id string) bool { return there[id] })
	if len(missing) == 0 {
		return nil
	}
	return []Verdict{{Guard: GuardSentinels, Missing: missing, Count: len(missing), Of: len(all)}}
}

// fields are those that the source fills for far fewer people than before. Who is
// not listed any more has taken their values along: that is for others to judge.
func (p *planner) fields() []Verdict {
	if p.in.Filled == nil {
		return nil
	}
	gone := max(p.in.History.People-p.in.Scope.evidence.People, 0)
	limit := fieldLimit()
	var out []Verdict
	for field, before := range p.in.History.Filled {
		now := p.in.Filled[field]
		if before >= smallColumn && limit.exceeded(before-now-gone, before) {
			out = append(out, Verdict{Guard: GuardFields, Field: field, Count: now, Of: before, Limit: limit})
		}
	}
	return out
}

// shrunk says that the source lists far fewer people than before.
func (p *planner) shrunk() []Verdict {
	now, before := p.in.Scope.evidence.People, p.in.History.People
	limit := Limit{Count: smallShrink - 1, Percent: p.in.Policy.Absence.withDefaults().Shrink}
	if now <= 0 || !limit.exceeded(before-now, before) {
		return nil
	}
	return []Verdict{{Guard: GuardPeople, Count: now, Of: before, Limit: limit}}
}

// clock says that the time is not one that follows the runs before. How long ago a run
// for one person was says nothing: only whole ones are due.
func (p *planner) clock() []Verdict {
	gap := p.in.Policy.Gap
	if gap == 0 {
		gap = defaultGap
	}
	at, last := p.in.At, p.in.History.Last
	latest := last
	if alone := p.in.History.LastAlone; alone.After(last) {
		latest = alone
	}
	switch {
	case last.IsZero():
	case at.Before(latest.Add(-setBack)):
		return []Verdict{{Guard: GuardClock, At: p.plan.At, Last: latest.UTC().Round(0)}}
	case gap >= 0 && at.After(last.Add(gap)):
		return []Verdict{{Guard: GuardClock, At: p.plan.At, Last: last.UTC().Round(0)}}
	}
	return nil
}

// doubt says what is wrong, for people.
func (v *Verdict) doubt() string {
	switch v.Guard {
	case GuardSentinels:
		return "the source does not list " + sentinelNames(v.Missing)
	case GuardFields:
		return fmt.Sprintf("%s is filled for %s, last time for %d", clean(v.Field), people(v.Count), v.Of)
	case GuardPeople:
		return fmt.Sprintf("the source shrank from %d to %d people (%.1f %%, believed up to %s %%)",
			v.Of, v.Count, 100*float64(v.Of-v.Count)/float64(v.Of), number(v.Limit.Percent))
	case GuardClock:
		if v.back() {
			return "it is " + instant(v.At) + ", before the last run of " + instant(v.Last)
		}
		return "it is " + instant(v.At) + ", and the last whole run was on " + instant(v.Last)
	case GuardAction, GuardEntitlement, GuardKept:
	}
	return ""
}

// advice says what is to be done about an alarm.
func (v *Verdict) advice() string {
	switch v.Guard {
	case GuardFields:
		return "removals and enables wait until it is filled again, or the new level is released"
	case GuardClock:
		if v.back() {
			return "removals and enables wait: set the clock right, or release them if it is"
		}
		return "removals wait: if the clock is right, release them once; if not, set it right"
	case GuardSentinels:
		return "removals wait until they are listed again, or are released"
	case GuardPeople:
		return "nobody counts as gone until it lists more, or the new number is released"
	case GuardAction, GuardEntitlement, GuardKept:
	}
	return ""
}

func sentinelNames(ids []string) string {
	quoted := make([]string, 0, len(ids))
	for _, id := range ids {
		quoted = append(quoted, clean(id))
	}
	const most = 10
	if more := len(quoted) - most; more > 0 {
		quoted = append(quoted[:most], fmt.Sprintf("%d more", more))
	}
	return strings.Join(quoted, ", ") + ", who must always be in it"
}

// reportAlarms makes findings of alarms that no other finding speaks of.
func (p *planner) reportAlarms(alarms []Verdict) {
	for i := range alarms {
		v := &alarms[i]
		switch v.Guard {
		case GuardFields:
			p.note(Finding{Code: CodeCoverage, Field: v.Field, Count: v.Of - v.Count, Message: v.doubt() + "; " + v.advice()})
		case GuardClock:
			p.note(Finding{Code: CodeClock, Message: v.doubt() + "; " + v.advice()})
		case GuardAction, GuardEntitlement, GuardKept, GuardSentinels, GuardPeople:
		}
	}
}
