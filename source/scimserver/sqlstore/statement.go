package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"strconv"
	"strings"
)

// conn is a database or a transaction.
type conn interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// maxParameters is how many a statement has at most, far below the 32,766 of SQLite
// and the 65,535 of PostgreSQL: longer texts save nothing.
const maxParameters = 1000

// text writes a statement in the words of the database: @ begins the name of a table,
// and ? is a parameter.
func (s *Store) text(query string) string {
	var out strings.Builder
	n := 0
	for _, c := range []byte(query) {
		switch c {
		case '@':
			out.WriteString(s.prefix)
		case '?':
			n++
			out.WriteString(s.d.mark + strconv.Itoa(n))
		default:
			out.WriteByte(c)
		}
	}
	return out.String()
}

// exec runs a statement and returns how many rows it concerned.
func (s *Store) exec(ctx context.Context, c conn, query string, args ...any) (int64, error) {
	result, err := c.ExecContext(ctx, s.text(query), args...)
	if err != nil {
		return 0, s.blame(ctx, err)
	}
	n, err := result.RowsAffected()
	return n, s.blame(ctx, err)
}

// each runs a query to its end. Without do nobody wants the rows.
func (s *Store) each(ctx context.Context, c conn, do func(*sql.Rows) error, query string, args ...any) error {
	rows, err := c.QueryContext(ctx, s.text(query), args...)
	if err != nil {
		return s.blame(ctx, err)
	}
	defer rows.Close()
	for do != nil && rows.Next() {
		if err := do(rows); err != nil {
			return s.blame(ctx, err)
		}
	}
	if err := rows.Close(); err != nil {
		return s.blame(ctx, err)
	}
	return s.blame(ctx, rows.Err())
}

// insert writes rows, as many with each statement as there is room for. The query ends
// before the first row, and tail follows the last.
func (s *Store) insert(ctx context.Context, c conn, query string, rows [][]any, tail string) error {
	for len(rows) > 0 {
		width := len(rows[0])
		some := rows[:min(len(rows), maxParameters/width)]
		rows = rows[len(some):]
		row := "(" + strings.TrimSuffix(strings.Repeat("?, ", width), ", ") + ")"
		args := make([]any, 0, len(some)*width)
		for _, r := range some {
			args = append(args, r...)
		}
		_, err := s.exec(ctx, c, query+strings.TrimSuffix(strings.Repeat(row+", ", len(some)), ", ")+tail, args...)
		if err != nil {
			return err
		}
	}
	return nil
}

// list is a parameter with many texts or numbers.
func list[T string | int64](elements []T) string {
	if elements == nil {
		return "[]"
	}
	text, _ := json.Marshal(elements) // texts and numbers cannot fail
	return string(text)
}
