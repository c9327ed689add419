package rules_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

func TestHash(t *testing.T) {
	app := func(change func(*rules.TargetSpec)) func(*rules.Spec) {
		return func(s *rules.Spec) { change(&s.Targets[0]) }
	}
	attribute := func(change func(*rules.Attribute)) func(*rules.Spec) {
		return func(s *rules.Spec) { change(&s.Targets[0].Attributes[0]) }
	}
	when := func(c rules.Cond) func(*rules.Spec) {
		return func(s *rules.Spec) { s.Grants[0].When = c }
	}
	life := func(change func(*rules.Lifecycle)) func(*rules.Spec) {
		return func(s *rules.Spec) { change(&s.Targets[0].Lifecycle) }
	}
	changes := map[string]func(*rules.Spec){
		"name":         func(s *rules.Spec) { s.Name = "other" },
		"field":        func(s *rules.Spec) { s.Fields = append(s.Fields, rules.FieldSpec{Name: "more"}) },
		"field values": func(s *rules.Spec) { s.Fields[0].Values = []string{"red", "blue", "green"} },
		"field open":   func(s *rules.Spec) { s.Fields[0].Values = nil },
		"field pii":    func(s *rules.Spec) { s.Fields[0].PII = false },
		"account":      app(func(a *rules.TargetSpec) { a.Account = rules.Everyone }),
		"target": func(s *rules.Spec) {
			s.Targets = append(s.Targets, rules.TargetSpec{Target: "b", Account: rules.Everyone})
		},
		"slot":            func(s *rules.Spec) { s.Targets[1].Slot = "root"; s.Grants[1].Give = []string{"app~root/role:root"} },
		"label":           app(func(a *rules.TargetSpec) { a.Label = rules.Username }),
		"lifecycle id":    life(func(l *rules.Lifecycle) { l.ID = "life" }),
		"prehire":         life(func(l *rules.Lifecycle) { l.PreHire++ }),
		"enable":          life(func(l *rules.Lifecycle) { l.EnableBefore++ }),
		"leave":           life(func(l *rules.Lifecycle) { l.Leave = rules.DisableOnLeave }),
		"delete":          life(func(l *rules.Lifecycle) { l.DeleteAfter++ }),
		"sessions":        life(func(l *rules.Lifecycle) { l.EndSessions = true }),
		"handover":        life(func(l *rules.Lifecycle) { l.Handover = true }),
		"clock":           life(func(l *rules.Lifecycle) { l.Clock = rules.ClockIn(time.UTC) }),
		"clock by name":   life(func(l *rules.Lifecycle) { l.Clock = rules.ClockIn(time.FixedZone("HQ", 3600)) }),
		"clock by offset": life(func(l *rules.Lifecycle) { l.Clock = rules.ClockIn(time.FixedZone("HQ", 7200)) }),
		"attribute id":    attribute(func(a *rules.Attribute) { a.ID = "t" }),
		"attribute":       attribute(func(a *rules.Attribute) { a.Set = "jobTitle" }),
		"value":           attribute(func(a *rules.Attribute) { a.To = rules.Department }),
		"value function":  attribute(func(a *rules.Attribute) { a.To = rules.Left(rules.JobTitle, 64) }),
		"function number": attribute(func(a *rules.Attribute) { a.To = rules.Left(rules.JobTitle, 65) }),
		"separator":       attribute(func(a *rules.Attribute) { a.To = rules.Join("-", rules.JobTitle, rules.Team) }),
		"strength":        attribute(func(a *rules.Attribute) { a.Apply = target.IfEmpty }),
		"if missing":      attribute(func(a *rules.Attribute) { a.IfMissing = rules.Block }),
		"attribute when":  attribute(func(a *rules.Attribute) { a.When = rules.Everyone }),
		"grant id":        func(s *rules.Spec) { s.Grants[0].ID = "selling" },
		"give":            func(s *rules.Spec) { s.Grants[0].Give = []string{"app/group:sales", "app/role:erp"} },
		"give less":       func(s *rules.Spec) { s.Grants[0].Give = []string{"app/group:sales"} },
		"approval":        func(s *rules.Spec) { s.Grants[1].Approval.By = "owner" },
		"no approval":     func(s *rules.Spec) { s.Grants[1].Approval = rules.Approval{} },
		"literal":         when(rules.Department.Is("sales")),
		"operator":        when(rules.Department.StartsWith("Sales")),
		"fold":            when(rules.Department.IsFold("Sales")),
		"operand":         when(rules.Division.Is("Sales")),
		"not":             when(rules.Department.IsNot("Sales")),
		"literals joined": when(rules.Department.In("Sales,Support")),
		"literals apart":  when(rules.Department.In("Sales", "Support")),
		"status":          when(rules.Status.Is(source.Active)),
		"other status":    when(rules.Status.Is(source.OnLeave)),
		"days":            when(rules.StartDate.Before(rules.AsOf.Plus(1))),
		"other days":      when(rules.StartDate.Before(rules.AsOf.Plus(2))),
		"days elsewhere":  when(rules.StartDate.Plus(1).Before(rules.AsOf)),
		"date":            when(rules.StartDate.Before(rules.Date(2026, 1, 1))),
		"other date":      when(rules.StartDate.Before(rules.Date(2026, 1, 2))),
		"on or before":    when(rules.StartDate.OnOrBefore(rules.Date(2026, 1, 2))),
		"on":              when(rules.StartDate.On(rules.Date(2026, 1, 2))),
		"has":             when(rules.Groups.Has("a")),
		"missing":         when(rules.Groups.Missing()),
		"everyone":        when(rules.Everyone),
		"all":             when(rules.All(rules.Team.Is("a"), rules.City.Is("b"))),
		"any":             when(rules.Any(rules.Team.Is("a"), rules.City.Is("b"))),
	}
	seen := map[string]string{}
	hash := func(name string, change func(*rules.Spec)) {
		spec := base()
		change(&spec)
		h := mustBuild(t, spec).Hash()
		assert.Len(t, h, 64)
		if other, ok := seen[h]; ok {
			t.Errorf("%s and %s have one hash", name, other)
		}
		seen[h] = name
	}
	hash("base", func(*rules.Spec) {})
	for name, change := range changes {
		hash(name, change)
	}

	unchanged := map[string]func(*rules.Spec){
		"nothing":           func(*rules.Spec) {},
		"a given name":      life(func(l *rules.Lifecycle) { l.ID = "lifecycle.app" }),
		"a given attribute": attribute(func(a *rules.Attribute) { a.ID = "app.title" }),
		"a given label":     app(func(a *rules.TargetSpec) { a.Label = rules.First(rules.WorkEmail, rules.Username, rules.DisplayName) }),
		"order of targets":  func(s *rules.Spec) { s.Targets[0], s.Targets[1] = s.Targets[1], s.Targets[0] },
		"order of gives":    func(s *rules.Spec) { s.Grants[0].Give = []string{"app/role:crm", "app/group:sales", "app/role:crm"} },
		"order of values":   func(s *rules.Spec) { s.Fields[0].Values = []string{"blue", "red", "blue"} },
	}
	for name, change := range unchanged {
		spec := base()
		change(&spec)
		assert.Equal(t, "base", seen[mustBuild(t, spec).Hash()], name)
	}
}

// A plan that was stored is compared by hash: an upgrade must not alter it
// unnoticed.
func TestHashIsStable(t *testing.T) {
	spec := rules.Spec{Name: "acme", Targets: []rules.TargetSpec{{Target: "app", Account: rules.Department.Is("Sales")}}}
	assert.Equal(t, "f62561983662e8e229994e68db4a5c57fa85ca8146415faaed83663114bb2d00", mustBuild(t, spec).Hash())
}
