package provision_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// terminatedInVain is a company that has terminated E0003 while its target was down.
func terminatedInVain(t *testing.T, change func(*provision.Config)) *world {
	t.Helper()
	w := company(t, change)
	w.app.FailAlways("Disable", target.Fail(target.Permanent, errDown))
	w.terminate("E0003")
	w.app.Repair()
	w.now = w.now.Add(time.Hour)
	return w
}

// Who is terminated leaves, also if the source has two records of them.
func TestWhoIsTerminatedLeavesThoughContested(t *testing.T) {
	w := terminatedInVain(t, nil)
	w.people.Set(append(staff(6), person("E0003", "Sales", "Boss"))...)
	w.runOnce()
	assert.Equal(t, target.Disabled, w.account("E0003").State)
}

// Who was protected when the source last listed them stays so when it lists them no more.
func TestWhoIsTerminatedStaysProtectedThoughUnlisted(t *testing.T) {
	spec := companyRules()
	spec.Protect = []rules.Protection{{ID: "glass", When: rules.JobTitle.Is("Keeper")}}
	w := terminatedInVain(t, func(c *provision.Config) { c.Rules = build(t, spec) })
	w.people.Put(person("E0003", "Engineering", "Keeper"))
	w.runOnce()
	require.Equal(t, target.Enabled, w.account("E0003").State)
	w.people.Remove("E0003")
	w.now = w.now.Add(time.Hour)
	w.runOnce()
	assert.Equal(t, target.Enabled, w.account("E0003").State)
}

// An account that by now has somebody else's key is not theirs to lose.
func TestTerminateNowLeavesWhatIsSomebodyElsesByNow(t *testing.T) {
	w := company(t, nil)
	a := w.account("E0003")
	w.app.Remove(a.ID)
	a.Key = target.Key{Identity: "X9"}
	w.app.Put(a)
	report := w.terminate("E0003")
	assert.Empty(t, report.Results)
	require.NoError(t, report.Err())
}

// cancelling is a source whose caller gives up when it is asked about somebody.
type cancelling struct {
	source.Source
	cancel func()
}

func (c *cancelling) Identity(context.Context, string) (source.Identity, error) {
	c.cancel()
	return source.Identity{}, errDisk
}

// A termination is written down, also if the caller has given up by then.
func TestATerminationIsWrittenThoughTheCallerGivesUp(t *testing.T) {
	w := company(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	w.config.Source = &cancelling{w.people, cancel}
	w.restart()
	_, err := w.engine.TerminateNow(ctx, "E0003", security)
	require.NoError(t, err)
	list, err := w.desk().Terminated(t.Context())
	require.NoError(t, err)
	assert.Len(t, list, 1)
}

// Whose account is deleted is still known.
func TestWhoseAccountIsDeletedIsKnown(t *testing.T) {
	w := company(t, nil)
	cy, err := w.people.Identity(t.Context(), "E0003")
	require.NoError(t, err)
	w.people.Put(gone(cy, day(2026, 2, 28)))
	w.sync()
	w.now = w.now.Add(35 * oneDay)
	w.sync()
	require.Empty(t, w.app.ByKey(target.Key{Identity: "E0003"}))
	known, err := w.desk().Known(t.Context())
	require.NoError(t, err)
	assert.True(t, known.IDs["E0003"])
}
