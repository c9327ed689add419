package rules_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

func funcSet(t testing.TB, f rules.Func, when rules.Cond, to rules.Value) *rules.Set {
	t.Helper()
	app := rules.TargetSpec{Target: "app", Account: rules.Everyone}
	if to != nil {
		app.Attributes = []rules.Attribute{{Set: "x", To: to, IfMissing: rules.Clear}}
	}
	spec := rules.Spec{
		Name: "x", Funcs: []rules.Func{f}, Targets: []rules.TargetSpec{app},
		Fields: []rules.FieldSpec{{Name: "level", Type: rules.IntType}, {Name: "skills", Type: rules.ListType}, {Name: "review", Type: rules.DateType}},
	}
	if !when.IsZero() {
		spec.Grants = []rules.Grant{{ID: "g", When: when, Give: []string{"app/group:g"}}}
	}
	return mustBuild(t, spec)
}

func TestFuncs(t *testing.T) {
	i := somebody()
	i.Department, i.Groups = source.Named("Sales"), []source.Group{{Name: "a"}}
	i.LastDay = source.Day(2026, 12, 31)
	i.Custom = map[string][]string{"level": {"3"}, "skills": {"go", "sql"}, "review": {"2026-03-04"}}
	p, at := rules.Person{Identity: i}, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	calls := 0
	for _, c := range []struct {
		name   string
		inputs []string
		cond   func(rules.Inputs) rules.Truth
		want   rules.Truth
		calls  int
	}{
		{"yes", []string{"department"}, func(in rules.Inputs) rules.Truth { return rules.Yes }, rules.Yes, 1},
		{"no", nil, func(in rules.Inputs) rules.Truth { return rules.No }, rules.No, 1},
		{"undecided", nil, func(in rules.Inputs) rules.Truth { return rules.Undecided }, rules.Undecided, 1},
		{"too much", nil, func(in rules.Inputs) rules.Truth { return 77 }, rules.Undecided, 1},
		{"too little", nil, func(in rules.Inputs) rules.Truth { return -2 }, rules.Undecided, 1},
		{"panics", nil, func(in rules.Inputs) rules.Truth { panic("no") }, rules.Undecided, 1},
		{"an input is missing", []string{"department", "team"}, func(in rules.Inputs) rules.Truth { return rules.Yes }, rules.Undecided, 0},
		{"reads", []string{"department", "level", "custom.skills", "review", "end_date", "status", "groups"}, func(in rules.Inputs) rules.Truth {
			fits := in.Text("department") == "Sales" && in.Text("level") == "3" && in.Text("custom.level") == "3" && in.Text("status") == "active" &&
				len(in.List("skills")) == 2 && in.List("groups")[0] == "a" && in.Date("review") == source.Day(2026, 3, 4) &&
				in.Text("review") == "2026-03-04" && in.Date("end_date") == i.LastDay && in.Text("end") == "2026-12-31"
			nothing := in.Text("country") == "" && in.Text("skills") == "" && in.List("department") == nil && in.List("team") == nil &&
				in.Date("department").IsZero() && in.Date("hire_date").IsZero()
			in.List("skills")[0] = "spoilt"
			if !fits || !nothing {
				return rules.No
			}
			return rules.Yes
		}, rules.Yes, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			calls = 0
			f := rules.Func{Name: "f", Version: "1", Inputs: c.inputs, Cond: func(in rules.Inputs) rules.Truth { calls++; return c.cond(in) }}
			set := funcSet(t, f, rules.Call("f"), nil)
			d := set.Decide(p, at).Accounts[0].Desired
			assert.Equal(t, c.want, outcome(d, "group:g"))
			assert.Equal(t, c.calls, min(calls, 1))
			if c.calls == 0 {
				assert.Equal(t, []string{"team"}, d.Missing)
			}
		})
	}
	assert.Equal(t, []string{"go", "sql"}, i.Custom["skills"], "what a function is given is its own")

	text := func(f func(rules.Inputs) string) target.Desired {
		set := funcSet(t, rules.Func{Name: "f", Version: "1", Inputs: []string{"department"}, Text: f}, rules.Cond{}, rules.CallText("f"))
		return set.Decide(p, at).Accounts[0].Desired
	}
	assert.Equal(t, "<Sales>", text(func(in rules.Inputs) string { return "<" + in.Text("department") + ">" }).Attributes.Get("x"))
	for _, f := range []func(rules.Inputs) string{
		func(rules.Inputs) string { return "" }, func(rules.Inputs) string { return "\xff" }, func(rules.Inputs) string { panic("no") },
	} {
		d := text(f)
		assert.True(t, d.Attributes.IsZero())
		assert.Equal(t, []string{"x"}, d.Clear)
	}
	i.Department.Name = ""
	assert.Equal(t, []string{"x"}, text(func(in rules.Inputs) string { return "there" }).Clear, "not called")
}

// An explanation shows what a function was given.
func TestFuncsAreExplained(t *testing.T) {
	f := rules.Func{Name: "f", Version: "1", Inputs: []string{"department", "work_email"}, Cond: func(rules.Inputs) rules.Truth { return rules.No }}
	i := somebody()
	i.Department, i.WorkEmail = source.Named("Sales"), "ana@acme.example"
	x, _ := funcSet(t, f, rules.Call("f"), nil).WhyNot(rules.Person{Identity: i}, time.Unix(0, 0), "app", "", "group:g")
	assert.Equal(t, []rules.Atom{{Text: "f()", Value: "Sales, ana@acme.example", Outcome: rules.No, Sensitive: true}}, x.Causes[0].Atoms)
}

func TestTheVersionOfAFuncIsInTheHash(t *testing.T) {
	hashes := map[string]bool{}
	for _, f := range []rules.Func{
		{Name: "f", Version: "1", Inputs: []string{"team"}}, {Name: "f", Version: "2", Inputs: []string{"team"}}, {Name: "f", Version: "1"},
	} {
		f.Cond = func(rules.Inputs) rules.Truth { return rules.Yes }
		set := funcSet(t, f, rules.Call("f"), nil)
		hashes[set.Hash()], hashes[set.RuleHash("g")] = true, true
		f.Cond, f.Text = nil, func(rules.Inputs) string { return "x" }
		hashes[funcSet(t, f, rules.Cond{}, rules.CallText("f")).Hash()] = true
	}
	assert.Len(t, hashes, 9)
}
