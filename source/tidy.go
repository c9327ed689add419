package source

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/provision-go/provision/internal/excerpt"
)

// A tidier makes identities fit for use: values that cannot be trusted become
// missing and leave a finding. It serves one read and one goroutine.
type tidier struct {
	source string
	texts  []FieldSpec
	zones  map[string]*time.Location // nil for a name that is no zone
	common map[string]string
}

func newTidier(source string) *tidier {
	return &tidier{
		source: source, zones: map[string]*time.Location{}, common: map[string]string{},
		texts: slices.DeleteFunc(fieldTable(), func(f FieldSpec) bool { return f.text == nil || f.Name == "id" }),
	}
}

// tidy cleans i, whose ID is known to be good, and adds to i.Findings. It writes
// to no slice and no map that i brought along.
func (t *tidier) tidy(i *Identity) {
	i.Findings = t.signed(i.ID, i.Findings)
	for n := range t.texts {
		f := &t.texts[n]
		at := f.text(i)
		if *at == "" {
			continue
		}
		*at = t.text(i, f.Name, *at)
		if f.email && *at != "" {
			if fault := checkEmail(*at); fault != "" {
				t.bad(i, f.Name, *at, fault)
				*at = ""
			}
		}
		if f.common {
			*at = t.intern(*at)
		}
	}
	i.StatusRaw = t.intern(t.text(i, "status", i.StatusRaw))
	i.EmploymentTypeRaw = t.intern(t.text(i, "employment_type", i.EmploymentTypeRaw))
	t.vocabularies(i)
	t.location(i, &i.Location)
	t.lists(i)
	t.employments(i)
	t.dates(i)
}

// text returns the cleaned value, "" with a finding if it cannot be trusted.
func (t *tidier) text(i *Identity, field, value string) string {
	if value == "" {
		return ""
	}
	clean, fault := cleanText(value)
	if fault != "" {
		t.bad(i, field, value, fault)
		return ""
	}
	return clean
}

func (t *tidier) bad(i *Identity, field, value, fault string) {
	t.find(i, CodeBadValue, field, fmt.Sprintf("%s %q is taken as missing: %s", excerpt.Of(field), excerpt.Of(value), fault))
}

// find adds a finding, unless it is there already: what a merged source yields
// was clean before, and says so in the name of the source that it came from.
func (t *tidier) find(i *Identity, code, field, message string) {
	found := Finding{Source: t.source, Identity: i.ID, Field: field, Code: code, Message: message}
	if slices.ContainsFunc(i.Findings, func(f Finding) bool {
		return f.Identity == found.Identity && f.Field == found.Field && f.Code == found.Code && f.Message == found.Message
	}) {
		return
	}
	// Clip keeps append from writing into shared memory.
	i.Findings = append(slices.Clip(i.Findings), found)
}

// signed returns the findings of a connector with the name of the source and
// the person filled in. A heading that nothing reads concerns nobody, and so
// does a finding that names a source but no person: they only travel with the
// first row.
func (t *tidier) signed(id string, findings []Finding) []Finding {
	if len(findings) == 0 {
		return nil
	}
	findings = slices.Clone(findings)
	for n := range findings {
		if findings[n].Source != "" {
			continue
		}
		findings[n].Source = t.source
		if findings[n].Identity == "" && findings[n].Code != CodeUnmapped {
			findings[n].Identity = id
		}
	}
	return findings
}

// vocabularies refuses numbers that no constant has.
func (t *tidier) vocabularies(i *Identity) {
	if i.Status > Deleted {
		t.bad(i, "status", i.Status.String(), "it is no known status")
		i.Status = Unknown
	}
	if i.EmploymentType > OtherEmployment {
		t.bad(i, "employment_type", i.EmploymentType.String(), "it is no known employment type")
		i.EmploymentType = EmploymentUnknown
	}
	if i.Kind > KindContact {
		t.bad(i, "kind", i.Kind.String(), "it is no known kind")
		i.Kind = KindUnknown
	}
}

// location checks the country and loads the time zone.
func (t *tidier) location(i *Identity, l *Location) {
	if l.Country != "" {
		country := strings.ToUpper(l.Country)
		if len(country) != 2 || country[0] < 'A' || country[0] > 'Z' || country[1] < 'A' || country[1] > 'Z' {
			t.bad(i, "country", l.Country, "want an ISO 3166-1 alpha-2 code such as DE")
			country = ""
		}
		l.Country = country
	}
	l.Zone = nil
	if l.TimeZone == "" {
		return
	}
	if l.Zone = t.zone(l.TimeZone); l.Zone == nil {
		t.bad(i, "time_zone", l.TimeZone, "want an IANA name such as Europe/Berlin")
		l.TimeZone = ""
	}
}

func (t *tidier) zone(name string) *time.Location {
	zone, known := t.zones[name]
	if !known {
		// "Local" would make decisions depend on the machine that takes them.
		if loaded, err := time.LoadLocation(name); err == nil && name != "Local" {
			zone = loaded
		}
		t.zones[name] = zone
	}
	return zone
}

func (t *tidier) employments(i *Identity) {
	if len(i.Employments) == 0 {
		return
	}
	i.Employments = slices.Clone(i.Employments)
	for n := range i.Employments {
		e := &i.Employments[n]
		t.all(i, "employments", &e.ID, &e.Title, &e.Department.ID, &e.Department.Code, &e.Department.Name,
			&e.Location.ID, &e.Location.Code, &e.Location.Name, &e.Location.City, &e.Location.Region,
			&e.Location.Country, &e.Location.TimeZone,
			&e.Manager.ID, &e.Manager.EmployeeNumber, &e.Manager.Email, &e.Manager.Name)
		t.location(i, &e.Location)
		if e.Status > Deleted {
			e.Status = Unknown
		}
		if e.Type > OtherEmployment {
			e.Type = EmploymentUnknown
		}
		t.start(i, "employments", &e.Start)
		t.end(i, "employments", &e.End)
	}
}

// intern returns a copy of s that everybody with the same value shares.
func (t *tidier) intern(s string) string {
	const most = 1 << 16 // enough for departments; a name per person would only waste memory
	if s == "" || len(s) > 128 {
		return s
	}
	if kept, ok := t.common[s]; ok {
		return kept
	}
	if len(t.common) < most {
		s = strings.Clone(s) // s may be a small part of a large text
		t.common[s] = s
	}
	return s
}
