package columns

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/source"
)

// A Layout says which column feeds which field. It counts what it reads, and is for
// one read by one goroutine.
type Layout struct {
	*Reader
	Fields []Column
	ID     int      // place of the column of the ID
	Folded []string // all headings, folded
	Line   int      // of the heading in a file, for findings; 0: there is none
	// Unmapped says which columns nothing reads, nil if there are none.
	Unmapped  *source.Finding
	hasStatus bool
	idField   source.FieldSpec
}

// A Column is a cell that fills a field.
type Column struct {
	At      int
	Heading string
	Field   source.FieldSpec
	dates   dates
}

// ErrNoHeading says that the first line of a file has data in it.
var ErrNoHeading = errors.New("the first line looks like a row of data: is the heading missing?")

// LayOut finds the column of each field in a heading on the given line.
func (s *Reader) LayOut(heading []string, line int) (*Layout, error) {
	r := &Layout{Reader: s, ID: -1, Line: line}
	used := make([]bool, len(heading))
	var errs []error
	add := func(field source.FieldSpec, at int) {
		used[at] = true
		r.Fields = append(r.Fields, Column{At: at, Heading: heading[at], Field: field})
		switch field.Name {
		case "status":
			r.hasStatus = true
		case "id":
			r.ID, r.idField = at, field
		}
	}
	named := func(field, want string) {
		spec, _ := source.Field(field)
		if at := find(heading, want); at >= 0 {
			add(spec, at)
			return
		}
		errs = append(errs, fmt.Errorf("there is no heading %q for %s", want, field))
	}
	for _, field := range slices.Sorted(maps.Keys(s.Columns)) {
		if want := s.Columns[field]; want != "" {
			named(field, want)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Custom)) {
		named("custom."+name, s.Custom[name])
	}
	folded := make([]string, len(heading))
	for n, h := range heading {
		folded[n] = Fold(h)
	}
	for _, a := range UsualHeadings() {
		if _, configured := s.Columns[a.Field]; configured {
			continue
		}
		for _, name := range a.Headings {
			at := slices.Index(folded, name)
			if at < 0 || used[at] && a.Field != "employee_number" {
				continue
			}
			spec, _ := source.Field(a.Field)
			add(spec, at)
			break
		}
	}
	if (r.ID < 0 || len(errs) > 0) && IsData(heading) {
		return nil, ErrNoHeading
	}
	if r.ID < 0 && len(errs) == 0 {
		errs = append(errs, fmt.Errorf(`no heading for the ID was found among %s; name it in Columns, such as "id": "Employee ID"`,
			quoted(heading)))
	}
	for _, field := range s.Require {
		if !slices.ContainsFunc(r.Fields, func(c Column) bool { return c.Field.Name == field }) && s.Columns[field] == "" {
			errs = append(errs, fmt.Errorf("there is no column for %s among %s; name it in Columns", field, quoted(heading)))
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	r.Folded = folded
	r.Unmapped = r.unmappedOf(heading, used)
	return r, nil
}

// quoted lists the headings of a file.
func quoted(heading []string) string {
	names := make([]string, len(heading))
	for n, h := range heading {
		names[n] = fmt.Sprintf("%q", excerpt.Of(h))
	}
	return listed(names)
}

// listed joins names; of many, the first.
func listed(names []string) string {
	const most = 30
	if more := len(names) - most; more > 0 {
		names = append(names[:most:most], fmt.Sprintf("%d more", more))
	}
	return strings.Join(names, ", ")
}

// unmappedOf reports the columns that nothing reads. One that could have fed a
// field is told with the column that does: which is right, only people know.
func (r *Layout) unmappedOf(heading []string, used []bool) *source.Finding {
	var names []string
	for n, h := range heading {
		if used[n] || h == "" {
			continue
		}
		name := fmt.Sprintf("%q", excerpt.Of(h))
		if rival, ok := r.rival(Fold(h)); ok {
			name += fmt.Sprintf(" (%s is read from %q; name the right one in Columns)", rival.Field.Name, excerpt.Of(rival.Heading))
		}
		names = append(names, name)
	}
	if len(names) == 0 {
		return nil
	}
	return &source.Finding{
		Code: source.CodeUnmapped, Line: r.Line,
		Message: "nothing reads the columns " + listed(names),
	}
}

// rival returns the column that feeds the field for which a folded heading is
// usual.
func (r *Layout) rival(folded string) (Column, bool) {
	for _, a := range UsualHeadings() {
		if !slices.Contains(a.Headings, folded) {
			continue
		}
		for _, c := range r.Fields {
			if c.Field.Name == a.Field {
				return c, true
			}
		}
	}
	return Column{}, false
}

// find returns the place of a heading: as written, else compared like usual
// headings if only one fits.
func find(heading []string, want string) int {
	want = strings.TrimSpace(want)
	if at := slices.Index(heading, want); at >= 0 {
		return at
	}
	found := -1
	for n, h := range heading {
		if Fold(h) == Fold(want) && Fold(want) != "" {
			if found >= 0 {
				return -1
			}
			found = n
		}
	}
	return found
}

// IsData reports whether the first line of a file looks like a row and not like
// a heading. Its cells are about a person and do not belong into an error.
func IsData(heading []string) bool {
	for _, cell := range heading {
		_, err := source.ParseDate(cell)
		if err == nil || strings.Contains(cell, "@") || cell != "" && strings.Trim(cell, "0123456789") == "" {
			return true
		}
	}
	return false
}

// Mapping returns the heading of each field that a column feeds, by the field's name.
func (r *Layout) Mapping() map[string]string {
	mapping := make(map[string]string, len(r.Fields))
	for _, c := range r.Fields {
		mapping[c.Field.Name] = c.Heading
	}
	return mapping
}
