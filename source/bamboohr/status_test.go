package bamboohr_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/bamboohr"
	"github.com/provision-go/provision/source/bamboohr/bambootest"
)

// It is 2026-03-02.
func TestStatus(t *testing.T) {
	tests := map[string]struct {
		status, employment, hired, left string
		want                            source.Status
		found                           string // in a finding about the status
	}{
		"works":                        {"Active", "Full-Time", "2020-01-01", "", source.Active, ""},
		"works, without dates":         {"Active", "", "", "", source.Active, ""},
		"works, written otherwise":     {" ACTIVE ", "full time", "2020-01-01", "", source.Active, ""},
		"works, hired tomorrow":        {"Active", "Full-Time", "2026-03-03", "", source.Active, ""},
		"works, an old end":            {"Active", "Full-Time", "2024-03-04", "2022-05-31", source.Active, ""},
		"gives notice":                 {"Active", "Full-Time", "2020-01-01", "2026-06-30", source.Active, ""},
		"on leave":                     {"Active", "Leave of Absence", "2020-01-01", "", source.OnLeave, ""},
		"on leave, by our own word":    {"Active", "Elternzeit", "2020-01-01", "", source.OnLeave, ""},
		"suspended":                    {"Active", "Suspended", "2020-01-01", "", source.Suspended, ""},
		"unknown employment":           {"Active", "Level 7", "2020-01-01", "", source.Active, ""},
		"the last day":                 {"Active", "Terminated", "2020-01-01", "2026-03-02", source.Active, ""},
		"the last day in the west":     {"Active", "Terminated", "2020-01-01", "2026-03-01", source.Active, ""},
		"works after the last day":     {"Active", "Terminated", "2020-01-01", "2026-02-28", source.Unknown, "nothing is decided"},
		"works and is terminated":      {"Active", "Terminated", "2020-01-01", "", source.Unknown, "nothing is decided"},
		"left":                         {"Inactive", "Terminated", "2020-01-01", "2026-02-27", source.Terminated, ""},
		"left, no employment status":   {"Inactive", "", "2020-01-01", "2026-02-27", source.Terminated, ""},
		"left, no dates":               {"Inactive", "Terminated", "", "", source.Terminated, ""},
		"left, only an end":            {"Inactive", "", "", "2026-02-27", source.Terminated, ""},
		"left, only a beginning":       {"Inactive", "Full-Time", "2020-01-01", "", source.Terminated, ""},
		"retired":                      {"Inactive", "Retired", "1990-01-01", "2026-02-27", source.Retired, ""},
		"will start":                   {"Inactive", "", "2026-04-01", "", source.PreHire, ""},
		"will start, with terms":       {"Inactive", "Full-Time", "2026-04-01", "", source.PreHire, ""},
		"starts today, HR is late":     {"Inactive", "", "2026-03-02", "", source.PreHire, ""},
		"started yesterday, it is":     {"Inactive", "", "2026-03-01", "", source.PreHire, ""},
		"should have started long ago": {"Inactive", "", "2026-02-28", "", source.Terminated, ""},
		"comes back":                   {"Inactive", "", "2026-04-01", "2024-05-31", source.PreHire, ""},
		"comes back, still terminated": {"Inactive", "Terminated", "2026-04-01", "2024-05-31", source.Terminated, ""},
		"away, nobody knows why":       {"Inactive", "", "", "", source.Unknown, "nobody can tell"},
		"away, a first day of rubbish": {"Inactive", "", "soon", "", source.Unknown, "nobody can tell"},
		"a leave that is inactive":     {"Inactive", "Sabbatical", "2020-01-01", "", source.OnLeave, ""},
		"a new word":                   {"On Hold", "", "2020-01-01", "", source.Unknown, `"On Hold" is no known status`},
		"a word that we know":          {"Frozen", "", "2020-01-01", "", source.Suspended, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			for _, strategy := range strategies() {
				_, url := newFake(t, bambootest.Config{People: []bambootest.Person{{
					ID: "42", Status: tt.status, EmploymentStatus: tt.employment, HireDate: tt.hired, TerminationDate: tt.left,
				}}})
				s := newSource(t, url, func(c *bamboohr.Config) {
					c.Strategy = strategy
					c.Status = map[string]source.Status{"Elternzeit": source.OnLeave, "frozen": source.Suspended}
				})
				person, err := source.Read(t.Context(), s, "42")
				require.NoError(t, err)
				assert.Equal(t, tt.want, person.Status)
				var found string
				for _, f := range person.Findings {
					if f.Field == "status" {
						found = f.Message
					}
				}
				if tt.found == "" {
					assert.Empty(t, found)
				}
				assert.Contains(t, found, tt.found)
			}
		})
	}
}

func TestInactiveAsConfigured(t *testing.T) {
	_, url := newFake(t, bambootest.Config{People: []bambootest.Person{{ID: "42", Status: "Inactive", HireDate: "2020-01-01"}}})
	s := newSource(t, url, func(c *bamboohr.Config) { c.Status = map[string]source.Status{"Inactive": source.Suspended} })
	person, err := source.Read(t.Context(), s, "42")
	require.NoError(t, err)
	assert.Equal(t, source.Suspended, person.Status)
}

func TestEmploymentTypes(t *testing.T) {
	tests := map[string]struct {
		word  string
		want  source.EmploymentType
		kind  source.Kind
		found bool
	}{
		"known":      {"Part-Time", source.PartTime, source.KindEmployee, false},
		"contingent": {"Contractor", source.Contractor, source.KindContingent, false},
		"ours":       {"Werkstudent", source.WorkingStudent, source.KindEmployee, false},
		"a status":   {"Sabbatical", source.EmploymentUnknown, source.KindEmployee, false},
		"unknown":    {"Level 7", source.EmploymentUnknown, source.KindEmployee, true},
		"none":       {"", source.EmploymentUnknown, source.KindEmployee, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, url := newFake(t, bambootest.Config{People: []bambootest.Person{{ID: "42", EmploymentStatus: tt.word}}})
			s := newSource(t, url, func(c *bamboohr.Config) {
				c.EmploymentType = map[string]source.EmploymentType{"werkstudent": source.WorkingStudent}
			})
			person, err := source.Read(t.Context(), s, "42")
			require.NoError(t, err)
			assert.Equal(t, tt.want, person.EmploymentType)
			assert.Equal(t, tt.kind, person.Kind)
			assert.Equal(t, tt.word, person.EmploymentTypeRaw)
			assert.Equal(t, tt.found, len(person.Findings) > 0, "findings: %v", person.Findings)
		})
	}
}
