package workday

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"time"

	"github.com/provision-go/provision/source"
)

// ReportConfig says which report to read, and how.
type ReportConfig struct {
	// Name of the source. Defaults to "workday".
	Name       string
	Connection Connection
	// Owner and Report are the names in the address of the report: the user to whom it
	// belongs and what it is called, as "View URLs" shows them. They are required. The
	// report must be an advanced one that is enabled as a web service and shared with
	// the integration user.
	Owner, Report string
	// Prompts are answers to what the report asks when it is run, by the name of the
	// parameter, such as "Effective_as_of_Date" or "Worker_Type!WID". Defaults to none.
	Prompts map[string]string

	// Columns maps fields of [source.Fields], and names such as "custom.badge" for
	// Identity.Custom, to columns of the report, which are called as its author likes.
	// Columns that are not named here are passed over. "id" is required: the Workday
	// ID, or another identifier that never changes and is never reused. "manager" is the
	// same identifier of the manager.
	//
	// Where somebody stands comes from "status", a column with a word, or from those of
	// "active", "terminated", "retired", "on_leave" and "hire_rescinded" that the
	// report has; one of "status", "active" and "terminated" is required.
	// "employment_type" is the worker type, "time_type" what says full or part time,
	// and "kind" says employee or contingent worker.
	//
	// A column whose name says that it holds what [source.Identity] has no business with,
	// such as a birth date, is an error.
	Columns map[string]string
	// Required are fields of Columns whose column must occur in a row: Workday leaves
	// out what is empty, so that a column that was renamed looks like one that is
	// empty for everybody. Defaults to those of Columns that are "id", "hire_date",
	// "work_email", "given_name", "family_name" or say where somebody stands.
	Required []string
	// DateLayout is how the report writes days, as [time.Parse] wants it, such as
	// "01/02/2006". Defaults to "2006-01-02", whatever offset follows.
	DateLayout string

	Vocabulary

	// Zone is the time zone whose present day tells who has not started from who has
	// left, an IANA name. Defaults to "America/Los_Angeles", which is where Workday's
	// day begins.
	Zone string
	// Patience is how long the report may take until it begins to answer. Defaults to
	// 10 minutes.
	Patience time.Duration
}

// standingFields are the names in Columns of what says where somebody stands.
func standingFields() []string {
	return []string{"status", "active", "terminated", "retired", "on_leave", "hire_rescinded"}
}

func (cfg ReportConfig) filled() (ReportConfig, error) {
	connection, err := cfg.Connection.filled()
	wrong := problems{[]error{err, cfg.Vocabulary.check()}}
	cfg.Connection = connection
	if cfg.Name == "" {
		cfg.Name = "workday"
	}
	for _, part := range [][2]string{{"Owner", cfg.Owner}, {"Report", cfg.Report}} {
		if part[1] == "" || part[1] == "." || part[1] == ".." || !clean(part[1]) {
			wrong.add("%s: want the name in the address of the report", part[0])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(cfg.Prompts)) {
		if name == "" || name == "format" {
			wrong.add("Prompts: %q is no prompt", name)
		}
	}
	if cfg.DateLayout != "" {
		day := time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC)
		if t, err := time.Parse(cfg.DateLayout, day.Format(cfg.DateLayout)); err != nil || !t.Equal(day) {
			wrong.add("DateLayout: %q does not say which day it is", cfg.DateLayout)
		}
	}
	if cfg.Zone == "" {
		cfg.Zone = "America/Los_Angeles"
	}
	if err := checkZone(cfg.Zone); err != nil {
		wrong.add("Zone: %w", err)
	}
	if cfg.Patience == 0 {
		cfg.Patience = 10 * time.Minute
	}
	if cfg.Patience < 0 {
		wrong.add("Patience: it is negative")
	}
	// The caller may go on changing their maps.
	cfg.Prompts, cfg.TimeZones = maps.Clone(cfg.Prompts), maps.Clone(cfg.TimeZones)
	cfg.Required, err = cfg.required()
	return cfg, errors.Join(wrong.err(), err)
}

func (cfg ReportConfig) required() ([]string, error) {
	if cfg.Required == nil {
		usual := append(standingFields(), "id", "hire_date", "work_email", "given_name", "family_name")
		return slices.DeleteFunc(usual, func(field string) bool { return cfg.Columns[field] == "" }), nil
	}
	var wrong problems
	for _, field := range cfg.Required {
		if cfg.Columns[field] == "" {
			wrong.add("Required: %q is not in Columns", field)
		}
	}
	return slices.Clone(cfg.Required), wrong.err()
}

// reportColumns lays out what of a row is read.
func reportColumns(columns map[string]string) ([]reportColumn, error) {
	var wrong problems
	var all []reportColumn
	for _, field := range slices.Sorted(maps.Keys(columns)) {
		c, err := newReportColumn(field, columns[field])
		if err != nil {
			wrong.add("Columns: %q: %w", field, err)
			continue
		}
		all = append(all, c)
	}
	if columns["id"] == "" {
		wrong.add(`Columns: "id" is missing: nobody could be told from anybody`)
	}
	if columns["status"] == "" && columns["active"] == "" && columns["terminated"] == "" {
		wrong.add(`Columns: one of "status", "active" and "terminated" is needed: nothing could be decided about anybody`)
	}
	return all, wrong.err()
}

func newReportColumn(field, name string) (reportColumn, error) {
	c := reportColumn{name: name, field: field}
	spec, known := source.Field(field)
	switch {
	case slices.Contains(standingFields(), field), field == "time_type":
	case !known || spec.ReadOnly || field == "alternate_ids":
		return c, errors.New("there is no such field to fill")
	}
	if name == "" {
		return c, errors.New("the column has no name")
	}
	if why := denied(name); why != "" {
		return c, fmt.Errorf("%s holds %s, which is never read", name, why)
	}
	c.spec, c.shared = spec, !spec.PII && field != "id"
	return c, nil
}

// query is what the report is asked.
func (cfg ReportConfig) query() url.Values {
	query := url.Values{"format": {"json"}}
	for name, value := range cfg.Prompts {
		query.Set(name, value)
	}
	return query
}
