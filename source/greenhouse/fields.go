package greenhouse

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/denied"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/setters"
	"github.com/provision-go/provision/source/internal/values"
)

// The records of Greenhouse that fields come from.
type record uint8

const (
	candidates record = iota
	applications
	offers
	jobs
	recordCount
)

func recordNames() []string { return []string{"candidate", "application", "offer", "job"} }

// A mapping fills a field of an identity from a place in Greenhouse.
type mapping struct {
	values.Target
	record record
	plain  string // the field of the record, "" for a custom one
	custom string // the key of a custom field, or ""
}

// standard is where fields come from unless Config.Fields says otherwise.
func standard() [][2]string {
	return [][2]string{
		{"given_name", "candidate.first_name"},
		{"family_name", "candidate.last_name"},
		{"preferred_name", "candidate.preferred_name"},
		{"personal_email", "candidate.email_addresses.personal"},
		{"job_title", "job.name"},
		{"department", "job.department"},
		{"location", "job.office"},
		{"start_date", "offer.starts_on"},
		{"employment_type", "offer.custom_fields.employment_type"},
	}
}

// places are the fields of records that may be mapped, beside custom ones.
func places() []string {
	return strings.Fields(`candidate.first_name candidate.last_name candidate.preferred_name
		candidate.email_addresses.personal candidate.email_addresses.other
		offer.starts_on offer.opening_id job.name job.requisition_id job.department job.office`)
}

// mappingsOf lays out which field comes from where, sorted by field.
func mappingsOf(fields map[string]string, types map[string]source.EmploymentType) ([]mapping, error) {
	from := map[string]string{}
	for _, s := range standard() {
		from[s[0]] = s[1]
	}
	var errs []error
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		if err := checkField(field, fields[field]); err != nil {
			errs = append(errs, fmt.Errorf("field %q: %w", field, err))
			continue
		}
		from[field] = fields[field]
	}
	var all []mapping
	for _, field := range slices.Sorted(maps.Keys(from)) {
		if from[field] == "" {
			continue
		}
		spec, _ := source.Field(field) // checked above
		name, rest, _ := strings.Cut(from[field], ".")
		m := mapping{Target: values.Target{Field: spec, Set: setters.Text(field), Types: types}, record: record(slices.Index(recordNames(), name)), plain: rest}
		if key, ok := strings.CutPrefix(rest, "custom_fields."); ok {
			m.plain, m.custom = "", key
		}
		all = append(all, m)
	}
	return all, errors.Join(errs...)
}

// checkField refuses a mapping that cannot work, and one that must not.
func checkField(field, place string) error {
	spec, known := source.Field(field)
	switch {
	case !known || spec.ReadOnly:
		return errors.New("there is no such field to fill")
	case slices.Contains([]string{"id", "alternate_ids", "status", "kind", "updated_at"}, field):
		return errors.New("it cannot be filled by a field of Greenhouse")
	case place == "":
		return nil
	case spec.Whole != "" && (place == "job.department" || place == "job.office"):
		return fmt.Errorf("%s fills %s and its parts; map that", place, spec.Whole)
	case place == "job.department" && field != "department" && field != "team" && field != "division" && field != "business_unit",
		place == "job.office" && field != "location":
		return fmt.Errorf("%s cannot fill it", place)
	case slices.Contains(places(), place):
		return nil
	}
	name, key, custom := strings.Cut(place, ".custom_fields.")
	if !custom || !slices.Contains(recordNames(), name) {
		return fmt.Errorf("there is no place %q; want one of %s, or a custom field such as offer.custom_fields.team",
			place, strings.Join(places(), ", "))
	}
	if !regexp.MustCompile(`^[A-Za-z0-9_\-]{1,100}$`).MatchString(key) {
		return fmt.Errorf("%q is no key of a custom field: want letters, digits, hyphens and underscores", key)
	}
	// A city in an offer is where somebody is to work, in a candidate where they live.
	if why := denied.Field(key); why != "" && (why != denied.Address || name == "candidate" || strings.Contains(key, "address")) {
		return fmt.Errorf("%s holds %s, which is never read", place, why)
	}
	return nil
}

// asked returns the fields of a record to ask for, as the parameter "fields" has them
// (https://harvestdocs.greenhouse.io/reference/get_v3-candidates).
func (s *Source) asked(r record) string {
	always := []string{
		candidates:   "id,linked_user_ids,updated_at",
		applications: "id,candidate_id,job_id,status,updated_at",
		offers:       "id,application_id,candidate_id,status,updated_at",
		jobs:         "id",
	}
	names := strings.Split(always[r], ",")
	for n := range s.mappings {
		m := &s.mappings[n]
		if m.record != r {
			continue
		}
		name, _, _ := strings.Cut(m.plain, ".")
		switch {
		case m.custom != "":
			name = "custom_fields"
		case name == "department":
			name = "department_id"
		case name == "office":
			name = "office_ids"
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ",")
}

// wants reports whether a place is mapped.
func (s *Source) wants(r record, plain string) bool {
	return slices.ContainsFunc(s.mappings, func(m mapping) bool { return m.record == r && m.plain == plain })
}
