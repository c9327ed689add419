package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"

	"github.com/provision-go/provision/source/scimserver"
)

// Store is a [scimserver.Store] in a database. It is safe for concurrent use, also
// by several processes.
type Store struct {
	db  *sql.DB
	cfg Config
	sql statements
	// writers lets one in at a time on SQLite, which has one writer: whoever waits
	// here does not have to be told that the database is busy.
	writers chan struct{}
}

var _ scimserver.Store = (*Store)(nil)

// New returns a store on a database that has the tables of Config.Schema, or will
// have them after [Store.Create]. It asks the database nothing yet, and db stays the
// caller's to close.
func New(db *sql.DB, cfg Config) (*Store, error) {
	cfg, err := cfg.checked()
	if err != nil {
		return nil, err
	}
	if db == nil {
		return nil, errors.New("sqlstore: New needs a database")
	}
	s := &Store{db: db, cfg: cfg}
	s.sql = newStatements(cfg)
	if cfg.Dialect == SQLite {
		s.writers = make(chan struct{}, 1)
	}
	return s, nil
}

// transaction is one attempt to write.
type transaction struct {
	*sql.Tx
	ctx context.Context //nolint:containedctx // it lives as long as one call
	s   *Store
}

// write runs a transaction, again if the database undid it. What do returns undoes
// it for good.
func (s *Store) write(ctx context.Context, what string, do func(*transaction) error) error {
	if s.writers != nil {
		select {
		case s.writers <- struct{}{}:
			defer func() { <-s.writers }()
		case <-ctx.Done():
			return explain(ctx, what, ctx.Err())
		}
	}
	return s.repeat(ctx, what, func() error { return s.once(ctx, do) })
}

// repeat calls a function until the database does not undo it, or often enough.
func (s *Store) repeat(ctx context.Context, what string, do func() error) error {
	for attempt := 0; ; attempt++ {
		err := do()
		if err == nil || !undone(err) || attempt+1 >= attempts || wait(ctx, attempt) != nil {
			return explain(ctx, what, err)
		}
	}
}

func (s *Store) once(ctx context.Context, do func(*transaction) error) error {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close() //nolint:errcheck // it goes back into the pool
	var options *sql.TxOptions
	if s.cfg.Dialect == PostgreSQL {
		options = &sql.TxOptions{Isolation: sql.LevelReadCommitted}
	}
	tx, err := conn.BeginTx(ctx, options)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := do(&transaction{Tx: tx, ctx: ctx, s: s}); err != nil {
		return err
	}
	err = tx.Commit()
	if err != nil && s.cfg.Dialect == SQLite && undone(err) {
		// A commit that meets a reader leaves the transaction open, also for whoever
		// gets the connection next.
		if _, failed := conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK"); failed != nil {
			return &failure{text: "sqlstore: nobody knows whether a commit was written", err: errors.Join(errUnclear, failed)}
		}
	}
	return err
}

// errUnclear keeps a commit from being tried again.
var errUnclear = errors.New("outcome unknown")

func (tx *transaction) exec(text string, args ...any) (int64, error) {
	res, err := tx.ExecContext(tx.ctx, text, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// query reads all rows.
func query(ctx context.Context, q querier, text string, args []any, each func(*sql.Rows) error) error {
	rows, err := q.QueryContext(ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// read runs a query outside of a transaction.
func (s *Store) read(ctx context.Context, what, text string, args []any, begin func(), each func(*sql.Rows) error) error {
	return s.repeat(ctx, what, func() error {
		begin()
		return query(ctx, s.db, text, args, each)
	})
}

// bind numbers placeholders where the database wants that. No statement has a
// question mark that is none.
func (c Config) bind(text string) string {
	if c.Dialect != PostgreSQL {
		return text
	}
	var b strings.Builder
	for n := 1; ; n++ {
		before, after, found := strings.Cut(text, "?")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		b.WriteString("$" + strconv.Itoa(n))
		text = after
	}
}
