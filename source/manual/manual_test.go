package manual_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/manual"
	"github.com/provision-go/provision/source/memsource"
	"github.com/provision-go/provision/source/sourcetest"
)

var noon = time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)

// decision is one that lacks nothing.
func decision(kind manual.Kind, change func(*manual.Decision)) manual.Decision {
	d := manual.Decision{Identity: "E1", Kind: kind, Actor: "dana", Reason: "ticket 7"}
	if kind == manual.Reactivate {
		d.Expires = noon.AddDate(0, 0, 10)
	}
	if kind == manual.Grant {
		d.Name = "contracts"
	}
	if change != nil {
		change(&d)
	}
	return d
}

func over(t *testing.T, s source.Source, decisions ...manual.Decision) source.Source {
	t.Helper()
	made, err := manual.Over(s, manual.Config{
		Decisions: func(context.Context) ([]manual.Decision, error) { return decisions, nil },
		Clock:     func() time.Time { return noon },
	})
	require.NoError(t, err)
	return made
}

func one(t *testing.T, i source.Identity, decisions ...manual.Decision) source.Identity {
	t.Helper()
	i.ID = "E1"
	listed := over(t, memsource.New("hr", i, source.Identity{ID: "E2"}), decisions...)
	s, err := source.Collect(t.Context(), listed)
	require.NoError(t, err)
	read, err := source.Read(t.Context(), listed, "E1")
	require.NoError(t, err)
	require.Equal(t, *s.Find("E1"), read, "a list says the same as a single read")
	return read
}

func TestStatus(t *testing.T) {
	suspend, reactivate := decision(manual.Suspend, nil), decision(manual.Reactivate, nil)
	for name, tt := range map[string]struct {
		status    source.Status
		decisions []manual.Decision
		want      source.Status
		found     bool
	}{
		"no decision":                        {source.Active, nil, source.Active, false},
		"suspended":                          {source.Active, []manual.Decision{suspend}, source.Suspended, true},
		"suspended on leave":                 {source.OnLeave, []manual.Decision{suspend}, source.Suspended, true},
		"suspended, and nobody knows":        {source.Unknown, []manual.Decision{suspend}, source.Suspended, true},
		"whoever left stays gone":            {source.Terminated, []manual.Decision{suspend}, source.Terminated, false},
		"reactivated":                        {source.Terminated, []manual.Decision{reactivate}, source.Active, true},
		"reactivated after a suspension":     {source.Suspended, []manual.Decision{reactivate}, source.Active, true},
		"a suspension wins":                  {source.Active, []manual.Decision{reactivate, suspend}, source.Suspended, true},
		"a suspension wins also over an end": {source.Terminated, []manual.Decision{reactivate, suspend}, source.Terminated, false},
		"nobody comes back from the dead":    {source.Deceased, []manual.Decision{reactivate}, source.Deceased, true},
		"nor from a deletion":                {source.Deleted, []manual.Decision{reactivate}, source.Deleted, true},
		"nor begins by it":                   {source.PreHire, []manual.Decision{reactivate}, source.PreHire, true},
		"expired":                            {source.Active, []manual.Decision{decision(manual.Suspend, func(d *manual.Decision) { d.Expires = noon })}, source.Active, false},
		"not yet":                            {source.Active, []manual.Decision{decision(manual.Suspend, func(d *manual.Decision) { d.From = noon.Add(1) })}, source.Active, false},
		"from now on, for a moment": {source.Active, []manual.Decision{decision(manual.Suspend, func(d *manual.Decision) {
			d.From, d.Expires = noon, noon.Add(1)
		})}, source.Suspended, true},
		"about somebody else": {source.Active, []manual.Decision{decision(manual.Suspend, func(d *manual.Decision) { d.Identity = "E2" })}, source.Active, false},
	} {
		t.Run(name, func(t *testing.T) {
			i := one(t, source.Identity{Status: tt.status}, tt.decisions...)
			assert.Equal(t, tt.want, i.Status)
			assert.Equal(t, tt.found, len(i.Findings) > 0)
			for _, f := range i.Findings {
				assert.Contains(t, f.Message, "dana")
			}
		})
	}
}

// Who is reactivated works until the decision expires, whatever dates the source has.
func TestReactivateDates(t *testing.T) {
	i := one(t, source.Identity{
		Status: source.Terminated, TerminationDate: source.Day(2026, 5, 31), LastDay: source.Day(2026, 5, 29), TerminatedAt: noon,
		Location: source.Location{TimeZone: "Pacific/Auckland"},
	}, decision(manual.Reactivate, nil))
	assert.Equal(t, source.Day(2026, 6, 26), i.End(), "the day where they work")
	assert.True(t, i.TerminatedAt.IsZero())
	assert.Equal(t, "reactivated by dana until 2026-06-25 12:00 UTC: ticket 7; the source says terminated", i.Findings[0].Message)
}

func TestGrants(t *testing.T) {
	grant := func(name string) manual.Decision {
		return decision(manual.Grant, func(d *manual.Decision) { d.Name = name })
	}
	i := one(t, source.Identity{Custom: map[string][]string{"badge": {"7"}}}, grant("b"), grant("a"), grant("b"))
	assert.Equal(t, map[string][]string{"badge": {"7"}, "granted": {"a", "b"}}, i.Custom)
	i = one(t, source.Identity{})
	require.NotNil(t, i.Custom["granted"], "that nothing is granted is known: an expired grant has to go")
	assert.Empty(t, i.Custom["granted"])
}

// What cannot be understood decides nothing, and says whose it is.
func TestIncompleteDecisions(t *testing.T) {
	for want, change := range map[string]func(*manual.Decision){
		"no actor":              func(d *manual.Decision) { d.Actor = " " },
		"no reason":             func(d *manual.Decision) { d.Reason = "" },
		"there is no such kind": func(d *manual.Decision) { d.Kind = 9 },
		"nothing is granted":    func(d *manual.Decision) { d.Kind, d.Name = manual.Grant, "" },
		"it does not expire":    func(d *manual.Decision) { d.Kind, d.Expires = manual.Reactivate, time.Time{} },
	} {
		t.Run(want, func(t *testing.T) {
			i := one(t, source.Identity{Status: source.Active}, decision(manual.Suspend, change))
			assert.Equal(t, source.Unknown, i.Status)
			require.Len(t, i.Findings, 1)
			assert.Contains(t, i.Findings[0].Message, want)
		})
	}
	nobody := over(t, memsource.New("hr", source.Identity{ID: "E1"}), decision(manual.Suspend, func(d *manual.Decision) { d.Identity = " " }))
	_, err := source.Collect(t.Context(), nobody)
	require.ErrorContains(t, err, `number 1 (suspension by "dana") is about nobody`)
}

func TestUnknownPeople(t *testing.T) {
	s, err := source.Collect(t.Context(), over(t, memsource.New("hr", source.Identity{ID: "E7"}, source.Identity{ID: "E8"}), decision(manual.Suspend, nil)))
	require.NoError(t, err)
	require.Len(t, s.Findings(), 1)
	assert.Equal(t, "E1", s.Findings()[0].Identity)
	assert.Contains(t, s.Findings()[0].Message, `about "E1", whom the source does not list`)
	assert.Equal(t, 2, s.Len())
}

// Without the decisions nobody may be read: a suspended person would be back.
func TestDecisionsUnread(t *testing.T) {
	s, err := manual.Over(memsource.New("hr", source.Identity{ID: "E1"}), manual.Config{
		Decisions: func(context.Context) ([]manual.Decision, error) { return nil, errors.New("no connection") },
	})
	require.NoError(t, err)
	_, err = source.Collect(t.Context(), s)
	require.ErrorContains(t, err, "no connection")
	_, err = source.Read(t.Context(), s, "E1")
	require.ErrorContains(t, err, "no connection")
}

func TestConfig(t *testing.T) {
	_, err := manual.Over(nil, manual.Config{})
	require.ErrorContains(t, err, "no source")
	_, err = manual.Over(memsource.New("hr"), manual.Config{})
	require.ErrorContains(t, err, "Decisions")
}

func TestConformance(t *testing.T) {
	people := func() *memsource.Source {
		return memsource.New("hr", source.Identity{ID: "E1"}, source.Identity{ID: "E2", Status: source.Active}, source.Identity{ID: "E3"})
	}
	sourcetest.Run(t, func(t *testing.T) source.Source {
		t.Helper()
		return over(t, people(), decision(manual.Suspend, nil))
	}, &sourcetest.Options{
		WantIDs: []string{"E1", "E2", "E3"},
		Broken: func(t *testing.T) source.Source {
			t.Helper()
			broken := people()
			broken.Break(memsource.Fault{After: 2, ListErr: errors.New("connection reset")})
			return over(t, broken, decision(manual.Suspend, nil))
		},
	})
}

func Example() {
	// What an admin page wrote.
	decisions := []manual.Decision{{
		Identity: "E1", Kind: manual.Suspend, Actor: "dana@acme.example", Reason: "a lost laptop",
		Expires: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC),
	}}
	hr := memsource.New("hr", source.Identity{ID: "E1", Status: source.Active})
	people, err := manual.Over(hr, manual.Config{
		Decisions: func(context.Context) ([]manual.Decision, error) { return decisions, nil },
		Clock:     func() time.Time { return noon },
	})
	if err != nil {
		panic(err)
	}
	ana, err := source.Read(context.Background(), people, "E1")
	if err != nil {
		panic(err)
	}
	fmt.Println(ana.Status)
	fmt.Println(ana.Findings[0].Message)
	// Output:
	// suspended
	// suspended by dana@acme.example until 2026-07-01 00:00 UTC: a lost laptop; the source says active
}
