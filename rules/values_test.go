package rules_test

import (
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// valuesOf returns what a value comes to, nil if it is missing.
func valuesOf(t testing.TB, i *source.Identity, v rules.Value) []string {
	t.Helper()
	set := mustBuild(t, rules.Spec{
		Name: "values",
		Fields: []rules.FieldSpec{
			{Name: "badge", Values: []string{"red", "blue"}},
			{Name: "skills", Type: rules.ListType},
			{Name: "colours", Type: rules.ListType, Values: []string{"red", "blue"}},
			{Name: "review", Type: rules.DateType},
		},
		Targets: []rules.TargetSpec{{
			Target: "app", Account: rules.Everyone, Attributes: []rules.Attribute{{Set: "x", To: v}},
		}},
	})
	return set.Decide(rules.Person{Identity: i}, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)).Accounts[0].Desired.Attributes.Values("x")
}

func TestValues(t *testing.T) {
	i := &source.Identity{
		ID: "E1", Status: source.Active, EmploymentType: source.Intern, Kind: source.KindEmployee,
		Name: source.Name{Given: "Ána", Family: "Silva"}, JobTitle: "  Engineer ", Manager: source.Manager{ID: "E~7"},
		Username: "bad\xff", LastDay: source.Day(2026, 12, 31), DisplayName: "   ",
		Groups:       []source.Group{{Name: "b"}, {ID: "a-id"}, {Name: "b"}},
		AlternateIDs: []source.AlternateID{{Type: "hr", Value: "9"}},
		Custom: map[string][]string{
			"badge": {"red"}, "skills": {"go", "sql"}, "colours": {"red", "green"}, "review": {"2026-05-01"},
		},
	}
	for _, c := range []struct {
		name  string
		value rules.Value
		want  []string
	}{
		{"field", rules.FamilyName, []string{"Silva"}},
		{"missing", rules.Team, nil},
		{"not UTF-8", rules.Username, nil},
		{"not UTF-8 below a function", rules.Join("", rules.ID, rules.Username), nil},
		{"text", rules.Text("fixed"), []string{"fixed"}},
		{"first", rules.First(rules.Team, rules.Division, rules.ID), []string{"E1"}},
		{"first of nothing there", rules.First(rules.Team, rules.Division), nil},
		{"first with a list", rules.First(rules.Team, rules.CustomList("skills")), []string{"go", "sql"}},
		{"first below a function", rules.Upper(rules.First(rules.Team, rules.ID)), []string{"E1"}},
		{"first below, nothing there", rules.Upper(rules.First(rules.Team)), nil},
		{"join", rules.Join(" ", rules.GivenName, rules.FamilyName), []string{"Ána Silva"}},
		{"join with a part missing", rules.Join(" ", rules.GivenName, rules.MiddleName), nil},
		{"lower", rules.Lower(rules.GivenName), []string{"ána"}},
		{"upper", rules.Upper(rules.GivenName), []string{"ÁNA"}},
		{"trim", rules.Trim(rules.JobTitle), []string{"Engineer"}},
		{"trim to nothing", rules.Trim(rules.DisplayName), nil},
		{"left", rules.Left(rules.GivenName, 1), []string{"Á"}},
		{"left of a short text", rules.Left(rules.GivenName, 9), []string{"Ána"}},
		{"initial and name", rules.Lower(rules.Join(".", rules.Left(rules.GivenName, 1), rules.FamilyName)), []string{"á.silva"}},
		{"manager is a key", rules.Manager, []string{"E~~7"}},
		{"date", rules.EndDate, []string{"2026-12-31"}},
		{"date plus", rules.EndDate.Plus(1), []string{"2027-01-01"}},
		{"date missing", rules.StartDate.Plus(1), nil},
		{"fixed date", rules.Date(2028, time.February, 28).Plus(1), []string{"2028-02-29"}},
		{"status", rules.Status, []string{"active"}},
		{"employment type", rules.EmploymentType, []string{"intern"}},
		{"kind", rules.Kind, []string{"employee"}},
		{"groups", rules.Groups, []string{"a-id", "b"}},
		{"alternate ids", rules.AlternateIDs, []string{"hr=9"}},
		{"group ids", rules.GroupIDs, []string{"a-id"}},
		{"custom", rules.Custom("badge"), []string{"red"}},
		{"custom list", rules.CustomList("skills"), []string{"go", "sql"}},
		{"custom list with an undeclared value", rules.CustomList("colours"), nil},
		{"custom date", rules.CustomDate("review").Plus(1), []string{"2026-05-02"}},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, valuesOf(t, i, c.value)) })
	}

	i.Custom = map[string][]string{"badge": {"green"}, "review": {"May"}}
	assert.Nil(t, valuesOf(t, i, rules.Custom("badge")), "not a declared value")
	assert.Nil(t, valuesOf(t, i, rules.CustomDate("review")), "not a date")
	i.Custom["badge"] = []string{"red", "blue"}
	assert.Nil(t, valuesOf(t, i, rules.Custom("badge")), "two values for a text")
	i.Custom["badge"], i.Custom["skills"] = []string{"\xff"}, []string{"go", "\xff"}
	assert.Nil(t, valuesOf(t, i, rules.Custom("badge")), "not UTF-8")
	assert.Nil(t, valuesOf(t, i, rules.CustomList("skills")), "not UTF-8")
	i.Kind = 99
	assert.Nil(t, valuesOf(t, i, rules.Kind), "a number without a word")
}

// What is no letter of ASCII never becomes one: logins and addresses are compared
// by ASCII, and one person's must not become another's.
func TestLowerAndUpperKeepPeopleApart(t *testing.T) {
	for _, c := range []struct{ name, lower, upper string }{
		{"Kim@Acme.example", "kim@acme.example", "KIM@ACME.EXAMPLE"},
		{"\u212aim", "\u212aim", "\u212aIM"}, // KELVIN SIGN
		{"KİM", "kİm", "KİM"},
		{"kım", "kım", "KıM"},
		{"ſue", "ſue", "ſUE"}, // LATIN SMALL LETTER LONG S
		{"\u212bse", "åse", "\u212bSE"},
		{"ÁÇΣЖ", "áçσж", "ÁÇΣЖ"},
		{"ＫＩＭ", "ｋｉｍ", "ＫＩＭ"},
		{"straße", "straße", "STRAßE"},
	} {
		i := &source.Identity{ID: "E1", Status: source.Active, DisplayName: c.name}
		assert.Equal(t, []string{c.lower}, valuesOf(t, i, rules.Lower(rules.DisplayName)), "%+q", c.name)
		assert.Equal(t, []string{c.upper}, valuesOf(t, i, rules.Upper(rules.DisplayName)), "%+q", c.name)
	}
	for r := rune(0x80); r <= unicode.MaxRune; r++ {
		if !unicode.IsLetter(r) {
			continue
		}
		i := &source.Identity{ID: "E1", Status: source.Active, DisplayName: string(r)}
		for _, v := range []rules.Value{rules.Lower(rules.DisplayName), rules.Upper(rules.DisplayName)} {
			if unicode.ToLower(r) >= 0x80 && unicode.ToUpper(r) >= 0x80 {
				continue
			}
			assert.Equal(t, []string{string(r)}, valuesOf(t, i, v), "%+q", r)
		}
	}
}

// Every text field of an identity has a constant here, under its name, and
// reads what the source says.
func TestFieldsAreThoseOfTheSource(t *testing.T) {
	constants := []rules.TextField{
		rules.ID, rules.EmployeeNumber, rules.FormattedName, rules.GivenName, rules.MiddleName, rules.FamilyName,
		rules.NamePrefix, rules.NameSuffix, rules.PreferredName, rules.DisplayName, rules.Username, rules.WorkEmail,
		rules.PersonalEmail, rules.JobTitle, rules.Department, rules.DepartmentID, rules.DepartmentCode, rules.Team,
		rules.TeamID, rules.TeamCode, rules.Division, rules.DivisionID, rules.DivisionCode, rules.BusinessUnit,
		rules.BusinessUnitID, rules.BusinessUnitCode, rules.LegalEntity, rules.LegalEntityID, rules.LegalEntityCode,
		rules.CostCenter, rules.CostCenterID, rules.CostCenterCode, rules.Location, rules.LocationID, rules.LocationCode,
		rules.City, rules.Region, rules.Country, rules.TimeZone, rules.Manager, rules.ManagerEmployeeNumber,
		rules.ManagerEmail, rules.ManagerName,
	}
	known := map[string]bool{}
	for _, c := range constants {
		known[string(c)] = true
		f, ok := source.Field(string(c))
		require.True(t, ok, c)
		i := &source.Identity{ID: "E1", Status: source.Active}
		require.NoError(t, f.Set(i, "value"))
		assert.Equal(t, []string{"value"}, valuesOf(t, i, c), c)
	}
	var lacking []string
	for _, f := range source.Fields() {
		if f.Type == source.FieldText && !known[f.Name] {
			lacking = append(lacking, f.Name)
		}
	}
	assert.Empty(t, lacking, "no constant for %s", strings.Join(lacking, ", "))
}

func TestASCII(t *testing.T) {
	for text, want := range map[string][2]string{
		"José":                        {"Jose", "jose"},
		"Łukasz Søren Straße Đorđe":   {"Lukasz Soren Strasse Dorde", "lukasz-soren-strasse-dorde"},
		"Ægir ılık İzmir Þór Œuvre":   {"AEgir ilik Izmir Thor OEuvre", "aegir-ilik-izmir-thor-oeuvre"},
		"Nguyễn Thị Ánh":              {"Nguyen Thi Anh", "nguyen-thi-anh"},
		"Ǿre ẞ ŋ Ŋ ħ Ħ ŧ Ŧ ə Ə ĸ ð Ð": {"Ore SS n N h H t T e E k d D", "ore-ss-n-n-h-h-t-t-e-e-k-d-d"},
		"ø œ æ þ Ø":                   {"o oe ae th O", "o-oe-ae-th-o"},
		"Anne–Marie O’Neil":           {"Anne-Marie O'Neil", "anne-marie-oneil"},
		"a\u00a0 b_c, (d)":            {"a  b_c, (d)", "a-b-c-d"},
		"ﬁ":                           {"fi", "fi"},
		"Jose\u0301":                  {"Jose", "jose"},
		"ǽ Ǿ Ĳ":                       {"ae O IJ", "ae-o-ij"},
		"Иван":                        {"", ""},
		"王":                           {"", ""},
		"Ana Иван":                    {"", ""},
		"½":                           {"", ""},
		"--":                          {"--", ""},
	} {
		i := &source.Identity{ID: "E1", Status: source.Active, DisplayName: text}
		assert.Equal(t, want[0], strings.Join(valuesOf(t, i, rules.ASCII(rules.DisplayName)), "|"), text)
		assert.Equal(t, want[1], strings.Join(valuesOf(t, i, rules.Slug(rules.DisplayName)), "|"), text)
	}
	i := &source.Identity{ID: "E1", Status: source.Active, DisplayName: "王", EmployeeNumber: "7"}
	assert.Equal(t, []string{"7"}, valuesOf(t, i, rules.First(rules.Slug(rules.DisplayName), rules.EmployeeNumber)))
}

// A letter and its capital are written alike, and every result is ASCII.
func TestLatinLetters(t *testing.T) {
	set := mustBuild(t, rules.Spec{Name: "x", Targets: []rules.TargetSpec{{
		Target: "app", Account: rules.Everyone, Attributes: []rules.Attribute{{Set: "x", To: rules.ASCII(rules.JobTitle)}},
	}}})
	write := func(r rune) string {
		i := &source.Identity{ID: "E1", Status: source.Active, JobTitle: string(r)}
		return set.Decide(rules.Person{Identity: i}, time.Unix(0, 0)).Accounts[0].Desired.Attributes.Get("x")
	}
	known := 0
	for _, block := range [][2]rune{{0xC0, 0x24F}, {0x1E00, 0x1EFF}, {0xFB00, 0xFB04}} {
		for r := block[0]; r <= block[1]; r++ {
			text := write(r)
			if text == "" {
				continue
			}
			known++
			for _, c := range text {
				assert.True(t, 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z', "%c gives %q", r, text)
			}
			if upper := unicode.ToUpper(r); upper != r && write(upper) != "" {
				assert.True(t, strings.EqualFold(text, write(upper)), "%c gives %q, %c gives %q", r, text, upper, write(upper))
			}
		}
	}
	assert.Greater(t, known, 500)
}

func TestLists(t *testing.T) {
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	skills := func(list ...string) *source.Identity {
		return &source.Identity{ID: "E1", Status: source.Active, Custom: map[string][]string{"skills": list}}
	}
	ask := func(i *source.Identity) []rules.Truth {
		return truths(t, i, at, rules.CustomList("skills").Has("go"), rules.CustomList("skills").Missing(),
			rules.Groups.Has("go"), rules.Groups.Missing(), rules.AlternateIDs.Has("hr=9"), rules.AlternateIDs.Missing(), rules.GroupIDs.Has("g"))
	}
	const yes, no, unsure = rules.Yes, rules.No, rules.Undecided
	assert.Equal(t, []rules.Truth{unsure, yes, unsure, yes, unsure, yes, unsure}, ask(&source.Identity{ID: "E1", Status: source.Active}))
	i := skills("go", "sql")
	i.Groups = []source.Group{{ID: "go"}, {ID: "g", Name: "x"}}
	i.AlternateIDs = []source.AlternateID{{Type: "hr", Value: "9"}}
	assert.Equal(t, []rules.Truth{yes, no, yes, no, yes, no, yes}, ask(i))
	i.Groups = []source.Group{{ID: "go", Name: "other"}}
	assert.Equal(t, rules.No, ask(i)[2], "the name of a group counts, not its ID")
	i = skills([]string{}...)
	i.Groups, i.AlternateIDs = []source.Group{}, []source.AlternateID{}
	i.Custom["skills"] = []string{}
	assert.Equal(t, []rules.Truth{no, no, no, no, no, no, no}, ask(i), "known to be empty")
}

func TestNumbersOutsideAVocabularyAreMissing(t *testing.T) {
	i := &source.Identity{ID: "E1", Status: source.Active, Kind: 99, EmploymentType: 99}
	assert.Equal(t, []rules.Truth{rules.Undecided, rules.Yes, rules.Undecided, rules.Yes},
		truths(t, i, time.Unix(0, 0), rules.Kind.IsNot(source.KindEmployee), rules.Kind.Missing(),
			rules.EmploymentType.Is(source.Intern), rules.EmploymentType.Missing()))
}

func TestAttributes(t *testing.T) {
	set := mustBuild(t, rules.Spec{Name: "x", Targets: []rules.TargetSpec{{
		Target: "app", Account: rules.Everyone,
		Attributes: []rules.Attribute{
			{Set: "keep", To: rules.JobTitle},
			{Set: "clear", To: rules.JobTitle, IfMissing: rules.Clear},
			{Set: "clearName", To: rules.Upper(rules.JobTitle), IfMissing: rules.Clear},
			{Set: "german", To: rules.ID, When: rules.Country.Is("DE")},
			{Set: "groups", To: rules.Groups},
			{Set: "password", Secret: true},
			{Set: "pin", Secret: true, When: rules.Country.Is("DE")},
		},
	}}})
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	i := &source.Identity{ID: "E1", Status: source.Active}
	decide := func() target.Desired { return set.Decide(rules.Person{Identity: i}, at).Accounts[0].Desired }

	d := decide()
	assert.Equal(t, target.Attributes{}, d.Attributes)
	assert.Equal(t, []string{"clear", "clearName"}, d.Clear)
	assert.Equal(t, []string{"password"}, d.Secrets)
	assert.Equal(t, []string{"country"}, d.Missing)
	assert.Equal(t, target.Enabled, d.State)

	i.JobTitle, i.Location.Country, i.Groups = "boss", "DE", []source.Group{}
	d = decide()
	assert.Equal(t, target.Attrs(map[string]string{"keep": "boss", "clear": "boss", "clearName": "BOSS", "german": "E1"}), d.Attributes)
	assert.Equal(t, []string{"groups"}, d.Clear, "known to be empty")
	assert.Equal(t, []string{"password", "pin"}, d.Secrets)
	assert.Empty(t, d.Missing)

	i.Location.Country, i.Groups, i.Status = "FR", []source.Group{{Name: "b"}, {Name: "a"}}, source.Terminated
	d = decide()
	assert.Equal(t, []string{"a", "b"}, d.Attributes.Values("groups"))
	assert.False(t, d.Attributes.Has("german"))
	assert.Empty(t, d.Secrets, "nothing is created for a leaver")
}

func TestBlock(t *testing.T) {
	set := mustBuild(t, rules.Spec{
		Name: "x", Targets: []rules.TargetSpec{{
			Target: "app", Account: rules.Everyone,
			Attributes: []rules.Attribute{
				{Set: "mail", To: rules.First(rules.WorkEmail, rules.Username), IfMissing: rules.Block},
				{Set: "title", To: rules.JobTitle, IfMissing: rules.Block, When: rules.Country.Is("DE")},
			},
		}},
		Grants: []rules.Grant{{ID: "all", When: rules.Everyone, Give: []string{"app/group:all"}}},
	})
	i := &source.Identity{ID: "E1", Status: source.Active}
	decide := func() target.Desired {
		return set.Decide(rules.Person{Identity: i}, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)).Accounts[0].Desired
	}
	d := decide()
	assert.Equal(t, target.Undecided, d.State)
	assert.Equal(t, []string{"username", "work_email"}, d.Missing)
	assert.Equal(t, []target.Entitlement{{Kind: "group", Name: "all"}}, d.Undecided)
	assert.Empty(t, d.Entitlements)

	i.Username = "ana"
	d = decide()
	assert.Equal(t, target.Enabled, d.State, "a condition that is undecided does not block")
	assert.Equal(t, []string{"country"}, d.Missing)

	i.Location.Country = "DE"
	d = decide()
	assert.Equal(t, target.Undecided, d.State)
	assert.Equal(t, []string{"job_title"}, d.Missing)

	i.Status = source.Terminated
	d = decide()
	assert.Equal(t, target.Disabled, d.State, "a leaver is disabled all the same")
	assert.Empty(t, d.Missing)
}

func TestMissingNamesAValueThatComesToNothing(t *testing.T) {
	set := mustBuild(t, rules.Spec{Name: "x", Targets: []rules.TargetSpec{{
		Target: "app", Account: rules.Everyone,
		Attributes: []rules.Attribute{{Set: "login", To: rules.Slug(rules.FamilyName), IfMissing: rules.Block}},
	}}})
	i := &source.Identity{ID: "E1", Status: source.Active, Name: source.Name{Family: "王"}}
	d := set.Decide(rules.Person{Identity: i}, time.Unix(0, 0)).Accounts[0].Desired
	assert.Equal(t, target.Undecided, d.State)
	assert.Equal(t, []string{"family_name"}, d.Missing)
}

func TestLabel(t *testing.T) {
	i := &source.Identity{ID: "E1", Status: source.Active}
	label := func() string {
		d, _ := decideOne(t, rules.Lifecycle{}, rules.Everyone, i, time.Unix(0, 0))
		return d.Label
	}
	assert.Equal(t, "", label())
	i.DisplayName = "Ana"
	assert.Equal(t, "Ana", label())
	i.Username = "ana"
	assert.Equal(t, "ana", label())
	i.WorkEmail = "ana@acme.example"
	assert.Equal(t, "ana@acme.example", label())
}
