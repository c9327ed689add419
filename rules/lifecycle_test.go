package rules_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

func mustBuild(t testing.TB, spec rules.Spec) *rules.Set {
	t.Helper()
	set, err := rules.Build(spec)
	require.NoError(t, err)
	return set
}

func instant(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	require.NoError(t, err)
	return at
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	require.NoError(t, err)
	return z
}

func day(t testing.TB, text string) source.Date {
	t.Helper()
	if text == "" {
		return source.Date{}
	}
	d, err := source.ParseDate(text)
	require.NoError(t, err)
	return d
}

// decideOne decides for the only account of a set with that life cycle.
func decideOne(t testing.TB, life rules.Lifecycle, account rules.Cond, i *source.Identity, at time.Time) (target.Desired, rules.Decision) {
	t.Helper()
	set := mustBuild(t, rules.Spec{Name: "test", Targets: []rules.TargetSpec{{
		Target: "app", Account: account, Lifecycle: life,
	}}})
	d := set.Decide(rules.Person{Identity: i}, at)
	require.Len(t, d.Accounts, 1)
	return d.Accounts[0].Desired, d
}

func TestLifecycle(t *testing.T) {
	const (
		none, off, on, gone, unsure = target.None, target.Disabled, target.Enabled, target.Deleted, target.Undecided
	)
	prepared := rules.Lifecycle{PreHire: 14, EnableBefore: 2, Leave: rules.DisableOnLeave, DeleteAfter: 30}
	cases := []struct {
		name                  string
		life                  rules.Lifecycle
		status                source.Status
		start, end, immediate string
		zone                  string
		at                    string
		phase                 target.Phase
		state                 target.State
		next                  string // of Desired.Next
		then                  target.State
		missing               string
	}{
		{name: "status unknown", at: "2026-03-01T12:00:00Z", phase: target.PhaseUnknown, state: unsure, missing: "status"},
		{name: "status out of range", status: 99, at: "2026-03-01T12:00:00Z", phase: target.PhaseUnknown, state: unsure, missing: "status"},
		{name: "unknown, though the last day is over", end: "2026-01-01", at: "2026-03-01T12:00:00Z", phase: target.PhaseUnknown, state: unsure, missing: "status"},
		{name: "candidate", status: source.Candidate, start: "2026-01-01", at: "2026-03-01T12:00:00Z", phase: target.Future, state: none},
		{name: "pre-hire without a start", status: source.PreHire, at: "2026-03-01T12:00:00Z", phase: target.PhaseUnknown, state: unsure, missing: "start_date"},
		{name: "pre-hire without a start, old end", status: source.PreHire, end: "2020-01-01", at: "2026-03-01T12:00:00Z", phase: target.PhaseUnknown, state: unsure, missing: "start_date"},
		{name: "pre-hire, HR is late", status: source.PreHire, start: "2026-03-01", at: "2026-03-01T12:00:00Z", phase: target.Active, state: on},
		{name: "active", status: source.Active, at: "2026-03-01T12:00:00Z", phase: target.Active, state: on},
		{name: "active, start in the future", status: source.Active, start: "2026-03-10", at: "2026-03-09T23:59:59Z", phase: target.Future, state: none, next: "2026-03-10T00:00:00Z", then: on},

		{name: "before the lead", life: prepared, status: source.PreHire, start: "2026-03-15", at: "2026-02-28T23:59:59Z", phase: target.Future, state: none, next: "2026-03-01T00:00:00Z", then: off},
		{name: "lead begins", life: prepared, status: source.PreHire, start: "2026-03-15", at: "2026-03-01T00:00:00Z", phase: target.PreHire, state: off, next: "2026-03-13T00:00:00Z", then: on},
		{name: "enabled early", life: prepared, status: source.PreHire, start: "2026-03-15", at: "2026-03-13T00:00:00Z", phase: target.PreHire, state: on},
		{name: "enabled early without a lead", life: rules.Lifecycle{EnableBefore: 3}, status: source.PreHire, start: "2026-03-15", at: "2026-03-12T00:00:00Z", phase: target.PreHire, state: on},
		{name: "not before", life: rules.Lifecycle{EnableBefore: 3}, status: source.PreHire, start: "2026-03-15", at: "2026-03-11T23:59:59Z", phase: target.Future, state: none, next: "2026-03-12T00:00:00Z", then: on},
		{name: "suspended before the start", life: prepared, status: source.Suspended, start: "2026-03-15", at: "2026-03-14T00:00:00Z", phase: target.PreHire, state: off},
		{name: "on leave before the start", life: prepared, status: source.OnLeave, start: "2026-03-15", at: "2026-03-14T00:00:00Z", phase: target.PreHire, state: off},
		{name: "on leave before the start, kept", life: rules.Lifecycle{EnableBefore: 3}, status: source.OnLeave, start: "2026-03-15", at: "2026-03-14T00:00:00Z", phase: target.PreHire, state: on},

		{name: "on leave", status: source.OnLeave, at: "2026-03-01T12:00:00Z", phase: target.OnLeave, state: on},
		{name: "on leave, disabled", life: prepared, status: source.OnLeave, at: "2026-03-01T12:00:00Z", phase: target.OnLeave, state: off},
		{name: "suspended", status: source.Suspended, at: "2026-03-01T12:00:00Z", phase: target.Suspended, state: off},

		{name: "last day", status: source.Active, end: "2026-03-01", at: "2026-03-01T23:59:59Z", phase: target.Active, state: on, next: "2026-03-02T00:00:00Z", then: off},
		{name: "after the last day", status: source.Active, end: "2026-03-01", at: "2026-03-02T00:00:00Z", phase: target.Left, state: off},
		{name: "the end of time", status: source.Active, end: "9999-12-31", at: "2026-03-02T00:00:00Z", phase: target.Active, state: on},
		{name: "on leave to the end", life: prepared, status: source.OnLeave, end: "2026-03-01", at: "2026-03-02T00:00:00Z", phase: target.Left, state: off, next: "2026-03-31T00:00:00Z", then: gone},
		{name: "leap day", status: source.Active, end: "2028-02-29", at: "2028-02-29T23:00:00Z", phase: target.Active, state: on, next: "2028-03-01T00:00:00Z", then: off},
		{name: "no leap day", status: source.Active, end: "2026-02-28", at: "2026-03-01T00:00:00Z", phase: target.Left, state: off},

		{name: "terminated before the last day", status: source.Terminated, end: "2026-04-01", at: "2026-03-01T12:00:00Z", phase: target.Left, state: off},
		{name: "terminated, deletion counts from the last day", life: prepared, status: source.Terminated, end: "2026-04-01", at: "2026-03-01T12:00:00Z", phase: target.Left, state: off, next: "2026-05-01T00:00:00Z", then: gone},
		{name: "retired", status: source.Retired, at: "2026-03-01T12:00:00Z", phase: target.Left, state: off},
		{name: "deceased", status: source.Deceased, at: "2026-03-01T12:00:00Z", phase: target.Left, state: off},
		{name: "removed by the source, no date: never deleted", life: prepared, status: source.Deleted, at: "2026-03-01T12:00:00Z", phase: target.Left, state: off},

		{name: "deleted later", life: prepared, status: source.Terminated, end: "2026-03-01", at: "2026-03-30T23:59:59Z", phase: target.Left, state: off, next: "2026-03-31T00:00:00Z", then: gone},
		{name: "deleted", life: prepared, status: source.Terminated, end: "2026-03-01", at: "2026-03-31T00:00:00Z", phase: target.Left, state: gone},
		{name: "deleted, by the termination", life: prepared, status: source.Terminated, immediate: "2026-03-01T10:00:00Z", at: "2026-03-31T00:00:00Z", phase: target.Left, state: gone},
		{name: "the later of both ends counts", life: prepared, status: source.Terminated, end: "2026-02-01", immediate: "2026-03-01T10:00:00Z", at: "2026-03-30T00:00:00Z", phase: target.Left, state: off, next: "2026-03-31T00:00:00Z", then: gone},

		{name: "before an immediate termination", status: source.Active, immediate: "2026-03-01T10:00:00Z", at: "2026-03-01T09:59:59Z", phase: target.Active, state: on, next: "2026-03-01T10:00:00Z", then: off},
		{name: "at an immediate termination", status: source.Active, immediate: "2026-03-01T10:00:00Z", at: "2026-03-01T10:00:00Z", phase: target.Left, state: off},
		{name: "immediate beats the last day", status: source.Active, end: "2026-03-31", immediate: "2026-03-01T10:00:00Z", at: "2026-03-01T10:00:00Z", phase: target.Left, state: off},

		{name: "rehire, earlier last day", life: prepared, status: source.Active, start: "2026-02-01", end: "2025-10-01", at: "2026-03-01T12:00:00Z", phase: target.Active, state: on},
		{name: "rehire, earlier termination", life: prepared, status: source.Active, start: "2026-02-01", immediate: "2025-10-01T10:00:00Z", at: "2026-03-01T12:00:00Z", phase: target.Active, state: on},
		{name: "rehire to come", life: prepared, status: source.PreHire, start: "2026-05-01", end: "2025-10-01", at: "2026-03-01T12:00:00Z", phase: target.Future, state: none, next: "2026-04-17T00:00:00Z", then: off},
		{name: "rehire, still terminated: no end of this employment", life: prepared, status: source.Terminated, start: "2026-05-01", end: "2025-10-01", at: "2026-03-01T12:00:00Z", phase: target.Left, state: off},
		{name: "terminated on the first day", status: source.Active, start: "2026-03-01", immediate: "2026-03-01T10:00:00Z", at: "2026-03-01T12:00:00Z", phase: target.Left, state: off},

		{name: "last day at +14", zone: "Pacific/Kiritimati", status: source.Active, end: "2026-03-01", at: "2026-03-01T09:59:59Z", phase: target.Active, state: on, next: "2026-03-01T10:00:00Z", then: off},
		{name: "over at +14", zone: "Pacific/Kiritimati", status: source.Active, end: "2026-03-01", at: "2026-03-01T10:00:00Z", phase: target.Left, state: off},
		{name: "last day at -12", zone: "Etc/GMT+12", status: source.Active, end: "2026-03-01", at: "2026-03-02T11:59:59Z", phase: target.Active, state: on, next: "2026-03-02T12:00:00Z", then: off},
		{name: "over at -12", zone: "Etc/GMT+12", status: source.Active, end: "2026-03-01", at: "2026-03-02T12:00:00Z", phase: target.Left, state: off},
		{name: "start at +14", zone: "Pacific/Kiritimati", status: source.PreHire, start: "2026-03-02", at: "2026-03-01T10:00:00Z", phase: target.Active, state: on},
		{name: "summer time begins", zone: "Europe/Berlin", status: source.Active, end: "2026-03-29", at: "2026-03-29T21:59:59Z", phase: target.Active, state: on, next: "2026-03-29T22:00:00Z", then: off},
		{name: "summer time ends", zone: "Europe/Berlin", status: source.Active, end: "2026-10-25", at: "2026-10-25T22:59:59Z", phase: target.Active, state: on, next: "2026-10-25T23:00:00Z", then: off},
		{name: "midnight that does not exist", zone: "America/Sao_Paulo", status: source.Active, end: "2018-11-03", at: "2018-11-04T02:59:59Z", phase: target.Active, state: on, next: "2018-11-04T03:00:00Z", then: off},
		{name: "midnight that comes twice", zone: "America/St_Johns", status: source.Active, end: "2010-11-06", at: "2010-11-07T02:45:00Z", phase: target.Left, state: off},
		{name: "a day that never was", zone: "Pacific/Apia", status: source.Active, end: "2011-12-29", at: "2011-12-30T09:59:59Z", phase: target.Active, state: on, next: "2011-12-30T10:00:00Z", then: off},
		{name: "one clock for all", life: rules.Lifecycle{Clock: rules.ClockIn(time.FixedZone("HQ", -5*3600))}, zone: "Pacific/Kiritimati", status: source.Active, end: "2026-03-01", at: "2026-03-02T04:59:59Z", phase: target.Active, state: on, next: "2026-03-02T05:00:00Z", then: off},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			i := &source.Identity{ID: "E1", Status: c.status, StartDate: day(t, c.start), LastDay: day(t, c.end)}
			if c.immediate != "" {
				i.TerminatedAt = instant(t, c.immediate)
			}
			if c.zone != "" {
				i.Location.Zone = zone(t, c.zone)
			}
			d, whole := decideOne(t, c.life, rules.Everyone, i, instant(t, c.at))
			assert.Equal(t, c.phase, d.Phase, "phase %s", d.Phase)
			assert.Equal(t, c.state, d.State, "state %s", d.State)
			if c.missing == "" {
				assert.Empty(t, d.Missing)
			} else {
				assert.Equal(t, []string{c.missing}, d.Missing)
			}
			if c.next == "" {
				assert.Zero(t, d.Next)
				return
			}
			assert.Equal(t, target.Upcoming{At: instant(t, c.next), State: c.then}, d.Next)
			assert.False(t, whole.Next.IsZero() || whole.Next.After(d.Next.At), "next %s", whole.Next)
		})
	}
}

func TestAccountCondition(t *testing.T) {
	at := instant(t, "2026-03-01T12:00:00Z")
	sales := rules.Department.Is("Sales")
	person := func(status source.Status, department string) *source.Identity {
		return &source.Identity{ID: "E1", Status: status, Department: source.Named(department)}
	}
	for _, c := range []struct {
		name   string
		person *source.Identity
		state  target.State
		phase  target.Phase
	}{
		{"yes", person(source.Active, "Sales"), target.Enabled, target.Active},
		{"no", person(source.Active, "Finance"), target.None, target.Active},
		{"undecided", person(source.Active, ""), target.Undecided, target.Active},
		{"a leaver is disabled, though no", person(source.Terminated, "Finance"), target.Disabled, target.Left},
		{"a leaver is disabled, though undecided", person(source.Terminated, ""), target.Disabled, target.Left},
		{"a candidate has none, though undecided", person(source.Candidate, ""), target.None, target.Future},
		{"suspended, no", person(source.Suspended, "Finance"), target.None, target.Suspended},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, _ := decideOne(t, rules.Lifecycle{}, sales, c.person, at)
			assert.Equal(t, c.state, d.State)
			assert.Equal(t, c.phase, d.Phase)
			if c.state == target.Undecided {
				assert.Equal(t, []string{"department"}, d.Missing)
			} else {
				assert.Empty(t, d.Missing)
			}
		})
	}
}

func TestLeaverObligations(t *testing.T) {
	life := rules.Lifecycle{EndSessions: true, Handover: true}
	at := instant(t, "2026-03-01T12:00:00Z")
	i := &source.Identity{ID: "E1", Status: source.Active, Manager: source.Manager{ID: "E7"}}
	d, _ := decideOne(t, life, rules.Everyone, i, at)
	assert.False(t, d.EndSessions)
	assert.Zero(t, d.Handover)

	i.Status = source.Terminated
	d, _ = decideOne(t, life, rules.Everyone, i, at)
	assert.True(t, d.EndSessions)
	assert.Equal(t, target.Key{Identity: "E7"}, d.Handover)

	i.Manager.ID = "E1"
	d, _ = decideOne(t, life, rules.Everyone, i, at)
	assert.Zero(t, d.Handover, "nobody hands over to themselves")

	d, _ = decideOne(t, rules.Lifecycle{}, rules.Everyone, i, at)
	assert.False(t, d.EndSessions)

	// Sessions end with every disable, things are handed over by leavers only.
	for name, who := range map[string]struct {
		status source.Status
		cond   rules.Cond
		want   bool
	}{
		"suspended":    {source.Suspended, rules.Everyone, true},
		"on leave":     {source.OnLeave, rules.Everyone, true},
		"out of scope": {source.Active, rules.Not(rules.Everyone), true},
		"undecided":    {source.Active, rules.Department.Is("Sales"), false},
	} {
		i := &source.Identity{ID: "E1", Status: who.status, Manager: source.Manager{ID: "E7"}}
		d, _ := decideOne(t, rules.Lifecycle{EndSessions: true, Handover: true, Leave: rules.DisableOnLeave}, who.cond, i, at)
		assert.Equal(t, who.want, d.EndSessions, name)
		assert.Zero(t, d.Handover, name)
	}
}

// A day begins where somebody works before it does by a clock in the west. What ended on
// their first morning is this employment, and so is what ended after the clock opened it.
func TestTerminatedOnTheFirstMorning(t *testing.T) {
	for _, c := range []struct {
		zone, at string
		want     target.State
	}{
		{"Pacific/Auckland", "2026-03-20T09:00:00+13:00", target.Disabled},
		{"Pacific/Auckland", "2026-03-19T23:00:00+13:00", target.Enabled},
		{"America/Los_Angeles", "2026-03-19T18:00:00-07:00", target.Disabled},
		{"America/Los_Angeles", "2026-03-19T16:00:00-07:00", target.Enabled},
	} {
		i := source.Identity{ID: "E1", Status: source.Active, HireDate: day(t, "2026-03-20"), TerminatedAt: instant(t, c.at)}
		i.Location.Zone = zone(t, c.zone)
		d, _ := decideOne(t, rules.Lifecycle{Clock: rules.ClockIn(time.UTC)}, rules.Everyone, &i, instant(t, "2026-03-21T12:00:00Z"))
		assert.Equal(t, c.want, d.State, "%s", c.at)
	}
}
