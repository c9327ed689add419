package rules_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
)

const comparedBefore = `
rules: v1
name: acme
account: {app: everyone}
attributes:
  app:
    - {set: title, to: job_title}
    - {set: mail, to: work_email}
grants:
  - {id: eng, when: 'department == "Engineering"', give: [app/group:eng]}
  - {id: sales, when: 'department == "Sales"', give: [app/group:sales]}
`

func built(t testing.TB, files ...string) *rules.Set {
	t.Helper()
	layers := make([]rules.Spec, len(files))
	for i, text := range files {
		layers[i] = rules.File(fmt.Sprintf("file%d.yaml", i), []byte(text))
	}
	set, err := rules.Build(layers...)
	require.NoError(t, err)
	return set
}

func staff() []rules.Person {
	person := func(id, department, title string) rules.Person {
		return rules.Person{Identity: &source.Identity{
			ID: id, Status: source.Active, Department: source.Named(department), JobTitle: title, WorkEmail: id + "@acme.example",
		}}
	}
	return []rules.Person{
		person("E3", "Sales", "Clerk"), person("E1", "Engineering", "Engineer"), person("E2", "", "Engineer"),
		{Identity: &source.Identity{ID: "E4", Status: source.Terminated, Department: source.Named("Engineering"), WorkEmail: "e4@acme.example"}},
		{},
	}
}

func TestCompare(t *testing.T) {
	before := built(t, comparedBefore)
	after := built(t, comparedBefore, `
rules: v1
replace:
  grants:
    - {id: eng, when: 'department == "Engineering" and job_title == "Lead"', give: [app/group:eng]}
  attributes: {app: [{set: mail, to: lower(work_email)}]}
never:
  - {id: no.sales, when: everyone, take: [app/group:sales]}
grants:
  - {id: all, when: everyone, give: [app/group:all]}
`)
	diff := rules.Compare(before, after, slices.Values(staff()), instant(t, "2026-03-01T12:00:00Z"))
	assert.Equal(t, before.Hash(), diff.Old)
	assert.Equal(t, after.Hash(), diff.New)
	assert.Equal(t, `4 people compared at 2026-03-01T12:00:00Z, 3 with differences

rule      people  gains  losses  altered
all       3       3      0       0
app.mail  3       0      0       3
eng       2       0      2       0
no.sales  2       0      2       0

~ alters  E1@acme.example  E1  app/attribute mail  (sensitive) → (sensitive)  rule app.mail
+ gains   E1@acme.example  E1  app/group:all       not granted → granted      rule all
- loses   E1@acme.example  E1  app/group:eng       granted → not granted      rule eng
~ alters  E2@acme.example  E2  app/attribute mail  (sensitive) → (sensitive)  rule app.mail
+ gains   E2@acme.example  E2  app/group:all       not granted → granted      rule all
- loses   E2@acme.example  E2  app/group:eng       undecided → not granted    rule eng
- loses   E2@acme.example  E2  app/group:sales     undecided → not granted    rule no.sales
~ alters  E3@acme.example  E3  app/attribute mail  (sensitive) → (sensitive)  rule app.mail
+ gains   E3@acme.example  E3  app/group:all       not granted → granted      rule all
- loses   E3@acme.example  E3  app/group:sales     granted → not granted      rule no.sales
`, diff.String())
}

func TestCompareWithNothing(t *testing.T) {
	set, at := built(t, comparedBefore), instant(t, "2026-03-01T12:00:00Z")
	people := func() []rules.Person { return staff()[:1] }
	assert.Empty(t, rules.Compare(set, set, slices.Values(people()), at).Changed)
	gained := rules.Compare(nil, set, slices.Values(people()), at)
	lost := rules.Compare(set, nil, slices.Values(people()), at)
	subjects := func(d *rules.Diff, gain rules.Gain) []string {
		var out []string
		for _, x := range d.Changed[0].Changes {
			if x.Gain == gain {
				out = append(out, x.Subject)
			}
		}
		return out
	}
	assert.Equal(t, []string{"account", "group:sales"}, subjects(gained, rules.Gains))
	assert.Equal(t, []string{"account", "group:sales"}, subjects(lost, rules.Loses))
	assert.Equal(t, "E3@acme.example", lost.Changed[0].Label)
	assert.Empty(t, rules.Compare(nil, nil, slices.Values(people()), at).Changed)
}

func TestCompareAsJSON(t *testing.T) {
	before := built(t, comparedBefore)
	after := built(t, comparedBefore, "rules: v1\noff: [eng]\n")
	diff := rules.Compare(before, after, slices.Values(staff()), instant(t, "2026-03-01T12:00:00Z"))
	text, err := json.Marshal(diff)
	require.NoError(t, err)
	assert.Contains(t, string(text), `{"identity":"E1","label":"E1@acme.example","changes":[{"target":"app","subject":"group:eng",`+
		`"gain":"loses","before":"granted","after":"not granted","rule":"eng"}]}`)
	var again rules.Diff
	require.NoError(t, json.Unmarshal(text, &again))
	assert.Equal(t, diff, &again)
	assert.Error(t, json.Unmarshal([]byte(`{"rules":[],"changed":[{"changes":[{"gain":"up"}]}]}`), &again))
}

// What Compare says agrees with what the two sets decide, in any order of people.
func TestCompareAgreesWithDecide(t *testing.T) {
	seeds(t, 150, func(t testing.TB, g *generator) {
		oldSpec, _ := g.spec()
		newSpec, _ := g.spec()
		before, after := mustBuild(t, oldSpec), mustBuild(t, newSpec)
		at := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
		people := make([]rules.Person, 12)
		for n := range people {
			people[n] = rules.Person{Identity: g.person()}
			people[n].Identity.ID = fmt.Sprintf("E%02d", n)
		}
		diff := rules.Compare(before, after, slices.Values(people), at)
		differs := map[string]bool{}
		for _, x := range diff.Changed {
			differs[x.Identity] = true
			assert.NotEmpty(t, x.Changes)
		}
		for _, p := range people {
			a, b := before.Decide(p, at), after.Decide(p, at)
			same := true
			for n := range a.Accounts {
				x, y := &a.Accounts[n].Desired, &b.Accounts[n].Desired
				same = same && x.State == y.State && x.Attributes == y.Attributes && slices.Equal(x.Clear, y.Clear) &&
					slices.Equal(x.Entitlements, y.Entitlements) && slices.Equal(x.Undecided, y.Undecided) && slices.Equal(x.Ask, y.Ask)
			}
			assert.Equal(t, !same, differs[p.Identity.ID], "%s", p.Identity.ID)
		}
		slices.Reverse(people)
		assert.Equal(t, diff, rules.Compare(before, after, slices.Values(people), at))
	})
}

func TestDiffFormatLimits(t *testing.T) {
	set := built(t, comparedBefore)
	diff := rules.Compare(nil, set, slices.Values(staff()), instant(t, "2026-03-01T12:00:00Z"))
	var b strings.Builder
	require.NoError(t, diff.Format(&b, 1))
	assert.Contains(t, b.String(), "and 3 people more\n")
	b.Reset()
	require.NoError(t, diff.Format(&b, 0))
	assert.NotContains(t, b.String(), "more")
	assert.NotContains(t, b.String(), "E1")
	assert.Error(t, diff.Format(failing{}, 1))
	diff.Changed[0].Label = "a\x1b[31mb\u202e"
	assert.NotContains(t, diff.String(), "\x1b")
	assert.NotContains(t, diff.String(), "\u202e")
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, assert.AnError }
