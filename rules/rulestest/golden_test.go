package rulestest_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules/rulestest"
)

func load(t testing.TB) *rulestest.Set {
	t.Helper()
	return rulestest.Load(t, "testdata/base.yaml", "testdata/acme.yaml")
}

// write puts golden cases into a file of their own.
func write(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "cases.yaml")
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	return name
}

// updating runs something as with -rulestest.update.
func updating(t *testing.T, run func()) {
	t.Helper()
	was := flag.Lookup("rulestest.update").Value.String()
	require.NoError(t, flag.Set("rulestest.update", "true"))
	defer func() { require.NoError(t, flag.Set("rulestest.update", was)) }()
	run()
}

// The cases of this package are an example of what users write.
func TestGolden(t *testing.T) {
	set := load(t)
	rulestest.Golden(t, set, "testdata/cases/*.yaml")
	rulestest.NeedCoverage(t, set, 100)
	rulestest.NeedUndecided(t, set)
}

const people = `people:
  kim: {id: p-3, status: active, employment_type: contractor, department: Platform, end_date: 2026-11-20, site: MUC-1}
  ana: {id: p-1, status: active, employment_type: full_time, department: Engineering, level: 3}
`

// What a failure says, to the letter: it is what people work with.
func TestGoldenFailures(t *testing.T) {
	const head = "as_of: 2026-11-19\n" + people + "cases:\n"
	for name, c := range map[string]struct{ text, want string }{
		"granted too much and too little": {
			"  - {person: ana, want: [app/badge:berlin, app/group:chat]}\n",
			`cases.yaml:6:19: ana on 2026-11-19: want is [app/badge:berlin, app/group:chat], and the rules say [app/group:chat, app/group:developer]
    app/badge:berlin: undecided
      rule acme.berlin: undecided, needs custom.site at testdata/acme.yaml:13:10
        custom.site startsWith "BER-": undecided (missing)
    app/group:developer: granted
      rule eng.code at testdata/acme.yaml:5:9
        status == "active": yes (active)
        department in ["Engineering", "Platform"]: yes (Engineering)
        employment_type == "full_time": yes (full_time)`,
		},
		"grace": {
			"  - {person: kim, on: 2026-11-21T00:00:00Z, has: [app/group:developer], keep: [app/group:developer]}\n",
			`cases.yaml:6:73: kim on 2026-11-21T00:00:00Z: keep is [app/group:developer], and the rules say []
    app/group:developer: not granted
      last day 2026-11-20 (rule lifecycle.app) at testdata/base.yaml:11:3`,
		},
		"account": {
			"  - {person: ana, account: {app: disabled}}\n",
			`cases.yaml:6:29: ana on 2026-11-19: account app is disabled, and the rules say enabled
    app/account: enabled
      rule account.app at testdata/base.yaml:8:3`,
		},
		"attribute": {
			"  - person: ana\n    attributes:\n      app: {title: Engineer}\n",
			`cases.yaml:8:13: ana on 2026-11-19: attribute title of app is Engineer, and the rules say []
    app/attribute title: no opinion
      rule app.title: undecided, needs job_title at testdata/base.yaml:19:7`,
		},
		"next": {
			"  - {person: kim, next: never}\n",
			`cases.yaml:6:19: kim on 2026-11-19: next is never, and the rules say 2026-11-21`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			file := write(t, head+c.text)
			f := try(func(t testing.TB) { rulestest.Golden(t, load(t), file) })
			got := strings.ReplaceAll(f.text(), filepath.Dir(file)+string(filepath.Separator), "")
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			assert.False(t, f.fatal)
			assert.Contains(t, strings.Join(f.logs, ""), "-rulestest.update")
		})
	}
}

func TestGoldenStatesOnlyWhatItStates(t *testing.T) {
	file := write(t, "as_of: 2026-11-19\n"+people+"cases:\n  - {person: ana, ask: []}\n")
	assert.Empty(t, try(func(t testing.TB) { rulestest.Golden(t, load(t), file) }).errors)
}

// Whatever is wrong with a file is said at once, each with its place, and no case of
// it is checked.
func TestGoldenProblems(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"no yaml":   {"cases: [\n", []string{":2:1: the file ends before this value"}},
		"keys":      {"as_off: 2026-11-19\ncases: []\n", []string{`:1:1: unknown key "as_off" in the file; there are as_of, zone, people, cases`}},
		"no cases":  {people, []string{":1:1: the file has no cases"}},
		"no list":   {"cases: {}\n", []string{":1:8: cases has to be a list"}},
		"day":       {"as_of: tomorrow\n" + people + "cases: []\n", []string{`:1:8: as_of: "tomorrow" is neither a day such as 2026-11-23 nor an instant`}},
		"no day":    {people + "cases:\n  - {person: kim, want: []}\n", []string{":5:5: the case has no day: write on here, or as_of"}},
		"zone":      {"zone: Berlin\ncases: []\n", []string{`:1:7: zone: there is no time zone "Berlin"`}},
		"no person": {"cases:\n  - {on: 2026-11-19}\n", []string{":2:5: the case has no person"}},
		"somebody else": {
			people + "cases:\n  - {person: kin, on: 2026-11-19, want: []}\n",
			[]string{`:5:14: there is nobody called "kin" under people, only kim, ana`},
		},
		"case key": {people + "cases:\n  - {person: kim, on: 2026-11-19, wants: []}\n", []string{`:5:35: unknown key "wants" in a case; there are person, on, has`}},
		"role": {
			people + "cases:\n  - {person: kim, on: 2026-11-19, want: [app/group:develper]}\n",
			[]string{`:5:42: want: no rule gives "app/group:develper", only app/badge:berlin, app/group:chat, app/group:developer`},
		},
		"one text is a list of one": {people + "cases:\n  - {person: kim, on: 2026-11-19, want: x}\n", []string{`:5:41: want: no rule gives "x"`}},
		"approval":                  {people + "cases:\n  - {person: kim, on: 2026-11-19, approved: [nobody], want: []}\n", []string{`:5:45: approved: "nobody" is no grant`}},
		"lost":                      {people + "cases:\n  - {person: kim, on: 2026-11-19, lost: 2026-11-18, want: []}\n", []string{":5:41: lost says since when"}},
		"account":                   {people + "cases:\n  - {person: kim, on: 2026-11-19, account: {crm: none}}\n", []string{`:5:45: the rules have no account "crm", only app, app~admin`}},
		"state":                     {people + "cases:\n  - {person: kim, on: 2026-11-19, account: {app: on}}\n", []string{`:5:50: `, `"on"`}},
		"attribute":                 {people + "cases:\n  - {person: kim, on: 2026-11-19, attributes: {app: {titel: x}}}\n", []string{`:5:54: the rules set no attribute "titel" of app, only groups, title, userName`}},
		"missing":                   {people + "cases:\n  - {person: kim, on: 2026-11-19, missing: [lvl]}\n", []string{`the rules look at no field "lvl", only at`}},
		"field":                     {"people:\n  kim: {departmnt: x}\ncases: []\n", []string{`:2:9: "departmnt" is no field of an identity, and the rules look at no such custom field, only at custom.level, custom.site`}},
		"word":                      {"people:\n  kim: {status: actve}\ncases: []\n", []string{":2:9: ", "actve"}},
		"number":                    {"people:\n  kim: {level: high}\ncases: []\n", []string{`:2:9: custom.level: "high" is no whole number`}},
		"derived":                   {"people:\n  kim: {group_ids: [a]}\ncases: []\n", []string{":2:9: group_ids follows from other fields"}},
		"cleaned away":              {"people:\n  kim: {last_day: 1900-01-01, country: Germany}\ncases: []\n", []string{":2:3: ", "country"}},
		"no value":                  {"people:\n  kim: {department: []}\ncases: []\n", []string{":2:9: department has no value"}},
		"mapping":                   {"people:\n  kim: {department: {name: x}}\ncases: []\n", []string{":2:21: department is a mapping"}},
		"both":                      {"people:\n  kim: {a: b}\ncases:\n  - {c: d}\n", []string{":2:9: ", ":4:6: "}},
	} {
		t.Run(name, func(t *testing.T) {
			file := write(t, c.text)
			f := try(func(t testing.TB) { rulestest.Golden(t, load(t), file) })
			require.Len(t, f.errors, 1)
			for _, want := range c.want {
				assert.Contains(t, f.text(), want)
			}
		})
	}
}

func TestGoldenNeedsFilesAndExpectations(t *testing.T) {
	f := try(func(t testing.TB) { rulestest.Golden(t, load(t), "testdata/none/*.yaml") })
	assert.Equal(t, []string{`golden cases: no file matches "testdata/none/*.yaml"`}, f.errors)
	assert.True(t, f.fatal)
	file := write(t, people+"cases:\n  - {person: kim, on: 2026-11-19}\n")
	f = try(func(t testing.TB) { rulestest.Golden(t, load(t), file) })
	assert.Contains(t, f.text(), "cases.yaml:5:5: the case of kim expects nothing: state what it wants")
}
