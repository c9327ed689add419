package csvsource

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/provision-go/provision/source"
)

// rows turns the rows of one file into identities.
type rows struct {
	*Source
	columns   []column
	id        int // place of the ID
	hasStatus bool
	unmapped  *source.Finding // travels with the first row
}

// A column is a cell that fills a field.
type column struct {
	at      int
	heading string
	field   source.FieldSpec
}

func (r *rows) identity(line row) source.Identity {
	identity := r.person(line)
	if r.unmapped != nil {
		identity.Findings = append(identity.Findings, *r.unmapped)
		r.unmapped = nil
	}
	return identity
}

func (r *rows) person(line row) source.Identity {
	if line.broken != "" {
		return r.broken(line)
	}
	id := strings.TrimSpace(line.cells[r.id])
	if id == "" {
		return source.Identity{Findings: []source.Finding{{
			Code: source.CodeNoID, Field: "id", Line: line.line, Column: line.column(r.id),
			Message: "the row has no ID: it cannot be said whose it is",
		}}}
	}
	identity := source.Identity{ID: strings.Clone(id)}
	if !r.hasStatus {
		identity.Status = r.cfg.DefaultStatus
	}
	for _, c := range r.columns {
		text := strings.TrimSpace(line.cells[c.at])
		if text == "" || c.at == r.id && c.field.Name == "id" {
			continue
		}
		if fault := r.set(&identity, c.field, text); fault != "" {
			identity.Findings = append(identity.Findings, source.Finding{
				Code: source.CodeBadValue, Field: c.field.Name, Line: line.line, Column: line.column(c.at),
				Message: fmt.Sprintf("%s %q is taken as missing: %s", c.heading, clip(text), fault),
			})
		}
	}
	r.zone(&identity)
	return identity
}

// broken keeps the person of a row with the wrong shape present. The first cell
// is where it belongs, whatever happened behind it; any other may have moved.
func (r *rows) broken(line row) source.Identity {
	found := source.Finding{Code: source.CodeBadRow, Line: line.line, Message: line.broken}
	if r.id == 0 && len(line.cells) > 0 {
		if id := strings.TrimSpace(line.cells[0]); id != "" {
			return source.Identity{ID: strings.Clone(id), Findings: []source.Finding{found}}
		}
	}
	lost := found
	lost.Code, lost.Field = source.CodeNoID, "id"
	lost.Message = "it cannot be said whose row this is: " + line.broken
	return source.Identity{Findings: []source.Finding{found, lost}}
}

// set gives a field the value of a cell and returns what is wrong with it.
func (r *rows) set(i *source.Identity, field source.FieldSpec, text string) (fault string) {
	switch {
	case field.Type == source.FieldDate:
		return r.date(i, field, text)
	case field.Type == source.FieldStatus:
		i.StatusRaw = strings.Clone(text)
		status, known := r.status[fold(text)]
		if !known {
			return "it is no known status; map it in Status"
		}
		i.Status = status
		return ""
	case field.Type == source.FieldEmploymentType:
		i.EmploymentTypeRaw = strings.Clone(text)
		terms, known := r.terms[fold(text)]
		if !known {
			return "it is no known employment type; map it in EmploymentType"
		}
		i.EmploymentType = terms
		return ""
	case field.Type == source.FieldList && !strings.HasPrefix(field.Name, "custom."):
		return problem(field.Set(i, split(text, r.cfg.ListSeparator)...))
	case field.Name == "country":
		if code, known := r.lands[fold(text)]; known {
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

func (r *rows) date(i *source.Identity, field source.FieldSpec, text string) (fault string) {
	var found source.Date
	for _, layout := range r.cfg.DateLayouts {
		t, err := time.Parse(layout, text)
		if err != nil {
			continue
		}
		day := source.DateOf(t)
		if day.IsZero() {
			return "it is no day of a calendar"
		}
		if !found.IsZero() && found != day {
			return "two of the date layouts read it differently"
		}
		found = day
	}
	if found.IsZero() {
		return "want a date as in " + strings.Join(r.cfg.DateLayouts, " or ")
	}
	return problem(field.Set(i, found.String()))
}

func (r *rows) zone(i *source.Identity) {
	if i.Location.TimeZone != "" {
		return
	}
	for _, place := range []string{i.Location.Name, i.Location.Code, i.Location.ID} {
		if zone, ok := r.cfg.TimeZones[place]; ok && place != "" {
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
			values = append(values, strings.Clone(value))
		}
	}
	slices.Sort(values)
	return slices.Compact(values)
}
