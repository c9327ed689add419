package rulestest_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/rules/rulestest"
	"github.com/provision-go/provision/source"
)

func TestAlways(t *testing.T) {
	set := load(t)
	rulestest.Always(t, set, "leavers get nothing", func(p rulestest.Person, d rules.Decision) bool {
		return !p.Status().Ended() && p.DaysGone() < 1 || len(rulestest.Want(d))+len(rulestest.Ask(d))+len(rulestest.Undecided(d)) == 0 ||
			p.Status() == source.Unknown || p.Status() == source.Candidate || p.Identity.Start().After(p.Today())
	})
	seen := 0
	rulestest.Always(t, set, "it is asked 1,000 times", func(rulestest.Person, rules.Decision) bool { seen++; return true })
	if os.Getenv("PROVISION_STORM") == "" {
		assert.Equal(t, 1000, seen)
	}
}

// The person of a failure has nothing that does not matter.
func TestAlwaysShrinks(t *testing.T) {
	set := rulestest.Wrap(t, build(t,
		rules.Grant{ID: "a", When: rules.All(rules.Department.Is("Sales"), rules.Groups.Has("x")), Give: []string{"app/group:a"}},
		rules.Grant{ID: "b", When: rules.All(rules.JobTitle.Is("Clerk"), rules.Country.Is("DE")), Give: []string{"app/group:b"}},
	))
	f := try(func(t testing.TB) {
		rulestest.Always(t, set, "nobody gets a", func(_ rulestest.Person, d rules.Decision) bool {
			return !slices.Contains(rulestest.Want(d), "app/group:a")
		})
	})
	require.Len(t, f.errors, 1)
	head, rest, _ := strings.Cut(f.errors[0], "\n")
	assert.Regexp(t, `^it is not so that nobody gets a: see person \d+ of People with seed 1, of whom this is enough$`, head)
	_, rest, _ = strings.Cut(rest, "someone: {id: ")
	_, rest, _ = strings.Cut(rest, ", ")
	const want = `department: Sales, groups: x, status: active}
    cases:
      - {person: someone}
    and the rules say want: [app/group:a], undecided: [app/group:b]
    app/account: enabled
      rule account.app
    app/group:a: granted
      rule a
        department == "Sales": yes (Sales)
        "x" in groups: yes (x)
    app/group:b: undecided
      rule b: undecided, needs country, job_title
        job_title == "Clerk": undecided (missing)
        country == "DE": undecided (missing)`
	if diff := cmp.Diff(want, rest); diff != "" {
		t.Error(diff)
	}
}

// What a failure shows can be pasted into a golden file, and says the same there.
func TestPeopleArePasted(t *testing.T) {
	set := rulestest.Wrap(t, large(t))
	n := 0
	for p := range rulestest.People(set.Rules(), 3, 200) {
		d := set.Rules().Decide(p.Person, p.At)
		text := strings.Replace(p.String(), "- {person: someone", "- {person: someone, want: ["+quote(rulestest.Want(d))+
			"], keep: ["+quote(rulestest.Keep(p, d))+"], undecided: ["+quote(rulestest.Undecided(d))+"]", 1)
		file := write(t, text)
		f := try(func(t testing.TB) { rulestest.Golden(t, set, file) })
		require.Empty(t, f.errors, "%s", text)
		n += len(rulestest.Want(d))
	}
	assert.Greater(t, n, 50)
}

func quote(roles []string) string {
	var out []string
	for _, r := range roles {
		out = append(out, `"`+r+`"`)
	}
	return strings.Join(out, ", ")
}

func TestPerson(t *testing.T) {
	set := load(t)
	gone, held := 0, 0
	for p := range rulestest.People(set.Rules(), 1, 300) {
		assert.Equal(t, p.Identity.Status, p.Status())
		assert.Equal(t, p.Identity.EmploymentType, p.EmploymentType())
		assert.Equal(t, p.Identity.Department.Name, p.Text("department"))
		assert.Equal(t, p.Identity.End().String(), p.Text("end"))
		assert.Equal(t, p.Identity.LastDay.String(), p.Text("end_date"))
		assert.Empty(t, p.Text("nothing"))
		assert.Equal(t, len(p.Held) == len(set.Rules().Owned("app").Entitlements), p.Holds("app/group:chat") && p.Holds("app/group:developer") &&
			p.Holds("app/badge:berlin") && p.Holds("app/role:entry") && p.Holds("app/role:approval"))
		if end := p.Identity.End(); !end.IsZero() && end.Before(p.Today()) {
			gone++
			assert.Equal(t, p.Today().Sub(end), p.DaysGone())
		} else {
			assert.Equal(t, -1, p.DaysGone())
		}
		held += len(p.Held)
	}
	assert.Greater(t, gone, 10)
	assert.Greater(t, held, 100)
}

func TestMissingTakesNothing(t *testing.T) {
	rulestest.MissingTakesNothing(t, load(t))
	rulestest.MissingTakesNothing(t, rulestest.Wrap(t, large(t)))
	for name, c := range map[string]struct {
		grants []rules.Grant
		never  []rules.Never
		want   []string
	}{
		"a grant to those who have a badge": {
			[]rules.Grant{{ID: "gate", When: rules.Not(rules.Custom("badge").Missing()), Give: []string{"app/group:gate"}}},
			nil,
			[]string{"a missing custom.badge takes app/group:gate away, by rule gate; a person for whom it does", "custom.badge: another", "rule gate: no"},
		},
		"a denial to those without a level": {
			[]rules.Grant{{ID: "gate", When: rules.Everyone, Give: []string{"app/group:gate"}}},
			[]rules.Never{{ID: "no.level", When: rules.Custom("level").Missing(), Take: []string{"app/group:gate"}}},
			[]string{"a missing custom.level takes app/group:gate away, by rule no.level; a person for whom it does", "rule no.level forbids it"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			set, err := rules.Build(rules.Spec{
				Name: "test", Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone}}, Grants: c.grants, Never: c.never,
				Fields: []rules.FieldSpec{{Name: "level"}, {Name: "badge"}},
			})
			require.NoError(t, err)
			f := try(func(t testing.TB) { rulestest.MissingTakesNothing(t, rulestest.Wrap(t, set)) })
			require.Len(t, f.errors, 1)
			for _, want := range c.want {
				assert.Contains(t, f.errors[0], want)
			}
		})
	}
}
