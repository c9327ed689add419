package provision_test

import (
	"context"
	"errors"
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

func TestNewNamesEverythingThatIsWrong(t *testing.T) {
	app := memtarget.New("app", nil)
	set := build(t, companyRules())
	can := memtarget.Everything()
	can.Keys = false
	keyless := memtarget.New("app", &memtarget.Config{Capabilities: &can})
	for name, test := range map[string]struct {
		config provision.Config
		want   []string
	}{
		"empty":          {provision.Config{}, []string{"Source is not set", "Rules is not set", "Targets is empty"}},
		"no rules":       {provision.Config{Source: memsource.New("hr"), Rules: set, Targets: []target.Target{app, memtarget.New("crm", nil)}}, []string{`nothing about target "crm"`}},
		"no target":      {provision.Config{Source: memsource.New("hr"), Rules: set, Targets: []target.Target{memtarget.New("ap", nil)}}, []string{`target "app", which is not in Targets`, `nothing about target "ap"`}},
		"twice":          {provision.Config{Source: memsource.New("hr"), Rules: set, Targets: []target.Target{app, app}}, []string{`two targets are named "app"`}},
		"nil target":     {provision.Config{Source: memsource.New("hr"), Rules: set, Targets: []target.Target{app, nil}}, []string{"Targets[1] is nil"}},
		"no journal":     {provision.Config{Source: memsource.New("hr"), Rules: set, Targets: []target.Target{keyless}}, []string{`target "app" cannot store keys, so Journal must be set`}},
		"unknown rate":   {provision.Config{Source: memsource.New("hr"), Rules: set, Targets: []target.Target{app}, Rates: map[string]provision.Rate{"crm": {PerSecond: 1}}}, []string{`Rates names target "crm"`}},
		"no rate":        {provision.Config{Source: memsource.New("hr"), Rules: set, Targets: []target.Target{app}, Rates: map[string]provision.Rate{"app": {Burst: 3}}}, []string{`Rates["app"].PerSecond is 0`}},
		"unknown policy": {provision.Config{Source: memsource.New("hr"), Rules: set, Targets: []target.Target{app}, Policies: map[string]reconcile.Policy{"crm": {}}}, []string{`Policies names target "crm"`}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := provision.New(test.config)
			require.ErrorIs(t, err, provision.ErrConfig)
			for _, want := range test.want {
				assert.ErrorContains(t, err, want)
			}
		})
	}
}

func TestPeopleComeMoveAndGo(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) { c.Policy.Gap = -1 }) // it runs when something happens
	ana, bo, cy := person("ana", "Engineering", "Engineer"), person("bo", "Sales", "Seller"), person("cy", "Sales", "Head of Sales")
	bo.Manager.ID, ana.Manager.ID = "cy", "cy"
	w.people.Set(ana, bo, cy)
	report := w.sync()
	assert.Equal(t, 6, report.Counts()[provision.Done], "3 creates and 3 grants")
	a := w.account("ana")
	assert.Equal(t, target.Enabled, a.State)
	assert.Equal(t, []target.Entitlement{group("engineering")}, a.Entitlements)
	assert.Equal(t, w.account("cy").ID, a.Attributes.Get("manager"), "the manager is the native id over there")

	// A mover: one update, one grant, one revoke.
	w.now = w.now.AddDate(0, 0, 1)
	bo.Department, bo.JobTitle = source.Named("Engineering"), "Sales Engineer"
	w.people.Put(bo)
	w.sync()
	b := w.account("bo")
	assert.Equal(t, []target.Entitlement{group("engineering")}, b.Entitlements)
	assert.Equal(t, "Sales Engineer", b.Attributes.Get("title"))

	// A leaver: disabled, sessions ended, groups gone, things handed over.
	w.app.OpenSessions(b.ID, 2)
	w.app.Own(b.ID, "pipeline.xlsx")
	w.now = w.now.AddDate(0, 0, 1)
	bo.Status, bo.TerminationDate = source.Terminated, day(2026, 3, 2)
	w.people.Put(bo)
	report = w.sync()
	for _, r := range report.Results {
		if r.Change.Action == reconcile.Disable || r.Change.Action == reconcile.Revoke {
			assert.Equal(t, provision.Confirmed, r.Verified, "%s is read back", r.Change.Action)
		}
		assert.Equal(t, reconcile.Leaver, r.Change.Reason)
	}
	b = w.account("bo")
	assert.Equal(t, target.Disabled, b.State)
	assert.Empty(t, b.Entitlements)
	assert.Zero(t, w.app.Sessions(b.ID))
	assert.Equal(t, []string{"pipeline.xlsx"}, w.app.Owned(w.account("cy").ID))

	// A rehire gets the same account back.
	w.now = w.now.AddDate(0, 0, 10)
	bo.Status, bo.HireDate, bo.OriginalHireDate = source.Active, day(2026, 3, 10), day(2020, 1, 1)
	w.people.Put(bo)
	report = w.sync()
	again := w.account("bo")
	assert.Equal(t, b.ID, again.ID)
	assert.Equal(t, target.Enabled, again.State)
	assert.Equal(t, []target.Entitlement{group("engineering")}, again.Entitlements)
	assert.Equal(t, reconcile.Rehire, report.Results[0].Change.Reason)

	// And leaves for good: deleted after 30 days.
	bo.Status, bo.TerminationDate = source.Terminated, day(2026, 3, 20)
	w.people.Put(bo)
	w.now = time.Date(2026, 3, 21, 9, 0, 0, 0, time.UTC)
	w.sync()
	w.now = time.Date(2026, 4, 18, 9, 0, 0, 0, time.UTC)
	w.sync()
	assert.Len(t, w.app.ByKey(target.Key{Identity: "bo"}), 1, "30 days are not over")
	w.now = time.Date(2026, 4, 19, 10, 0, 0, 0, time.UTC)
	w.sync()
	assert.Empty(t, w.app.ByKey(target.Key{Identity: "bo"}))
}

func TestAbsenceIsNotAnInstruction(t *testing.T) {
	settled := func(t *testing.T) (*world, []source.Identity) {
		w := newWorld(t, nil)
		everybody := staff(60)
		w.people.Set(everybody...)
		w.sync()
		w.now = w.now.AddDate(0, 0, 7)
		return w, everybody
	}
	t.Run("the source dies while it is read", func(t *testing.T) {
		w, _ := settled(t)
		w.people.Break(memsource.Fault{After: 10, ListErr: errors.New("connection reset")})
		_, err := w.engine.Plan(t.Context())
		require.ErrorContains(t, err, "connection reset")
		_, err = w.engine.Sync(t.Context())
		require.ErrorContains(t, err, "read hr")
		w.people.Break(memsource.Fault{})
		assert.True(t, w.plan().NothingToDo())
	})
	t.Run("nobody is listed", func(t *testing.T) {
		w, _ := settled(t)
		w.people.Set()
		for range 5 {
			plan := w.plan()
			assert.Empty(t, removals(plan))
			assert.Contains(t, plan.String(), "empty")
			w.sync()
			w.now = w.now.AddDate(0, 0, 7)
		}
	})
	t.Run("half of them are listed", func(t *testing.T) {
		w, everybody := settled(t)
		w.people.Set(everybody[:30]...)
		for range 5 {
			plan := w.plan()
			assert.Empty(t, removals(plan))
			assert.Len(t, holdsOf(plan, reconcile.NeedsProof), 30)
			w.sync()
			w.now = w.now.AddDate(0, 0, 7)
		}
	})
	t.Run("one is not listed", func(t *testing.T) {
		w, everybody := settled(t)
		w.people.Set(everybody[1:]...)
		assert.Empty(t, removals(w.plan()), "one read proves nothing")
		w.sync()
		w.now = w.now.Add(13 * time.Hour)
		assert.Empty(t, removals(w.plan()), "grace")
		w.sync()
		w.now = w.now.Add(60 * time.Hour)
		assert.Equal(t, []string{"disable E0000"}, removals(w.plan()))
		w.sync()
		assert.Equal(t, target.Disabled, w.account("E0000").State)
		assert.NotEmpty(t, w.account("E0000").Entitlements, "a person who is missing is no leaver")
		w.people.Set(everybody...)
		w.sync()
		assert.Equal(t, target.Enabled, w.account("E0000").State)
	})
	t.Run("one comes and goes", func(t *testing.T) {
		w, everybody := settled(t)
		for range 6 { // every second read lists everybody
			w.people.Set(everybody[1:]...)
			assert.Empty(t, removals(w.plan()))
			w.sync()
			w.now = w.now.AddDate(0, 0, 4)
			w.people.Set(everybody...)
			w.sync()
			w.now = w.now.AddDate(0, 0, 4)
		}
	})
	t.Run("a plan that is applied twice is one read", func(t *testing.T) {
		w, everybody := settled(t)
		w.config.Policy.Absence = reconcile.Absence{Reads: 3, Apart: time.Hour, Grace: time.Hour}
		w.restart()
		w.people.Set(everybody[1:]...)
		plan := w.plan()
		for range 3 {
			_, err := w.engine.Apply(t.Context(), plan, nil)
			require.NoError(t, err)
		}
		w.now = w.now.Add(2 * time.Hour)
		assert.Empty(t, removals(w.plan()), "this is the second read")
		_, err := w.engine.Sync(t.Context())
		require.NoError(t, err)
		w.now = w.now.Add(2 * time.Hour)
		assert.Equal(t, []string{"disable E0000"}, removals(w.plan()), "and this the third")
	})
	t.Run("columns are gone", func(t *testing.T) {
		for name, lose := range map[string]func(*source.Identity){
			"status":     func(i *source.Identity) { i.Status = source.Unknown },
			"department": func(i *source.Identity) { i.Department = source.Ref{} },
			"e-mail":     func(i *source.Identity) { i.WorkEmail = "" },
			"hire date":  func(i *source.Identity) { i.HireDate = source.Date{} },
			"all":        func(i *source.Identity) { *i = source.Identity{ID: i.ID} },
		} {
			w, everybody := settled(t)
			for i := range everybody {
				lose(&everybody[i])
			}
			w.people.Set(everybody...)
			plan := w.plan()
			assert.Empty(t, removals(plan), name)
			assert.True(t, plan.NothingToDo(), "%s:\n%s", name, plan)
		}
	})
	t.Run("one id comes twice", func(t *testing.T) {
		w, everybody := settled(t)
		impostor := everybody[3]
		impostor.Status = source.Terminated
		w.people.Set(append(everybody, impostor)...)
		plan := w.plan()
		assert.True(t, plan.NothingToDo(), "%s", plan)
		assert.Contains(t, plan.String(), "E0003")
	})
	t.Run("a row belongs to nobody", func(t *testing.T) {
		w, everybody := settled(t)
		rows := append([]source.Identity{{Findings: []source.Finding{{Code: source.CodeBadRow, Message: "3 fields instead of 9"}}}}, everybody[1:]...)
		w.people.Set(rows...)
		for range 4 {
			assert.Empty(t, removals(w.plan()))
			w.sync()
			w.now = w.now.AddDate(0, 0, 7)
		}
	})
}

func TestTargetsStandAlone(t *testing.T) {
	spec := companyRules()
	crm := spec.Targets[0]
	crm.Target, crm.Attributes = "crm", []rules.Attribute{{Set: "userName", To: rules.WorkEmail}}
	crm.Account = rules.Department.Is("Sales")
	spec.Targets = append(spec.Targets, crm)
	other := memtarget.New("crm", nil)
	w := newWorld(t, func(c *provision.Config) {
		c.Rules = build(t, spec)
		c.Targets = append(c.Targets, other)
	})
	w.people.Set(person("ana", "Engineering", ""), person("bo", "Sales", ""))
	w.sync()
	require.Len(t, other.All(), 1)
	assert.Equal(t, "bo", other.All()[0].Key.Identity)

	// One that cannot be read is said to be so, and the other goes on.
	w.people.Put(person("cy", "Sales", ""))
	other.FailAlways("Accounts", &target.Error{Class: target.Fatal, Err: errors.New("key revoked")})
	plan := w.plan()
	assert.False(t, plan.NothingToDo())
	assert.Contains(t, plan.String(), "crm: not planned: read crm: ")
	report, err := w.engine.Apply(t.Context(), plan, nil)
	require.NoError(t, err)
	require.ErrorContains(t, report.Err(), "key revoked")
	assert.Equal(t, target.Enabled, w.account("cy").State)
	assert.Len(t, other.All(), 1)

	// A run may be limited to some targets.
	other.Repair()
	w.people.Put(person("di", "Sales", ""))
	report, err = w.engine.Apply(t.Context(), w.plan(), &provision.ApplyOptions{Targets: []string{"crm"}})
	require.NoError(t, err)
	require.NoError(t, report.Err())
	assert.Len(t, other.All(), 3)
	assert.Empty(t, w.app.ByKey(target.Key{Identity: "di"}))
	_, err = w.engine.Apply(t.Context(), w.plan(), &provision.ApplyOptions{Targets: []string{"erp"}})
	require.ErrorIs(t, err, provision.ErrUnknownTarget)
}

func TestForecastIsForReading(t *testing.T) {
	w := newWorld(t, nil)
	leaver := person("ana", "Engineering", "")
	leaver.LastDay = day(2026, 3, 31)
	w.people.Set(leaver, person("bo", "Sales", ""))
	w.sync()
	today := w.plan().Targets[0]
	assert.Equal(t, time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC), today.Next.UTC())

	ahead, err := w.engine.PlanAt(t.Context(), w.now.AddDate(0, 1, 0))
	require.NoError(t, err)
	assert.Contains(t, removals(ahead), "disable ana")
	_, err = w.engine.Apply(t.Context(), ahead, nil)
	require.ErrorIs(t, err, provision.ErrForecast)
	assert.Equal(t, target.Enabled, w.account("ana").State)
}

func TestFirstRunTakesNothingAway(t *testing.T) {
	w := newWorld(t, nil)
	w.people.Set(staff(20)...)
	for _, p := range staff(20) {
		w.app.Put(target.Account{
			Key: target.Key{Identity: p.ID}, State: target.Enabled,
			Attributes:   target.Attrs(map[string]string{"userName": p.WorkEmail}),
			Entitlements: []target.Entitlement{group("money"), group("sales")},
		})
	}
	left := person("E0001", "Sales", "")
	left.Status = source.Terminated
	w.people.Put(left)
	plan := w.plan()
	assert.Equal(t, []string{"disable E0001", "end-sessions E0001", "revoke E0001", "revoke E0001"}, removals(plan),
		"a proven leaver does not wait for anybody")
	assert.NotEmpty(t, holdsOf(plan, reconcile.Guarded))
}

func TestAJoinerAnHourAfterTheFirstRun(t *testing.T) {
	w := newWorld(t, nil)
	w.people.Set(staff(400)...)
	w.sync()
	w.now = w.now.Add(time.Hour)
	w.people.Put(person("late", "Sales", ""))
	w.sync()
	assert.Equal(t, target.Enabled, w.account("late").State)
}

func TestARolloutThatBreaksOffGoesOn(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) { c.Concurrency = 1 }) // no create is on its way besides the fatal one
	w.people.Set(staff(700)...)
	w.app.Inject(memtarget.Fault{Method: "Create", Times: 1, Key: target.Key{Identity: "E0060"}, Err: target.ErrFatal})
	report, err := w.engine.Sync(t.Context())
	require.NoError(t, err)
	require.ErrorIs(t, report.Err(), target.ErrFatal)
	require.Len(t, w.app.All(), 60)
	w.now = w.now.Add(time.Hour)
	w.sync()
	assert.Len(t, w.app.All(), 700)
	assert.NotEmpty(t, w.account("E0699").Entitlements)

	// From now on it is no first run any more, and removals need no consent.
	w.now = w.now.Add(time.Hour)
	mover := staff(700)[1]
	mover.Department = source.Named("Engineering")
	w.people.Put(mover)
	w.sync()
	assert.Equal(t, []target.Entitlement{group("engineering")}, w.account("E0001").Entitlements)
}

func TestResultsComeInPlanOrder(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) { c.Policy.Privileged = []target.Entitlement{group("sales")} })
	w.people.Set(person("ana", "Finance", ""))
	w.sync()
	w.now = w.now.Add(time.Hour)
	account := w.account("ana")
	account.Entitlements = []target.Entitlement{group("engineering"), group("sales")}
	w.app.Put(account)
	report := w.sync()
	var revoked []string
	for _, r := range report.Results {
		revoked = append(revoked, r.Change.Entitlement.Name)
	}
	assert.Equal(t, []string{"sales", "engineering"}, revoked, "what is privileged comes first")
}

func TestRatesSpreadTheCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *provision.Config) {
			c.Rates = map[string]provision.Rate{"app": {PerSecond: 10, Burst: 5}}
		})
		w.people.Set(staff(30)...) // 30 creates and 20 grants
		begin := time.Now()
		_, err := w.engine.Sync(t.Context())
		require.NoError(t, err)
		calls := len(w.app.Calls())
		require.GreaterOrEqual(t, calls, 50)
		assert.InDelta(t, float64(calls-5)/10, time.Since(begin).Seconds(), 0.2)
	})
}

func TestCancelledContext(t *testing.T) {
	w := newWorld(t, nil)
	w.people.Set(staff(5)...)
	plan := w.plan()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := w.engine.Plan(ctx)
	require.ErrorIs(t, err, context.Canceled)
	_, err = w.engine.SyncOne(ctx, "E0001")
	require.ErrorIs(t, err, context.Canceled)
	_, err = w.engine.Apply(ctx, plan, nil)
	require.ErrorIs(t, err, context.Canceled)
	assert.Empty(t, w.app.All())
}
