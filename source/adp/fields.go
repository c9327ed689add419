package adp

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/denied"
	"github.com/provision-go/provision/internal/jsonscan"
	"github.com/provision-go/provision/internal/vocabulary"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/setters"
	"github.com/provision-go/provision/source/internal/values"
)

// A mapping fills a field of an identity from a place in a worker.
type mapping struct {
	values.Target
	place string
	path  []string
	group string // the name of a field of the customFieldGroup at the end of the path
}

// roots are the members of a worker below which places may lie.
func roots() []string {
	return []string{
		"workAssignments", "person", "businessCommunication", "workerDates", "workerID", "workerStatus", "customFieldGroup",
		"languageCode", "correlationID",
	}
}

const customGroup = "customFieldGroup"

// mappingsOf lays out which field comes from where.
func mappingsOf(fields map[string]string) ([]mapping, error) {
	var errs []error
	var all []mapping
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		m := mapping{place: fields[field]}
		if err := m.parse(field); err != nil {
			errs = append(errs, fmt.Errorf("field %q: %w", field, err))
			continue
		}
		spec, _ := source.Field(field) // checked by parse
		m.Target = values.Target{Field: spec, Set: setters.Text(field)}
		all = append(all, m)
	}
	return all, errors.Join(errs...)
}

// parse takes a place apart, and refuses one that cannot work and one that must not.
func (m *mapping) parse(field string) error {
	spec, known := source.Field(field)
	switch {
	case !known || spec.ReadOnly:
		return errors.New("there is no such field to fill")
	case slices.Contains([]string{"id", "alternate_ids", "status", "kind", "employment_type"}, field):
		return errors.New("it cannot be filled by a field of the configuration's choice; see Status and EmploymentType")
	case m.place == "":
		return nil
	case !regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*(\.[A-Za-z][A-Za-z0-9]*)*(\[[^\[\]]{1,100}\])?$`).MatchString(m.place):
		return fmt.Errorf("%q is no place: want names with dots between them, such as workAssignments.positionID, "+
			"or a custom field such as person.customFieldGroup[Badge]", m.place)
	}
	path, group, bracketed := strings.Cut(strings.TrimSuffix(m.place, "]"), "[")
	m.path, m.group = strings.Split(path, "."), group
	switch last := m.path[len(m.path)-1]; {
	case !slices.Contains(roots(), m.path[0]):
		return fmt.Errorf("%s: want a place below %s", m.place, strings.Join(roots(), ", "))
	case bracketed != (last == customGroup):
		return fmt.Errorf("%s: custom fields, and only they, have their name in brackets behind %s", m.place, customGroup)
	case len(m.path) == 1 && m.path[0] == "person":
		return fmt.Errorf("%s: want what of a person", m.place)
	}
	if why := m.denied(); why != "" {
		return fmt.Errorf("%s holds %s, which is never read", m.place, why)
	}
	return nil
}

// denied returns what a place holds that provisioning has no business with.
func (m *mapping) denied() string {
	work := slices.Contains(m.path, "homeWorkLocation") || slices.Contains(m.path, "assignedWorkLocations")
	for _, name := range append(slices.Clone(m.path), m.group) {
		folded := vocabulary.Fold(name)
		for part := range strings.FieldsSeq(`governmentid identitydocument military remuneration legaladdress personaladdress
			otheraddress reasoncode racecode tobacco disabled death`) {
			if strings.Contains(folded, part) {
				return "what ADP knows about a private life"
			}
		}
		switch why := denied.Field(name); {
		case why == "", slices.Contains([]string{"payrollgroupcode", "payrollfilenumber"}, folded):
		case why == denied.Address && work:
		default:
			return why
		}
	}
	return ""
}

// selected returns the members of a worker that are read, for $select.
func selected(mappings []mapping) []string {
	all := []string{
		"workers/associateOID", "workers/businessCommunication", "workers/person/communication", "workers/person/legalName",
		"workers/person/preferredName", "workers/workAssignments", "workers/workerDates", "workers/workerID", "workers/workerStatus",
	}
	for _, m := range mappings {
		if len(m.path) == 0 {
			continue
		}
		member := "workers/" + m.path[0]
		if m.path[0] == "person" && len(m.path) > 1 {
			member += "/" + m.path[1]
		}
		if !slices.Contains(all, member) {
			all = append(all, member)
		}
	}
	return all
}

// mapped fills in what the configuration takes from places of its choice.
func (r *reading) mapped(i *source.Identity, w *worker, main int) {
	for n := range r.mappings {
		m := &r.mappings[n]
		_ = m.Field.Set(i) // emptying a field cannot fail
		if m.place == "" {
			continue
		}
		var found values.Value
		if err := m.find(w.raw, 0, main, &found.More); err != nil {
			found.Fault = "it cannot be read"
		}
		if len(found.More) == 1 {
			found.Text, found.More = found.More[0], nil
		}
		if found.Empty() {
			continue
		}
		if fault := m.Fill(i, &found); fault != "" {
			i.Findings = append(i.Findings, bad(m.Field.Name, m.place+" is taken as missing: "+fault))
		}
	}
}

// find collects what stands at the place, from the member path[at] of an object on. Of
// the assignments, the one that counts is looked at; of other lists all elements.
func (m *mapping) find(raw []byte, at, main int, into *[]string) error {
	s := jsonscan.New(raw)
	if at == len(m.path) {
		if m.group != "" {
			return m.custom(&s, into)
		}
		return ends(&s, into)
	}
	switch s.Peek() {
	case '[':
		n := -1
		return s.Elements(func() error {
			v, err := s.Value()
			if n++; err != nil || at == 1 && m.path[0] == "workAssignments" && n != main {
				return err
			}
			return m.find(v.Raw, at, main, into)
		})
	case '{':
		return s.Members(func(key []byte) error {
			v, err := s.Value()
			if err != nil || string(key) != m.path[at] || v.Kind == jsonscan.Null {
				return err
			}
			if v.Kind == jsonscan.Text {
				if at+1 == len(m.path) && m.group == "" {
					keep(into, v)
				}
				return nil
			}
			return m.find(v.Raw, at+1, main, into)
		})
	}
	return nil
}

func keep(into *[]string, v jsonscan.Value) {
	if text := v.Text(); text != "" {
		*into = append(*into, text)
	}
}

// ends takes the value at the end of a path: a text, a number, yes or no, the name of a
// code, or a list of these.
func ends(s *jsonscan.Scanner, into *[]string) error {
	switch s.Peek() {
	case '[':
		return s.Elements(func() error { return ends(s, into) })
	case '{':
		var c [4]jsonscan.Value
		err := s.Members(func(key []byte) error {
			v, err := s.Value()
			n := slices.Index([]string{"shortName", "longName", "codeValue", "idValue"}, string(key))
			if n >= 0 && (v.Kind == jsonscan.Text || v.Kind == jsonscan.Number) {
				c[n] = v
			}
			return err
		})
		for _, v := range c {
			if len(v.Raw) > 0 {
				keep(into, v)
				break
			}
		}
		return err
	}
	v, err := s.Value()
	if err == nil && v.Kind != jsonscan.Null {
		keep(into, v)
	}
	return err
}

// custom takes a custom field: the groups are lists by type, of fields with a nameCode
// and a value.
func (m *mapping) custom(s *jsonscan.Scanner, into *[]string) error {
	wanted := vocabulary.Fold(m.group)
	return object(s, func(list string) error {
		member, known := map[string]string{
			"stringFields": "stringValue", "dateFields": "dateValue", "numberFields": "numberValue",
			"indicatorFields": "indicatorValue", "codeFields": "codeValue", "emailFields": "emailUri",
		}[list]
		if !known {
			return s.Skip() // amounts, percentages and telephone numbers
		}
		return each(s, func() error { return customField(s, wanted, member, into) })
	})
}

func customField(s *jsonscan.Scanner, wanted, member string, into *[]string) error {
	var value, short jsonscan.Value
	named := false
	err := object(s, func(key string) error {
		v, err := s.Value()
		switch {
		case err != nil || v.Kind == jsonscan.Null:
		case key == "nameCode":
			inner := jsonscan.New(v.Raw)
			err = object(&inner, func(string) error {
				word, err := inner.Value()
				named = named || vocabulary.Fold(word.Text()) == wanted
				return err
			})
		case key == member && v.Kind != jsonscan.Object && v.Kind != jsonscan.List:
			value = v
		case key == "shortName" && v.Kind == jsonscan.Text:
			short = v
		}
		return err
	})
	if named {
		if len(short.Raw) > 0 {
			value = short
		}
		if len(value.Raw) > 0 {
			keep(into, value)
		}
	}
	return err
}
