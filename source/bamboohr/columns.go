package bamboohr

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
)

// A column is a field of BambooHR that fills a field of an identity.
type column struct {
	name  string // at BambooHR
	field source.FieldSpec
	set   func(*source.Identity, string) // nil for what takes more than a text
	// heavy says that rules decide nothing about somebody for whom this field is
	// stated and not understood.
	heavy bool
	// shared says that many people have the same value.
	shared bool
}

// standard is what both doors are asked for unless Config.Fields says otherwise:
// the field, and its name in the list of employees and in the dataset. The names
// of the list are those of the vendor's EmployeeOptionalField; of the dataset
// those that get-data-from-dataset-v2 recommends, and middleName, preferredName,
// originalHireDate and jobInformationDivision, which independent clients use.
func standard() [][3]string {
	return [][3]string{
		{"id", "employeeId", "eeid"},
		{"status", "status", "status"},
		{"employment_type", "employmentStatusName", "employmentStatus"},
		{"employee_number", "employeeNumber", "employeeNumber"},
		{"given_name", "firstName", "firstName"},
		{"middle_name", "middleName", "middleName"},
		{"family_name", "lastName", "lastName"},
		{"preferred_name", "preferredName", "preferredName"},
		{"display_name", "displayName", ""},
		{"work_email", "workEmail", "email"},
		{"job_title", "jobTitleName", "jobInformationJobTitle"},
		{"department", "departmentName", "jobInformationDepartment"},
		{"department_id", "departmentId", ""},
		{"division", "divisionName", "jobInformationDivision"},
		{"division_id", "divisionId", ""},
		{"location", "locationName", "jobInformationLocation"},
		{"location_id", "locationId", ""},
		{"manager", "reportsToId", "supervisorEid"},
		{"hire_date", "hireDate", "hireDate"},
		{"original_hire_date", "originalHireDate", "originalHireDate"},
		{"termination_date", "terminationDate", "terminationDate"},
	}
}

// listed are the fields beyond the standard ones that the list of employees has and
// that nothing forbids: https://documentation.bamboohr.com/reference/list-employees.
// It ignores any other name silently, so a wrong one must be noticed here.
func listed() []string {
	return strings.Fields(`contractEndDate employeeName employmentStatusEffectiveDate employmentStatusId
		employmentType employmentTypeId firstNameLastName homeEmail isManager jobInformationEffectiveDate jobTitleId
		middleInitial mobilePhone nickName noticePeriod noticePeriodId preferredNameLastName probationEndDate pronouns
		pronounsId reportsToName teams timezone userId workPhone workPhoneExtension`)
}

// required are fields without which nothing could be decided about anybody.
func required() []string { return []string{"id", "status"} }

const mostColumns = 400 // what get-employee takes; the two lists state no limit

// columnsOf lays out what is asked for, sorted so that the same configuration asks
// the same question.
func columnsOf(strategy Strategy, fields map[string]string) ([]column, error) {
	names := map[string]string{}
	for _, s := range standard() {
		if name := s[1+int(strategy)]; name != "" {
			names[s[0]] = name
		}
	}
	var errs []error
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		if err := checkField(strategy, field, fields[field]); err != nil {
			errs = append(errs, fmt.Errorf("field %q: %w", field, err))
			continue
		}
		names[field] = fields[field]
	}
	users := map[string]string{} // of a name
	var columns []column
	for _, field := range slices.Sorted(maps.Keys(names)) {
		name := names[field]
		if name == "" {
			continue
		}
		if other, taken := users[name]; taken {
			errs = append(errs, fmt.Errorf("field %q: %s feeds %q already", field, name, other))
			continue
		}
		users[name] = field
		columns = append(columns, newColumn(field, name))
	}
	if len(columns) > mostColumns {
		errs = append(errs, fmt.Errorf("%d fields are asked for, at most %d are allowed", len(columns), mostColumns))
	}
	return columns, errors.Join(errs...)
}

func newColumn(field, name string) column {
	spec, _ := source.Field(field) // checked before
	c := column{name: name, field: spec, set: setters.Text(field), shared: !spec.PII}
	switch field {
	case "status", "hire_date", "start_date", "termination_date", "last_day", "terminated_at":
		c.heavy = true
	}
	return c
}

// checkField refuses a mapping that cannot work, and one that must not.
func checkField(strategy Strategy, field, name string) error {
	spec, known := source.Field(field)
	switch {
	case !known || spec.ReadOnly:
		return errors.New("there is no such field to fill")
	case field == "kind" || field == "alternate_ids":
		return errors.New("it cannot be filled by a field of BambooHR")
	case field == "country" || field == "city" || field == "region":
		return errors.New("BambooHR knows where people live, not where they work; set Countries by the name of a location")
	case name == "" && slices.Contains(required(), field):
		return errors.New("without it nothing can be decided about anybody")
	case name == "":
		return nil
	case field == "id":
		return errors.New("the key is BambooHR's own and cannot be another field")
	case !regexp.MustCompile(`^[A-Za-z0-9_.]{1,100}$`).MatchString(name):
		return fmt.Errorf("%q is no name of a field: want letters, digits, dots and underscores", name)
	}
	if why := denied.Field(name); why != "" {
		return fmt.Errorf("%s holds %s, which is never read", name, why)
	}
	if strategy == Employees && !slices.Contains(listed(), name) &&
		!slices.ContainsFunc(standard(), func(s [3]string) bool { return s[1] == name }) {
		return fmt.Errorf("the list of employees has no field %s; custom fields need Strategy: Dataset", name)
	}
	return nil
}
