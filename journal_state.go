package provision

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// window is how far back guards add up what was done.
const window = 24 * time.Hour

// ahead is how far a run's clock may be ahead without anybody being asked, by default. What
// it would forget has to be known still when the clock is set right.
const ahead = 7 * day

// state is what an engine remembers: the fold of a journal's entries.
type state struct {
	position  uint64
	targets   map[string]*targetState
	decisions map[string]Decision // by change; the last one counts
	releases  []reconcile.Release
	leaving   map[string]leaving  // by identity
	gifts     map[string][]string // by identity: approved changes that give something
	epoch     uint64              // of the last lease
	lease     Lease
	links     map[SourceRow]string // to whom rows of sources belong
	maskedBy  string               // the key with which values were hashed last; "": none
	departures
}

func newState() *state {
	return &state{
		targets: map[string]*targetState{}, decisions: map[string]Decision{}, departures: newDepartures(),
		leaving: map[string]leaving{}, gifts: map[string][]string{},
		links: map[SourceRow]string{},
	}
}

// of returns what is remembered of a target, making room for it if need be: of the
// targets of an engine, New has made it.
func (s *state) of(name string) *targetState {
	t := s.targets[name]
	if t == nil {
		t = &targetState{
			accounts: map[target.Key]reconcile.Past{},
			ids:      map[target.Key]string{},
			owners:   map[string]target.Key{},
			missing:  map[target.Key]struct{}{},
			retained: map[target.Key]time.Time{},
			spent:    map[string]uint64{},
			recent:   map[reconcile.Action]*recentKeys{},
			pending:  map[string]Pending{},
			losing:   map[reconcile.Loss]time.Time{},
			losingBy: map[reconcile.Loss]string{},
			reserved: map[reconcile.Name]reconcile.Reservation{},
			names:    map[target.Key][]reconcile.Name{},
			parted:   map[reconcile.Name]time.Time{},
			guarding: newGuarding(),
			troubles: map[target.Key]trouble{},
			undone:   map[string]undone{},
			redos:    map[string]string{},
			heldAt:   map[string]uint64{},
			failed:   map[string]reconcile.Failure{},
			failedIn: map[string]string{},
			written:  map[target.Key][]writtenField{},
			notKept:  map[string]bool{},
			alone:    map[string]readAlone{},
			open:     map[matter]openCall{},

			protected: map[target.Key]protection{},
		}
		s.targets[name] = t
	}
	return t
}

// catchUp folds what was appended since.
func (s *state) catchUp(ctx context.Context, j Journal) error {
	for e, err := range j.Entries(ctx, s.position) {
		if err != nil {
			return fmt.Errorf("read journal: %w", err)
		}
		if e.Kind == Compacted {
			if err := s.restore(&e); err != nil {
				return fmt.Errorf("read journal: %w", err)
			}
			continue
		}
		s.apply(&e)
	}
	return nil
}

// apply folds one entry, except a Compacted one.
func (s *state) apply(e *Entry) {
	s.position = e.Position
	s.depart(e)
	s.noteMasks(e)
	switch e.Kind {
	case Deciding:
		if e.Decision != nil {
			s.decisions[e.Change] = *e.Decision
			s.noteGift(e)
		}
	case Releasing:
		if d := e.Decision; d != nil && len(d.Changes)+len(d.Accepts) > 0 {
			s.releaseChanges(e)
		} else if d != nil {
			s.releases = append(s.releases, reconcile.Release{
				Fingerprint: d.Fingerprint, Actor: d.Actor, Reason: d.Reason, At: d.At, Expires: d.Expires,
			})
		}
	case Holding:
		if e.Hold != nil {
			s.of(e.Target).hold(e)
		}
	case Lifted:
		s.of(e.Target).lift(e.Change)
	case Owing:
		t := s.of(e.Target)
		t.forgetOwed(e) // never twice
		t.owed = append(t.owed, reconcile.Obligation{
			Key: e.Key, Account: e.Account, Action: e.Action, To: e.To, Since: e.At,
		})
	case Dropped:
		s.of(e.Target).dropped(e)
	case Settled:
		s.of(e.Target).settleUndone(e.Change)
	case Linked:
		s.link(e)
	case Alarming:
		s.of(e.Target).alarm = e.Alarm
	case Lapsed:
		delete(s.of(e.Target).permits, e.Change)
		if d, ok := s.decisions[e.Change]; ok && !d.Rejected {
			delete(s.decisions, e.Change)
		}
	case Terminating, Reinstating:
		if e.Kind == Reinstating {
			delete(s.leaving, e.Key.Identity)
		}
		s.decided(e)
	case Happened:
		s.noteApproval(e)
		s.of(e.Target).noteOpen(e)
		s.of(e.Target).happened(e)
		s.departures.happened(e)
		s.of(e.Target).noteTrouble(e)
		s.of(e.Target).noteUndone(e)
		s.of(e.Target).retain(e)
		if e.Outcome == Done || e.Outcome == AlreadySo || e.Outcome == Unconfirmed {
			delete(s.decisions, e.Change) // an approval is good for one time, also if nobody can tell
			delete(s.of(e.Target).permits, e.Change)
		}
	case RunEnd:
		if e.End != nil {
			s.of(e.Target).judge(e)
			s.of(e.Target).ended(e.End, e.Position)
			s.of(e.Target).endedAlone(e)
			s.of(e.Target).setRight(e)
			if e.End.Whole {
				s.of(e.Target).wholeEnd = e.Position
			}
		}
	case Intent:
		s.noteApproval(e)
		s.of(e.Target).noteOpen(e)
		s.of(e.Target).suspect(e)
		s.of(e.Target).doubt(e)
		s.of(e.Target).intendNames(e)
		s.of(e.Target).noteUndone(e)
	case Failing:
		s.of(e.Target).fail(e)
	case Resuming:
		s.of(e.Target).resume()
	case Protecting:
		s.of(e.Target).protect(e)
	case Leased:
		s.leased(e)
	case Seen:
		s.of(e.Target).seen(e)
		s.back(e)
	case Reading, RunBegin:
		s.of(e.Target).reading(e)
		s.of(e.Target).sighted(e)
	case Departing:
		s.of(e.Target).leftClosed(e)
		if e.Account != "" {
			s.departures.close(e)
		}
	case Compacted:
	}
}

// history is what a plan for a target depends on. The maps in it are shared with
// the state: read only.
func (s *state) history(name string, at time.Time) reconcile.History {
	t := s.of(name)
	h := reconcile.History{
		Runs: t.runs, People: t.people, Managed: t.managed, Position: s.position,
		Losing: t.losing, Reserved: t.reserved, Terminated: s.terminated, Left: s.presumedLeft(), Retained: t.retained, Failed: t.failed, NotKept: t.notKept,
		Undone:   t.heldUndone(),
		Accounts: t.accounts, Owed: slices.Clone(t.owed), Recent: make(map[reconcile.Action]int, len(t.recent)),
	}
	for action := range t.recent {
		if n := t.recently(action, at); n > 0 {
			h.Recent[action] = n
		}
	}
	t.guards(&h, at)
	return h
}

// recently counts the accounts on which an action was done in the window that
// ends at an instant.
func (t *targetState) recently(action reconcile.Action, at time.Time) int {
	if done := t.recent[action]; done != nil {
		return done.since(at.Add(-window))
	}
	return 0
}

// approvals returns the decisions on changes as the planner takes them.
func (s *state) approvals() []reconcile.Approval {
	out, givenTo := make([]reconcile.Approval, 0, len(s.decisions)), s.givenTo()
	for change, d := range s.decisions {
		out = append(out, reconcile.Approval{
			Change: change, Identity: givenTo[change], Actor: d.Actor, Reason: d.Reason, At: d.At, Expires: d.Expires, Denied: d.Rejected,
		})
	}
	return out
}

// pendingChange finds a held change on any target.
func (s *state) pendingChange(change string) (Pending, bool) {
	for _, t := range s.targets {
		if p, ok := t.pending[change]; ok {
			return p, true
		}
	}
	return Pending{}, false
}
