package rulestest_test

import (
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/rules/rulestest"
	"github.com/provision-go/provision/source"
)

// large is a set with nearly everything that rules may have.
func large(t *testing.T) *rules.Set {
	t.Helper()
	data, err := os.ReadFile("../testdata/files/base.yaml")
	require.NoError(t, err)
	more := rules.Spec{Fields: []rules.FieldSpec{{Name: "review", Type: rules.DateType}}, Grants: []rules.Grant{
		{ID: "z.days", When: rules.CustomDate("review").OnOrAfter(rules.Date(2026, 3, 1)), Give: []string{"app/group:z"}},
		{ID: "z.texts", When: rules.Any(rules.JobTitle.StartsWith("Lead"), rules.Team.IsFold("Ops")), Give: []string{"app/group:z"}},
	}}
	set, err := rules.Build(rules.File("base.yaml", data), more)
	require.NoError(t, err)
	return set
}

// Whatever the rules compare a field with, somebody has it, one less and one more.
func TestPeopleCoverEveryConstant(t *testing.T) {
	set := large(t)
	seen := map[string]map[string]bool{} // values by field; "" is missing
	offsets := map[string]map[int]bool{} // of dates, from today
	for p := range rulestest.People(set, 7, 300) {
		for _, use := range set.Uses() {
			if seen[use.Name] == nil {
				seen[use.Name], offsets[use.Name] = map[string]bool{}, map[int]bool{}
			}
			spec, ok := source.Field(use.Name)
			require.True(t, ok, use.Name)
			if spec.Missing(p.Identity) {
				seen[use.Name][""] = true
			}
			for _, text := range spec.Values(p.Identity) {
				seen[use.Name][text] = true
				if day, err := source.ParseDate(text); err == nil {
					offsets[use.Name][day.Sub(p.Today())] = true
				}
			}
		}
	}
	constants := 0
	need := func(use rules.FieldUse, text string) {
		constants++
		assert.True(t, seen[use.Name][text], "nobody has %q in %s", text, use.Name)
	}
	for _, use := range set.Uses() {
		need(use, "")
		for _, text := range use.Vocabulary {
			need(use, text)
		}
		if use.Type == "text" && use.Vocabulary == nil {
			for _, text := range use.Values {
				for _, variant := range []string{text, text + "x", "x" + text} {
					if spec, _ := source.Field(use.Name); spec.Check(variant) == nil && use.Name != "country" {
						need(use, variant)
					}
				}
			}
			need(use, map[string]string{
				"given_name": "Łukasz", "preferred_name": "王", "family_name": "Silva", "work_email": "ana.silva@example.com", "country": "NZ",
			}[use.Name]+map[bool]string{true: "", false: "another"}[slices.Contains(
				[]string{"given_name", "preferred_name", "family_name", "work_email", "country"}, use.Name)])
		}
		for _, n := range use.Numbers {
			for m := n - 1; m <= n+1; m++ {
				need(use, strconv.Itoa(m))
			}
		}
		for n := -1; n <= 1; n++ {
			for _, day := range use.Days {
				need(use, day.AddDays(n).String())
			}
			for _, o := range use.Offsets {
				constants++
				assert.True(t, offsets[use.Name][o+n], "nobody has a day %d days ahead in %s", o+n, use.Name)
			}
		}
	}
	assert.Greater(t, constants, 100, "there is something to look for")
	assert.True(t, seen["job_title"]["lEAD"], "other letters")
}

// Equal seeds give equal people, and a longer list begins as a shorter one.
func TestPeopleAreDeterministic(t *testing.T) {
	set := large(t)
	texts := func(seed uint64, n int) []string {
		var out []string
		for p := range rulestest.People(set, seed, n) {
			out = append(out, p.String())
		}
		return out
	}
	long := texts(1, 200)
	assert.Equal(t, long[:50], texts(1, 50))
	assert.NotEqual(t, long, texts(2, 200))
	slices.Sort(long)
	assert.Greater(t, len(slices.Compact(long)), 190, "they differ")
	for range rulestest.People(set, 1, 10) {
		break
	}
}

// People are such as a source gives them, in many situations.
func TestPeopleAreClean(t *testing.T) {
	set := large(t)
	states, holding, approved, protected := map[string]int{}, 0, 0, 0
	for p := range rulestest.People(set, 1, 1000) {
		clean := source.Clean(*p.Identity)
		clean.Findings = nil
		require.Equal(t, *p.Identity, clean)
		d := set.Decide(p.Person, p.At)
		states[d.Accounts[0].Desired.State.String()]++
		if d.Accounts[0].Desired.Protected {
			protected++
		}
		if len(p.Held) > 0 {
			holding++
		}
		if len(p.Approvals) > 0 {
			approved++
		}
	}
	assert.Len(t, states, 5, "every state: %v", states)
	assert.Greater(t, holding, 300)
	assert.Greater(t, approved, 100)
	assert.Greater(t, protected, 20)
}
