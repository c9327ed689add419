// Package sqlsource reads people from the result of a query, one person per row: an
// export table that an HR system fills, a view, a table of one's own.
//
//	people, err := sqlsource.New(sqlsource.Config{
//		Name:  "hr",
//		DB:    db,
//		Query: `SELECT id, full_name, status, hired_on AS hire_date FROM staff`,
//		One:   `SELECT id, full_name, status, hired_on AS hire_date FROM staff WHERE id = $1`,
//	})
//
// Columns are found by the names that package csvsource knows as headings, such as
// hire_date, "Hire Date" or Eintrittsdatum; Config.Columns names the others. The
// query chooses what is read: name columns rather than "*", and leave out what
// provisioning has no business with. It should list people who have left, too, and
// must not join what gives a person several rows: an ID that comes twice with
// different content is decided for nobody. [source.People] is for rows that are
// employments.
//
// A query is one statement, so it sees one state of the database, and its list is
// whole or an error: also when the connection ends in the middle of the rows.
//
// # Values
//
// NULL and an empty text are missing. Numbers are written without loss, and
// booleans as "true" and "false", which Config.Status may map. A date is a civil date:
// a time of day in a column of dates, other than midnight, is not understood, since its
// day depends on a time zone. Cast it in the query. Bytes are text in UTF-8.
package sqlsource

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/columns"
)

// DB runs queries: a *sql.DB, *sql.Conn or *sql.Tx.
type DB interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// Config says what is read, and how.
type Config struct {
	// Name of the source. It is required.
	Name string
	// DB runs the queries. It is required. A role that may read and nothing else is
	// enough.
	DB DB
	// Query lists everybody. It is required. Args are its arguments, such as a tenant.
	Query string
	Args  []any
	// One reads one person: a query with the same columns as Query and one more
	// argument behind Args, the ID. Defaults to none: one person is then found by
	// reading everybody.
	One string

	// Columns maps fields of [source.Fields] to columns of the query, such as
	// "department": "org_unit_3". A named column that the query lacks is an error.
	// Fields that are not named are found by usual names, see package csvsource. An empty
	// name switches that off for the field.
	Columns map[string]string
	// Require lists fields of [source.Fields] for which there must be a column. What no
	// column says is missing for everybody. Defaults to none but the ID.
	Require []string
	// Custom maps names in Identity.Custom to columns. Nothing else gets there.
	Custom map[string]string
	// ListSeparator separates the values of a column that holds a list, such as groups.
	// Defaults to ";".
	ListSeparator string
	// DateLayouts are the layouts of dates in columns of text, as in package time.
	// Defaults to ISO 8601, see csvsource.Config.
	DateLayouts []string

	// Status maps words of the status column, compared without regard to case, spaces
	// and punctuation, to statuses; it is asked before the usual words. A word that
	// neither knows leaves the status unknown, with a finding.
	Status map[string]source.Status
	// DefaultStatus is everybody's status if no column has one. Defaults to Unknown, for
	// which nothing is decided.
	DefaultStatus source.Status
	// EmploymentType maps words like Status does.
	EmploymentType map[string]source.EmploymentType
	// Countries maps words, compared like those of Status, to ISO 3166-1 alpha-2 codes.
	Countries map[string]string
	// TimeZones maps the name, code or id of a location, exactly as the database has
	// it, to an IANA name. It is used where no column states a time zone.
	TimeZones map[string]string

	// MaxRows is how many people there may be. More are an error. Defaults to
	// 10,000,000.
	MaxRows int
}

const maxRows = 10_000_000

// Source reads a database. It is safe for concurrent use if Config.DB is.
type Source struct {
	cfg    Config
	reader *columns.Reader
}

var _ source.Source = (*Source)(nil)

// New checks the configuration. It runs no query. The error joins everything that
// is wrong.
func New(cfg Config) (*Source, error) {
	var errs []error
	if cfg.Name == "" {
		errs = append(errs, errors.New("no name"))
	}
	if cfg.DB == nil {
		errs = append(errs, errors.New("no DB"))
	}
	if cfg.Query == "" {
		errs = append(errs, errors.New("no query"))
	}
	if cfg.MaxRows < 0 {
		errs = append(errs, fmt.Errorf("max rows %d: it must not be negative", cfg.MaxRows))
	}
	table := columns.Config{
		Name: cfg.Name, Columns: cfg.Columns, Require: cfg.Require, Custom: cfg.Custom,
		ListSeparator: cfg.ListSeparator, DateLayouts: cfg.DateLayouts,
		Status: cfg.Status, DefaultStatus: cfg.DefaultStatus, EmploymentType: cfg.EmploymentType,
		Countries: cfg.Countries, TimeZones: cfg.TimeZones,
	}
	if errs = append(errs, table.Check()...); len(errs) > 0 {
		return nil, fmt.Errorf("sqlsource: %w", errors.Join(errs...))
	}
	if cfg.MaxRows == 0 {
		cfg.MaxRows = maxRows
	}
	return &Source{cfg: cfg, reader: columns.New(table)}, nil
}

// Name returns the name from the configuration.
func (s *Source) Name() string { return s.cfg.Name }

// Identities runs Query and yields one person per row. A result without rows is
// complete and empty.
func (s *Source) Identities(ctx context.Context) iter.Seq2[source.Identity, error] {
	return func(yield func(source.Identity, error) bool) {
		// One person is held back: what shows only at the end travels with the last.
		var last *source.Identity
		var layout *columns.Layout
		for i, err := range s.rows(ctx, &layout, s.cfg.Query, s.cfg.Args...) {
			if err != nil {
				yield(source.Identity{}, err)
				return
			}
			if last != nil && !yield(*last, nil) {
				return
			}
			last = &i
		}
		if last != nil {
			last.Findings = append(last.Findings, layout.Unread()...)
			yield(*last, nil)
		}
	}
}

// Identity reads one person with Config.One. Several rows of one ID that differ are
// an error that wraps [source.ErrContested].
func (s *Source) Identity(ctx context.Context, id string) (source.Identity, error) {
	if s.cfg.One == "" {
		return source.Identity{}, source.ErrListOnly
	}
	var found []source.Identity
	var layout *columns.Layout
	args := append(append([]any{}, s.cfg.Args...), id)
	for i, err := range s.rows(ctx, &layout, s.cfg.One, args...) {
		switch {
		case err != nil:
			return source.Identity{}, err
		case i.ID != id:
			return source.Identity{}, fmt.Errorf("%w: it gives %q", errOther, i.ID)
		}
		if found = append(found, i); len(found) > mostOfOne {
			break
		}
	}
	switch {
	case len(found) == 0:
		return source.Identity{}, fmt.Errorf("%w: no row", source.ErrNotFound)
	case len(found) > 1:
		return source.Identity{}, fmt.Errorf("%w: it has more than one row", source.ErrContested)
	}
	return found[0], nil
}

// mostOfOne is how many rows of one person are read before that is enough.
const mostOfOne = 2

var errOther = errors.New("the query for one person does not look for that ID")
