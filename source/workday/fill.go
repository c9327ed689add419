package workday

import (
	"fmt"
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/source"
)

// A filler gives an identity its values and notes what is wrong with them.
type filler struct{ identity *source.Identity }

func (f *filler) note(field, message string) {
	f.identity.Findings = append(f.identity.Findings, bad(field, message))
}

func (f *filler) date(field string, into *source.Date, text string) {
	f.dateAs(field, into, text, "")
}

func (f *filler) dateAs(field string, into *source.Date, text, layout string) {
	day, ok := civil(text, layout)
	if *into = day; !ok {
		want := "a date as 2006-01-02"
		if layout != "" {
			want = "a date as " + layout
		}
		f.note(field, fmt.Sprintf("%q: want %s", excerpt.Of(text), want))
	}
}

func (f *filler) country(code string) {
	switch {
	case code == "":
	case validCountry(code):
		f.identity.Location.Country = code
	default:
		f.note("country", fmt.Sprintf("%q: want an ISO 3166-1 alpha-2 code such as DE", excerpt.Of(code)))
	}
}

// add adds a value to a list.
func (f *filler) add(field, text string) {
	spec, _ := source.Field(field)
	all := append(slices.Clone(spec.Values(f.identity)), text)
	slices.Sort(all)
	if err := spec.Set(f.identity, slices.Compact(all)...); err != nil {
		f.note(field, err.Error())
	}
}

// set gives a field the texts of a place.
func (f *filler) set(spec *source.FieldSpec, place, layout string, texts []string) {
	if spec.Type == source.FieldList {
		slices.Sort(texts)
		texts = slices.Compact(texts)
	} else if len(texts) > 1 {
		f.note(spec.Name, place+" is taken as missing: it has several values")
		texts = nil
	}
	text := strings.TrimSpace(strings.Join(texts, ""))
	switch {
	case spec.Type == source.FieldDate:
		var day source.Date
		f.dateAs(spec.Name, &day, text, layout)
		_ = spec.Set(f.identity, day.String()) // its own form
		return
	case spec.Name == "country":
		f.identity.Location.Country = ""
		f.country(text)
		return
	case spec.Type == source.FieldInstant && source.NoDate(text):
		texts = nil
	}
	if err := spec.Set(f.identity, texts...); err != nil {
		f.note(spec.Name, place+" is taken as missing: "+err.Error())
	}
}
