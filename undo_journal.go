package provision

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// Errors of Undo.
var (
	// ErrUnknownRun says that the journal has no run of that id.
	ErrUnknownRun = errors.New("the journal has no such run")
	// ErrForgottenRun says that a run may have been there, in a part of the journal that
	// was compacted.
	ErrForgottenRun = errors.New("the journal no longer tells what the run did")
	// ErrRunning says that a run has not ended.
	ErrRunning = errors.New("the run has not ended")
)

// aspect is one thing about an account that a change writes.
type aspect struct {
	target      string
	key         target.Key
	entitlement target.Entitlement // of a grant or revoke
	field       string             // of an update; both empty: whether the account is open
}

// lastWrite is who wrote something last, and where.
type lastWrite struct {
	run      string
	position uint64
	at       time.Time
	undoes   string // the change that it took back
	undid    string // the run that it took back
	sure     bool   // it was done; otherwise nobody knows
}

// runRecord is what the journal has of one run.
type runRecord struct {
	id, actor string
	undoes    string
	begun     time.Time
	targets   map[string]*runOnTarget
	names     []string // of targets, in the order of their begin
	later     map[aspect]lastWrite
	open      map[[2]string]Entry // intents of later runs whose end is not read yet
	actors    map[string]string   // of all runs since it began
	from      uint64              // the first position that an entry of it may have; 0: not known
	gone      uint64              // up to which position entries are not there any more
}

type runOnTarget struct {
	begun, ended bool
	deeds        map[string]Entry
	order        []string
}

// readRun finds a run in the journal, and what was written since about the same things.
func readRun(ctx context.Context, j Journal, id string) (*runRecord, error) {
	r := &runRecord{
		id: id, targets: map[string]*runOnTarget{}, later: map[aspect]lastWrite{}, actors: map[string]string{},
		open: map[[2]string]Entry{},
	}
	first := true
	for e, err := range j.Entries(ctx, 0) {
		if err != nil {
			return nil, fmt.Errorf("read journal: %w", err)
		}
		if first {
			r.gone, first = e.Position-1, false
		}
		if e.Kind == Compacted {
			r.gone = e.Position
		}
		switch {
		case e.Run == id:
			r.read(&e)
		case len(r.targets) > 0:
			r.readLater(&e)
		}
	}
	for _, e := range r.open {
		r.note(&e) // nobody knows how it ended
	}
	switch {
	case len(r.targets) == 0 && r.gone > 0:
		return nil, fmt.Errorf("%w: it was compacted up to position %d", ErrForgottenRun, r.gone)
	case len(r.targets) == 0:
		return nil, fmt.Errorf("%w; Desk.Runs lists them", ErrUnknownRun)
	}
	return r, nil
}

// read takes an entry of the run itself.
func (r *runRecord) read(e *Entry) {
	t := r.targets[e.Target]
	if e.Target == "" {
		return // a decision, such as a termination
	}
	if t == nil {
		t = &runOnTarget{deeds: map[string]Entry{}}
		r.targets[e.Target] = t
		r.names = append(r.names, e.Target)
	}
	switch e.Kind { //nolint:exhaustive // the rest says nothing of what was done
	case RunBegin:
		t.begun = true
		r.actor, r.begun, r.from = e.Text, e.At, e.From
		r.actors[r.id] = e.Text
		if e.Undo != nil {
			r.undoes = e.Undo.Run
		}
	case RunEnd:
		t.ended = true
	case Intent, Happened:
		if _, known := t.deeds[e.Change]; !known {
			t.order = append(t.order, e.Change)
		}
		t.deeds[e.Change] = *e
	}
}

// readLater takes an entry of another run. One that began earlier and goes on counts as
// well: what it writes comes later all the same.
func (r *runRecord) readLater(e *Entry) {
	if e.Kind == RunBegin {
		r.actors[e.Run] = e.Text
	}
	change := [2]string{e.Run, e.Change}
	switch e.Kind { //nolint:exhaustive // the rest writes nothing
	case Intent:
		r.open[change] = *e
	case Happened:
		delete(r.open, change)
		if mayHaveHappened(e) {
			r.note(e)
		}
	}
}

// note remembers who wrote something.
func (r *runRecord) note(e *Entry) {
	w := lastWrite{run: e.Run, position: e.Position, at: e.At, sure: e.Outcome == Done}
	if e.Undo != nil {
		w.undoes, w.undid = e.Undo.Change, e.Undo.Run
	}
	for _, a := range aspectsOf(e) {
		if r.later[a].position < w.position {
			r.later[a] = w
		}
	}
}

// mayHaveHappened reports whether a change was made, or may have been.
func mayHaveHappened(e *Entry) bool {
	return e.Kind == Intent || e.Kind == Happened && (e.Outcome == Done || e.Outcome == Unconfirmed)
}

// aspectsOf are the things that an entry is about; none for what leaves nothing to be
// read.
func aspectsOf(e *Entry) []aspect {
	a := aspect{target: e.Target, key: e.Key}
	switch e.Action {
	case reconcile.Create, reconcile.Enable, reconcile.Disable, reconcile.Delete:
		return []aspect{a}
	case reconcile.Grant, reconcile.Revoke:
		a.entitlement = e.Entitlement
		return []aspect{a}
	case reconcile.Update, reconcile.Adopt:
		out := make([]aspect, len(e.Fields))
		for i := range e.Fields {
			out[i] = a
			out[i].field = e.Fields[i].Name
		}
		return out
	case reconcile.EndSessions, reconcile.Handover, reconcile.CreateEntitlement:
	}
	return nil
}

// cut reports whether a compaction may have taken targets of the run that had begun before
// those that are left.
func (r *runRecord) cut() bool { return r.from > 0 && r.from <= r.gone }

// over says why a run cannot be undone on a target yet; nil if it can.
func (r *runRecord) over(name string, died bool) error {
	t := r.targets[name]
	switch {
	case !t.begun:
		return fmt.Errorf("%w: its begin on %s was compacted", ErrForgottenRun, name)
	case !t.ended && !died:
		return fmt.Errorf("%w on %s: wait for it, or if its process has died, say so with UndoOptions.Died", ErrRunning, name)
	}
	return nil
}

// deeds are what the run did on a target, as the planner takes it.
func (r *runRecord) deeds(name string, concerned func(target.Key) bool) []reconcile.Deed {
	t := r.targets[name]
	var out []reconcile.Deed
	for _, id := range t.order {
		e := t.deeds[id]
		if !mayHaveHappened(&e) || !concerned(e.Key) {
			continue
		}
		d := reconcile.Deed{
			Change: e.Change, Action: e.Action, Key: e.Key, Account: e.Account, Entitlement: e.Entitlement,
			Phase: e.Phase, Fields: slices.Clone(e.Fields),
		}
		for _, a := range aspectsOf(&e) {
			w, ok := r.later[a]
			switch {
			case !ok || w.position < e.Position:
			case w.undid == r.id && w.undoes == e.Change && !w.sure: // the account tells
			case w.undid == r.id && w.undoes == e.Change && a.field == "":
				d.Undone = true
			case w.undid == r.id && w.undoes == e.Change:
				d.UndoneFields = set(d.UndoneFields, a.field, true)
			case a.field == "":
				d.Later = r.named(w)
			default:
				d.LaterFields = set(d.LaterFields, a.field, r.named(w))
			}
		}
		out = append(out, d)
	}
	return out
}

func set[V any](m map[string]V, key string, v V) map[string]V {
	if m == nil {
		m = map[string]V{}
	}
	m[key] = v
	return m
}

// named names the run that wrote something, for people.
func (r *runRecord) named(w lastWrite) string {
	return runWords(w.run, r.actors[w.run], w.at)
}

func runWords(id, actor string, at time.Time) string {
	text := "run " + id + " of " + at.UTC().Format(time.DateOnly)
	if actor != "" {
		text += " by " + actor
	}
	return text
}
