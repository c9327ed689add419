package provision_test

import (
	"bytes"
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/manual"
	"github.com/provision-go/provision/source/memsource"
	"github.com/provision-go/provision/target"
)

// Somebody whom an ATS hires gets an account before the HRIS knows them. It stays
// theirs when the HRIS does, when the ATS forgets them, after a compaction, and when
// they leave.
func TestHiredThenEmployed(t *testing.T) {
	ats, hris := memsource.New("ats"), memsource.New("hris")
	path := filepath.Join(t.TempDir(), "journal")
	journal, err := provision.OpenFileJournal(path)
	require.NoError(t, err)
	t.Cleanup(func() { _ = journal.Close() })
	merged, err := source.Merge(source.MergeConfig{
		Name: "people", Sources: []source.Source{hris, ats}, Authoritative: []string{"hris", "ats"},
		Match: []source.MatchBy{source.ByWorkEmail}, Memory: provision.NewDesk(journal),
	})
	require.NoError(t, err)
	w := newWorld(t, func(c *provision.Config) { c.Source, c.Journal = merged, journal })

	hire := person("A1", "Sales", "Clerk")
	hire.Status, hire.HireDate, hire.StartDate = source.PreHire, source.Date{}, day(2026, 3, 10)
	ats.Put(hire)
	hris.Put(person("E1", "Finance", "Treasurer"))
	w.sync()
	ana := w.account("A1").ID

	employee := person("E2", "Engineering", "Engineer")
	employee.WorkEmail = hire.WorkEmail
	hris.Put(employee)
	for range 10 {
		w.now = w.now.Add(24 * time.Hour)
		w.sync()
	}
	assert.Equal(t, ana, w.account("A1").ID)
	assert.Equal(t, target.Enabled, w.account("A1").State)
	assert.Len(t, w.app.All(), 2, "nobody has a second account")

	ats.Remove("A1")
	err = journal.Compact(t.Context(), w.now)
	require.NoError(t, err)
	w.restart()
	w.now = w.now.Add(24 * time.Hour)
	w.sync()
	assert.Equal(t, target.Enabled, w.account("A1").State)

	employee.Status = source.Terminated
	hris.Put(employee)
	w.now = w.now.Add(24 * time.Hour)
	w.sync()
	assert.Equal(t, map[string]target.State{"A1": target.Disabled, "E1": target.Enabled}, w.states())
}

// Two accounts that turn out to be of one person lose nothing until somebody has said
// which one stays.
func TestTwoAccountsOfOnePerson(t *testing.T) {
	ats, hris := memsource.New("ats"), memsource.New("hris")
	journal := &provision.MemoryJournal{}
	desk := provision.NewDesk(journal)
	merged, err := source.Merge(source.MergeConfig{
		Name: "people", Sources: []source.Source{hris, ats}, Authoritative: []string{"hris", "ats"},
		Match: []source.MatchBy{source.ByEmployeeNumber}, Memory: desk,
	})
	require.NoError(t, err)
	w := newWorld(t, func(c *provision.Config) { c.Source, c.Journal = merged, journal })
	hire, employee := person("A1", "Sales", "Clerk"), person("E1", "Sales", "Clerk")
	ats.Put(hire)
	hris.Put(employee, person("E2", "Sales", "Clerk"))
	w.sync()
	require.Len(t, w.app.All(), 3)

	hire.EmployeeNumber, employee.EmployeeNumber = "7", "7"
	ats.Put(hire)
	hris.Put(employee)
	for range 5 {
		w.now = w.now.Add(24 * time.Hour)
		report, err := w.engine.Sync(t.Context())
		require.NoError(t, err)
		require.NoError(t, report.Err())
		assert.Equal(t, map[string]target.State{"A1": target.Enabled, "E1": target.Enabled, "E2": target.Enabled}, w.states())
	}

	require.NoError(t, desk.Link(t.Context(), map[source.AlternateID]string{
		{Type: "ats", Value: "A1"}: "E1", {Type: "hris", Value: "E1"}: "E1",
	}))
	known, err := desk.Known(t.Context())
	require.NoError(t, err)
	assert.Len(t, known.Links, 2)
	for range 20 { // more than the grace of somebody who is absent
		w.now = w.now.Add(24 * time.Hour)
		_, err := w.engine.Sync(t.Context())
		require.NoError(t, err)
	}
	assert.Equal(t, target.Enabled, w.account("E1").State)
	assert.Equal(t, target.Disabled, w.account("A1").State, "nobody has it any more")
}

// An explanation says who says what about a person, also through what wraps a merged
// source, and shows none of it.
func TestExplainSaysWhoSaysWhat(t *testing.T) {
	hris, ats := memsource.New("hris"), memsource.New("ats")
	employee, hire := person("E1", "Sales", "Clerk"), person("A1", "Sales", "Intern of the year")
	employee.EmployeeNumber, hire.EmployeeNumber = "7", "7"
	hire.WorkEmail = "canary@acme.example"
	hris.Put(employee)
	ats.Put(hire)
	merged, err := source.Merge(source.MergeConfig{
		Name: "staff", Sources: []source.Source{hris, ats}, Match: []source.MatchBy{source.ByEmployeeNumber},
		Precedence: map[string][]string{"personal_email": {"ats"}},
	})
	require.NoError(t, err)
	all, err := source.Union("all", source.Part{Source: source.Filter(merged, func(*source.Identity) bool { return true }), Prefix: "s:"})
	require.NoError(t, err)
	decided, err := manual.Over(all, manual.Config{
		Decisions: func(context.Context) ([]manual.Decision, error) { return nil, nil },
	})
	require.NoError(t, err)
	w := newWorld(t, func(c *provision.Config) { c.Source = decided })
	x, err := w.engine.Explain(t.Context(), "s:E1")
	require.NoError(t, err)
	assert.Contains(t, x.Origins, source.Origin{Field: "work_email", Source: "ats", Value: "canary@acme.example"})
	var text bytes.Buffer
	require.NoError(t, x.Format(&text))
	assert.Contains(t, text.String(), "job_title  from hris; otherwise ats\n")
	assert.Contains(t, text.String(), "employee_number  from hris\n")
	assert.NotContains(t, text.String(), "canary")
	assert.NotContains(t, text.String(), "Intern of the year")

	w = newWorld(t, nil)
	w.people.Put(employee)
	x, err = w.engine.Explain(t.Context(), "E1")
	require.NoError(t, err)
	assert.Empty(t, x.Origins, "one source says it all")
}
