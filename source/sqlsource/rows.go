package sqlsource

import (
	"context"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/columns"
)

// rows runs a query and yields its rows. It sets layout before the first one.
func (s *Source) rows(ctx context.Context, layout **columns.Layout, query string, args ...any) iter.Seq2[source.Identity, error] {
	return func(yield func(source.Identity, error) bool) {
		if err := s.scan(ctx, layout, yield, query, args...); err != nil {
			yield(source.Identity{}, err)
		}
	}
}

// scan returns nil when the rows have ended or the loop was left.
func (s *Source) scan(
	ctx context.Context, into **columns.Layout, yield func(source.Identity, error) bool, query string, args ...any,
) error {
	result, err := s.cfg.DB.QueryContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("run the query: %w", err)
	}
	defer result.Close() // what it could tell, Err has told
	names, err := result.Columns()
	if err != nil {
		return fmt.Errorf("columns of the query: %w", err)
	}
	layout, err := s.layOut(names)
	if err != nil {
		return err
	}
	*into = layout
	values := make([]any, len(names))
	places := make([]any, len(values))
	for n := range values {
		places[n] = &values[n]
	}
	cells := make([]string, len(values))
	instants := make([]bool, len(values))
	for _, c := range layout.Fields {
		instants[c.At] = instants[c.At] || c.Field.Type == source.FieldInstant
	}
	for row := 1; result.Next(); row++ {
		if row > s.cfg.MaxRows {
			return fmt.Errorf("the query gives more than %d rows, see Config.MaxRows", s.cfg.MaxRows)
		}
		if err := result.Scan(places...); err != nil {
			return fmt.Errorf("row %d: %w", row, err)
		}
		for n := range values {
			if cells[n], err = text(values[n], instants[n]); err != nil {
				return fmt.Errorf("row %d, column %q: %w", row, names[n], err)
			}
		}
		if !yield(identity(layout, cells, row), nil) {
			return nil
		}
	}
	// Without this, a connection that ends looks like the end of the rows.
	if err := result.Err(); err != nil {
		return fmt.Errorf("read the rows: %w", err)
	}
	return ctx.Err()
}

func (s *Source) layOut(names []string) (*columns.Layout, error) {
	seen := map[string]bool{}
	for _, name := range names {
		if folded := strings.ToLower(name); seen[folded] && folded != "" {
			return nil, fmt.Errorf("the query gives two columns %q", name)
		}
		seen[strings.ToLower(name)] = true
	}
	return s.reader.LayOut(names, 0)
}

// identity makes an identity of a row. A database has no lines: what belongs to
// nobody is named by its place in the result.
func identity(layout *columns.Layout, cells []string, row int) source.Identity {
	i := layout.Identity(cells, func(int) (int, int) { return 0, 0 })
	for n := range i.Findings {
		if i.Findings[n].Code == source.CodeNoID {
			i.Findings[n].Message = fmt.Sprintf("row %d of the result: %s", row, i.Findings[n].Message)
		}
	}
	if layout.Unmapped != nil { // it travels with the first row
		i.Findings = append(i.Findings, *layout.Unmapped)
		layout.Unmapped = nil
	}
	return i
}

// text writes a value of a driver as a cell. Bytes that are no UTF-8 are refused later,
// with a finding.
func text(value any, instant bool) (string, error) {
	switch v := value.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case []byte:
		return string(v), nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), nil
	case bool:
		return strconv.FormatBool(v), nil
	case time.Time:
		h, m, s := v.Clock()
		if !instant && h == 0 && m == 0 && s == 0 && v.Nanosecond() == 0 {
			return v.Format(time.DateOnly), nil
		}
		return v.Format(time.RFC3339Nano), nil
	}
	return "", fmt.Errorf("a value of type %T: cast it to text in the query", value)
}
