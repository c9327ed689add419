package main

import (
	"slices"
	"testing"
	"time"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// noon is when most of these tests look: Wednesday, 4 March 2026.
var noon = time.Date(2026, time.March, 4, 12, 0, 0, 0, time.UTC)

// TestAccounts says who has an account where, and in which state.
func TestAccounts(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*source.Identity) // of somebody who works
		app    target.State
		wiki   target.State
	}{
		"works":               {func(*source.Identity) {}, target.Enabled, target.Enabled},
		"starts in a month":   {start(2026, time.April, 1), target.None, target.None},
		"starts next week":    {start(2026, time.March, 10), target.Disabled, target.None},
		"starts today":        {start(2026, time.March, 4), target.Enabled, target.Enabled},
		"last day is today":   {lastDay(2026, time.March, 4), target.Enabled, target.Enabled},
		"left yesterday":      {lastDay(2026, time.March, 3), target.Disabled, target.Disabled},
		"left a month ago":    {lastDay(2026, time.February, 2), target.Deleted, target.Disabled},
		"left last year":      {lastDay(2025, time.June, 30), target.Deleted, target.Disabled},
		"contractor":          {terms(source.Contractor), target.Enabled, target.None},
		"terms are missing":   {terms(source.EmploymentUnknown), target.Enabled, target.Undecided},
		"status is missing":   {func(i *source.Identity) { i.Status = source.Unknown }, target.Undecided, target.Undecided},
		"terminated at once":  {func(i *source.Identity) { i.TerminatedAt = noon }, target.Disabled, target.Disabled},
		"in a minute":         {func(i *source.Identity) { i.TerminatedAt = noon.Add(time.Minute) }, target.Enabled, target.Enabled},
		"only an applicant":   {func(i *source.Identity) { i.Status = source.Candidate }, target.None, target.None},
		"suspended":           {func(i *source.Identity) { i.Status = source.Suspended }, target.Disabled, target.Disabled},
		"on parental leave":   {func(i *source.Identity) { i.Status = source.OnLeave }, target.Enabled, target.Enabled},
		"came back last week": {rehired, target.Enabled, target.Enabled},
	} {
		t.Run(name, func(t *testing.T) {
			person := somebody()
			test.change(&person)
			if got := decide(t, person, noon, "app").State; got != test.app {
				t.Errorf("app: %s, want %s", got, test.app)
			}
			if got := decide(t, person, noon, "wiki").State; got != test.wiki {
				t.Errorf("wiki: %s, want %s", got, test.wiki)
			}
		})
	}
}

// TestLastDayEndsWhereThePersonWorks looks at one instant around the world.
func TestLastDayEndsWhereThePersonWorks(t *testing.T) {
	for place, want := range map[string]target.State{
		"Pacific/Auckland":    target.Disabled, // 5 March has begun
		"Asia/Singapore":      target.Enabled,  // 20:00 on 4 March
		"Europe/Berlin":       target.Enabled,
		"America/Los_Angeles": target.Enabled,
		"":                    target.Enabled, // unknown counts as UTC
	} {
		t.Run(place, func(t *testing.T) {
			person := somebody()
			lastDay(2026, time.March, 4)(&person)
			if place != "" {
				zone, err := time.LoadLocation(place)
				if err != nil {
					t.Fatal(err)
				}
				person.Location.Zone = zone // Collect does this in production
			}
			if got := decide(t, person, noon, "app").State; got != want {
				t.Errorf("%s, want %s", got, want)
			}
		})
	}
}

// TestAccess says who gets what, and what stays as it is.
func TestAccess(t *testing.T) {
	for name, test := range map[string]struct {
		change    func(*source.Identity)
		wanted    string
		asked     string
		undecided string
	}{
		"engineer":              {func(*source.Identity) {}, "group:engineering", "role:production", ""},
		"moves to sales":        {department("Sales"), "group:sales", "", ""},
		"moves to finance":      {department("Finance"), "", "", ""},
		"contract engineer":     {terms(source.Contractor), "group:engineering", "", ""},
		"last day was tuesday":  {lastDay(2026, time.March, 3), "", "", ""},
		"department is missing": {department(""), "", "", "group:engineering group:sales role:production"},
		"terms are missing":     {terms(source.EmploymentUnknown), "group:engineering", "", "role:production"},
	} {
		t.Run(name, func(t *testing.T) {
			person := somebody()
			test.change(&person)
			app := decide(t, person, noon, "app")
			if got := words(app.Entitlements); got != test.wanted {
				t.Errorf("wanted: %q, want %q", got, test.wanted)
			}
			var asked []target.Entitlement
			for _, ask := range app.Ask {
				asked = append(asked, ask.Entitlement)
			}
			if got := words(asked); got != test.asked {
				t.Errorf("to be approved: %q, want %q", got, test.asked)
			}
			// What is undecided is neither granted nor revoked.
			if got := words(app.Undecided); got != test.undecided {
				t.Errorf("undecided: %q, want %q", got, test.undecided)
			}
		})
	}
}

func TestWhatTheAccountHolds(t *testing.T) {
	app := decide(t, somebody(), noon, "app")
	if got := app.Attributes.Get("userName"); got != "ana.silva@acme.example" {
		t.Errorf("userName %q: it is lower case", got)
	}
	person := somebody()
	person.JobTitle = ""
	if decide(t, person, noon, "app").Attributes.Has("title") {
		t.Error("a missing title is no opinion: the account keeps what it has")
	}
}

// TestNext says when somebody has to be looked at again.
func TestNext(t *testing.T) {
	person := somebody()
	lastDay(2026, time.March, 31)(&person)
	set := build(t)
	got := set.Decide(rules.Person{Identity: &person}, noon).Next
	if want := time.Date(2026, time.April, 1, 0, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("next at %s, want %s", got, want)
	}
}

// somebody is an engineer who works. Tests change what they are about.
func somebody() source.Identity {
	return source.Identity{
		ID:             "E1",
		Status:         source.Active,
		Name:           source.Name{Given: "Ana", Family: "Silva"},
		WorkEmail:      "Ana.Silva@acme.example",
		JobTitle:       "Engineer",
		Department:     source.Named("Engineering"),
		EmploymentType: source.FullTime,
		HireDate:       source.Day(2024, time.May, 1),
	}
}

func start(y int, m time.Month, d int) func(*source.Identity) {
	return func(i *source.Identity) { i.Status, i.HireDate = source.PreHire, source.Day(y, m, d) }
}

func lastDay(y int, m time.Month, d int) func(*source.Identity) {
	return func(i *source.Identity) { i.LastDay = source.Day(y, m, d) }
}

func terms(t source.EmploymentType) func(*source.Identity) {
	return func(i *source.Identity) { i.EmploymentType = t }
}

func department(name string) func(*source.Identity) {
	return func(i *source.Identity) { i.Department = source.Named(name) }
}

// rehired is back: the last day of the first employment no longer counts.
func rehired(i *source.Identity) {
	i.OriginalHireDate, i.HireDate = i.HireDate, source.Day(2026, time.February, 25)
	i.LastDay = source.Day(2025, time.June, 30)
}

func build(t *testing.T) *rules.Set {
	t.Helper()
	set, err := companyRules()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// decide returns what the rules want on one target.
func decide(t *testing.T, person source.Identity, at time.Time, name string) target.Desired {
	t.Helper()
	wanted := build(t).Decide(rules.Person{Identity: &person}, at).For(name)
	if len(wanted) != 1 {
		t.Fatalf("%d accounts on %s, want 1", len(wanted), name)
	}
	return wanted[0]
}

// words writes entitlements sorted, as text.
func words(list []target.Entitlement) string {
	text := ""
	for _, e := range slices.SortedFunc(slices.Values(list), target.Entitlement.Compare) {
		if text != "" {
			text += " "
		}
		text += e.String()
	}
	return text
}
