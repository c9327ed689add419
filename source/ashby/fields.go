package ashby

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/denied"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/setters"
	"github.com/provision-go/provision/source/internal/values"
)

// A mapping fills a field of an identity from a place in Ashby.
type mapping struct {
	values.Target
	place string
}

// standard is where fields come from unless Config.Fields says otherwise.
func standard() [][2]string {
	return [][2]string{
		{"formatted_name", "candidate.name"},
		{"personal_email", "candidate.primaryEmailAddress"},
		{"job_title", "job.title"},
		{"department", "job.department"},
		{"location", "job.location"},
		{"manager_email", "application.hiringTeam"},
		{"start_date", "offer.startDate"},
	}
}

const custom = ".custom_fields."

// mappingsOf lays out which field comes from where, by place.
func mappingsOf(fields map[string]string, types map[string]source.EmploymentType) (map[string][]*mapping, error) {
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
	all := map[string][]*mapping{}
	for _, field := range slices.Sorted(maps.Keys(from)) {
		place := from[field]
		if place == "" {
			continue
		}
		spec, _ := source.Field(field) // checked above
		all[place] = append(all[place], &mapping{values.Target{Field: spec, Set: setters.Text(field), Types: types}, place})
	}
	return all, errors.Join(errs...)
}

// checkField refuses a mapping that cannot work, and one that must not.
func checkField(field, place string) error {
	spec, known := source.Field(field)
	fillers := map[string][]string{
		"job.department": {"department", "team", "division", "business_unit"}, "job.location": {"location"},
		"application.hiringTeam": {"manager_email"},
	}
	only, whole := fillers[place]
	record, title, isCustom := strings.Cut(place, custom)
	switch {
	case !known || spec.ReadOnly:
		return errors.New("there is no such field to fill")
	case slices.Contains([]string{"id", "alternate_ids", "status", "kind", "updated_at"}, field):
		return errors.New("it cannot be filled by a field of Ashby")
	case place == "":
		return nil
	case whole && !slices.Contains(only, field):
		return fmt.Errorf("%s fills %s and its parts, nothing else", place, strings.Join(only, ", "))
	case field == "work_email" && !isCustom:
		return errors.New("the addresses of a candidate are their own; there is no work address in Ashby")
	case slices.ContainsFunc(standard(), func(s [2]string) bool { return s[1] == place }):
		return nil
	case !isCustom || record != "application" && record != "offer" || strings.TrimSpace(title) == "" || len(title) > 200:
		return fmt.Errorf("there is no place %q; want one of the standard ones, or a custom field such as offer.custom_fields.Team", place)
	}
	// A city in an offer is where somebody is to work.
	if why := denied.Field(title); why != "" && (why != denied.Address || strings.Contains(strings.ToLower(title), "address")) {
		return fmt.Errorf("%s holds %s, which is never read", place, why)
	}
	return nil
}
