package rules_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
)

// rowsAndGrants is a table of so many rows from which so many grants give.
func rowsAndGrants(rows, grants int) []byte {
	var b strings.Builder
	b.WriteString("rules: v1\nname: acme\naccount: {app: everyone}\ntables:\n  t:\n    in: [department]\n    first: true\n    rows:\n")
	for n := range rows {
		fmt.Fprintf(&b, "      - [d%d, 'app/g:x%d']\n", n, n)
	}
	b.WriteString("grants:\n")
	for n := range grants {
		fmt.Fprintf(&b, "  - {id: g%d, when: everyone, give_from: t}\n", n)
	}
	return []byte(b.String())
}

// What a grant makes of a table counts: a small file must not become a large set.
func TestRowsCountForEachGrant(t *testing.T) {
	_, err := rules.Build(rules.File("acme.yaml", rowsAndGrants(300, 300)))
	require.ErrorContains(t, err, "90300 rules")
	assert.Len(t, err.(rules.Problems), 1) //nolint:errorlint // Build returns them as they are

	// The largest that is allowed: nobody has a department, and every row is undecided.
	set, err := rules.Build(rules.File("acme.yaml", rowsAndGrants(44, 44)))
	require.NoError(t, err)
	person := rules.Person{Identity: &source.Identity{ID: "E1", Status: source.Active}}
	d := set.Decide(person, instant(t, "2026-03-01T12:00:00Z")).Accounts[0].Desired
	assert.Len(t, d.Undecided, 44)
	assert.Equal(t, []string{"department"}, d.Missing)
}

func TestTargetsAndPatternsAreBounded(t *testing.T) {
	spec := rules.Spec{Name: "acme"}
	for n := range 501 {
		spec.Targets = append(spec.Targets, rules.TargetSpec{Target: fmt.Sprintf("t%d", n), Account: rules.Everyone})
	}
	_, err := rules.Build(spec)
	require.ErrorContains(t, err, "501 targets, counting second accounts: at most 500")

	spec.Targets = spec.Targets[:300]
	for n := range 300 {
		spec.Require = append(spec.Require, rules.Requirement{ID: fmt.Sprintf("q%d", n), Must: rules.Everyone})
	}
	_, err = rules.Build(spec)
	require.ErrorContains(t, err, "300 requirements on 300 targets: at most 10000 in all")

	unique := rules.Unique{Max: 1000}
	for n := range 20 {
		unique.Try = append(unique.Try, rules.Join("", rules.Text(fmt.Sprintf("p%d-", n)), rules.Counter()))
	}
	names := rules.Spec{Name: "acme", Targets: []rules.TargetSpec{{
		Target: "app", Account: rules.Everyone, Attributes: []rules.Attribute{{Set: "login", Unique: &unique}},
	}}}
	set, err := rules.Build(names)
	require.NoError(t, err)
	person := rules.Person{Identity: &source.Identity{ID: "E1", Status: source.Active}}
	assert.Len(t, set.Candidates(person, instant(t, "2026-03-01T12:00:00Z"), "app", "", "login"), 1000)

	unique.Try = append(unique.Try, rules.Text("one more"))
	_, err = rules.Build(names)
	assert.ErrorContains(t, err, "21 patterns to try: at most 20")
}
