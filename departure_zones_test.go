package provision_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

func utc(text string) time.Time {
	at, err := time.Parse("2006-01-02T15:04:05Z", text)
	if err != nil {
		panic(err)
	}
	return at
}

// The last day ends where somebody works. Just before that the account works, and from
// that instant on it does not; whole runs, runs for one person, forecasts and plans for
// later agree.
func TestLastDayEndsWhereSomebodyWorks(t *testing.T) {
	for name, c := range map[string]struct {
		zone string
		last source.Date
		ends string
	}{
		"Auckland":                          {"Pacific/Auckland", day(2026, 3, 5), "2026-03-05T11:00:00Z"},
		"Los Angeles":                       {"America/Los_Angeles", day(2026, 3, 5), "2026-03-06T08:00:00Z"},
		"nowhere known":                     {"", day(2026, 3, 5), "2026-03-06T00:00:00Z"},
		"+14":                               {"Pacific/Kiritimati", day(2026, 3, 5), "2026-03-05T10:00:00Z"},
		"-12":                               {"Etc/GMT+12", day(2026, 3, 5), "2026-03-06T12:00:00Z"},
		"half an hour":                      {"Asia/Kolkata", day(2026, 3, 5), "2026-03-05T18:30:00Z"},
		"three quarters":                    {"Asia/Kathmandu", day(2026, 3, 5), "2026-03-05T18:15:00Z"},
		"leap day":                          {"Europe/Berlin", day(2028, 2, 29), "2028-02-29T23:00:00Z"},
		"day before a leap day":             {"Europe/Berlin", day(2028, 2, 28), "2028-02-28T23:00:00Z"},
		"no leap day in 2100":               {"UTC", day(2100, 2, 28), "2100-03-01T00:00:00Z"},
		"end of the year":                   {"America/New_York", day(2026, 12, 31), "2027-01-01T05:00:00Z"},
		"summer time begins that night":     {"America/New_York", day(2026, 3, 8), "2026-03-09T04:00:00Z"},
		"summer time begins after midnight": {"Europe/Berlin", day(2026, 3, 28), "2026-03-28T23:00:00Z"},
		"midnight is skipped":               {"America/Santiago", day(2026, 9, 5), "2026-09-06T04:00:00Z"},
		"midnight comes twice":              {"America/Havana", day(2026, 10, 31), "2026-11-01T04:00:00Z"},
		"a zone that does not exist":        {"Mars/Olympus_Mons", day(2026, 3, 5), "2026-03-06T00:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			ends := utc(c.ends)
			w.now = ends.Add(-48 * time.Hour)
			cy := person("E0003", "Engineering", "Clerk")
			cy.Location.TimeZone, cy.TerminationDate = c.zone, c.last
			w.people.Set(append(staff(3), cy)...)
			w.sync()

			leaves := ""
			for _, e := range w.forecast(3).Events {
				if e.Kind == provision.Leaves {
					leaves += e.At.UTC().Format(time.RFC3339) + " on " + e.Day.String()
				}
			}
			assert.Equal(t, ends.Format(time.RFC3339)+" on "+c.last.AddDays(1).String(), leaves)
			w.now = ends.Add(-time.Second)
			_, err := w.engine.SyncOne(t.Context(), "E0003")
			require.NoError(t, err)
			w.sync()
			assert.Equal(t, target.Enabled, w.account("E0003").State, "the last second of the last day")
			later, err := w.engine.PlanAt(t.Context(), ends)
			require.NoError(t, err)
			assert.Contains(t, removals(later), "disable E0003")

			w.now = ends
			_, err = w.engine.SyncOne(t.Context(), "E0003")
			require.NoError(t, err)
			assert.Equal(t, target.Disabled, w.account("E0003").State)
			w.sync()
			assert.Equal(t, target.Disabled, w.account("E0003").State)
		})
	}
}

// Dates that make no sense close nobody's account: it takes a last day that is over, or
// a status that says so.
func TestNonsenseDatesRemoveNothing(t *testing.T) {
	first, last := day(1, 1, 1), day(9999, 12, 31)
	for name, c := range map[string]struct {
		change func(*source.Identity)
		want   target.State
	}{
		"the end of time":           {func(p *source.Identity) { p.TerminationDate = last }, target.Enabled},
		"last day, the end of time": {func(p *source.Identity) { p.LastDay = last }, target.Enabled},
		"ends before it starts": {func(p *source.Identity) {
			p.HireDate, p.TerminationDate = day(2025, 6, 1), day(2024, 6, 1)
		}, target.Enabled},
		"terminated before it starts": {func(p *source.Identity) {
			p.HireDate, p.TerminatedAt = day(2025, 6, 1), time.Date(2024, 6, 1, 0, 0, 0, 0, time.UTC)
		}, target.Enabled},
		"ended in the year 1":           {func(p *source.Identity) { p.TerminationDate = first }, target.Enabled},
		"ended in the year 1, no start": {func(p *source.Identity) { p.HireDate, p.TerminationDate = source.Date{}, first }, target.Enabled},
		"terminated in the year 1, no start": {func(p *source.Identity) {
			p.HireDate, p.TerminatedAt = source.Date{}, time.Date(1, 1, 1, 12, 0, 0, 0, time.UTC)
		}, target.Enabled},
		"ended status, year 1, no start": {func(p *source.Identity) {
			p.Status, p.HireDate, p.TerminationDate = source.Terminated, source.Date{}, first
		}, target.Disabled},
		"hired at the end of time": {func(p *source.Identity) { p.HireDate = last }, target.Enabled},
		"an unreadable last day": {func(p *source.Identity) {
			p.Findings = []source.Finding{{Code: source.CodeBadValue, Field: "termination_date", Identity: p.ID}}
		}, target.Enabled},
		"an unreadable last day, and an ended status": {func(p *source.Identity) {
			p.Status = source.Terminated
			p.Findings = []source.Finding{{Code: source.CodeBadValue, Field: "termination_date", Identity: p.ID}}
		}, target.Disabled},
		"an ended status, the end of time": {func(p *source.Identity) { p.Status, p.TerminationDate = source.Terminated, last }, target.Disabled},
		"an ended status, ends before it starts": {func(p *source.Identity) {
			p.Status, p.HireDate, p.TerminationDate = source.Terminated, day(2025, 6, 1), day(2024, 6, 1)
		}, target.Disabled},
		"an ended status, the year 1": {func(p *source.Identity) { p.Status, p.TerminationDate = source.Terminated, first }, target.Disabled},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			w.people.Set(staff(6)...)
			w.sync()
			w.now = w.now.Add(24 * time.Hour)
			p := person("E0003", "Engineering", "Clerk")
			c.change(&p)
			w.people.Put(p)
			for range 3 {
				_, err := w.engine.SyncOne(t.Context(), "E0003")
				require.NoError(t, err)
				_, err = w.engine.Sync(t.Context())
				require.NoError(t, err)
				assert.Equal(t, c.want, w.account("E0003").State)
				w.now = w.now.Add(40 * 24 * time.Hour)
			}
			for _, call := range w.app.Writes() {
				assert.NotEqual(t, "Delete", call.Method, "a last day that nobody understands deletes nothing")
			}
			f := w.forecast(3660)
			for i := range f.Events {
				assert.NotEqual(t, provision.DeleteDue, f.Events[i].Kind)
			}
		})
	}
}

// Two people with one last day are closed each at their own midnight, by runs every
// hour.
func TestOneLastDayTwoMidnights(t *testing.T) {
	w := newWorld(t, nil)
	east, west := person("E0003", "Engineering", "Clerk"), person("E0004", "Sales", "Clerk")
	east.Location.TimeZone, west.Location.TimeZone = "Pacific/Auckland", "America/Los_Angeles"
	east.TerminationDate, west.TerminationDate = day(2026, 3, 5), day(2026, 3, 5)
	w.people.Set(append(staff(3), east, west)...)
	w.now = utc("2026-03-05T00:00:00Z")
	w.sync()
	closed := map[string]string{}
	for ; w.now.Before(utc("2026-03-07T00:00:00Z")); w.now = w.now.Add(time.Hour) {
		report := w.sync()
		for i := range report.Results {
			if c := &report.Results[i].Change; c.Action == reconcile.Disable {
				closed[c.Key.Identity] = w.now.Format(time.RFC3339)
			}
		}
	}
	assert.Equal(t, map[string]string{"E0003": "2026-03-05T11:00:00Z", "E0004": "2026-03-06T08:00:00Z"}, closed)
}
