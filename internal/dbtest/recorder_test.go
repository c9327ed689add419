package dbtest_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// said is a statement that reached a database.
type said struct {
	query string
	args  []any
}

// recorder is a database that notes what it is told.
type recorder struct {
	inner *sql.DB
	mu    sync.Mutex
	all   []said
}

// recorded returns a database that is another one, and what notes its statements.
func recorded(tb testing.TB, db *sql.DB) (*sql.DB, *recorder) {
	tb.Helper()
	r := &recorder{inner: db}
	outer := sql.OpenDB(r)
	tb.Cleanup(func() { require.NoError(tb, outer.Close()) })
	return outer, r
}

// take returns what was said since the last time.
func (r *recorder) take() []said {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := r.all
	r.all = nil
	return all
}

func (r *recorder) note(query string, args []driver.NamedValue) {
	s := said{query: query}
	for _, a := range args {
		s.args = append(s.args, a.Value)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, s)
}

func (r *recorder) Driver() driver.Driver { return r.inner.Driver() }

// Connect lends a connection of the inner pool for as long as the outer one has it.
func (r *recorder) Connect(ctx context.Context) (driver.Conn, error) {
	lent, err := r.inner.Conn(ctx)
	if err != nil {
		return nil, err
	}
	c := &recordedConn{r: r, lent: lent}
	err = lent.Raw(func(raw any) error {
		c.Conn, _ = raw.(driver.Conn)
		return nil
	})
	return c, err
}

type recordedConn struct {
	driver.Conn
	r    *recorder
	lent *sql.Conn
}

func (c *recordedConn) Close() error { return c.lent.Close() }

func (c *recordedConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	return c.Conn.(driver.ConnBeginTx).BeginTx(ctx, opts)
}

func (c *recordedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	c.r.note(query, args)
	return c.Conn.(driver.QueryerContext).QueryContext(ctx, query, args)
}

func (c *recordedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	c.r.note(query, args)
	return c.Conn.(driver.ExecerContext).ExecContext(ctx, query, args)
}

func (c *recordedConn) CheckNamedValue(v *driver.NamedValue) error {
	if checker, ok := c.Conn.(driver.NamedValueChecker); ok {
		return checker.CheckNamedValue(v)
	}
	return driver.ErrSkip
}
