package provision_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// approvedFor is a world whose CFO approves for so many days, and in which she did for
// ana.
func approvedFor(t *testing.T, days int, change func(*provision.Config)) *world {
	t.Helper()
	spec := companyRules()
	spec.Grants[2].Approval.Days = days
	w := newWorld(t, func(c *provision.Config) {
		c.Rules = build(t, spec)
		c.Policy.Gap = -1 // half a year passes between runs
		if change != nil {
			change(c)
		}
	})
	w.people.Set(person("ana", "Legal", "Treasurer"))
	w.sync()
	w.approve()
	w.now = w.now.Add(time.Hour)
	w.sync()
	require.Equal(t, []target.Entitlement{group("money")}, w.account("ana").Entitlements)
	return w
}

// approve approves the only change that waits.
func (w *world) approve() {
	w.t.Helper()
	require.NoError(w.t, desk(w).Approve(w.t.Context(), w.waiting().Hold.Change.ID, provision.Decision{Actor: "cfo"}))
}

func (w *world) waiting() provision.Pending {
	w.t.Helper()
	pending, err := desk(w).Pending(w.t.Context())
	require.NoError(w.t, err)
	require.Len(w.t, pending, 1)
	return pending[0]
}

// What is granted after an approval is taken when the approval has ended, and asked for
// again. A journal that was compacted meanwhile knows as much.
func TestTheApprovalOfARuleEnds(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal")
	approvedAt := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	w := approvedFor(t, 180, func(c *provision.Config) { c.Journal = openJournal(t, path) })
	require.NoError(t, w.config.Journal.(*provision.FileJournal).Compact(t.Context(), w.now.Add(time.Hour)))
	require.NoError(t, w.config.Journal.(*provision.FileJournal).Close())
	w.config.Journal = openJournal(t, path)
	w.restart()
	end := approvedAt.AddDate(0, 0, 180)

	plan := w.plan()
	assert.True(t, plan.NothingToDo())
	assert.Equal(t, end, plan.Targets[0].Next)
	assert.Equal(t, []reconcile.Scheduled{{Action: reconcile.Revoke, Count: 1, First: end}}, plan.Targets[0].Scheduled)
	assert.Equal(t, []string{end.Format("01-02 15:04 -07:00") + " loses ana group:money"}, events(w.forecast(200)))
	assert.Contains(t, w.forecast(200).String(), "the approval has ended")
	early, err := w.engine.PlanAt(t.Context(), end.Add(-time.Second))
	require.NoError(t, err)
	assert.Empty(t, removals(early))
	later, err := w.engine.PlanAt(t.Context(), end)
	require.NoError(t, err)
	assert.Equal(t, []string{"revoke ana"}, removals(later))

	w.now = end.Add(-time.Second)
	w.sync()
	w.now = end
	plan = w.plan()
	one, err := w.engine.PlanOne(t.Context(), "ana")
	require.NoError(t, err)
	x, err := w.engine.Explain(t.Context(), "ana")
	require.NoError(t, err)
	for _, p := range []*reconcile.Plan{plan.Targets[0], one.Targets[0], x.Targets[0].Plan} {
		require.Len(t, p.Changes, 1, "%s", p)
		assert.Equal(t, reconcile.Revoke, p.Changes[0].Action)
		assert.Equal(t, plan.Targets[0].Changes[0].ID, p.Changes[0].ID)
		assert.Contains(t, p.String(), "group:money, the approval of 2026-03-01 has ended")
	}
	w.sync()
	assert.Empty(t, w.account("ana").Entitlements)
	w.sync()
	assert.Equal(t, "approval by the CFO, good for 180 days", w.waiting().Hold.Reasons[0].Text)
	assert.Empty(t, events(w.forecast(200)))

	w.approve()
	w.sync()
	assert.Equal(t, []target.Entitlement{group("money")}, w.account("ana").Entitlements)
	assert.Equal(t, end.AddDate(0, 0, 180), w.plan().Targets[0].Next)
}

// Whose approval nobody knows of keeps what they hold, and so does everybody where the
// rule names no days.
func TestWhatNobodyKnowsTheApprovalOfStays(t *testing.T) {
	t.Parallel()
	w := approvedFor(t, 0, nil)
	w.now = w.now.AddDate(3, 0, 0)
	w.sync()
	assert.Equal(t, []target.Entitlement{group("money")}, w.account("ana").Entitlements)

	w = approvedFor(t, 2, nil)
	bob := person("bob", "Legal", "")
	w.people.Put(bob)
	w.sync()
	a := w.account("bob")
	a.Entitlements = []target.Entitlement{group("money")} // by somebody else
	w.app.Put(a)
	bob.JobTitle = "Treasurer"
	w.people.Put(bob)
	w.now = w.now.AddDate(0, 0, 3)
	w.sync()
	assert.Empty(t, w.account("ana").Entitlements)
	assert.Equal(t, []target.Entitlement{group("money")}, w.account("bob").Entitlements)
}

// Nobody is granted what would have to be taken at once: an approval that was not used
// in the days it is good for is none.
func TestAnApprovalThatWasNotUsedEnds(t *testing.T) {
	t.Parallel()
	w := newWorldOf(t, func(s *rules.Spec) { s.Grants[2].Approval.Days = 2 })
	w.people.Set(person("ana", "Legal", "Treasurer"))
	w.sync()
	change := w.waiting().Hold.Change.ID
	late := provision.Decision{Actor: "cfo", Expires: w.now.AddDate(0, 0, 30)}
	require.NoError(t, desk(w).Approve(t.Context(), change, late))
	w.now = w.now.AddDate(0, 0, 2)
	w.sync()
	assert.Empty(t, w.account("ana").Entitlements)
	w.waiting()
}

// A call of which nobody heard, and a process that died after one, are no way to keep
// what was approved for a time.
func TestAnApprovalEndsAlsoIfTheAnswerWasLost(t *testing.T) {
	for name, lose := range map[string]func(*world){
		"unconfirmed": func(w *world) {
			w.app.Inject(memtarget.Fault{Method: "Grant", AfterCommit: true})
			w.app.FailAlways("Find", errors.New("down"))
			report, err := w.engine.Sync(t.Context())
			require.NoError(t, err)
			require.Equal(t, 1, report.Counts()[provision.Unconfirmed], "%s", report)
			w.app.Repair()
		},
		"killed": func(w *world) {
			journal := w.config.Journal
			w.config.Journal = killedAtTheEnd{journal}
			w.restart()
			_, _ = w.engine.Sync(t.Context())
			w.config.Journal = journal
			w.now = w.now.Add(time.Hour) // until the lease is over
			w.restart()
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorldOf(t, func(s *rules.Spec) { s.Grants[2].Approval.Days = 2 })
			w.config.Journal = openJournal(t, filepath.Join(t.TempDir(), "journal")) // keeps intents
			w.restart()
			w.people.Set(person("ana", "Legal", "Treasurer"))
			w.sync()
			w.approve()
			end := w.now.AddDate(0, 0, 2)
			lose(w)
			w.now = end.Add(-time.Second)
			w.sync()
			assert.Equal(t, []target.Entitlement{group("money")}, w.account("ana").Entitlements)
			w.now = end
			w.sync()
			assert.Empty(t, w.account("ana").Entitlements)
		})
	}
}

// killedAtTheEnd is a journal whose process dies after the first call.
type killedAtTheEnd struct{ provision.Journal }

func (k killedAtTheEnd) Append(ctx context.Context, entries ...provision.Entry) error {
	for _, e := range entries {
		if e.Kind == provision.Happened || e.Kind == provision.RunEnd {
			return errKilled
		}
	}
	return k.Journal.Append(ctx, entries...)
}

// Whoever takes the end of an approval back gives it anew; whoever takes the grant back
// has nothing left behind.
func TestUndoAndTheEndOfAnApproval(t *testing.T) {
	t.Parallel()
	w := approvedFor(t, 2, nil)
	w.now = w.now.AddDate(0, 0, 3)
	run := w.sync().Run
	w.now = w.now.Add(time.Hour)
	undone := w.now
	w.takeBack(run)
	require.Equal(t, []target.Entitlement{group("money")}, w.account("ana").Entitlements)
	w.now = undone.AddDate(0, 0, 2).Add(-time.Second)
	w.sync()
	assert.Equal(t, undone.AddDate(0, 0, 2), w.plan().Targets[0].Next)
	w.now = undone.AddDate(0, 0, 2)
	w.sync()
	assert.Empty(t, w.account("ana").Entitlements)

	w = newWorldOf(t, func(s *rules.Spec) { s.Grants[2].Approval.Days = 2 })
	w.people.Set(person("ana", "Legal", "Treasurer"))
	w.sync()
	w.approve()
	run = w.sync().Run
	w.takeBack(run)
	require.Empty(t, w.account("ana").Entitlements)
	a := w.account("ana")
	a.Entitlements = []target.Entitlement{group("money")} // by somebody else
	w.app.Put(a)
	w.now = w.now.AddDate(0, 0, 3)
	w.sync()
	assert.Equal(t, []target.Entitlement{group("money")}, w.account("ana").Entitlements)
}

// An approval that somebody needed no more is none for what is granted later.
func TestAGrantWithoutApprovalForgetsOne(t *testing.T) {
	t.Parallel()
	w := newWorldOf(t, func(s *rules.Spec) {
		s.Grants[2].Approval.Days, s.Grants[2].Approval.When = 2, rules.Department.Is("Legal")
	})
	ana := person("ana", "Legal", "Treasurer")
	w.people.Set(ana)
	w.sync()
	w.approve()
	w.sync()
	a := w.account("ana")
	a.Entitlements = nil // by somebody else
	w.app.Put(a)
	ana.Department = source.Named("Finance")
	w.people.Set(ana)
	w.now = w.now.AddDate(0, 0, 1)
	w.sync()
	ana.Department = source.Named("Legal")
	w.people.Set(ana)
	w.now = w.now.AddDate(0, 0, 2)
	w.sync()
	assert.Equal(t, []target.Entitlement{group("money")}, w.account("ana").Entitlements)
}

// A bundle of a plan that takes what was approved for a time gives the same plan again.
func TestReplayOfTheEndOfAnApproval(t *testing.T) {
	t.Parallel()
	spec := companyRules()
	spec.Grants[2].Approval.Days = 2
	w := approvedFor(t, 2, func(c *provision.Config) { c.Record = true })
	requireReplay(t, w.plan(), nil, build(t, spec))
	w.now = w.now.AddDate(0, 0, 2)
	plan := w.plan()
	require.Equal(t, []string{"revoke ana"}, removals(plan))
	requireReplay(t, plan, nil, build(t, spec))
	one, err := w.engine.PlanOne(t.Context(), "ana")
	require.NoError(t, err)
	requireReplay(t, one, nil, build(t, spec))
}
