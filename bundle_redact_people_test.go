package provision_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
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

// canaryStaff are 24 people whose every ID is a canary.
func canaryStaff() []source.Identity {
	people := staff(24)
	for i := range people {
		people[i].ID = fmt.Sprintf("canary%02d", i)
	}
	return people
}

// canaryCompany is a company that records, whose people, accounts and actors are canaries.
func canaryCompany(t *testing.T, change func(*provision.Config)) *world {
	t.Helper()
	w := newWorld(t, func(c *provision.Config) {
		c.Record, c.KeepValues = true, true
		c.Policy.Gap = -1
		if change != nil {
			change(c)
		}
	})
	for i, p := range canaryStaff() {
		w.app.Put(target.Account{
			ID: fmt.Sprintf("native-canary%02d", i), Key: target.Key{Identity: p.ID}, State: target.Enabled,
			Attributes: target.Attrs(map[string]string{"userName": p.WorkEmail, "displayName": p.DisplayName, "title": "Clerk"}),
		})
	}
	w.people.Set(canaryStaff()...)
	w.run()
	w.releaseIfHeld()
	w.run()
	w.pass(time.Hour)
	return w
}

func (w *world) releaseIfHeld() {
	w.t.Helper()
	plan := w.plan()
	if plan.Targets[0].Guarded == "" {
		return
	}
	require.NoError(w.t, desk(w).Submit(w.t.Context(), plan))
	require.NoError(w.t, desk(w).Release(w.t.Context(), plan.Targets[0].Guarded, provision.Decision{Actor: "canary coo", Reason: "canary checked"}))
}

// nobodyIn checks that a bundle of the plan tells all of the texts, and redacted not one
// canary.
func nobodyIn(t *testing.T, plan *provision.Plan, report *provision.Report, texts ...string) {
	t.Helper()
	bundle, err := plan.Bundle(report)
	require.NoError(t, err)
	whole := unzipped(t, bundle)
	for _, text := range texts {
		require.True(t, strings.Contains(whole, text), "%q is told, else this would show nothing", text)
	}
	redacted, err := bundle.Redact(redactKey)
	require.NoError(t, err)
	found := regexp.MustCompile(`.{0,60}[cC]anary.{0,40}`).FindString(unzipped(t, redacted))
	assert.Empty(t, found)
	_, err = redacted.Replay(nil)
	require.NoError(t, err)
}

// Whoever decided, and why, is not in a redacted bundle.
func TestRedactedBundlesDoNotTellWhoDecided(t *testing.T) {
	w := canaryCompany(t, nil)
	by := provision.Decision{Actor: "canary cfo", Reason: "canary pays"}
	lead := canaryStaff()[5]
	lead.JobTitle = "Treasurer"
	w.people.Put(lead)
	w.run()
	pending, err := desk(w).Pending(t.Context())
	require.NoError(t, err)
	require.Len(t, pending, 1)
	require.NoError(t, desk(w).Approve(t.Context(), pending[0].Hold.Change.ID, by))
	nobodyIn(t, w.plan(), nil, "canary cfo", "canary pays")
	w.run()

	w.pass(time.Hour)
	for i := range 15 {
		left := canaryStaff()[i+9]
		left.Status = source.Terminated
		w.people.Put(left)
	}
	w.releaseIfHeld()
	nobodyIn(t, w.plan(), nil, "canary coo", "canary checked")

	_, err = w.engine.TerminateNow(t.Context(), "canary02", provision.TerminateOptions{Actor: "canary sam", Reason: "canary incident"})
	require.NoError(t, err)
	nobodyIn(t, w.plan(), nil, "canary sam", "canary incident")
}

// Nor who took a run back, or overwrote what it did.
func TestRedactedBundlesDoNotTellWhoUndid(t *testing.T) {
	w := canaryCompany(t, nil)
	ann := canaryStaff()[0]
	ann.JobTitle, ann.DisplayName = "Lead", "Ann"
	w.people.Put(ann)
	first := w.run().Run
	w.pass(time.Hour)
	ann.JobTitle = "Boss"
	w.people.Put(ann)
	plan := w.plan()
	_, err := w.engine.Apply(t.Context(), plan, &provision.ApplyOptions{Actor: "canary hr"})
	require.NoError(t, err)
	w.pass(time.Hour)
	undo := w.undo(first)
	nobodyIn(t, undo, nil, "canary hr")
	report, err := w.engine.Apply(t.Context(), undo, &provision.ApplyOptions{Actor: "canary dana"})
	require.NoError(t, err)
	require.NoError(t, report.Err())
	w.pass(time.Hour)
	nobodyIn(t, w.plan(), nil, "canary dana")
}

// Nor whom it is about: in the results, in what was noticed, in the policy, and in what is
// remembered of people.
func TestRedactedBundlesDoNotTellWhomTheyAreAbout(t *testing.T) {
	w := canaryCompany(t, func(c *provision.Config) {
		spec := companyRules()
		spec.Protect = []rules.Protection{
			{ID: "owner", Who: []string{"canary01"}}, {ID: "finance", When: rules.Department.Is("Finance")},
		}
		spec.Grants[0].Grace = 5
		c.Rules = build(t, spec)
		c.Policy.Protect = []string{"canary05"}
		c.Policy.Absence.Sentinels = []string{"canary07"}
	})
	people := canaryStaff()
	people[3].Manager.ID = "canary04"
	people[6].JobTitle = "Lead"
	people[9].Department = source.Named("Sales")
	people[10].Findings = []source.Finding{{Code: source.CodeBadValue, Field: "phone", Identity: "canary10", Message: "canary"}}
	w.people.Set(people...)
	w.run()
	w.pass(time.Hour)
	w.app.Put(target.Account{
		ID: "native-canary-twin", Key: target.Key{Identity: "canary12"}, State: target.Enabled,
		Attributes: target.Attrs(map[string]string{"userName": "twin"}),
	})
	people[0].JobTitle = "Boss"
	people[3].Status, people[3].TerminationDate = source.Terminated, day(2026, 2, 1)
	w.people.Set(people...)
	w.app.Inject(memtarget.Fault{Method: "Update", Err: &target.Error{Class: target.Permanent, Err: errors.New("canary says no")}})
	w.app.Inject(memtarget.Fault{Method: "Handover", Err: &target.Error{Class: target.Permanent, Err: errors.New("canary says no")}})
	plan := w.plan()
	report, err := w.engine.Apply(t.Context(), plan, nil)
	require.NoError(t, err)
	require.Error(t, report.Err())
	nobodyIn(t, plan, report, "canary says no", `"account":"native-canary00"`, `"Protect":["canary05"]`, `"canary10"`, "finance")

	w.pass(time.Hour)
	w.people.Remove("canary07") // the sentinel
	w.run()
	w.pass(time.Hour)
	whole := w.plan()
	nobodyIn(t, whole, nil, `"canary04"`, `"missing":["canary07"]`)
	one, err := w.engine.PlanOne(t.Context(), "canary06")
	require.NoError(t, err)
	nobodyIn(t, one, nil, `"identity":"canary06"`)
}
