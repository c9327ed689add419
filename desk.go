package provision

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/provision-go/provision/reconcile"
)

// decisionLife is how long a decision is good for unless it says otherwise.
const decisionLife = 7 * 24 * time.Hour

// Errors of a Desk.
var (
	// ErrNotPending says that no held change or plan of that name waits for a
	// decision.
	ErrNotPending = errors.New("nothing of that name waits for a decision")
	// ErrIncomplete says that a decision lacks its actor.
	ErrIncomplete = errors.New("a decision needs an actor")
)

// A Desk is where people decide about what is held. It needs the journal only:
// no source, no target, no credential. It remembers what it has read, so that each
// call after the first reads what is new; it takes as much memory as an engine for
// that, as long as it is kept. What it returns is read only. It is safe for concurrent
// use. Make one with [NewDesk].
type Desk struct {
	// Clock tells the time of decisions. NewDesk sets it to time.Now. It must agree
	// with Config.Clock: a decision counts from its time on.
	Clock func() time.Time
	// May says whether the decision may be made by whoever makes it: nil if so, and
	// otherwise why not. It is asked for every decision, after everything else was
	// found in order: with the held change, for a Release with each change that the
	// guards hold, for a Resume with a Pending that has a Target only, for a Reinstate
	// with one whose change has the Key of the person only. Decision has
	// its defaults filled in; Rejected tells a Reject. One that panics refuses.
	// Defaults to nil: everybody may, but nobody about themselves.
	May func(ctx context.Context, p Pending, by Decision) error
	// MaskKey is Config.MaskKey, where the engine has Config.Masking: with it the desk
	// can tell whether somebody decides about an account that bears their name. Without it
	// every decision about what is masked needs Decision.Identity. Defaults to none.
	MaskKey []byte
	journal Journal
	known   atomic.Pointer[state] // what was read, while no call uses it
}

// NewDesk returns the desk of a journal, which must not be nil. It does no I/O.
func NewDesk(j Journal) *Desk { return &Desk{Clock: time.Now, journal: j} }

// Pending is a held change that waits for a decision, for time or for evidence. A
// revoke whose time of grace is over stays on the desk until it is done, and so
// does what a first run held, and what is tried again after it failed; one of which nobody
// can say for a while whether it is still to be done, until somebody can.
type Pending struct {
	Target string         `json:"target"`
	Hold   reconcile.Hold `json:"hold"` // sensitive values masked, and those that Config.Masking hides
	Since  time.Time      `json:"since"`
	// Plan is the fingerprint of the plan that it was held in last.
	Plan string `json:"plan"`
	// Undo is the run that the change takes back; "" if it is of another plan. It stays
	// on the desk until that run is undone, or its undo is planned and applied without it.
	Undo string `json:"undo,omitempty"`
	// Guarded is what a release names: everything that the guards held in that
	// plan, and nothing else. "" if they held nothing.
	Guarded string `json:"guarded,omitempty"`
	// MaskedBy names the key under which values and the label of Hold stand as hashes; ""
	// if they do not. [Engine.Plan] has the values: its change has the same ID.
	MaskedBy string `json:"maskedBy,omitempty"`
}

// String writes the change and why it is held in one line.
func (p Pending) String() string {
	c := &p.Hold.Change
	parts := []string{p.Target, c.Action.String(), c.Label, c.Key.String(), c.Entitlement.String()}
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	reasons := make([]string, 0, len(p.Hold.Reasons))
	for _, r := range p.Hold.Reasons {
		reasons = append(reasons, cmp.Or(r.Text, r.Kind.String()))
	}
	return printable(strings.Join(parts, " ") + ": " + strings.Join(reasons, "; "))
}

// Decision is what somebody decided about a held change, or about the guards of
// a plan.
type Decision struct {
	Actor string `json:"actor"` // who decided; must be set
	// Identity is the identity of the actor in the source, so that nobody decides
	// about themselves; "" if they have none or it is unknown.
	Identity string    `json:"identity,omitempty"`
	Reason   string    `json:"reason,omitempty"`
	Expires  time.Time `json:"expires,omitzero"` // defaults to 7 days from now
	// At, Rejected and Fingerprint are set by the Desk, whatever they are before.
	At          time.Time `json:"at,omitzero"`
	Rejected    bool      `json:"rejected,omitempty"`
	Fingerprint string    `json:"fingerprint,omitempty"`
	// Changes are the IDs of those that a release lets through, each once, and Accepts
	// what of the read or the clock it takes for right. Both are set by the Desk.
	Changes []string            `json:"changes,omitempty"`
	Accepts []reconcile.Verdict `json:"accepts,omitempty"`
}

// Submit puts what a plan holds on the desk, and takes off what it no longer
// holds, so that it can be decided before the plan is applied for the first time.
// Apply does the same. The error wraps ErrMasked for a plan made for display, ErrForecast
// for one that is made for a time more than an hour ahead, ErrReplayed for one from a
// bundle, and ErrMaskKey for one with other masks than the journal.
func (d *Desk) Submit(ctx context.Context, p *Plan) error {
	st, err := d.read(ctx)
	if err != nil {
		return err
	}
	defer d.keep(st)
	if p.replayed {
		return fmt.Errorf("submit: %w", ErrReplayed)
	}
	now := d.Clock()
	var entries []Entry
	for _, tp := range p.Targets {
		switch {
		case tp.Masked:
			return fmt.Errorf("submit: %w: %s", ErrMasked, tp.Target)
		case tp.At.After(now.Add(time.Hour)): // clocks of two machines may differ
			return fmt.Errorf("submit: %w: %s is planned for %s", ErrForecast, tp.Target, tp.At.Format(time.RFC3339))
		}
		if err := st.sameMasks(tp.Masks.ID); err != nil {
			return fmt.Errorf("submit: %w", err)
		}
		held := holdEntries(st.of(tp.Target), tp, tp.Holds, tp.Changes, p.Identity, "", now)
		entries = append(append(entries, held...), st.unwanted(tp, held)...)
		entries = append(entries, alarmEntries(st.of(tp.Target), tp, "", now)...)
	}
	return d.append(ctx, entries...)
}

// Pending returns what is held, oldest first.
func (d *Desk) Pending(ctx context.Context) ([]Pending, error) {
	st, err := d.read(ctx)
	if err != nil {
		return nil, err
	}
	defer d.keep(st)
	var out []Pending
	for _, t := range st.targets {
		for _, p := range t.pending {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b Pending) int {
		return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Target, b.Target),
			cmp.Compare(a.Hold.Change.Action, b.Hold.Change.Action),
			a.Hold.Change.Key.Compare(b.Hold.Change.Key), cmp.Compare(a.Hold.Change.ID, b.Hold.Change.ID))
	})
	return out, nil
}

// Approve lets one held change run, once. It binds to the change's ID: any other
// before, after, account or rule set needs another approval. The change to be
// approved is the one that HoldReason.Change names: for a grant that is held
// because its create is, that is the create. One that is Parked is tried again in
// the next run, a dead letter too; if it fails again it waits again.
//
// An approval is void as soon as the person leaves, or a plan without the change takes it
// off the desk. Errors wrap ErrNotPending,
// ErrIncomplete, ErrExpired, ErrSelfApproval, ErrDeparted, ErrMaskKey and ErrNotAllowed.
func (d *Desk) Approve(ctx context.Context, change string, by Decision) error {
	by.Rejected = false
	return d.decide(ctx, change, by)
}

// Reject keeps one held change from running until the decision expires. Errors
// are those of Approve, but for ErrDeparted.
func (d *Desk) Reject(ctx context.Context, change string, by Decision) error {
	by.Rejected = true
	return d.decide(ctx, change, by)
}

// Release lets through what the guards hold, named by Pending.Guarded, Alarm.Guarded
// or reconcile.Plan.Guarded; the fingerprint of the plan that holds it may be named
// instead, which accepts no alarm. It is good for just these changes, in later plans too, and for each of them
// once: what was not done yet, because a run broke off or failed, still runs. A change
// that comes later needs another release, and so does the same one if it is planned
// again after it was done, or after a plan in which it was not. A release of what
// a whole plan guards also accepts its alarms: see Alarm. Somebody who is among many may release
// them all, but nobody what is about themselves alone. Errors wrap ErrNotPending,
// ErrIncomplete, ErrExpired, ErrSelfApproval, ErrMaskKey and ErrNotAllowed.
func (d *Desk) Release(ctx context.Context, guarded string, by Decision) error {
	st, err := d.read(ctx)
	if err != nil {
		return err
	}
	defer d.keep(st)
	found, token, guards := "", "", []Pending(nil)
	for name, t := range st.targets {
		if named, changes, accepts := t.released(guarded); len(changes)+len(accepts) > 0 {
			found, token, by.Changes, by.Accepts = name, named, changes, accepts
			for _, change := range changes {
				guards = append(guards, t.pending[change])
			}
		}
	}
	if found == "" {
		return fmt.Errorf("release %q: %w", guarded, ErrNotPending)
	}
	if err := d.complete(&by); err != nil {
		return fmt.Errorf("release %q: %w", guarded, err)
	}
	by.Rejected, by.Fingerprint = false, token
	if len(guards) == 0 { // what is doubted holds nothing yet: it is about nobody
		guards = []Pending{{Target: found, Guarded: token}}
	}
	if err := d.mayRelease(ctx, st, guards, by); err != nil {
		return fmt.Errorf("release %q: %w", guarded, err)
	}
	return d.append(ctx, Entry{At: by.At, Kind: Releasing, Target: found, Decision: &by})
}

func (d *Desk) decide(ctx context.Context, change string, by Decision) error {
	st, err := d.read(ctx)
	if err != nil {
		return err
	}
	defer d.keep(st)
	pending, ok := st.pendingChange(change)
	if !ok {
		return fmt.Errorf("decide on change %s: %w", change, st.stale(change))
	}
	if err := d.complete(&by); err != nil {
		return fmt.Errorf("decide on change %s: %w", change, err)
	}
	by.Fingerprint, by.Changes, by.Accepts = "", nil, nil
	by.boundBy(&pending)
	own, err := d.own(st, &by, &pending)
	switch {
	case err != nil:
	case own:
		err = ErrSelfApproval
	case !by.Rejected && st.departed(&pending):
		err = ErrDeparted
	default:
		err = d.allowed(ctx, pending, by)
	}
	if err != nil {
		return fmt.Errorf("decide on change %s: %w", change, err)
	}
	return d.append(ctx, Entry{
		At: by.At, Kind: Deciding, Target: pending.Target, Change: change,
		Key: pending.Hold.Change.Key, Action: pending.Hold.Change.Action, Phase: pending.Hold.Change.Phase, Decision: &by,
	})
}

// complete fills in the defaults of a decision.
func (d *Desk) complete(by *Decision) error {
	if by.Actor == "" {
		return ErrIncomplete
	}
	by.At = d.Clock()
	if by.Expires.IsZero() {
		by.Expires = by.At.Add(decisionLife)
	}
	if !by.Expires.After(by.At) {
		return ErrExpired
	}
	return nil
}

// read brings what is known up to the journal's end. Whoever has it has it alone, until
// it is put back with keep: May may call the desk, so nobody waits for it, and a call that
// finds it in use reads the journal from its beginning.
func (d *Desk) read(ctx context.Context) (*state, error) {
	st := d.known.Swap(nil)
	if st == nil {
		st = newState()
	}
	if err := st.catchUp(ctx, d.journal); err != nil {
		return nil, err
	}
	return st, nil
}

// keep puts back what read returned.
func (d *Desk) keep(st *state) { d.known.Store(st) }

func (d *Desk) append(ctx context.Context, entries ...Entry) error {
	if len(entries) == 0 {
		return nil
	}
	if err := d.journal.Append(ctx, entries...); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}

// holdEntries brings the desk in line with what a plan holds now: what is new is
// put on it, what the plan no longer holds is taken off. A plan for one identity
// speaks of that one only. A revoke that is due stays until it is done, and one that
// nobody can tell about until somebody can: if it fails, or comes back, its time of
// grace must not begin anew. The same goes for what a first run held. What is parked and due stays as well: it
// is not new when it has failed again.
func holdEntries(
	t *targetState, p *reconcile.Plan, holds []reconcile.Hold, due []reconcile.Change, identity, run string, at time.Time,
) []Entry {
	var entries []Entry
	losing := lossesIn(due, p.Losing)
	wanted := planned(p)
	retried := retriedIn(t, due)
	current := make(map[string]struct{}, len(holds))
	display := forDisplay(p, len(holds))
	for i := range holds {
		h := &holds[i]
		current[h.Change.ID] = struct{}{}
		reasons := p.Masks.Hold(*h).Reasons
		old, known := t.pending[h.Change.ID]
		if known && old.Plan == p.Fingerprint && old.Guarded == p.Guarded && sameReasons(old.Hold.Reasons, reasons) {
			continue
		}
		since := at
		switch {
		case known:
			since = old.Since
		case h.Change.Action != reconcile.Revoke:
		case t.outdated(h.Change.Key.Identity, p):
			continue // a later read has taken it off: should it come back, its time of grace begins then
		default:
			since = t.losingSince(h, p.At, at)
		}
		entries = append(entries, Entry{
			At: at, Kind: Holding, Run: run, Target: p.Target, Change: h.Change.ID, Key: h.Change.Key,
			Action: h.Change.Action,
			Hold: &Pending{
				Target: p.Target, Plan: p.Fingerprint, Guarded: p.Guarded, Undo: p.Undo, Since: since, MaskedBy: p.Masks.ID,
				Hold: reconcile.Hold{Change: display[h.Change.ID], Reasons: reasons},
			},
		})
	}
	for change, old := range t.pending {
		if _, ok := current[change]; ok {
			continue
		}
		if losing[lossOf(&old.Hold.Change)] || retried[change] {
			continue
		}
		_, told := t.losing[lossOf(&old.Hold.Change)] // then p.Losing says more exactly
		if t.kept[change] && (wanted[change] || !told && unsure(p, old.Hold.Change.Key)) {
			continue
		}
		// What an undo holds and what other plans hold is none of each other's business.
		if old.Undo != p.Undo {
			continue
		}
		// An older plan does not know what is held since.
		if old.Since.After(p.At) {
			continue
		}
		if identity == "" || old.Hold.Change.Key.Identity == identity {
			entries = append(entries, Entry{
				At: at, Kind: Lifted, Run: run, Target: p.Target, Change: change, Key: old.Hold.Change.Key,
			})
		}
	}
	slices.SortFunc(entries, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Change, b.Change))
	})
	return entries
}

func sameReasons(a, b []reconcile.HoldReason) bool {
	return slices.EqualFunc(a, b, func(x, y reconcile.HoldReason) bool {
		same := x.Until.Equal(y.Until)
		same = same && x.Since.Equal(y.Since)
		x.Until, y.Until, x.Since, y.Since = time.Time{}, time.Time{}, time.Time{}, time.Time{}
		return same && x == y
	})
}
