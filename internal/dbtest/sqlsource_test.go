package dbtest_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/dbtest"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/sourcetest"
	"github.com/provision-go/provision/source/sqlsource"
)

// hrTable is people as each database has them, with its own types for dates, numbers
// and truth.
func hrTable(t *testing.T, db *sql.DB, truth string) {
	t.Helper()
	for _, statement := range []string{
		"CREATE TABLE staff (id BIGINT PRIMARY KEY, full_name VARCHAR(100), status VARCHAR(20), hired DATE, gone DATE, changed TIMESTAMP NULL, remote " + truth +
			", dept VARCHAR(20), tenant VARCHAR(10) NOT NULL)",
		"INSERT INTO staff VALUES (1, 'Ana Ruiz', 'Active', '2020-02-29', NULL, '2026-03-04 05:06:07', TRUE, 'Söl', 'acme')",
		"INSERT INTO staff VALUES (2, 'Bo', 'Left', '2021-05-06', '2026-01-31', NULL, FALSE, '', 'acme')",
		"INSERT INTO staff VALUES (3, NULL, 'On Leave', '2021-05-06', NULL, NULL, NULL, NULL, 'acme')",
		"INSERT INTO staff VALUES (4, 'Eve', 'Active', '2021-05-06', NULL, NULL, NULL, NULL, 'globex')",
	} {
		_, err := db.ExecContext(t.Context(), statement)
		require.NoError(t, err, statement)
	}
}

func TestSQLSource(t *testing.T) {
	for name, tt := range map[string]struct {
		open  func(t testing.TB) *sql.DB
		truth string
		arg   func(n int) string
	}{
		"sqlite":     {dbtest.SQLite, "BOOLEAN", func(int) string { return "?" }},
		"postgresql": {dbtest.Postgres, "BOOLEAN", func(n int) string { return fmt.Sprintf("$%d", n) }},
		"mariadb":    {dbtest.MariaDB, "BOOLEAN", func(int) string { return "?" }},
	} {
		t.Run(name, func(t *testing.T) {
			db := tt.open(t)
			hrTable(t, db, tt.truth)
			query := "SELECT id, full_name, status, hired, gone, remote, dept FROM staff WHERE tenant = " + tt.arg(1)
			build := func(t *testing.T, change func(*sqlsource.Config)) source.Source {
				t.Helper()
				cfg := sqlsource.Config{
					Name: "hr", DB: db, Query: query, Args: []any{"acme"}, One: query + " AND id = " + tt.arg(2),
					Columns: map[string]string{"hire_date": "hired", "termination_date": "gone", "department": "dept"},
					Custom:  map[string]string{"remote": "remote"},
				}
				if change != nil {
					change(&cfg)
				}
				s, err := sqlsource.New(cfg)
				require.NoError(t, err)
				return s
			}

			s, err := source.Collect(t.Context(), build(t, nil))
			require.NoError(t, err)
			require.Equal(t, 3, s.Len(), "another tenant's people are not read")
			assert.Empty(t, s.Findings())
			ana, bo, cy := s.Find("1"), s.Find("2"), s.Find("3")
			assert.Equal(t, source.Active, ana.Status)
			assert.Equal(t, source.Day(2020, 2, 29), ana.HireDate)
			assert.Equal(t, "Söl", ana.Department.Name)
			assert.Contains(t, []string{"true", "1"}, ana.Custom["remote"][0])
			assert.Equal(t, source.Terminated, bo.Status)
			assert.Equal(t, source.Day(2026, 1, 31), bo.TerminationDate)
			assert.Equal(t, source.OnLeave, cy.Status)
			assert.Empty(t, cy.Name.Formatted)

			_, err = source.Read(t.Context(), build(t, nil), "4")
			require.Error(t, err, "nobody of another tenant")

			broken := map[string]func(*testing.T) source.Source{
				"no such column": func(t *testing.T) source.Source {
					t.Helper()
					return build(t, func(c *sqlsource.Config) { c.Query = strings.ReplaceAll(c.Query, "status", "stand") })
				},
			}
			if name == "postgresql" { // the others divide by zero without a word
				broken["the last row fails"] = func(t *testing.T) source.Source {
					t.Helper()
					return build(t, func(c *sqlsource.Config) { c.Query = strings.ReplaceAll(c.Query, "dept", "1 / (3 - id) AS dept") })
				}
			}
			sourcetest.Run(t, func(t *testing.T) source.Source {
				t.Helper()
				return build(t, nil)
			}, &sourcetest.Options{WantIDs: []string{"1", "2", "3"}, MissingID: "99", BrokenWays: broken})
		})
	}
}
