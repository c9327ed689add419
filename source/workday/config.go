package workday

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/setters"
)

// Config says which workers to read through Get_Workers, and how.
type Config struct {
	// Name of the source. Defaults to "workday".
	Name       string
	Connection Connection
	// Version is the version of Human_Resources. Defaults to "v45.0".
	Version string

	// Units maps types of organisations, such as "COST_CENTER", to fields of
	// [source.Fields] that name one, such as "cost_center", or to "custom.…" for the
	// names of all of that type. Types are compared without regard to case. An empty
	// field leaves a type out. What is said here adds to the default, which is
	// SUPERVISORY to department, COST_CENTER to cost_center, COMPANY to legal_entity,
	// BUSINESS_UNIT to business_unit.
	Units map[string]string
	// ProvisioningGroups asks for the groups that Workday's own account provisioning
	// has assigned; they become Identity.Groups of the type "provisioning". Defaults to
	// false.
	ProvisioningGroups bool
	// Fields maps fields of [source.Fields], and names such as "custom.badge" for
	// Identity.Custom, to places in a worker, in place of the standard ones or beside
	// them. A place is a path of names of elements below Worker. The last may be
	// "ID[Job_Profile_ID]" for an ID of that type or "@Descriptor" for an attribute. Of
	// several positions the primary one is looked at. An empty path switches a field
	// off. Places that hold what [source.Identity] has no business with, such as
	// national ids, birth dates and home addresses, are an error.
	//
	// The place "Integration_Field_Override_Data[Badge]" is the calculated field Badge
	// of FieldService.
	Fields map[string]string
	// FieldService is the Workday ID of the integration system whose field override
	// service gives calculated fields. Defaults to none.
	FieldService string
	// PersonalEmail reads the home e-mail address too. Defaults to false: it is skipped.
	PersonalEmail bool

	Vocabulary

	// PageSize is how many people are asked for at once. Defaults to 100. At most 999.
	PageSize int
	// PreHireDays is how far ahead hires are looked for in the transaction log, that the
	// list of today lacks. If the tenant refuses the question the list is an error.
	// Defaults to 90; below 0 it is not asked.
	PreHireDays int
	// Zone is the time zone whose present day everything is read for, an IANA name. When
	// it has a new day there, hires, changes and terminations of that day are seen.
	// Defaults to "America/Los_Angeles", which is the one that Workday itself takes when
	// no day is asked for.
	Zone string
	// OldestCursor is how far back changes are asked for; for more, a full read is the
	// better way. Defaults to 30 days.
	OldestCursor time.Duration
}

// Vocabulary is what the words of a company mean. Both doors have it. Words are
// compared without regard to case and punctuation.
type Vocabulary struct {
	// Status maps words to statuses, before the usual words. Get_Workers knows Active,
	// On_Leave, Terminated, Retired, Hire_Rescinded and Inactive; the words of a report
	// are its author's.
	Status map[string]source.Status
	// EmploymentType maps worker types (Employee_Type_ID, Contingent_Worker_Type_ID) and
	// time types (Position_Time_Type_ID), or the words of a report.
	EmploymentType map[string]source.EmploymentType
	// TimeZones maps the name or the ID of a location, exactly as in Workday, to an IANA
	// name. Defaults to unknown.
	TimeZones map[string]string
}

// usualUnits are the types that Workday has in every tenant.
func usualUnits() map[string]string {
	return map[string]string{
		"SUPERVISORY": "department", "COST_CENTER": "cost_center", "COMPANY": "legal_entity", "BUSINESS_UNIT": "business_unit",
	}
}

// filled checks a configuration and fills in the defaults. The error joins
// everything that is wrong and names the fields.
func (cfg Config) filled() (Config, error) {
	connection, err := cfg.Connection.filled()
	wrong := problems{[]error{err, cfg.Vocabulary.check()}}
	cfg.Connection = connection
	if cfg.Name == "" {
		cfg.Name = "workday"
	}
	if cfg.Version == "" {
		cfg.Version = "v45.0"
	}
	if !regexp.MustCompile(`^v[1-9]\d?\.\d$`).MatchString(cfg.Version) {
		wrong.add("Version: want one such as v45.0")
	}
	if cfg.FieldService != "" && !validWID(cfg.FieldService) {
		wrong.add("FieldService: want a Workday ID")
	}
	wrong.errs = append(wrong.errs, numbers(&cfg))
	if cfg.Zone == "" {
		cfg.Zone = "America/Los_Angeles"
	}
	if err := checkZone(cfg.Zone); err != nil {
		wrong.add("Zone: %w", err)
	}
	cfg.TimeZones = maps.Clone(cfg.TimeZones) // the caller may go on changing it
	cfg.Units, err = mergeUnits(cfg.Units)
	return cfg, errors.Join(wrong.err(), err)
}

// numbers checks the numbers and fills them in.
func numbers(cfg *Config) error {
	var wrong problems
	const largest, longest = 999, 3650
	if cfg.PageSize == 0 {
		cfg.PageSize = 100
	}
	if cfg.PageSize < 1 || cfg.PageSize > largest {
		wrong.add("PageSize: %d is not from 1 to %d", cfg.PageSize, largest)
	}
	if cfg.PreHireDays == 0 {
		cfg.PreHireDays = 90
	}
	if cfg.PreHireDays > longest {
		wrong.add("PreHireDays: %d is more than %d", cfg.PreHireDays, longest)
	}
	if cfg.OldestCursor == 0 {
		cfg.OldestCursor = 30 * 24 * time.Hour
	}
	if cfg.OldestCursor < 0 {
		wrong.add("OldestCursor: it is negative")
	}
	return wrong.err()
}

func mergeUnits(own map[string]string) (map[string]string, error) {
	var wrong problems
	all := usualUnits()
	for _, kind := range slices.Sorted(maps.Keys(own)) {
		field := own[kind]
		all[strings.ToUpper(kind)] = field
		if field == "" {
			continue
		}
		if why := denied(kind); why != "" {
			wrong.add("Units: %q holds %s, which is never read", kind, why)
		}
		if setters.Ref(&source.Identity{}, field) == nil && !strings.HasPrefix(field, "custom.") {
			wrong.add("Units: %q: %q is no field that an organisation can fill", kind, field)
		}
	}
	return all, wrong.err()
}

func (v Vocabulary) check() error {
	var wrong problems
	if v.TimeZones[""] != "" {
		wrong.add("TimeZones: a location has no name")
	}
	for _, place := range slices.Sorted(maps.Keys(v.TimeZones)) {
		if err := checkZone(v.TimeZones[place]); err != nil {
			wrong.add("TimeZones: %q: %w", place, err)
		}
	}
	return wrong.err()
}

// zoneOf returns the time zone of a location.
func (v Vocabulary) zoneOf(name, id string) string {
	if zone := v.TimeZones[name]; zone != "" {
		return zone
	}
	return v.TimeZones[id]
}

func checkZone(name string) error {
	if _, err := time.LoadLocation(name); err != nil || name == "" || name == "Local" {
		return fmt.Errorf("%q: want an IANA name such as Europe/Berlin", name)
	}
	return nil
}
