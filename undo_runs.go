package provision

import (
	"context"
	"slices"
	"time"

	"github.com/provision-go/provision/reconcile"
)

// A RunInfo is what the journal says of one run.
type RunInfo struct {
	ID    string `json:"id"`
	Actor string `json:"actor,omitempty"` // ApplyOptions.Actor; "" with Sync and SyncOne
	// Identity is the only person the run was about; "" is everybody, or nobody knows
	// because it did not end.
	Identity string    `json:"identity,omitempty"`
	Started  time.Time `json:"started"`
	// Ended is when the last target was through. Zero: the run goes on, or its process
	// has died.
	Ended   time.Time `json:"ended,omitzero"`
	Targets []string  `json:"targets"` // in the order in which they began
	// Counts say how the changes ended that were tried or already so; Done says what
	// was done, by action. Calls whose end nobody knows, because the process died, are
	// Unconfirmed.
	Counts map[Outcome]int          `json:"counts,omitempty"`
	Done   map[reconcile.Action]int `json:"done,omitempty"`
	// Undoes is the run that this one took back; "" if none. UndoneBy are the runs that
	// took this one back, or parts of it, oldest first.
	Undoes   string   `json:"undoes,omitempty"`
	UndoneBy []string `json:"undoneBy,omitempty"`
}

// Runs lists the runs that the journal still knows, oldest first. One whose begin was
// compacted is not listed.
func (d *Desk) Runs(ctx context.Context) ([]RunInfo, error) {
	l := runList{runs: map[string]*RunInfo{}, open: map[string]int{}, intents: map[string]map[string]bool{}}
	for e, err := range d.journal.Entries(ctx, 0) {
		if err != nil {
			return nil, err
		}
		l.read(&e)
	}
	out := make([]RunInfo, 0, len(l.order))
	for _, id := range l.order {
		r := l.runs[id]
		if n := len(l.intents[id]); n > 0 {
			r.count(Unconfirmed, n)
		}
		if l.open[id] > 0 {
			r.Ended = time.Time{}
		}
		out = append(out, *r)
	}
	return out, nil
}

// runList is the list of runs in the making.
type runList struct {
	runs    map[string]*RunInfo
	order   []string
	open    map[string]int             // targets that have not ended, by run
	intents map[string]map[string]bool // changes that have not ended, by run
}

func (l *runList) read(e *Entry) {
	r := l.runs[e.Run]
	if e.Kind == RunBegin {
		if r == nil {
			r = &RunInfo{ID: e.Run, Actor: e.Text, Started: e.At}
			l.runs[e.Run], l.order = r, append(l.order, e.Run)
			l.intents[e.Run] = map[string]bool{}
			if e.Undo != nil {
				r.Undoes = e.Undo.Run
				if of := l.runs[r.Undoes]; of != nil {
					of.UndoneBy = append(of.UndoneBy, e.Run)
				}
			}
		}
		if !slices.Contains(r.Targets, e.Target) {
			r.Targets = append(r.Targets, e.Target)
		}
		l.open[e.Run]++
		return
	}
	if r == nil {
		return
	}
	switch e.Kind { //nolint:exhaustive // the rest is not counted
	case Intent:
		l.intents[e.Run][e.Change] = true
	case Happened:
		if e.Outcome == Unconfirmed { // a later run may find out
			l.intents[e.Run][e.Change] = true
			return
		}
		delete(l.intents[e.Run], e.Change)
		r.count(e.Outcome, 1)
		if e.Outcome == Done {
			if r.Done == nil {
				r.Done = map[reconcile.Action]int{}
			}
			r.Done[e.Action]++
		}
	case RunEnd:
		l.open[e.Run]--
		r.Ended = e.At
		if e.End != nil && e.End.Identity != "" {
			r.Identity = e.End.Identity
		}
	}
}

func (r *RunInfo) count(o Outcome, n int) {
	if r.Counts == nil {
		r.Counts = map[Outcome]int{}
	}
	r.Counts[o] += n
}
