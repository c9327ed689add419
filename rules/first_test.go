package rules_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// firstRows is a set with tables of which the first row counts, and one that says the
// same in grants: of each row, that it applies and that no earlier one does.
func (g *generator) firstRows() (tables, grants rules.Spec) {
	tables = rules.Spec{
		Name:    "random",
		Fields:  []rules.FieldSpec{{Name: "level", Type: rules.IntType}, {Name: "badge", Values: []string{"red", "blue"}}},
		Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone}, {Target: "crm", Account: rules.Everyone}},
	}
	grants = tables
	for n := range 1 + g.IntN(3) {
		t := rules.Table{Name: fmt.Sprintf("t%d", n), In: []string{"department", "custom.level", "custom.badge"}, First: g.IntN(4) > 0}
		own := pick(g, rules.Everyone, rules.City.Is("red"), rules.Not(rules.Team.Is("red")))
		give := func(i int, when rules.Cond, role string) {
			grants.Grants = append(grants.Grants, rules.Grant{ID: fmt.Sprintf("g%d.%02d", n, i), When: rules.All(own, when), Give: []string{role}})
		}
		var earlier []rules.Cond
		for i := range 1 + g.IntN(9) {
			words, levels := pick(g, nil, []string{"red"}, []string{"green", "blue"}), pick(g, nil, []string{"2"}, []string{"1", "3"})
			badges := pick(g, nil, nil, []string{"red"}, []string{"blue"})
			cells := []rules.Cond{rules.Everyone}
			if words != nil {
				cells = append(cells, rules.Department.In(words...))
			}
			if badges != nil {
				cells = append(cells, rules.Custom("badge").In(badges...))
			}
			if levels != nil {
				var each []rules.Cond
				for _, l := range levels {
					number, _ := strconv.Atoi(l)
					each = append(each, rules.CustomInt("level").Is(number))
				}
				cells = append(cells, rules.Any(each...))
			}
			role := fmt.Sprintf("%s/g:x%d", pick(g, "app", "crm"), g.IntN(5))
			t.Rows = append(t.Rows, rules.Row{Match: [][]string{words, levels, badges}, Give: []string{role}})
			row := rules.All(cells...)
			if t.First && len(earlier) > 0 {
				give(i, rules.All(row, rules.Not(rules.Any(earlier...))), role)
			} else {
				give(i, row, role)
			}
			earlier = append(slices.Clip(earlier), row)
		}
		if g.IntN(2) == 0 {
			t.Else = []string{"app/g:else"}
			give(99, rules.Not(rules.Any(earlier...)), t.Else[0])
		}
		tables.Tables = append(tables.Tables, t)
		for i := range 1 + g.IntN(2) { // two grants may share a table
			tables.Grants = append(tables.Grants, rules.Grant{ID: fmt.Sprintf("g%d.%d", n, i), When: own, GiveFrom: t.Name})
		}
	}
	return tables, grants
}

// A table of which the first row counts means: the row applies, and no earlier one
// does; whoever the table is asked for before.
func TestFirstRowsMeanThatNoEarlierOneApplies(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	seeds(t, stormCount(400), func(t testing.TB, g *generator) {
		tables, grants := g.firstRows()
		a, b := mustBuild(t, tables).Decider(), mustBuild(t, grants).Decider()
		for range 8 {
			i := g.person()
			i.Status = source.Active
			i.StartDate, i.LastDay, i.TerminatedAt, i.Findings = source.Day(2026, 1, 1), source.Date{}, time.Time{}, nil
			i.Department.Name = pick(g, "", "red", "blue", "green", "\xff")
			i.Custom = map[string][]string{"level": pick(g, nil, []string{"1"}, []string{"2"}, []string{"x"}), "badge": pick(g, nil, []string{"red"}, []string{"no"})}
			p := rules.Person{Identity: i}
			want, got := b.Decide(p, at), a.Decide(p, at)
			require.Empty(t, cmp.Diff(want, got, cmpopts.EquateEmpty(), cmp.AllowUnexported(target.Attributes{})))
		}
	})
}

// longTable is a set with one table of so many rows of which the first counts.
func longTable(tb testing.TB, count int) *rules.Set {
	rows := make([]string, count)
	for n := range rows {
		rows[n] = fmt.Sprintf("[d%d, 'app/g:x%d']", n, n%50)
	}
	set, err := rules.Build(rules.File("acme.yaml", []byte(tabled("first: true, rows: ["+strings.Join(rows, ", ")+"]"))))
	require.NoError(tb, err)
	return set
}

func BenchmarkLongTable(b *testing.B) {
	set, at := longTable(b, 1900), time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for name, department := range map[string]string{"missing": "", "last": "d1899", "none": "other"} {
		p := rules.Person{Identity: &source.Identity{ID: "E1", Status: source.Active, Department: source.Named(department)}}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				set.Decide(p, at)
			}
		})
	}
}
