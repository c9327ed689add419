package rules_test

import (
	"fmt"
	"testing"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
)

// lintSet is a rule set with so many grants, of which several give the same, some
// denials, a pick and a separation of duties.
func lintSet(tb testing.TB, grants int) *rules.Set {
	spec := rules.Spec{
		Name: "bench", Fields: []rules.FieldSpec{{Name: "level", Type: rules.IntType}},
		Targets: []rules.TargetSpec{
			{Target: "app", Account: rules.EmploymentType.IsNot(source.Contractor)},
			{Target: "erp", Account: rules.Department.In("Sales", "Finance", "Department 1", "Department 2")},
		},
		NeverTogether: []rules.NeverTogether{{ID: "sod", Roles: []string{"app/group:g1", "app/group:g2"}}},
	}
	for i := range grants {
		place := "app/group:g"
		if i%5 == 4 {
			place = "erp/role:r"
		}
		spec.Grants = append(spec.Grants, rules.Grant{
			ID: fmt.Sprintf("g%03d", i), Give: []string{fmt.Sprintf("%s%d", place, i%10)},
			When: rules.All(
				rules.Status.In(source.Active, source.OnLeave),
				rules.Department.In("Sales", "Support", fmt.Sprintf("Department %d", i%13)),
				rules.CustomInt("level").AtLeast(i%9),
				rules.Any(rules.Country.Is("DE"), rules.City.StartsWith("Ber"), rules.StartDate.Plus(i).OnOrBefore(rules.AsOf)),
			),
		})
	}
	for i := range 5 {
		spec.Never = append(spec.Never, rules.Never{
			ID: fmt.Sprintf("n%d", i), When: rules.Department.Is(fmt.Sprintf("Department %d", i)), Take: []string{fmt.Sprintf("app/group:g%d", i%4)},
		})
		spec.Picks = append(spec.Picks, rules.Pick{ID: fmt.Sprintf("p%d", i), Choices: []rules.Choice{
			{When: rules.CustomInt("level").AtLeast(5), Rank: 2, Give: fmt.Sprintf("app/licence:pro%d", i)},
			{When: rules.CustomInt("level").Below(i), Rank: 1, Give: fmt.Sprintf("app/licence:basic%d", i)},
			{When: rules.CustomInt("level").AtLeast(i), Rank: 1, Give: fmt.Sprintf("app/licence:plus%d", i)},
		}})
	}
	set, err := rules.Build(spec)
	if err != nil {
		tb.Fatal(err)
	}
	return set
}

func BenchmarkLint(b *testing.B) {
	for _, grants := range []int{50, 200} {
		b.Run(fmt.Sprintf("rules=%d", grants), func(b *testing.B) {
			set := lintSet(b, grants)
			b.ReportAllocs()
			for b.Loop() {
				set.Lint(rules.LintOptions{})
			}
		})
	}
	b.Run("rows=500", func(b *testing.B) {
		set := rowsSet(b, 500)
		b.ReportAllocs()
		for b.Loop() {
			set.Lint(rules.LintOptions{})
		}
	})
}

// rowsSet is a set with one long table, read from the top.
func rowsSet(tb testing.TB, rows int) *rules.Set {
	t := rules.Table{Name: "t", In: []string{"department", "country"}, First: true, Else: []string{"app/group:none"}}
	for i := range rows {
		row := rules.Row{Match: [][]string{{fmt.Sprintf("D%d", i/4)}, {}}, Give: []string{fmt.Sprintf("app/group:g%d", i%7)}}
		if i%4 < 3 {
			row.Match[1] = []string{[]string{"DE", "FR", "PT"}[i%4]}
		}
		t.Rows = append(t.Rows, row)
	}
	set, err := rules.Build(rules.Spec{
		Name: "rows", Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone}}, Tables: []rules.Table{t},
		Grants: []rules.Grant{{ID: "rows", When: rules.Status.Is(source.Active), GiveFrom: "t"}},
	})
	if err != nil {
		tb.Fatal(err)
	}
	return set
}

// A table of some hundred rows takes no time that anybody notices.
func TestLintOfALongTable(t *testing.T) {
	for _, f := range rowsSet(t, 600).Lint(rules.LintOptions{}) {
		t.Error(f)
	}
}
