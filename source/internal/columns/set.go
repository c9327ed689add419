package columns

import (
	"net/mail"
	"slices"
	"strings"

	"github.com/provision-go/provision/source"
)

// set gives the field of a column the value of a cell and returns what is wrong
// with it.
func (r *Layout) set(i *source.Identity, c *Column, text string) string {
	field := &c.Field
	if fault := damaged(text); fault != "" {
		if field.Type == source.FieldDate {
			c.dates.count(text, fault)
		}
		return fault
	}
	values := []string{text}
	if field.Type == source.FieldList && !strings.HasPrefix(field.Name, "custom.") {
		values = split(text, r.ListSeparator)
	}
	for _, value := range values {
		if err := field.Check(value); err != nil {
			return err.Error()
		}
	}
	switch {
	case field.Type == source.FieldDate:
		fault := r.date(i, field, text)
		c.dates.count(text, fault)
		return fault
	case field.Type == source.FieldInstant && source.NoDate(text):
		return ""
	case field.Name == "manager_name" && strings.Contains(text, "@"):
		manager(i, strings.Clone(text))
		return ""
	case field.Type == source.FieldStatus:
		i.StatusRaw = strings.Clone(text)
		status, known := r.status[Fold(text)]
		if !known {
			return "it is no known status; map it in Status"
		}
		i.Status = status
		return ""
	case field.Type == source.FieldEmploymentType:
		i.EmploymentTypeRaw = strings.Clone(text)
		terms, known := r.terms[Fold(text)]
		if !known {
			return "it is no known employment type; map it in EmploymentType"
		}
		i.EmploymentType = terms
		return ""
	case field.Type == source.FieldList:
		for n := range values {
			values[n] = strings.Clone(values[n])
		}
		return problem(field.Set(i, values...))
	case field.Name == "country":
		if code, known := r.lands[Fold(text)]; known {
			text = code
		}
		if len(text) != 2 {
			return "want an ISO 3166-1 alpha-2 code; map it in Countries"
		}
	}
	// Cells are parts of the row: a copy does not keep the rest of it alive.
	return problem(field.Set(i, strings.Clone(text)))
}

func problem(err error) string {
	if err != nil {
		return err.Error()
	}
	return ""
}

// manager takes an address in a column of names for what it is: a name leads to
// nobody, an address does.
func manager(i *source.Identity, text string) {
	address, err := mail.ParseAddress(text)
	if err != nil {
		i.Manager.Name = text
		return
	}
	i.Manager.Name = address.Name
	if i.Manager.Email == "" { // a column of its own is surer
		i.Manager.Email = address.Address
	}
}

func (r *Layout) zone(i *source.Identity) {
	if i.Location.TimeZone != "" {
		return
	}
	for _, place := range []string{i.Location.Name, i.Location.Code, i.Location.ID} {
		if zone, ok := r.TimeZones[place]; ok && place != "" {
			i.Location.TimeZone = zone
			return
		}
	}
}

// split returns the sorted values of a cell: their order carries no meaning, and
// systems write them as they come.
func split(text, separator string) []string {
	var values []string
	for value := range strings.SplitSeq(text, separator) {
		if value = strings.TrimSpace(value); value != "" {
			values = append(values, value)
		}
	}
	slices.Sort(values)
	return slices.Compact(values)
}
