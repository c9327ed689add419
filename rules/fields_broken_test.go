package rules_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// judge evaluates a condition, as rule files write it, on somebody who works.
func judge(t testing.TB, i *source.Identity, cond string) rules.Truth {
	t.Helper()
	set := mustBuild(t, rules.File("test.yaml", []byte(`rules: v1
name: test
fields:
  level: int
  remote: bool
  review: date
  site: text
  nick: text
  skills: list
account:
  app: everyone
grants:
  - id: g
    when: '`+cond+`'
    give: app/group:g
`)))
	d := set.Decide(rules.Person{Identity: i}, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)).Accounts[0].Desired
	assert.Equal(t, target.Enabled, d.State)
	return outcome(d, "group:g")
}

func TestValuesThatNobodyUnderstandsAreMissing(t *testing.T) {
	const yes, no, unsure = rules.Yes, rules.No, rules.Undecided
	for _, c := range []struct {
		field  string
		values []string
		cond   string
		want   rules.Truth
	}{
		{"level", []string{"5"}, "level >= 5", yes},
		{"level", []string{"-5"}, "level < 0", yes},
		{"level", []string{"-0"}, "level == 0", yes},
		{"level", []string{"007"}, "level == 7", yes},
		{"level", []string{"4"}, "level in [4, 6]", yes},
		{"level", []string{"5"}, "level != 5", no},
		{"level", []string{"999999999999999"}, "level > 1", yes},
		{"level", []string{"9999999999999999"}, "level > 1", unsure},
		{"level", []string{"NaN"}, "level > 1", unsure},
		{"level", []string{"5.0"}, "level > 1", unsure},
		{"level", []string{" 5"}, "level > 1", unsure},
		{"level", []string{"+5"}, "level > 1", unsure},
		{"level", []string{"-"}, "level > 1", unsure},
		{"level", []string{""}, "level > 1", unsure},
		{"level", []string{"1e3"}, "level > 1", unsure},
		{"level", []string{"٥"}, "level > 1", unsure},
		{"level", []string{"5\xff"}, "level > 1", unsure},
		{"level", []string{"5", "6"}, "level > 1", unsure},
		{"level", []string{}, "level > 1", unsure},
		{"level", nil, "level > 1", unsure},
		{"level", []string{"NaN"}, "missing(level)", yes},
		{"level", []string{"5"}, "missing(level)", no},
		{"remote", []string{"TRUE"}, "remote", yes},
		{"remote", []string{"True"}, "remote == true", yes},
		{"remote", []string{"FALSE"}, "not remote", yes},
		{"remote", []string{"false"}, "remote != false", no},
		{"remote", []string{"yes"}, "remote", unsure},
		{"remote", []string{"1"}, "not remote", unsure},
		{"remote", []string{" true"}, "remote", unsure},
		{"remote", []string{"true", "true"}, "remote", unsure},
		{"remote", []string{"\xff"}, "missing(remote)", yes},
		{"remote", []string{"no"}, "missing(remote)", yes},
		{"remote", []string{"TRUE"}, "missing(remote)", no},
		{"review", []string{"2026-03-01"}, "review <= as_of", yes},
		{"review", []string{"2026-02-30"}, "review <= as_of", unsure},
		{"review", []string{"1 March"}, "review <= as_of", unsure},
		{"review", []string{"2026-03-01", "2026-03-01"}, "review <= as_of", unsure},
		{"review", []string{"2026-03-01\xff"}, "missing(review)", yes},
		{"site", []string{"Rome"}, `site == "Rome"`, yes},
		{"site", []string{"rome"}, `equalFold(site, "ROME")`, yes},
		{"site", []string{"rome"}, `equalFold(site, "PARIS")`, no},
		{"site", []string{"Rome", "Rome"}, `site == "Rome"`, unsure},
		{"site", []string{"Rome\xff"}, `site startsWith "Rome"`, unsure},
		{"site", []string{"Rome"}, `lower(site) in ["rome"]`, yes},
		{"site", []string{"Rome"}, `site endsWith "me" and site contains "om"`, yes},
		{"skills", []string{"go", "sql"}, `count(skills) == 2`, yes},
		{"skills", []string{}, `count(skills) == 0`, yes},
		{"skills", nil, `count(skills) == 0`, unsure},
		{"skills", nil, `missing(count(skills))`, yes},
		{"skills", []string{"go", "\xff"}, `count(skills) == 2`, unsure},
		{"skills", []string{"go", "\xff"}, `"go" in skills`, unsure},
		{"site", []string{"a, b"}, `"b" in split(site, ",")`, yes},
		{"site", []string{"a, b"}, `count(split(site, ",")) == 2`, yes},
		{"site", nil, `"b" in split(site, ",")`, unsure},
	} {
		i := somebody()
		i.Custom = map[string][]string{c.field: c.values}
		assert.Equal(t, c.want, judge(t, i, c.cond), "%s with %q", c.cond, c.values)
	}
}

// Texts of a person compared with each other.
func TestTextsAreComparedWithEachOther(t *testing.T) {
	const yes, no, unsure = rules.Yes, rules.No, rules.Undecided
	for _, c := range []struct {
		site, nick, cond string
		want             rules.Truth
	}{
		{"a", "a", "site == nick", yes},
		{"a", "A", "site == nick", no},
		{"a", "A", "lower(site) == lower(nick)", yes},
		{"a", "b", "site != nick", yes},
		{"", "b", "site == nick", unsure},
		{"a", "", "site != nick", unsure},
		{"", "", "site == nick", unsure},
		{"\xff", "\xff", "site == nick", unsure},
	} {
		i := somebody()
		i.Custom = map[string][]string{"site": {c.site}, "nick": {c.nick}}
		assert.Equal(t, c.want, judge(t, i, c.cond), "%q %q %s", c.site, c.nick, c.cond)
	}
}

// A group whose name is no text may be any group.
func TestGroupsThatNobodyCanRead(t *testing.T) {
	i := somebody()
	for _, groups := range [][]source.Group{{{Name: "\xff"}}, {{Name: "admins"}, {Name: "adm\xff"}}, {{ID: "\xff"}}} {
		i.Groups = groups
		for _, name := range []string{"admins", "staff"} {
			assert.Equal(t, rules.Undecided, judge(t, i, `"`+name+`" in groups`), "%q", groups)
		}
	}
	i.Groups = []source.Group{{Name: "admins", ID: "\xff"}}
	assert.Equal(t, rules.Yes, judge(t, i, `"admins" in groups`), "the ID of a group with a name says nothing")
}

func TestDaysBetween(t *testing.T) {
	i := somebody()
	i.StartDate, i.Custom = source.Day(2026, 1, 1), map[string][]string{"review": {"2026-01-31"}}
	assert.Equal(t, rules.Yes, judge(t, i, "date_diff(review, start) == 30"))
	assert.Equal(t, rules.Yes, judge(t, i, "date_diff(start, review) == -30"))
	assert.Equal(t, rules.Yes, judge(t, i, "date_diff(review + 5d, start + 1d) == 34"))
	assert.Equal(t, rules.No, judge(t, i, "missing(date_diff(start, review))"))
	i.Custom = nil
	assert.Equal(t, rules.Undecided, judge(t, i, "date_diff(start, review) == 30"))
	assert.Equal(t, rules.Yes, judge(t, i, "missing(date_diff(start, review))"))
}

// Only the fields on which it depends are named.
func TestMissingNamesWhatAValueNeeds(t *testing.T) {
	for _, c := range []struct {
		cond   string
		remote string
		want   []string
	}{
		{`iif(remote, site, nick) == "x"`, "true", []string{"custom.site"}},
		{`iif(remote, site, nick) == "x"`, "false", []string{"custom.nick"}},
		{`iif(remote, site, nick) == "x"`, "", []string{"custom.remote"}},
		{`coalesce(site, nick) == "x"`, "", []string{"custom.nick", "custom.site"}},
		{`join(" ", coalesce(site, id), nick) == "x"`, "", []string{"custom.nick"}},
		{`switch(id, "E1", site, "E2", nick) == "x"`, "", []string{"custom.site"}},
		{`switch(id, "E9", site, nick) == "x"`, "", []string{"custom.nick"}},
		{`switch(site, "E9", id, nick) == "x"`, "", []string{"custom.site"}},
		{`level < 5 and date_diff(start, review) > 1`, "", []string{"custom.level", "custom.review", "start"}},
		{`slug(display_name) == "x"`, "", []string{"display_name"}},
	} {
		i := somebody()
		i.DisplayName = "王"
		if c.remote != "" {
			i.Custom = map[string][]string{"remote": {c.remote}}
		}
		set := mustBuild(t, rules.File("test.yaml", []byte("rules: v1\nname: test\nfields: {level: int, remote: bool, review: date, site: text, nick: text}\n"+
			"account: {app: everyone}\ngrants: [{id: g, when: '"+c.cond+"', give: app/group:g}]\n")))
		d := set.Decide(rules.Person{Identity: i}, time.Unix(0, 0)).Accounts[0].Desired
		assert.Equal(t, c.want, d.Missing, c.cond)
		assert.Len(t, d.Undecided, 1, c.cond)
	}
}
