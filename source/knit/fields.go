package knit

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

// Places that are always kept.
const (
	idPlace     = "profile.id"
	statusPlace = "profile.employmentStatus"
	rawPlace    = "rawValues.employmentStatus"
)

// A mapping fills a field of an identity from a place in eventData.
type mapping struct {
	values.Target
	place string
	first bool // of a list the first one counts
}

// standard is where fields come from unless Config.Fields says otherwise.
func standard() [][2]string {
	return [][2]string{
		{"employee_number", "profile.employeeNumber"},
		{"given_name", "profile.firstName"},
		{"family_name", "profile.lastName"},
		{"work_email", "profile.workEmail"},
		{"personal_email", "contactInfo.personalEmails"},
		{"job_title", "orgStructure.designation"},
		{"department", "orgStructure.department"},
		{"manager", "orgStructure.manager.id"},
		{"manager_email", "orgStructure.manager.workEmail"},
		{"city", "locations.workAddress.city"},
		{"region", "locations.workAddress.state"},
		{"country", "locations.workAddress.country"},
		{"employment_type", "profile.employmentType"},
		{"start_date", "profile.startDate"},
		{"termination_date", "profile.terminationDate"},
	}
}

// blocks are what a place may begin with.
func knownBlocks() []string {
	return strings.Fields("profile orgStructure contactInfo locations company rawValues customFields")
}

// mappingsOf lays out which field comes from where, sorted by field.
func mappingsOf(fields map[string]string, types map[string]source.EmploymentType) ([]mapping, error) {
	from := map[string]string{}
	for _, s := range standard() {
		from[s[0]] = s[1]
	}
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if err := checkField(name, fields[name]); err != nil {
			errs = append(errs, fmt.Errorf("field %q of Fields: %w", name, err))
			continue
		}
		from[name] = fields[name]
	}
	var all []mapping
	for _, name := range slices.Sorted(maps.Keys(from)) {
		if from[name] == "" {
			continue
		}
		spec, _ := source.Field(name) // checked above
		all = append(all, mapping{
			Target: values.Target{Field: spec, Set: setters.Text(name), Types: types},
			place:  from[name], first: name == "personal_email",
		})
	}
	return all, errors.Join(errs...)
}

// checkField refuses a mapping that cannot work, and one that must not.
func checkField(name, place string) error {
	spec, known := source.Field(name)
	switch {
	case !known || spec.ReadOnly:
		return errors.New("there is no such field to fill")
	case slices.Contains(strings.Fields("id alternate_ids status kind updated_at terminated_at"), name):
		return errors.New("it cannot be filled by a field of Knit")
	case place == "":
		return nil
	case !regexp.MustCompile(`^[A-Za-z]+(\.[A-Za-z0-9_ \-]{1,100}){1,5}$`).MatchString(place),
		!slices.Contains(knownBlocks(), block(place)):
		return fmt.Errorf("%q is no place: want one of %s, a dot, and the name of a member", place, strings.Join(knownBlocks(), ", "))
	}
	// The address of work is all of an address that has to do with it.
	rest, work := strings.CutPrefix(place, "locations.workAddress.")
	if block(place) == "locations" && !work {
		return fmt.Errorf("%s holds %s, which is never kept", place, denied.Address)
	}
	for part := range strings.SplitSeq(rest, ".") {
		if why := denied.Field(part); why != "" && (!work || why != denied.Address) {
			return fmt.Errorf("%s holds %s, which is never kept", place, why)
		}
	}
	return nil
}

// index lays out which places are wanted, and what leads to them.
func (c *Connector) index() {
	c.mapped, c.within = map[string][]int{}, map[string]bool{}
	add := func(place string) {
		for n, r := range place {
			if r == '.' {
				c.within[place[:n]] = true
			}
		}
		c.within[place] = true
	}
	for n, m := range c.mappings {
		c.mapped[m.place] = append(c.mapped[m.place], n)
		add(m.place)
	}
	for _, place := range []string{idPlace, statusPlace, rawPlace} {
		if c.mapped[place] == nil {
			c.mapped[place] = []int{}
		}
		add(place)
	}
}
