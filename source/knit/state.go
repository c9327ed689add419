package knit

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// A state is what is known about the syncs of an integration, as it is kept in
// [State.Body].
type state struct {
	// Baseline is when the initial sync began that was completed last; the zero time if
	// none was. Whoever was not said to be there since is not.
	Baseline time.Time `json:"baseline,omitzero"`
	// Complete is when the newest sync began that was completed.
	Complete time.Time `json:"complete,omitzero"`
	Runs     []*run    `json:"runs,omitempty"` // in the order in which they were first seen
}

// A run is one run of a sync.
type run struct {
	ID      string    `json:"id"`
	Initial bool      `json:"initial,omitempty"`
	Phase   phase     `json:"phase,omitempty"`
	Seen    time.Time `json:"seen"`          // when the first event came, by our clock
	Begun   time.Time `json:"begun"`         // the earliest time that anything says of it
	Done    time.Time `json:"done,omitzero"` // when it was over, by our clock
	Reason  string    `json:"reason,omitempty"`

	Events    int  `json:"events,omitempty"`  // about people, each once
	People    int  `json:"people,omitempty"`  // who were in them, each once
	Emitted   int  `json:"emitted,omitempty"` // how many events Knit says it emitted
	Counted   bool `json:"counted,omitempty"` // Emitted was stated
	Processed bool `json:"processed,omitempty"`
	Consumed  bool `json:"consumed,omitempty"`

	// Gone are the people who left according to this run, with when it said so, until
	// it is completed.
	Gone map[string]time.Time `json:"gone,omitempty"`
}

// phase is how far a run is.
type phase string

const (
	open       phase = ""
	completed  phase = "completed"
	failed     phase = "failed"
	superseded phase = "superseded" // by an initial sync that began later and was completed
)

func readState(s State) (*state, error) {
	out := &state{}
	if s.Version == 0 {
		return out, nil
	}
	if err := json.Unmarshal(s.Body, out); err != nil {
		return nil, fmt.Errorf("read the state of syncs: %w", err)
	}
	return out, nil
}

// run returns the run of an event, which is new if nothing was heard of it yet.
func (s *state) run(e *event, now time.Time) *run {
	n := slices.IndexFunc(s.Runs, func(r *run) bool { return r.ID == e.run })
	var r *run
	if n >= 0 {
		r = s.Runs[n]
	} else {
		r = &run{ID: e.run, Initial: true, Seen: now, Begun: now}
		s.Runs = append(s.Runs, r)
	}
	// A run of which any event says something else is not taken for a list of everybody.
	r.Initial = r.Initial && e.syncType == initialSync
	for _, at := range []time.Time{e.at, e.begun} {
		if !at.IsZero() && at.Before(r.Begun) {
			r.Begun = at
		}
	}
	return r
}

// end is called when nothing can make a run complete any more, or it is.
func (r *run) end(p phase, reason string, now time.Time) {
	r.Phase, r.Reason, r.Done = p, reason, now
}

// arrived reports whether all is there that a run emitted. Knit says how many events it
// emitted, and, after that, that all of them were delivered. A person who was pushed
// twice under different event ids counts once, unless Knit says that it has delivered
// everything.
func (r *run) arrived(trust bool) bool {
	switch {
	case !r.Processed:
		return false
	case trust || !r.Counted:
		return r.Consumed
	case r.Consumed:
		return r.Events >= r.Emitted
	}
	return r.People >= r.Emitted
}

// asOf returns up to when everything is known, the zero time if that was never so: all
// that happened before the newest completed sync began, unless an earlier sync is still
// open.
func (s *state) asOf() time.Time {
	if s.Baseline.IsZero() {
		return time.Time{}
	}
	at := s.Complete
	for _, r := range s.Runs {
		if r.Phase == open && r.Begun.Before(at) {
			at = r.Begun
		}
	}
	return at
}

// doubts returns who left according to syncs that were never completed, with when that
// was said.
func (s *state) doubts() map[string]time.Time {
	var all map[string]time.Time
	for _, r := range s.Runs {
		if r.Phase != failed && r.Phase != superseded {
			continue
		}
		for id, at := range r.Gone {
			if all == nil {
				all = map[string]time.Time{}
			}
			if at.After(all[id]) {
				all[id] = at
			}
		}
	}
	return all
}

// prune forgets runs that were over before a time, by our clock, and that nobody needs
// any more.
func (s *state) prune(before time.Time) {
	s.Runs = slices.DeleteFunc(s.Runs, func(r *run) bool {
		return r.Phase != open && (r.Phase != failed || len(r.Gone) == 0) && r.Done.Before(before)
	})
}
