package scim_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/internal/scim"
)

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

func ana() scim.Object {
	return scim.Object{
		"schemas":    []any{"urn:ietf:params:scim:schemas:core:2.0:Person", enterprise},
		"id":         "Id1",
		"externalId": "E11",
		"meta":       scim.Object{"lastModified": "2026-11-29T08:00:00.5Z", "created": "2026-11-29T08:00:00Z", "location": "https://acme.example/People/Id1"},
		"userName":   "Ana.Jäger@acme.example",
		"name":       scim.Object{"familyName": "Jäger", "givenName": "Ana"},
		"active":     true,
		"age":        int64(41),
		"score":      2.5,
		"nickName":   "",
		"tags":       []any{"Red", "green"},
		"numbers":    []any{int64(1), int64(9)},
		"emails": []any{
			scim.Object{"type": "work", "value": "ana@acme.example", "primary": true},
			scim.Object{"type": "home", "value": "ana@home.example"},
		},
		"roles": []any{scim.Object{"display": ""}},
		enterprise: scim.Object{
			"employeeNumber": "701984", "manager": scim.Object{"value": "Boss"},
		},
	}
}

func TestMatches(t *testing.T) {
	for text, want := range map[string]bool{
		`userName eq "ANA.JÄGER@ACME.EXAMPLE"`:               true,
		`userName eq "ana.jager@acme.example"`:               false,
		`userName eq "ana.jäger@acme"`:                       false,
		`userName sw "ana.jÄ"`:                               true,
		`userName ew "R@ACME.example"`:                       true,
		`userName co "JÄGER@"`:                               true,
		`userName co ""`:                                     true,
		`userName co "q"`:                                    false,
		`externalId eq "E11"`:                                true,
		`externalId eq "e11"`:                                false,
		`externalId sw "e"`:                                  false,
		`externalId ew "e11"`:                                false,
		`externalId co "e"`:                                  false,
		`id eq "id1"`:                                        false,
		`meta.location eq "https://acme.example/people/id1"`: false,
		`schemas eq "` + enterprise + `"`:                    true,

		`active eq true`:                    true,
		`active ne true`:                    false,
		`active eq "False"`:                 false,
		`age gt 40`:                         true,
		`age gt 41`:                         false,
		`age ge 41`:                         true,
		`age lt 41.5`:                       true,
		`age gt 40.5`:                       true,
		`age eq 41.0`:                       true,
		`age le 1e30`:                       true,
		`age gt -1e30`:                      true,
		`score eq 2.5`:                      true,
		`score lt 3`:                        true,
		`userName gt "ana"`:                 true,
		`userName lt "B"`:                   true,
		`userName ge "b"`:                   false,
		`started lt "2026-11-29T08:00:00Z"`: false,
		`meta.created eq "2026-11-29T09:00:00+01:00"`:   true,
		`meta.created eq "2026-11-29T08:00:00.000"`:     true,
		`meta.lastModified gt "2026-11-29T08:00:00Z"`:   true,
		`meta.lastModified lt "2026-11-29T08:00:00.6Z"`: true,
		`meta.lastModified le "2026-11-29T08:00:00Z"`:   false,

		// What is absent.
		`title pr`:               false,
		`nickName pr`:            false,
		`roles pr`:               false,
		`roles.value pr`:         false,
		`emails pr`:              true,
		`name pr`:                true,
		`title eq "a"`:           false,
		`title ne "a"`:           true,
		`title eq null`:          true,
		`title ne null`:          false,
		`userName eq null`:       false,
		`userName ne null`:       true,
		`title gt "a"`:           false,
		`title le "a"`:           false,
		`title co ""`:            false,
		`emails.display eq null`: true,

		// Several values.
		`tags eq "RED"`:                       true,
		`tags ne "red"`:                       false,
		`tags ne "blue"`:                      true,
		`tags[value eq "red"]`:                true,
		`tags[value ne "red"]`:                true,
		`tags[value sw "r" and value ew "n"]`: false,
		`tags sw "r" and tags ew "n"`:         true,
		`numbers gt 8`:                        true,
		`numbers gt 9`:                        false,
		`numbers[value gt 2 and value lt 8]`:  false,
		`numbers gt 2 and numbers lt 8`:       true,
		`emails eq "ANA@home.example"`:        true,
		`emails.type eq "home" and emails.value ew "@acme.example"`: true,
		`emails[type eq "home" and value ew "@acme.example"]`:       false,
		`emails[type eq "work" and value ew "@acme.example"]`:       true,
		`emails[type eq "work"].value eq "ana@acme.example"`:        true,
		`emails[type eq "home"].value eq "ana@acme.example"`:        false,
		`emails[type eq "work" and not (value ew "@acme.example")]`: false,
		`emails[not (type eq "work")]`:                              true,
		`not (emails[type eq "work"])`:                              false,
		`emails[primary ne true]`:                                   true,
		`emails.primary ne true`:                                    false,
		`emails[type eq "other"]`:                                   false,
		`addresses[not (type eq "a")]`:                              false,
		`name[familyName eq "jäger" and givenName eq "ana"]`:        true,

		// Extensions.
		enterprise + `:employeeNumber eq "701984"`:         true,
		enterprise + `:manager eq "Boss"`:                  true,
		enterprise + `:manager.value eq "boss"`:            false,
		`urn:example:acme_corp:scim:2.0:displayName pr`:    false,
		`urn:example:acme_corp:scim:2.0:User:badge ne "x"`: true,

		// Precedence.
		`title pr and title pr or userName pr`:     true,
		`userName pr or title pr and title pr`:     true,
		`(userName pr or title pr) and title pr`:   false,
		`not (title pr) and userName pr`:           true,
		`not (title pr or userName pr)`:            false,
		`not (title pr and userName pr) or age pr`: true,
	} {
		assert.Equal(t, want, scim.Matches(filter(t, text), ana()), text)
	}
}

func TestMatchesValue(t *testing.T) {
	work := scim.Object{"type": "Work", "value": "x"}
	assert.True(t, scim.MatchesValue(path(t, `emails[type eq "work"].value`).Filter, work))
	assert.False(t, scim.MatchesValue(path(t, `emails[type eq "home"]`).Filter, work))
	assert.True(t, scim.MatchesValue(path(t, `emails[display ne "a"]`).Filter, work))
	assert.True(t, scim.MatchesValue(path(t, `tags[value eq "red"]`).Filter, "RED"))
	assert.False(t, scim.MatchesValue(path(t, `tags[value eq "red"]`).Filter, "blue"))
}

// What a schema does not foresee is not equal to anything, and nothing panics.
func TestMatchesOddValues(t *testing.T) {
	odd := scim.Object{"userName": int64(4), "active": "true", "age": "4", "emails": "x", "name": []any{nil, "x"}, "started": "soon", enterprise: "x"}
	for _, text := range []string{
		`userName eq "4"`, `active eq true`, `age eq 4`, `age lt 4`, `emails eq "x"`, `name.familyName pr`,
		`started eq "2026-11-29T08:00:00Z"`, enterprise + `:employeeNumber pr`,
	} {
		assert.False(t, scim.Matches(filter(t, text), odd), text)
		assert.False(t, scim.Matches(filter(t, text), nil), text)
	}
}

func TestMatchesDoesNotAllocate(t *testing.T) {
	o := ana()
	for _, text := range []string{
		`userName eq "ANA.jäger@acme.example"`,
		`externalId eq "E11"`,
		`emails[type eq "home" and value eq "ANA@home.example"] and active eq true`,
		enterprise + `:manager.value eq "x" or not (name.familyName sw "x" or tags pr or tags ew "x")`,
		`userName co "ACME" and meta.created ge "2026-01-01T00:00:00Z" and numbers gt 3 and title ne "a"`,
	} {
		f := filter(t, text)
		assert.Zero(t, testing.AllocsPerRun(100, func() { scim.Matches(f, o) }), text)
	}
}

func BenchmarkMatches(b *testing.B) {
	o := ana()
	for name, text := range map[string]string{
		"eq":  `userName eq "ana.jäger@acme.example"`,
		"has": `emails[type eq "home" and value eq "ana@home.example"]`,
		"co":  `userName co "@acme"`,
	} {
		f, err := scim.ParseFilter(text, person(), scim.Limits{})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				scim.Matches(f, o)
			}
		})
	}
}
