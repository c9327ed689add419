package csvsource

import (
	"fmt"
	"net/mail"
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/source"
)

// rows turns the rows of one file into identities.
type rows struct {
	*Source
	columns   []column
	id        int // place of the ID
	hasStatus bool
	line      int             // of the heading
	unmapped  *source.Finding // travels with the first row
	heading   []string        // folded
	idField   source.FieldSpec
	again     int // how often the heading comes again
	againLine int // and where first
}

// A column is a cell that fills a field.
type column struct {
	at      int
	heading string
	field   source.FieldSpec
	dates   dates
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
	fault := badID(id)
	if err := r.idField.Check(id); fault == "" && err != nil {
		fault = fmt.Sprintf("the ID %q cannot be used: %s", excerpt.Of(id), err)
	}
	if fault != "" {
		return source.Identity{Findings: []source.Finding{{
			Code: source.CodeNoID, Field: "id", Line: line.line, Column: line.column(r.id),
			Message: fault + ": it cannot be said whose it is",
		}}}
	}
	identity := source.Identity{ID: strings.Clone(id)}
	if !r.hasStatus {
		identity.Status = r.cfg.DefaultStatus
	}
	for n := range r.columns {
		c := &r.columns[n]
		text := strings.TrimSpace(line.cells[c.at])
		if noValue(text) || c.at == r.id && c.field.Name == "id" {
			continue
		}
		if fault := r.set(&identity, c, text); fault != "" {
			identity.Findings = append(identity.Findings, source.Finding{
				Code: source.CodeBadValue, Field: c.field.Name, Line: line.line, Column: line.column(c.at),
				Message: fmt.Sprintf("%s %q is taken as missing: %s", c.heading, excerpt.Of(text), fault),
			})
		}
	}
	r.zone(&identity)
	return identity
}

// others stands for the people whose rows a damaged file may have lost.
func (r *rows) others(line row) source.Identity {
	return source.Identity{Findings: []source.Finding{{
		Code: source.CodeNoID, Field: "id", Line: line.line, Message: line.more + ": nobody can be called absent",
	}}}
}

// headingAgain reports whether the row is the heading once more, as where a
// report has pages or two files were put together: that is nobody. A heading
// with other columns is an error, for what follows it cannot be read.
func (r *rows) headingAgain(line row) (bool, error) {
	const digits = "0123456789"
	want := r.heading[r.id]
	if len(line.cells) <= r.id || want == "" {
		return false, nil
	}
	// Most IDs have digits and headings have none; folding every row would cost.
	if id := line.cells[r.id]; strings.ContainsAny(id, digits) && !strings.ContainsAny(want, digits) || fold(id) != want {
		return false, nil
	}
	if len(line.cells) != len(r.heading) {
		return false, fmt.Errorf("line %d: a second heading with other columns: were two files put together?", line.line)
	}
	for n, cell := range line.cells {
		if fold(cell) != r.heading[n] {
			return false, fmt.Errorf("line %d: a second heading with other columns: were two files put together?", line.line)
		}
	}
	if r.again++; r.again == 1 {
		r.againLine = line.line
	}
	return true, nil
}

// broken keeps the person of a row with the wrong shape present. The first cell
// is where it belongs, whatever happened behind it; any other may have moved.
func (r *rows) broken(line row) source.Identity {
	found := source.Finding{Code: source.CodeBadRow, Line: line.line, Message: line.broken}
	if r.id == 0 && len(line.cells) > 0 {
		// A delimiter of another kind in it: the whole line has become one cell.
		if id := strings.TrimSpace(line.cells[0]); badID(id) == "" && !strings.ContainsAny(id, candidates) {
			return source.Identity{ID: strings.Clone(id), Findings: []source.Finding{found}}
		}
	}
	lost := found
	lost.Code, lost.Field = source.CodeNoID, "id"
	lost.Message = "it cannot be said whose row this is: " + line.broken
	return source.Identity{Findings: []source.Finding{found, lost}}
}

// set gives the field of a column the value of a cell and returns what is wrong
// with it.
func (r *rows) set(i *source.Identity, c *column, text string) string {
	field := &c.field
	if fault := damaged(text); fault != "" {
		if field.Type == source.FieldDate {
			c.dates.count(text, fault)
		}
		return fault
	}
	values := []string{text}
	if field.Type == source.FieldList && !strings.HasPrefix(field.Name, "custom.") {
		values = split(text, r.cfg.ListSeparator)
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
	case field.Type == source.FieldList:
		for n := range values {
			values[n] = strings.Clone(values[n])
		}
		return problem(field.Set(i, values...))
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

// atEnd returns what shows only when everything is read. It names the source, so
// that it is about nobody in particular.
func (r *rows) atEnd() []source.Finding {
	found := r.unread()
	if r.again > 0 {
		found = append(found, source.Finding{
			Source: r.cfg.Name, Code: source.CodeBadRow, Line: r.againLine,
			Message: fmt.Sprintf("the heading comes %d times: is this more than one file?", r.again+1),
		})
	}
	return found
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
			values = append(values, value)
		}
	}
	slices.Sort(values)
	return slices.Compact(values)
}
