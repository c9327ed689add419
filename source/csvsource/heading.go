package csvsource

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/provision-go/provision/source"
)

// layOut finds the column of each field in a heading on the given line.
func (s *Source) layOut(heading []string, line int) (*rows, error) {
	r := &rows{Source: s, id: -1}
	used := make([]bool, len(heading))
	var errs []error
	add := func(field source.FieldSpec, at int) {
		used[at] = true
		r.columns = append(r.columns, column{at, heading[at], field})
		switch field.Type {
		case source.FieldStatus:
			r.hasStatus = true
		case source.FieldText:
			if field.Name == "id" {
				r.id = at
			}
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
	if r.id < 0 && len(errs) == 0 {
		errs = append(errs, errors.New(`no heading for the ID was found; name it in Columns, such as "id": "Employee ID"`))
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	r.unmapped = unread(heading, used, line)
	return r, nil
}

func unread(heading []string, used []bool, line int) *source.Finding {
	var names []string
	for n, h := range heading {
		if !used[n] && h != "" {
			names = append(names, fmt.Sprintf("%q", clip(h)))
		}
	}
	if len(names) == 0 {
		return nil
	}
	return &source.Finding{
		Code: source.CodeUnmapped, Line: line,
		Message: "nothing reads the columns " + strings.Join(names, ", "),
	}
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
