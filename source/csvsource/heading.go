package csvsource

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/source"
)

// layOut finds the column of each field in a heading on the given line.
func (s *Source) layOut(heading []string, line int) (*rows, error) {
	r := &rows{Source: s, id: -1, line: line}
	used := make([]bool, len(heading))
	var errs []error
	add := func(field source.FieldSpec, at int) {
		used[at] = true
		r.columns = append(r.columns, column{at: at, heading: heading[at], field: field})
		switch field.Name {
		case "status":
			r.hasStatus = true
		case "id":
			r.id, r.idField = at, field
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
	for _, field := range slices.Sorted(maps.Keys(s.cfg.Columns)) {
		if want := s.cfg.Columns[field]; want != "" {
			named(field, want)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.cfg.Custom)) {
		named("custom."+name, s.cfg.Custom[name])
	}
	folded := make([]string, len(heading))
	for n, h := range heading {
		folded[n] = fold(h)
	}
	for _, a := range usualHeadings() {
		if _, configured := s.cfg.Columns[a.field]; configured {
			continue
		}
		for _, name := range a.headings {
			at := slices.Index(folded, name)
			if at < 0 || used[at] && a.field != "employee_number" {
				continue
			}
			spec, _ := source.Field(a.field)
			add(spec, at)
			break
		}
	}
	if (r.id < 0 || len(errs) > 0) && isData(heading) {
		return nil, errNoHeading
	}
	if r.id < 0 && len(errs) == 0 {
		errs = append(errs, fmt.Errorf(`no heading for the ID was found among %s; name it in Columns, such as "id": "Employee ID"`,
			quoted(heading)))
	}
	for _, field := range s.cfg.Require {
		if !slices.ContainsFunc(r.columns, func(c column) bool { return c.field.Name == field }) && s.cfg.Columns[field] == "" {
			errs = append(errs, fmt.Errorf("there is no column for %s among %s; name it in Columns", field, quoted(heading)))
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	r.heading = folded
	r.unmapped = r.unmappedOf(heading, used)
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
func (r *rows) unmappedOf(heading []string, used []bool) *source.Finding {
	var names []string
	for n, h := range heading {
		if used[n] || h == "" {
			continue
		}
		name := fmt.Sprintf("%q", excerpt.Of(h))
		if rival, ok := r.rival(fold(h)); ok {
			name += fmt.Sprintf(" (%s is read from %q; name the right one in Columns)", rival.field.Name, excerpt.Of(rival.heading))
		}
		names = append(names, name)
	}
	if len(names) == 0 {
		return nil
	}
	return &source.Finding{
		Code: source.CodeUnmapped, Line: r.line,
		Message: "nothing reads the columns " + listed(names),
	}
}

// rival returns the column that feeds the field for which a folded heading is
// usual.
func (r *rows) rival(folded string) (column, bool) {
	for _, a := range usualHeadings() {
		if !slices.Contains(a.headings, folded) {
			continue
		}
		for _, c := range r.columns {
			if c.field.Name == a.field {
				return c, true
			}
		}
	}
	return column{}, false
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
		if fold(h) == fold(want) && fold(want) != "" {
			if found >= 0 {
				return -1
			}
			found = n
		}
	}
	return found
}

// fold brings a heading or a word into the form in which it is compared: lower
// case, letters and digits only, German and French accents written out.
func fold(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch r {
		case 'ä':
			b.WriteString("ae")
		case 'ö':
			b.WriteString("oe")
		case 'ü':
			b.WriteString("ue")
		case 'ß':
			b.WriteString("ss")
		case 'à', 'â':
			b.WriteByte('a')
		case 'é', 'è', 'ê', 'ë':
			b.WriteByte('e')
		case 'ç':
			b.WriteByte('c')
		case 'î', 'ï':
			b.WriteByte('i')
		case 'ô':
			b.WriteByte('o')
		case 'û':
			b.WriteByte('u')
		default:
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}
