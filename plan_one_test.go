package provision_test

import (
	"errors"
	"fmt"
	"sync"
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

func methods(calls []memtarget.Call) map[string]int {
	out := map[string]int{}
	for _, c := range calls {
		out[c.Method]++
	}
	return out
}

func TestOnePersonCostsOneReadAndOneFind(t *testing.T) {
	w := newWorld(t, nil)
	everybody := staff(200)
	for i := range everybody {
		everybody[i].Manager.ID = "E0000"
	}
	w.people.Set(everybody...)
	w.sync()
	w.app.ForgetCalls()
	lists, reads := w.people.Calls()

	everybody[7].JobTitle = "Chief"
	w.people.Put(everybody[7])
	report, err := w.engine.SyncOne(t.Context(), "E0007")
	require.NoError(t, err)
	require.NoError(t, report.Err())
	assert.Equal(t, "Chief", w.account("E0007").Attributes.Get("title"))
	assert.Equal(t, map[string]int{"Find": 1, "Update": 1}, methods(w.app.Calls()))
	l, r := w.people.Calls()
	assert.Equal(t, 0, l-lists)
	assert.Equal(t, 1, r-reads)

	// A changed reference costs one more: the new manager's account.
	w.app.ForgetCalls()
	everybody[7].Manager.ID = "E0001"
	w.people.Put(everybody[7])
	_, err = w.engine.SyncOne(t.Context(), "E0007")
	require.NoError(t, err)
	assert.LessOrEqual(t, methods(w.app.Calls())["Find"], 3)
	assert.Equal(t, w.account("E0001").ID, w.account("E0007").Attributes.Get("manager"))
}

func TestOneLeaverAtOnce(t *testing.T) {
	w := newWorld(t, nil)
	everybody := staff(30)
	w.people.Set(everybody...)
	w.sync()
	everybody[4].Status = source.Terminated
	w.people.Put(everybody[4])
	report, err := w.engine.SyncOne(t.Context(), "E0004")
	require.NoError(t, err)
	require.NoError(t, report.Err())
	assert.Equal(t, target.Disabled, w.account("E0004").State)
	assert.Empty(t, w.account("E0004").Entitlements)
	assert.True(t, w.plan().NothingToDo())

	// Forged and repeated hints do no harm.
	w.app.ForgetCalls()
	for range 3 {
		_, err = w.engine.SyncOne(t.Context(), "E0004")
		require.NoError(t, err)
	}
	assert.Empty(t, w.app.Writes())
}

// For the race detector: nothing is remembered yet, and nobody has to ask the
// journal for a native id first.
func TestFirstLooksAtOnce(t *testing.T) {
	spec := companyRules()
	spec.Targets[0].Attributes = []rules.Attribute{{Set: "displayName", To: rules.DisplayName}}
	spec.Targets[0].Lifecycle.Handover = false
	w := newWorld(t, func(c *provision.Config) { c.Rules = build(t, spec) })
	w.people.Set(staff(8)...)
	var all sync.WaitGroup
	for _, p := range staff(8) {
		all.Go(func() {
			plan, err := w.engine.PlanOne(t.Context(), p.ID)
			assert.NoError(t, err)
			assert.False(t, plan.NothingToDo())
		})
	}
	all.Wait()
}

func TestNotInTheSourceProvesNothing(t *testing.T) {
	w := newWorld(t, nil)
	w.people.Set(staff(3)...)
	w.sync()
	w.people.Remove("E0001")
	report, err := w.engine.SyncOne(t.Context(), "E0001")
	require.NoError(t, err)
	require.NoError(t, report.Err())
	assert.Empty(t, report.Results)
	require.Len(t, report.Findings, 1)
	assert.Equal(t, provision.CodeNotInSource, report.Findings[0].Code)
	assert.Equal(t, target.Enabled, w.account("E0001").State)
	_, err = w.engine.SyncOne(t.Context(), "")
	require.ErrorContains(t, err, "the identity is empty")
	_, err = w.engine.Explain(t.Context(), "E0001")
	require.ErrorIs(t, err, source.ErrNotFound)

	w.people.Break(memsource.Fault{ReadErr: errors.New("gateway timeout")})
	_, err = w.engine.SyncOne(t.Context(), "E0000")
	require.ErrorContains(t, err, "gateway timeout")
	w.people.Break(memsource.Fault{ReadErr: source.ErrListOnly})
	_, err = w.engine.SyncOne(t.Context(), "E0000")
	require.NoError(t, err, "a source that can only be listed is listed")
}

func TestOneAdopts(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) { c.Policy.Adopt = []string{"userName"} })
	id := w.app.Put(target.Account{State: target.Enabled, Attributes: target.Attrs(map[string]string{
		"userName": "ANA@acme.example", "title": "old",
	})})
	w.people.Set(person("ana", "Sales", "Seller"))
	report, err := w.engine.SyncOne(t.Context(), "ana")
	require.NoError(t, err)
	require.NoError(t, report.Err())
	a := w.account("ana")
	assert.Equal(t, id, a.ID)
	assert.Equal(t, "Seller", a.Attributes.Get("title"))
	assert.True(t, w.plan().NothingToDo())
}

func TestTargetWithoutKeys(t *testing.T) {
	caps := memtarget.Everything()
	caps.Keys, caps.FindKey, caps.SetKey = false, false, false
	app := memtarget.New("app", &memtarget.Config{Capabilities: &caps})
	app.AddEntitlements(group("engineering"), group("sales"), group("money"))
	w := newWorld(t, func(c *provision.Config) { c.Targets = []target.Target{app} })
	w.app = app
	ana, bo := person("ana", "Sales", "Seller"), person("bo", "Sales", "Boss")
	ana.Manager.ID = "bo"
	w.people.Set(ana, bo)
	w.sync()
	require.Len(t, app.All(), 2)

	// Another process knows who is who from the journal.
	w.restart()
	assert.True(t, w.plan().NothingToDo(), "%s", w.plan())
	ana.JobTitle = "Seller II"
	w.people.Put(ana)
	report, err := w.engine.SyncOne(t.Context(), "ana")
	require.NoError(t, err)
	require.NoError(t, report.Err())
	ana.Status = source.Terminated
	w.people.Put(ana)
	w.sync()
	require.Len(t, app.All(), 2)
	disabled := 0
	for _, a := range app.All() {
		if a.State == target.Disabled {
			disabled++
			assert.Equal(t, "Seller II", a.Attributes.Get("title"))
		}
	}
	assert.Equal(t, 1, disabled)
}

func TestWhatALeaverIsOwedComesBack(t *testing.T) {
	w := newWorld(t, nil)
	ana := person("ana", "Sales", "Seller")
	ana.Manager.ID = "bo"
	w.people.Set(ana, person("bo", "Sales", ""))
	w.sync()
	w.app.OpenSessions(w.account("ana").ID, 3)
	w.app.FailAlways("EndSessions", &target.Error{Class: target.Permanent, Err: errors.New("maintenance")})
	ana.Status = source.Terminated
	w.people.Put(ana)
	report, err := w.engine.Sync(t.Context())
	require.NoError(t, err)
	require.ErrorContains(t, report.Err(), "maintenance")
	assert.Equal(t, target.Disabled, w.account("ana").State)
	assert.Equal(t, 3, w.app.Sessions(w.account("ana").ID))

	w.app.Repair()
	w.restart() // the memory is in the journal
	assert.Equal(t, []string{"end-sessions ana"}, removals(w.plan()))
	w.sync()
	assert.Zero(t, w.app.Sessions(w.account("ana").ID))

	// Somebody who is back before it was done is not thrown out.
	bo := person("bo", "Sales", "")
	bo.Status = source.Terminated
	w.people.Put(bo)
	w.app.FailAlways("EndSessions", &target.Error{Class: target.Permanent, Err: errors.New("maintenance")})
	_, err = w.engine.Sync(t.Context())
	require.NoError(t, err)
	w.app.Repair()
	bo.Status = source.Active
	w.people.Put(bo)
	report = w.sync()
	assert.Contains(t, report.Plan.String(), "bo")
	assert.Empty(t, removals(w.plan()))
	bo.JobTitle = "Boss"
	w.people.Put(bo)
	w.sync()
	for _, f := range w.plan().Findings {
		assert.NotEqual(t, reconcile.CodeObligation, f.Code, "it was dropped for good")
	}
}

func TestRunsSideBySide(t *testing.T) {
	w := newWorld(t, nil)
	everybody := staff(60)
	w.people.Set(everybody...)
	w.sync()
	w.now = w.now.AddDate(0, 0, 2)
	var all sync.WaitGroup
	for i := range 8 {
		everybody[i].JobTitle = "Moved"
		w.people.Put(everybody[i])
		all.Go(func() {
			_, err := w.engine.SyncOne(t.Context(), everybody[i].ID)
			assert.NoError(t, err)
		})
	}
	all.Go(func() {
		_, err := w.engine.Sync(t.Context())
		assert.NoError(t, err)
	})
	all.Wait()
	w.sync()
	for i := range 8 {
		assert.Equal(t, "Moved", w.account(everybody[i].ID).Attributes.Get("title"))
	}
	assert.Len(t, w.app.All(), 60)
}

func TestPushesForOnePersonKeepTheLastWord(t *testing.T) {
	w := newWorld(t, nil)
	w.people.Set(staff(3)...)
	w.sync()
	for round := range 50 {
		var all sync.WaitGroup
		for n := range 4 {
			all.Go(func() {
				p := person("E0001", "Sales", fmt.Sprintf("Grade %d-%d", round, n))
				w.people.Put(p)
				report, err := w.engine.SyncOne(t.Context(), "E0001")
				if assert.NoError(t, err) {
					assert.NoError(t, report.Err())
				}
			})
		}
		all.Wait()
		last, err := w.people.Identity(t.Context(), "E0001")
		require.NoError(t, err)
		require.Equal(t, last.JobTitle, w.account("E0001").Attributes.Get("title"))
	}
}

func TestWholeRunsTakeTurns(t *testing.T) {
	can := memtarget.Everything()
	can.IdempotentCreate = false
	for i := range can.Attributes {
		can.Attributes[i].Unique = false // a second create would succeed
	}
	app := memtarget.New("app", &memtarget.Config{Capabilities: &can})
	app.AddEntitlements(group("engineering"), group("sales"), group("money"))
	w := newWorld(t, func(c *provision.Config) { c.Targets = []target.Target{app} })
	w.people.Set(staff(40)...)
	first, second := w.plan(), w.plan()
	var all sync.WaitGroup
	for _, plan := range []*provision.Plan{first, second, first} {
		all.Go(func() {
			report, err := w.engine.Apply(t.Context(), plan, nil)
			if assert.NoError(t, err) {
				assert.NoError(t, report.Err())
			}
		})
	}
	for i := range 40 {
		all.Go(func() {
			_, err := w.engine.SyncOne(t.Context(), fmt.Sprintf("E%04d", i))
			assert.NoError(t, err)
		})
	}
	all.Wait()
	assert.Len(t, app.All(), 40, "nobody was created twice")
}

func TestTwoAccountsForOnePerson(t *testing.T) {
	spec := companyRules()
	admin := spec.Targets[0]
	admin.Slot, admin.Account = "admin", rules.JobTitle.Is("SRE")
	admin.Attributes = []rules.Attribute{{Set: "userName", To: rules.Join("", rules.Text("admin-"), rules.WorkEmail), Apply: target.CreateOnly}}
	spec.Targets = append(spec.Targets, admin)
	spec.Grants = append(spec.Grants, rules.Grant{ID: "root", When: rules.JobTitle.Is("SRE"), Give: []string{"app~admin/group:money"}})
	w := newWorld(t, func(c *provision.Config) { c.Rules = build(t, spec) })
	ana := person("ana", "Engineering", "SRE")
	w.people.Set(ana)
	w.sync()
	require.Len(t, w.app.All(), 2)
	root := w.app.ByKey(target.Key{Identity: "ana", Slot: "admin"})
	require.Len(t, root, 1)
	assert.Equal(t, "admin-ana@acme.example", root[0].Attributes.Get("userName"))
	assert.Equal(t, []target.Entitlement{group("money")}, root[0].Entitlements)
	ana.Status = source.Terminated
	w.people.Set(ana)
	_, err := w.engine.SyncOne(t.Context(), "ana")
	require.NoError(t, err)
	for key, state := range w.states() {
		assert.Equal(t, target.Disabled, state, key)
	}
}

func TestOnePersonAndTheCatalogue(t *testing.T) {
	spec := companyRules()
	spec.Grants = append(spec.Grants, rules.Grant{ID: "new", When: rules.JobTitle.Is("Scout"), Give: []string{"app/group:scouts"}})
	w := newWorld(t, func(c *provision.Config) { c.Rules = build(t, spec) })
	ana := person("ana", "Sales", "Scout")
	w.people.Set(ana)

	// A group that does not exist and may not be made is a finding, not a failure.
	report, err := w.engine.SyncOne(t.Context(), "ana")
	require.NoError(t, err)
	require.NoError(t, report.Err())
	assert.Contains(t, report.Plan.String(), "group:scouts")
	assert.Equal(t, []target.Entitlement{group("sales")}, w.account("ana").Entitlements)

	// One that may be made is made first.
	w.config.Policy.CreateEntitlements = true
	w.restart()
	report, err = w.engine.SyncOne(t.Context(), "ana")
	require.NoError(t, err)
	require.NoError(t, report.Err())
	assert.Equal(t, []target.Entitlement{group("sales"), group("scouts")}, w.account("ana").Entitlements)

	// Known groups cost no listing.
	w.people.Put(person("bo", "Engineering", "Scout"))
	_, err = w.engine.SyncOne(t.Context(), "bo")
	require.NoError(t, err)
	w.app.ForgetCalls()
	w.people.Put(person("cy", "Engineering", "Scout"))
	_, err = w.engine.SyncOne(t.Context(), "cy")
	require.NoError(t, err)
	assert.Zero(t, methods(w.app.Calls())["Entitlements"])
	assert.Equal(t, []target.Entitlement{group("engineering"), group("scouts")}, w.account("cy").Entitlements)

	w.app.FailAlways("Entitlements", errors.New("no route"))
	w.restart()
	w.people.Put(person("di", "Engineering", "Scout"))
	report, err = w.engine.SyncOne(t.Context(), "di")
	require.NoError(t, err)
	require.ErrorContains(t, report.Err(), "read entitlements of app")
}

func TestOnePersonWithAnUnknownManager(t *testing.T) {
	w := newWorld(t, nil)
	ana := person("ana", "Sales", "Seller")
	ana.Manager.ID = "nobody"
	w.people.Set(ana)
	for range 3 {
		report, err := w.engine.SyncOne(t.Context(), "ana")
		require.NoError(t, err)
		require.NoError(t, report.Err())
		assert.Contains(t, report.Plan.String(), "manager of 1 person has no account here")
	}
	plan, err := w.engine.PlanOne(t.Context(), "ana")
	require.NoError(t, err)
	assert.True(t, plan.NothingToDo(), "%s", plan)
	assert.Empty(t, w.account("ana").Attributes.Get("manager"))

	// A leaver whose manager has no account is still let go.
	ana.Status = source.Terminated
	w.people.Set(ana)
	report, err := w.engine.SyncOne(t.Context(), "ana")
	require.NoError(t, err)
	require.NoError(t, report.Err())
	assert.Equal(t, target.Disabled, w.account("ana").State)
}

func TestACreateOfUnknownOutcomeIsNotRepeated(t *testing.T) {
	can := memtarget.Everything()
	can.Keys, can.FindKey, can.SetKey, can.IdempotentCreate = false, false, false, false
	for i := range can.Attributes {
		can.Attributes[i].Unique = false // nothing tells accounts apart
	}
	app := memtarget.New("app", &memtarget.Config{Capabilities: &can})
	app.AddEntitlements(group("engineering"), group("sales"), group("money"))
	w := newWorld(t, func(c *provision.Config) { c.Targets = []target.Target{app} })
	w.people.Set(person("ana", "Legal", ""), person("bo", "Legal", ""))
	app.Inject(memtarget.Fault{Method: "Create", Times: 1, AfterCommit: true})
	report, err := w.engine.Sync(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, report.Counts()[provision.Unconfirmed])
	require.Len(t, app.All(), 2)
	for range 2 {
		w.now = w.now.AddDate(0, 0, 1)
		_, err = w.engine.Sync(t.Context())
		require.NoError(t, err)
		assert.Len(t, app.All(), 2, "nobody was created twice")
		w.restart()
	}
	pending, err := desk(w).Pending(t.Context())
	require.NoError(t, err)
	require.Len(t, pending, 1)
	assert.Contains(t, pending[0].String(), "may have made")

	// A create that the target refused leaves no doubt.
	w.people.Put(person("cy", "Legal", ""))
	app.FailNext("Create", &target.Error{Class: target.Permanent, Err: errors.New("bad day")})
	_, err = w.engine.Sync(t.Context())
	require.NoError(t, err)
	w.now = w.now.Add(5 * time.Minute) // what failed waits
	report, err = w.engine.Sync(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 1, report.Counts()[provision.Done])
	assert.Len(t, app.All(), 3)
}

// A create for one person of which nobody can tell how it ended is not repeated by the
// whole plan that was made before it.
func TestAWholePlanLooksForWhatARunForOneMayHaveMade(t *testing.T) {
	can := memtarget.Everything()
	can.IdempotentCreate = false
	for i := range can.Attributes {
		can.Attributes[i].Unique = false // nothing but the key tells accounts apart
	}
	app := memtarget.New("app", &memtarget.Config{Capabilities: &can})
	w := newWorld(t, func(c *provision.Config) { c.Targets = []target.Target{app} })
	app.AddEntitlements(group("engineering"), group("sales"), group("money"))
	w.people.Set(staff(2)...)
	plan := w.plan()
	unclear := target.Fail(target.Unclear, errors.New("timeout"))
	one, err := w.engine.PlanOne(t.Context(), "E0000")
	require.NoError(t, err)
	app.Inject(memtarget.Fault{Method: "Create", Times: 1, AfterCommit: true, Err: unclear})
	app.Inject(memtarget.Fault{Method: "Find", Times: 20, Err: unclear})
	report, err := w.engine.Apply(t.Context(), one, nil)
	require.NoError(t, err)
	require.Equal(t, provision.Unconfirmed, report.Results[0].Outcome)
	app.Repair()
	_, err = w.engine.Apply(t.Context(), plan, nil)
	require.NoError(t, err)
	assert.Len(t, app.ByKey(target.Key{Identity: "E0000"}), 1)
	assert.Len(t, app.ByKey(target.Key{Identity: "E0001"}), 1)
}

// Two runs whose creates were both turned away make one account when they try again: the
// second looks, because the first has written meanwhile.
func TestRunsThatBothTryAgainMakeOneAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		can := memtarget.Everything()
		can.IdempotentCreate = false
		for i := range can.Attributes {
			can.Attributes[i].Unique = false // nothing but the key tells accounts apart
		}
		app := memtarget.New("app", &memtarget.Config{Capabilities: &can})
		w := newWorld(t, func(c *provision.Config) {
			c.Targets, c.Clock, c.Retry = []target.Target{app}, nil, provision.Retry{}
		})
		app.AddEntitlements(group("engineering"), group("sales"), group("money"))
		ana := staff(1)[0]
		ana.HireDate = day(1999, 1, 1) // a bubble begins in 2000
		w.people.Set(ana)
		app.Inject(memtarget.Fault{Method: "Create", Times: 2, Err: target.Fail(target.NotSent, errors.New("busy"))})
		var both sync.WaitGroup
		for _, run := range []func() (*provision.Plan, error){
			func() (*provision.Plan, error) { return w.engine.Plan(t.Context()) },
			func() (*provision.Plan, error) { return w.engine.PlanOne(t.Context(), "E0000") },
		} {
			plan, err := run()
			require.NoError(t, err)
			both.Go(func() {
				_, err := w.engine.Apply(t.Context(), plan, nil)
				assert.NoError(t, err)
			})
		}
		both.Wait()
		assert.Len(t, app.ByKey(target.Key{Identity: "E0000"}), 1)
	})
}
