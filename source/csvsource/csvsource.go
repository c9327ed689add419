package csvsource

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/columns"
)

// A Source reads a file. It is safe for concurrent use: every read opens the
// file for itself. It can only be listed; [source.Read] finds one person by
// reading the file.
type Source struct {
	source.ListOnly
	cfg    Config
	reader *columns.Reader
}

var _ source.Source = (*Source)(nil)

// New checks the configuration. The file is not opened before it is read. The
// error joins everything that is wrong.
func New(cfg Config) (*Source, error) {
	if err := cfg.check(); err != nil {
		return nil, fmt.Errorf("csvsource: %w", err)
	}
	if cfg.MaxLines == 0 {
		cfg.MaxLines = maxLines
	}
	return &Source{cfg: cfg, reader: columns.New(cfg.columns())}, nil
}

// Name returns the name from the configuration.
func (s *Source) Name() string { return s.cfg.Name }

// Identities reads the file from its beginning, one person per row. A file with
// a heading and no rows is complete and empty; one without a heading is an
// error. Rows whose cells are all empty are skipped.
func (s *Source) Identities(ctx context.Context) iter.Seq2[source.Identity, error] {
	return func(yield func(source.Identity, error) bool) {
		if err := s.read(ctx, yield); err != nil {
			yield(source.Identity{}, err)
		}
	}
}

// read yields the people. It returns nil when the file has ended or the loop
// was left.
func (s *Source) read(ctx context.Context, yield func(source.Identity, error) bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	file, err := s.open()
	if err != nil {
		return err
	}
	defer file.Close() // nothing is lost when closing a file that was only read
	before := stat(file)
	table, rows, err := s.begin(file)
	if err != nil {
		return err
	}
	// One person is held back: what shows only at the end travels with the last.
	var last source.Identity
	held := false
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		row, failed := table.next()
		ended := errors.Is(failed, io.EOF)
		if ended {
			failed = unchanged(file, before)
			last.Findings = append(last.Findings, rows.atEnd()...)
		}
		if failed == nil && !ended {
			again, err := rows.headingAgain(row)
			if again && row.more != "" && !yield(rows.others(row), nil) {
				return nil
			}
			if again {
				continue
			}
			failed = err
		}
		if held && !yield(last, nil) {
			return nil
		}
		switch {
		case failed != nil:
			return failed
		case ended:
			return nil
		}
		last, held = rows.identity(row), true
		if row.more != "" && last.ID != "" && !yield(rows.others(row), nil) {
			return nil
		}
	}
}

// begin reads the heading and lays out the columns.
func (s *Source) begin(file io.Reader) (*table, *rows, error) {
	table, err := newTable(file, &s.cfg)
	if err != nil {
		return nil, nil, err
	}
	layout, err := s.reader.LayOut(table.heading, table.skipped+1)
	return table, &rows{Layout: layout}, err
}

// Mapping reads the heading of the file and returns, by the name of each field
// that a column feeds, the heading of that column as the file writes it. Custom
// fields are among them, as "custom.badge". Two fields may share a column: an
// employee number is also the ID where there is no other. It fails where reading
// the file would fail because of its heading.
func (s *Source) Mapping(ctx context.Context) (map[string]string, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("read %s: %w", s.cfg.Name, err)
	}
	file, err := s.open()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", s.cfg.Name, err)
	}
	defer file.Close()
	_, rows, err := s.begin(file)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", s.cfg.Name, err)
	}
	return rows.Mapping(), nil
}

func (s *Source) open() (io.ReadCloser, error) {
	switch {
	case s.cfg.Open != nil:
		return s.cfg.Open()
	case s.cfg.FS != nil:
		return s.cfg.FS.Open(s.cfg.Path)
	}
	return os.Open(s.cfg.Path)
}
