package provision

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// ErrProtected says that somebody cannot be terminated on a target: the policy or
// the rules protect them there, or its mode takes nothing from anybody.
var ErrProtected = errors.New("nothing may be taken from this person")

// ErrUnknownIdentity says that somebody was terminated by an ID that neither the source
// nor the journal nor a target knows. It may be another ID of somebody whose access goes
// on.
var ErrUnknownIdentity = errors.New("neither the source, nor the journal, nor a target knows this ID")

// TerminateOptions say who ends somebody's access, and why. Both must be set.
type TerminateOptions struct {
	Actor  string
	Reason string // for the journal, plans and reports; no secrets
}

// TerminateNow ends one person's access on every target at once: it disables the
// accounts, ends their sessions, revokes what is privileged and then the rest, and
// hands over what they own. Everything is as for any leaver, except that
//
//   - it first makes durable that this person is terminated. From then on every plan,
//     of every engine on the journal, treats them as somebody who has left, whatever
//     the source says, until [Desk.Reinstate]. A run that is killed, a target that
//     cannot be reached and a step that fails are made good by the next run.
//   - it does not wait for a whole run or a run for this person that is under way, and
//     what these were about to give is stale. Targets do not wait for each other.
//   - it does not need the source, which may be down and may still say that the person
//     works. The source is asked for a second who is to take what they own; if it does
//     not answer, that is handed over by a later run.
//   - no guard, approval or rejection holds it. It counts for the guards of the next
//     24 hours like any other disable.
//   - it looks for the accounts by key, and by the native id that the journal
//     remembers, in all slots that the rules know.
//
// What the policy or the rules protect is protected here, too, and a mode that takes
// nothing away takes nothing: the error then wraps [ErrProtected] and names the
// targets. If there are others, they are worked on, and both the report and the error
// are set; otherwise nothing is recorded. A protection by a condition counts as it was
// when the person was last read, if the source does not answer.
//
// Without an actor or a reason the error wraps [ErrIncomplete] and nothing is done. If
// the journal cannot be written nothing is done either. What went wrong on single
// targets is in [Report.Err]: those that could not be read are in [Report.Unread].
// Somebody who has no account anywhere is terminated all the same.
//
// An ID that the journal knows as that of a row of somebody (see [source.People] and
// [source.Merge]) is taken for theirs: they are terminated by the ID of their accounts,
// which [Plan.Identity] of the report has, and a finding says so. If nobody knows the ID
// the termination is recorded for it, so that whoever comes by it later does not get in;
// the report is set, and so is an error that wraps [ErrUnknownIdentity]: look up who is
// meant.
func (e *Engine) TerminateNow(ctx context.Context, identityID string, options TerminateOptions) (*Report, error) {
	fail := func(err error) (*Report, error) { return nil, fmt.Errorf("terminate %s: %w", identityID, err) }
	switch {
	case identityID == "":
		return fail(errNoIdentity)
	case strings.TrimSpace(options.Actor) == "":
		return fail(ErrIncomplete)
	case strings.TrimSpace(options.Reason) == "":
		return fail(fmt.Errorf("%w: a termination needs a reason, too", ErrIncomplete))
	}
	if err := e.catchUp(ctx); err != nil {
		return fail(err)
	}
	started := e.config.Clock()
	asked := identityID
	identityID = e.knownAs(asked)
	identity, readErr := e.askBriefly(ctx, identityID)
	known := readErr == nil || e.heardOfPerson(identityID)
	leaver := terminatedAs(identity, reconcile.Termination{At: started})
	open, refused := e.mayTerminate(&leaver, readErr == nil, started)
	if len(open) == 0 {
		return fail(refused)
	}
	report := &Report{Run: rand.Text(), Started: started, masks: e.masks, terminates: true}
	entry := Entry{
		At: started, Kind: Terminating, Run: report.Run, Key: target.Key{Identity: identityID},
		Decision: &Decision{Actor: options.Actor, Reason: options.Reason, At: started},
	}
	// Once somebody has said so, that ctx ends must not leave it unsaid.
	if err := e.config.Journal.Append(context.WithoutCancel(ctx), entry); err != nil {
		return fail(fmt.Errorf("journal: %w", err))
	}
	if err := e.catchUp(context.WithoutCancel(ctx)); err != nil {
		return fail(err)
	}
	e.active.Add(1)
	defer e.active.Add(-1)
	e.runs(report.Run, true)
	defer e.runs(report.Run, false)
	found := e.terminateOn(ctx, e.asDecided(identity), open, options.Actor, report)
	if readErr != nil {
		// In front, where plans have what a source says.
		report.Findings = slices.Insert(report.Findings, 0, e.unreadFinding(identityID, readErr))
		report.Plan.Findings = report.Findings
	}
	if asked != identityID {
		report.Findings = append(report.Findings, Finding{
			Origin: fromSource + e.config.Source.Name(), Code: CodeOtherID, Identity: identityID,
			Message: "terminated by the ID of their accounts; " + asked + " is another one of theirs",
		})
		report.Plan.Findings = report.Findings
	}
	report.Finished = e.config.Clock()
	e.config.Logger.InfoContext(ctx, "terminated at once", "identity", identityID, "run", report.Run)
	if !known && !found {
		refused = errors.Join(ErrUnknownIdentity, refused)
	}
	if refused != nil {
		return report, fmt.Errorf("terminate %s: %w", identityID, refused)
	}
	return report, nil
}

// knownAs returns by which ID the journal knows whoever has an ID. It is the same one,
// unless that is only known as one of a row, and of one person's.
func (e *Engine) knownAs(id string) string {
	e.mu.RLock()
	defer e.mu.RUnlock()
	if e.state.heardOf(id) {
		return id
	}
	as := id
	for row, person := range e.state.links {
		switch {
		case row.ID != id || person == as:
		case as != id:
			return id // several people: nobody knows who is meant
		default:
			as = person
		}
	}
	return as
}

// heardOfPerson reports whether the journal knows somebody by this ID.
func (e *Engine) heardOfPerson(id string) bool {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.state.heardOf(id)
}

// heardOf reports whether somebody by this ID has or had an account, or rows that belong
// to them.
func (s *state) heardOf(id string) bool {
	if len(s.closed[id]) > 0 {
		return true
	}
	for _, t := range s.targets { // nearly everybody has this account; no time is lost on others
		if _, known := t.accounts[target.Key{Identity: id}]; known {
			return true
		}
	}
	for _, t := range s.targets {
		for key := range t.accounts {
			if key.Identity == id {
				return true
			}
		}
	}
	for _, person := range s.links {
		if person == id {
			return true
		}
	}
	return false
}

// terminateOn works on the targets side by side: each is read, planned and applied
// without waiting for the others. It reports whether any has an account of the person.
func (e *Engine) terminateOn(
	ctx context.Context, identity source.Identity, on []target.Target, actor string, report *Report,
) bool {
	type outcome struct {
		plan    *reconcile.Plan
		found   bool
		results []Result
		err     error
	}
	outcomes, from := make([]outcome, len(on)), e.readFrom()
	var progress sync.Mutex
	var all errgroup.Group
	for i, t := range on {
		all.Go(func() error {
			o := &outcomes[i]
			o.plan, o.found, o.err = e.planTermination(ctx, t, &identity)
			if o.plan != nil {
				r := &targetRun{
					engine: e, plan: o.plan, identity: identity.ID, id: report.Run, actor: actor, lease: e.withoutLease(), fresh: e.upToDate(o.plan),
					from: from,
				}
				o.results = r.do(ctx, &progress)
			}
			return nil
		})
	}
	_ = all.Wait() // the errors are in outcomes
	report.Plan = &Plan{Identity: identity.ID, Findings: sourceFindings(identity.Findings)}
	e.record(report.Plan, []*source.Identity{&identity}, func(string) bool { return e.onlyTerminated(&identity) })
	found := false
	for i, t := range on {
		o := &outcomes[i]
		found = found || o.found
		if o.err != nil {
			report.Unread = append(report.Unread, Unread{Target: t.Name(), Err: o.err})
			continue
		}
		report.Plan.add(o.plan, nil)
		report.Results = append(report.Results, o.results...)
	}
	report.Plan.Unread, report.Findings = report.Unread, report.Plan.Findings
	return found
}

// planTermination reads what one target has of a leaver, if anything, and plans it.
func (e *Engine) planTermination(
	ctx context.Context, t target.Target, identity *source.Identity,
) (plan *reconcile.Plan, has bool, err error) {
	name := t.Name()
	defer func() {
		if reason := recover(); reason != nil {
			plan, has, err = nil, false, fmt.Errorf("read %s: %w", name, &panicError{reason: reason})
		}
	}()
	at := e.config.Clock()
	desired := e.config.Rules.Decide(rules.Person{Identity: identity}, at).For(name)
	for i := range desired {
		// What another run is writing just now is seen, and nothing more is begun.
		unlock, err := e.locks.lockUntil(ctx, name, desired[i].Key)
		if err != nil {
			return nil, false, fmt.Errorf("wait for a write to %s on %s: %w", desired[i].Key, name, err)
		}
		unlock()
	}
	e.protectedAsRead(name, desired, func(string) bool { return e.onlyTerminated(identity) })
	found, err := e.findFor(ctx, t, desired)
	if err != nil {
		return nil, false, err
	}
	if found, err = e.findRemembered(ctx, t, desired, found); err != nil {
		return nil, false, err
	}
	refers, err := e.referencesFor(ctx, t, desired, found)
	if err != nil {
		return nil, false, err
	}
	plan, err = e.compute(t, reconcile.One(desired, found, nil, refers), desired, nil, at, 0, func(id string) *source.Identity {
		if id != identity.ID {
			return nil
		}
		return identity
	}, nil)
	return plan, len(found) > 0, err
}

// findRemembered adds the accounts that the journal remembers and that a search by
// key did not show: an index may lag, and somebody may have taken the key off.
func (e *Engine) findRemembered(
	ctx context.Context, t target.Target, desired []target.Desired, found []target.Account,
) ([]target.Account, error) {
	for i := range desired {
		key := desired[i].Key
		id, ok := e.knownID(t.Name(), key)
		if !ok || slices.ContainsFunc(found, func(a target.Account) bool { return a.ID == id }) {
			continue
		}
		accounts, err := e.find(ctx, t, target.Find{ID: id})
		if err != nil {
			return nil, err
		}
		for _, a := range accounts {
			if !a.Key.IsZero() && a.Key != key {
				continue // by now it is somebody else's
			}
			a.Key = key
			found = append(found, a)
		}
	}
	return found, nil
}

// patience is how long a termination waits for the source.
const patience = time.Second

// askBriefly reads somebody from the source if it answers at once, and otherwise
// returns no more than the ID.
func (e *Engine) askBriefly(ctx context.Context, id string) (source.Identity, error) {
	type answer struct {
		identity source.Identity
		err      error
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	answers := make(chan answer, 1) // a source that ignores ctx is not waited for
	go func() {
		var a answer
		defer func() {
			if reason := recover(); reason != nil {
				a.err = fmt.Errorf("read %s: %w", e.config.Source.Name(), &panicError{reason: reason})
			}
			answers <- a
		}()
		a.identity, a.err = source.Read(ctx, e.config.Source, id)
	}()
	a := answer{err: context.DeadlineExceeded}
	select {
	case a = <-answers:
	case <-ctx.Done():
	}
	if a.err != nil {
		return source.Identity{ID: id}, a.err
	}
	return a.identity, nil
}

// mayTerminate parts the targets on which something may be taken from somebody from
// those on which it may not, and says why not.
func (e *Engine) mayTerminate(identity *source.Identity, known bool, at time.Time) ([]target.Target, error) {
	decision := e.config.Rules.Decide(rules.Person{Identity: identity}, at)
	var open []target.Target
	var refused []error
	for _, t := range e.config.Targets {
		name := t.Name()
		policy, owned := e.policy(name), e.owned[name]
		byRules := slices.Contains(owned.Protect, identity.ID)
		for _, d := range decision.For(name) {
			byRules = byRules || d.Protected && (known || e.wasProtected(name, d.Key))
		}
		switch {
		case slices.Contains(policy.Protect, identity.ID):
			refused = append(refused, fmt.Errorf("%w on %s: Policy.Protect names them", ErrProtected, name))
		case byRules:
			refused = append(refused, fmt.Errorf("%w on %s: the rules protect them", ErrProtected, name))
		case policy.Mode != reconcile.Full:
			refused = append(refused, fmt.Errorf("%w on %s: its Policy.Mode is %q", ErrProtected, name, policy.Mode))
		default:
			open = append(open, t)
		}
	}
	return open, errors.Join(refused...)
}
