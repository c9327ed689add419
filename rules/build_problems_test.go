package rules_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
)

// complete is a valid rule set with the parts that base does not have.
func complete() rules.Spec {
	s := base()
	s.Fields = append(s.Fields, rules.FieldSpec{Name: "level", Type: rules.IntType})
	s.Funcs = []rules.Func{
		{Name: "vip", Version: "1", Cond: func(rules.Inputs) rules.Truth { return rules.Yes }},
		{Name: "shout", Version: "1", Text: func(rules.Inputs) string { return "x" }},
	}
	s.Tables = []rules.Table{{Name: "codes", In: []string{"city", "level"}, Rows: []rules.Row{{Match: [][]string{{"Berlin"}, {"5"}}, Give: []string{"BER"}}}}}
	s.Picks = []rules.Pick{{ID: "licence", Choices: []rules.Choice{{Give: "app/licence:pro", When: rules.Everyone}}}}
	s.Never = []rules.Never{{ID: "never", When: rules.Manager.Missing(), Take: []string{"app/group:sales"}}}
	s.NeverTogether = []rules.NeverTogether{{ID: "duties", Roles: []string{"app/group:sales", "app/role:crm"}}}
	s.Require = []rules.Requirement{{ID: "mail", Must: rules.Not(rules.WorkEmail.Missing())}}
	s.Budgets = []rules.Budget{{ID: "seats", Roles: []string{"app/group:sales"}, Seats: 3}}
	s.Protect = []rules.Protection{{ID: "glass", Who: []string{"E1"}}}
	s.Scope = rules.Scope{When: rules.Everyone}
	return s
}

// What is wrong with a rule set in Go is told in the words of Go.
func TestBuildNamesWhatIsWrongInEveryPart(t *testing.T) {
	to := func(v rules.Value) func(*rules.Spec) {
		return func(s *rules.Spec) { s.Targets[0].Attributes[0].To = v }
	}
	when := func(c rules.Cond) func(*rules.Spec) { return func(s *rules.Spec) { s.Grants[0].When = c } }
	life := func(l rules.Lifecycle) func(*rules.Spec) { return func(s *rules.Spec) { s.Targets[0].Lifecycle = l } }
	table := func(change func(*rules.Table)) func(*rules.Spec) {
		return func(s *rules.Spec) { change(&s.Tables[0]) }
	}
	function := func(f rules.Func) func(*rules.Spec) {
		return func(s *rules.Spec) { s.Funcs = append(s.Funcs, f) }
	}
	yes := func(rules.Inputs) rules.Truth { return rules.Yes }
	cases := []struct {
		name   string
		damage func(*rules.Spec)
		want   string
	}{
		{"function name", function(rules.Func{Name: "a-b", Version: "1", Cond: yes}), `function a-b: name "a-b": want letters`},
		{"function twice", function(rules.Func{Name: "vip", Version: "1", Cond: yes}), "function vip: declared twice"},
		{"built-in function", function(rules.Func{Name: "lower", Version: "1", Cond: yes}), "lower is a function of the language"},
		{"no version", function(rules.Func{Name: "x", Cond: yes}), "function x: has no version"},
		{"nothing to call", function(rules.Func{Name: "x", Version: "1"}), "want one of Cond and Text"},
		{"unknown input", func(s *rules.Spec) {
			s.Funcs[0].Inputs = []string{"citi"}
			s.Grants[0].When = rules.Call("vip")
		}, `there is no field "citi" (did you mean "city"?)`},
		{"unknown call", when(rules.Call("vipp")), `there is no function "vipp" in Spec.Funcs (did you mean "vip"?)`},
		{"text as condition", when(rules.Call("shout")), "shout() gives a text"},
		{"condition as text", to(rules.CallText("vip")), "vip() is a condition"},

		{"switch without a case", to(rules.Switch(rules.JobTitle, nil, rules.ID)), "switch without a case"},
		{"case twice", to(rules.Switch(rules.JobTitle, []rules.Case{{Is: "a", To: rules.ID}, {Is: "a", To: rules.ID}}, nil)), `case "a" is empty or there twice`},
		{"case of no value", to(rules.Switch(rules.Custom("badge"), []rules.Case{{Is: "green", To: rules.ID}}, nil)), `"green" is not a value of custom.badge`},
		{"counter", to(rules.Counter()), "n, the counter"},
		{"lookup", to(rules.Lookup("code")), `there is no table "code" (did you mean "codes"?)`},
		{"empty argument", to(rules.Replace(rules.JobTitle, "", "x")), "replace: argument 2 is empty"},
		{"item of a text", to(rules.Item(rules.JobTitle, 1)), "a list is wanted here"},
		{"no date", to(rules.FormatDate(nil, "YYYY")), "format_date: argument 1 is not set"},
		{"as_of", to(rules.FormatDate(rules.AsOf, "YYYY")), "format_date: argument 1 has to be a date"},
		{"days between", when(rules.DaysBetween(rules.AsOf, rules.EndDate).Is(3)), "as_of cannot be counted from"},
		{"no days", when(rules.DaysBetween(nil, rules.EndDate).Is(3)), "a date that is not there"},

		{"leave after", life(rules.Lifecycle{LeaveAfter: 5}), "LeaveAfter and LeaveSince have a meaning with DisableOnLeave only"},
		{"leave since", life(rules.Lifecycle{Leave: rules.DisableOnLeave, LeaveAfter: 5}), "needs both the days and the field"},
		{"leave of a text", life(rules.Lifecycle{Leave: rules.DisableOnLeave, LeaveAfter: 5, LeaveSince: "department"}), "department is of type text, used as date"},
		{"no zone", life(rules.Lifecycle{Clock: rules.ClockNamed("Mars")}), `clock: there is no zone "Mars", only UTC and person`},
		{"no tenant", life(rules.Lifecycle{Clock: rules.ClockNamed("tenant")}), "set Spec.Tenant, or name a zone"},
		{"no last day", life(rules.Lifecycle{Expire: rules.Expiry{When: rules.Everyone}}), "Expire: the day is not set"},
		{"expiry", life(rules.Lifecycle{Expire: rules.Expiry{When: rules.Everyone, On: rules.EndDate, Missing: 9}}), "Expire.Missing: 9 does not exist"},

		{"no choices", func(s *rules.Spec) { s.Targets[0].Attributes[0] = rules.Attribute{Set: "x", Pick: []rules.Choice{}} }, "a pick without choices"},
		{"choice with give", func(s *rules.Spec) {
			s.Targets[0].Attributes[0] = rules.Attribute{Set: "x", Pick: []rules.Choice{{Give: "x", When: rules.Everyone}}}
		}, "choice 1 of an attribute: want To, and no Give"},
		{"unique and missing", func(s *rules.Spec) {
			s.Targets[0].Attributes[0] = rules.Attribute{Set: "x", Unique: &rules.Unique{Try: []rules.Value{rules.ID}}, IfMissing: rules.Clear}
		}, "IfMissing and IfEmpty have no meaning"},
		{"max", func(s *rules.Spec) {
			s.Targets[0].Attributes[0] = rules.Attribute{Set: "x", Unique: &rules.Unique{Try: []rules.Value{rules.ID}, Max: -1}}
		}, "Max: -1 numbers: want 1 to 1000"},
		{"nothing to try", func(s *rules.Spec) { s.Targets[0].Attributes[0] = rules.Attribute{Set: "x", Unique: &rules.Unique{}} }, "there is nothing to try"},
		{"nil to try", func(s *rules.Spec) {
			s.Targets[0].Attributes[0] = rules.Attribute{Set: "x", Unique: &rules.Unique{Try: []rules.Value{nil}}}
		}, "a value is not set"},

		{"table twice", func(s *rules.Spec) { s.Tables = append(s.Tables, s.Tables[0]) }, `table "codes" is there twice`},
		{"no columns", table(func(x *rules.Table) { x.In = nil }), "the table compares no field"},
		{"no rows", table(func(x *rules.Table) { x.Rows = nil }), "the table has no rows"},
		{"date column", table(func(x *rules.Table) { x.In[0] = "start" }), "start is of type date"},
		{"unknown column", table(func(x *rules.Table) { x.In[0] = "citi" }), `there is no field "citi"`},
		{"cells", table(func(x *rules.Table) { x.Rows[0].Match = nil }), "row 1 has 0 cells, and the table compares 2 fields"},
		{"number cell", table(func(x *rules.Table) { x.Rows[0].Match[1] = []string{"five"} }), `"five" is no whole number, and custom.level is one`},
		{"empty row", func(s *rules.Spec) {
			s.Tables[0].Rows[0].Give = nil
			s.Grants[0].GiveFrom = "codes"
		}, "row 1 gives nothing"},
		{"no such table", func(s *rules.Spec) { s.Grants[0].GiveFrom = "code" }, `there is no table "code" (did you mean "codes"?)`},
		{"lookup of nothing", func(s *rules.Spec) {
			s.Tables[0].Rows[0].Give = nil
			s.Targets[0].Attributes[0].To = rules.Lookup("codes")
		}, "row 1 has to hold one text"},
		{"lookup of two", func(s *rules.Spec) {
			s.Tables[0].Else = []string{"a", "b"}
			s.Targets[0].Attributes[0].To = rules.Lookup("codes")
		}, "else has to hold one text"},

		{"exception", func(s *rules.Spec) { s.Grants[0].Except = []rules.Exception{{Until: source.Day(2026, 1, 1), Why: "x"}} }, "an exception needs who"},
		{"exception day", func(s *rules.Spec) { s.Grants[0].Except = []rules.Exception{{Who: "E1"}} }, "an exception needs until and why"},
		{"pick of nothing", func(s *rules.Spec) { s.Picks[0].Choices = nil }, "pick licence: a pick without choices"},
		{"pick of a value", func(s *rules.Spec) { s.Picks[0].Choices[0].To = rules.ID }, "choice 1: want Give, and no To"},
		{"pick not alone", func(s *rules.Spec) { s.Grants[0].Give = []string{"app/licence:pro"} }, "only the pick may give it"},
		{"takes nothing", func(s *rules.Spec) { s.Never[0].Take = nil }, "never never: takes nothing"},
		{"nobody gives it", func(s *rules.Spec) { s.Never[0].Take = []string{"app/group:sale"} }, `"app/group:sale" is given by no rule (did you mean "app/group:sales"?)`},
		{"one duty", func(s *rules.Spec) { s.NeverTogether[0].Roles = s.NeverTogether[0].Roles[:1] }, "want two or more different entitlements"},
		{"duties do", func(s *rules.Spec) { s.NeverTogether[0].Do = 9 }, "Do: 9 does not exist"},
		{"duties by", func(s *rules.Spec) { s.NeverTogether[0].By = "x" }, "By has a meaning with ApproveDuties only"},
		{"no by", func(s *rules.Spec) { s.NeverTogether[0].Do = rules.ApproveDuties }, `By "": want the name of who approves`},
		{"else", func(s *rules.Spec) { s.Require[0].Else = 9 }, "require mail: Else: 9 does not exist"},
		{"no must", func(s *rules.Spec) { s.Require[0].Must = rules.Cond{} }, "a condition is empty; to mean everybody write rules.Everyone"},
		{"for", func(s *rules.Spec) { s.Require[0].For = []string{"ap"} }, `there is no target "ap" (did you mean "app"?)`},
		{"seats", func(s *rules.Spec) { s.Budgets[0].Seats = -1 }, "budget seats: -1 seats: want 0 to"},
		{"no roles", func(s *rules.Spec) { s.Budgets[0].Roles = nil }, "is about no entitlement"},
		{"protects nobody", func(s *rules.Spec) { s.Protect[0].Who = nil }, "protects nobody: want who or when"},
		{"protects no ID", func(s *rules.Spec) { s.Protect[0].Who = []string{""} }, `"" is no ID of a person`},
		{"on leave", func(s *rules.Spec) { s.Scope.Outside = 9 }, "scope: Outside: 9 does not exist"},
		{"nobody leaves", func(s *rules.Spec) { s.Scope = rules.Scope{Outside: rules.DisableOutside} }, "nobody can leave a scope without a condition"},
		{"final", func(s *rules.Spec) { s.Final = []string{"nothing"} }, `"nothing" is said to be final, and is no rule of this layer`},
		{"off", func(s *rules.Spec) { s.Off = []string{"nothing"} }, `switches off "nothing", and no earlier layer has such a rule`},
	}
	_, err := rules.Build(complete())
	require.NoError(t, err)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			spec := complete()
			c.damage(&spec)
			_, err := rules.Build(spec)
			require.Error(t, err)
			assert.Contains(t, err.Error(), c.want)
		})
	}
}

// Rules of every kind can be switched off by a later layer, and all but those that
// have to be there.
func TestEveryKindCanBeSwitchedOff(t *testing.T) {
	layer := rules.Spec{Off: []string{"scope", "sales", "table.codes", "licence", "never", "duties", "mail", "seats", "glass", "app.password"}}
	spec := complete()
	spec.Never[0].Take, spec.NeverTogether[0].Roles[0], spec.Budgets[0].Roles = []string{"app/licence:pro"}, "app/licence:pro", []string{"app/licence:pro"}
	spec.Notes = map[string]string{"sales": "gone", "reviewed": "stays"}
	set, err := rules.Build(spec, layer)
	require.NoError(t, err)
	left := set.Spec()
	assert.Len(t, left.Grants, 1)
	assert.Empty(t, left.Tables)
	assert.Empty(t, left.Picks)
	assert.Empty(t, left.Never)
	assert.Empty(t, left.NeverTogether)
	assert.Empty(t, left.Require)
	assert.Empty(t, left.Budgets)
	assert.Empty(t, left.Protect)
	assert.True(t, left.Scope.When.IsZero())
	assert.Equal(t, map[string]string{"reviewed": "stays"}, left.Notes)
	for _, id := range []string{"account.app", "lifecycle.app"} {
		_, err := rules.Build(spec, rules.Spec{Off: []string{id}})
		assert.ErrorContains(t, err, "cannot be switched off, only replaced")
	}
}

// A layer in Go and a layer in a file are one set, and each is told of in its own
// words.
func TestLayersOfGoAndOfFiles(t *testing.T) {
	program := rules.Spec{Name: "program", Zones: map[string]*time.Location{"HQ": time.FixedZone("HQ", 3600)}, Tenant: time.UTC}
	file := rules.File("a.yaml", []byte("rules: v1\naccount: {app: everyone}\nlifecycle: {app: {clock: HG}}\n"))
	_, err := rules.Build(program, file, rules.Spec{Zones: map[string]*time.Location{"Lab": time.UTC}})
	assert.EqualError(t, err, "a.yaml:3:26: clock: there is no zone \"HG\", only HQ, Lab, UTC, person and tenant; whoever runs the program can add zones"+
		" (did you mean \"HQ\"?)\n    lifecycle: {app: {clock: HG}}\n                             ^")
	again, twice := rules.Build(program, file, rules.Spec{Zones: map[string]*time.Location{"Lab": time.UTC}})
	assert.Nil(t, again)
	assert.Equal(t, err.Error(), twice.Error(), "a layer can be built again")
	assert.Empty(t, rules.Pos{}.String())
}

// What is not complete, or what no file can hold, is not written.
func TestFormatRefuses(t *testing.T) {
	cases := []struct {
		name   string
		damage func(*rules.Spec)
		want   string
	}{
		{"no condition", func(s *rules.Spec) { s.Grants[0].When = rules.Cond{} }, "rules: sales: when is not set"},
		{"nil in a pattern", func(s *rules.Spec) {
			s.Targets[0].Attributes[0] = rules.Attribute{Set: "x", Unique: &rules.Unique{Try: []rules.Value{nil}}}
		}, "this cannot be written"},
		{"control character", func(s *rules.Spec) { s.Notes = map[string]string{"sales": "a\x07b"} }, "this cannot be written: the control character U+0007"},
		{"no text", func(s *rules.Spec) { s.Notes = map[string]string{"sales": "a\xffb"} }, "this cannot be written"},
		{"all of nothing", func(s *rules.Spec) { s.Grants[0].When = rules.All() }, "this cannot be written"},
		{"too deep", func(s *rules.Spec) {
			c := rules.Manager.Missing()
			for range 40 {
				c = rules.Not(rules.All(c, rules.Everyone))
			}
			s.Grants[0].When = c
		}, "nested more than 32 levels deep"},
	}
	for _, c := range cases {
		spec := complete()
		c.damage(&spec)
		_, err := spec.Format()
		assert.ErrorContains(t, err, c.want, c.name)
	}
}
