package provision_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/memsource"
	"github.com/provision-go/provision/target"
)

// gone returns somebody as they are after their last day.
func gone(p source.Identity, last source.Date) source.Identity {
	p.Status, p.TerminationDate = source.Terminated, last
	return p
}

// replica is a source that answers about one person from a copy that lags.
type replica struct {
	*memsource.Source
	stale map[string]source.Identity
}

func (r replica) Identity(ctx context.Context, id string) (source.Identity, error) {
	if old, ok := r.stale[id]; ok {
		return old, nil
	}
	return r.Source.Identity(ctx, id)
}

// lagging is a company whose source answers about E0003 as they were before they left.
func lagging(t *testing.T, change func(*provision.Config)) *world {
	w := company(t, change)
	before, err := w.people.Identity(t.Context(), "E0003")
	require.NoError(t, err)
	w.config.Source = replica{w.people, map[string]source.Identity{"E0003": before}}
	w.restart()
	w.people.Put(gone(before, day(2026, 2, 28)))
	return w
}

func TestWhoHasLeftDoesNotComeBackByALateEvent(t *testing.T) {
	w := lagging(t, nil)
	w.sync()
	require.Equal(t, target.Disabled, w.account("E0003").State)

	w.now = w.now.Add(23 * time.Hour)
	report, err := w.engine.SyncOne(t.Context(), "E0003")
	require.NoError(t, err)
	assert.Equal(t, []string{"held enable", "held grant group:engineering"}, steps(report), "%s", report)
	assert.Contains(t, report.String(), "only a read of everybody can show that they are back")
	for _, hold := range holdsOf(report.Plan, reconcile.NeedsProof) {
		assert.Len(t, hold.Reasons, 1)
	}
	assert.Equal(t, target.Disabled, w.account("E0003").State)
	assert.Empty(t, w.account("E0003").Entitlements)

	t.Run("a whole read that still says so changes nothing", func(t *testing.T) {
		w.sync()
		assert.Equal(t, target.Disabled, w.account("E0003").State)
		report, err := w.engine.SyncOne(t.Context(), "E0003")
		require.NoError(t, err)
		assert.Equal(t, "held enable", steps(report)[0])
	})
	t.Run("a whole read that says they are back counts at once", func(t *testing.T) {
		w.people.Put(person("E0003", "Sales", "Clerk"))
		w.sync()
		assert.Equal(t, target.Enabled, w.account("E0003").State)
		w.config.Source = w.people
		w.restart()
		w.people.Put(person("E0003", "Engineering", "Clerk"))
		report, err := w.engine.SyncOne(t.Context(), "E0003")
		require.NoError(t, err)
		assert.Contains(t, steps(report), "done grant group:engineering", "now plans for one person are as ever")
	})
}

func TestStayGoneIsAWindow(t *testing.T) {
	for name, c := range map[string]struct {
		stay time.Duration
		wait time.Duration
		want target.State
	}{
		"a day, before":  {0, 23 * time.Hour, target.Disabled},
		"a day, after":   {0, 24 * time.Hour, target.Enabled},
		"longer, before": {72 * time.Hour, 71 * time.Hour, target.Disabled},
		"none":           {-1, time.Minute, target.Enabled},
	} {
		t.Run(name, func(t *testing.T) {
			w := lagging(t, func(config *provision.Config) { config.Policy.StayGone = c.stay })
			w.sync()
			w.now = w.now.Add(c.wait)
			_, err := w.engine.SyncOne(t.Context(), "E0003")
			require.NoError(t, err)
			assert.Equal(t, c.want, w.account("E0003").State)
		})
	}
}

func TestDeletedPeopleStayGone(t *testing.T) {
	w := lagging(t, nil)
	w.sync()
	w.now = w.now.Add(35 * 24 * time.Hour)
	w.sync()
	require.Empty(t, w.app.ByKey(target.Key{Identity: "E0003"}))
	who, left, err := w.engine.Departed(t.Context(), "E0003")
	require.NoError(t, err)
	require.True(t, left)
	require.Len(t, who.Accounts, 1)
	assert.True(t, who.Accounts[0].Deleted)
	assert.Empty(t, who.Reason, "the source said so")

	w.now = w.now.Add(time.Hour)
	report, err := w.engine.SyncOne(t.Context(), "E0003")
	require.NoError(t, err)
	assert.Equal(t, []string{"held create", "held grant group:engineering"}, steps(report))
	assert.Empty(t, w.app.ByKey(target.Key{Identity: "E0003"}))

	_, left, err = w.engine.Departed(t.Context(), "E0001")
	require.NoError(t, err)
	assert.False(t, left)
}

// A plan for one person that was made before a departure brings nobody back when it is
// applied after it.
func TestOldPlansForOnePersonAreStale(t *testing.T) {
	w := company(t, nil)
	w.people.Put(gone(person("E0003", "Engineering", "Clerk"), day(2026, 2, 28)))
	w.sync()
	w.people.Put(person("E0003", "Engineering", "Clerk"))
	w.now = w.now.Add(25 * time.Hour)
	old, err := w.engine.PlanOne(t.Context(), "E0003")
	require.NoError(t, err)
	require.Len(t, old.Targets[0].Changes, 2)
	w.terminate("E0003")
	report, err := w.engine.Apply(t.Context(), old, nil)
	require.NoError(t, err)
	assert.Equal(t, []string{"stale enable", "stale grant group:engineering"}, steps(report))
	assert.ErrorContains(t, report.Results[0].Err, "terminated since")
	assert.Equal(t, target.Disabled, w.account("E0003").State)
}

// What a departure owes is not dropped because one look at a replica says "active".
func TestALateEventDropsNothingOwed(t *testing.T) {
	w := lagging(t, nil)
	w.app.OpenSessions(w.account("E0003").ID, 1)
	w.app.FailAlways("EndSessions", target.Fail(target.Permanent, errors.New("no")))
	report, err := w.engine.Sync(t.Context())
	require.NoError(t, err)
	require.Contains(t, steps(report), "failed end-sessions")
	_, err = w.engine.SyncOne(t.Context(), "E0003")
	require.NoError(t, err)
	w.app.Repair()
	w.now = w.now.Add(time.Hour)
	assert.Equal(t, []string{"done end-sessions"}, steps(w.sync()))
}

// Whatever step fails, once or for days: the disable is never late, and what failed
// comes back in every run until it is done.
func TestEveryStepOfADepartureComesBack(t *testing.T) {
	all := []string{"Disable", "EndSessions", "Revoke", "Handover"}
	for _, method := range all {
		for _, always := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s always=%t", method, always), func(t *testing.T) {
				w := company(t, nil)
				account := w.account("E0003")
				w.app.OpenSessions(account.ID, 1)
				w.app.Own(account.ID, "a dashboard")
				cy, err := w.people.Identity(t.Context(), "E0003")
				require.NoError(t, err)
				w.people.Put(gone(cy, day(2026, 2, 28)))
				failure := target.Fail(target.Permanent, errors.New("refused"))
				if always {
					w.app.FailAlways(method, failure)
				} else {
					w.app.FailNext(method, failure)
				}
				runs := 1
				if always {
					runs = 4
				}
				for n := range runs {
					w.now = w.now.Add(24 * time.Hour)
					w.restart()
					report, err := w.engine.Sync(t.Context())
					require.NoError(t, err)
					require.Error(t, report.Err(), "run %d", n)
					list := report.Departures()
					require.Len(t, list, 1, "run %d", n)
					assert.False(t, list[0].Complete, "run %d", n)
					assert.Contains(t, report.String(), "! departure  not complete")
					if method != "Disable" {
						assert.Equal(t, target.Disabled, w.account("E0003").State, "run %d", n)
					}
				}
				w.app.Repair()
				w.now = w.now.Add(24 * time.Hour)
				w.restart()
				report := w.sync()
				require.Len(t, report.Departures(), 1)
				assert.True(t, report.Departures()[0].Complete)
				assert.Equal(t, target.Disabled, w.account("E0003").State)
				assert.Empty(t, w.account("E0003").Entitlements)
				assert.Zero(t, w.app.Sessions(account.ID))
				assert.Equal(t, []string{"a dashboard"}, w.app.Owned(w.account("E0001").ID))
				w.now = w.now.Add(24 * time.Hour)
				assert.Empty(t, w.sync().Departures(), "nothing left to do")
			})
		}
	}
}

// Each step that waits for an approval comes back as well, whether or not the account
// was closed before for a leave.
func TestEveryHeldStepOfADepartureComesBack(t *testing.T) {
	for _, action := range []reconcile.Action{reconcile.EndSessions, reconcile.Revoke, reconcile.Handover} {
		for _, leave := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s leave=%t", action, leave), func(t *testing.T) {
				w := company(t, nil)
				account := w.account("E0003")
				w.app.Own(account.ID, "a dashboard")
				cy, err := w.people.Identity(t.Context(), "E0003")
				require.NoError(t, err)
				if leave {
					away := cy
					away.Status = source.OnLeave
					w.people.Put(away)
					w.sync()
					w.now = w.now.Add(24 * time.Hour)
				}
				w.app.OpenSessions(account.ID, 1)
				w.config.Policy.Approve = []reconcile.ApprovalRule{{Action: action, By: "HR"}}
				w.restart()
				w.people.Put(gone(cy, day(2026, 2, 28)))
				for n := range 3 {
					report, err := w.engine.Sync(t.Context())
					require.NoError(t, err)
					assert.Equal(t, target.Disabled, w.account("E0003").State, "run %d", n)
					held := 0
					for _, r := range report.Results {
						if r.Outcome == provision.Held && r.Change.Action == action {
							held++
						}
					}
					require.Equal(t, 1, held, "run %d: %s", n, report)
					require.Len(t, report.Departures(), 1)
					assert.False(t, report.Departures()[0].Complete)
					w.now = w.now.Add(24 * time.Hour)
				}
				w.config.Policy.Approve = nil
				w.restart()
				w.sync()
				assert.Zero(t, w.app.Sessions(account.ID))
				assert.Empty(t, w.account("E0003").Entitlements)
				assert.Equal(t, []string{"a dashboard"}, w.app.Owned(w.account("E0001").ID))
			})
		}
	}
}

func TestRehireGetsTheSameAccount(t *testing.T) {
	w := company(t, func(c *provision.Config) { c.Rules = build(t, companyRules()) })
	before := w.account("E0003")
	w.people.Put(gone(person("E0003", "Engineering", "Clerk"), day(2026, 2, 28)))
	w.sync()
	w.now = w.now.Add(10 * 24 * time.Hour)
	back := person("E0003", "Sales", "Clerk")
	back.HireDate, back.WorkEmail = day(2026, 3, 10), "cy.married@acme.example"
	w.people.Put(back)
	report := w.sync()
	after := w.account("E0003")
	assert.Equal(t, before.ID, after.ID)
	assert.Equal(t, target.Enabled, after.State)
	assert.Equal(t, before.Attributes.Get("userName"), after.Attributes.Get("userName"))
	assert.Equal(t, []target.Entitlement{group("sales")}, after.Entitlements, "never from history")
	assert.Equal(t, reconcile.Rehire, report.Results[0].Change.Reason)
	_, left, err := w.engine.Departed(t.Context(), "E0003")
	require.NoError(t, err)
	assert.False(t, left)
}

func TestLeaveDisablesAndRevokesNothing(t *testing.T) {
	w := company(t, nil)
	before := w.account("E0003")
	away := person("E0003", "Engineering", "Clerk")
	away.Status = source.OnLeave
	w.people.Put(away)
	w.sync()
	during := w.account("E0003")
	assert.Equal(t, target.Disabled, during.State)
	assert.Equal(t, before.Entitlements, during.Entitlements)
	_, left, err := w.engine.Departed(t.Context(), "E0003")
	require.NoError(t, err)
	assert.False(t, left, "nobody on leave has left")
	w.now = w.now.Add(time.Hour)
	w.people.Put(person("E0003", "Engineering", "Clerk"))
	_, err = w.engine.SyncOne(t.Context(), "E0003")
	require.NoError(t, err)
	after := w.account("E0003")
	assert.Equal(t, target.Enabled, after.State)
	assert.Equal(t, before.ID, after.ID)
	assert.Equal(t, before.Entitlements, after.Entitlements)
}

// A termination that is taken back cancels everything that was pending because of it.
func TestRescindedTermination(t *testing.T) {
	cy := person("E0003", "Engineering", "Clerk")
	cy.Manager.ID = "E0001"
	noLastDay, later := cy, cy
	later.TerminationDate = day(2026, 12, 31)
	back := map[string]source.Identity{"last day removed": noLastDay, "last day moved": later}
	for name, now := range back {
		t.Run("before it came: "+name, func(t *testing.T) {
			w := company(t, nil)
			leaving := cy
			leaving.TerminationDate = day(2026, 3, 10)
			w.people.Put(leaving)
			w.sync()
			require.NotEmpty(t, w.plan().Targets[0].Scheduled)
			w.people.Put(now)
			w.now = w.now.Add(20 * 24 * time.Hour)
			assert.Empty(t, w.sync().Results)
			assert.Equal(t, target.Enabled, w.account("E0003").State)
		})
		t.Run("after it came: "+name, func(t *testing.T) {
			w := company(t, nil)
			account := w.account("E0003")
			w.people.Put(gone(cy, day(2026, 2, 28)))
			w.app.OpenSessions(account.ID, 1)
			w.app.FailAlways("EndSessions", target.Fail(target.Permanent, errors.New("no")))
			w.app.FailAlways("Handover", target.Fail(target.Permanent, errors.New("no")))
			w.config.Policy.Approve = []reconcile.ApprovalRule{{Action: reconcile.Revoke, By: "HR"}}
			w.restart()
			_, err := w.engine.Sync(t.Context())
			require.NoError(t, err)
			desk := provision.NewDesk(w.config.Journal)
			desk.Clock = w.config.Clock
			pending, err := desk.Pending(t.Context())
			require.NoError(t, err)
			require.NotEmpty(t, pending)

			w.now = w.now.Add(35 * 24 * time.Hour)
			w.app.Repair()
			stored := w.plan()
			require.Contains(t, stored.String(), "delete", "%s", stored)
			w.people.Put(now)
			report, err := w.engine.Apply(t.Context(), reload(t, stored), nil)
			require.NoError(t, err)
			for _, r := range report.Results {
				if r.Change.Action == reconcile.Delete {
					assert.NotEqual(t, provision.Done, r.Outcome, "the source says they are back")
				}
			}
			require.Len(t, w.app.ByKey(target.Key{Identity: "E0003"}), 1)
			w.sync()
			assert.Equal(t, target.Enabled, w.account("E0003").State)
			pending, err = desk.Pending(t.Context())
			require.NoError(t, err)
			assert.Empty(t, pending)
			w.app.ForgetCalls()
			w.now = w.now.Add(24 * time.Hour)
			assert.Empty(t, w.sync().Results, "nothing is owed any more")
		})
	}
	t.Run("to a leave", func(t *testing.T) {
		w := company(t, nil)
		w.app.Own(w.account("E0003").ID, "a dashboard")
		w.people.Put(gone(cy, day(2026, 2, 28)))
		w.app.FailAlways("Handover", target.Fail(target.Permanent, errors.New("no")))
		_, err := w.engine.Sync(t.Context())
		require.NoError(t, err)
		w.app.Repair()
		away := cy
		away.Status = source.OnLeave
		w.people.Put(away)
		w.sync()
		assert.Equal(t, []string{"a dashboard"}, w.app.Owned(w.account("E0003").ID), "who is on leave keeps what they own")
	})
}

// A stored plan deletes nobody whom the source has taken back since, nor anybody while
// the source cannot be asked.
func TestStoredDeleteAsksTheSourceOnceMore(t *testing.T) {
	cy := person("E0003", "Engineering", "Clerk")
	cases := map[string]struct {
		then func(*world)
		want provision.Outcome
	}{
		"still gone":      {func(*world) {}, provision.Done},
		"no longer known": {func(w *world) { w.people.Remove("E0003") }, provision.Done},
		"back":            {func(w *world) { w.people.Put(cy) }, provision.Stale},
		"later last day":  {func(w *world) { w.people.Put(gone(cy, day(2026, 3, 30))) }, provision.Stale},
		"later last day, not known when asked for": {func(w *world) {
			w.people.Put(gone(cy, day(2026, 3, 30)))
			w.people.Break(memsource.Fault{ReadErr: source.ErrNotFound})
		}, provision.Stale},
		"source down": {func(w *world) {
			w.people.Break(memsource.Fault{ReadErr: errors.New("down")})
		}, provision.Stale},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := company(t, nil)
			w.people.Put(gone(cy, day(2026, 2, 28)))
			w.sync()
			w.now = w.now.Add(35 * 24 * time.Hour)
			stored := reload(t, w.plan())
			c.then(w)
			report, err := w.engine.Apply(t.Context(), stored, nil)
			require.NoError(t, err)
			require.Len(t, report.Results, 1)
			assert.Equal(t, reconcile.Delete, report.Results[0].Change.Action)
			assert.Equal(t, c.want, report.Results[0].Outcome, "%s", report)
		})
	}
}

// reload writes a plan down and reads it again.
func reload(t *testing.T, p *provision.Plan) *provision.Plan {
	t.Helper()
	text, err := json.Marshal(p)
	require.NoError(t, err)
	var out provision.Plan
	require.NoError(t, json.Unmarshal(text, &out))
	return &out
}

// Somebody who was missing and is listed again is not called missing since then, also if
// the run that saw them did not come to its end.
func TestWhoIsListedAgainIsRememberedBeforeTheRun(t *testing.T) {
	j := &brokenJournal{}
	w := newWorld(t, func(c *provision.Config) {
		c.Journal = j
		c.Policy.Gap = -1
	})
	everybody := staff(12)
	w.people.Set(everybody...)
	w.sync()
	sync := func(days int, people ...source.Identity) {
		w.now = w.now.AddDate(0, 0, days)
		w.people.Set(people...)
		w.run()
	}
	sync(1, everybody[1:]...)
	j.failAppend = func(e []provision.Entry) error { // it dies before its end
		for i := range e {
			if e[i].Kind == provision.RunEnd {
				return errDisk
			}
		}
		return nil
	}
	sync(2, everybody...)
	j.failAppend = nil
	w.restart()
	sync(2, everybody[1:]...)
	assert.Equal(t, target.Enabled, w.account("E0000").State, "missing for the first time since")
	sync(4, everybody[1:]...)
	assert.Equal(t, target.Disabled, w.account("E0000").State)
}
