package rules_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// Nobody can tell whether there is to be an account, and whoever has one shall not
// come in: that is certain, whatever the rest turns out to be.
func TestWhoShallNotComeInWhileMoreIsUndecided(t *testing.T) {
	engineering := rules.Department.Is("Engineering")
	contractor := rules.EmploymentType.Is(source.Contractor)
	for _, c := range []struct {
		name   string
		change func(*rules.Spec)
		status source.Status
		person func(*source.Identity)
		phase  target.Phase
		state  target.State
		close  bool
		why    string
	}{
		{
			name: "the account rule", change: func(s *rules.Spec) { s.Targets[0].Account = engineering },
			phase: target.Suspended, close: true, why: "suspended (rule lifecycle.app)",
		},
		{
			name: "no account", change: func(s *rules.Spec) { s.Targets[0].Account = engineering },
			person: func(i *source.Identity) { i.Department = source.Named("Sales") },
			phase:  target.Suspended, state: target.None,
		},
		{
			name: "the account rule, at work", change: func(s *rules.Spec) { s.Targets[0].Account = engineering },
			status: source.Active, phase: target.Active,
		},
		{
			name: "the account rule, and no status", change: func(s *rules.Spec) { s.Targets[0].Account = engineering },
			status: source.Unknown, phase: target.PhaseUnknown,
		},
		{
			name: "on leave", change: func(s *rules.Spec) { s.Targets[0].Account = engineering },
			status: source.OnLeave, phase: target.OnLeave, close: true, why: "on leave (rule lifecycle.app)",
		},
		{
			name: "on leave, and access stays", change: func(s *rules.Spec) {
				s.Targets[0].Account, s.Targets[0].Lifecycle.Leave = engineering, rules.KeepEnabled
			},
			status: source.OnLeave, phase: target.OnLeave,
		},
		{
			name: "expired", change: func(s *rules.Spec) {
				s.Targets[0].Account, s.Targets[0].Lifecycle.Expire = engineering, rules.Expiry{When: contractor, On: rules.StartDate.Plus(10)}
			},
			status: source.Active, person: func(i *source.Identity) { i.EmploymentType = source.Contractor },
			phase: target.Suspended, close: true, why: "last day of access 2026-01-11 (rule lifecycle.app)",
		},
		{
			name: "suspended, and nobody can tell when access ends", change: func(s *rules.Spec) {
				s.Targets[0].Lifecycle.Expire = rules.Expiry{When: contractor, On: rules.EndDate, Missing: rules.HoldIt}
			},
			phase: target.Suspended, close: true, why: "suspended (rule lifecycle.app)",
		},
		{
			name: "at work, and nobody can tell when access ends", change: func(s *rules.Spec) {
				s.Targets[0].Lifecycle.Expire = rules.Expiry{When: contractor, On: rules.EndDate, Missing: rules.HoldIt}
			},
			status: source.Active, phase: target.PhaseUnknown,
		},
		{
			name: "a requirement that is open", change: func(s *rules.Spec) {
				s.Require = []rules.Requirement{{ID: "dept", Must: engineering}}
			},
			phase: target.Suspended, close: true, why: "suspended (rule lifecycle.app)",
		},
		{
			name: "a requirement that is not met", change: func(s *rules.Spec) {
				s.Require = []rules.Requirement{{ID: "dept", Must: engineering}}
			},
			person: func(i *source.Identity) { i.Department = source.Named("Sales") },
			phase:  target.Suspended, close: true,
		},
		{
			name: "an attribute that blocks", change: func(s *rules.Spec) {
				s.Targets[0].Attributes = []rules.Attribute{{Set: "dept", To: rules.Department, IfMissing: rules.Block}}
			},
			phase: target.Suspended, close: true, why: "suspended (rule lifecycle.app)",
		},
		{
			name: "the scope", change: func(s *rules.Spec) { s.Scope.When = engineering },
			phase: target.Suspended,
		},
		{
			name: "the scope, and a requirement", change: func(s *rules.Spec) {
				s.Scope.When, s.Require = engineering, []rules.Requirement{{ID: "dept", Must: engineering}}
			},
			phase: target.Suspended,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			spec := rules.Spec{
				Name: "x", Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone, Lifecycle: rules.Lifecycle{
					Leave: rules.DisableOnLeave, EndSessions: true,
				}}},
				Grants: []rules.Grant{{ID: "all", When: rules.Everyone, Give: []string{"app/group:all"}}},
			}
			c.change(&spec)
			set := mustBuild(t, spec)
			i := &source.Identity{ID: "E1", Status: source.Suspended, StartDate: day(t, "2026-01-01")}
			if c.status != 0 || c.name == "the account rule, and no status" {
				i.Status = c.status
			}
			if c.person != nil {
				c.person(i)
			}
			at := instant(t, "2026-03-12T00:00:00Z")
			got := set.Decide(rules.Person{Identity: i}, at).Accounts[0].Desired
			assert.Equal(t, c.state, got.State)
			assert.Equal(t, c.phase, got.Phase)
			assert.Equal(t, c.close, got.Extra != nil && got.Extra.Close)
			assert.Equal(t, c.close || c.state == target.None, got.EndSessions)
			assert.Empty(t, got.Entitlements)
			if c.state == target.Undecided {
				assert.Len(t, got.Undecided, 1, "nothing is revoked")
			}
			if c.why != "" {
				assert.Equal(t, []string{c.why}, set.Because(rules.Person{Identity: i}, at, "app", "", rules.SubjectAccount))
			}
		})
	}
}

// By which conditions an account is protected is said, also while nobody can tell
// whether they hold: it is to be remembered for when the person is not listed.
func TestByWhatAnAccountIsProtected(t *testing.T) {
	set := mustBuild(t, rules.Spec{
		Name: "x", Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone}},
		Protect: []rules.Protection{
			{ID: "z", When: rules.JobTitle.Is("Keeper")},
			{ID: "a", When: rules.Country.Is("DE")},
			{ID: "b", Who: []string{"E1"}, When: rules.Country.Is("FR")},
		},
	})
	for _, c := range []struct {
		id, title, country string
		by                 []string
		protected          bool
	}{
		{"E1", "Keeper", "DE", []string{"a", "z"}, true},
		{"E1", "Clerk", "IT", nil, true},
		{"E2", "Clerk", "IT", nil, false},
		{"E2", "", "IT", []string{"z"}, true},
		{"E2", "Clerk", "FR", []string{"b"}, true},
	} {
		i := &source.Identity{ID: c.id, Status: source.Active, JobTitle: c.title, Location: source.Location{Country: c.country}}
		d := set.Decide(rules.Person{Identity: i}, instant(t, "2026-03-12T00:00:00Z")).Accounts[0].Desired
		assert.Equal(t, c.protected, d.Protected, c)
		if c.by == nil {
			assert.Nil(t, d.Extra, c)
		} else {
			assert.Equal(t, c.by, d.Extra.ProtectedBy, c)
		}
	}
}
