package sqlsource_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/sourcetest"
	"github.com/provision-go/provision/source/sqlsource"
)

// database is a driver whose every query gives the same rows; with one argument only
// those that have it in the first column. Real databases are in internal/dbtest.
type database struct {
	columns []string
	rows    [][]driver.Value
	after   int   // rows before err
	err     error // of the rows, nil: none
	refuse  error // of the query
}

func (d *database) Connect(context.Context) (driver.Conn, error) { return d, nil }
func (d *database) Driver() driver.Driver                        { return nil }
func (d *database) Prepare(string) (driver.Stmt, error)          { return nil, driver.ErrSkip }
func (d *database) Close() error                                 { return nil }
func (d *database) Begin() (driver.Tx, error)                    { return nil, driver.ErrSkip }

func (d *database) QueryContext(_ context.Context, _ string, args []driver.NamedValue) (driver.Rows, error) {
	if d.refuse != nil {
		return nil, d.refuse
	}
	r := &result{database: d}
	for _, row := range d.rows {
		if len(args) == 0 || row[0] == args[0].Value {
			r.left = append(r.left, row)
		}
	}
	return r, nil
}

type result struct {
	*database
	left [][]driver.Value
	seen int
}

func (r *result) Columns() []string { return r.columns }
func (r *result) Close() error      { return nil }

func (r *result) Next(into []driver.Value) error {
	if r.err != nil && r.seen == r.after {
		return r.err
	}
	if len(r.left) == 0 {
		return io.EOF
	}
	copy(into, r.left[0])
	r.left, r.seen = r.left[1:], r.seen+1
	return nil
}

func open(t *testing.T, d *database, change func(*sqlsource.Config)) source.Source {
	t.Helper()
	db := sql.OpenDB(d)
	t.Cleanup(func() { _ = db.Close() })
	cfg := sqlsource.Config{Name: "hr", DB: db, Query: "SELECT", One: "SELECT one"}
	if change != nil {
		change(&cfg)
	}
	s, err := sqlsource.New(cfg)
	require.NoError(t, err)
	return s
}

func collect(t *testing.T, s source.Source) source.Snapshot {
	t.Helper()
	snapshot, err := source.Collect(t.Context(), s)
	require.NoError(t, err)
	return snapshot
}

func staff() *database {
	return &database{
		columns: []string{"id", "full_name", "status", "hire_date", "last_day", "updated_at", "active", "badge"},
		rows: [][]driver.Value{
			{"E1", "Ana", "Active", time.Date(2020, 1, 2, 0, 0, 0, 0, time.UTC), nil, time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC), true, int64(7)},
			{"E2", []byte("Bo"), "left", "2021-05-06", time.Date(2026, 1, 31, 0, 0, 0, 0, time.FixedZone("", 3600)), nil, false, 1234567.5},
			{"E3", "", "on leave", time.Date(2021, 5, 6, 7, 8, 0, 0, time.UTC), "0000-00-00", nil, nil, nil},
		},
	}
}

func TestValues(t *testing.T) {
	s := collect(t, open(t, staff(), func(c *sqlsource.Config) { c.Custom = map[string]string{"badge": "badge", "active": "active"} }))
	require.Equal(t, 3, s.Len())
	ana := s.Find("E1")
	assert.Equal(t, source.Active, ana.Status)
	assert.Equal(t, "Ana", ana.Name.Formatted)
	assert.Equal(t, source.Day(2020, 1, 2), ana.HireDate)
	assert.Equal(t, time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC), ana.UpdatedAt.UTC(), "midnight is an instant, too")
	assert.Equal(t, map[string][]string{"badge": {"7"}, "active": {"true"}}, ana.Custom)
	bo := s.Find("E2")
	assert.Equal(t, source.Terminated, bo.Status)
	assert.Equal(t, source.Day(2021, 5, 6), bo.HireDate)
	assert.Equal(t, source.Day(2026, 1, 31), bo.LastDay, "the day as the database writes it")
	assert.Equal(t, []string{"1234567.5"}, bo.Custom["badge"])
	cy := s.Find("E3")
	assert.True(t, cy.LastDay.IsZero())
	assert.True(t, cy.HireDate.IsZero(), "a day with a time of day is none")
	require.Len(t, cy.Findings, 1)
	assert.Equal(t, "hire_date", cy.Findings[0].Field)
	assert.Equal(t, source.CodeBadValue, cy.Findings[0].Code)
}

func TestColumns(t *testing.T) {
	_, err := source.Collect(t.Context(), open(t, staff(), func(c *sqlsource.Config) {
		c.Columns, c.Require = map[string]string{"department": "org_unit"}, []string{"termination_date"}
	}))
	require.ErrorContains(t, err, `no heading "org_unit" for department`)
	require.ErrorContains(t, err, "no column for termination_date")
	twice := staff()
	twice.columns[1] = "ID"
	_, err = source.Collect(t.Context(), open(t, twice, nil))
	require.ErrorContains(t, err, `two columns "ID"`)
	noID := staff()
	noID.columns[0] = "key"
	_, err = source.Collect(t.Context(), open(t, noID, nil))
	require.ErrorContains(t, err, "no heading for the ID")
}

// A row that belongs to nobody proves no absence; a column without one readable date
// is told once more for all.
func TestRowsOfNobody(t *testing.T) {
	d := staff()
	d.rows[1][0] = nil
	d.rows = [][]driver.Value{d.rows[1], d.rows[2]}
	d.rows[0][3] = "soon"
	s := collect(t, open(t, d, nil))
	assert.Equal(t, 1, s.Proof().Lost)
	var messages string
	for _, f := range s.Findings() {
		messages += f.Message + "\n"
	}
	assert.Contains(t, messages, "row 1 of the result: the row has no ID")
	assert.Contains(t, messages, "nothing reads the columns")
}

func TestNeverShorter(t *testing.T) {
	for after := range 4 {
		d := staff()
		d.after, d.err = after, errors.New("connection reset")
		_, err := source.Collect(t.Context(), open(t, d, nil))
		require.ErrorContains(t, err, "connection reset", "after %d rows", after)
	}
	_, err := source.Collect(t.Context(), open(t, staff(), func(c *sqlsource.Config) { c.MaxRows = 2 }))
	require.ErrorContains(t, err, "more than 2 rows")
	strange := staff()
	strange.rows[2][1] = struct{}{}
	_, err = source.Collect(t.Context(), open(t, strange, nil))
	require.ErrorContains(t, err, `row 3, column "full_name"`)
}

func TestOne(t *testing.T) {
	d := staff()
	s := open(t, d, nil)
	i, err := source.Read(t.Context(), s, "E2")
	require.NoError(t, err)
	assert.Equal(t, source.Terminated, i.Status)
	_, err = source.Read(t.Context(), s, "E9")
	require.ErrorIs(t, err, source.ErrNotFound)
	d.rows = append(d.rows, d.rows[1])
	_, err = source.Read(t.Context(), s, "E2")
	require.ErrorIs(t, err, source.ErrContested)
	other := open(t, &database{columns: []string{"active", "id"}, rows: [][]driver.Value{{"E7", "E1"}}}, nil)
	_, err = source.Read(t.Context(), other, "E7")
	require.ErrorContains(t, err, "does not look for that ID")
}

func TestConfig(t *testing.T) {
	_, err := sqlsource.New(sqlsource.Config{MaxRows: -1, Columns: map[string]string{"shoe": "x"}, DateLayouts: []string{"15:04"}})
	for _, want := range []string{"no name", "no DB", "no query", "max rows -1", `column "shoe"`, "date layout"} {
		require.ErrorContains(t, err, want)
	}
}

func TestConformance(t *testing.T) {
	for name, change := range map[string]func(*sqlsource.Config){
		"with a query for one":    nil,
		"without a query for one": func(c *sqlsource.Config) { c.One = "" },
	} {
		t.Run(name, func(t *testing.T) {
			sourcetest.Run(t, func(t *testing.T) source.Source {
				t.Helper()
				return open(t, staff(), change)
			}, &sourcetest.Options{
				WantIDs: []string{"E1", "E2", "E3"},
				Broken: func(t *testing.T) source.Source {
					t.Helper()
					d := staff()
					d.after, d.err = 2, errors.New("connection reset")
					return open(t, d, change)
				},
				BrokenWays: map[string]func(*testing.T) source.Source{
					"refused": func(t *testing.T) source.Source {
						t.Helper()
						d := staff()
						d.refuse = errors.New("permission denied")
						return open(t, d, change)
					},
				},
			})
		})
	}
}
