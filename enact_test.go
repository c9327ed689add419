package provision_test

import (
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

// newWorldOf is a world whose rules say more.
func newWorldOf(t *testing.T, change func(*rules.Spec)) *world {
	t.Helper()
	spec := companyRules()
	change(&spec)
	return newWorld(t, func(c *provision.Config) { c.Rules = build(t, spec) })
}

func graceOf(days int) func(*rules.Spec) {
	return func(s *rules.Spec) { s.Grants[0].Grace = days }
}

func TestATimeOfGraceRunsOut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	w := newWorldOf(t, graceOf(7))
	w.config.Journal = openJournal(t, path)
	w.restart()
	ana := person("ana", "Engineering", "Engineer")
	w.people.Set(ana)
	w.sync()
	ana.Department = source.Named("Legal")
	w.people.Set(ana)
	w.now = w.now.AddDate(0, 0, 1)
	begin := w.now
	w.sync()
	held := holdsOf(w.plan(), reconcile.InGrace)
	require.Len(t, held, 1)
	end := begin.AddDate(0, 0, 7)
	assert.Equal(t, end, held[0].Reasons[0].Until)
	assert.Equal(t, end, w.plan().Targets[0].Next)
	pending, err := desk(w).Pending(t.Context())
	require.NoError(t, err)
	require.Len(t, pending, 1)
	assert.Contains(t, pending[0].String(), "(rule engineering)")

	// Another process, other rules, and an approval: all that counts is time.
	w.now = w.now.AddDate(0, 0, 3)
	require.NoError(t, desk(w).Approve(t.Context(), held[0].Change.ID, provision.Decision{Actor: "cfo"}))
	require.NoError(t, w.config.Journal.(*provision.FileJournal).Close())
	w.config.Journal = openJournal(t, path)
	spec := companyRules()
	graceOf(7)(&spec)
	spec.Name = "acme again"
	w.config.Rules = build(t, spec)
	w.restart()
	_, err = w.engine.SyncOne(t.Context(), "ana")
	require.NoError(t, err)
	w.sync()
	again := holdsOf(w.plan(), reconcile.InGrace)
	require.Len(t, again, 1)
	assert.NotEqual(t, held[0].Change.ID, again[0].Change.ID, "other rules, another change")
	assert.Equal(t, end, again[0].Reasons[0].Until)
	pending, err = desk(w).Pending(t.Context())
	require.NoError(t, err)
	require.Len(t, pending, 1)
	assert.Equal(t, begin, pending[0].Since)

	w.now = end.Add(-time.Second)
	w.sync()
	assert.Equal(t, []target.Entitlement{group("engineering")}, w.account("ana").Entitlements)

	// Over, but the target fails for a day: that is no new time of grace.
	w.now = end
	w.app.FailAlways("Revoke", &target.Error{Class: target.Permanent, Err: errors.New("down")})
	report, err := w.engine.Sync(t.Context())
	require.NoError(t, err)
	require.ErrorContains(t, report.Err(), "down")
	w.app.Repair()
	w.now = w.now.AddDate(0, 0, 1)
	w.restart()
	w.sync()
	assert.Empty(t, w.account("ana").Entitlements)
	pending, err = desk(w).Pending(t.Context())
	require.NoError(t, err)
	assert.Empty(t, pending)

	// Who gets it back and loses it again has the whole time again.
	ana.Department = source.Named("Engineering")
	w.people.Set(ana)
	w.sync()
	ana.Department = source.Named("Legal")
	w.people.Set(ana)
	w.now = w.now.AddDate(0, 0, 1)
	w.sync()
	assert.Equal(t, w.now.AddDate(0, 0, 7), holdsOf(w.plan(), reconcile.InGrace)[0].Reasons[0].Until)
}

// Who regains an entitlement while a revoke that was due keeps failing, has the whole
// time of grace when they lose it again.
func TestGraceBeginsAnewAfterItWasGivenAgain(t *testing.T) {
	w := newWorldOf(t, graceOf(2))
	ana := person("ana", "Engineering", "")
	in := func(department string) {
		ana.Department = source.Named(department)
		w.people.Set(ana)
		w.now = w.now.AddDate(0, 0, 3)
		_, err := w.engine.Sync(t.Context())
		require.NoError(t, err)
	}
	in("Engineering")
	in("Legal")
	w.app.FailAlways("Revoke", &target.Error{Class: target.Permanent, Err: errors.New("down")})
	in("Legal")
	in("Engineering")
	w.app.Repair()
	in("Legal")
	assert.Equal(t, []target.Entitlement{group("engineering")}, w.account("ana").Entitlements)
	in("Legal")
	assert.Empty(t, w.account("ana").Entitlements)
}

func TestALeaverHasNoGrace(t *testing.T) {
	w := newWorldOf(t, graceOf(30))
	ana := person("ana", "Engineering", "")
	w.people.Set(ana)
	w.sync()
	ana.Department = source.Named("Legal")
	w.people.Set(ana)
	w.sync()
	ana.Status = source.Terminated
	w.people.Set(ana)
	w.sync()
	assert.Empty(t, w.account("ana").Entitlements)
}

func seats(n int) func(*rules.Spec) {
	return func(s *rules.Spec) {
		s.Budgets = []rules.Budget{{ID: "eng.seats", Roles: []string{"app/group:engineering"}, Seats: n}}
	}
}

func holders(w *world, e target.Entitlement) []string {
	var out []string
	for _, a := range w.app.All() {
		for _, held := range a.Entitlements {
			if held == e {
				out = append(out, a.Key.String())
			}
		}
	}
	return out
}

func TestSeatsGoToTheOldestFirst(t *testing.T) {
	w := newWorldOf(t, seats(2))
	var everybody []source.Identity
	for i := range 4 {
		p := person(fmt.Sprintf("E%d", i), "Engineering", "")
		p.HireDate = day(2020-i, 1, 1)
		everybody = append(everybody, p)
	}
	w.people.Set(everybody...)
	w.sync()
	assert.ElementsMatch(t, []string{"E3", "E2"}, holders(w, group("engineering")))
	assert.Len(t, holdsOf(w.plan(), reconcile.NeedsSeat), 2)

	// A plan for one person gives none: it cannot count.
	report, err := w.engine.SyncOne(t.Context(), "E1")
	require.NoError(t, err)
	assert.Contains(t, report.Plan.String(), "seats are counted in runs for everybody (rule eng.seats)")
	assert.Len(t, holders(w, group("engineering")), 2)

	// A seat that a leaver gives up is free in the run after.
	everybody[3].Status = source.Terminated
	w.people.Set(everybody...)
	_, err = w.engine.Sync(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"E2"}, holders(w, group("engineering")))
	w.sync()
	assert.ElementsMatch(t, []string{"E2", "E1"}, holders(w, group("engineering")))
}

// Plans that were made side by side do not each give the same seats.
func TestOldPlansDoNotOverdrawSeats(t *testing.T) {
	for _, asFile := range []bool{false, true} {
		w := newWorldOf(t, seats(2))
		everybody := staff(3)
		for i := range everybody {
			everybody[i].Department = source.Named("Legal")
		}
		w.people.Set(everybody...)
		w.sync()
		for i := range everybody {
			everybody[i].Department = source.Named("Engineering")
			everybody[i].HireDate = day(2020+i, 1, 1)
		}
		w.people.Set(everybody...)
		first := w.plan() // for the first two
		everybody[2].HireDate = day(2001, 1, 1)
		w.people.Set(everybody...)
		w.now = w.now.Add(time.Minute)
		second := w.plan()
		for _, plan := range []*provision.Plan{second, first, second, first} {
			if asFile {
				plan = stored(t, plan)
			}
			_, err := w.engine.Apply(t.Context(), plan, nil)
			require.NoError(t, err)
			assert.Len(t, holders(w, group("engineering")), 2)
		}
	}
}

func TestSeatsAndApprovals(t *testing.T) {
	w := newWorldOf(t, func(s *rules.Spec) {
		s.Budgets = []rules.Budget{{ID: "money.seats", Roles: []string{"app/group:money"}, Seats: 1}}
	})
	w.people.Set(person("ana", "Legal", "Treasurer"), person("bo", "Legal", "Treasurer"))
	w.sync()
	plan := w.plan()
	held := holdsOf(plan, reconcile.NeedsApproval)
	require.Len(t, held, 2)
	require.NoError(t, desk(w).Submit(t.Context(), plan))
	for _, h := range held {
		require.NoError(t, desk(w).Approve(t.Context(), h.Change.ID, provision.Decision{Actor: "cfo"}))
	}
	report, err := w.engine.Apply(t.Context(), plan, nil)
	require.NoError(t, err)
	assert.Equal(t, []string{"ana"}, holders(w, group("money")))
	assert.Contains(t, report.String(), "the seat of group:money is taken (rule money.seats)")
	w.sync()
	assert.Equal(t, []string{"ana"}, holders(w, group("money")))
}

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

func TestRehiresAreAskedAbout(t *testing.T) {
	w := newWorldOf(t, func(s *rules.Spec) {
		s.Targets[0].Lifecycle.Rehire = rules.Rehire{Within: 5}
		s.Targets[0].Lifecycle.DeleteAfter = 0
	})
	ana := person("ana", "Sales", "")
	come := func(days int, status source.Status) {
		w.now = w.now.AddDate(0, 0, days)
		if ana.Status = status; status == source.Active {
			ana.HireDate = source.DateOf(w.now)
		}
		w.people.Set(ana)
		w.sync()
	}
	come(0, source.Active)
	come(1, source.Terminated)
	come(5, source.Active)
	assert.Equal(t, target.Enabled, w.account("ana").State)
	come(1, source.Terminated)
	come(6, source.Active)
	assert.Equal(t, target.Disabled, w.account("ana").State)
	held := holdsOf(w.plan(), reconcile.NeedsApproval)
	require.Len(t, held, 1)
	assert.Contains(t, held[0].Reasons[0].Text, "more than 5 days ago (rule lifecycle.app)")
	require.NoError(t, desk(w).Approve(t.Context(), held[0].Change.ID, provision.Decision{Actor: "hr"}))
	w.sync()
	assert.Equal(t, target.Enabled, w.account("ana").State)
}

func TestRulesProtect(t *testing.T) {
	protecting := func(cond rules.Cond, who ...string) func(*rules.Spec) {
		return func(s *rules.Spec) { s.Protect = []rules.Protection{{ID: "glass", Who: who, When: cond}} }
	}
	t.Run("by name, also who is not listed", func(t *testing.T) {
		w := newWorldOf(t, protecting(rules.Cond{}, "root"))
		root := person("root", "Sales", "")
		w.people.Set(append(staff(20), root)...)
		w.sync()
		root.Status = source.Terminated
		w.people.Put(root)
		w.sync()
		for range 3 {
			w.now = w.now.AddDate(0, 0, 4)
			w.people.Set(staff(20)...)
			w.sync()
		}
		assert.Equal(t, target.Enabled, w.account("root").State)
		assert.Equal(t, []target.Entitlement{group("sales")}, w.account("root").Entitlements)
		assert.Contains(t, w.plan().String(), "protected by the rules")
	})
	t.Run("by condition, also at the time of an old plan", func(t *testing.T) {
		w := newWorldOf(t, protecting(rules.JobTitle.Is("Keeper")))
		ana := person("ana", "Sales", "Clerk")
		w.people.Set(ana)
		w.sync()
		ana.Status = source.Terminated
		w.people.Set(ana)
		old := stored(t, w.plan())
		ana.JobTitle = "Keeper"
		w.people.Set(ana)
		one, err := w.engine.PlanOne(t.Context(), "ana")
		require.NoError(t, err)
		assert.Contains(t, one.String(), "protected by the rules")
		report, err := w.engine.Apply(t.Context(), old, nil)
		require.NoError(t, err)
		assert.NotZero(t, report.Counts()[provision.Stale])
		assert.Equal(t, target.Enabled, w.account("ana").State)
		ana.JobTitle = "Clerk"
		w.people.Set(ana)
		w.sync()
		assert.Equal(t, target.Disabled, w.account("ana").State)
	})
}
