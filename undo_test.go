package provision_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/memsource"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// undoWorld is a company that ran once and keeps values.
func undoWorld(t *testing.T, people ...source.Identity) *world {
	t.Helper()
	w := newWorld(t, func(c *provision.Config) { c.KeepValues = true })
	w.people.Set(people...)
	w.sync()
	w.now = w.now.Add(time.Hour)
	return w
}

// runClean syncs once, and returns the report.
func (w *world) runClean() *provision.Report {
	w.t.Helper()
	report, err := w.engine.Sync(w.t.Context())
	require.NoError(w.t, err)
	require.NoError(w.t, report.Err())
	w.now = w.now.Add(time.Hour)
	return report
}

// undo plans to take a run back.
func (w *world) undo(run string) *provision.Plan {
	w.t.Helper()
	plan, err := w.engine.Undo(w.t.Context(), run, provision.UndoOptions{})
	require.NoError(w.t, err)
	return plan
}

// takeBack undoes a run as dana.
func (w *world) takeBack(run string) *provision.Report {
	w.t.Helper()
	report, err := w.engine.Apply(w.t.Context(), w.undo(run), &provision.ApplyOptions{Actor: "dana"})
	require.NoError(w.t, err)
	require.NoError(w.t, report.Err())
	w.now = w.now.Add(time.Hour)
	return report
}

// holding is what a target holds, versions aside.
func holding(app *memtarget.Target) map[string]target.Account {
	out := map[string]target.Account{}
	for _, a := range app.All() {
		a.Version = ""
		slices.SortFunc(a.Entitlements, target.Entitlement.Compare)
		if len(a.Entitlements) == 0 {
			a.Entitlements = nil
		}
		out[a.ID] = a
	}
	return out
}

// lines are the changes and holds of a plan, one each.
func lines(p *provision.Plan) []string {
	var out []string
	line := func(c *reconcile.Change) string {
		text := c.Action.String() + " " + c.Key.String()
		if c.Entitlement.Kind != "" {
			text += " " + c.Entitlement.String()
		}
		for _, f := range c.Fields {
			text += fmt.Sprintf(" %s %q→%q", f.Name, f.Before, f.After)
		}
		return text
	}
	for _, tp := range p.Targets {
		for i := range tp.Changes {
			out = append(out, line(&tp.Changes[i]))
		}
		for i := range tp.Holds {
			h := &tp.Holds[i]
			out = append(out, "held "+line(&h.Change)+": "+h.Reasons[0].Text)
		}
	}
	return out
}

func findingsOf(p *provision.Plan) []string {
	var out []string
	for _, f := range p.Findings {
		out = append(out, f.Code+": "+f.Message)
	}
	return out
}

func TestUndoTakesBackWhatARunDid(t *testing.T) {
	ann, bob := person("E1", "Sales", "Clerk"), person("E2", "Sales", "Clerk")
	w := undoWorld(t, ann, bob)
	before := holding(w.app)

	ann.Department, ann.JobTitle = source.Named("Engineering"), "Engineer"
	w.people.Set(ann, bob, person("E3", "Sales", "Clerk"))
	bad := w.runClean()

	plan := w.undo(bad.Run)
	assert.Equal(t, []string{
		"disable E3",
		"revoke E1 group:engineering",
		"revoke E3 group:sales",
		`update E1 title ["Engineer"]→["Clerk"]`,
		"grant E1 group:sales",
	}, lines(plan))
	assert.Contains(t, plan.String(), "undo: run "+bad.Run+" of 2026-03-01")
	assert.Equal(t, bad.Run, plan.Targets[0].Undo)

	done, err := w.engine.Apply(t.Context(), plan, &provision.ApplyOptions{Actor: "dana"})
	require.NoError(t, err)
	require.NoError(t, done.Err())
	after := holding(w.app)
	for id, a := range after {
		if a.Key.Identity == "E3" {
			assert.Equal(t, target.Disabled, a.State, "what was made is closed and never deleted")
			delete(after, id)
		}
	}
	assert.Empty(t, cmp.Diff(before, after, cmp.Comparer(target.Attributes.Equal)))

	w.now = w.now.Add(time.Hour)
	t.Run("twice does nothing", func(t *testing.T) {
		again := w.undo(bad.Run)
		assert.Empty(t, lines(again))
		assert.Contains(t, findingsOf(again), "already-undone: undone already for 2 people (E1@acme.example, E3@acme.example)")
	})
	t.Run("the next run does not do it again", func(t *testing.T) {
		next := w.plan()
		var want []string
		for _, line := range []string{
			"held revoke E1 group:sales", "held enable E3", `held update E1 title ["Clerk"]→["Engineer"]`,
			"held grant E1 group:engineering", "held grant E3 group:sales",
		} {
			want = append(want, line+": undone by dana on 2026-03-01")
		}
		assert.Equal(t, want, lines(next))
	})
	t.Run("until it is approved", func(t *testing.T) {
		report := w.runClean()
		desk := w.desk()
		for _, r := range report.Results {
			require.Equal(t, provision.Held, r.Outcome)
			require.NoError(t, desk.Approve(t.Context(), r.Change.ID, provision.Decision{Actor: "eve"}))
		}
		w.now = w.now.Add(time.Hour)
		w.sync()
		assert.True(t, w.account("E3").State == target.Enabled)
	})
}

func (w *world) desk() *provision.Desk {
	d := provision.NewDesk(w.config.Journal)
	d.Clock, d.MaskKey = w.config.Clock, w.config.MaskKey
	return d
}

func TestUndoOfAnUndo(t *testing.T) {
	ann := person("E1", "Sales", "Clerk")
	w := undoWorld(t, ann)
	ann.Department, ann.JobTitle = source.Named("Engineering"), "Engineer"
	w.people.Set(ann)
	first := w.runClean()
	after := holding(w.app)
	undo := w.takeBack(first.Run)
	again := w.takeBack(undo.Run)
	assert.Empty(t, cmp.Diff(after, holding(w.app), cmp.Comparer(target.Attributes.Equal)))
	assert.True(t, w.plan().NothingToDo())
	assert.Empty(t, w.plan().Targets[0].Holds, "nothing is held any longer")

	plan := w.undo(first.Run)
	assert.Empty(t, lines(plan))
	assert.Contains(t, findingsOf(plan),
		"changed-since: the grant of group:engineering is not undone: changed since by run "+again.Run+" of 2026-03-01 by dana")

	runs, err := w.desk().Runs(t.Context())
	require.NoError(t, err)
	require.Len(t, runs, 4)
	assert.Equal(t, []string{undo.Run}, runs[1].UndoneBy)
	assert.Equal(t, first.Run, runs[2].Undoes)
	assert.Equal(t, "dana", runs[2].Actor)
	assert.Equal(t, []string{"app"}, runs[2].Targets)
	assert.Equal(t, map[reconcile.Action]int{reconcile.Revoke: 1, reconcile.Update: 1, reconcile.Grant: 1}, runs[2].Done)
	assert.Equal(t, map[provision.Outcome]int{provision.Done: 3}, runs[2].Counts)
	assert.False(t, runs[2].Ended.IsZero())
}

func TestUndoLeavesLaterWorkAlone(t *testing.T) {
	ann := person("E1", "Sales", "Clerk")
	w := undoWorld(t, ann)
	ann.Department, ann.JobTitle = source.Named("Engineering"), "Engineer"
	w.people.Set(ann)
	bad := w.runClean()
	a := w.account("E1")
	a.Attributes = a.Attributes.With("title", "Queen")
	a.State = target.Disabled
	w.app.Put(a)
	plan := w.undo(bad.Run)
	assert.Equal(t, []string{"revoke E1 group:engineering", "grant E1 group:sales"}, lines(plan))
	assert.Equal(t, []string{"changed-since: the update of title is not undone: changed since by somebody else"}, findingsOf(plan))

	t.Run("also between the plan and its run", func(t *testing.T) {
		a := w.account("E1")
		a.Entitlements = nil
		w.app.Put(a)
		report, err := w.engine.Apply(t.Context(), plan, nil)
		require.NoError(t, err)
		assert.Equal(t, provision.AlreadySo, report.Results[0].Outcome)
	})
	t.Run("and what a later run did", func(t *testing.T) {
		ann.JobTitle = "Engineer"
		w.people.Set(ann)
		report, err := w.engine.Sync(t.Context())
		require.NoError(t, err)
		require.NotEmpty(t, report.Results)
		plan := w.undo(bad.Run)
		assert.Contains(t, findingsOf(plan), "changed-since: the update of title is not undone: changed since by run "+
			report.Run+" of 2026-03-01")
	})
}

func TestUndoWithoutValues(t *testing.T) {
	ann := person("E1", "Sales", "Clerk")
	w := undoWorld(t, ann)
	w.config.KeepValues = false
	w.restart()
	ann.Department, ann.JobTitle = source.Named("Engineering"), "Engineer"
	w.people.Set(ann)
	plan := w.undo(w.runClean().Run)
	assert.Equal(t, []string{"revoke E1 group:engineering", "grant E1 group:sales"}, lines(plan))
	assert.Equal(t, []string{
		"not-remembered: title of 1 person cannot be restored: nobody kept what it was before; set it by hand",
	}, findingsOf(plan))
	for e, err := range w.config.Journal.Entries(t.Context(), 0) {
		require.NoError(t, err)
		if e.Position > 6 {
			for _, f := range e.Fields {
				assert.Equal(t, reconcile.FieldChange{Name: "title"}, f)
			}
		}
	}
}

func TestUndoOfALeaver(t *testing.T) {
	ann, bob := person("E1", "Sales", "Clerk"), person("E2", "Sales", "Clerk")
	w := undoWorld(t, ann, bob)
	gone := ann
	gone.Status, gone.TerminationDate = source.Terminated, day(2026, 2, 27)
	w.people.Set(gone, bob)
	left := w.runClean()
	require.Equal(t, target.Disabled, w.account("E1").State)

	t.Run("who has left gets nothing back without an approval", func(t *testing.T) {
		plan := w.undo(left.Run)
		assert.Equal(t, []string{
			"held enable E1: undo: they have left", "held grant E1 group:sales: undo: they have left",
		}, lines(plan))
		assert.Contains(t, findingsOf(plan), "irreversible: sessions of 1 person were ended; they have to sign in again")
	})
	t.Run("nor whom nobody lists", func(t *testing.T) {
		w.people.Set(bob)
		assert.Contains(t, lines(w.undo(left.Run)), "held enable E1: undo: the source does not list them")
	})
	t.Run("nor anybody while the source cannot be read", func(t *testing.T) {
		w.people.Set(ann, bob)
		w.people.Break(memsource.Fault{ListErr: errors.New("down")})
		defer w.people.Break(memsource.Fault{})
		plan := w.undo(left.Run)
		assert.Contains(t, lines(plan), "held enable E1: undo: the source does not list them")
		assert.Contains(t, findingsOf(plan)[0], "the source cannot be read")
	})
	t.Run("who is back gets it", func(t *testing.T) {
		w.people.Set(ann, bob)
		assert.Equal(t, []string{"enable E1", "grant E1 group:sales"}, lines(w.undo(left.Run)))
	})
	t.Run("an approved undo is not taken back by the next run", func(t *testing.T) {
		w.people.Set(gone, bob)
		plan := w.undo(left.Run)
		require.NoError(t, w.desk().Submit(t.Context(), plan))
		for _, h := range plan.Targets[0].Holds {
			require.NoError(t, w.desk().Approve(t.Context(), h.Change.ID, provision.Decision{Actor: "eve"}))
		}
		w.takeBack(left.Run)
		assert.Equal(t, target.Enabled, w.account("E1").State)
		next := w.plan()
		assert.Contains(t, lines(next), "held disable E1: undone by dana on 2026-03-01")
		assert.Empty(t, removals(next))
	})
	t.Run("but a termination is another matter", func(t *testing.T) {
		w.people.Set(ann, bob)
		w.runClean() // the data have changed
		w.people.Set(gone, bob)
		assert.Contains(t, lines(w.plan()), "disable E1")
	})
}

func TestUndoOfATermination(t *testing.T) {
	ann, bob := person("E1", "Sales", "Clerk"), person("E2", "Sales", "Clerk")
	w := undoWorld(t, ann, bob)
	report, err := w.engine.TerminateNow(t.Context(), "E1", provision.TerminateOptions{Actor: "eve", Reason: "theft"})
	require.NoError(t, err)
	w.now = w.now.Add(time.Hour)
	plan := w.undo(report.Run)
	assert.Contains(t, lines(plan), "held enable E1: undo: somebody ended their access at once; reinstate them first")
	require.NoError(t, w.desk().Submit(t.Context(), plan))
	for _, h := range plan.Targets[0].Holds {
		require.NoError(t, w.desk().Approve(t.Context(), h.Change.ID, provision.Decision{Actor: "eve"}))
	}
	assert.Empty(t, w.undo(report.Run).Targets[0].Changes, "no approval brings them back")
	require.NoError(t, w.desk().Reinstate(t.Context(), "E1", provision.Decision{Actor: "eve", Reason: "innocent"}))
	w.takeBack(report.Run)
	assert.Equal(t, target.Enabled, w.account("E1").State)
}

func TestUndoIsHeldLikeAnyPlan(t *testing.T) {
	w := undoWorld(t, staff(30)...)
	people := staff(30)
	for i := range people {
		people[i].Department = source.Named("Engineering")
	}
	w.config.Policy.Limits = map[reconcile.Action]reconcile.Limit{reconcile.Grant: reconcile.Unlimited, reconcile.Revoke: reconcile.Unlimited}
	w.restart()
	w.people.Set(people...)
	bad := w.runClean()
	w.config.Policy.Limits = nil
	w.restart()

	t.Run("by guards", func(t *testing.T) {
		plan := w.undo(bad.Run)
		assert.Len(t, holdsOf(plan, reconcile.Guarded), 20, "all revokes")
		report, err := w.engine.Apply(t.Context(), plan, nil)
		require.NoError(t, err)
		pending, err := w.desk().Pending(t.Context())
		require.NoError(t, err)
		require.Len(t, pending, 20)
		assert.Equal(t, bad.Run, pending[0].Undo)
		require.Len(t, report.Results, 30, "10 grants are made")
	})
	t.Run("an ordinary plan leaves it on the desk", func(t *testing.T) {
		w.now = w.now.Add(time.Hour)
		_, err := w.engine.Sync(t.Context())
		require.NoError(t, err)
		pending, err := w.desk().Pending(t.Context())
		require.NoError(t, err)
		undos := slices.DeleteFunc(pending, func(p provision.Pending) bool { return p.Undo == "" })
		assert.Len(t, undos, 20)
	})
	t.Run("by a release it runs", func(t *testing.T) {
		plan := w.undo(bad.Run)
		require.NoError(t, w.desk().Submit(t.Context(), plan))
		require.NoError(t, w.desk().Release(t.Context(), plan.Targets[0].Guarded, provision.Decision{Actor: "eve"}))
		w.takeBack(bad.Run)
		assert.NotContains(t, w.account("E0001").Entitlements, group("engineering"))
	})
	t.Run("by the mode", func(t *testing.T) {
		w.config.Policy.Mode = reconcile.Observe
		w.restart()
		plan := w.undo(w.lastRun())
		assert.Empty(t, lines(plan))
		assert.NotEmpty(t, plan.Targets[0].Omitted)
	})
	t.Run("by protection", func(t *testing.T) {
		w.config.Policy = reconcile.Policy{Protect: []string{"E0001"}}
		w.restart()
		plan := w.undo(w.lastRun())
		for _, line := range lines(plan) {
			assert.NotContains(t, line, "revoke E0001")
		}
	})
}

func (w *world) lastRun() string {
	w.t.Helper()
	runs, err := w.desk().Runs(w.t.Context())
	require.NoError(w.t, err)
	return runs[len(runs)-1].ID
}

func TestUndoIsGoodUntilTheNextRun(t *testing.T) {
	ann := person("E1", "Sales", "Clerk")
	w := undoWorld(t, ann)
	ann.Department = source.Named("Engineering")
	w.people.Set(ann)
	plan := w.undo(w.runClean().Run)
	w.now = w.now.Add(time.Hour)
	w.runClean()
	report, err := w.engine.Apply(t.Context(), plan, nil)
	require.NoError(t, err)
	for _, r := range report.Results {
		assert.Equal(t, provision.Stale, r.Outcome)
	}
}

func TestUndoErrors(t *testing.T) {
	w := undoWorld(t, person("E1", "Sales", "Clerk"))
	run := w.lastRun()
	_, err := w.engine.Undo(t.Context(), "nonsense", provision.UndoOptions{})
	require.ErrorIs(t, err, provision.ErrUnknownRun)
	require.EqualError(t, err, `undo run "nonsense": the journal has no such run; Desk.Runs lists them`)
	_, err = w.engine.Undo(t.Context(), run, provision.UndoOptions{Targets: []string{"crm"}})
	require.ErrorIs(t, err, provision.ErrUnknownTarget)
	require.ErrorContains(t, err, `the run did nothing on "crm", but on ["app"]`)

	t.Run("while it runs", func(t *testing.T) {
		var during error
		w.config.OnProgress = func(provision.Progress) {
			runs, err := w.desk().Runs(context.Background())
			assert.NoError(t, err)
			_, during = w.engine.Undo(context.Background(), runs[len(runs)-1].ID, provision.UndoOptions{Died: true})
		}
		w.restart()
		w.people.Set(person("E1", "Engineering", "Clerk"))
		_, err := w.engine.Sync(t.Context())
		require.NoError(t, err)
		require.ErrorIs(t, during, provision.ErrRunning)
		w.config.OnProgress = nil
		w.restart()
	})
	t.Run("after its process died", func(t *testing.T) {
		cut := &cutJournal{Journal: w.config.Journal, keep: func(e provision.Entry) bool { return e.Kind != provision.RunEnd }}
		w.config.Journal = cut
		w.restart()
		_, err := w.engine.Undo(t.Context(), w.lastRun(), provision.UndoOptions{})
		require.ErrorIs(t, err, provision.ErrRunning)
		plan, err := w.engine.Undo(t.Context(), w.lastRun(), provision.UndoOptions{Died: true})
		require.NoError(t, err)
		assert.NotEmpty(t, lines(plan))
	})
	t.Run("when it is forgotten", func(t *testing.T) {
		w.config.Journal = &cutJournal{Journal: w.config.Journal, keep: func(e provision.Entry) bool { return e.Position > 7 }}
		w.restart()
		_, err := w.engine.Undo(t.Context(), run, provision.UndoOptions{})
		require.ErrorIs(t, err, provision.ErrForgottenRun)
	})
}

// cutJournal shows a part of another one.
type cutJournal struct {
	provision.Journal
	keep func(provision.Entry) bool
}

func (j *cutJournal) Entries(ctx context.Context, after uint64) iter.Seq2[provision.Entry, error] {
	return func(yield func(provision.Entry, error) bool) {
		for e, err := range j.Journal.Entries(ctx, after) {
			if (err != nil || j.keep(e)) && !yield(e, err) {
				return
			}
		}
	}
}

func TestUndoOfSomePeople(t *testing.T) {
	w := undoWorld(t, person("E1", "Sales", "Clerk"), person("E2", "Sales", "Clerk"))
	w.people.Set(person("E1", "Engineering", "Clerk"), person("E2", "Engineering", "Clerk"))
	bad := w.runClean()
	for _, o := range []provision.UndoOptions{
		{Identities: []string{"E2"}}, {Keys: []target.Key{{Identity: "E2"}}}, {Identities: []string{"E2"}, Targets: []string{"app"}},
	} {
		plan, err := w.engine.Undo(t.Context(), bad.Run, o)
		require.NoError(t, err)
		assert.Equal(t, []string{"revoke E2 group:engineering", "grant E2 group:sales"}, lines(plan))
	}
}

// TestUndoAfterACrash: an undo dies after any of its calls and is planned again.
func TestUndoAfterACrash(t *testing.T) {
	for dies := range 6 {
		file := openJournal(t, filepath.Join(t.TempDir(), "journal"))
		w := newWorld(t, func(c *provision.Config) { c.KeepValues, c.Journal = true, file })
		w.people.Set(person("E1", "Sales", "Clerk"), person("E2", "Sales", "Clerk"))
		w.sync()
		w.now = w.now.Add(time.Hour)
		before := holding(w.app)
		w.people.Set(person("E1", "Engineering", "Boss"), person("E2", "Engineering", "Boss"))
		bad := w.runClean()
		die := &endingJournal{Journal: w.config.Journal, left: 1 + 2*dies}
		w.config.Journal, w.config.Concurrency = die, 1
		w.restart()
		plan := w.undo(bad.Run)
		_, err := w.engine.Apply(t.Context(), plan, &provision.ApplyOptions{Actor: "dana"})
		require.NoError(t, err)
		w.config.Journal = die.Journal
		w.restart()
		w.now = w.now.Add(time.Hour)
		w.takeBack(bad.Run)
		assert.Empty(t, cmp.Diff(before, holding(w.app), cmp.Comparer(target.Attributes.Equal)), "died after %d", dies)
		next := w.plan()
		assert.True(t, next.NothingToDo(), "died after %d, nothing is done again:\n%s", dies, next)
		assert.Len(t, next.Targets[0].Holds, 6)
	}
}

// endingJournal takes so many entries and then no more, as if the process had died.
type endingJournal struct {
	provision.Journal
	left int
}

func (j *endingJournal) Append(ctx context.Context, entries ...provision.Entry) error {
	if j.left < len(entries) {
		return errors.New("dead")
	}
	j.left -= len(entries)
	return j.Journal.Append(ctx, entries...)
}

// TestLawUndo: after a run and its undo a target is as it was, but for what cannot be
// taken back: accounts that were made stay, closed and empty.
func TestLawUndo(t *testing.T) {
	seeds := uint64(60)
	if os.Getenv("PROVISION_STORM") != "" {
		seeds = 3000
	}
	for seed := range seeds {
		r := rand.New(rand.NewPCG(seed, 51))
		w := newWorld(t, func(c *provision.Config) {
			c.KeepValues = true
			c.Policy.Limits = unlimited()
			c.Policy.Approve = nil
		})
		people := map[string]source.Identity{}
		join := func(id string) {
			p := person(id, []string{"Engineering", "Sales", "Finance"}[r.IntN(3)], []string{"Clerk", "Boss", ""}[r.IntN(3)])
			if r.IntN(2) == 0 {
				p.Manager.ID = fmt.Sprintf("E%d", r.IntN(8))
			}
			people[id] = p
		}
		for i := range 8 {
			if r.IntN(4) > 0 {
				join(fmt.Sprintf("E%d", i))
			}
		}
		list := func() { w.people.Set(slices.Collect(maps.Values(people))...) }
		list()
		w.runAll()
		for range 2 + r.IntN(3) { // some days, and then the one that is undone
			for range 1 + r.IntN(4) {
				id := fmt.Sprintf("E%d", r.IntN(8))
				p, known := people[id]
				switch {
				case !known, r.IntN(3) == 0:
					join(id)
				case r.IntN(4) == 1:
					p.Status, p.TerminationDate = source.Terminated, source.DateOf(w.now.AddDate(0, 0, -1-r.IntN(40)))
					people[id] = p
				case r.IntN(2) == 0:
					p.Status = source.OnLeave
					people[id] = p
				}
			}
			list()
			before := holding(w.app)
			report := w.runAll()
			after := holding(w.app)
			w.undoAll(report.Run)
			requireUndone(t, seed, report, before, holding(w.app))
			if r.IntN(2) == 0 {
				w.undoAll(w.lastRun())
				require.Empty(t, cmp.Diff(after, holding(w.app), cmp.Comparer(target.Attributes.Equal)),
					"seed %d: an undo of the undo\n%s", seed, report)
			}
		}
	}
}

// runAll syncs, with everything that is held approved beforehand.
func (w *world) runAll() *provision.Report {
	w.t.Helper()
	return w.applyAll(w.plan())
}

func (w *world) undoAll(run string) { w.applyAll(w.undo(run)) }

func (w *world) applyAll(plan *provision.Plan) *provision.Report {
	w.t.Helper()
	require.NoError(w.t, w.desk().Submit(w.t.Context(), plan))
	for _, tp := range plan.Targets {
		for _, h := range tp.Holds {
			require.NoError(w.t, w.desk().Approve(w.t.Context(), h.Change.ID, provision.Decision{Actor: "eve"}))
		}
	}
	report, err := w.engine.Apply(w.t.Context(), plan, &provision.ApplyOptions{Actor: "dana"})
	require.NoError(w.t, err)
	require.NoError(w.t, report.Err())
	w.now = w.now.Add(time.Hour)
	return report
}

func unlimited() map[reconcile.Action]reconcile.Limit {
	out := map[reconcile.Action]reconcile.Limit{}
	for a := reconcile.Disable; a <= reconcile.Delete; a++ {
		out[a] = reconcile.Unlimited
	}
	return out
}

func requireUndone(t *testing.T, seed uint64, run *provision.Report, before, after map[string]target.Account) {
	t.Helper()
	for _, r := range run.Results {
		if r.Outcome != provision.Done {
			continue
		}
		switch r.Change.Action {
		case reconcile.Create:
			a := after[r.Account]
			require.Equal(t, target.Disabled, a.State, "seed %d: %s", seed, r.Change.Key)
			require.Empty(t, a.Entitlements)
			delete(after, r.Account)
		case reconcile.Delete:
			delete(before, r.Account)
		default:
		}
	}
	require.Empty(t, cmp.Diff(before, after, cmp.Comparer(target.Attributes.Equal)), "seed %d\n%s", seed, run)
}
