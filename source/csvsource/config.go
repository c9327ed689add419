package csvsource

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/columns"
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

	// Encoding of the file. Defaults to Detect: UTF-16 if it says so, else UTF-8.
	Encoding Encoding
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
	errs = append(errs, cfg.columns().Check()...)
	if err := cfg.Encoding.check(); err != nil {
		errs = append(errs, err)
	}
	if cfg.MaxLines < 0 {
		errs = append(errs, fmt.Errorf("max lines %d: it must not be negative", cfg.MaxLines))
	}
	if cfg.Delimiter == '"' || cfg.Delimiter == '\r' || cfg.Delimiter == '\n' || cfg.Delimiter < 0 || cfg.Delimiter == '\uFFFD' {
		errs = append(errs, fmt.Errorf("delimiter %q: it cannot be used", cfg.Delimiter))
	}
	return errors.Join(errs...)
}

// columns is what concerns columns.
func (cfg Config) columns() columns.Config {
	return columns.Config{
		Name: cfg.Name, Columns: cfg.Columns, Require: cfg.Require, Custom: cfg.Custom,
		ListSeparator: cfg.ListSeparator, DateLayouts: cfg.DateLayouts,
		Status: cfg.Status, DefaultStatus: cfg.DefaultStatus, EmploymentType: cfg.EmploymentType,
		Countries: cfg.Countries, TimeZones: cfg.TimeZones,
	}
}
