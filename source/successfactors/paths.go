package successfactors

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

// A mapping fills a field of an identity from a property.
type mapping struct {
	values.Target
	path string
	// heavy counts, from 1, the fields without which nothing can be decided. They have to
	// be in the answer, be it as null.
	heavy int
	// shared says that many people have the same value.
	shared bool
}

const (
	personal = "personalInfoNav/"
	work     = "employmentNav/"
	user     = "employmentNav/userNav/"
	job      = "employmentNav/jobInfoNav/"
)

// standard is where fields come from unless Config.Fields says otherwise. The names
// are those of Microsoft's connector
// (https://learn.microsoft.com/entra/identity/app-provisioning/sap-successfactors-integration-reference)
// and of clients that were generated from the metadata of companies.
func standard() [][2]string {
	return [][2]string{
		{"employee_number", "personIdExternal"},
		{"given_name", personal + "firstName"},
		{"middle_name", personal + "middleName"},
		{"family_name", personal + "lastName"},
		{"preferred_name", personal + "preferredName"},
		{"display_name", personal + "displayName"},
		{"hire_date", work + "startDate"},
		{"original_hire_date", work + "originalStartDate"},
		{"termination_date", work + "endDate"},
		{"kind", work + "isContingentWorker"},
		{"username", user + "username"},
		{"employment_type", job + "employeeClassNav/externalCode"},
		{"job_title", job + "jobTitle"},
		{"department", job + "departmentNav"},
		{"division", job + "divisionNav"},
		{"business_unit", job + "businessUnitNav"},
		{"legal_entity", job + "companyNav"},
		{"cost_center", job + "costCenterNav"},
		{"location", job + "locationNav"},
		{"time_zone", job + "timezone"},
		{"manager", job + "managerId"},
	}
}

// always are the properties that are asked for in any case.
func always() []string {
	return []string{
		"personIdExternal", "perPersonUuid", "lastModifiedDateTime", personal + "startDate", personal + "endDate",
		work + "userId", work + "assignmentClass", work + "startDate", work + "endDate", user + "status",
		job + "startDate", job + "endDate", job + "seqNumber", job + "emplStatus", job + "emplStatusNav/externalCode",
	}
}

func emailPaths() []string {
	return []string{"emailNav/emailAddress", "emailNav/isPrimary", "emailNav/emailType", "emailNav/emailTypeNav/externalCode"}
}

func validName(name string) bool {
	return regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,99}$`).MatchString(name)
}

// isNavigation goes by the names: departmentNav, addressNavDEFLT.
func isNavigation(name string) bool { return validName(name) && strings.Contains(name, "Nav") }

// refs are the fields that the navigation of a foundation object can fill.
func refs() []string {
	return []string{"department", "team", "division", "business_unit", "legal_entity", "cost_center", "location"}
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
	heavy := 0
	for _, field := range slices.Sorted(maps.Keys(from)) {
		if from[field] == "" {
			continue
		}
		spec, _ := source.Field(field) // checked above
		m := mapping{
			Target: values.Target{Field: spec, Set: setters.Text(field), Types: types}, path: from[field], shared: !spec.PII,
		}
		if spec.Type == source.FieldDate && field != "original_hire_date" || field == "terminated_at" {
			heavy++
			m.heavy = heavy
		}
		all = append(all, m)
	}
	return all, errors.Join(errs...)
}

// checkField refuses a mapping that cannot work, and one that must not.
func checkField(field, path string) error {
	spec, known := source.Field(field)
	parts := strings.Split(path, "/")
	last := parts[len(parts)-1]
	switch {
	case !known || spec.ReadOnly:
		return errors.New("there is no such field to fill")
	case slices.Contains([]string{"id", "alternate_ids", "status", "updated_at"}, field):
		return errors.New("it is not filled by a property of one's own choice")
	case path == "" && (field == "hire_date" || field == "termination_date"):
		return errors.New("without it nothing can be decided about anybody")
	case path == "":
		return nil
	case parts[0] == "emailNav":
		return errors.New("addresses are chosen by their type; set WorkEmailTypes or PersonalEmailTypes")
	case len(parts) > 8:
		return fmt.Errorf("%q has too many parts", path)
	case parts[0] == "employmentNav" && len(parts) == 1, path == "employmentNav/userNav", path == "employmentNav/jobInfoNav", path == "personalInfoNav":
		return fmt.Errorf("%s is no property", path)
	}
	for _, name := range parts[:len(parts)-1] {
		if !isNavigation(name) {
			return fmt.Errorf("%q is no property: want a path such as employmentNav/jobInfoNav/customString1", path)
		}
	}
	if !validName(last) {
		return fmt.Errorf("%q is no property: want a path such as employmentNav/jobInfoNav/customString1", path)
	}
	if isNavigation(last) && !slices.Contains(refs(), field) {
		return fmt.Errorf("%s is a foundation object, which fills only %s", path, strings.Join(refs(), ", "))
	}
	for n, name := range parts {
		if why := forbidden(parts[:n], name); why != "" {
			return fmt.Errorf("%s holds %s, which is never read", path, why)
		}
	}
	return nil
}

// forbidden returns what a property or a navigation holds that is never read. A city
// of a work location is no home address.
func forbidden(before []string, name string) string {
	switch why := denied.Field(name); {
	case why == denied.Address && slices.Contains(before, "locationNav"):
	case why != "":
		return why
	}
	for part := range strings.FieldsSeq("personrelationship dependent challengestatus military workpermit paymentinformation compinfo eeo") {
		if strings.Contains(strings.ToLower(name), part) {
			return "family, health, origin, permits or pay"
		}
	}
	return ""
}
