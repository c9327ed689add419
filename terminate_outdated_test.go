package provision_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/target"
)

// Who was reinstated loses nothing by a plan that was made while they were not, whether
// the termination got through to the target or not.
func TestAPlanFromBeforeAReinstatementTakesNothing(t *testing.T) {
	for name, down := range map[string][]string{
		"the target was down":         {""},
		"it was down after a disable": {"EndSessions", "Revoke", "Handover"},
	} {
		t.Run(name, func(t *testing.T) {
			w := company(t, nil)
			before := w.account("E0003").Entitlements
			require.NotEmpty(t, before)
			for _, method := range down {
				w.app.FailAlways(method, target.Fail(target.Permanent, errDown))
			}
			_, err := w.engine.TerminateNow(t.Context(), "E0003", security)
			require.NoError(t, err)
			w.app.Repair()
			w.now = w.now.Add(time.Hour)
			old := w.plan()
			require.NotEmpty(t, old.Targets[0].Changes)
			require.NoError(t, w.desk().Reinstate(t.Context(), "E0003", provision.Decision{Actor: "hr", Reason: "mistaken"}))
			report, err := w.engine.Apply(t.Context(), reload(t, old), nil)
			require.NoError(t, err)
			for i := range report.Results {
				assert.Equal(t, provision.Stale, report.Results[i].Outcome, report.Results[i].Change.Action)
				assert.ErrorContains(t, report.Results[i].Err, "the person was reinstated since the plan was made")
			}
			assert.Equal(t, before, w.account("E0003").Entitlements)
			w.now = w.now.Add(time.Hour)
			w.sync()
			assert.Equal(t, target.Enabled, w.account("E0003").State)
		})
	}
}

// What cannot be written down is not done: nobody would know of it after a crash, and the
// next run would give everything back.
func TestTerminateNowIsWrittenDownFirst(t *testing.T) {
	j := &brokenJournal{}
	w := company(t, func(c *provision.Config) { c.Journal = j })
	w.app.ForgetCalls()
	j.failAppend = func(e []provision.Entry) error {
		for i := range e {
			if e[i].Kind == provision.Terminating {
				return errDisk
			}
		}
		return nil
	}
	report, err := w.engine.TerminateNow(t.Context(), "E0003", security)
	require.ErrorIs(t, err, errDisk)
	assert.ErrorContains(t, err, "terminate E0003: journal: ")
	assert.Nil(t, report)
	assert.Empty(t, w.app.Writes())
	assert.Equal(t, target.Enabled, w.account("E0003").State)

	j.failAppend = nil
	require.NoError(t, w.terminate("E0003").Err())
	assert.Equal(t, target.Disabled, w.account("E0003").State)
}
