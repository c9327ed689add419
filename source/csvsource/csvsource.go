package csvsource

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
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
	// FS holds the file that Path names, such as an embed.FS or a directory opened
	// with os.DirFS; Path then has slashes and no leading one, see fs.ValidPath.
	// Defaults to the disk.
	FS fs.FS
	// Open is used instead of Path, for what is in no file system: memory, a
	// download. Exactly one of the two must be set. The reader is closed after each
	// read.
	Open func() (io.ReadCloser, error)

	// Columns maps fields of [source.Fields] to the headings of the file, such as
	// "department": "Org Unit 3". A named heading that the file lacks is an error.
	// Fields that are not named are found by usual headings, compared without
	// regard to case, spaces and punctuation; the package documentation lists them.
	// An empty heading switches that off for the field. [Source.Mapping] tells what
	// came of it.
	Columns map[string]string
	// Require lists fields of [source.Fields] for which the file must have a column,
	// named in Columns or found; a file without is an error. What no column says is
	// missing for everybody: without the last days a leaver whose status is still
	// active works again, without the first days a joiner begins today. List what
	// your rules and life cycles stand on. Defaults to none but the ID.
	Require []string
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
	// things and must be configured. A cell that stands for no date, see
	// [source.NoDate], is missing; one that cannot be read is a finding, and rules
	// decide nothing for that person.
	DateLayouts []string

	// OpenEnd says that the last line of a complete file has no line end. Without
	// it such a file counts as cut short: nothing is decided for the person in its
	// last row, and nobody can be called absent. Defaults to false.
	OpenEnd bool
	// MaxLines is how many lines the file may have. More are an error. Defaults to
	// 10,000,000.
	MaxLines int

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
	cfg.DateLayouts, cfg.Require = slices.Clone(cfg.DateLayouts), slices.Clone(cfg.Require)
	if len(cfg.DateLayouts) == 0 {
		cfg.DateLayouts = []string{"2006-01-02", "20060102", "2006-01-02 00:00:00", "2006-01-02T00:00:00"}
	}
	if cfg.ListSeparator == "" {
		cfg.ListSeparator = ";"
	}
	if cfg.MaxLines == 0 {
		cfg.MaxLines = maxLines
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
	if cfg.FS != nil && !fs.ValidPath(cfg.Path) {
		errs = append(errs, fmt.Errorf("path %q: FS wants one with slashes and without a leading one", cfg.Path))
	}
	for _, field := range slices.Sorted(maps.Keys(cfg.Columns)) {
		if f, ok := source.Field(field); !ok || f.ReadOnly {
			errs = append(errs, fmt.Errorf("column %q: there is no such field", field))
		}
	}
	for _, field := range cfg.Require {
		if f, ok := source.Field(field); !ok || f.ReadOnly {
			errs = append(errs, fmt.Errorf("require %q: there is no such field", field))
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
	if cfg.MaxLines < 0 {
		errs = append(errs, fmt.Errorf("max lines %d: it must not be negative", cfg.MaxLines))
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
	rows, err := s.layOut(table.heading, table.skipped+1)
	return table, rows, err
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
	mapping := make(map[string]string, len(rows.columns))
	for _, c := range rows.columns {
		mapping[c.field.Name] = c.heading
	}
	return mapping, nil
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
