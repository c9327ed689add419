package bamboohr_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/bamboohr"
	"github.com/provision-go/provision/source/bamboohr/bambootest"
)

// answers is a transport that gives one answer to everything, except that nobody ever
// changes.
type answers string

func (a answers) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
		Body: io.NopCloser(strings.NewReader(string(a))),
	}, nil
}

// one reads the only person of a fake.
func one(t *testing.T, p bambootest.Person, change func(*bamboohr.Config)) source.Identity {
	t.Helper()
	p.ID = "42"
	_, url := newFake(t, bambootest.Config{People: []bambootest.Person{p}, Custom: []string{"customField1", "customField2"}})
	person, err := source.Read(t.Context(), newSource(t, url, change), "42")
	require.NoError(t, err)
	return person
}

func messages(person source.Identity) string {
	var out strings.Builder
	for _, f := range person.Findings {
		out.WriteString(f.Field + ": " + f.Message + "\n")
	}
	return out.String()
}

func TestDates(t *testing.T) {
	tests := map[string]struct {
		text, want string
		found      bool
	}{
		"a day":                     {"2024-02-29", "2024-02-29", false},
		"none, as BambooHR has it":  {"0000-00-00", "", false},
		"none":                      {"", "", false},
		"spaces":                    {" 2024-02-29 ", "2024-02-29", false},
		"no such day":               {"2023-02-29", "", true},
		"month zero":                {"2024-00-10", "", true},
		"another way round":         {"02/29/2024", "", true},
		"with a clock":              {"2024-02-29T00:00:00Z", "", true},
		"words":                     {"to be agreed", "", true},
		"never":                     {"9999-12-31", "", false},
		"far away":                  {"2301-05-06", "", true},
		"digits of another script":  {"２０２４-02-29", "", true},
		"an invisible space inside": {"2024-02-\u200b29", "", true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			for _, strategy := range strategies() {
				person := one(t, bambootest.Person{TerminationDate: tt.text, HireDate: "2020-01-01"}, func(c *bamboohr.Config) { c.Strategy = strategy })
				assert.Equal(t, tt.want, person.TerminationDate.String())
				assert.Equal(t, tt.found, len(person.Findings) > 0, "findings: %v", person.Findings)
				for _, f := range person.Findings {
					assert.Equal(t, "termination_date", f.Field)
				}
			}
		})
	}
}

// FuzzDates: whatever a date says, it is that day, or none, or a finding.
func FuzzDates(f *testing.F) {
	for _, seed := range []string{"2024-02-29", "0000-00-00", "", "tbd", "2024-2-9", "9999-12-31", "1899-12-30", " 2024-01-01", "n/a", "2024-01-01\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		quoted, err := json.Marshal(text)
		if err != nil {
			t.Skip()
		}
		s := newSource(t, "https://acme.bamboohr.example/api", func(c *bamboohr.Config) {
			c.Fields = only("termination_date")
			c.Fields["hire_date"] = ""
			c.Transport = answers(`{"data":[{"employeeId":"42","status":"Active","terminationDate":` + string(quoted) + `}],"meta":{"total":1,"page":{}}}`)
		})
		person, err := source.Read(t.Context(), s, "42")
		if err != nil {
			t.Fatal(err)
		}
		day := person.TerminationDate
		switch {
		case day.IsZero() && len(person.Findings) == 0:
			if !source.NoDate(text) && day.IsZero() {
				if parsed, err := source.ParseDate(strings.TrimSpace(text)); err != nil || parsed.Year() > 1900 && parsed.Year() < 2200 {
					t.Fatalf("%q is taken as no date without a word", text)
				}
			}
		case !day.IsZero() && strings.TrimSpace(text) != day.String():
			t.Fatalf("%q is taken as %s", text, day)
		}
	})
}

func TestManagers(t *testing.T) {
	for text, want := range map[string]string{"7": "7", "": "", "0": "", "E-0007": "", "Okafor, Mara": "", "07": "", "7.1": ""} {
		person := one(t, bambootest.Person{ReportsTo: text}, nil)
		assert.Equal(t, want, person.Manager.ID, "%q", text)
		assert.Equal(t, want == "" && text != "" && text != "0", len(person.Findings) > 0, "%q: %v", text, person.Findings)
	}
	// An employee number that looks like an id leads to whom it belongs.
	_, url := newFake(t, bambootest.Config{Custom: []string{"customField1"}, People: []bambootest.Person{
		{ID: "7", EmployeeNumber: "42"}, {ID: "42", EmployeeNumber: "7"}, {ID: "43", Custom: map[string]any{"customField1": "42"}},
	}})
	snapshot, err := source.Collect(t.Context(), newSource(t, url, func(c *bamboohr.Config) {
		c.Strategy = bamboohr.Dataset
		c.Fields = map[string]string{"manager": "", "manager_employee_number": "customField1"}
	}))
	require.NoError(t, err)
	assert.Equal(t, "7", snapshot.Find("43").Manager.ID)
}

func TestCustomFields(t *testing.T) {
	tests := map[string]struct {
		value any
		field string
		want  string
		found string
	}{
		"a text":              {"Blue", "team", "Blue", ""},
		"a number":            {4711, "cost_center_code", "4711", ""},
		"a yes":               {true, "custom.remote", "true", ""},
		"a list":              {[]string{"red", "blue"}, "custom.colours", "blue, red", ""},
		"a list of groups":    {[]string{"red", "blue"}, "groups", "blue, red", ""},
		"a list of one":       {[]string{"red"}, "team", "red", ""},
		"a list for one":      {[]string{"red", "blue"}, "team", "", "several values"},
		"a list of lists":     {[][]string{{"red"}}, "custom.colours", "", "something else than texts"},
		"an object":           {map[string]string{"value": "red"}, "team", "", "no text"},
		"nothing":             {nil, "team", "", ""},
		"an instant":          {"2026-03-02T11:00:00Z", "updated_at", "2026-03-02T11:00:00Z", ""},
		"an instant of ours":  {"2 March", "updated_at", "", "want a date"},
		"a last day":          {"2026-05-31", "last_day", "2026-05-31", ""},
		"a time zone":         {"Europe/Berlin", "time_zone", "Europe/Berlin", ""},
		"quotes and so on":    {"R&D \"Blau\" \\ é 🙂", "team", "R&D \"Blau\" \\ é 🙂", ""},
		"a direction changed": {"a\u202eb", "team", "", "direction"},
		"damage":              {"a\ufffdb", "team", "", "damaged"},
		"far too long":        {strings.Repeat("x", 2000), "team", "", "longer"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			person := one(t, bambootest.Person{HireDate: "2020-01-01", Custom: map[string]any{"customField1": tt.value}}, func(c *bamboohr.Config) {
				c.Strategy, c.Fields = bamboohr.Dataset, map[string]string{tt.field: "customField1"}
			})
			field, _ := source.Field(tt.field)
			assert.Equal(t, tt.want, field.Text(&person))
			if tt.found == "" {
				assert.Empty(t, person.Findings)
			}
			assert.Contains(t, messages(person), tt.found)
		})
	}
}

func TestLocations(t *testing.T) {
	person := one(t, bambootest.Person{Location: "Berlin"}, func(c *bamboohr.Config) {
		c.Countries, c.TimeZones = map[string]string{"Berlin": "DE"}, map[string]string{"Berlin": "Europe/Berlin"}
	})
	assert.Equal(t, "DE", person.Location.Country)
	assert.Equal(t, "Europe/Berlin", person.Location.Zone.String())
}

// What the API user may not see is missing. If it is a date or the status, nothing is
// decided; if it is everybody's status, there is no list.
func TestRestrictedFields(t *testing.T) {
	for name, strategy := range strategies() {
		t.Run(name, func(t *testing.T) {
			people := staff()
			people[1].Restricted = []string{"status", "hireDate"}
			people[2].Restricted = []string{"workEmail", "terminationDate"}
			_, url := newFake(t, bambootest.Config{People: people})
			dataset := func(c *bamboohr.Config) { c.Strategy = strategy }
			snapshot, err := source.Collect(t.Context(), newSource(t, url, dataset))
			require.NoError(t, err)
			unseen := snapshot.Find("42")
			assert.Equal(t, source.Unknown, unseen.Status)
			assert.True(t, unseen.HireDate.IsZero())
			assert.Contains(t, messages(*unseen), "status: status is taken as missing: the API user may not see it")
			assert.Contains(t, messages(*unseen), "hire_date: ")
			assert.Contains(t, messages(*snapshot.Find("43")), "termination_date: ")
			assert.Empty(t, snapshot.Find("43").WorkEmail)
			var about []string
			for _, f := range snapshot.Findings() {
				if f.Identity == "" {
					about = append(about, f.Field)
				}
			}
			assert.Equal(t, []string{"hire_date", "status", "termination_date", "work_email"}, about)

			_, url = newFake(t, bambootest.Config{People: staff(), Restricted: []string{"status"}})
			_, err = source.Collect(t.Context(), newSource(t, url, dataset))
			require.ErrorIs(t, err, source.ErrIncomplete)
			assert.ErrorContains(t, err, "the status of nobody")
		})
	}
}

// Where the dataset names what may not be seen is not documented: beside the fields
// or among them, with the name of the dataset or without.
func TestRestrictedFieldsOfTheDataset(t *testing.T) {
	for name, alter := range map[string]func([]byte) []byte{
		"without a prefix": replace(`"employee_hireDate"`, `"hireDate"`),
		"among the fields": replace(`\},("_restrictedFields":\[[^]]*\])\}`, `,$1}}`),
	} {
		t.Run(name, func(t *testing.T) {
			people := staff()[1:2]
			people[0].Restricted = []string{"hireDate"}
			fake, url := newFake(t, bambootest.Config{People: people})
			fake.Break(bambootest.Fault{Spoil: bambootest.Spoil{Alter: alter}})
			s := newSource(t, url, func(c *bamboohr.Config) { c.Strategy = bamboohr.Dataset })
			person, err := source.Read(t.Context(), s, "42")
			require.NoError(t, err)
			assert.Contains(t, messages(person), "hire_date: ")
		})
	}
}

// Ids may come as numbers. A row without one belongs to nobody and proves nothing.
func TestIDs(t *testing.T) {
	tests := map[string]struct{ pattern, by, id string }{
		"a number":      {`"eeid":"42"`, `"eeid":42`, "42"},
		"null":          {`"eeid":"42"`, `"eeid":null`, ""},
		"empty":         {`"eeid":"42"`, `"eeid":""`, ""},
		"a name":        {`"eeid":"42"`, `"eeid":"E-0042"`, ""},
		"a leading 0":   {`"eeid":"42"`, `"eeid":"042"`, ""},
		"a fraction":    {`"eeid":"42"`, `"eeid":42.5`, ""},
		"a power":       {`"eeid":"42"`, `"eeid":4e1`, ""},
		"a list":        {`"eeid":"42"`, `"eeid":["42"]`, ""},
		"far too large": {`"eeid":"42"`, `"eeid":"4242424242424242424242"`, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			fake, url := newFake(t, bambootest.Config{People: staff()})
			s := newSource(t, url, func(c *bamboohr.Config) { c.Strategy = bamboohr.Dataset })
			fake.Break(bambootest.Fault{Page: 1, Endpoint: bambootest.Dataset, Spoil: bambootest.Spoil{Alter: replace(tt.pattern, tt.by)}})
			snapshot, err := source.Collect(t.Context(), s)
			require.NoError(t, err)
			if tt.id != "" {
				assert.NotNil(t, snapshot.Find(tt.id))
				return
			}
			assert.Equal(t, len(staff())-1, snapshot.Len())
			assert.Equal(t, 1, snapshot.Proof().Lost, "absence can be proved")
			assert.Equal(t, source.CodeNoID, snapshot.Findings()[0].Code)
		})
	}
}

// Nobody at all is no company, whatever BambooHR counts.
func TestEmpty(t *testing.T) {
	for _, strategy := range strategies() {
		_, url := newFake(t, bambootest.Config{})
		_, err := source.Collect(t.Context(), newSource(t, url, func(c *bamboohr.Config) { c.Strategy = strategy }))
		require.ErrorIs(t, err, source.ErrIncomplete)
		assert.ErrorContains(t, err, "nobody is listed")
	}
}

func FuzzEmployees(f *testing.F) {
	f.Add([]byte(`{"data":[{"employeeId":"42","status":"Active","hireDate":"2024-03-04","customField1":["a"]}],"meta":{"total":1,"page":{"nextCursor":null}}}`), false)
	f.Add([]byte(`{"data":[{"fields":{"eeid":"42","status":"Inactive","hireDate":"0000-00-00","customField1":{}},`+
		`"_restrictedFields":["employee_status"]}],"meta":{"page":1,"pageSize":100,"totalPages":1,"totalItems":1}}`), true)
	f.Fuzz(func(t *testing.T, body []byte, dataset bool) {
		s := newSource(t, "https://acme.bamboohr.example/api", func(c *bamboohr.Config) {
			c.Transport = answers(body)
			c.Fields = map[string]string{}
			for _, field := range []string{
				"employment_type", "employee_number", "given_name", "middle_name", "family_name", "preferred_name", "display_name", "work_email",
				"job_title", "department", "department_id", "division", "division_id", "location", "location_id", "manager", "original_hire_date",
				"termination_date",
			} {
				c.Fields[field] = ""
			}
			if dataset {
				c.Strategy, c.Fields["custom.x"] = bamboohr.Dataset, "customField1"
			}
		})
		snapshot, err := source.Collect(t.Context(), s)
		if err != nil {
			return
		}
		if snapshot.Len() == 0 && len(snapshot.Contested()) == 0 {
			t.Fatal("a list of nobody")
		}
		for i := range snapshot.All() {
			if i.Status != source.Unknown && i.StatusRaw == "" {
				t.Fatalf("%s is %s for no reason", i.ID, i.Status)
			}
		}
	})
}
