package sqltarget_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/target/sqltarget"
)

// fakeDB answers the questions about the schema, notes every other statement, and
// gives each the same answer: a row of ones. Real databases are in internal/dbtest.
type fakeDB struct {
	dialect sqltarget.Dialect
	tables  map[string][]fakeColumn
	log     []string
	// fail, if not nil, is what a statement that is noted ends with.
	fail func(query string) error
	// connect, if not nil, is the error of a new connection.
	connect error
	empty   bool // no SELECT finds a row
}

type fakeColumn struct {
	name, declared, base string
	null, filled         int
	unique               bool
}

// open opens the fake.
func (f *fakeDB) open(t testing.TB) *sql.DB {
	t.Helper()
	db := sql.OpenDB(f)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

func (f *fakeDB) Connect(context.Context) (driver.Conn, error) {
	if f.connect != nil {
		return nil, f.connect
	}
	return &fakeConn{f}, nil
}

func (f *fakeDB) Driver() driver.Driver { return nil }

type fakeConn struct{ *fakeDB }

func (c *fakeConn) Prepare(query string) (driver.Stmt, error) { return &fakeStmt{c, query}, nil }
func (c *fakeConn) Close() error                              { return nil }
func (c *fakeConn) Commit() error                             { return c.note("COMMIT", nil) }
func (c *fakeConn) Rollback() error                           { return c.note("ROLLBACK", nil) }

func (c *fakeConn) Begin() (driver.Tx, error) {
	err := c.note("BEGIN", nil)
	return c, err
}

// note writes down a statement, with its parameters behind it.
func (c *fakeConn) note(query string, args []driver.Value) error {
	text := query
	for _, a := range args {
		text += fmt.Sprintf("\n\t%#v", a)
	}
	c.log = append(c.log, text)
	if c.fail != nil {
		return c.fail(query)
	}
	return nil
}

type fakeStmt struct {
	*fakeConn
	query string
}

func (s *fakeStmt) Close() error  { return nil }
func (s *fakeStmt) NumInput() int { return -1 }

func (s *fakeStmt) Exec(args []driver.Value) (driver.Result, error) {
	return fakeResult{}, s.note(s.query, args)
}

type fakeResult struct{}

func (fakeResult) LastInsertId() (int64, error) { return 1, nil }
func (fakeResult) RowsAffected() (int64, error) { return 1, nil }

func (s *fakeStmt) Query(args []driver.Value) (driver.Rows, error) {
	if rows, ok := s.schema(args); ok {
		return rows, nil
	}
	if err := s.note(s.query, args); err != nil {
		return nil, err
	}
	list, _, _ := strings.Cut(strings.TrimPrefix(s.query, "SELECT "), " FROM ")
	if _, returned, ok := strings.Cut(s.query, " RETURNING "); ok {
		list = returned
	}
	row := make([]driver.Value, strings.Count(list, ", ")+1)
	for i := range row {
		row[i] = "1"
	}
	rows := &fakeRows{width: len(row)}
	if strings.Contains(list, "name") && len(row) == 2 {
		row[1] = "staff"
	}
	if !s.empty || strings.Contains(s.query, " RETURNING ") {
		rows.rows = [][]driver.Value{row}
	}
	return rows, nil
}

// schema answers the questions that Open asks.
func (s *fakeStmt) schema(args []driver.Value) (driver.Rows, bool) {
	if len(args) == 0 {
		return nil, false
	}
	name := fmt.Sprint(args[len(args)-1])
	name = strings.Trim(name, `"`)
	columns := s.tables[name]
	switch q := s.query; {
	case strings.Contains(q, "sqlite_temp_master"):
		return &fakeRows{width: 1}, true // no triggers
	case strings.Contains(q, "pragma_index_list"), strings.Contains(q, "FROM pg_index"), strings.Contains(q, "information_schema.statistics"):
		rows := &fakeRows{width: 5}
		for _, c := range columns {
			if c.unique {
				rows.rows = append(rows.rows, []driver.Value{name + "_" + c.name, int64(0), c.name, "", ""})
			}
		}
		return rows, true
	case strings.Contains(q, "pragma_foreign_key_list"), strings.Contains(q, "pg_constraint"), strings.Contains(q, "key_column_usage"):
		return &fakeRows{width: 5}, true
	case strings.Contains(q, "pragma_table_list"), strings.Contains(q, "FROM pg_class"), strings.Contains(q, "information_schema.tables"):
		rows := &fakeRows{width: 1}
		for table := range s.tables {
			rows.rows = append(rows.rows, []driver.Value{table})
		}
		return rows, true
	case strings.Contains(q, "pragma_table_xinfo"), strings.Contains(q, "FROM pg_attribute"), strings.Contains(q, "information_schema.columns"):
		rows := &fakeRows{width: 8}
		for _, c := range columns {
			rows.rows = append(rows.rows, []driver.Value{c.name, c.declared, c.base, int64(c.null), int64(c.filled), int64(0), int64(0), ""})
		}
		return rows, true
	}
	return nil, false
}

type fakeRows struct {
	width int
	rows  [][]driver.Value
}

func (r *fakeRows) Columns() []string { return make([]string, r.width) }
func (r *fakeRows) Close() error      { return nil }

func (r *fakeRows) Next(dest []driver.Value) error {
	if len(r.rows) == 0 {
		return io.EOF
	}
	copy(dest, r.rows[0])
	r.rows = r.rows[1:]
	return nil
}

var errBroken = errors.New("broken")

// productTables are the tables of a product, in the words of a dialect.
func productTables(d sqltarget.Dialect) map[string][]fakeColumn {
	integer, text, boolean, day, object := [2]string{"bigint", "int8"}, [2]string{"text", "text"}, [2]string{"boolean", "bool"}, [2]string{"date", "date"}, [2]string{"jsonb", "jsonb"}
	number := 1
	switch d {
	case sqltarget.MySQL:
		integer[1], boolean, object, number = "bigint", [2]string{"tinyint(1)", "tinyint"}, [2]string{"json", "json"}, 3
	case sqltarget.SQLite:
		object, number = [2]string{"TEXT", ""}, 3
	case sqltarget.PostgreSQL:
	}
	column := func(name string, t [2]string, null, filled int, unique bool) fakeColumn {
		return fakeColumn{name, t[0], t[1], null, filled, unique}
	}
	return map[string][]fakeColumn{
		"users": {
			column("id", integer, 0, number, true), column("tenant_id", integer, 0, 0, false), column("external_id", text, 1, 0, true),
			column("login", text, 0, 0, true), column("manager_id", integer, 1, 0, false), column("remote", boolean, 1, 0, false),
			column("hired", day, 1, 0, false), column("status", text, 0, 0, false), column("version", integer, 0, 0, false), column("profile", object, 1, 0, false),
		},
		"teams":        {column("id", integer, 0, number, true), column("tenant_id", integer, 0, 0, false), column("name", text, 0, 0, true)},
		"team_members": {column("user_id", integer, 0, 0, false), column("team_id", integer, 0, 0, false), column("tenant_id", integer, 0, 0, false)},
		"roles":        {column("user_id", integer, 0, 0, false), column("role", text, 0, 0, false)},
		"sessions":     {column("user_id", integer, 0, 0, false)},
		"documents":    {column("owner_id", integer, 0, 0, false)},
	}
}

func productConfig(d sqltarget.Dialect) sqltarget.Config {
	return sqltarget.Config{
		Name: "app", Dialect: d, Delete: true, Where: map[string]any{"tenant_id": 42},
		Accounts: sqltarget.Accounts{
			Table: "users", Key: "external_id", Version: "version", Extra: "profile",
			State: sqltarget.State{Column: "status", Enabled: "active", Disabled: "suspended"},
			Attributes: []sqltarget.Attribute{
				{Name: "userName", Column: "login", Unique: true},
				{Name: "manager", Column: "manager_id", Ref: true},
				{Name: "remote", Column: "remote"},
				{Name: "hired", Column: "hired"},
				{Name: "title"},
				{Name: "team"},
			},
		},
		Entitlements: []sqltarget.Entitlements{
			{Kind: "team", Table: "teams", Ensure: true, Members: sqltarget.Members{Table: "team_members", Account: "user_id", Entitlement: "team_id"}},
			{Kind: "role", Members: sqltarget.Members{Table: "roles", Account: "user_id", Entitlement: "role"}},
		},
		Sessions: []sqltarget.Rows{{Table: "sessions", Account: "user_id"}},
		Handover: []sqltarget.Rows{{Table: "documents", Account: "owner_id"}},
	}
}

func dialects() []sqltarget.Dialect {
	return []sqltarget.Dialect{sqltarget.PostgreSQL, sqltarget.MySQL, sqltarget.SQLite}
}
