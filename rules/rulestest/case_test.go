package rulestest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/rules/rulestest"
	"github.com/provision-go/provision/target"
)

// Everything that a case can say, of somebody for whom it holds.
func TestCase(t *testing.T) {
	set := load(t)
	engineer := []rulestest.Fact{rulestest.FullTime, rulestest.Field("site", "MUC-1"), rulestest.Groups()}
	set.Person("ana", append(engineer, rulestest.Department("Engineering"), rulestest.JobTitle("Engineer"))...).
		Holding("app/badge:berlin").
		On("2026-11-23").
		Gets("app/group:developer", "app/group:chat").GetsOnly("app/group:chat", "app/group:developer").
		Loses("app/badge:berlin").Because("acme.berlin").
		Lacks("app/role:entry").
		Account("app", target.Enabled).Because("account.app").
		Account("app~admin", target.None).
		Attribute("app", "title", "Engineer").Attribute("app", "groups").Attribute("app", "userName").
		Misses().Noted().Next("never")
	set.Person("boss", rulestest.ID("p-9"), rulestest.PartTime, rulestest.Department("Finance"), rulestest.Field("custom.level", "5"),
		rulestest.Starts("2026-12-01"), rulestest.Field("given_name", "Ana"), rulestest.Field("family_name", "Silva")).
		Taken("ana.silva").
		On("2026-11-20").Account("app", target.Disabled).Asks("app/role:approval").
		Undecided("app/badge:berlin").Misses("site").Next("2026-12-01").
		Name("app", "userName", "ana.silva2").Attribute("app", "userName", "ana.silva").
		Approved("fin.approve").
		On("2026-12-01").Account("app", target.Enabled).Gets("app/role:approval").Because("fin.approve").
		On("2027-06-01").Asks("app/role:approval").
		Denied("fin.approve").
		On("2027-06-02").Lacks("app/role:approval")
}

// An account that waits for the first day, as that of somebody who comes back, is left
// as it is.
func TestKeepsBeforeTheStart(t *testing.T) {
	load(t).Person("ana", rulestest.PreHire, rulestest.Starts("2027-03-01")).Holding("app/group:chat").
		On("2026-11-23").Account("app", target.None).Keeps("app/group:chat").
		On("2027-03-01").Undecided("app/group:chat")
}

// What is lost on one day of a case stays lost on the next: as with an engine.
func TestGraceRuns(t *testing.T) {
	set := load(t)
	moved := []rulestest.Fact{rulestest.FullTime, rulestest.Department("Sales")}
	set.Person("kim", moved...).Holding("app/group:developer").
		On("2026-11-21").Keeps("app/group:developer").Until("2026-11-28").Because("eng.code").Next("2026-11-28").
		On("2026-11-27").Keeps("app/group:developer").Until("2026-11-28T12:00:00Z").
		On("2026-11-28").Loses("app/group:developer").Because("eng.code")
	set.Person("kim", moved...).Holding("app/group:developer").LostOn("2026-11-10").
		On("2026-11-21").Loses("app/group:developer")
}

// Facts state what the rules see.
func TestFacts(t *testing.T) {
	set := load(t)
	for _, s := range []rulestest.Status{rulestest.Terminated, rulestest.Retired, rulestest.Deceased, rulestest.Deleted, rulestest.Suspended} {
		set.Person("ana", s).On("2026-11-23").Account("app", target.Disabled)
	}
	set.Person("ana", rulestest.Candidate).On("2026-11-23").Account("app", target.None)
	set.Person("ana", rulestest.OnLeave).On("2026-11-23").Account("app", target.Enabled)
	set.Person("ana", rulestest.PreHire).On("2026-11-23").Account("app", target.Undecided).Misses("start_date")
	set.Person("ana", rulestest.NotUnderstood("start_date")).On("2026-11-23").Account("app", target.Undecided)
	set.Person("ana", rulestest.Missing("status")).On("2026-11-23").Account("app", target.Undecided)
	set.Person("ana", rulestest.Groups("admins", "a")).On("2026-11-23").Attribute("app", "groups", "admins", "a").Account("app~admin", target.Enabled)
	set.Person("ana", rulestest.Ends("2026-11-22"), rulestest.Field("time_zone", "Pacific/Auckland")).
		On("2026-11-22T10:59:00Z").Account("app", target.Enabled).Next("2026-11-23").
		On("2026-11-22T11:00:00Z").Account("app", target.Disabled)
}

// What a failure says, to the letter.
func TestCaseFailures(t *testing.T) {
	const grace = `
    app/group:developer: kept until 2026-11-28T12:00:00Z
      no longer given, kept until 2026-11-28T12:00:00Z (rule eng.code) at testdata/acme.yaml:5:9
        department in ["Engineering", "Platform"]: no (Sales)`
	kept := func(t testing.TB) *rulestest.Case {
		return load(t).Person("kim", rulestest.FullTime, rulestest.Department("Sales")).Holding("app/group:developer").On("2026-11-21")
	}
	for name, c := range map[string]struct {
		run  func(t testing.TB)
		want string
	}{
		"gets":      {func(t testing.TB) { kept(t).Gets("app/group:developer") }, "kim on 2026-11-21: app/group:developer should be granted" + grace},
		"loses":     {func(t testing.TB) { kept(t).Loses("app/group:developer") }, "kim on 2026-11-21: app/group:developer should be taken away" + grace},
		"lacks":     {func(t testing.TB) { kept(t).Lacks("app/group:developer") }, "kim on 2026-11-21: app/group:developer should not be there" + grace},
		"asks":      {func(t testing.TB) { kept(t).Asks("app/group:developer") }, "kim on 2026-11-21: app/group:developer should wait for an approval" + grace},
		"undecided": {func(t testing.TB) { kept(t).Undecided("app/group:developer") }, "kim on 2026-11-21: app/group:developer should be undecided" + grace},
		"until": {
			func(t testing.TB) { kept(t).Keeps("app/group:developer").Until("2026-11-29") },
			"kim on 2026-11-21: app/group:developer should be kept until 2026-11-29, and is until 2026-11-28T12:00:00Z" + grace,
		},
		"because": {
			func(t testing.TB) { kept(t).Keeps("app/group:developer").Because("staff.chat") },
			"kim on 2026-11-21: app/group:developer should be so because of staff.chat; eng.code decided" + grace,
		},
		"keeps": {
			func(t testing.TB) { kept(t).Keeps("app/group:chat") },
			`kim on 2026-11-21: app/group:chat should be kept without being granted
    app/group:chat: granted
      rule staff.chat at testdata/base.yaml:22:9
        status in ["active", "prehire"]: yes (active)
        employment_type == "contractor": no (full_time)`,
		},
		"gets only": {
			func(t testing.TB) { kept(t).GetsOnly() },
			`kim on 2026-11-21: app/group:chat should not be granted
    app/group:chat: granted
      rule staff.chat at testdata/base.yaml:22:9
        status in ["active", "prehire"]: yes (active)
        employment_type == "contractor": no (full_time)`,
		},
		"account": {
			func(t testing.TB) { kept(t).Account("app", target.None) },
			`kim on 2026-11-21: the account app should be none, and is enabled
    app/account: enabled
      rule account.app at testdata/base.yaml:8:3`,
		},
		"attribute": {
			func(t testing.TB) { kept(t).Attribute("app", "title", "x") },
			`kim on 2026-11-21: attribute title of app should be ["x"], and is []
    app/attribute title: no opinion
      rule app.title: undecided, needs job_title at testdata/base.yaml:19:7`,
		},
		"next": {func(t testing.TB) { kept(t).Next("never") }, "kim on 2026-11-21: something should change on never, and does on 2026-11-28T12:00:00Z"},
		"name": {
			func(t testing.TB) { kept(t).Name("app", "userName", "kim") },
			`kim on 2026-11-21: the name in userName of app should be "kim", and is ""; tried are nothing, taken are nothing`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := try(c.run)
			if diff := cmp.Diff([]string{c.want}, f.errors); diff != "" {
				t.Error(diff)
			}
			assert.False(t, f.fatal, "the test goes on")
		})
	}
	f := try(func(t testing.TB) { kept(t).Misses("level").Noted(rules.CodeConflict) })
	require.Len(t, f.errors, 2)
	assert.Contains(t, f.errors[0], `the fields ["custom.level"] should be missing, and it is ["custom.site", "groups"]`)
	assert.Contains(t, f.errors[1], `it should be noted ["conflict"], and is []`)
}

// What is wrong with the sentence itself stops the test.
func TestWrongSentences(t *testing.T) {
	for want, run := range map[string]func(s *rulestest.Set){
		`kim: the case has no day yet: say On("2026-11-23") before what is checked`: func(s *rulestest.Set) { s.Person("kim").Gets() },
		`kim: no rule gives "app/group:x", only app/badge:berlin`:                   func(s *rulestest.Set) { s.Person("kim").Holding("app/group:x") },
		`kim: "yesterday" is neither a day`:                                         func(s *rulestest.Set) { s.Person("kim").On("yesterday") },
		`kim: "eng" is no grant and no separation of duties, as `:                   func(s *rulestest.Set) { s.Person("kim").Approved("eng") },
		`kim: the rules have no account "crm", only app, app~admin`: func(s *rulestest.Set) {
			s.Person("kim").On("2026-11-23").Account("crm", target.None)
		},
		`kim: the rules set no attribute "x" of app`: func(s *rulestest.Set) { s.Person("kim").On("2026-11-23").Attribute("app", "x") },
		`kim: the rules choose no name in attribute "title" of app`: func(s *rulestest.Set) {
			s.Person("kim").On("2026-11-23").Name("app", "title", "x")
		},
		`kim does not have app/group:chat, and cannot lose it: say Holding("app/group:chat") before On`: func(s *rulestest.Set) {
			s.Person("kim").On("2026-11-23").Loses("app/group:chat")
		},
		"kim: Until says something about the check before it": func(s *rulestest.Set) { s.Person("kim").On("2026-11-23").Until("2026-11-23") },
		"kim: Until is about roles: say it after Keeps": func(s *rulestest.Set) {
			s.Person("kim").On("2026-11-23").Account("app", target.Enabled).Until("2026-11-23")
		},
		`kim: the rules look at no field "title"`: func(s *rulestest.Set) { s.Person("kim").On("2026-11-23").Misses("title") },
	} {
		f := try(func(t testing.TB) { run(load(t)) })
		require.True(t, f.fatal, want)
		assert.Contains(t, f.text(), want)
	}
	for want, fact := range map[string]rulestest.Fact{
		`kim: "x" is no field of an identity`:                            rulestest.Field("custom.x", "1"),
		`kim: set last_day: parse date "2026-02-30"`:                     rulestest.Ends("2026-02-30"),
		`kim: custom.level holds one number, not 2 values`:               rulestest.Field("level", "1", "2"),
		`kim: department is the empty text, which is no value`:           rulestest.Department(""),
		`kim: work_email "x": `:                                          rulestest.Field("work_email", "x"),
		`kim: time_zone "Berlin" is taken as missing: want an IANA name`: rulestest.Field("time_zone", "Berlin"),
	} {
		f := try(func(t testing.TB) { load(t).Person("kim", fact) })
		require.True(t, f.fatal, want)
		assert.Contains(t, f.text(), want)
	}
}
