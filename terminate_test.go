package provision_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/memsource"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

var security = provision.TerminateOptions{Actor: "sam@acme.example", Reason: "incident 4711"}

// company is a world with a boss to hand over to, and everybody in place.
func company(t *testing.T, change func(*provision.Config)) *world {
	w := newWorld(t, func(c *provision.Config) {
		c.Policy.Privileged = []target.Entitlement{group("sales")}
		c.Policy.Gap = -1 // weeks pass between the runs
		if change != nil {
			change(c)
		}
	})
	w.people.Set(staff(6)...)
	cy := person("E0003", "Engineering", "Clerk")
	cy.Manager.ID = "E0001"
	w.people.Put(cy)
	w.sync()
	w.now = w.now.Add(time.Hour)
	return w
}

// steps writes results as "outcome action entitlement".
func steps(r *provision.Report) []string {
	var out []string
	for i := range r.Results {
		x := &r.Results[i]
		text := x.Outcome.String() + " " + x.Change.Action.String()
		if e := x.Change.Entitlement.String(); e != "" {
			text += " " + e
		}
		out = append(out, text)
	}
	return out
}

func (w *world) terminate(id string) *provision.Report {
	w.t.Helper()
	report, err := w.engine.TerminateNow(w.t.Context(), id, security)
	require.NoError(w.t, err)
	return report
}

func TestNobodyReinstatesThemselves(t *testing.T) {
	w := company(t, nil)
	account := w.account("E0003").ID
	w.terminate("E0003")
	d := w.desk()
	asked := 0
	d.May = func(_ context.Context, p provision.Pending, by provision.Decision) error {
		assert.Equal(t, target.Key{Identity: "E0003"}, p.Hold.Change.Key)
		if asked++; by.Actor != "hr" {
			return errors.New("only HR")
		}
		return nil
	}
	for _, by := range []provision.Decision{
		{Actor: "e0003"}, {Actor: "somebody", Identity: "E0003"}, {Actor: account}, {Actor: "somebody", Identity: " " + account},
	} {
		require.ErrorIs(t, d.Reinstate(t.Context(), "E0003", by), provision.ErrSelfApproval, "%+v", by)
	}
	require.Zero(t, asked)
	err := d.Reinstate(t.Context(), "E0003", provision.Decision{Actor: "eve"})
	require.ErrorIs(t, err, provision.ErrNotAllowed)
	require.ErrorContains(t, err, "only HR")
	left, err := d.Terminated(t.Context())
	require.NoError(t, err)
	require.Len(t, left, 1)
	require.NoError(t, d.Reinstate(t.Context(), "E0003", provision.Decision{Actor: "hr"}))
}

func TestTerminateNow(t *testing.T) {
	w := company(t, nil)
	before := w.account("E0003")
	require.NoError(t, w.app.Grant(t.Context(), target.GrantRequest{Ref: target.Ref{ID: before.ID}, Entitlement: group("sales")}))
	w.app.OpenSessions(before.ID, 2)
	w.app.Own(before.ID, "a dashboard")

	report := w.terminate("E0003")
	require.NoError(t, report.Err())
	assert.Equal(t, []string{
		"done disable", "done end-sessions", "done revoke group:sales", "done revoke group:engineering", "done handover",
	}, steps(report), "privileged before the rest")
	after := w.account("E0003")
	assert.Equal(t, before.ID, after.ID)
	assert.Equal(t, target.Disabled, after.State)
	assert.Empty(t, after.Entitlements)
	assert.Zero(t, w.app.Sessions(before.ID))
	assert.Equal(t, []string{"a dashboard"}, w.app.Owned(w.account("E0001").ID))
	assert.Contains(t, report.Plan.String(), "leaver: terminated at 2026-03-01T13:00:00Z by sam@acme.example: incident 4711")

	list := report.Departures()
	require.Len(t, list, 1)
	assert.True(t, list[0].Complete)
	assert.True(t, list[0].Verified)

	for day := range 3 {
		w.now = w.now.Add(24 * time.Hour)
		w.restart()
		w.sync()
		assert.Equal(t, target.Disabled, w.account("E0003").State, "day %d: the source still says active", day)
	}
	_, err := w.engine.SyncOne(t.Context(), "E0003")
	require.NoError(t, err)
	assert.Equal(t, target.Disabled, w.account("E0003").State)

	gone, left, err := w.engine.Departed(t.Context(), "E0003")
	require.NoError(t, err)
	assert.True(t, left)
	assert.Equal(t, provision.Departure{
		Identity: "E0003", At: time.Date(2026, 3, 1, 13, 0, 0, 0, time.UTC), Terminated: true,
		Actor: security.Actor, Reason: security.Reason,
		Accounts: []provision.DepartedAccount{{
			Target: "app", Key: target.Key{Identity: "E0003"}, Account: before.ID, At: time.Date(2026, 3, 1, 13, 0, 0, 0, time.UTC),
		}},
	}, gone)

	desk := provision.NewDesk(w.config.Journal)
	desk.Clock = w.config.Clock
	list2, err := desk.Terminated(t.Context())
	require.NoError(t, err)
	require.Len(t, list2, 1)
	require.ErrorIs(t, desk.Reinstate(t.Context(), "E0003", provision.Decision{}), provision.ErrIncomplete)
	require.ErrorIs(t, desk.Reinstate(t.Context(), "E0004", provision.Decision{Actor: "hr"}), provision.ErrNotTerminated)
	require.NoError(t, desk.Reinstate(t.Context(), "E0003", provision.Decision{Actor: "hr", Reason: "mistaken"}))
	_, err = w.engine.SyncOne(t.Context(), "E0003")
	require.NoError(t, err)
	back := w.account("E0003")
	assert.Equal(t, target.Enabled, back.State)
	assert.Equal(t, before.ID, back.ID)
	assert.Equal(t, []target.Entitlement{group("engineering")}, back.Entitlements, "what the rules give, not what was there")
	_, left, err = w.engine.Departed(t.Context(), "E0003")
	require.NoError(t, err)
	assert.False(t, left)
}

func TestTerminateNowDeletesMuchLater(t *testing.T) {
	w := company(t, nil)
	w.terminate("E0003")
	w.now = w.now.Add(29 * 24 * time.Hour)
	w.sync()
	require.Len(t, w.app.ByKey(target.Key{Identity: "E0003"}), 1)
	w.now = w.now.Add(24 * time.Hour)
	w.sync()
	assert.Empty(t, w.app.ByKey(target.Key{Identity: "E0003"}), "30 days after the termination, though the source says active")
}

func TestTerminateNowWithoutSource(t *testing.T) {
	t.Run("down", func(t *testing.T) {
		w := company(t, nil)
		w.people.Break(memsource.Fault{ReadErr: errors.New("down"), ListErr: errors.New("down")})
		report := w.terminate("E0003")
		require.NoError(t, report.Err())
		assert.Equal(t, []string{"done disable", "done end-sessions", "done revoke group:engineering"}, steps(report))
		assert.Contains(t, report.String(), "the source says nothing about this person now")
		one, err := w.engine.SyncOne(t.Context(), "E0003")
		require.NoError(t, err)
		assert.Empty(t, one.Results, "the source is still down")

		w.people.Break(memsource.Fault{})
		w.now = w.now.Add(time.Hour)
		assert.Equal(t, []string{"done handover"}, steps(w.sync()), "as soon as the source says who takes over")
		assert.Empty(t, w.sync().Results)
	})
	t.Run("hangs", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := company(t, nil)
			w.config.Source = hanging{w.people}
			w.restart()
			began := time.Now()
			report := w.terminate("E0003")
			assert.LessOrEqual(t, time.Since(began), 2*time.Second)
			assert.Equal(t, target.Disabled, w.account("E0003").State)
			assert.NoError(t, report.Err())
		})
	})
	t.Run("knows nobody", func(t *testing.T) {
		w := company(t, nil)
		w.people.Remove("E0003")
		require.NoError(t, w.terminate("E0003").Err())
		assert.Equal(t, target.Disabled, w.account("E0003").State)
		w.now = w.now.Add(31 * 24 * time.Hour)
		w.sync()
		assert.Empty(t, w.app.ByKey(target.Key{Identity: "E0003"}))
	})
}

// hanging is a source that does not answer about one person.
type hanging struct{ *memsource.Source }

func (hanging) Identity(ctx context.Context, _ string) (source.Identity, error) {
	<-ctx.Done()
	return source.Identity{}, ctx.Err()
}

func TestTerminateNowNeedsActorAndReason(t *testing.T) {
	w := company(t, nil)
	for _, options := range []provision.TerminateOptions{{}, {Actor: "sam"}, {Reason: "because"}, {Actor: " ", Reason: "x"}} {
		report, err := w.engine.TerminateNow(t.Context(), "E0003", options)
		require.ErrorIs(t, err, provision.ErrIncomplete)
		assert.Nil(t, report)
	}
	_, err := w.engine.TerminateNow(t.Context(), "", security)
	require.Error(t, err)
	assert.Equal(t, target.Enabled, w.account("E0003").State)
	assert.True(t, w.plan().NothingToDo())
}

// Nothing that is there to be asked holds it: not a first run, a guard, an approval
// rule or a rejection.
func TestTerminateNowIsHeldByNothing(t *testing.T) {
	w := company(t, func(c *provision.Config) {
		c.Policy.Limits = map[reconcile.Action]reconcile.Limit{reconcile.Disable: {}, reconcile.Revoke: {}}
		c.Policy.Approve = []reconcile.ApprovalRule{{Action: reconcile.Disable, By: "HR"}, {Action: reconcile.EndSessions}}
	})
	leaver := person("E0003", "Engineering", "Clerk")
	leaver.Status = source.Terminated
	w.people.Put(leaver)
	report, err := w.engine.Sync(t.Context())
	require.NoError(t, err)
	require.Equal(t, target.Enabled, w.account("E0003").State, "held as an ordinary leaver:\n%s", report)
	desk := provision.NewDesk(w.config.Journal)
	desk.Clock = w.config.Clock
	pending, err := desk.Pending(t.Context())
	require.NoError(t, err)
	for _, p := range pending {
		require.NoError(t, desk.Reject(t.Context(), p.Hold.Change.ID, provision.Decision{Actor: "bo"}))
	}
	require.NoError(t, w.terminate("E0003").Err())
	assert.Equal(t, target.Disabled, w.account("E0003").State)

	// It counts: the next ordinary leaver finds the limit of one used up.
	w.config.Policy.Limits = map[reconcile.Action]reconcile.Limit{reconcile.Disable: {Count: 1}}
	w.config.Policy.Approve = nil
	w.restart()
	other := person("E0004", "Sales", "Clerk")
	other.Status = source.Terminated
	w.people.Put(other)
	plan := w.plan()
	assert.NotEmpty(t, holdsOf(plan, reconcile.Guarded), "%s", plan)
	assert.Contains(t, plan.String(), "guard: disable 2 of 6")
}

func TestTerminateNowRespectsProtection(t *testing.T) {
	t.Run("policy", func(t *testing.T) {
		w := company(t, func(c *provision.Config) { c.Policy.Protect = []string{"E0003"} })
		report, err := w.engine.TerminateNow(t.Context(), "E0003", security)
		require.ErrorIs(t, err, provision.ErrProtected)
		assert.EqualError(t, err, "terminate E0003: nothing may be taken from this person on app: Policy.Protect names them")
		assert.Nil(t, report)
		assert.True(t, w.plan().NothingToDo(), "nothing was recorded")
	})
	spec := companyRules()
	spec.Protect = []rules.Protection{{ID: "glass", When: rules.JobTitle.Is("Glass")}}
	for name, down := range map[string]bool{"rules": false, "rules, source down": true} {
		t.Run(name, func(t *testing.T) {
			w := company(t, func(c *provision.Config) { c.Rules = build(t, spec) })
			w.people.Put(person("E0003", "Engineering", "Glass"))
			w.sync()
			if down {
				w.people.Break(memsource.Fault{ReadErr: errors.New("down")})
			}
			_, err := w.engine.TerminateNow(t.Context(), "E0003", security)
			require.ErrorIs(t, err, provision.ErrProtected)
			assert.Equal(t, target.Enabled, w.account("E0003").State)
			require.NoError(t, w.terminate("E0004").Err(), "nobody else is protected by not knowing")
			assert.Equal(t, target.Disabled, w.account("E0004").State)
		})
	}
	t.Run("on one of two targets", func(t *testing.T) {
		w, crm := twoTargets(t)
		w.config.Policies = map[string]reconcile.Policy{"crm": {Mode: reconcile.Upsert}}
		w.restart()
		report, err := w.engine.TerminateNow(t.Context(), "E0003", security)
		require.ErrorIs(t, err, provision.ErrProtected)
		require.ErrorContains(t, err, `on crm: its Policy.Mode is "upsert"`)
		require.NotNil(t, report)
		assert.Equal(t, target.Disabled, w.account("E0003").State)
		assert.Equal(t, target.Enabled, crm.ByKey(target.Key{Identity: "E0003"})[0].State)
	})
}

// twoTargets is a company with a second target.
func twoTargets(t *testing.T) (*world, *memtarget.Target) {
	crm := memtarget.New("crm", nil)
	spec := companyRules()
	second := spec.Targets[0]
	second.Target = "crm"
	second.Lifecycle.ID = ""
	spec.Targets = append(spec.Targets, second)
	w := company(t, func(c *provision.Config) {
		c.Targets = append(c.Targets, crm)
		c.Rules = build(t, spec)
	})
	return w, crm
}

func TestTerminateNowUnreachableTarget(t *testing.T) {
	w, crm := twoTargets(t)
	crm.FailAlways("", errors.New("no route"))
	report := w.terminate("E0003")
	require.ErrorContains(t, report.Err(), "crm: not read")
	assert.Equal(t, target.Disabled, w.account("E0003").State, "the other target does not wait")
	var complete []string
	for _, d := range report.Departures() {
		complete = append(complete, fmt.Sprintf("%s %t %t", d.Target, d.Complete, d.Unread))
	}
	assert.Equal(t, []string{"app true false", "crm false true"}, complete)

	for range 2 { // every later run tries again
		w.now = w.now.Add(24 * time.Hour)
		again, err := w.engine.Sync(t.Context())
		require.NoError(t, err)
		require.ErrorContains(t, again.Err(), "crm: not read")
	}
	require.Equal(t, target.Enabled, crm.ByKey(target.Key{Identity: "E0003"})[0].State)
	crm.Repair()
	w.sync()
	assert.Equal(t, target.Disabled, crm.ByKey(target.Key{Identity: "E0003"})[0].State)
}

// Killed at any call: the next run of another process completes it, though guards
// and approvals would hold an ordinary leaver.
func TestTerminateNowKilled(t *testing.T) {
	for calls := 0; calls <= 8; calls++ {
		t.Run(fmt.Sprint(calls), func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			w := company(t, func(c *provision.Config) {
				c.Policy.Approve = []reconcile.ApprovalRule{{Action: reconcile.Disable}, {Action: reconcile.Revoke}}
			})
			account := w.account("E0003")
			w.app.OpenSessions(account.ID, 1)
			w.app.Own(account.ID, "a dashboard")
			journal := &dying{Journal: w.config.Journal, left: calls + 1}
			w.config.Journal = journal
			w.restart()
			_, _ = w.engine.TerminateNow(ctx, "E0003", security)
			w.config.Journal = journal.Journal
			w.now = w.now.Add(time.Hour)
			w.restart()
			w.sync()
			assert.Equal(t, target.Disabled, w.account("E0003").State)
			assert.Empty(t, w.account("E0003").Entitlements)
			assert.Zero(t, w.app.Sessions(account.ID))
			assert.Equal(t, []string{"a dashboard"}, w.app.Owned(w.account("E0001").ID))
		})
	}
}

// dying is a journal that takes so many more appends and then nothing.
type dying struct {
	provision.Journal
	left int
}

func (d *dying) Append(ctx context.Context, entries ...provision.Entry) error {
	if d.left--; d.left < 0 {
		return errors.New("the disk is gone")
	}
	return d.Journal.Append(ctx, entries...)
}

// A whole run that is under way is not waited for, and what it was about to give is
// stale.
func TestTerminateNowDuringWholeRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w *world
		gate, reached := make(chan struct{}), make(chan struct{})
		w = company(t, nil)
		app := memtarget.New("app", &memtarget.Config{OnCall: func(_ context.Context, call memtarget.Call) {
			if call.Method == "Create" && call.Request.(target.CreateRequest).Key.Identity == "E0000" {
				close(reached)
				<-gate
			}
		}})
		app.AddEntitlements(group("engineering"), group("sales"), group("money"))
		w.app, w.config.Targets, w.config.Concurrency = app, []target.Target{app}, 1
		w.config.Journal, w.config.CallTimeout = &provision.MemoryJournal{}, time.Hour
		w.restart()
		done := make(chan *provision.Report)
		go func() {
			report, err := w.engine.Sync(t.Context())
			assert.NoError(t, err)
			done <- report
		}()
		<-reached // the first create hangs; that of E0003 waits behind it
		report := w.terminate("E0003")
		require.NoError(t, report.Err())
		close(gate)
		whole := <-done
		assert.Empty(t, app.ByKey(target.Key{Identity: "E0003"}), "it was not made any more")
		assert.ErrorContains(t, whole.Err(), "the person was terminated since the plan was made")
		assert.Len(t, app.All(), 5)
	})
}

// A create that is on its way when somebody is terminated is waited for, so that the
// account that it makes is found.
func TestTerminateNowMeetsCreate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := company(t, nil)
		gate, reached := make(chan struct{}), make(chan struct{})
		app := memtarget.New("app", &memtarget.Config{OnCall: func(_ context.Context, call memtarget.Call) {
			if call.Method == "Create" && call.Request.(target.CreateRequest).Key.Identity == "E0003" {
				close(reached)
				<-gate
			}
		}})
		app.AddEntitlements(group("engineering"), group("sales"), group("money"))
		w.app, w.config.Targets = app, []target.Target{app}
		w.config.Journal = &provision.MemoryJournal{}
		w.restart()
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, err := w.engine.SyncOne(t.Context(), "E0003")
			assert.NoError(t, err)
		}()
		<-reached
		go func() {
			time.Sleep(time.Second)
			close(gate)
		}()
		report := w.terminate("E0003")
		<-done
		require.NoError(t, report.Err())
		assert.Equal(t, target.Disabled, w.account("E0003").State)
		assert.Empty(t, w.account("E0003").Entitlements)
	})
}

func TestTerminateNowFindsWhatTheJournalRemembers(t *testing.T) {
	w := company(t, nil)
	account := w.account("E0003")
	stripped := account
	stripped.Key = target.Key{}
	w.app.Put(stripped)
	report := w.terminate("E0003")
	require.ErrorContains(t, report.Err(), "the account carries no key any more", "not closed blindly, and not passed over")
	assert.NotEmpty(t, report.Departures()[0].Steps)
	assert.False(t, report.Departures()[0].Complete)
}

func TestTerminateNowWhileTheIndexLags(t *testing.T) {
	w := company(t, nil)
	w.app.LagReads() // searches show nothing that comes later
	w.people.Put(person("E0009", "Sales", "Clerk"))
	_, err := w.engine.SyncOne(t.Context(), "E0009")
	require.NoError(t, err)
	require.NoError(t, w.terminate("E0009").Err())
	assert.Equal(t, target.Disabled, w.account("E0009").State)
}
