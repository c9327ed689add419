package provision

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/provision-go/provision/internal/words"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// Ready is how far an account is that a starter is to have on the first day.
type Ready uint8

// How far it is. What is worst for the first day comes last.
const (
	IsReady      Ready = iota + 1 // it is there, and will be open on the first day
	Scheduled                     // time brings it before the first day is over; see Due
	Planned                       // the next run makes it, opens it or gives what is missing
	Waiting                       // held: an approval, a guard, a seat, a time of grace
	Unsure                        // an earlier attempt may have made it, and nobody knows
	Troubled                      // the last attempt failed; the next run tries again
	Conflicting                   // a person must solve it: a contradiction, or somebody terminated them
	LacksData                     // the rules cannot decide, because the source says too little
	NotPossible                   // the target cannot do it, or nothing is planned for another reason
	TargetUnread                  // the target could not be read, so nobody knows
)

func readyWords() []string {
	return []string{
		"", "ready", "scheduled", "planned", "held", "unverified", "failed", "conflict", "missing-data", "not-possible", "not-read",
	}
}

// String returns the word: "ready", "scheduled", "planned", "held", "unverified",
// "failed", "conflict", "missing-data", "not-possible" or "not-read"; "" for none.
func (r Ready) String() string { return words.String(r, "Ready", readyWords()) }

// MarshalText writes the word of String; a value outside the list is an error.
func (r Ready) MarshalText() ([]byte, error) { return words.Marshal(r, "readiness", readyWords()) }

// UnmarshalText reads the word of String.
func (r *Ready) UnmarshalText(b []byte) error {
	return words.Unmarshal(r, "readiness", readyWords(), b)
}

// Readiness says of everybody who starts soon whether the accounts of the first day
// will be there.
type Readiness struct {
	At       time.Time      `json:"at"`
	Days     int            `json:"days"`
	Accounts []StartAccount `json:"accounts,omitempty"`
	Findings []Finding      `json:"-"` // of the source and of the plan for now
}

// StartAccount is one account that the rules give a starter on the first day, or that
// they cannot decide about. They are sorted by start, key and target.
type StartAccount struct {
	Target string      `json:"target"`
	Key    target.Key  `json:"key"`
	Label  string      `json:"label,omitempty"`
	Start  source.Date `json:"start"` // first day of work
	// Begins is when that day begins, in the zone of the person's location.
	Begins time.Time `json:"begins"`
	State  Ready     `json:"state"`
	// Due is, with Scheduled, when time brings it.
	Due time.Time `json:"due,omitzero"`
	// Reasons say why it is not ready: what holds it, what failed, which fields are
	// missing. Sorted.
	Reasons []string `json:"reasons,omitempty"`
}

// Open returns the accounts that somebody may have to do something about: all but
// those that are ready, scheduled or planned.
func (r *Readiness) Open() []StartAccount {
	var out []StartAccount
	for i := range r.Accounts {
		if r.Accounts[i].State > Planned {
			out = append(out, r.Accounts[i])
		}
	}
	return out
}

// Readiness looks at everybody whose first day is today or within so many days (1 to
// 3660), by the day where they work, and says of each account that the rules will give
// them on that day how far it is: there, planned, or held, failed or undecided, and
// why. Of an account that is closed until then it asks the planner whether it may be
// opened on that day. Who was terminated counts by what the source says, until
// [Desk.Reinstate]. It reads the source and every target once, and writes nothing.
func (e *Engine) Readiness(ctx context.Context, days int) (*Readiness, error) {
	if days < 1 || days > longestForecast {
		return nil, fmt.Errorf("readiness: %w", errDays)
	}
	look, err := e.lookAhead(ctx)
	if err != nil {
		return nil, fmt.Errorf("readiness: %w", err)
	}
	r := &Readiness{At: look.at, Days: days, Findings: look.plan.Findings}
	check := newStartCheck(e, look)
	for i := range look.source.All() { // not as the rules see those who were terminated
		zone := zoneOf(i)
		today, start := source.DateOf(look.at.In(zone)), i.Start()
		if i.Status.Ended() || i.Status == source.Candidate || start.Before(today) || start.Sub(today) > days {
			continue
		}
		r.Accounts = append(r.Accounts, check.person(i, start, start.In(zone))...)
	}
	slices.SortFunc(r.Accounts, func(a, b StartAccount) int {
		return cmp.Or(a.Start.Compare(b.Start), a.Key.Compare(b.Key), cmp.Compare(a.Target, b.Target))
	})
	return r, nil
}

// zoneOf is where somebody works, as far as it is known.
func zoneOf(i *source.Identity) *time.Location {
	if i.Location.Zone != nil {
		return i.Location.Zone
	}
	return time.UTC
}

// startCheck compares what is to be on somebody's first day with what is now.
type startCheck struct {
	engine  *Engine
	look    *outlook
	changes map[accountName][]*reconcile.Change
	holds   map[accountName][]*reconcile.Hold
	doubts  map[string][]reconcile.Verdict // of the plan for now, by target
}

func newStartCheck(e *Engine, look *outlook) *startCheck {
	c := &startCheck{
		engine: e, look: look, changes: map[accountName][]*reconcile.Change{}, holds: map[accountName][]*reconcile.Hold{},
		doubts: map[string][]reconcile.Verdict{},
	}
	for _, tp := range look.plan.Targets {
		c.doubts[tp.Target] = alarmsIn(tp)
		for i := range tp.Changes {
			at := accountName{tp.Target, tp.Changes[i].Key}
			c.changes[at] = append(c.changes[at], &tp.Changes[i])
		}
		for i := range tp.Holds {
			at := accountName{tp.Target, tp.Holds[i].Change.Key}
			c.holds[at] = append(c.holds[at], &tp.Holds[i])
		}
	}
	return c
}

// person judges the accounts of one starter. An account whose clock is another one's
// may be due later on the first day.
func (c *startCheck) person(i *source.Identity, start source.Date, begins time.Time) []StartAccount {
	set := c.engine.config.Rules
	at := begins
	if at.Before(c.look.at) {
		at = c.look.at
	}
	now := set.Decide(rules.Person{Identity: i}, c.look.at)
	then := set.Decide(rules.Person{Identity: i}, at)
	var out []StartAccount
	for n := range then.Accounts {
		d := &then.Accounts[n].Desired
		due := time.Time{}
		if next := d.Next; d.State != target.Enabled && next.State == target.Enabled && next.At.Before(begins.Add(24*time.Hour)) {
			opened := set.Decide(rules.Person{Identity: i}, next.At)
			d, due = &opened.Accounts[n].Desired, next.At
		}
		if d.State != target.Enabled && d.State != target.Undecided {
			continue
		}
		a := StartAccount{Target: then.Accounts[n].Target, Key: d.Key, Start: start, Begins: begins}
		if due.IsZero() {
			due = begins
		}
		c.judge(&a, &now.Accounts[n].Desired, d, due)
		out = append(out, a)
	}
	return out
}

// judge fills in the state of one account, from what is wanted now and on the first
// day.
func (c *startCheck) judge(a *StartAccount, now, then *target.Desired, due time.Time) {
	snap, read := c.look.readings[a.Target]
	a.Label = then.Label
	if !read {
		a.State = TargetUnread
		for _, u := range c.look.plan.Unread {
			if u.Target == a.Target {
				a.Reasons = []string{printable(fmt.Sprint(u.Err))}
			}
		}
		return
	}
	have := accountIn(snap, a.Key)
	a.Label = shownLabel(snap.Capabilities(), then, have)
	at := accountName{a.Target, a.Key}
	a.State = IsReady
	switch {
	case then.State == target.Undecided:
		a.worst(LacksData, undecidedBy(then))
	case now.State == target.Undecided:
		a.worst(LacksData, undecidedBy(now))
	case len(then.Undecided) > 0:
		a.worst(LacksData, undecidedBy(then))
	}
	if t, ended := c.engine.termination(a.Key.Identity); ended {
		a.worst(Conflicting, terminationText(t)+"; held until somebody reinstates them")
		return // the plan for now is a leaver's
	}
	for _, h := range c.holds[at] {
		a.held(h)
	}
	planned := false
	for _, change := range c.changes[at] {
		if !change.Action.Removes() && change.Action != reconcile.Update {
			planned = true
			a.worst(Planned, "")
		}
	}
	lacking := have == nil || have.State != target.Enabled
	if t, troubled := c.engine.troubleOf(a.Target, a.Key); troubled && lacking {
		state := Troubled
		if t.outcome == Unconfirmed {
			state = Unsure
		}
		a.worst(state, t.action.String()+" "+t.outcome.String()+" at "+t.at.UTC().Format(time.RFC3339)+": "+printable(t.text))
	}
	switch {
	case have != nil && lacking && now.State != target.Enabled && then.State == target.Enabled:
		c.opens(a, then, due)
	case lacking && a.State == IsReady && !planned:
		c.await(a, now, have, due)
	}
	slices.Sort(a.Reasons)
	a.Reasons = slices.Compact(a.Reasons)
}

// await finds out why an account that is not there, or closed though it is due, is neither
// planned nor held: it is not due yet, or it never will be.
func (c *startCheck) await(a *StartAccount, now *target.Desired, have *target.Account, due time.Time) {
	if !now.Next.At.IsZero() && now.Next.At.Before(due) && have == nil {
		due = now.Next.At
	}
	if have == nil && due.After(c.look.at) && now.State != target.Enabled {
		a.State, a.Due = Scheduled, due.In(a.Begins.Location())
		return
	}
	a.impossible(c.look.plan)
}

// opens asks the planner whether what is closed now may be opened when that is due. How
// everybody else is then is not known, so only the enable itself counts.
func (c *startCheck) opens(a *StartAccount, then *target.Desired, due time.Time) {
	tp, err := c.planOpening(a.Target, then, due)
	if err != nil {
		a.worst(NotPossible, printable(err.Error()))
		return
	}
	for i := range tp.Changes {
		if tp.Changes[i].Action == reconcile.Enable {
			return
		}
	}
	for i := range tp.Holds {
		if tp.Holds[i].Change.Action == reconcile.Enable {
			a.held(&tp.Holds[i])
			return
		}
	}
	p := &Plan{}
	p.add(tp, nil)
	a.impossible(p)
}

// planOpening plans one account for an instant to come, as a run for everybody would if
// it doubted what the plan for now doubts.
func (c *startCheck) planOpening(name string, then *target.Desired, due time.Time) (*reconcile.Plan, error) {
	e, accounts := c.engine, accountsIn(c.look.readings[name], then.Key)
	e.mu.RLock()
	defer e.mu.RUnlock()
	in := e.shared(e.byName[name], reconcile.One([]target.Desired{*then}, accounts, nil, nil), due)
	in.History.Left = nil // it holds no run for everybody
	in.History.Alarms = c.doubts[name]
	return reconcile.Compute(in)
}

// worst makes the state worse, never better.
func (a *StartAccount) worst(state Ready, reason string) {
	a.State = max(a.State, state)
	if reason != "" {
		a.Reasons = append(a.Reasons, reason)
	}
}

func (a *StartAccount) held(h *reconcile.Hold) {
	for _, r := range h.Reasons {
		state := Waiting
		if r.Kind == reconcile.InConflict {
			state = Conflicting
		}
		a.worst(state, whatWaits(&h.Change)+": "+printable(cmp.Or(r.Text, r.Kind.String())))
	}
}

// impossible says that a plan neither does nor holds it, and what the plan says to that.
func (a *StartAccount) impossible(p *Plan) {
	before := len(a.Reasons)
	for _, f := range p.Findings {
		if f.Origin == "plan "+a.Target && (f.Key == a.Key || f.Key.IsZero()) && f.Code != reconcile.CodeOrphans {
			a.worst(NotPossible, printable(f.Message))
		}
	}
	if len(a.Reasons) == before {
		a.worst(NotPossible, "nothing is planned: the policy leaves it out")
	}
}

// whatWaits names a held change, without its person.
func whatWaits(c *reconcile.Change) string {
	if e := c.Entitlement.String(); e != "" {
		return c.Action.String() + " " + printable(e)
	}
	return c.Action.String()
}
