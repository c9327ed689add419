package columns

import (
	"fmt"
	"strings"
	"time"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/source"
)

// dates counts the cells of a column of dates that hold something.
type dates struct {
	read, unread int
	example      string // of what cannot be read
}

func (d *dates) count(text, fault string) {
	switch {
	case source.NoDate(text):
	case fault == "":
		d.read++
	default:
		if d.unread++; d.unread == 1 {
			d.example = excerpt.Of(strings.Clone(text))
		}
	}
}

// Unread returns a finding for every column of dates in which nothing can be
// read: that is no slip in a cell.
func (r *Layout) Unread() []source.Finding {
	var found []source.Finding
	for _, c := range r.Fields {
		if c.dates.unread == 0 || c.dates.read > 0 {
			continue
		}
		found = append(found, source.Finding{
			Source: r.Name, Code: source.CodeBadValue, Field: c.Field.Name, Line: r.Line,
			Message: fmt.Sprintf("no date in the column %s can be read (%q); set Config.DateLayouts", c.Heading, c.dates.example),
		})
	}
	return found
}

// date returns what is wrong with a date.
func (r *Layout) date(i *source.Identity, field *source.FieldSpec, text string) string {
	if source.NoDate(text) {
		return ""
	}
	var found source.Date
	for _, layout := range r.DateLayouts {
		t, err := time.Parse(layout, text)
		if err != nil {
			continue
		}
		if t.IsZero() {
			return "" // 0001-01-01, what Go and .NET hold where no date was set
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
		return "want a date as in " + strings.Join(r.DateLayouts, " or ") + "; others go to DateLayouts"
	}
	return problem(field.Set(i, found.String()))
}
