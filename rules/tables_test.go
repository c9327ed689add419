package rules_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

func tableSet(t testing.TB, first bool, otherwise ...string) *rules.Set {
	t.Helper()
	return mustBuild(t, rules.Spec{
		Name: "x", Fields: []rules.FieldSpec{{Name: "level", Type: rules.IntType}, {Name: "remote", Type: rules.BoolType}},
		Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone}},
		Tables: []rules.Table{{
			Name: "roles", In: []string{"department", "level", "remote", "status"}, First: first,
			Rows: []rules.Row{
				{Match: [][]string{{"Sales"}, {"1", "2"}, nil, nil}, Give: []string{"app/r:junior"}},
				{Match: [][]string{{"Sales", "Support"}, nil, {"true"}, nil}, Give: []string{"app/r:vpn", "app/r:home"}},
				{Match: [][]string{nil, nil, nil, {"active", "on_leave"}}, Give: []string{"app/r:staff"}},
			},
			Else: otherwise,
		}},
		Grants: []rules.Grant{{ID: "g", When: rules.Country.IsNot("FR"), GiveFrom: "roles"}},
	})
}

func TestTables(t *testing.T) {
	for _, c := range []struct {
		name                       string
		department, level, remote  string
		status                     source.Status
		all, open, first, openThen string // what all rows give, and the first one
	}{
		{"all of it", "Sales", "1", "TRUE", source.Active, "home junior staff vpn", "", "junior", ""},
		{"another level", "Sales", "3", "true", source.Active, "home staff vpn", "", "home vpn", ""},
		{"one cell is no", "Finance", "", "", source.Active, "staff", "", "staff", ""},
		{"else", "Finance", "1", "true", source.Suspended, "else", "", "else", ""},
		{"the first is open", "Sales", "", "true", source.Active, "home staff vpn", "junior", "", "home junior vpn"},
		{"the first is open, and no other", "Sales", "", "false", source.Suspended, "", "else junior", "", "else junior"},
		{"a number that is none", "Sales", "1.0", "false", source.Active, "staff", "junior", "", "junior staff"},
		{"between", "Support", "9", "", source.Active, "staff", "home vpn", "", "home staff vpn"},
		{"nothing is known", "", "", "", source.Active, "staff", "home junior vpn", "", "home junior staff vpn"},
	} {
		i := &source.Identity{ID: "E1", Status: c.status, Department: source.Named(c.department), Location: source.Location{Country: "DE"}, Custom: map[string][]string{}}
		if c.level != "" {
			i.Custom["level"] = []string{c.level}
		}
		if c.remote != "" {
			i.Custom["remote"] = []string{c.remote}
		}
		for _, first := range []bool{false, true} {
			d := tableSet(t, first, "app/r:else").Decide(rules.Person{Identity: i}, time.Unix(0, 0)).Accounts[0].Desired
			want := [2]string{c.all, c.open}
			if first {
				want = [2]string{c.first, c.openThen}
			}
			assert.Equal(t, want, [2]string{names(d.Entitlements), names(d.Undecided)}, "%s, first: %t", c.name, first)
		}
	}
	i := somebody()
	d := tableSet(t, false).Decide(rules.Person{Identity: i}, time.Unix(0, 0)).Accounts[0].Desired
	assert.Equal(t, "home junior staff vpn", names(d.Undecided), "the grant's own condition counts for each row")
	i.Location.Country = "FR"
	d = tableSet(t, false).Decide(rules.Person{Identity: i}, time.Unix(0, 0)).Accounts[0].Desired
	assert.Empty(t, d.Undecided)
	assert.Empty(t, d.Missing)
}

func names(list []target.Entitlement) string {
	text := ""
	for n, e := range list {
		if n > 0 {
			text += " "
		}
		text += e.Name
	}
	return text
}

func TestLookup(t *testing.T) {
	set := mustBuild(t, rules.Spec{
		Name: "x", Fields: []rules.FieldSpec{{Name: "level", Type: rules.IntType}},
		Tables: []rules.Table{
			{Name: "room", In: []string{"department", "level"}, Else: []string{"hall"}, Rows: []rules.Row{
				{Match: [][]string{{"Sales"}, {"1"}}, Give: []string{"S1"}},
				{Match: [][]string{{"Sales"}, nil}, Give: []string{"S"}},
			}},
			{Name: "floor", In: []string{"department"}, Rows: []rules.Row{{Match: [][]string{{"Sales"}}, Give: []string{"2"}}, {Match: [][]string{{"Ops"}}, Give: []string{"3"}}}},
			{Name: "all", In: []string{"department"}, Rows: []rules.Row{{Match: [][]string{{"Sales"}}, Give: []string{"s"}}, {Match: [][]string{nil}, Give: []string{"any"}}}},
		},
		Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone, Attributes: []rules.Attribute{
			{Set: "room", To: rules.Lookup("room")},
			{Set: "floor", To: rules.Lookup("floor"), IfMissing: rules.Clear},
			{Set: "all", To: rules.Upper(rules.Lookup("all"))},
			{Set: "must", To: rules.Join("", rules.Lookup("room"), rules.ID), IfMissing: rules.Block},
		}}},
	})
	for _, c := range []struct{ department, level, room, floor, all string }{
		{"Sales", "1", "S1", "2", "S"},
		{"Sales", "2", "S", "2", "S"},
		{"Ops", "", "hall", "3", "ANY"},
		{"Legal", "", "hall", "", "ANY"},
	} {
		i := somebody()
		i.Department = source.Named(c.department)
		i.Custom = map[string][]string{"level": {c.level}}
		d := set.Decide(rules.Person{Identity: i}, time.Unix(0, 0)).Accounts[0].Desired
		assert.Equal(t, []string{c.room, c.floor, c.all}, []string{d.Attributes.Get("room"), d.Attributes.Get("floor"), d.Attributes.Get("all")}, "%+v", c)
		assert.Equal(t, c.room+"E1", d.Attributes.Get("must"))
	}
	for department, lacking := range map[string]string{"Sales": "custom.level", "": "department"} {
		i := somebody()
		i.Department = source.Named(department)
		d := set.Decide(rules.Person{Identity: i}, time.Unix(0, 0)).Accounts[0].Desired
		assert.Equal(t, target.Undecided, d.State, "a row that may apply leaves it open, whatever comes after")
		assert.Contains(t, d.Missing, lacking)
	}
}
