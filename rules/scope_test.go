package rules_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

func TestScope(t *testing.T) {
	at := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name       string
		country    string
		status     source.Status
		department string
		state      target.State
		closes     bool // with DisableOutside
		missing    []string
		because    string
	}{
		{"within", "DE", source.Active, "Sales", target.Enabled, false, nil, "rule account.app"},
		{"without", "FR", source.Active, "Sales", target.None, true, nil, "rule scope: no"},
		{"nobody can tell", "", source.Active, "Sales", target.Undecided, false, []string{"country"}, "rule scope: undecided, needs country"},
		{"nobody can tell, and no account", "", source.Active, "Legal", target.Undecided, false, []string{"country"}, "rule scope: undecided, needs country"},
		{"without, and no account", "FR", source.Active, "Legal", target.None, true, nil, "rule scope: no"},
		{"within, and no account", "DE", source.Active, "Legal", target.None, false, nil, "rule account.app: no"},
		{"a leaver without", "FR", source.Terminated, "Sales", target.Disabled, false, nil, "status terminated (rule lifecycle.app)"},
		{"a leaver of whom nobody can tell", "", source.Terminated, "Sales", target.Disabled, false, nil, "status terminated (rule lifecycle.app)"},
		{"somebody suspended without", "FR", source.Suspended, "Sales", target.None, true, nil, "rule scope: no"},
		{"a candidate without", "FR", source.Candidate, "Sales", target.None, false, nil, "candidate (rule lifecycle.app)"},
		{"unknown without", "FR", source.Unknown, "Sales", target.Undecided, false, []string{"status"}, "rule lifecycle.app: undecided, needs status"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, outside := range []rules.Outside{rules.HoldOutside, rules.DisableOutside} {
				set := mustBuild(t, rules.Spec{
					Name: "x", Scope: rules.Scope{When: rules.Country.Is("DE"), Outside: outside},
					Targets: []rules.TargetSpec{{
						Target: "app", Account: rules.Department.Is("Sales"), Lifecycle: rules.Lifecycle{EndSessions: true},
						Attributes: []rules.Attribute{{Set: "title", To: rules.Text("T")}},
					}},
					Grants: []rules.Grant{{ID: "all", When: rules.Everyone, Give: []string{"app/group:all"}}},
				})
				p := rules.Person{Identity: &source.Identity{
					ID: "E1", Status: c.status, Location: source.Location{Country: c.country}, Department: source.Named(c.department),
				}}
				d := set.Decide(p, at).Accounts[0].Desired
				assert.Equal(t, c.state, d.State)
				assert.Equal(t, c.missing, d.Missing)
				assert.Equal(t, c.closes && outside == rules.DisableOutside, d.Extra != nil && d.Extra.Close)
				assert.Equal(t, c.state == target.Enabled, len(d.Entitlements) == 1)
				assert.Equal(t, c.state == target.Undecided, len(d.Undecided) == 1)
				assert.Equal(t, c.state == target.None && c.status != source.Candidate || c.state == target.Disabled, d.EndSessions)
				for _, subject := range []string{rules.SubjectAccount, "group:all", "attribute title"} {
					because := set.Because(p, at, "app", "", subject)
					if c.state != target.Enabled && (c.status != source.Terminated || subject != "attribute title") {
						assert.Equal(t, []string{c.because}, because, subject)
					}
				}
			}
		})
	}
}

// A scope with a day in it is announced, for every account.
func TestScopeTurnsWithTheDay(t *testing.T) {
	set := mustBuild(t, rules.Spec{
		Name: "x", Scope: rules.Scope{When: rules.AsOf.Before(rules.Date(2026, time.March, 12)), Outside: rules.DisableOutside},
		Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone}},
	})
	d := set.Decide(rules.Person{Identity: somebody()}, instant(t, "2026-03-10T12:00:00Z"))
	assert.Equal(t, instant(t, "2026-03-12T00:00:00Z"), d.Next)
	assert.Equal(t, target.Upcoming{At: d.Next, State: target.None}, d.Accounts[0].Desired.Next)
}

func TestRequirements(t *testing.T) {
	at := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name, country, title, mail string
		status                     source.Status
		note                       string
		missing                    []string
	}{
		{"met", "DE", "Boss", "", source.Active, "", nil},
		{"does not concern", "FR", "Clerk", "", source.Active, "", nil},
		{"not met", "DE", "Clerk", "", source.Active, "does not meet the requirement", nil},
		{"nobody can tell whether it is met", "DE", "", "", source.Active, "nobody can tell whether the requirement is met", []string{"job_title"}},
		{"nobody can tell whom it concerns", "", "Clerk", "", source.Active, "nobody can tell whether the requirement is met", []string{"country"}},
		{"nobody can tell anything", "", "", "", source.Active, "nobody can tell whether the requirement is met", []string{"country", "job_title"}},
		{"it may not concern, and is met", "", "Boss", "", source.Active, "", nil},
		{"a leaver", "DE", "Clerk", "", source.Terminated, "", nil},
		{"not met, suspended", "DE", "Clerk", "", source.Suspended, "does not meet the requirement", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, reaction := range []rules.Reaction{rules.DefaultReaction, rules.HoldIt, rules.ReportIt} {
				set := mustBuild(t, rules.Spec{
					Name: "x", Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone}, {Target: "app", Slot: "admin", Account: rules.Everyone}},
					Require: []rules.Requirement{{ID: "boss", For: []string{"app~admin"}, When: rules.Country.Is("DE"), Must: rules.JobTitle.Is("Boss"), Else: reaction}},
					Grants:  []rules.Grant{{ID: "all", When: rules.Everyone, Give: []string{"app~admin/group:all"}}},
				})
				p := rules.Person{Identity: &source.Identity{ID: "E1", Status: c.status, Location: source.Location{Country: c.country}, JobTitle: c.title}}
				d := set.Decide(p, at)
				usual := d.Accounts[0].Desired
				got := d.Accounts[1].Desired
				assert.Nil(t, usual.Extra, "the other account needs nothing")
				if c.note == "" {
					assert.Nil(t, got.Extra)
					assert.Equal(t, usual.State, got.State)
					continue
				}
				assert.Equal(t, []target.Note{{Code: rules.CodeRequirement, Rule: "boss", Text: c.note}}, got.Extra.Notes)
				assert.Equal(t, c.missing, got.Missing)
				if reaction == rules.ReportIt {
					assert.Equal(t, usual.State, got.State)
					assert.Len(t, got.Entitlements, 1)
					continue
				}
				assert.Equal(t, target.Undecided, got.State)
				assert.Len(t, got.Undecided, 1)
				because := set.Because(p, at, "app", "admin", rules.SubjectAccount)
				switch {
				case c.status == source.Suspended:
					assert.True(t, got.Extra.Close)
					assert.Equal(t, []string{"suspended (rule lifecycle.app~admin)"}, because, "why it is closed")
				case c.missing == nil:
					assert.Equal(t, []string{"does not meet the requirement (rule boss)"}, because)
				default:
					assert.Contains(t, because[0], "rule boss: undecided, needs "+c.missing[0])
				}
			}
		})
	}
}
