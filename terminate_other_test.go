package provision_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/memsource"
	"github.com/provision-go/provision/target"
)

// newNumber is a company of employments, in which the person of E0003 has left that one and
// goes on as N0003.
func newNumber(t *testing.T) (*world, source.Identity) {
	t.Helper()
	w := newWorld(t, func(c *provision.Config) { c.Policy.Gap = -1 })
	people, err := source.People(source.PeopleConfig{Source: w.people, Match: []source.MatchBy{source.ByAlternateID}, Memory: w.desk()})
	require.NoError(t, err)
	w.config.Source = people
	w.restart()
	w.people.Set(staff(6)...)
	old := person("E0003", "Engineering", "Clerk")
	old.AlternateIDs = []source.AlternateID{{Type: "person", Value: "P3"}}
	w.people.Put(old)
	w.sync()
	now := person("N0003", "Engineering", "Clerk")
	now.HireDate, now.AlternateIDs = day(2026, 2, 25), old.AlternateIDs
	w.people.Put(gone(old, day(2026, 2, 20)), now)
	w.pass(time.Hour)
	return w, now
}

// Whoever has several IDs is terminated by any that the journal knows as theirs.
func TestTerminateNowByAnotherIDOfThePerson(t *testing.T) {
	w, _ := newNumber(t)
	w.sync() // the journal learns that N0003 is E0003
	require.Equal(t, target.Enabled, w.account("E0003").State)
	report := w.terminate("N0003")
	require.NoError(t, report.Err())
	assert.Equal(t, "E0003", report.Plan.Identity)
	assert.Contains(t, report.String(), "N0003 is another one of theirs")
	assert.Equal(t, target.Disabled, w.account("E0003").State)
	w.pass(time.Hour)
	w.sync()
	assert.Equal(t, target.Disabled, w.account("E0003").State)
	ended, err := w.desk().Terminated(t.Context())
	require.NoError(t, err)
	require.Len(t, ended, 1)
	assert.Equal(t, "E0003", ended[0].Identity)
}

// A termination by an ID that nobody knows says so, keeps whoever comes by it out, and
// stands in nobody else's way.
func TestTerminateNowByAnIDThatNobodyKnows(t *testing.T) {
	w, now := newNumber(t)
	w.people.Break(memsource.Fault{ListErr: errors.New("down")})
	for _, id := range []string{"N0003", "X0001"} {
		report, err := w.engine.TerminateNow(t.Context(), id, security)
		require.ErrorIs(t, err, provision.ErrUnknownIdentity)
		require.NotNil(t, report)
		assert.Empty(t, report.Results)
	}
	w.people.Break(memsource.Fault{})
	w.people.Put(person("X0001", "Sales", "Clerk"))
	w.pass(time.Hour)
	w.sync()
	assert.Empty(t, w.app.ByKey(target.Key{Identity: "X0001"}), "recorded all the same")
	assert.Equal(t, target.Enabled, w.account("E0003").State)
	w.people.Put(gone(now, day(2026, 3, 1)))
	w.pass(2 * oneDay)
	w.sync()
	assert.Equal(t, target.Disabled, w.account("E0003").State, "both employments have ended")
}

// What could not be handed over at once is handed over later, also if the termination was
// taken back because the source says by now that they have left.
func TestALateHandoverOutlivesAReinstatement(t *testing.T) {
	for _, sourceAnswers := range []bool{false, true} {
		w := company(t, nil)
		account := w.account("E0003").ID
		w.app.Own(account, "a dashboard")
		cy, err := w.people.Identity(t.Context(), "E0003")
		require.NoError(t, err)
		if !sourceAnswers {
			w.people.Remove("E0003")
		}
		w.terminate("E0003")
		w.people.Put(gone(cy, day(2026, 2, 28)))
		require.NoError(t, w.desk().Reinstate(t.Context(), "E0003", provision.Decision{Actor: "hr", Reason: "HR has it too now"}))
		_, left, err := w.engine.Departed(t.Context(), "E0003")
		require.NoError(t, err)
		assert.False(t, left)
		w.pass(time.Hour)
		report := w.sync()
		if sourceAnswers {
			assert.Empty(t, report.Results, "it was handed over already")
		}
		assert.Equal(t, []string{"a dashboard"}, w.app.Owned(w.account("E0001").ID))
		w.pass(time.Hour)
		assert.Empty(t, w.sync().Results, "once")
	}
}
