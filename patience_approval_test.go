package provision_test

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// treasurer is a world in which the grant of money to ana waits for an approval.
func treasurer(t *testing.T) (*world, reconcile.Change) {
	t.Helper()
	folder := t.TempDir()
	w := newWorld(t, func(c *provision.Config) { c.Journal = openJournal(t, filepath.Join(folder, "journal")) })
	w.people.Set(person("ana", "Finance", "Treasurer"), person("bo", "Sales", ""))
	w.run()
	held := holdsOf(w.plan(), reconcile.NeedsApproval)
	require.Len(t, held, 1)
	w.pass(time.Minute)
	return w, held[0].Change
}

func (w *world) hasMoney() bool {
	w.t.Helper()
	list := w.account("ana").Entitlements
	return len(list) > 0
}

// An approval is no proof: who is missing from a source that cannot be believed stays,
// whatever somebody approved.
func TestAnApprovalProvesNothing(t *testing.T) {
	w := newWorld(t, nil)
	all := staff(6)
	w.people.Set(all...)
	w.sync()
	w.people.Set(all[1:]...)
	w.pass(oneDay)
	w.sync()
	w.pass(4 * oneDay)
	w.people.Set() // the export is empty
	require.NoError(t, desk(w).Submit(t.Context(), w.plan()))
	for _, h := range holdsOf(w.plan(), reconcile.NeedsProof) {
		require.NoError(t, desk(w).Approve(t.Context(), h.Change.ID, provision.Decision{Actor: "cfo"}))
	}
	w.run()
	assert.Equal(t, target.Enabled, w.account(all[0].ID).State)
}

func TestApprovalsBind(t *testing.T) {
	by := func(actor string) provision.Decision { return provision.Decision{Actor: actor} }
	stored := func(w *world) *provision.Plan {
		text, err := json.Marshal(w.plan())
		require.NoError(t, err)
		var p provision.Plan
		require.NoError(t, json.Unmarshal(text, &p))
		return &p
	}
	apply := func(w *world, p *provision.Plan) *provision.Report {
		report, err := w.engine.Apply(t.Context(), p, nil)
		require.NoError(t, err)
		return report
	}
	for name, c := range map[string]struct {
		do    func(w *world, d *provision.Desk, held reconcile.Change)
		money bool
	}{
		"approved": {func(w *world, d *provision.Desk, held reconcile.Change) {
			require.NoError(t, d.Approve(t.Context(), held.ID, by("cfo")))
		}, true},
		"approved then denied": {func(w *world, d *provision.Desk, held reconcile.Change) {
			require.NoError(t, d.Approve(t.Context(), held.ID, by("cfo")))
			require.NoError(t, d.Reject(t.Context(), held.ID, by("ceo")))
		}, false},
		"denied then approved": {func(w *world, d *provision.Desk, held reconcile.Change) {
			require.NoError(t, d.Reject(t.Context(), held.ID, by("ceo")))
			require.NoError(t, d.Approve(t.Context(), held.ID, by("cfo")))
		}, true},
		"expired before it is used": {func(w *world, d *provision.Desk, held reconcile.Change) {
			require.NoError(t, d.Approve(t.Context(), held.ID, provision.Decision{Actor: "cfo", Expires: w.now.Add(time.Hour)}))
			w.pass(time.Hour)
		}, false},
		"expired before it is made": {func(w *world, d *provision.Desk, held reconcile.Change) {
			err := d.Approve(t.Context(), held.ID, provision.Decision{Actor: "cfo", Expires: w.now})
			require.ErrorIs(t, err, provision.ErrExpired)
		}, false},
		"by nobody": {func(w *world, d *provision.Desk, held reconcile.Change) {
			require.ErrorIs(t, d.Approve(t.Context(), held.ID, by("")), provision.ErrIncomplete)
		}, false},
		"of an unknown change": {func(w *world, d *provision.Desk, held reconcile.Change) {
			err := d.Approve(t.Context(), "0000", by("cfo"))
			require.ErrorIs(t, err, provision.ErrNotPending)
			require.ErrorContains(t, err, "no plan holds it any more; look at Pending")
		}, false},
		"of what is no longer planned": {func(w *world, d *provision.Desk, held reconcile.Change) {
			w.people.Put(person("ana", "Finance", "Clerk"))
			w.run()
			require.ErrorIs(t, d.Approve(t.Context(), held.ID, by("cfo")), provision.ErrNotPending)
			w.people.Put(person("ana", "Finance", "Treasurer"))
		}, false},
		"under other rules": {func(w *world, d *provision.Desk, held reconcile.Change) {
			require.NoError(t, d.Approve(t.Context(), held.ID, by("cfo")))
			spec := companyRules()
			spec.Targets[0].Lifecycle.PreHire = 15
			w.config.Rules = build(t, spec)
			w.restart()
		}, false},
		"used already": {func(w *world, d *provision.Desk, held reconcile.Change) {
			plan := stored(w)
			require.NoError(t, d.Approve(t.Context(), held.ID, by("cfo")))
			apply(w, plan)
			require.True(t, w.hasMoney())
			err := d.Approve(t.Context(), held.ID, by("cfo"))
			require.ErrorIs(t, err, provision.ErrNotPending)
			require.ErrorContains(t, err, "it was done already")
			require.NoError(t, w.app.Revoke(t.Context(), target.GrantRequest{
				Ref: target.Ref{ID: w.account("ana").ID}, Entitlement: group("money"),
			}))
			w.pass(time.Minute)
			apply(w, plan)
		}, false},
		"by May": {func(w *world, d *provision.Desk, held reconcile.Change) {
			d.May = func(_ context.Context, p provision.Pending, by provision.Decision) error {
				assert.Equal(t, held.ID, p.Hold.Change.ID)
				assert.False(t, by.Expires.IsZero())
				if by.Actor != "cfo" {
					return errors.New("only the CFO")
				}
				return nil
			}
			err := d.Approve(t.Context(), held.ID, by("eve"))
			require.ErrorIs(t, err, provision.ErrNotAllowed)
			require.ErrorContains(t, err, "only the CFO")
			require.NoError(t, d.Approve(t.Context(), held.ID, by("cfo")))
		}, true},
		"by a May that panics": {func(w *world, d *provision.Desk, held reconcile.Change) {
			d.May = func(context.Context, provision.Pending, provision.Decision) error { panic("no directory") }
			require.ErrorIs(t, d.Approve(t.Context(), held.ID, by("cfo")), provision.ErrNotAllowed)
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			w, held := treasurer(t)
			c.do(w, desk(w), held)
			w.pass(time.Minute)
			w.run()
			assert.Equal(t, c.money, w.hasMoney())
		})
	}
}

// A plan in which something stands as approved does not stand for the approval: it is
// asked for once more when the plan is applied.
func TestApprovalsBindPlansMadeWithThem(t *testing.T) {
	for name, c := range map[string]struct {
		since func(w *world, held reconcile.Change)
		want  provision.Outcome
	}{
		"still in force": {func(w *world, _ reconcile.Change) { w.pass(59 * time.Minute) }, provision.Done},
		"run out":        {func(w *world, _ reconcile.Change) { w.pass(time.Hour) }, provision.Stale},
		"denied": {func(w *world, held reconcile.Change) {
			require.NoError(t, desk(w).Reject(t.Context(), held.ID, provision.Decision{Actor: "ceo"}))
		}, provision.Held},
	} {
		t.Run(name, func(t *testing.T) {
			w, held := treasurer(t)
			require.NoError(t, desk(w).Approve(t.Context(), held.ID, provision.Decision{Actor: "cfo", Expires: w.now.Add(time.Hour)}))
			plan := w.plan()
			require.Len(t, plan.Targets[0].Changes, 1)
			c.since(w, held)
			report, err := w.engine.Apply(t.Context(), plan, nil)
			require.NoError(t, err)
			require.Len(t, report.Results, 1)
			assert.Equal(t, c.want, report.Results[0].Outcome)
			assert.Equal(t, c.want == provision.Done, w.hasMoney())
		})
	}
}

func TestNobodyApprovesThemselves(t *testing.T) {
	w, held := treasurer(t)
	for name, c := range map[string]struct {
		by   provision.Decision
		self bool
	}{
		"by identity":                  {provision.Decision{Actor: "somebody", Identity: "ana"}, true},
		"by identity, other case":      {provision.Decision{Actor: "somebody", Identity: "ANA"}, true},
		"by identity, with space":      {provision.Decision{Actor: "somebody", Identity: " ana\n"}, true},
		"by the identity as the actor": {provision.Decision{Actor: "ana"}, true},
		"by the label":                 {provision.Decision{Actor: "Ana@ACME.example"}, true},
		"by the account":               {provision.Decision{Actor: w.account("ana").ID}, true},
		"by a letter that looks alike": {provision.Decision{Actor: "аna"}, false}, // a Cyrillic а is another name
		"by the Kelvin sign":           {provision.Decision{Actor: "\u212Aim"}, false},
		"by somebody else":             {provision.Decision{Actor: "bo", Identity: "bo"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := desk(w)
			for _, decide := range []func(context.Context, string, provision.Decision) error{d.Reject, d.Approve} {
				err := decide(t.Context(), held.ID, c.by)
				if !c.self {
					require.NoError(t, err)
					continue
				}
				require.ErrorIs(t, err, provision.ErrSelfApproval)
			}
		})
	}
}

func TestNobodyReleasesThemselves(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) {
		c.Policy.Limits = map[reconcile.Action]reconcile.Limit{reconcile.Update: {Count: 0}}
	})
	w.people.Set(person("ana", "Legal", "Clerk"), person("bo", "Legal", "Clerk"))
	w.run()
	w.people.Set(person("ana", "Legal", "Lead"), person("bo", "Legal", "Clerk"))
	w.pass(time.Minute)
	w.run()
	guarded := w.plan().Targets[0].Guarded
	require.NotEmpty(t, guarded)
	require.ErrorIs(t, desk(w).Release(t.Context(), guarded, provision.Decision{Actor: "x", Identity: "ana"}), provision.ErrSelfApproval)
	w.people.Set(person("ana", "Legal", "Lead"), person("bo", "Legal", "Lead"))
	w.run()
	guarded = w.plan().Targets[0].Guarded
	d := desk(w)
	for _, no := range []string{"ana", "bo"} {
		d.May = func(_ context.Context, p provision.Pending, _ provision.Decision) error {
			if p.Hold.Change.Key.Identity == no {
				return errors.New("not this one")
			}
			return nil
		}
		err := d.Release(t.Context(), guarded, provision.Decision{Actor: "x"})
		require.ErrorIs(t, err, provision.ErrNotAllowed, "one that is refused stops it, whichever it is")
	}
	asked := 0
	d.May = func(context.Context, provision.Pending, provision.Decision) error { asked++; return nil }
	require.NoError(t, d.Release(t.Context(), guarded, provision.Decision{Actor: "x", Identity: "ana"}))
	assert.Equal(t, 2, asked)
}

// That somebody else waits for an approval in the same plan makes nobody the one among
// many, and whoever may not approve that may release the guards all the same.
func TestAReleaseIsAboutWhatTheGuardsHold(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) {
		c.Policy.Limits = map[reconcile.Action]reconcile.Limit{reconcile.Grant: {Count: 0}}
	})
	w.people.Set(person("ana", "Legal", "Clerk"), person("bo", "Legal", "Clerk"), person("cy", "Legal", "Clerk"))
	w.run()
	w.people.Set(person("ana", "Engineering", "Clerk"), person("bo", "Finance", "Treasurer"), person("cy", "Legal", "Clerk"))
	w.pass(time.Minute)
	w.run()
	guarded := w.plan().Targets[0].Guarded
	pending, err := desk(w).Pending(t.Context())
	require.NoError(t, err)
	require.Len(t, pending, 2, "a grant to ana, and a grant to bo that the CFO has to approve")
	require.ErrorIs(t, desk(w).Release(t.Context(), guarded, provision.Decision{Actor: "ana"}), provision.ErrSelfApproval)
	d := desk(w)
	d.May = func(_ context.Context, p provision.Pending, _ provision.Decision) error {
		assert.Equal(t, "ana", p.Hold.Change.Key.Identity)
		return nil
	}
	require.NoError(t, d.Release(t.Context(), guarded, provision.Decision{Actor: "ops"}))
	w.run()
	assert.Contains(t, w.account("ana").Entitlements, group("engineering"))
	assert.NotContains(t, w.account("bo").Entitlements, group("money"))
}

// Fault 36: somebody is terminated between a plan and its end. Nothing of it gives
// them anything any more, approved or not; who comes back needs new approvals.
func TestFault36TerminationWinsOverApproval(t *testing.T) {
	for name, between := range map[string]func(w *world, ana *source.Identity){
		"their account was closed": func(w *world, ana *source.Identity) {
			_, err := w.engine.SyncOne(t.Context(), "ana")
			require.NoError(t, err)
		},
		"in another process": func(w *world, ana *source.Identity) {
			_, err := w.engine.SyncOne(t.Context(), "ana")
			require.NoError(t, err)
			w.restart()
		},
		"the rules were read again": func(w *world, ana *source.Identity) { w.plan() },
	} {
		t.Run(name, func(t *testing.T) {
			w, held := treasurer(t)
			ana := person("ana", "Engineering", "Treasurer")
			w.people.Put(ana) // a grant that runs, and one that waits
			plan := w.plan()
			require.Len(t, plan.Targets[0].Changes, 1)
			require.NoError(t, desk(w).Approve(t.Context(), held.ID, provision.Decision{Actor: "cfo"}))
			w.pass(time.Minute)
			ana.Status = source.Terminated
			w.people.Put(ana)
			between(w, &ana)
			w.app.ForgetCalls()
			w.pass(time.Minute)
			report, err := w.engine.Apply(t.Context(), plan, nil)
			require.NoError(t, err)
			assert.Empty(t, w.app.Writes(), "%s", report)
			assert.Equal(t, 2, report.Counts()[provision.Stale])
			require.ErrorContains(t, report.Err(), "the person has left since the plan was made; plan again")
			w.run()
			assert.Equal(t, target.Disabled, w.account("ana").State)
			assert.Empty(t, w.account("ana").Entitlements)
			require.Error(t, desk(w).Approve(t.Context(), held.ID, provision.Decision{Actor: "cfo"}), "there is nothing to approve any more")

			// Back again, they get what the rules give, and wait for what needs an approval.
			w.pass(24 * time.Hour)
			ana.Status, ana.HireDate = source.Active, source.DateOf(w.now)
			w.people.Put(ana)
			w.run()
			assert.Equal(t, []target.Entitlement{group("engineering")}, w.account("ana").Entitlements)
			assert.Len(t, holdsOf(w.plan(), reconcile.NeedsApproval), 1, "the old approval is void")
		})
	}
}

// A joiner who leaves before they have an account leaves no trace on any target.
func TestAJoinerWhoLeavesGetsNoAccount(t *testing.T) {
	w := newWorld(t, nil)
	w.people.Set(person("bo", "Sales", ""))
	w.sync()
	ana := person("ana", "Sales", "")
	w.people.Put(ana)
	plan := w.plan()
	w.pass(time.Minute)
	ana.Status = source.Terminated
	w.people.Put(ana)
	_, err := w.engine.SyncOne(t.Context(), "ana")
	require.NoError(t, err)
	report, err := w.engine.Apply(t.Context(), plan, nil)
	require.NoError(t, err)
	assert.Equal(t, 2, report.Counts()[provision.Stale], "%s", report)
	assert.Empty(t, w.app.ByKey(target.Key{Identity: "ana"}))
}

// Nothing is approved for somebody who has left while it was on the desk.
func TestTheDeskKnowsWhoLeft(t *testing.T) {
	w, held := treasurer(t)
	ana := person("ana", "Finance", "Treasurer")
	ana.Status = source.Terminated
	w.people.Put(ana)
	plan, err := w.engine.PlanOne(t.Context(), "ana")
	require.NoError(t, err)
	// The disable is done, and the run dies before it has told the rest.
	disable := plan.Targets[0].Changes[0]
	require.NoError(t, w.config.Journal.Append(t.Context(), provision.Entry{
		At: w.now, Kind: provision.Intent, Run: "r", Target: "app", Change: disable.ID, Action: disable.Action,
		Key: disable.Key, Account: disable.Account, Phase: disable.Phase,
	}))
	require.ErrorIs(t, desk(w).Approve(t.Context(), held.ID, provision.Decision{Actor: "cfo"}), provision.ErrDeparted)
	require.NoError(t, desk(w).Reject(t.Context(), held.ID, provision.Decision{Actor: "cfo"}))
}

// What leavers are written, their own plan says: it is not stale for itself.
func TestALeaversOwnPlanIsNotStale(t *testing.T) {
	w := newWorld(t, nil)
	ana := person("ana", "Sales", "Clerk")
	w.people.Set(ana, person("bo", "Sales", ""))
	w.sync()
	ana.Status, ana.JobTitle = source.Terminated, "Alumna"
	w.people.Put(ana)
	w.sync()
	assert.Equal(t, "Alumna", w.account("ana").Attributes.Get("title"))
	w.pass(time.Minute)
	ana.JobTitle = "Alumna of honour"
	w.people.Put(ana)
	w.sync()
}

// Somebody is terminated while a run for everybody is on its way to what it would
// give them.
func TestTerminationWinsInTheMiddleOfARun(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) { c.Concurrency = 1 })
	ana, zoe := person("ana", "Legal", "Clerk"), person("zoe", "Legal", "Clerk")
	w.people.Set(ana, zoe)
	w.sync()
	ana.Department, zoe.Department = source.Named("Sales"), source.Named("Sales")
	w.people.Set(ana, zoe)
	leaver := "" // whoever does not come first
	w.config.OnProgress = func(p provision.Progress) {
		if leaver != "" {
			return
		}
		gone := zoe
		if p.Result.Change.Key.Identity == "zoe" {
			gone = ana
		}
		leaver = gone.ID
		gone.Status = source.Terminated
		w.people.Put(gone)
		report, err := w.engine.SyncOne(t.Context(), gone.ID)
		require.NoError(t, err)
		require.NoError(t, report.Err())
		w.app.ForgetCalls()
	}
	w.restart()
	report := w.run()
	assert.Equal(t, 1, report.Counts()[provision.Stale], "%s", report)
	assert.Empty(t, w.app.Writes())
	assert.Equal(t, target.Disabled, w.account(leaver).State)
	assert.Empty(t, w.account(leaver).Entitlements)
}
