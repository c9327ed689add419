package provision

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/provision-go/provision/internal/words"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// longestForecast is how many days can be asked for.
const longestForecast = 3660

var errDays = errors.New("the number of days must be 1 to 3660")

// Coming is what time alone brings to somebody.
type Coming uint8

// What may come.
const (
	Joins       Coming = iota + 1 // an account is made
	Opens                         // a closed account is opened for the first time, or because rules want it again
	Returns                       // an account is opened for somebody who left or was suspended
	Leaves                        // the employment is over: the account is closed, and all that goes with that
	Closes                        // the account is closed for a leave, a suspension or expired access
	Unwanted                      // still employed, and no rule wants the account any more
	Missing                       // the source has not listed them for long enough: the account is closed unless it does
	Gains                         // a rule begins to give an entitlement, or an exception from one ends
	GraceBegins                   // no rule gives an entitlement any more; it is kept until a day that is known
	Loses                         // an entitlement is taken
	Unclear                       // the rules cannot decide any more
	DeleteDue                     // the time of retention is over
)

func comingWords() []string {
	return []string{
		"", "joins", "opens", "returns", "leaves", "closes", "unwanted", "missing", "gains", "grace-begins", "loses",
		"unclear", "delete-due",
	}
}

// String returns the word, such as "leaves"; "" for none.
func (c Coming) String() string { return words.String(c, "Coming", comingWords()) }

// MarshalText writes the word of String; a value outside the list is an error.
func (c Coming) MarshalText() ([]byte, error) { return words.Marshal(c, "coming", comingWords()) }

// UnmarshalText reads the word of String.
func (c *Coming) UnmarshalText(b []byte) error {
	return words.Unmarshal(c, "coming", comingWords(), b)
}

// A Forecast is what time alone will bring if the source, the rules and the targets
// stay as they are and plans are applied as they fall due. What is to be done already
// now is not in it: that is a plan. Nor is what waits for a person.
type Forecast struct {
	From     time.Time       `json:"from"`
	Until    time.Time       `json:"until"` // so many times 24 hours later; inclusive
	Events   []ForecastEvent `json:"events,omitempty"`
	Unread   []Unread        `json:"-"` // targets that could not be read: nothing is said about them
	Findings []Finding       `json:"-"` // of the source and of the plan for now
}

// A ForecastEvent is what happens to one account at one instant. Events are sorted by
// day, as it is where the person works, then by instant, target, key and kind.
type ForecastEvent struct {
	// At is in the zone of the person's location, in UTC if that is not known.
	At     time.Time    `json:"at"`
	Day    source.Date  `json:"day"` // of At
	Target string       `json:"target"`
	Key    target.Key   `json:"key"`
	Label  string       `json:"label,omitempty"` // never a sensitive value
	Kind   Coming       `json:"kind"`
	Phase  target.Phase `json:"phase,omitzero"` // from then on
	State  target.State `json:"state,omitzero"` // that the rules want from then on
	// Entitlements are what goes with it: what a new account is to hold, what a leaver
	// loses, what is gained or lost. Sorted.
	Entitlements []target.Entitlement `json:"entitlements,omitempty"`
	// Until is, with GraceBegins, when it will be taken.
	Until time.Time `json:"until,omitzero"`
	// Exception: it comes because an exception from a rule ends.
	Exception bool `json:"exception,omitempty"`
	// Why are the words of the rules.
	Why []string `json:"why,omitempty"`
}

func compareEvents(a, b *ForecastEvent) int {
	return cmp.Or(
		a.Day.Compare(b.Day), a.At.Compare(b.At), cmp.Compare(a.Target, b.Target), a.Key.Compare(b.Key),
		cmp.Compare(a.Kind, b.Kind), slices.CompareFunc(a.Entitlements, b.Entitlements, target.Entitlement.Compare),
	)
}

// Forecast says what time alone brings within so many days, from 1 to 3660: who joins,
// leaves and returns, whose exceptions and times of grace end, whose absence counts,
// which delete is due. It reads the source and every target once, and writes nothing.
// Each person is followed from one instant at which the rules' answer changes to the
// next, so a long forecast costs what happens in it.
//
// It agrees with [Engine.PlanAt]: whatever a plan at a later instant would do and a
// plan for now would not, is announced at or before that instant. Limits, approvals
// and Policy.Mode are not looked at: they say whether something may be done, not when.
// What is protected is left out, as in a plan. For equal inputs it is equal.
func (e *Engine) Forecast(ctx context.Context, days int) (*Forecast, error) {
	if days < 1 || days > longestForecast {
		return nil, fmt.Errorf("forecast: %w", errDays)
	}
	look, err := e.lookAhead(ctx)
	if err != nil {
		return nil, fmt.Errorf("forecast: %w", err)
	}
	f := &Forecast{
		From: look.at, Until: look.at.Add(time.Duration(days) * 24 * time.Hour), Unread: look.plan.Unread,
		Findings: look.plan.Findings,
	}
	people := look.all.people
	workers := min(runtime.GOMAXPROCS(0), len(people)/1000+1)
	parts := make([][]ForecastEvent, workers)
	var all errgroup.Group
	for w := range workers {
		all.Go(func() error {
			walk := newForecastWalk(e, look, f.Until)
			for i := len(people) * w / workers; i < len(people)*(w+1)/workers; i++ {
				walk.person(people[i])
			}
			parts[w] = walk.events
			return nil
		})
	}
	_ = all.Wait() // nothing in it fails
	f.Events = append(slices.Concat(parts...), look.absences(f.Until)...)
	for i := range f.Events {
		f.Events[i].Day = source.DateOf(f.Events[i].At)
	}
	slices.SortFunc(f.Events, func(a, b ForecastEvent) int { return compareEvents(&a, &b) })
	return f, nil
}

// outlook is everything that was read for a look ahead, and what would be done now.
type outlook struct {
	at       time.Time
	source   source.Snapshot // as it was read
	all      population
	readings map[string]target.Snapshot // of the targets that were read
	plan     *Plan
}

func (e *Engine) lookAhead(ctx context.Context) (*outlook, error) {
	if err := e.catchUp(ctx); err != nil {
		return nil, err
	}
	from := e.readFrom()
	snap, err := e.readSource(ctx)
	if err != nil {
		return nil, err
	}
	o := &outlook{
		at: e.config.Clock().UTC().Round(0), source: snap, all: e.populationOf(snap), readings: map[string]target.Snapshot{},
	}
	readings := e.readTargets(ctx)
	if o.plan, err = e.planRead(ctx, snap, o.all, readings, o.at, from); err != nil {
		return nil, err
	}
	for i, t := range e.config.Targets {
		if readings[i].err == nil {
			o.readings[t.Name()] = readings[i].snapshot
		}
	}
	return o, nil
}

// absences are those of people whom the source does not list, and who will count as
// gone when their time of grace is over.
func (o *outlook) absences(until time.Time) []ForecastEvent {
	var out []ForecastEvent
	for _, tp := range o.plan.Targets {
		for i := range tp.Holds {
			h := &tp.Holds[i]
			if h.Change.Action != reconcile.Disable || h.Change.Situation != reconcile.Disappeared {
				continue
			}
			for _, r := range h.Reasons {
				if r.Kind == reconcile.InGrace && r.Change == h.Change.ID && !r.Until.After(until) {
					out = append(out, ForecastEvent{
						At: r.Until.UTC(), Target: tp.Target, Key: h.Change.Key, Label: h.Change.Label, Kind: Missing, Why: []string{r.Text},
					})
				}
			}
		}
	}
	return out
}
