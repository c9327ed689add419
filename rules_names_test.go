package provision_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
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

// named gives user names of the given names.
func named(neverReuse int) func(*rules.Spec) {
	return func(s *rules.Spec) {
		given := rules.Slug(rules.GivenName)
		s.Targets[0].Attributes[0] = rules.Attribute{Set: "userName", Apply: target.CreateOnly, Unique: &rules.Unique{
			Try: []rules.Value{given, rules.Join("", given, rules.Counter())}, Max: 3, NeverReuse: neverReuse,
		}}
	}
}

func called(id, given string) source.Identity {
	p := person(id, "Legal", "")
	p.Name.Given = given
	return p
}

func (w *world) userName(id string) string { return w.account(id).Attributes.Get("userName") }

func TestNamesAreChosenOnce(t *testing.T) {
	w := newWorldOf(t, named(0))
	w.app.Put(target.Account{State: target.Enabled, Attributes: target.Attrs(map[string]string{"userName": "ANA"})})
	w.people.Set(called("E1", "Ana"), called("E2", "Ána"), called("E3", "Bo"))
	report := w.sync()
	assert.Equal(t, "ana2", w.userName("E1"))
	assert.Equal(t, "ana3", w.userName("E2"))
	assert.Equal(t, "bo", w.userName("E3"))
	assert.Contains(t, report.Plan.String(), `userName     "ana2"`)

	// Whatever somebody is called later, they keep it.
	w.people.Set(called("E1", "Zoe"), called("E2", "Ána"), called("E3", "Bo"))
	w.sync()
	assert.Equal(t, "ana2", w.userName("E1"))

	// Nothing left, or nothing to begin with.
	w.people.Set(called("E1", "Zoe"), called("E2", "Ána"), called("E3", "Bo"), called("E4", "Ana"), called("E5", "Ana"), called("E6", "王"))
	w.sync()
	assert.Equal(t, "ana4", w.userName("E4"))
	text := w.plan().String()
	assert.Contains(t, text, `all 4 candidates are taken or reserved: "ana", "ana2", "ana3" …`)
	assert.Contains(t, text, "the rules give no candidate (rule app.userName)")
}

func TestOnePersonChoosesAName(t *testing.T) {
	w := newWorldOf(t, named(0))
	w.people.Set(called("E1", "Ana"))
	w.sync()
	w.app.ForgetCalls()
	w.people.Put(called("E2", "Ana"))
	report, err := w.engine.SyncOne(t.Context(), "E2")
	require.NoError(t, err)
	require.NoError(t, report.Err())
	assert.Equal(t, "ana2", w.userName("E2"))
	assert.Equal(t, map[string]int{"Find": 2, "Create": 1}, methods(w.app.Calls()), "one look for the key and one for ana2; ana is reserved for E1")
	assert.True(t, w.plan().NothingToDo())

	// An account that is there asks for nothing.
	w.app.ForgetCalls()
	_, err = w.engine.SyncOne(t.Context(), "E2")
	require.NoError(t, err)
	assert.Equal(t, map[string]int{"Find": 1}, methods(w.app.Calls()))

	// The journal remembers nothing: the target is asked.
	w.config.Journal = &provision.MemoryJournal{}
	w.restart()
	w.people.Put(called("E3", "Ana"))
	w.app.ForgetCalls()
	_, err = w.engine.SyncOne(t.Context(), "E3")
	require.NoError(t, err)
	assert.Equal(t, "ana3", w.userName("E3"))
	assert.Equal(t, 4, methods(w.app.Calls())["Find"])

	w.app.FailNext("Find", nil)
	w.app.Inject(memtarget.Fault{Method: "Find", Times: 9, Err: &target.Error{Class: target.Permanent, Err: errors.New("no route")}})
	w.people.Put(called("E4", "Ana"))
	plan, err := w.engine.PlanOne(t.Context(), "E4")
	require.NoError(t, err)
	assert.Len(t, plan.Unread, 1)
}

// searching is a target that is searched by less, and tells apart by less.
func searching(unique bool) *memtarget.Target {
	can := memtarget.Everything()
	can.Find = nil
	for i := range can.Attributes {
		can.Attributes[i].Unique = can.Attributes[i].Unique && unique
	}
	app := memtarget.New("app", &memtarget.Config{Capabilities: &can})
	app.AddEntitlements(group("engineering"), group("sales"), group("money"))
	return app
}

func TestOnePersonOnATargetThatCannotSearch(t *testing.T) {
	for _, unique := range []bool{true, false} {
		w := newWorldOf(t, named(0))
		w.app = searching(unique)
		w.config.Targets = []target.Target{w.app}
		w.restart()
		w.app.Put(target.Account{State: target.Enabled, Attributes: target.Attrs(map[string]string{"userName": "ana"})})
		w.people.Set(called("E1", "Ana"))
		report, err := w.engine.SyncOne(t.Context(), "E1")
		require.NoError(t, err)
		assert.Len(t, w.app.All(), 1)
		if unique {
			require.ErrorContains(t, report.Err(), "exists", "the target refuses it")
		} else {
			assert.Contains(t, report.Plan.String(), "the target cannot be asked who has one (rule app.userName)")
		}
		w.sync() // which sees them all
		assert.Equal(t, "ana2", w.userName("E1"))
	}
}

// While a create is under way nobody else gets its name.
func TestANameThatIsBeingGiven(t *testing.T) {
	block, entered := make(chan struct{}), make(chan struct{}, 9)
	can := memtarget.Everything()
	for i := range can.Attributes {
		can.Attributes[i].Unique = false
	}
	app := memtarget.New("app", &memtarget.Config{Capabilities: &can, OnCall: func(_ context.Context, c memtarget.Call) {
		if c.Method == "Create" {
			entered <- struct{}{}
			<-block
		}
	}})
	w := newWorldOf(t, named(0))
	w.app, w.config.Targets = app, []target.Target{app}
	w.restart()
	w.people.Set(called("E1", "Ana"), called("E2", "Ana"), called("E3", "Ana"))
	earlier, err := w.engine.PlanOne(t.Context(), "E2")
	require.NoError(t, err)
	var all sync.WaitGroup
	all.Go(func() {
		_, err := w.engine.SyncOne(t.Context(), "E1")
		assert.NoError(t, err)
	})
	<-entered
	report, err := w.engine.Apply(t.Context(), earlier, nil)
	require.NoError(t, err)
	assert.Equal(t, 1, report.Counts()[provision.Stale])
	assert.Contains(t, report.String(), "the name was given to somebody else since the plan was made")
	all.Go(func() {
		_, err := w.engine.SyncOne(t.Context(), "E3")
		assert.NoError(t, err)
	})
	<-entered
	close(block)
	all.Wait()
	assert.Equal(t, "ana", w.userName("E1"))
	assert.Equal(t, "ana2", w.userName("E3"))
}

// Two people at once, on a target on which nothing tells names apart.
func TestNamesOfPlansThatOverlap(t *testing.T) {
	w := newWorldOf(t, named(0))
	w.app = forgiving(true, true)
	w.config.Targets = []target.Target{w.app}
	w.restart()
	var everybody []source.Identity
	for i := range 4 {
		everybody = append(everybody, called(fmt.Sprintf("E%d", i), "Ana"))
	}
	w.people.Set(everybody...)
	whole := w.plan()
	var plans []*provision.Plan
	for i := range 3 { // each believes that ana is free
		plan, err := w.engine.PlanOne(t.Context(), everybody[i+1].ID)
		require.NoError(t, err)
		plans = append(plans, plan)
	}
	var all sync.WaitGroup
	for _, plan := range plans {
		all.Go(func() {
			_, err := w.engine.Apply(t.Context(), plan, nil)
			assert.NoError(t, err)
		})
	}
	all.Wait()
	require.Len(t, w.app.All(), 1, "one of them was first")
	report, err := w.engine.Apply(t.Context(), whole, nil)
	require.NoError(t, err)
	assert.NotZero(t, report.Counts()[provision.Stale])
	w.sync()
	names := map[string]bool{}
	for _, a := range w.app.All() {
		names[a.Attributes.Get("userName")] = true
	}
	assert.Len(t, names, 4)
}

func TestANameIsNotReused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	w := newWorldOf(t, named(100))
	w.config.Policy.Gap = -1 // months pass between the runs
	w.config.Journal = openJournal(t, path)
	w.restart()
	ana := called("E1", "Ana")
	w.people.Set(ana)
	w.sync()
	ana.Status, ana.LastDay = source.Terminated, day(2026, 3, 1)
	w.people.Set(ana)
	w.now = w.now.AddDate(0, 0, 2)
	w.sync()
	w.now = w.now.AddDate(0, 0, 40)
	w.sync()
	require.Empty(t, w.app.All(), "deleted")
	gone := w.now

	require.NoError(t, w.config.Journal.(*provision.FileJournal).Close())
	w.config.Journal = openJournal(t, path)
	w.restart()
	w.now = w.now.AddDate(0, 0, 10)
	w.people.Set(ana, called("E2", "Ana"))
	w.sync()
	assert.Equal(t, "ana2", w.userName("E2"), "ana is not forgotten yet")
	w.people.Put(called("E3", "Ana"))
	_, err := w.engine.SyncOne(t.Context(), "E3")
	require.NoError(t, err)
	assert.Equal(t, "ana3", w.userName("E3"))

	// Who comes back has it again.
	back := called("E1", "Ana")
	back.HireDate = source.DateOf(w.now)
	w.people.Put(back)
	w.sync()
	assert.Equal(t, "ana", w.userName("E1"))

	// And leaves for good. After a time somebody else may have it.
	back.Status, back.LastDay = source.Terminated, source.DateOf(w.now)
	w.people.Put(back)
	w.now = w.now.AddDate(0, 0, 2)
	w.sync()
	w.now = w.now.AddDate(0, 0, 40)
	w.sync()
	require.Len(t, w.app.All(), 2)
	w.now = w.now.AddDate(0, 0, 101)
	w.people.Put(called("E4", "Ana"))
	w.sync()
	assert.Equal(t, "ana", w.userName("E4"))
	assert.True(t, w.now.After(gone))
}

// A create that nobody knows the end of keeps its name; one that was refused does
// not.
func TestANameOfUnknownOutcome(t *testing.T) {
	w := newWorldOf(t, named(0))
	w.app = searching(false)
	w.config.Targets = []target.Target{w.app}
	w.config.Journal = openJournal(t, filepath.Join(t.TempDir(), "journal")) // which keeps intents
	w.restart()
	w.people.Set(called("E1", "Ana"))
	w.app.FailNext("Create", &target.Error{Class: target.Permanent, Err: errors.New("bad day")})
	_, err := w.engine.Sync(t.Context())
	require.NoError(t, err)
	w.people.Set(called("E0", "Ana"), called("E1", "Ana"))
	w.sync()
	assert.Equal(t, "ana", w.userName("E0"))
	assert.Equal(t, "ana2", w.userName("E1"))

	can := memtarget.Everything()
	can.Keys, can.FindKey, can.SetKey, can.IdempotentCreate = false, false, false, false
	w.app = memtarget.New("app", &memtarget.Config{Capabilities: &can})
	w.config.Targets, w.config.Journal = []target.Target{w.app}, &provision.MemoryJournal{}
	w.restart()
	w.people.Set(called("E1", "Ana"))
	w.app.Inject(memtarget.Fault{Method: "Create", Times: 9, Err: &target.Error{Class: target.Unclear, Err: errors.New("timeout")}})
	report, err := w.engine.Sync(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, report.Counts()[provision.Unconfirmed])
	w.app.Repair()
	w.people.Set(called("E0", "Ana"))
	_, err = w.engine.Sync(t.Context())
	require.NoError(t, err)
	require.Len(t, w.app.All(), 1)
	assert.Equal(t, "ana2", w.app.All()[0].Attributes.Get("userName"))
}

// forgetful is a journal of a process that dies after it has deleted something.
type forgetful struct{ provision.Journal }

func (j forgetful) Append(ctx context.Context, entries ...provision.Entry) error {
	for i := range entries {
		if entries[i].Kind == provision.Happened && entries[i].Action == reconcile.Delete {
			return errors.New("killed")
		}
	}
	return j.Journal.Append(ctx, entries...)
}

// A name that no create of ours chose is kept from others all the same, when we
// delete its account: one that was taken over, one that somebody else wrote.
func TestANameThatWeDidNotGiveIsNotReused(t *testing.T) {
	for name, meanwhile := range map[string]func(*world){
		"deleted":  func(*world) {},
		"replayed": func(w *world) { w.restart() },
		"by somebody else, at the same time": func(w *world) {
			plan := stored(w.t, w.plan())
			for _, a := range w.app.All() {
				w.app.Remove(a.ID)
			}
			_, err := w.engine.Apply(w.t.Context(), plan, nil)
			require.NoError(w.t, err)
		},
		"and nobody can tell": func(w *world) {
			w.app.Inject(memtarget.Fault{Method: "Delete", AfterCommit: true, Times: 9})
			_, err := w.engine.Sync(w.t.Context())
			require.NoError(w.t, err)
			w.app.Repair()
		},
		"and the process dies": func(w *world) {
			whole := w.config.Journal
			w.config.Journal = forgetful{whole}
			w.restart()
			_, err := w.engine.Sync(w.t.Context())
			require.NoError(w.t, err)
			w.config.Journal = whole
			w.restart()
		},
		"at the second try": func(w *world) {
			w.app.FailNext("Delete", &target.Error{Class: target.Permanent, Err: errors.New("down")})
			_, err := w.engine.Sync(w.t.Context())
			require.NoError(w.t, err)
			w.now = w.now.Add(5 * time.Minute) // what failed waits
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorldOf(t, named(100))
			w.config.Policy.Gap = -1 // months pass between the runs
			w.config.Policy.Adopt, w.config.Journal = []string{"displayName"}, openJournal(t, filepath.Join(t.TempDir(), "journal"))
			w.restart()
			w.app.Put(target.Account{State: target.Enabled, Attributes: target.Attrs(map[string]string{"userName": "Bo", "displayName": "Person E1"})})
			ana, cy := called("E1", "Ana"), called("E2", "Cy")
			w.people.Set(ana, cy)
			w.sync()
			require.Equal(t, "Bo", w.userName("E1"), "taken over")
			renamed := w.account("E2")
			renamed.Attributes = target.Attrs(map[string]string{"userName": "dee"})
			w.app.Put(renamed)
			ana.Status, ana.LastDay = source.Terminated, day(2026, 3, 1)
			cy.Status, cy.LastDay = source.Terminated, day(2026, 3, 1)
			w.people.Set(ana, cy)
			w.now = w.now.AddDate(0, 0, 2)
			w.sync()
			w.now = w.now.AddDate(0, 0, 40)
			meanwhile(w)
			w.sync()
			require.Empty(t, w.app.All(), "deleted")

			w.now = w.now.AddDate(0, 0, 10)
			w.people.Set(ana, cy, called("E3", "Bo"), called("E4", "Cy"), called("E5", "Dee"))
			w.sync()
			assert.Equal(t, "bo2", w.userName("E3"))
			assert.Equal(t, "cy2", w.userName("E4"))
			assert.Equal(t, "dee2", w.userName("E5"))
			w.now = w.now.AddDate(0, 0, 100)
			w.people.Set(ana, cy, called("E6", "Bo"), called("E7", "Dee"))
			w.sync()
			assert.Equal(t, "bo", w.userName("E6"))
			assert.Equal(t, "dee", w.userName("E7"))
		})
	}
}
