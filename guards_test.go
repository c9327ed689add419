package provision_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/csvsource"
	"github.com/provision-go/provision/target"
)

// runOnce syncs without asking that nothing is left.
func (w *world) runOnce() *provision.Report {
	w.t.Helper()
	report, err := w.engine.Sync(w.t.Context())
	require.NoError(w.t, err)
	require.NoError(w.t, report.Err())
	return report
}

// later lets time pass, and begins a new process.
func (w *world) later(by time.Duration) {
	w.t.Helper()
	w.now = w.now.Add(by)
	w.restart()
}

const oneDay = 24 * time.Hour

// releaseAll releases what a whole plan guards now.
func (w *world) releaseAll() {
	w.t.Helper()
	plan := w.plan()
	require.NotEmpty(w.t, plan.Targets[0].Guarded, "%s", plan)
	require.NoError(w.t, desk(w).Submit(w.t.Context(), plan))
	require.NoError(w.t, desk(w).Release(w.t.Context(), plan.Targets[0].Guarded, provision.Decision{Actor: "coo", Reason: "checked"}))
}

func (w *world) members(e target.Entitlement) int {
	n := 0
	for _, a := range w.app.All() {
		for _, held := range a.Entitlements {
			if held == e {
				n++
			}
		}
	}
	return n
}

func (w *world) leave(ids ...int) {
	for _, i := range ids {
		p := person(fmt.Sprintf("E%04d", i), "Sales", "Clerk")
		p.Status = source.Terminated
		w.people.Put(p)
	}
}

func (w *world) closed() int {
	n := 0
	for _, s := range w.states() {
		if s == target.Disabled {
			n++
		}
	}
	return n
}

func twenty() []int {
	out := make([]int, 20)
	for i := range out {
		out[i] = i
	}
	return out
}

// A group is emptied by one wrong value, in small steps and over restarts.
func TestAGroupIsNotEmptied(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) {
		c.Policy.Limits = map[reconcile.Action]reconcile.Limit{reconcile.Revoke: reconcile.Unlimited}
	})
	everybody := staff(300) // 100 in Sales
	w.people.Set(everybody...)
	w.sync()
	w.later(oneDay)
	for i := range everybody[:180] {
		if everybody[i].Department.Name == "Sales" {
			everybody[i].Department = source.Named("Vendite")
		}
	}
	w.people.Set(everybody...)
	for i := range 90 { // one at a time
		if i%20 == 0 {
			w.later(time.Minute)
		}
		_, err := w.engine.SyncOne(t.Context(), everybody[i].ID)
		require.NoError(t, err)
	}
	assert.Equal(t, 75, w.members(group("sales")), "25 of 100 lost it")
	report := w.runOnce()
	assert.Contains(t, report.Plan.String(), "guard: revoke group:sales 60 of 75")
	assert.Equal(t, 75, w.members(group("sales")))
	w.later(oneDay + time.Hour)
	w.runOnce()
	assert.Equal(t, 75, w.members(group("sales")), "35 of 75 are too many for a day, too")
	w.releaseAll()
	w.sync()
	assert.Equal(t, 40, w.members(group("sales")))
}

// What was released in a first run counts for what it lets the others lose.
func TestAFirstRunCountsWhatWasReleased(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) {
		c.Policy.Limits = map[reconcile.Action]reconcile.Limit{reconcile.Disable: {Count: 2}}
	})
	w.people.Set(staff(30)...)
	w.sync()
	w.later(oneDay)
	spec := companyRules()
	spec.Grants[1].When = rules.JobTitle.Is("Seller")
	w.config.Rules = build(t, spec)
	w.restart()
	away := person("E0003", "Engineering", "Clerk")
	away.Status = source.OnLeave
	w.people.Put(away)
	plan := w.plan()
	require.NoError(t, desk(w).Submit(t.Context(), plan))
	require.NoError(t, desk(w).Release(t.Context(), plan.Targets[0].Guarded, provision.Decision{Actor: "coo"}))
	w.leave(1, 2)
	w.runOnce()
	assert.Equal(t, 1, w.closed(), "two more make three")
}

func TestTheFirstRunOfChangedRules(t *testing.T) {
	w := newWorld(t, nil)
	everybody := staff(60)
	w.people.Set(everybody...)
	w.sync()
	w.later(oneDay)
	spec := companyRules()
	spec.Grants[1].When = rules.JobTitle.Is("Seller") // nobody
	w.config.Rules = build(t, spec)
	w.restart()
	w.leave(1)
	w.people.Put(person("joiner", "Engineering", ""))
	report, err := w.engine.SyncOne(t.Context(), "E0004")
	require.NoError(t, err)
	assert.Equal(t, 1, report.Counts()[provision.Held], "%s", report)
	w.runOnce()
	assert.Equal(t, 19, w.members(group("sales")), "only a leaver lost it")
	assert.Equal(t, target.Enabled, w.account("joiner").State)

	// What was held stays held; what comes up later follows the ordinary limits.
	w.later(5 * oneDay)
	mover := everybody[0]
	mover.Department = source.Named("Finance")
	w.people.Put(mover)
	w.runOnce()
	assert.Equal(t, 19, w.members(group("sales")))
	assert.Empty(t, w.account("E0000").Entitlements)
	w.later(5 * oneDay)
	report, err = w.engine.SyncOne(t.Context(), "E0004")
	require.NoError(t, err)
	assert.Contains(t, report.Plan.String(), "guard: a first run held it, and nobody has released it")
	w.releaseAll()
	w.later(time.Hour)
	w.sync()
	assert.Zero(t, w.members(group("sales")))
}

// A mode that removes nothing has not tried the rules.
func TestRulesAreTriedOnlyWhereTheyRemove(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) { c.Policy.Mode = reconcile.Upsert })
	w.people.Set(staff(30)...)
	w.runOnce()
	mover := staff(30)[1]
	mover.Department = source.Named("Finance")
	w.people.Put(mover)
	w.now = w.now.Add(oneDay)
	w.runOnce()
	w.config.Policy.Mode = reconcile.Full
	w.restart()
	report := w.runOnce()
	assert.Equal(t, 1, report.Counts()[provision.Held], "%s", report)
}

// A removal that a first run held does not simply run in the second.
func TestWhatAFirstRunHeldStaysHeld(t *testing.T) {
	w := newWorld(t, nil)
	w.people.Set(staff(20)...)
	for _, p := range staff(20) {
		w.app.Put(target.Account{
			Key: target.Key{Identity: p.ID}, State: target.Enabled,
			Attributes:   target.Attrs(map[string]string{"userName": p.WorkEmail}),
			Entitlements: []target.Entitlement{group("money")},
		})
	}
	w.runOnce()
	for range 3 {
		w.later(oneDay)
		w.runOnce()
		assert.Equal(t, 20, w.members(group("money")))
	}
	pending, err := desk(w).Pending(t.Context())
	require.NoError(t, err)
	require.Len(t, pending, 20)
	w.releaseAll()
	w.sync()
	assert.Zero(t, w.members(group("money")))
}

func TestSentinels(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) { c.Policy.Absence.Sentinels = []string{"E0002", "E0003"} })
	w.people.Set(staff(40)...)
	w.sync()
	w.later(oneDay)
	w.people.Remove("E0002")
	w.leave(7)
	w.people.Put(person("joiner", "Sales", ""))
	for range 5 {
		report := w.runOnce()
		assert.Contains(t, report.Plan.String(), "the source does not list E0002, who must always be in it")
		_, err := w.engine.SyncOne(t.Context(), "E0007")
		require.NoError(t, err)
		w.later(oneDay)
	}
	assert.Equal(t, target.Enabled, w.account("E0007").State)
	assert.Equal(t, target.Enabled, w.account("E0002").State, "such a read proves nothing, however often")
	assert.Equal(t, target.Enabled, w.account("joiner").State)
	w.releaseAll()
	w.leave(8)
	w.runOnce()
	assert.Equal(t, target.Disabled, w.account("E0007").State)
	assert.Equal(t, target.Enabled, w.account("E0008").State, "a release is no new list of sentinels")
	w.people.Put(staff(40)[2])
	w.later(time.Hour)
	w.sync()
	assert.Equal(t, target.Disabled, w.account("E0008").State)
	alarms, err := desk(w).Alarms(t.Context())
	require.NoError(t, err)
	assert.Empty(t, alarms)
}

// A column vanishes from an export, and leavers whose status is still active look
// like rehires.
func TestAColumnThatVanishesFromAnExport(t *testing.T) {
	last := true
	hr, err := csvsource.New(csvsource.Config{Name: "hr", Open: func() (io.ReadCloser, error) {
		var file strings.Builder
		file.WriteString("ID,Email,Status,Hire Date" + map[bool]string{true: ",Last Day"}[last] + "\n")
		for i := range 60 {
			day := ""
			if i < 12 {
				day = "2026-02-01"
			}
			fmt.Fprintf(&file, "E%d,e%d@acme.example,Active,2020-01-01", i, i)
			if last {
				file.WriteString("," + day)
			}
			file.WriteString("\n")
		}
		return io.NopCloser(strings.NewReader(file.String())), nil
	}})
	require.NoError(t, err)
	w := newWorld(t, func(c *provision.Config) { c.Source = hr })
	for i := range 60 {
		w.app.Put(target.Account{
			Key: target.Key{Identity: fmt.Sprintf("E%d", i)}, State: target.Enabled,
			Attributes: target.Attrs(map[string]string{"userName": fmt.Sprintf("e%d@acme.example", i)}),
		})
	}
	w.runOnce()
	w.releaseAll() // twelve leavers are many for a first run
	w.sync()
	require.Equal(t, 12, w.closed())

	last = false
	for range 3 {
		w.later(oneDay)
		report := w.runOnce()
		assert.Contains(t, report.Plan.String(), "last_day is filled for 0 people, last time for 12; removals and enables wait")
		report, err = w.engine.SyncOne(t.Context(), "E3")
		require.NoError(t, err)
		require.NoError(t, report.Err())
		assert.Equal(t, 12, w.closed(), "nobody is hired again by a column")
	}
	last = true
	w.later(oneDay)
	w.sync()

	// If it is true after all, somebody says so.
	last = false
	w.later(oneDay)
	w.releaseAll()
	w.sync()
	assert.Zero(t, w.closed())
	w.later(oneDay)
	assert.Empty(t, w.plan().Targets[0].Guarded, "the new level counts")
}

func TestASourceThatReallyShrank(t *testing.T) {
	w := newWorld(t, nil)
	w.people.Set(staff(60)...)
	w.sync()
	w.later(oneDay)
	w.people.Set(staff(45)...)
	w.runOnce()
	assert.Contains(t, w.plan().String(), "the source shrank from 60 to 45 people")
	alarms, err := desk(w).Alarms(t.Context())
	require.NoError(t, err)
	require.Len(t, alarms, 1)
	require.NoError(t, desk(w).Release(t.Context(), alarms[0].Guarded, provision.Decision{Actor: "coo"}))
	for range 5 {
		w.later(oneDay)
		w.runOnce()
	}
	plan := w.plan()
	assert.NotContains(t, plan.String(), "shrank")
	assert.Len(t, holdsOf(plan, reconcile.Guarded), 15, "proved by now, and too many all the same:\n%s", plan)
	w.releaseAll()
	w.sync()
	assert.Equal(t, 15, w.closed())
}

// Half of what was released is done when the process dies.
func TestAReleaseIsUsedUp(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) { c.Concurrency = 1 })
	w.people.Set(staff(60)...)
	w.sync()
	w.later(oneDay)
	w.leave(twenty()...)
	w.runOnce()
	require.Zero(t, w.closed())
	w.releaseAll()
	broken := w.config.Journal
	w.config.Journal = &mortal{Journal: broken, after: 31}
	w.restart()
	_, err := w.engine.Sync(t.Context())
	require.NoError(t, err)
	done := w.closed()
	require.Greater(t, done, 5)
	require.Less(t, done, 20)
	w.config.Journal = broken
	w.later(time.Hour)
	w.leave(21) // one more is judged for themselves, and 20 are many
	w.runOnce()
	assert.Equal(t, 20, w.closed())
	assert.Equal(t, target.Enabled, w.account("E0021").State)

	// They come back, and leave again.
	w.later(2 * oneDay)
	w.people.Set(staff(60)...)
	w.runOnce()
	require.Zero(t, w.closed())
	w.later(2 * oneDay)
	w.leave(twenty()...)
	w.runOnce()
	assert.Zero(t, w.closed(), "the release was for one time")
	w.releaseAll()
	w.sync()
	assert.Equal(t, 20, w.closed())
}

// A release is for one time also where the very next plan has the same changes, because
// somebody has opened the accounts again by hand.
func TestAReleaseIsUsedUpByOneRun(t *testing.T) {
	w := newWorld(t, nil)
	w.people.Set(staff(60)...)
	w.sync()
	w.later(oneDay)
	w.leave(twenty()...)
	w.runOnce()
	w.releaseAll()
	first := w.plan()
	w.runOnce()
	require.Equal(t, 20, w.closed())
	for _, a := range w.app.All() {
		_, err := w.app.Enable(t.Context(), target.StateRequest{Ref: target.Ref{ID: a.ID, Key: a.Key}})
		require.NoError(t, err)
	}
	w.later(time.Hour)
	again := w.plan()
	require.NotEmpty(t, first.Targets[0].Changes)
	assert.Equal(t, first.Targets[0].Changes[0].ID, again.Targets[0].Holds[0].Change.ID, "the same changes")
	w.runOnce()
	assert.Zero(t, w.closed())
}

// What was released and then is not planned any more is released no longer.
func TestAReleaseLapses(t *testing.T) {
	w := newWorld(t, nil)
	w.people.Set(staff(60)...)
	w.sync()
	w.later(oneDay)
	w.leave(twenty()...)
	w.runOnce()
	w.releaseAll()
	w.people.Set(staff(60)...) // it was a mistake after all
	w.later(oneDay)
	w.sync()
	w.leave(twenty()...)
	w.later(oneDay)
	w.runOnce()
	assert.Zero(t, w.closed())
}

// mortal is a journal of a process that is killed after some entries.
type mortal struct {
	provision.Journal
	mu    sync.Mutex
	after int
}

var errKilled = errors.New("killed")

func (d *mortal) Append(ctx context.Context, entries ...provision.Entry) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.after--; d.after < 0 {
		return errKilled
	}
	return d.Journal.Append(ctx, entries...)
}
