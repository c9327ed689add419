package successfactors

import (
	"fmt"
	"strings"

	"golang.org/x/text/language"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/source"
)

// fillAll gives fields the values of a record.
func (r *reading) fillAll(i *source.Identity, of *record) {
	for n := range of.values {
		f := &of.values[n]
		m := &r.mappings[f.mapping]
		fault := f.Fault
		if fault == "" {
			fault = m.fill(i, f)
		}
		if fault != "" {
			i.Findings = append(i.Findings, bad(m.Field.Name, m.path+" is taken as missing: "+fault))
		}
	}
}

// fill gives a field a value and returns what is wrong with it.
func (m *mapping) fill(i *source.Identity, f *found) string {
	if f.part != whole {
		m.refer(i, f)
		return ""
	}
	switch {
	case m.Field.Type == source.FieldDate:
		day, fault := parseDay(f.Text)
		if fault == "" && !day.IsZero() {
			m.setDay(i, day)
		}
		return fault
	case m.Field.Type == source.FieldInstant:
		at, ok := parseInstant(f.Text)
		if !ok {
			return fmt.Sprintf("%q is no instant of OData", excerpt.Of(f.Text))
		}
		f.Text = at.UTC().Format("2006-01-02T15:04:05.999999999Z07:00")
	case m.Field.Type == source.FieldKind:
		switch strings.ToLower(f.Text) {
		case "true":
			i.Kind = source.KindContingent
			return ""
		case "false":
			return ""
		}
	case m.Field.Name == "manager":
		if word := strings.TrimSpace(f.Text); word != "NO_MANAGER" && word != "NO_HR" {
			i.Manager.ID = word
		}
		return ""
	case m.Field.Name == "country" && len(f.Text) == len("DEU"):
		region, err := language.ParseRegion(f.Text)
		if err != nil {
			return fmt.Sprintf("%q is no country", excerpt.Of(f.Text))
		}
		f.Text = region.String()
	case m.Field.Name == "time_zone":
		i.Location.TimeZone = f.Text
		return ""
	case m.Field.Name == "username":
		i.Username = f.Text
		return ""
	}
	return m.Fill(i, &f.Value)
}

func (m *mapping) setDay(i *source.Identity, day source.Date) {
	switch m.Field.Name {
	case "hire_date":
		i.HireDate = day
	case "original_hire_date":
		i.OriginalHireDate = day
	case "termination_date":
		i.TerminationDate = day
	default:
		_ = m.Field.Set(i, day.String()) // a day cannot fail
	}
}

// refer gives a field the code or the name of a foundation object.
func (m *mapping) refer(i *source.Identity, f *found) {
	if m.Field.Name == "location" {
		l := &i.Location
		switch f.part {
		case refName:
			l.Name = f.Text
		default:
			l.ID, l.Code = f.Text, f.Text
		}
		return
	}
	ref := refOf(i, m.Field.Name)
	if f.part == refName {
		ref.Name = f.Text
	} else {
		ref.ID, ref.Code = f.Text, f.Text
	}
}

func refOf(i *source.Identity, field string) *source.Ref {
	switch field {
	case "department":
		return &i.Department
	case "team":
		return &i.Team
	case "division":
		return &i.Division
	case "business_unit":
		return &i.BusinessUnit
	case "legal_entity":
		return &i.LegalEntity
	default:
		return &i.CostCenter
	}
}
