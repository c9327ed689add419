package provision_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

func TestExplainSaysWhyAndWhyNot(t *testing.T) {
	w := newWorld(t, nil)
	ana := person("ana", "", "Engineer") // no department
	w.people.Set(ana, person("bo", "Sales", ""))
	w.sync()
	writes := len(w.app.Writes())
	x, err := w.engine.Explain(t.Context(), "ana")
	require.NoError(t, err)
	require.Len(t, x.Targets, 1)
	assert.Len(t, x.Targets[0].Accounts, 1)
	text := x.String()
	for _, want := range []string{"ana  status active", "group:engineering", "undecided", "department", "missing", "account"} {
		assert.Contains(t, text, want)
	}
	assert.NotContains(t, text, "(sensitive)@")
	assert.Len(t, w.app.Writes(), writes, "explaining writes nothing")

	w.app.FailAlways("Find", errors.New("no route"))
	x, err = w.engine.Explain(t.Context(), "ana")
	require.NoError(t, err)
	require.Error(t, x.Targets[0].Err)
	assert.Contains(t, x.String(), "not read: find in app: ")
	assert.NotEmpty(t, x.Targets[0].Why, "the rules speak all the same")
}

func TestStoredPlans(t *testing.T) {
	w := newWorld(t, nil)
	ana := person("ana", "Sales", "")
	w.people.Set(ana, source.Identity{ID: "bad\x00id", Status: source.Active})
	plan := w.plan()
	text, err := json.Marshal(plan)
	require.NoError(t, err)
	var again provision.Plan
	require.NoError(t, json.Unmarshal(text, &again))
	assert.Equal(t, plan.String(), again.String())
	twice, err := json.Marshal(&again)
	require.NoError(t, err)
	assert.JSONEq(t, string(text), string(twice))

	require.ErrorContains(t, json.Unmarshal([]byte(`{"format":2,"targets":[]}`), &again), "unknown format: 2")
	require.ErrorContains(t, json.Unmarshal([]byte(`{"format":1,"targets":[null]}`), &again), "target 0 is null")
	require.Error(t, json.Unmarshal([]byte(`{"format":1,"targets":7}`), &again))

	// For display only.
	shown := plan.Redacted()
	_, err = w.engine.Apply(t.Context(), shown, nil)
	require.ErrorIs(t, err, provision.ErrMasked)
	require.ErrorIs(t, desk(w).Submit(t.Context(), shown), provision.ErrMasked)

	// Made with other rules.
	spec := companyRules()
	spec.Grants = spec.Grants[1:]
	w.config.Rules = build(t, spec)
	w.restart()
	_, err = w.engine.Apply(t.Context(), plan, nil)
	require.ErrorIs(t, err, provision.ErrOtherRules)
	assert.Empty(t, w.app.All())

	// A plan for a target that is not there.
	plan.Targets[0].Target = "crm"
	_, err = w.engine.Apply(t.Context(), plan, nil)
	require.ErrorIs(t, err, provision.ErrUnknownTarget)
}

func TestAStoredPlanMeetsAChangedWorld(t *testing.T) {
	w := newWorld(t, nil)
	ana, bo := person("ana", "Sales", "Seller"), person("bo", "Sales", "Seller")
	w.people.Set(ana, bo)
	w.sync()
	ana.JobTitle, bo.JobTitle = "Lead", "Lead"
	w.people.Set(ana, bo)
	text, err := json.Marshal(w.plan())
	require.NoError(t, err)
	var stored provision.Plan
	require.NoError(t, json.Unmarshal(text, &stored))

	a := w.account("ana")
	a.Attributes = a.Attributes.With("title", "Founder")
	w.app.Put(a)
	report, err := w.engine.Apply(t.Context(), &stored, nil)
	require.NoError(t, err)
	assert.Equal(t, 1, report.Counts()[provision.Stale])
	assert.Equal(t, 1, report.Counts()[provision.Done], "what did not change is done")
	assert.Equal(t, "Founder", w.account("ana").Attributes.Get("title"))
	assert.Equal(t, "Lead", w.account("bo").Attributes.Get("title"))
}

func TestJournalFailures(t *testing.T) {
	j := &brokenJournal{}
	w := newWorld(t, func(c *provision.Config) { c.Journal = j })
	w.people.Set(staff(3)...)
	plan := w.plan()
	j.failAppend = func([]provision.Entry) error { return errDisk }
	report, err := w.engine.Apply(t.Context(), plan, nil)
	require.NoError(t, err)
	require.ErrorIs(t, report.Err(), errDisk)
	assert.Empty(t, w.app.Writes(), "what cannot be remembered is not done")
	assert.Equal(t, len(report.Results), report.Counts()[provision.Skipped])

	n := 0
	j.failAppend = func(e []provision.Entry) error { // full after a while
		if n += len(e); n > 4 {
			return errDisk
		}
		return nil
	}
	report, err = w.engine.Apply(t.Context(), plan, nil)
	require.NoError(t, err)
	require.ErrorIs(t, report.Err(), errDisk)
	assert.Less(t, len(w.app.Writes()), 4)
	planned := 0
	for _, count := range report.Counts() {
		planned += count
	}
	assert.Equal(t, len(plan.Targets[0].Changes), planned)

	j.failAppend = nil
	w.sync()
	assert.Len(t, w.app.All(), 3, "and nobody came twice")

	j.failRead = errDisk
	_, err = w.engine.Plan(t.Context())
	require.ErrorIs(t, err, errDisk)
	_, err = w.engine.Apply(t.Context(), plan, nil)
	require.ErrorIs(t, err, errDisk)
	_, err = w.engine.SyncOne(t.Context(), "E0001")
	require.ErrorIs(t, err, errDisk)
	_, err = w.engine.Explain(t.Context(), "E0001")
	require.ErrorIs(t, err, errDisk)
	_, err = desk(w).Pending(t.Context())
	require.ErrorIs(t, err, errDisk)
}

func TestProgressAndSecrets(t *testing.T) {
	spec := companyRules()
	spec.Targets[0].Attributes = append(spec.Targets[0].Attributes, ruleSecret("password"))
	var steps []provision.Progress
	w := newWorld(t, func(c *provision.Config) {
		c.Rules = build(t, spec)
		c.OnProgress = func(p provision.Progress) { steps = append(steps, p) }
		c.Secrets = secretFor("hunter2")
	})
	w.people.Set(staff(4)...)
	report := w.sync()
	require.NotEmpty(t, steps)
	assert.Equal(t, len(steps), steps[len(steps)-1].Done)
	assert.Equal(t, steps[0].Total, len(steps))
	assert.Equal(t, []string{"password"}, w.app.Secrets(w.account("E0001").ID))
	text, err := json.Marshal(report.Plan)
	require.NoError(t, err)
	var lines strings.Builder
	require.NoError(t, report.WriteJSONLines(&lines))
	for _, shown := range []string{string(text), lines.String(), report.String(), report.Plan.String()} {
		assert.NotContains(t, shown, "hunter2")
	}
	for _, e := range entries(t, w.config.Journal, 0) {
		line, err := json.Marshal(e)
		require.NoError(t, err)
		assert.NotContains(t, string(line), "hunter2")
	}
}

func ruleSecret(name string) rules.Attribute { return rules.Attribute{Set: name, Secret: true} }

func secretFor(value string) func(context.Context, provision.SecretRequest) (target.Secret, error) {
	return func(context.Context, provision.SecretRequest) (target.Secret, error) {
		return target.NewSecret(value), nil
	}
}

func TestManyFindingsAreCounted(t *testing.T) {
	w := newWorld(t, nil)
	everybody := staff(30)
	for i := range everybody {
		everybody[i].Location.TimeZone = "Middle/Earth"
		if i == 0 {
			everybody[i].WorkEmail = "no address\x07"
		}
	}
	w.people.Set(everybody...)
	text := w.plan().String()
	assert.Equal(t, 10, strings.Count(text, "Middle/Earth"))
	assert.Contains(t, text, "20 more of bad-value time_zone")
	assert.NotContains(t, text, "\x07")
}
