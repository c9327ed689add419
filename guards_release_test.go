package provision_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/source"
)

// Somebody has seen that half of all departments are gone, and releases that by the
// fingerprint of its plan. By then all of them are gone, which nobody has seen, and as
// both plans would do the same, they have the same fingerprint.
func TestAReleaseAcceptsNoOtherAlarm(t *testing.T) {
	w := newWorld(t, nil)
	everybody := staff(60)
	w.people.Set(everybody...)
	w.sync()
	without := func(n int) {
		w.later(oneDay)
		for _, p := range everybody[:n] {
			p.Department = source.Ref{}
			w.people.Put(p)
		}
	}
	without(30)
	seen := w.runOnce().Plan.Targets[0]
	without(60)
	now := w.runOnce().Plan.Targets[0]
	require.NotEqual(t, seen.Guarded, now.Guarded)
	for _, name := range []string{seen.Guarded, seen.Fingerprint} {
		require.ErrorIs(t, desk(w).Release(t.Context(), name, provision.Decision{Actor: "coo"}), provision.ErrNotPending)
	}
	w.later(oneDay)
	assert.Equal(t, now.Guarded, w.plan().Targets[0].Guarded)
	require.NoError(t, desk(w).Release(t.Context(), now.Guarded, provision.Decision{Actor: "coo"}))
	assert.Empty(t, w.plan().Targets[0].Guarded)
}

// What is planned for tomorrow is for reading: its alarms, or that it has none, are not
// about today.
func TestAForecastIsNotForTheDesk(t *testing.T) {
	w := newWorld(t, nil)
	w.people.Set(staff(60)...)
	w.sync()
	w.later(30 * oneDay) // nothing ran for a month
	w.runOnce()
	before, err := desk(w).Alarms(t.Context())
	require.NoError(t, err)
	require.Len(t, before, 1)
	plan, err := w.engine.PlanAt(t.Context(), w.now.Add(oneDay))
	require.NoError(t, err)
	require.ErrorIs(t, desk(w).Submit(t.Context(), plan), provision.ErrForecast)
	after, err := desk(w).Alarms(t.Context())
	require.NoError(t, err)
	assert.Equal(t, before, after)
}
