package provision

import (
	"maps"
	"slices"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// guarding is what the guards have to know of a target.
type guarding struct {
	rules   string                     // hash in the last whole run that could remove something
	filled  map[string]int             // by field, in the last read that was believed
	members map[target.Entitlement]int // in the last whole run
	alarm   *Alarm                     // what the last whole plan doubts, if anything
	// accepted are the positions at which alarms were released, by their names.
	accepted map[string]uint64
	kept     map[string]bool // pending changes that a first run held
	lost     map[target.Entitlement]*recentKeys
	permits  map[string]permit // changes that a release names and that were not done since
}

func newGuarding() guarding {
	return guarding{
		filled: map[string]int{}, members: map[target.Entitlement]int{}, accepted: map[string]uint64{},
		kept: map[string]bool{}, lost: map[target.Entitlement]*recentKeys{},
		permits: map[string]permit{},
	}
}

// unknownRules stands for the rules of a target that was run, but never with rules
// that we know and in a mode that removes.
const unknownRules = "unknown"

// guards adds what the guards have to know.
func (t *targetState) guards(h *reconcile.History, at time.Time) {
	h.Rules, h.Filled, h.Members, h.Kept = t.rules, t.filled, t.members, t.kept
	h.Last, h.LastAlone, h.Waiting = t.lastRead, t.lastAlone, t.waiting()
	if h.Rules == "" && t.runs > 0 {
		h.Rules = unknownRules
	}
	if t.alarm != nil {
		h.Alarms = t.alarm.Verdicts
	}
	h.Losses = map[target.Entitlement]int{}
	for e := range t.lost {
		if n := t.recentlyLost(e, at); n > 0 {
			h.Losses[e] = n
		}
	}
}

// waiting are the accounts of what a first run held and of what somebody took back.
func (t *targetState) waiting() map[target.Key]bool {
	if len(t.kept)+len(t.undone) == 0 {
		return nil
	}
	keys := make(map[target.Key]bool, len(t.kept)+len(t.undone))
	for change := range t.kept {
		keys[t.pending[change].Hold.Change.Key] = true
	}
	for _, u := range t.undone {
		keys[u.key] = true
	}
	return keys
}

// recentlyLost counts the people who were employed and lost an entitlement in the
// window that ends at an instant.
func (t *targetState) recentlyLost(e target.Entitlement, at time.Time) int {
	if done := t.lost[e]; done != nil {
		return done.since(at.Add(-window))
	}
	return 0
}

// noteRecent counts what was done for the next 24 hours.
func (t *targetState) noteRecent(e *Entry) {
	done := t.recent[e.Action]
	if done == nil {
		done = &recentKeys{}
		t.recent[e.Action] = done
	}
	done.note(e.Key, e.At)
	if e.Action != reconcile.Revoke {
		return
	}
	lost := t.lost[e.Entitlement]
	if lost == nil {
		lost = &recentKeys{}
		t.lost[e.Entitlement] = lost
	}
	lost.note(e.Key, e.At)
}

// forgetRecent drops what no window reaches any more, whatever clock is right.
func (t *targetState) forgetRecent(until time.Time) {
	for _, done := range t.recent {
		done.forget(until)
	}
	for e, done := range t.lost {
		if done.forget(until); len(done.last) == 0 {
			delete(t.lost, e)
		}
	}
}

// keep folds that a first run holds a change. That something else holds it meanwhile,
// such as a rejection, ends nothing.
func (t *targetState) keep(change string, reasons []reconcile.HoldReason) {
	if slices.ContainsFunc(reasons, func(r reconcile.HoldReason) bool { return r.Lasting }) {
		t.kept[change] = true
	}
}

// doubted reports whether a run went on under the alarms of a guard.
func doubted(end *RunTotal, by reconcile.Guard) bool {
	return slices.ContainsFunc(end.Alarms, func(v reconcile.Verdict) bool { return v.Guard == by })
}

// tried reports whether a run has tried the rules on the people whom the source usually
// lists. One that a guard doubts has not: what the rules take is seen by the next read.
func tried(end *RunTotal) bool {
	return !doubted(end, reconcile.GuardFields) && !doubted(end, reconcile.GuardPeople) && !doubted(end, reconcile.GuardSentinels)
}

// learn folds what a whole run read, as far as it is believed.
func (t *targetState) learn(end *RunTotal) {
	if end.Rules != "" && !end.Broken && tried(end) {
		t.rules = end.Rules
	}
	t.members = end.Members
	if !end.Proved {
		return
	}
	filled := maps.Clone(end.Filled)
	if filled == nil {
		return // an older entry
	}
	for i := range end.Alarms {
		if v := &end.Alarms[i]; v.Guard == reconcile.GuardFields {
			filled[v.Field] = t.filled[v.Field] // whatever it was, or was accepted since
		}
	}
	t.filled = filled
}
