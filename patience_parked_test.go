package provision_test

import (
	"bytes"
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
	"github.com/provision-go/provision/target/memtarget"
)

var errRefused = &target.Error{Class: target.Permanent, Err: errors.New("not here")}

// run syncs and expects no error of the run itself.
func (w *world) run() *provision.Report {
	w.t.Helper()
	report, err := w.engine.Sync(w.t.Context())
	require.NoError(w.t, err)
	return report
}

// calls counts the calls of a method so far, and forgets all.
func (w *world) calls(method string) int {
	n := 0
	for _, c := range w.app.Calls() {
		if c.Method == method {
			n++
		}
	}
	w.app.ForgetCalls()
	return n
}

// Fault 13: one record that the target never takes is left alone longer and longer,
// and ends as a dead letter; everybody else is served.
func TestFault13PoisonedChangeIsTriedLessAndLess(t *testing.T) {
	folder := t.TempDir()
	w := newWorld(t, func(c *provision.Config) { c.Journal = openJournal(t, filepath.Join(folder, "journal")) })
	w.people.Set(person("ana", "Legal", ""), person("bo", "Legal", ""))
	w.app.Inject(memtarget.Fault{Method: "Create", Key: target.Key{Identity: "ana"}, Err: errRefused})
	begin := w.now
	var tries []time.Duration
	for w.now.Sub(begin) < 40*24*time.Hour { // a run every 5 minutes on the first day, then every hour
		w.run()
		for range w.calls("Create") {
			tries = append(tries, w.now.Sub(begin))
		}
		step := time.Hour
		if w.now.Sub(begin) < 24*time.Hour {
			step = 5 * time.Minute
		}
		w.now = w.now.Add(step)
		if w.now.Sub(begin)%(24*time.Hour) == 0 {
			w.restart()
		}
	}
	minutes := func(d ...int) []time.Duration {
		var out []time.Duration
		for _, m := range d {
			out = append(out, time.Duration(m)*time.Minute)
		}
		return out
	}
	assert.Equal(t, minutes(0, 0, 5, 35, 155, 515), tries[:6], "bo's create, then ana's")
	assert.Equal(t, 12*time.Hour, tries[6]-tries[5])
	for i := 7; i < len(tries); i++ {
		assert.GreaterOrEqual(t, tries[i]-tries[i-1], 24*time.Hour)
		assert.LessOrEqual(t, tries[i]-tries[i-1], 25*time.Hour)
	}
	last := tries[len(tries)-1]
	assert.GreaterOrEqual(t, last, 28*24*time.Hour)
	assert.Less(t, last, 30*24*time.Hour, "then it is a dead letter")
	assert.Equal(t, target.Enabled, w.account("bo").State)

	report := w.run()
	require.NoError(t, report.Err())
	require.Len(t, report.DeadLetters(), 1)
	assert.Contains(t, report.String(), "!! 1 change is not tried again before somebody approves it: create ana")
	assert.Contains(t, report.String(), "as permanent; not tried again until somebody approves it")
	assert.NotContains(t, report.String(), "not here", "no words of the target")
	var lines bytes.Buffer
	require.NoError(t, report.WriteJSONLines(&lines))
	assert.Contains(t, lines.String(), `"kind":"parked"`)
	pending, err := desk(w).Pending(t.Context())
	require.NoError(t, err)
	require.Len(t, pending, 1)
	assert.True(t, pending[0].Since.Before(begin.Add(time.Hour)), "on the desk since it first waited")

	// An approval is one try more, and no more than one.
	id := pending[0].Hold.Change.ID
	require.NoError(t, desk(w).Approve(t.Context(), id, provision.Decision{Actor: "ops"}))
	for range 3 {
		w.now = w.now.Add(time.Hour)
		w.run()
	}
	assert.Equal(t, 1, w.calls("Create"))
	w.app.Repair()
	w.now = w.now.Add(time.Hour)
	require.NoError(t, desk(w).Approve(t.Context(), id, provision.Decision{Actor: "ops"}))
	w.now = w.now.Add(time.Hour)
	w.run()
	assert.Equal(t, target.Enabled, w.account("ana").State)
	assert.Empty(t, w.run().Results)
	pending, err = desk(w).Pending(t.Context())
	require.NoError(t, err)
	assert.Empty(t, pending)
}

func TestParkedIsAboutOneChangeOnly(t *testing.T) {
	w := newWorld(t, nil)
	ana := person("ana", "Legal", "Clerk")
	w.people.Set(ana)
	w.sync()
	ana.JobTitle = "Bad Title"
	w.people.Set(ana)
	w.app.FailNext("Update", errRefused)
	w.run()

	plan := w.plan()
	held := holdsOf(plan, reconcile.Parked)
	require.Len(t, held, 1)
	assert.Equal(t, w.now.Add(5*time.Minute), held[0].Reasons[0].Until)
	assert.Equal(t, w.now.Add(5*time.Minute), plan.Targets[0].Next)
	assert.Contains(t, plan.String(), "held: parked: failed on 2026-03-01 12:00 UTC as permanent; tried again from 2026-03-01 12:05 UTC")
	one, err := w.engine.PlanOne(t.Context(), "ana")
	require.NoError(t, err)
	assert.Len(t, holdsOf(one, reconcile.Parked), 1, "for one person, too")

	// Other data is another change, and so are other rules.
	ana.JobTitle = "Good Title"
	w.people.Set(ana)
	w.run()
	assert.Equal(t, "Good Title", w.account("ana").Attributes.Get("title"))
	ana.JobTitle = "Next"
	w.people.Set(ana)
	w.app.FailNext("Update", errRefused)
	w.run()
	require.Len(t, holdsOf(w.plan(), reconcile.Parked), 1)
	spec := companyRules()
	spec.Name = "acme, mended"
	spec.Grants[1].Give = []string{"app/group:money"}
	w.config.Rules = build(t, spec)
	w.restart()
	assert.Empty(t, holdsOf(w.plan(), reconcile.Parked))
	w.sync()
}

func TestASuccessForgetsFailures(t *testing.T) {
	w := newWorld(t, nil)
	ana := person("ana", "Legal", "Clerk")
	w.people.Set(ana)
	w.sync()
	for range 4 { // the same change every time, which fails once and is then done
		ana.JobTitle = "Lead"
		w.people.Set(ana)
		w.app.FailNext("Update", errRefused)
		w.run()
		w.now = w.now.Add(5 * time.Minute)
		w.run()
		require.Equal(t, "Lead", w.account("ana").Attributes.Get("title"))
		ana.JobTitle = "Clerk"
		w.people.Set(ana)
		w.sync()
	}
}

// What ends a leaver's access is tried in every run, and loudly reported.
func TestALeaversRemovalIsNeverParked(t *testing.T) {
	w := newWorld(t, nil)
	everybody := []source.Identity{person("ana", "Sales", ""), person("bo", "Sales", "")}
	w.people.Set(everybody...)
	w.sync()
	everybody[0].Status = source.Terminated
	w.people.Set(everybody...)
	w.app.FailAlways("Disable", errRefused)
	w.app.ForgetCalls()
	for range 50 {
		w.now = w.now.Add(time.Hour)
		report := w.run()
		require.Error(t, report.Err())
	}
	assert.Equal(t, 50, w.calls("Disable"), "every run tries")
	report := w.run()
	assert.Contains(t, report.String(), "still has access after leaving: disable failed 50 times since 2026-03-01 13:00 UTC, last as permanent; every run tries it again")
	_, err := w.engine.SyncOne(t.Context(), "ana")
	require.NoError(t, err)
	w.app.Repair()
	w.sync()
	assert.Equal(t, target.Disabled, w.account("ana").State)
	assert.NotContains(t, w.run().String(), "still has access")
}

// Fault 2: what a target says about waiting is taken for what it is worth.
func TestFault2RetryAfterAcrossRuns(t *testing.T) {
	for name, c := range map[string]struct {
		after time.Duration
		waits time.Duration
	}{
		"not stated":     {0, 5 * time.Minute},
		"in the past":    {-time.Hour, 5 * time.Minute},
		"an hour":        {time.Hour, time.Hour},
		"just too long":  {15*time.Minute + time.Second, 15*time.Minute + time.Second},
		"ten years":      {10 * 365 * 24 * time.Hour, 24 * time.Hour},
		"as far as goes": {1<<63 - 1, 24 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			w.people.Set(person("ana", "Legal", ""))
			w.app.Inject(memtarget.Fault{
				Method: "Create", Err: &target.Error{Class: target.Throttled, RetryAfter: c.after, Err: errors.New("slow down")},
			})
			report := w.run()
			assert.Equal(t, 1, report.Counts()[provision.Failed])
			held := holdsOf(w.plan(), reconcile.Parked)
			require.Len(t, held, 1)
			assert.Equal(t, c.waits, held[0].Reasons[0].Until.Sub(w.now))
			w.app.Repair()
			w.now = w.now.Add(c.waits - time.Second)
			assert.True(t, w.plan().NothingToDo())
			w.now = w.now.Add(time.Second)
			w.sync()
		})
	}
}
