package provision

import (
	"maps"
	"slices"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// forecastWalk follows people through time, one after the other.
type forecastWalk struct {
	engine  *Engine
	look    *outlook
	until   time.Time
	decider *rules.Decider
	grace   map[string]map[target.Entitlement]int                      // days, by target
	kept    map[string]map[target.Key]map[target.Entitlement]time.Time // until when, by target
	events  []ForecastEvent

	current *source.Identity
	zone    *time.Location
}

// A lane is one account on its way: as it is now, or as the plan for now makes it,
// and then as one change after the other makes it.
type lane struct {
	target    string
	caps      target.Capabilities
	key       target.Key
	label     string
	exists    bool
	open      bool
	phase     target.Phase
	protected bool
	wants     []target.Entitlement // sorted
	asks      []target.Entitlement // sorted; wait for an approval
	grace     map[target.Entitlement]time.Time
	past      reconcile.Past
	ends      map[target.Entitlement]time.Time // of approvals of what is held
	retained  time.Time                        // since when it is known as closed for good; zero = not yet
	deleteAt  time.Time                        // zero = not due
	undecided bool
}

func newForecastWalk(e *Engine, look *outlook, until time.Time) *forecastWalk {
	w := &forecastWalk{
		engine: e, look: look, until: until, decider: e.config.Rules.Decider(),
		grace: map[string]map[target.Entitlement]int{}, kept: map[string]map[target.Key]map[target.Entitlement]time.Time{},
	}
	for name, owned := range e.owned {
		w.grace[name] = map[target.Entitlement]int{}
		for _, g := range owned.Grace {
			w.grace[name][g.Entitlement] = g.Days
		}
	}
	for _, tp := range look.plan.Targets {
		kept := map[target.Key]map[target.Entitlement]time.Time{}
		for i := range tp.Holds {
			h := &tp.Holds[i]
			for _, r := range h.Reasons {
				if l := lossOf(&h.Change); l != (reconcile.Loss{}) && r.Kind == reconcile.InGrace && r.Change == h.Change.ID {
					if kept[l.Key] == nil {
						kept[l.Key] = map[target.Entitlement]time.Time{}
					}
					kept[l.Key][l.Entitlement] = r.Until
				}
			}
		}
		w.kept[tp.Target] = kept
	}
	return w
}

// person follows one person until the end of the forecast.
func (w *forecastWalk) person(i *source.Identity) {
	w.current, w.zone = i, zoneOf(i)
	at := w.look.at
	decision := w.decider.Decide(rules.Person{Identity: i}, at)
	accounts := slices.Clone(decision.Accounts)
	lanes := make([]*lane, len(accounts))
	for n := range accounts {
		if snap, read := w.look.readings[accounts[n].Target]; read {
			lanes[n] = w.begin(snap, &accounts[n])
		}
	}
	for next := decision.Next; !next.IsZero() && !next.After(w.until); {
		for _, l := range lanes {
			w.pass(l, next, false)
		}
		decision = w.decider.Decide(rules.Person{Identity: i}, next)
		for n := range decision.Accounts {
			if lanes[n] != nil {
				w.turn(lanes[n], &decision.Accounts[n].Desired, at, next)
			}
		}
		at, next = next, decision.Next
	}
	for _, l := range lanes {
		w.pass(l, w.until, true)
	}
}

// begin is an account as the plan for now leaves it.
func (w *forecastWalk) begin(snap target.Snapshot, a *rules.AccountDecision) *lane {
	d := &a.Desired
	have := accountIn(snap, d.Key)
	l := &lane{
		target: a.Target, caps: w.engine.byName[a.Target].Capabilities(), key: d.Key, phase: d.Phase,
		grace: map[target.Entitlement]time.Time{}, undecided: d.State == target.Undecided,
		past: w.engine.past(a.Target, d.Key), ends: map[target.Entitlement]time.Time{},
	}
	if have != nil {
		l.exists, l.open = true, have.State == target.Enabled
		l.retained = w.engine.retainedSince(a.Target, d.Key)
	}
	l.label = shownLabel(l.caps, d, have)
	w.protect(l, d)
	switch {
	case l.undecided || d.Phase == target.Future || d.State == target.None && d.Phase != target.Left && w.leftAlone(l):
		if have != nil {
			l.wants = sorted(have.Entitlements)
		}
		return l
	case d.State == target.Enabled, d.State == target.Disabled && d.Phase == target.PreHire && l.caps.CreateDisabled:
		l.exists, l.open = true, d.State == target.Enabled
	case l.exists && l.open && !l.protected && l.caps.Disable:
		if l.open = false; d.Phase == target.Left {
			l.retained = w.look.at
		}
	}
	if d.State == target.Enabled || d.State == target.Disabled && d.Phase != target.Left {
		l.wants, l.asks = sorted(slices.Concat(d.Entitlements, l.approved(d, have, w.look.at))), asked(d)
		w.expire(l, d, w.look.at)
	}
	maps.Copy(l.grace, w.kept[a.Target][d.Key])
	w.retain(l, d, w.look.at)
	return l
}

// turn brings an account from one decision to the next.
func (w *forecastWalk) turn(l *lane, d *target.Desired, before, at time.Time) {
	w.protect(l, d)
	if d.State == target.Undecided {
		if !l.undecided {
			l.undecided = true
			w.tell(l, d, ForecastEvent{At: at, Kind: Unclear}, rules.SubjectAccount)
		}
		return
	}
	if l.undecided {
		l.undecided = false
		for lost, until := range l.grace { // nothing was taken meanwhile
			if until.Before(at) {
				l.grace[lost] = at
			}
		}
	}
	was := l.phase
	l.phase = d.Phase
	switch {
	case d.Phase == target.Future:
		l.deleteAt = time.Time{}
	case d.Phase == target.Left:
		w.leave(l, d, was, at)
	case d.State == target.None:
		w.unwanted(l, d, at)
	case d.State == target.Enabled:
		w.open(l, d, was, before, at)
	default:
		w.close(l, d, before, at)
	}
}

func (w *forecastWalk) leave(l *lane, d *target.Desired, was target.Phase, at time.Time) {
	if l.exists && was != target.Left && !l.protected {
		taken := slices.Concat(l.wants, slices.Collect(maps.Keys(l.grace)))
		if l.open && l.caps.Disable {
			l.open, l.retained = false, at
		}
		w.tell(l, d, ForecastEvent{At: at, Kind: Leaves, Entitlements: sorted(taken)}, rules.SubjectAccount)
		l.wants, l.asks = nil, nil
		clear(l.grace)
		clear(l.ends)
	}
	w.retain(l, d, at)
}

// retain notes when an account is deleted: when its time is over, and never before it
// has been known for a day as closed for good.
func (w *forecastWalk) retain(l *lane, d *target.Desired, at time.Time) {
	if d.State != target.Deleted || !l.exists || l.open || l.protected || !l.caps.Delete || !l.deleteAt.IsZero() {
		return
	}
	if l.retained.IsZero() {
		l.retained = at
	}
	due := at
	if known := l.retained.UTC().Add(24 * time.Hour); known.After(due) {
		due = known
	}
	if due.After(w.look.at) {
		l.deleteAt = due
	} // else it is in the plan for now
}

// leftAlone reports whether nobody touches the account of somebody who is employed when no
// rule wants it any more.
func (w *forecastWalk) leftAlone(l *lane) bool {
	return l.protected || l.open && !l.caps.Disable || w.engine.policy(l.target).Unqualified == reconcile.LetIt
}

func (w *forecastWalk) unwanted(l *lane, d *target.Desired, at time.Time) {
	l.asks, l.deleteAt = nil, time.Time{}
	taken := slices.Concat(l.wants, slices.Collect(maps.Keys(l.grace)))
	if !l.exists || w.leftAlone(l) || !l.open && len(taken) == 0 {
		return
	}
	l.open = false
	w.tell(l, d, ForecastEvent{At: at, Kind: Unwanted, Entitlements: sorted(taken)}, rules.SubjectAccount)
	l.wants = nil
	clear(l.grace)
	clear(l.ends)
}

func (w *forecastWalk) open(l *lane, d *target.Desired, was target.Phase, before, at time.Time) {
	l.deleteAt = time.Time{}
	event := ForecastEvent{At: at}
	switch {
	case !l.exists:
		event.Kind = Joins
	case l.open:
	case was == target.Left, was == target.Suspended:
		event.Kind = Returns
	default:
		event.Kind = Opens
	}
	opened := l.open
	l.exists, l.open, l.retained = true, true, time.Time{}
	if opened {
		w.entitlements(l, d, before, at)
		return
	}
	event.Entitlements = newFor(l, sorted(d.Entitlements))
	w.tell(l, d, event, rules.SubjectAccount)
	for _, given := range event.Entitlements {
		l.wants = append(l.wants, given)
		delete(l.grace, given)
	}
	l.wants = sorted(l.wants)
	w.entitlements(l, d, before, at)
}

func (w *forecastWalk) close(l *lane, d *target.Desired, before, at time.Time) {
	l.deleteAt = time.Time{}
	switch {
	case !l.exists && d.Phase == target.PreHire && l.caps.CreateDisabled:
		l.exists, l.wants = true, sorted(d.Entitlements)
		w.tell(l, d, ForecastEvent{At: at, Kind: Joins, Entitlements: l.wants}, rules.SubjectAccount)
	case !l.exists:
		return
	case l.open && !l.protected && l.caps.Disable:
		l.open = false
		w.tell(l, d, ForecastEvent{At: at, Kind: Closes}, rules.SubjectAccount)
	}
	w.entitlements(l, d, before, at)
}

// pass lets the times of grace, of approvals and of retention end that are over before an instant,
// or at it.
func (w *forecastWalk) pass(l *lane, at time.Time, too bool) {
	if l == nil || l.undecided {
		return
	}
	over := func(t time.Time) bool { return t.Before(at) || too && t.Equal(at) }
	for _, lost := range slices.SortedFunc(maps.Keys(l.grace), target.Entitlement.Compare) {
		if until := l.grace[lost]; over(until) {
			delete(l.grace, lost)
			w.tell(l, nil, ForecastEvent{At: until, Kind: Loses, Entitlements: []target.Entitlement{lost}, Why: []string{"grace is over"}}, "")
		}
	}
	w.lapse(l, over)
	if !l.deleteAt.IsZero() && over(l.deleteAt) {
		w.tell(l, nil, ForecastEvent{At: l.deleteAt, Kind: DeleteDue}, rules.SubjectAccount)
		l.exists, l.deleteAt = false, time.Time{}
	}
}
