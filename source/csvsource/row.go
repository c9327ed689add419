package csvsource

import (
	"fmt"
	"strings"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/columns"
)

// rows turns the rows of one file into identities.
type rows struct {
	*columns.Layout
	again     int // how often the heading comes again
	againLine int // and where first
}

func (r *rows) identity(line row) source.Identity {
	var identity source.Identity
	if line.broken != "" {
		identity = r.broken(line)
	} else {
		identity = r.Identity(line.cells, func(cell int) (int, int) { return line.line, line.column(cell) })
	}
	if r.Unmapped != nil { // it travels with the first row
		identity.Findings = append(identity.Findings, *r.Unmapped)
		r.Unmapped = nil
	}
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
	want := r.Folded[r.ID]
	if len(line.cells) <= r.ID || want == "" {
		return false, nil
	}
	// Most IDs have digits and headings have none; folding every row would cost.
	if id := line.cells[r.ID]; strings.ContainsAny(id, digits) && !strings.ContainsAny(want, digits) || columns.Fold(id) != want {
		return false, nil
	}
	if len(line.cells) != len(r.Folded) {
		return false, fmt.Errorf("line %d: a second heading with other columns: were two files put together?", line.line)
	}
	for n, cell := range line.cells {
		if columns.Fold(cell) != r.Folded[n] {
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
	if r.ID == 0 && len(line.cells) > 0 {
		// A delimiter of another kind in it: the whole line has become one cell.
		if id := strings.TrimSpace(line.cells[0]); columns.BadID(id) == "" && !strings.ContainsAny(id, candidates) {
			return source.Identity{ID: strings.Clone(id), Findings: []source.Finding{found}}
		}
	}
	lost := found
	lost.Code, lost.Field = source.CodeNoID, "id"
	lost.Message = "it cannot be said whose row this is: " + line.broken
	return source.Identity{Findings: []source.Finding{found, lost}}
}

// atEnd returns what shows only when everything is read. It names the source, so
// that it is about nobody in particular.
func (r *rows) atEnd() []source.Finding {
	found := r.Unread()
	if r.again > 0 {
		found = append(found, source.Finding{
			Source: r.Name, Code: source.CodeBadRow, Line: r.againLine,
			Message: fmt.Sprintf("the heading comes %d times: is this more than one file?", r.again+1),
		})
	}
	return found
}
