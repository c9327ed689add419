package sqltarget

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

// maxPrepared bounds the statements that are kept: updates have as many texts as
// there are sets of attributes.
const maxPrepared = 128

// runner runs statements. On dialects that gain from it, each text is prepared
// once.
type runner struct {
	db *sql.DB
	d  *dialect

	mu       sync.Mutex
	prepared map[string]*sql.Stmt // nil when closed
}

func newRunner(db *sql.DB, d *dialect) *runner {
	return &runner{db: db, d: d, prepared: map[string]*sql.Stmt{}}
}

// stmt returns the prepared statement of a text, nil if there is to be none.
func (r *runner) stmt(ctx context.Context, text string) (*sql.Stmt, error) {
	if !r.d.prepare {
		return nil, nil //nolint:nilnil // run the text itself
	}
	r.mu.Lock()
	st, ok := r.prepared[text]
	full := r.prepared == nil || len(r.prepared) >= maxPrepared
	r.mu.Unlock()
	if ok || full {
		return st, nil
	}
	// No lock during a request: two goroutines may prepare the same text.
	st, err := r.db.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if other, ok := r.prepared[text]; ok || r.prepared == nil {
		return other, st.Close()
	}
	r.prepared[text] = st
	return st, nil
}

// query runs a statement and reads all rows.
func (r *runner) query(ctx context.Context, s *statement, each func(*sql.Rows) error) error {
	text := s.text.String()
	st, err := r.stmt(ctx, text)
	if err != nil {
		return &unsentError{err}
	}
	var rows *sql.Rows
	if st != nil {
		rows, err = st.QueryContext(ctx, s.args...)
	} else {
		rows, err = r.db.QueryContext(ctx, text, s.args...)
	}
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

// exec runs a statement that yields no rows.
func (r *runner) exec(ctx context.Context, s *statement) (sql.Result, error) {
	text := s.text.String()
	st, err := r.stmt(ctx, text)
	if err != nil {
		return nil, &unsentError{err}
	}
	if st != nil {
		return st.ExecContext(ctx, s.args...)
	}
	return r.db.ExecContext(ctx, text, s.args...)
}

// close gives the prepared statements back.
func (r *runner) close() error {
	r.mu.Lock()
	all := r.prepared
	r.prepared = nil
	r.mu.Unlock()
	var errs []error
	for _, st := range all {
		errs = append(errs, st.Close())
	}
	return errors.Join(errs...)
}

// unsentError is an error from before a statement was sent.
type unsentError struct{ err error }

func (e *unsentError) Error() string { return e.err.Error() }
func (e *unsentError) Unwrap() error { return e.err }
