// Package columns reads people from tables whose columns have headings: files, results
// of queries. It finds which column feeds which field, and fills a field from the text
// of a cell.
package columns

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/provision-go/provision/internal/vocabulary"
	"github.com/provision-go/provision/source"
)

// Config says how a table is read. The fields mean what they mean in csvsource.Config.
type Config struct {
	Name           string
	Columns        map[string]string
	Require        []string
	Custom         map[string]string
	ListSeparator  string
	DateLayouts    []string
	Status         map[string]source.Status
	DefaultStatus  source.Status
	EmploymentType map[string]source.EmploymentType
	Countries      map[string]string
	TimeZones      map[string]string
}

// Check returns what is wrong with a configuration.
func (cfg Config) Check() []error {
	var errs []error
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
	return errs
}

// A Reader reads tables of one kind. It is safe for concurrent use.
type Reader struct {
	Config
	status map[string]source.Status
	terms  map[string]source.EmploymentType
	lands  map[string]string
}

// New returns a reader for a configuration that was checked, with defaults filled in.
func New(cfg Config) *Reader {
	// The caller may go on changing their maps.
	cfg.Columns, cfg.Custom, cfg.TimeZones = maps.Clone(cfg.Columns), maps.Clone(cfg.Custom), maps.Clone(cfg.TimeZones)
	cfg.DateLayouts, cfg.Require = slices.Clone(cfg.DateLayouts), slices.Clone(cfg.Require)
	if len(cfg.DateLayouts) == 0 {
		cfg.DateLayouts = []string{"2006-01-02", "20060102", "2006-01-02 00:00:00", "2006-01-02T00:00:00"}
	}
	if cfg.ListSeparator == "" {
		cfg.ListSeparator = ";"
	}
	return &Reader{
		Config: cfg,
		status: vocabulary.With(StatusWords(), cfg.Status, Fold),
		terms:  vocabulary.With(EmploymentWords(), cfg.EmploymentType, Fold),
		lands:  vocabulary.With(nil, cfg.Countries, Fold),
	}
}
