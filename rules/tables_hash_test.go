package rules_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

func tabled(rows string) string {
	return `rules: v1
name: acme
account: {app: everyone}
tables: {t: {in: [department], ` + rows + `}}
grants:
  - {id: g, when: everyone, give_from: t}
`
}

// What a table holds is part of the hash of the set, and of the rule that gives from
// it.
func TestTablesAreHashed(t *testing.T) {
	base := built(t, tabled("first: true, rows: [[A, 'app/g:a'], [B, 'app/g:b']]"))
	for name, rows := range map[string]string{
		"all rows":     "rows: [[A, 'app/g:a'], [B, 'app/g:b']]",
		"order":        "first: true, rows: [[B, 'app/g:b'], [A, 'app/g:a']]",
		"cell":         "first: true, rows: [[A, 'app/g:a'], [C, 'app/g:b']]",
		"first cell":   "first: true, rows: [[any, 'app/g:a'], [B, 'app/g:b']]",
		"gift":         "first: true, rows: [[A, 'app/g:a'], [B, 'app/g:c']]",
		"another row":  "first: true, rows: [[A, 'app/g:a'], [B, 'app/g:b'], [C, 'app/g:b']]",
		"else":         "first: true, rows: [[A, 'app/g:a'], [B, 'app/g:b']], else: 'app/g:a'",
		"another cell": "first: true, rows: [[[A, C], 'app/g:a'], [B, 'app/g:b']]",
	} {
		set := built(t, tabled(rows))
		assert.NotEqual(t, base.Hash(), set.Hash(), name)
		assert.NotEqual(t, base.RuleHash("g"), set.RuleHash("g"), name)
	}
}

// A long table costs as much as its rows, not as their square.
func TestLongTablesAllocateLittle(t *testing.T) {
	rows := make([]string, 1900)
	for n := range rows {
		rows[n] = fmt.Sprintf("[d%d, 'app/g:x%d']", n, n%50)
	}
	file := []byte(tabled("first: true, rows: [" + strings.Join(rows, ", ") + "]"))
	bytes := testing.Benchmark(func(b *testing.B) {
		b.Helper()
		for b.Loop() {
			_, err := rules.Build(rules.File("acme.yaml", file))
			require.NoError(b, err)
		}
	}).AllocedBytesPerOp()
	assert.Less(t, bytes, int64(100<<20))
}

// A conflict is noted wherever it leaves something undecided.
func TestContestedPicksOverTwoTargets(t *testing.T) {
	set := built(t, `rules: v1
name: acme
account: {app: everyone, crm: everyone}
pick:
  - id: one
    choices:
      - {give: 'app/licence:a', when: everyone, rank: 1}
      - {give: 'crm/licence:b', when: everyone, rank: 1}
`)
	d := set.Decide(rules.Person{Identity: &source.Identity{ID: "E1", Status: source.Active}}, instant(t, "2026-03-01T12:00:00Z"))
	for _, a := range d.Accounts {
		require.NotNil(t, a.Desired.Extra, a.Target)
		assert.Equal(t, []target.Note{{Code: rules.CodeConflict, Rule: "one", Text: "two choices of the same rank apply"}}, a.Desired.Extra.Notes)
	}
}

func TestFuncsReadNoInstants(t *testing.T) {
	_, err := rules.Build(rules.Spec{
		Name:    "acme",
		Targets: []rules.TargetSpec{{Target: "app", Account: rules.Call("gone")}},
		Funcs: []rules.Func{{
			Name: "gone", Version: "1", Inputs: []string{"terminated_at"}, Cond: func(rules.Inputs) rules.Truth { return rules.Yes },
		}},
	})
	assert.ErrorContains(t, err, "gone() reads terminated_at, an instant, which rules do not look at")
}
