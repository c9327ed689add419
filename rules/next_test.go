package rules_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// Wherever a rule looks at the day, and whatever else comes to an end, the instant
// is announced.
func TestEveryPartIsLookedAhead(t *testing.T) {
	turns := rules.AsOf.OnOrAfter(rules.Date(2026, time.March, 12))
	midnight, soon := "2026-03-12T00:00:00Z", "2026-03-11T06:00:00Z"
	app := func(change func(*rules.TargetSpec)) func(*rules.Spec) {
		return func(s *rules.Spec) { change(&s.Targets[0]) }
	}
	attribute := func(a rules.Attribute) func(*rules.Spec) {
		a.Set = "x"
		return app(func(t *rules.TargetSpec) { t.Attributes = []rules.Attribute{a} })
	}
	asking := func(a rules.Approval) func(*rules.Spec) {
		a.By = "manager"
		return func(s *rules.Spec) { s.Grants[0].Approval = a }
	}
	approved := func(at, expires string, denied bool) []rules.Approved {
		x := rules.Approved{Rule: "g", At: instant(t, at), Denied: denied}
		if expires != "" {
			x.Expires = instant(t, expires)
		}
		return []rules.Approved{x}
	}
	text := rules.Text
	role := target.Entitlement{Kind: "group", Name: "g"}
	for name, c := range map[string]struct {
		change    func(*rules.Spec)
		approvals []rules.Approved
		want      string
	}{
		"nothing":             {func(*rules.Spec) {}, nil, ""},
		"scope":               {func(s *rules.Spec) { s.Scope.When = turns }, nil, midnight},
		"account":             {app(func(t *rules.TargetSpec) { t.Account = turns }), nil, midnight},
		"label":               {app(func(t *rules.TargetSpec) { t.Label = rules.If(turns, text("a"), text("b")) }), nil, midnight},
		"attribute":           {attribute(rules.Attribute{To: rules.Lower(rules.If(turns, text("a"), text("b")))}), nil, midnight},
		"attribute's when":    {attribute(rules.Attribute{To: text("a"), When: turns}), nil, midnight},
		"attribute's pick":    {attribute(rules.Attribute{Pick: []rules.Choice{{When: turns, To: text("a")}}}), nil, midnight},
		"value of a choice":   {attribute(rules.Attribute{Pick: []rules.Choice{{When: rules.Everyone, To: rules.If(turns, text("a"), text("b"))}}}), nil, midnight},
		"grant":               {func(s *rules.Spec) { s.Grants[0].When = turns }, nil, midnight},
		"never":               {func(s *rules.Spec) { s.Never = []rules.Never{{ID: "n", When: turns, Take: s.Grants[0].Give}} }, nil, midnight},
		"requirement's when":  {func(s *rules.Spec) { s.Require = []rules.Requirement{{ID: "r", When: turns, Must: rules.Team.Is("x")}} }, nil, midnight},
		"requirement":         {func(s *rules.Spec) { s.Require = []rules.Requirement{{ID: "r", Must: turns}} }, nil, midnight},
		"requirement, report": {func(s *rules.Spec) { s.Require = []rules.Requirement{{ID: "r", Must: turns, Else: rules.ReportIt}} }, nil, midnight},
		"protection":          {func(s *rules.Spec) { s.Protect = []rules.Protection{{ID: "p", When: turns}} }, nil, midnight},
		"exception": {func(s *rules.Spec) {
			s.Grants[0].Except = []rules.Exception{{Who: "E1", Until: source.Day(2026, 3, 11), Why: "w"}}
		}, nil, midnight},
		"approval's when":      {asking(rules.Approval{When: turns}), nil, midnight},
		"approved later":       {asking(rules.Approval{}), approved(soon, "", false), soon},
		"approval expires":     {asking(rules.Approval{}), approved("2026-03-01T06:00:00Z", soon, false), soon},
		"approval by the rule": {asking(rules.Approval{Days: 10}), approved("2026-03-01T06:00:00Z", "", false), soon},
		"denial expires":       {asking(rules.Approval{Days: 2}), approved("2026-03-01T06:00:00Z", soon, true), soon},
		"denial stays":         {asking(rules.Approval{Days: 10}), approved("2026-03-01T06:00:00Z", "", true), ""},
		"expiry": {app(func(t *rules.TargetSpec) {
			t.Lifecycle.Expire = rules.Expiry{When: turns, On: rules.Date(2026, time.January, 1)}
		}), nil, midnight},
		"last day of access": {app(func(t *rules.TargetSpec) {
			t.Lifecycle.Expire = rules.Expiry{When: rules.Everyone, On: rules.Date(2026, time.March, 1).Plus(10)}
		}), nil, midnight},
		"grace": {func(s *rules.Spec) { s.Grants[0].When, s.Grants[0].Grace = rules.Team.Is("x"), 8 }, nil, soon},
		"another choice": {func(s *rules.Spec) {
			s.Picks = []rules.Pick{{ID: "p", Choices: []rules.Choice{
				{When: turns, Rank: 2, Give: "other/l:pro"}, {When: rules.Everyone, Rank: 1, Give: "app/l:basic"},
			}}}
		}, nil, midnight},
		"a duty elsewhere": {func(s *rules.Spec) {
			s.Grants = append(s.Grants, rules.Grant{ID: "h", When: turns, Give: []string{"other/role:x"}})
			s.NeverTogether = []rules.NeverTogether{{ID: "d", Roles: []string{"app/group:g", "other/role:x"}}}
		}, nil, midnight},
	} {
		t.Run(name, func(t *testing.T) {
			spec := rules.Spec{
				Name: "x", Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone}, {Target: "other", Account: rules.Everyone}},
				Grants: []rules.Grant{{ID: "g", When: rules.Everyone, Give: []string{"app/group:g"}}},
			}
			c.change(&spec)
			i := somebody()
			i.Team = source.Named("y")
			p := rules.Person{Identity: i, Held: []rules.Held{}, Approvals: c.approvals}
			if name == "grace" {
				p.Held = []rules.Held{{Target: "app", Entitlement: role, Lost: instant(t, "2026-03-03T06:00:00Z")}}
			}
			at := instant(t, "2026-03-10T12:00:00Z")
			set := mustBuild(t, spec)
			d := set.Decide(p, at)
			if c.want == "" {
				assert.Zero(t, d.Next)
				return
			}
			assert.Equal(t, instant(t, c.want), d.Next)
			assert.NotEmpty(t, same(d, set.Decide(p, d.Next)))
			assert.Empty(t, same(d, set.Decide(p, d.Next.Add(-1))))
		})
	}
}
