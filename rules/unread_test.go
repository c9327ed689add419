package rules_test

import (
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/csvsource"
	"github.com/provision-go/provision/source/memsource"
	"github.com/provision-go/provision/target"
)

func bad(fields ...string) []source.Finding {
	var found []source.Finding
	for n, field := range fields {
		code := source.CodeBadValue
		if n%2 == 1 {
			code = source.CodeBadDates
		}
		found = append(found, source.Finding{Field: field, Code: code})
	}
	return found
}

// A date that is stated and cannot be read neither begins nor ends access.
func TestDatesNotUnderstood(t *testing.T) {
	past, future := source.Day(2025, 12, 31), source.Day(2026, 6, 1)
	cases := []struct {
		name    string
		person  source.Identity
		phase   target.Phase
		state   target.State
		missing []string
	}{
		{"hire date", source.Identity{Status: source.Active, Findings: bad("hire_date")}, target.PhaseUnknown, target.Undecided, []string{"hire_date"}},
		{"start date", source.Identity{Status: source.Active, HireDate: past, Findings: bad("start_date")}, target.PhaseUnknown, target.Undecided, []string{"start_date"}},
		{"termination date", source.Identity{Status: source.Active, Findings: bad("termination_date")}, target.PhaseUnknown, target.Undecided, []string{"termination_date"}},
		{"last day", source.Identity{Status: source.OnLeave, TerminationDate: past, Findings: bad("last_day")}, target.PhaseUnknown, target.Undecided, []string{"last_day"}},
		{"termination", source.Identity{Status: source.Suspended, Findings: bad("terminated_at")}, target.PhaseUnknown, target.Undecided, []string{"terminated_at"}},
		{"several", source.Identity{Status: source.Active, Findings: bad("termination_date", "hire_date")}, target.PhaseUnknown, target.Undecided, []string{"hire_date", "termination_date"}},
		{"status", source.Identity{Findings: bad("status")}, target.PhaseUnknown, target.Undecided, []string{"status"}},
		{"pre-hire", source.Identity{Status: source.PreHire, Findings: bad("hire_date")}, target.PhaseUnknown, target.Undecided, []string{"hire_date"}},
		{"start to come", source.Identity{Status: source.PreHire, HireDate: future, Findings: bad("last_day")}, target.PhaseUnknown, target.Undecided, []string{"last_day"}},
		{"old end, new start unread", source.Identity{Status: source.Active, LastDay: past, Findings: bad("hire_date")}, target.PhaseUnknown, target.Undecided, []string{"hire_date"}},
		{"old last day overrules nothing", source.Identity{
			Status: source.Active, HireDate: source.Day(2026, 1, 1), LastDay: past, Findings: bad("termination_date"),
		}, target.PhaseUnknown, target.Undecided, []string{"termination_date"}},

		{"ended", source.Identity{Status: source.Terminated, Findings: bad("termination_date", "hire_date")}, target.Left, target.Disabled, nil},
		{"ended, never deleted by half the truth", source.Identity{
			Status: source.Terminated, TerminationDate: source.Day(2020, 1, 1), Findings: bad("last_day"),
		}, target.Left, target.Disabled, nil},
		{"ended, read", source.Identity{Status: source.Terminated, TerminationDate: source.Day(2020, 1, 1)}, target.Left, target.Deleted, nil},
		{"terminated at once", source.Identity{
			Status: source.Active, TerminatedAt: time.Date(2026, 2, 28, 0, 0, 0, 0, time.UTC), Findings: bad("last_day"),
		}, target.Left, target.Disabled, nil},
		{"last day is over", source.Identity{Status: source.Active, LastDay: source.Day(2026, 2, 28), Findings: bad("terminated_at")}, target.Left, target.Disabled, nil},
		{"candidate", source.Identity{Status: source.Candidate, Findings: bad("hire_date")}, target.Future, target.None, nil},

		{"overruled start", source.Identity{Status: source.Active, StartDate: past, Findings: bad("hire_date")}, target.Active, target.Enabled, nil},
		{"overruled end", source.Identity{Status: source.Active, LastDay: future, Findings: bad("termination_date")}, target.Active, target.Enabled, nil},
		{"put right", source.Identity{
			Status: source.Active, HireDate: past, StartDate: past, TerminationDate: future, LastDay: future,
			TerminatedAt: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC),
			Findings:     bad("hire_date", "start_date", "termination_date", "last_day", "terminated_at", "status"),
		}, target.Active, target.Enabled, nil},
		{"another field", source.Identity{Status: source.Active, Findings: bad("original_hire_date", "work_email", "")}, target.Active, target.Enabled, nil},
		{"another code", source.Identity{Status: source.Active, Findings: []source.Finding{{Code: source.CodeConflict, Field: "hire_date"}}}, target.Active, target.Enabled, nil},
		{"nobody in particular", source.Identity{
			Status: source.Active, Findings: []source.Finding{{Source: "hr", Code: source.CodeBadValue, Field: "hire_date"}},
		}, target.Active, target.Enabled, nil},
		{"somebody else", source.Identity{
			Status: source.Active, Findings: []source.Finding{{Identity: "E2", Code: source.CodeBadValue, Field: "hire_date"}},
		}, target.Active, target.Enabled, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			c.person.ID = "E1"
			d, _ := decideOne(t, rules.Lifecycle{DeleteAfter: 90}, rules.Everyone, &c.person, instant(t, "2026-03-01T12:00:00Z"))
			assert.Equal(t, c.phase, d.Phase, "phase %s", d.Phase)
			assert.Equal(t, c.state, d.State, "state %s", d.State)
			assert.Equal(t, c.missing, d.Missing)
		})
	}
}

// What was noticed reaches the rules through every way of reading, and dates
// that are normal stay so.
func TestDatesNotUnderstoodRead(t *testing.T) {
	hr := memsource.New("hr",
		source.Identity{ID: "E1", Status: source.Active, HireDate: source.Day(26, 6, 1)},
		source.Identity{ID: "E2", Status: source.Active, TerminationDate: source.Day(9999, 12, 31)},
		source.Identity{ID: "E3", Status: source.Active, HireDate: source.Day(2026, 1, 1), TerminationDate: source.Day(2020, 1, 1)},
		source.Identity{ID: "E4", Status: source.Active, HireDate: source.Day(9999, 12, 31)},
		source.Identity{ID: "E5", Status: source.PreHire, HireDate: source.Day(1900, 1, 1)},
	)
	merged, err := source.Merge(source.MergeConfig{Name: "all", Sources: []source.Source{
		hr, memsource.New("ad", source.Identity{ID: "E2", TerminationDate: source.Day(26, 1, 1)}),
	}})
	require.NoError(t, err)
	for _, s := range []source.Source{hr, merged, source.Map(hr, func(i source.Identity) (source.Identity, error) {
		i.JobTitle = "Clerk"
		return i, nil
	})} {
		for id, want := range map[string]target.State{
			"E1": target.Undecided, "E2": target.Enabled, "E3": target.Enabled, "E4": target.Undecided, "E5": target.Undecided,
		} {
			i, err := source.Read(t.Context(), s, id)
			require.NoError(t, err)
			d, _ := decideOne(t, rules.Lifecycle{}, rules.Everyone, &i, instant(t, "2026-03-01T12:00:00Z"))
			assert.Equal(t, want, d.State, "%s of %s: %s", id, s.Name(), d.State)
		}
	}
}

// What HR wrote in a form that nobody configured.
func TestExportWithUnknownDates(t *testing.T) {
	hr, err := csvsource.New(csvsource.Config{Name: "hr", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader("ID,Status,Hire Date,Termination Date\n" +
			"E1,Active,06/01/2026,\nE2,Active,,12/31/2025\nE3,Terminated,,12/31/2025\nE4,Active,,\nE5,Active,2020-01-01,9999-12-31\n")), nil
	}})
	require.NoError(t, err)
	s, err := source.Collect(t.Context(), hr)
	require.NoError(t, err)
	states := map[string]string{}
	for i := range s.All() {
		d, _ := decideOne(t, rules.Lifecycle{}, rules.Everyone, i, instant(t, "2026-03-01T12:00:00Z"))
		states[i.ID] = d.State.String() + strings.Join(d.Missing, " ")
	}
	assert.Equal(t, map[string]string{
		"E1": "undecidedhire_date", "E2": "undecidedtermination_date", "E3": "disabled", "E4": "enabled", "E5": "enabled",
	}, states)
}

// A test that writes an identity down gets the zone that it names.
func TestCleanLoadsTheZone(t *testing.T) {
	i := source.Clean(source.Identity{
		ID: "E1", Status: source.Active, LastDay: source.Day(2026, 2, 28), Location: source.Location{TimeZone: "America/Los_Angeles"},
	})
	d, _ := decideOne(t, rules.Lifecycle{}, rules.Everyone, &i, instant(t, "2026-03-01T07:59:00Z"))
	assert.Equal(t, target.Active, d.Phase, "it is still 28 February in Los Angeles")
}

func TestDecideAllocations(t *testing.T) {
	set, p, at := fiftyRules(t), benchPerson(), time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	before := testing.AllocsPerRun(20, func() { set.Decide(p, at) })
	p.Identity.Findings = bad("work_email", "hire_date")
	assert.InDelta(t, before, testing.AllocsPerRun(20, func() { set.Decide(p, at) }), 0.5, "looking at findings costs no memory")
}
