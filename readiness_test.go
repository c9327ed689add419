package provision_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// starter begins so many days after the first of March.
func starter(id string, days int) source.Identity {
	p := person(id, "Sales", "Clerk")
	p.HireDate = day(2026, 3, 1).AddDays(days)
	return p
}

func stateOf(t *testing.T, r *provision.Readiness, id string) provision.StartAccount {
	t.Helper()
	for _, a := range r.Accounts {
		if a.Key.Identity == id {
			return a
		}
	}
	t.Fatalf("%s is not in:\n%s", id, r)
	return provision.StartAccount{}
}

func TestReadiness(t *testing.T) {
	spec := companyRules()
	spec.Targets[0].Lifecycle.PreHire = 3
	w := newWorld(t, func(c *provision.Config) { c.Rules = build(t, spec) })
	w.people.Set(staff(6)...)
	w.sync()

	made := starter("N1", 2)
	w.people.Put(made)
	w.sync()

	refused := starter("N2", 2)
	w.people.Put(refused)
	w.app.Inject(failingCreate("N2", target.Fail(target.Permanent, errors.New("licence used up"))))
	_, err := w.engine.Sync(t.Context())
	require.NoError(t, err)

	money := starter("N3", 2)
	money.JobTitle = "Treasurer"
	nothing := starter("N5", 1)
	nothing.Department = source.Ref{}
	unknown := starter("N7", 1)
	unknown.Status = source.Unknown
	candidate := starter("N8", 1)
	candidate.Status = source.Candidate
	w.people.Put(money, starter("N4", 5), nothing, starter("N6", 8), unknown, candidate, starter("N9", 0))
	r, err := w.engine.Readiness(t.Context(), 7)
	require.NoError(t, err)

	assert.Equal(t, provision.IsReady, stateOf(t, r, "N1").State)
	assert.Equal(t, provision.Troubled, stateOf(t, r, "N2").State)
	assert.Contains(t, stateOf(t, r, "N2").Reasons[0], "create failed at 2026-03-01T12:00:00Z")
	assert.Contains(t, stateOf(t, r, "N2").Reasons[0], "licence used up")
	assert.Equal(t, provision.Waiting, stateOf(t, r, "N3").State)
	assert.Equal(t, []string{"grant group:money: approval by the CFO"}, stateOf(t, r, "N3").Reasons)
	soon := stateOf(t, r, "N4")
	assert.Equal(t, provision.Scheduled, soon.State)
	assert.Equal(t, time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC), soon.Due.UTC())
	assert.Equal(t, provision.LacksData, stateOf(t, r, "N5").State)
	assert.Equal(t, []string{"missing in the source: department"}, stateOf(t, r, "N5").Reasons)
	assert.Equal(t, provision.LacksData, stateOf(t, r, "N7").State)
	assert.Equal(t, provision.Planned, stateOf(t, r, "N9").State, "today")
	for _, a := range r.Accounts {
		assert.NotContains(t, []string{"N6", "N8", "E0001"}, a.Key.Identity)
	}
	open := make([]string, 0, 4)
	for _, a := range r.Open() {
		open = append(open, a.Key.Identity)
	}
	assert.Equal(t, []string{"N5", "N7", "N2", "N3"}, open, "by first day")

	assert.Contains(t, r.String(), "7 accounts of people who start within 7 days, 1 ready, 1 scheduled, 1 planned, 1 held, 1 failed, 2 missing-data\n")
	assert.Contains(t, r.String(), "2026-03-06  scheduled     app  N4@acme.example  N4  due 2026-03-03T00:00:00Z\n")
	text, err := json.Marshal(r)
	require.NoError(t, err)
	assert.Contains(t, string(text), `{"format":1,"at":"2026-03-01T12:00:00Z","days":7,"accounts":[{"target":"app","key":"N9"`)

	w.app.Repair()
	w.now = w.now.Add(5 * time.Minute) // what failed waits
	w.sync()
	r, err = w.engine.Readiness(t.Context(), 7)
	require.NoError(t, err)
	assert.Equal(t, provision.IsReady, stateOf(t, r, "N2").State, "the next run made it")
	_, err = w.engine.Readiness(t.Context(), 0)
	require.Error(t, err)
}

func TestReadinessHeldAccounts(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) {
		c.Policy.Approve = []reconcile.ApprovalRule{{Action: reconcile.Create, By: "HR"}}
		c.Policy.Adopt = []string{"userName"}
	})
	w.people.Set(staff(6)...)
	_, err := w.engine.Sync(t.Context())
	require.NoError(t, err)
	w.people.Put(starter("N1", 2), starter("N2", 2))
	for _, id := range []string{"x1", "x2"} { // which of these is theirs nobody can say
		w.app.Put(target.Account{ID: id, State: target.Enabled, Attributes: target.Attrs(map[string]string{"userName": "N2@acme.example"})})
	}
	r, err := w.engine.Readiness(t.Context(), 7)
	require.NoError(t, err)
	assert.Equal(t, provision.Waiting, stateOf(t, r, "N1").State)
	assert.Contains(t, stateOf(t, r, "N1").Reasons, "create: approval by HR")
	assert.Equal(t, provision.Conflicting, stateOf(t, r, "N2").State, "%s", r)

	w.app.FailAlways("Accounts", errors.New("no route"))
	r, err = w.engine.Readiness(t.Context(), 7)
	require.NoError(t, err)
	assert.Equal(t, provision.TargetUnread, stateOf(t, r, "N1").State)
}

func TestReadinessOfAccountsThatCannotBeMadeBeforehand(t *testing.T) {
	spec := companyRules()
	can := memtargetWithout(func(c *target.Capabilities) { c.CreateDisabled = false })
	w := newWorld(t, func(c *provision.Config) { c.Rules = build(t, spec) })
	w.app = can
	w.config.Targets = []target.Target{can}
	w.restart()
	w.people.Set(staff(6)...)
	w.sync()
	w.people.Put(starter("N1", 2))
	r, err := w.engine.Readiness(t.Context(), 7)
	require.NoError(t, err)
	n1 := stateOf(t, r, "N1")
	assert.Equal(t, provision.Scheduled, n1.State, "%s", r)
	assert.Equal(t, time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC), n1.Due.UTC())
}

// The days are those where somebody works, the last one included.
func TestReadinessCountsDaysWhereSomebodyWorks(t *testing.T) {
	there := func(id string, days int) source.Identity { // where it is the second of March already
		p := starter(id, days)
		p.Location.TimeZone = "Pacific/Auckland"
		return p
	}
	w := newWorld(t, nil)
	w.people.Set(starter("today", 0), starter("last", 7), starter("late", 8), there("begun", 0), there("today-there", 1), there("last-there", 8), there("late-there", 9))
	r, err := w.engine.Readiness(t.Context(), 7)
	require.NoError(t, err)
	var ids []string
	for _, a := range r.Accounts {
		ids = append(ids, a.Key.Identity)
	}
	assert.Equal(t, []string{"today", "today-there", "last", "last-there"}, ids)
}

// Nobody knows whether a create went through: that is no failure, and not ready either.
func TestReadinessSaysThatNobodyKnows(t *testing.T) {
	w := newWorld(t, nil)
	w.people.Set(staff(6)...)
	w.sync()
	w.people.Put(starter("N1", 0))
	w.app.FailAlways("Create", target.Fail(target.Unclear, errors.New("no answer")))
	w.app.FailAlways("Find", target.Fail(target.Permanent, errors.New("no search today")))
	report, err := w.engine.Sync(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, report.Counts()[provision.Unconfirmed], "%s", report)
	r, err := w.engine.Readiness(t.Context(), 7)
	require.NoError(t, err)
	assert.Equal(t, provision.Unsure, stateOf(t, r, "N1").State, "%s", r)
	assert.Contains(t, stateOf(t, r, "N1").Reasons[0], "no answer")
}
