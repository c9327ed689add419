package columns

import (
	"fmt"
	"strings"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/source"
)

// Identity makes an identity of a row with as many cells as the heading has. place
// returns the line and the column of a cell in a file, zeros if there is none. The
// cells may be used again afterwards.
func (r *Layout) Identity(cells []string, place func(cell int) (line, column int)) source.Identity {
	found := func(code, field string, cell int, message string) source.Finding {
		line, column := place(cell)
		return source.Finding{Code: code, Field: field, Line: line, Column: column, Message: message}
	}
	id := strings.TrimSpace(cells[r.ID])
	fault := BadID(id)
	if err := r.idField.Check(id); fault == "" && err != nil {
		fault = fmt.Sprintf("the ID %q cannot be used: %s", excerpt.Of(id), err)
	}
	if fault != "" {
		return source.Identity{Findings: []source.Finding{
			found(source.CodeNoID, "id", r.ID, fault+": it cannot be said whose it is"),
		}}
	}
	identity := source.Identity{ID: strings.Clone(id)}
	if !r.hasStatus {
		identity.Status = r.DefaultStatus
	}
	for n := range r.Fields {
		c := &r.Fields[n]
		text := strings.TrimSpace(cells[c.At])
		if noValue(text) || c.At == r.ID && c.Field.Name == "id" {
			continue
		}
		if fault := r.set(&identity, c, text); fault != "" {
			identity.Findings = append(identity.Findings, found(source.CodeBadValue, c.Field.Name, c.At,
				fmt.Sprintf("%s %q is taken as missing: %s", c.Heading, excerpt.Of(text), fault)))
		}
	}
	r.zone(&identity)
	return identity
}
