// Package csvsource reads people from a file with one row per person, as every
// HR system can export it.
//
//	src, err := csvsource.New(csvsource.Config{Name: "hr-export", Path: "people.csv"})
//
// Headings are recognised by themselves where they have usual names; Columns
// names the others. The file is read row by row and never held in memory. A row
// may have 1 MiB; the file must be UTF-8, with or without a byte order mark.
//
// What is wrong with a cell costs that cell: the value is missing and a finding
// names line and column. What is wrong with a row costs that row: the person is
// present but undecided, or, if it is not sure whose row it is, nobody can be
// called absent. What is wrong with the file, such as a missing heading or a
// quote that never ends, is an error and yields nothing to act on.
package csvsource

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/provision-go/provision/source"
)

// A Config says where the file is and how to read it.
type Config struct {
	// Name of the source. Must not be empty.
	Name string
	// Path of the file. It is opened anew for every read.
	Path string
	// Open is used instead of Path, for files that are not on disk. Exactly one of
	// the two must be set. The reader is closed after each read.
	Open func() (io.ReadCloser, error)

	// Columns maps fields of [source.Fields] to the headings of the file, such as
	// "department": "Org Unit 3". A named heading that the file lacks is an error.
	// Fields that are not named are found by usual headings, compared without
	// regard to case, spaces and punctuation; an empty heading switches that off
	// for the field.
	Columns map[string]string
	// Custom maps names in Identity.Custom to headings. Nothing else of the file
	// gets there.
	Custom map[string]string

	// Delimiter between cells. Defaults to what the first line suggests: comma,
	// semicolon, tab or vertical bar.
	Delimiter rune
	// ListSeparator separates the values of a cell that holds a list, such as
	// groups. Defaults to ";".
	ListSeparator string
	// DateLayouts are the layouts of dates, as in package time. A cell that two of
	// them read differently is not understood. Defaults to ISO 8601: 2006-01-02 or
	// 20060102, also with a midnight behind it. Days such as 03/04/2026 mean two
	// things and must be configured.
	DateLayouts []string

	// Status maps the words of the file, compared like headings, to statuses. It
	// is asked before the usual words. A word that neither knows leaves the status
	// unknown, with a finding. So does "inactive", which systems use both for
	// people who left and for people who have not started.
	Status map[string]source.Status
	// DefaultStatus is the status of everybody in a file that has no column for
	// it. Set it to source.Active for an export of current staff. Defaults to
	// Unknown, for which nothing is decided.
	DefaultStatus source.Status
	// EmploymentType maps the words of the file like Status does.
	EmploymentType map[string]source.EmploymentType
	// Countries maps the words of the file, compared like headings, to ISO 3166-1
	// alpha-2 codes. Codes need no mapping.
	Countries map[string]string
	// TimeZones maps the name, code or id of a location, exactly as in the file,
	// to an IANA name. It is used where the file states no time zone.
	TimeZones map[string]string
}

// A Source reads a file. It is safe for concurrent use: every read opens the
// file for itself. It can only be listed; [source.Read] finds one person by
// reading the file.
type Source struct {
	source.ListOnly
	cfg    Config
	status map[string]source.Status
	terms  map[string]source.EmploymentType
	lands  map[string]string
}

var _ source.Source = (*Source)(nil)

// New checks the configuration. The file is not opened before it is read. The
// error joins everything that is wrong.
func New(cfg Config) (*Source, error) {
	if err := cfg.check(); err != nil {
		return nil, fmt.Errorf("csvsource: %w", err)
	}
	// The caller may go on changing their maps.
	cfg.Columns, cfg.Custom, cfg.TimeZones = maps.Clone(cfg.Columns), maps.Clone(cfg.Custom), maps.Clone(cfg.TimeZones)
	cfg.DateLayouts = slices.Clone(cfg.DateLayouts)
	if len(cfg.DateLayouts) == 0 {
		cfg.DateLayouts = []string{"2006-01-02", "20060102", "2006-01-02 00:00:00", "2006-01-02T00:00:00"}
	}
	if cfg.ListSeparator == "" {
		cfg.ListSeparator = ";"
	}
	return &Source{
		cfg:    cfg,
		status: words(statusWords(), cfg.Status),
		terms:  words(employmentWords(), cfg.EmploymentType),
		lands:  words(nil, cfg.Countries),
	}, nil
}

func (cfg Config) check() error {
	var errs []error
	if cfg.Name == "" {
		errs = append(errs, errors.New("no name"))
	}
	if (cfg.Path == "") == (cfg.Open == nil) {
		errs = append(errs, errors.New("want either Path or Open"))
	}
	for _, field := range slices.Sorted(maps.Keys(cfg.Columns)) {
		if f, ok := source.Field(field); !ok || f.ReadOnly {
			errs = append(errs, fmt.Errorf("column %q: there is no such field", field))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(cfg.Custom)) {
		if name == "" || cfg.Custom[name] == "" {
			errs = append(errs, fmt.Errorf("custom field %q: it needs a name and a heading", name))
		}
	}
	for _, layout := range cfg.DateLayouts {
		day := time.Date(2022, 11, 23, 0, 0, 0, 0, time.UTC)
		if back, err := time.Parse(layout, day.Format(layout)); err != nil || !back.Equal(day) {
			errs = append(errs, fmt.Errorf("date layout %q: it does not hold a day, a month and a year", layout))
		}
	}
	for _, place := range slices.Sorted(maps.Keys(cfg.TimeZones)) {
		name := cfg.TimeZones[place]
		if _, err := time.LoadLocation(name); err != nil || name == "" || name == "Local" {
			errs = append(errs, fmt.Errorf("time zone %q of %q: want an IANA name such as Europe/Berlin", name, place))
		}
	}
	if cfg.Delimiter == '"' || cfg.Delimiter == '\r' || cfg.Delimiter == '\n' || cfg.Delimiter < 0 || cfg.Delimiter == '\uFFFD' {
		errs = append(errs, fmt.Errorf("delimiter %q: it cannot be used", cfg.Delimiter))
	}
	return errors.Join(errs...)
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
	table, err := newTable(file, s.cfg.Delimiter)
	if err != nil {
		return err
	}
	rows, err := s.layOut(table.heading, table.skipped+1)
	if err != nil {
		return err
	}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		row, err := table.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if !yield(rows.identity(row), nil) {
			return nil
		}
	}
}

func (s *Source) open() (io.ReadCloser, error) {
	if s.cfg.Open != nil {
		return s.cfg.Open()
	}
	return os.Open(s.cfg.Path)
}
