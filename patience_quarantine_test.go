package provision_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

var (
	errKey  = &target.Error{Class: target.Fatal, Err: errors.New("401")}
	errDown = &target.Error{Class: target.NotSent, Err: errors.New("connection refused")}
)

// quarantined returns the quarantine of the app; nil if it is in use.
func (w *world) quarantined() *provision.Quarantined {
	w.t.Helper()
	list, err := desk(w).Quarantined(w.t.Context())
	require.NoError(w.t, err)
	if len(list) == 0 {
		return nil
	}
	require.Len(w.t, list, 1)
	return &list[0]
}

// hired lets somebody join, so that there is something to do.
func (w *world) hired(id string) { w.people.Put(person(id, "Legal", "")) }

func (w *world) pass(d time.Duration) { w.now = w.now.Add(d) }

// Fault 12: the credentials expire in the middle of a run. The rest stays queued
// and is done when they work again.
func TestFault12CredentialsExpireInARun(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) { c.Concurrency = 1 })
	w.people.Set(staff(30)...)
	w.sync()
	for i := range 10 {
		w.hired(fmt.Sprintf("new%d", i))
	}
	w.app.Inject(memtarget.Fault{Method: "Create", Key: target.Key{Identity: "new3"}, Err: errKey})
	report := w.run()
	counts := report.Counts()
	assert.Equal(t, 3, counts[provision.Done])
	assert.Equal(t, 1, counts[provision.Failed])
	assert.Equal(t, 6, counts[provision.Skipped])
	require.Len(t, report.Quarantined, 1)
	assert.Contains(t, report.String(),
		"!! app: in quarantine since 2026-03-01 12:00 UTC: it refuses our credentials; next try 2026-03-01 13:00 UTC. "+
			"Until then only leavers lose access there. Renew the credentials or their rights, then Desk.Resume ends it at once")

	// A run before that sends nothing, in this process or another.
	w.app.ForgetCalls()
	w.app.FailAlways("Create", errKey)
	w.pass(30 * time.Minute)
	w.restart()
	report = w.run()
	assert.Empty(t, w.app.Writes())
	assert.Equal(t, 7, report.Counts()[provision.Skipped])
	require.ErrorIs(t, report.Err(), provision.ErrQuarantined)
	assert.Contains(t, report.Err().Error(), "7 changes skipped: the target is in quarantine since 2026-03-01 12:00 UTC")
	plan := w.plan()
	assert.Contains(t, plan.String(), "!! app: in quarantine since")
	text, err := json.Marshal(plan)
	require.NoError(t, err)
	assert.Contains(t, string(text), `"quarantined":[{"target":"app","cause":"credentials"`)
	assert.Empty(t, w.plan().Targets[0].Holds, "nothing of it is parked: it is not the changes' fault")

	// Each try is one call: after an hour, six, twelve, and every day.
	for n, wait := range []time.Duration{30 * time.Minute, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour, 24 * time.Hour} {
		w.app.ForgetCalls()
		w.pass(wait - time.Second)
		w.run()
		assert.Empty(t, w.app.Writes(), "try %d came too early", n)
		w.pass(time.Second)
		report = w.run()
		assert.Len(t, w.app.Writes(), 1)
		assert.Equal(t, 6, report.Counts()[provision.Skipped])
		assert.Equal(t, n+1, w.quarantined().Tries)
	}
	assert.Contains(t, w.plan().String(), "tried again in vain 5 times")

	// Somebody has renewed them.
	w.app.Repair()
	require.NoError(t, desk(w).Resume(t.Context(), "app", provision.Decision{Actor: "ops"}))
	assert.Nil(t, w.quarantined())
	w.sync()
	assert.Len(t, w.app.All(), 40)
}

func TestAProbeThatWorksEndsTheQuarantine(t *testing.T) {
	w := newWorld(t, nil)
	w.people.Set(staff(5)...)
	w.sync()
	w.hired("ana")
	w.app.FailNext("Create", errKey)
	w.run()
	require.NotNil(t, w.quarantined())
	w.hired("bo")
	w.hired("cy")
	w.pass(time.Hour)
	w.sync() // the rest of the same run goes on
	assert.Len(t, w.app.All(), 8)
	assert.Nil(t, w.quarantined())
}

// In quarantine leavers still lose their access, one alone at first.
func TestLeaversLoseAccessInQuarantine(t *testing.T) {
	w := newWorld(t, nil)
	everybody := staff(30)
	w.people.Set(everybody...)
	w.sync()
	w.hired("ana")
	w.app.FailNext("Create", errKey)
	w.run()
	for i := range 4 {
		everybody[i].Status = source.Terminated
		w.people.Put(everybody[i])
	}

	// It is still sick: one call shows it.
	w.app.FailAlways("Disable", errKey)
	w.app.ForgetCalls()
	w.pass(10 * time.Minute)
	report := w.run()
	assert.Len(t, w.app.Writes(), 1)
	assert.Equal(t, 1, report.Counts()[provision.Failed])
	require.ErrorIs(t, report.Err(), provision.ErrQuarantined)
	assert.Equal(t, time.Date(2026, 3, 1, 13, 0, 0, 0, time.UTC), w.quarantined().Next, "the probe did not move the next try")

	// It works again: the first disable ends the quarantine, and everything follows.
	w.app.Repair()
	w.pass(10 * time.Minute)
	w.sync()
	for i := range 4 {
		assert.Equal(t, target.Disabled, w.account(everybody[i].ID).State)
		assert.Empty(t, w.account(everybody[i].ID).Entitlements)
	}
	assert.Equal(t, target.Enabled, w.account("ana").State)
	assert.Nil(t, w.quarantined())
}

func TestOnePoisonedLeaverDoesNotKeepOthersOpenInQuarantine(t *testing.T) {
	w := newWorld(t, nil)
	everybody := staff(30)
	w.people.Set(everybody...)
	w.sync()
	for i := range 10 { // with those who fail: the quarantine is for failures
		w.hired(fmt.Sprintf("bad%d", i))
		w.hired(fmt.Sprintf("worse%d", i))
	}
	w.app.FailAlways("Create", errRefused)
	w.run()
	require.Equal(t, provision.StopFailures, w.quarantined().Cause)
	for i := range 3 {
		everybody[i].Status = source.Terminated
		w.people.Put(everybody[i])
	}
	w.app.Inject(memtarget.Fault{Method: "Disable", Key: target.Key{Identity: "E0000"}, Err: errRefused})
	w.pass(10 * time.Minute)
	w.run()
	assert.Equal(t, target.Enabled, w.account("E0000").State)
	assert.Equal(t, target.Disabled, w.account("E0001").State)
	assert.Equal(t, target.Disabled, w.account("E0002").State)
}

func TestManyFailuresOfARunAreTheTargets(t *testing.T) {
	for name, c := range map[string]struct {
		bad, good int
		sick      bool
	}{
		"19 of 19":               {19, 0, false},
		"20 of 20":               {20, 0, true},
		"20 of 50, 40 %":         {20, 30, false},
		"20 of 49, above":        {20, 29, true},
		"30 of 80 is not enough": {30, 50, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			for i := range c.bad {
				w.hired(fmt.Sprintf("bad%02d", i))
				w.app.Inject(memtarget.Fault{Method: "Create", Key: target.Key{Identity: fmt.Sprintf("bad%02d", i)}, Err: errRefused})
			}
			for i := range c.good {
				w.hired(fmt.Sprintf("good%02d", i))
			}
			report := w.run()
			assert.Equal(t, c.bad, report.Counts()[provision.Failed])
			if !c.sick {
				assert.Nil(t, w.quarantined())
				return
			}
			require.NotNil(t, w.quarantined())
			assert.Equal(t, fmt.Sprintf("%d of %d changes of a run failed", c.bad, c.bad+c.good), w.quarantined().Reason)
		})
	}
}

// Other targets are unaffected, and reading and planning go on.
func TestQuarantineIsOfOneTarget(t *testing.T) {
	crm := memtarget.New("crm", nil)
	spec := companyRules()
	spec.Targets = append(spec.Targets, rules.TargetSpec{
		Target: "crm", Account: rules.Everyone,
		Attributes: []rules.Attribute{{Set: "userName", To: rules.WorkEmail, Apply: target.CreateOnly}},
	})
	w := newWorld(t, func(c *provision.Config) {
		c.Targets = append(c.Targets, crm)
		c.Rules = build(t, spec)
	})
	w.app.FailAlways("Create", errKey)
	for day := range 5 {
		w.hired(fmt.Sprintf("ana%d", day))
		report := w.run()
		assert.Equal(t, 1, report.Counts()[provision.Done])
		require.Len(t, report.Quarantined, 1)
		assert.Equal(t, "app", report.Quarantined[0].Target)
		assert.Len(t, report.Plan.Targets[0].Changes, day+1, "it is planned on")
		w.pass(20 * time.Hour)
	}
	assert.Len(t, crm.All(), 5)
	assert.Empty(t, w.app.All())
}

// A target that asks everybody to wait is left alone until then.
func TestATargetThatAsksToWaitIsLeftAlone(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) { c.Concurrency = 1 })
	for i := range 9 {
		w.hired(fmt.Sprintf("ana%d", i))
	}
	w.app.FailAlways("Create", &target.Error{Class: target.Throttled, RetryAfter: 3 * time.Hour, Err: errors.New("quota")})
	w.run()
	require.NotNil(t, w.quarantined())
	assert.Equal(t, provision.StopAsked, w.quarantined().Cause)
	assert.Equal(t, w.now.Add(3*time.Hour), w.quarantined().Next)
	w.app.Repair()
	w.app.ForgetCalls()
	w.pass(3*time.Hour - time.Minute)
	w.run()
	assert.Empty(t, w.app.Writes())
	w.pass(time.Minute)
	w.sync()
	assert.Len(t, w.app.All(), 9)
}

func TestResumeIsForWhatIsInQuarantine(t *testing.T) {
	w := newWorld(t, nil)
	w.hired("ana")
	d := desk(w)
	require.ErrorIs(t, d.Resume(t.Context(), "app", provision.Decision{Actor: "ops"}), provision.ErrInUse)
	require.ErrorIs(t, d.Resume(t.Context(), "nowhere", provision.Decision{Actor: "ops"}), provision.ErrInUse)
	w.app.FailNext("Create", errKey)
	w.run()
	require.ErrorIs(t, d.Resume(t.Context(), "app", provision.Decision{}), provision.ErrIncomplete)
	d.May = func(_ context.Context, p provision.Pending, by provision.Decision) error {
		if by.Actor != "ops" {
			return fmt.Errorf("only ops resume %s", p.Target)
		}
		return nil
	}
	err := d.Resume(t.Context(), "app", provision.Decision{Actor: "ana"})
	require.ErrorIs(t, err, provision.ErrNotAllowed)
	require.ErrorContains(t, err, "only ops resume app")
	require.NoError(t, d.Resume(t.Context(), "app", provision.Decision{Actor: "ops"}))
	w.sync()
}
