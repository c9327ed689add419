package provision

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/provision-go/provision/reconcile"
)

// An Alarm is what the last whole plan of a target doubts as a whole: the read of the
// source, or the clock. It may hold nothing yet. A release of Guarded accepts it (one of
// Plan does not: plans that would do the same may doubt something else): what the source fills, how many people it lists and what time it is
// then count as right. Missing sentinels are not accepted but for the changes
// that are held: they have to be listed again, or to be taken from the policy.
type Alarm struct {
	Target  string `json:"target"`
	Plan    string `json:"plan"`    // the plan's fingerprint
	Guarded string `json:"guarded"` // what a release names
	// Verdicts have a name: see reconcile.Verdict.Alarm.
	Verdicts []reconcile.Verdict `json:"verdicts"`
	Since    time.Time           `json:"since"`
}

// Alarms returns what is doubted, sorted by target.
func (d *Desk) Alarms(ctx context.Context) ([]Alarm, error) {
	st, err := d.read(ctx)
	if err != nil {
		return nil, err
	}
	defer d.keep(st)
	var out []Alarm
	for _, t := range st.targets {
		if t.alarm != nil {
			out = append(out, *t.alarm)
		}
	}
	slices.SortFunc(out, func(a, b Alarm) int { return cmp.Compare(a.Target, b.Target) })
	return out, nil
}

// alarmsIn are the verdicts of a plan that doubt the read or the clock.
func alarmsIn(p *reconcile.Plan) []reconcile.Verdict {
	var out []reconcile.Verdict
	for i := range p.Guards {
		if p.Guards[i].Alarm() != "" {
			out = append(out, p.Guards[i])
		}
	}
	return out
}

// alarmEntries says what a whole plan doubts, if that is something else than before. What
// a plan doubted, or did not, that is older than the last whole run is not about today's
// read and clock: a release of it would set the clock back to when the plan was made.
func alarmEntries(t *targetState, p *reconcile.Plan, run string, at time.Time) []Entry {
	alarms := alarmsIn(p)
	if !p.Whole || p.Position < t.wholeEnd || t.alarm == nil && len(alarms) == 0 {
		return nil
	}
	e := Entry{At: at, Kind: Alarming, Run: run, Target: p.Target}
	if len(alarms) == 0 {
		return []Entry{e} // over
	}
	e.Alarm = &Alarm{Target: p.Target, Plan: p.Fingerprint, Guarded: p.Guarded, Verdicts: alarms, Since: at}
	if old := t.alarm; old != nil {
		if old.Plan == p.Fingerprint && old.Guarded == p.Guarded {
			return nil
		}
		e.Alarm.Since = old.Since
	}
	return []Entry{e}
}

// released is what a release of a name would let through on a target: the changes
// that a guard holds in the plan of that name, and what goes with them; and what that
// plan doubts.
func (t *targetState) released(name string) (guarded string, changes []string, accepts []reconcile.Verdict) {
	for _, p := range t.pending {
		if p.Guarded != "" && (p.Guarded == name || p.Plan == name) {
			guarded = p.Guarded
		}
	}
	if a := t.alarm; a != nil && name != "" && a.Guarded == name {
		guarded = a.Guarded
		accepts = slices.DeleteFunc(slices.Clone(a.Verdicts), func(v reconcile.Verdict) bool {
			return v.Guard == reconcile.GuardSentinels
		})
	}
	if guarded == "" {
		return "", nil, nil
	}
	for change, p := range t.pending {
		if p.Guarded == guarded && slices.ContainsFunc(p.Hold.Reasons, func(r reconcile.HoldReason) bool {
			return r.Kind == reconcile.Guarded
		}) {
			changes = append(changes, change)
		}
	}
	slices.Sort(changes)
	return guarded, changes, accepts
}
