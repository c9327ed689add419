package provision_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// A plan says which targets are in quarantine, and so does its replay.
func TestReplayOfARunInQuarantine(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) { c.Concurrency, c.Record = 1, true })
	w.people.Set(staff(10)...)
	w.sync()
	w.hired("new")
	w.app.Inject(memtarget.Fault{Method: "Create", Key: target.Key{Identity: "new"}, Err: errKey})
	_, err := w.engine.Sync(t.Context())
	require.NoError(t, err)
	w.pass(10 * time.Minute)
	plan := w.plan()
	require.NotEmpty(t, plan.Quarantined)
	report, err := w.engine.Apply(t.Context(), plan, nil)
	require.NoError(t, err)
	b, err := plan.Bundle(report)
	require.NoError(t, err)
	again, err := reread(t, b).Replay(nil)
	require.NoError(t, err)
	assert.Equal(t, jsonOf(t, plan), jsonOf(t, again))
}

// What the source said of somebody who was terminated stands before what the plan says.
func TestReplayOfATerminationThatTheSourceDoesNotKnow(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) { c.Record = true })
	w.people.Set(person("E1", "Sales", "Clerk"), person("E2", "Sales", "Clerk"))
	w.sync()
	a := w.account("E1") // somebody gave her what no rule gives
	w.app.AddEntitlements(group("by-hand"))
	a.Entitlements = append(a.Entitlements, group("by-hand"))
	w.app.Put(a)
	w.people.Remove("E1")
	w.pass(time.Hour)
	report, err := w.engine.TerminateNow(t.Context(), "E1", provision.TerminateOptions{Actor: "eve", Reason: "theft"})
	require.NoError(t, err)
	require.Len(t, report.Plan.Findings, 2, "%s", report.Plan)
	b, err := report.Plan.Bundle(report)
	require.NoError(t, err)
	again, err := reread(t, b).Replay(nil)
	require.NoError(t, err)
	assert.Equal(t, jsonOf(t, report.Plan), jsonOf(t, again))
}
