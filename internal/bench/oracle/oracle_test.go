// Package oracle_test has expr and CEL judge our conditions: on people of whom
// nothing is missing all three languages must come to the same.
package oracle_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/bench/engines"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
)

// conditions is how many are tried, in sets of one size after the other: with up
// to 64 entitlements and with more, which are decided in different ways.
func conditions() int {
	if os.Getenv("PROVISION_STORM") == "1" {
		return 200_000
	}
	return 20_000
}

// peopleEach is for how many people each condition is tried.
const peopleEach = 10

// A set of a failure can be tried alone: go test -run 'TestLanguagesAgree/17$'.
func TestLanguagesAgree(t *testing.T) {
	made, yes, asked := map[string]int{}, 0, 0
	for seed, done := uint64(0), 0; done < conditions(); seed++ {
		size := min([]int{20, 60, 120}[seed%3], conditions()-done)
		done += size
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			g := newGenerator(seed)
			b := newBatch(t, g, size)
			for n := range peopleEach {
				day := around().AddDays(g.IntN(11) - 5)
				i := g.person(fmt.Sprintf("E%d", n), day)
				yes += b.judge(t, &i, day)
				asked += size
			}
			for kind, n := range g.made {
				made[kind] += n
			}
		})
	}
	t.Logf("%d of %d answers are yes; made of %v", yes, asked, made)
	if asked == peopleEach*conditions() { // and not a single set
		assert.InDelta(t, 0.5, float64(yes)/float64(asked), 0.3, "an oracle that always says the same says nothing")
		assert.Len(t, made, 14, "every kind of condition was made")
	}
}

// A batch is a set of conditions in all three languages.
type batch struct {
	forms []form
	set   *rules.Set
	expr  *engines.Expr
	cel   *engines.CEL
}

func newBatch(t *testing.T, g *generator, size int) batch {
	t.Helper()
	var file strings.Builder
	file.WriteString("rules: v1\nname: oracle\nfields: {level: int, grade: int, site: text, remote: bool}\naccount: {app: everyone}\ngrants:\n")
	b := batch{}
	var asExpr, asCEL []string
	for n := range size {
		f := g.cond(g.IntN(4))
		b.forms = append(b.forms, f)
		asExpr, asCEL = append(asExpr, f.expr), append(asCEL, f.cel)
		when, err := json.Marshal(f.ours)
		require.NoError(t, err)
		fmt.Fprintf(&file, "  - {id: c%d, give: 'app/answer:%04d', when: %s}\n", n, n, when)
	}
	var err error
	b.set, err = rules.Build(rules.File("oracle.yaml", []byte(file.String())))
	require.NoError(t, err)
	b.expr, err = engines.CompileExpr(asExpr...)
	require.NoError(t, err)
	b.cel, err = engines.CompileCEL(asCEL...)
	require.NoError(t, err)
	return b
}

// judge compares the answers about one person and returns how many are yes.
func (b *batch) judge(t *testing.T, i *source.Identity, day source.Date) int {
	t.Helper()
	want := b.set.Decide(rules.Person{Identity: i}, day.In(time.UTC).Add(12*time.Hour)).Accounts[0].Desired
	require.Empty(t, want.Undecided)
	var ours, expr, cel []int
	for _, e := range want.Entitlements {
		var n int
		_, err := fmt.Sscanf(e.Name, "%d", &n)
		require.NoError(t, err)
		ours = append(ours, n)
	}
	require.NoError(t, b.expr.Evaluate(engines.NewExprPerson(i, day), func(n int) { expr = append(expr, n) }))
	forCEL, err := engines.NewCELPerson(i, day)
	require.NoError(t, err)
	require.NoError(t, b.cel.Evaluate(forCEL, func(n int) { cel = append(cel, n) }))
	if slices.Equal(ours, expr) && slices.Equal(ours, cel) {
		return len(ours)
	}
	for n, f := range b.forms {
		a, x, c := slices.Contains(ours, n), slices.Contains(expr, n), slices.Contains(cel, n)
		if a != x || a != c {
			t.Errorf("ours %t, expr %t, CEL %t on %v for %+v\n\tours: %s\n\texpr: %s\n\tCEL:  %s", a, x, c, day, *i, f.ours, f.expr, f.cel)
		}
	}
	return len(ours)
}
