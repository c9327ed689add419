package provision_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// toldOf is what a report wants somebody to look at.
func toldOf(t *testing.T, r *provision.Report) []string {
	t.Helper()
	err := r.Attention()
	if err == nil {
		return nil
	}
	require.EqualError(t, r.Attention(), err.Error(), "the same text each time")
	return strings.Split(err.Error(), "\n")
}

func TestNobodyIsToldOfAQuietNight(t *testing.T) {
	w := newWorld(t, nil)
	w.people.Set(staff(30)...)
	require.NoError(t, w.sync().Attention(), "a first run that only gives")
	w.later(oneDay)
	require.NoError(t, w.runOnce().Attention())
	w.later(oneDay)
	w.people.Set(staff(29)...)
	report := w.runOnce()
	require.Equal(t, 1, report.Counts()[provision.Held])
	require.NoError(t, report.Attention(), "one is missing, and the next reads will tell")
	require.NoError(t, (&provision.Report{}).Attention())
}

// Nothing runs for three nights, and each of them says so.
func TestAShrunkenSourceIsToldEveryNight(t *testing.T) {
	w := newWorld(t, nil)
	w.people.Set(staff(200)...)
	w.sync()
	w.people.Set(staff(20)...)
	for range 3 {
		w.later(oneDay)
		report := w.runOnce()
		assert.Equal(t, []string{
			"app: 180 changes held: the source shrank from 200 to 20 people (90.0 %, believed up to 10 %); nobody counts as gone",
		}, toldOf(t, report))
		require.NoError(t, report.Err())
	}
}

func TestWhatAGuardHoldsIsToldInOneLine(t *testing.T) {
	var told []provision.Pending
	w := newWorld(t, func(c *provision.Config) {
		c.OnHold = func(_ context.Context, p provision.Pending) { told = append(told, p) }
	})
	w.people.Set(staff(60)...)
	w.sync()
	w.later(oneDay)
	w.leave(twenty()...)
	report := w.runOnce()
	guard := report.Plan.Targets[0].Guards[0]
	assert.Equal(t, []string{
		"app: 54 changes held: guard: disable 20 of 60 (33.3 %), limit max(10, 10 %) in 24 h",
	}, toldOf(t, report))
	assert.Equal(t, "guard: disable 20 of 60 (33.3 %), limit max(10, 10 %) in 24 h", guard.Reason())

	require.Len(t, told, 54)
	for _, p := range told {
		assert.Equal(t, report.Plan.Targets[0].Guarded, p.Guarded, "all of it is one release")
		assert.Equal(t, guard.Reason(), p.Hold.Reasons[0].Text)
	}
	w.releaseAll()
	require.NoError(t, w.sync().Attention(), "released")
}

// What is doubted is told before it holds anything.
func TestADoubtThatHoldsNothingIsTold(t *testing.T) {
	w := newWorld(t, nil)
	w.people.Set(staff(30)...)
	w.sync()
	w.later(30 * oneDay)
	assert.Equal(t, []string{
		"app: guard: it is 2026-03-31 12:00 UTC, and the last whole run was on 2026-03-01 12:00 UTC",
	}, toldOf(t, w.runOnce()))

	alarms, err := desk(w).Alarms(t.Context())
	require.NoError(t, err)
	require.NoError(t, desk(w).Release(t.Context(), alarms[0].Guarded, provision.Decision{Actor: "coo"}))
	w.later(oneDay)
	require.NoError(t, w.runOnce().Attention())
	people := staff(30)
	for i := range people {
		people[i].JobTitle = ""
	}
	w.people.Set(people...)
	w.later(oneDay)
	assert.Equal(t, []string{"app: guard: job_title is filled for 0 people, last time for 30"}, toldOf(t, w.runOnce()))
	w.leave(1)
	told := toldOf(t, w.runOnce())
	require.Len(t, told, 1, "the guard that holds and the doubt are one: %q", told)
	assert.Contains(t, told[0], "changes held: guard: job_title is filled for ")
}

func TestAnApprovalIsToldUntilSomebodyDecides(t *testing.T) {
	w := newWorld(t, nil)
	people := staff(30)
	w.people.Set(people...)
	w.sync()
	for i := range 3 {
		people[i].JobTitle = "Treasurer"
	}
	w.people.Set(people...)
	for range 2 {
		w.later(oneDay)
		assert.Equal(t, []string{"app: 3 changes held: approval by the CFO"}, toldOf(t, w.runOnce()))
	}
	pending, err := desk(w).Pending(t.Context())
	require.NoError(t, err)
	require.Len(t, pending, 3)
	require.NoError(t, desk(w).Approve(t.Context(), pending[0].Hold.Change.ID, provision.Decision{Actor: "the CFO"}))
	require.NoError(t, desk(w).Reject(t.Context(), pending[1].Hold.Change.ID, provision.Decision{Actor: "the CFO"}))
	assert.Equal(t, []string{"app: grant E0002 group:money: held: approval by the CFO"}, toldOf(t, w.runOnce()))

	w.later(8 * oneDay)
	told := toldOf(t, w.runOnce())
	assert.Contains(t, told, "app: 2 changes held: approval by the CFO", "what was denied is asked for again: %q", told)
}

func TestAQuarantineIsToldWithWhatToDo(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) { c.Concurrency = 1 })
	w.people.Set(staff(30)...)
	w.sync()
	w.hired("new")
	w.app.FailAlways("Create", errKey)
	w.run()
	w.pass(30 * time.Minute)
	report := w.run()
	err := report.Attention()
	require.ErrorIs(t, err, provision.ErrQuarantined)
	assert.Contains(t, err.Error(), report.Err().Error(), "what went wrong comes first")
	assert.Contains(t, err.Error(), "Renew the credentials or their rights, then Desk.Resume ends it at once")

	idle := &provision.Report{Quarantined: report.Quarantined}
	require.NoError(t, idle.Err())
	require.ErrorIs(t, idle.Attention(), provision.ErrQuarantined, "also if there was nothing to do")
}

func TestDeadLettersAndUnreadTargetsAreTold(t *testing.T) {
	w := newWorld(t, nil)
	w.people.Set(person("ana", "Legal", ""), person("bo", "Legal", ""))
	refused := &target.Error{Class: target.Permanent, Err: errors.New("no")}
	w.app.Inject(memtarget.Fault{Method: "Create", Key: target.Key{Identity: "ana"}, Err: refused})
	require.ErrorIs(t, w.run().Attention(), refused, "a failure")
	w.later(time.Second)
	require.NoError(t, w.run().Attention(), "it is tried again later")
	for range 40 {
		w.later(oneDay)
		w.run()
	}
	report := w.run()
	require.Len(t, report.DeadLetters(), 1)
	require.NoError(t, report.Err())
	told := toldOf(t, report)
	require.Len(t, told, 1)
	assert.Equal(t, "app: create ana: held: not tried again before somebody approves it", told[0])

	w.app.FailAlways("Accounts", errDown)
	require.ErrorIs(t, w.run().Attention(), errDown)
}

// An alert leaves the house. What waits shows no value that is hidden.
func TestAttentionShowsNoHiddenValues(t *testing.T) {
	held := result(provision.Held, reconcile.Update, "E1", nil)
	held.Change.Fields = []reconcile.FieldChange{{Name: "phone", After: []string{"+4917012345"}, Sensitive: true}}
	held.Reasons = []reconcile.HoldReason{{Kind: reconcile.InConflict, Text: "+4917012345 is taken\x1b", Change: held.Change.ID}}
	report := &provision.Report{Results: []provision.Result{held}}
	assert.Equal(t, []string{`app: update E1: held: (sensitive) is taken\x1b`}, toldOf(t, report))

	w := newWorld(t, func(c *provision.Config) {
		masked(c)
		c.Rules = personalRules(t)
	})
	w.people.Set(personalStaff(0)...) // five share each name, and there are four candidates
	report, err := w.engine.Sync(t.Context())
	require.NoError(t, err)
	require.Contains(t, report.String(), `"canarynamea"`, "a report as text shows values")
	told := toldOf(t, report)
	assert.Equal(t, []string{
		"app: 5 changes held: no userName is chosen: all 4 candidates are taken or reserved: (masked), (masked), (masked) … (rule app.userName)",
	}, told)
}

func TestManyCausesAreCounted(t *testing.T) {
	report := &provision.Report{}
	for i := range 50 {
		held := result(provision.Held, reconcile.Create, fmt.Sprint("E", i), nil)
		held.Reasons = []reconcile.HoldReason{
			{Kind: reconcile.InConflict, Text: fmt.Sprint("conflict ", i), Change: held.Change.ID},
			{Kind: reconcile.NeedsSeat, Text: "all 3 seats are taken", Change: held.Change.ID},
			{Kind: reconcile.NeedsSeat, Text: "all 3 seats are taken", Change: "another"},
			{Kind: reconcile.InGrace, Text: "grace", Change: held.Change.ID},
		}
		report.Results = append(report.Results, held)
	}
	told := toldOf(t, report)
	require.Len(t, told, 20+1+1)
	assert.Equal(t, "and more: 30 held: conflict", told[20])
	assert.Equal(t, "app: 50 changes held: all 3 seats are taken", told[21])
}

// A run for one person cannot count seats: the next one for everybody gives them.
func TestASeatIsNotMissedInARunForOne(t *testing.T) {
	spec := companyRules()
	spec.Budgets = []rules.Budget{{ID: "few", Roles: []string{"app/group:engineering"}, Seats: 1}}
	w := newWorld(t, func(c *provision.Config) { c.Rules = build(t, spec) })
	w.people.Set(person("E1", "Engineering", "Clerk"), person("E2", "Engineering", "Clerk"))
	report, err := w.engine.SyncOne(t.Context(), "E1")
	require.NoError(t, err)
	require.Equal(t, 1, report.Counts()[provision.Held])
	require.NoError(t, report.Attention())
	assert.Len(t, toldOf(t, w.runOnce()), 1, "there is one seat for two")
}
