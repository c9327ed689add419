package rules_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

func TestExpiry(t *testing.T) {
	contractor := rules.EmploymentType.Is(source.Contractor)
	for _, c := range []struct {
		name    string
		terms   source.EmploymentType
		start   string
		at      string
		missing rules.Reaction
		phase   target.Phase
		state   target.State
		next    string
		noted   bool
		lacking []string
		because string
	}{
		{name: "before", terms: source.Contractor, start: "2026-03-01", at: "2026-03-11T23:59:59Z", phase: target.Active, state: target.Enabled, next: "2026-03-12T00:00:00Z"},
		{name: "after", terms: source.Contractor, start: "2026-03-01", at: "2026-03-12T00:00:00Z", phase: target.Suspended, state: target.Disabled, because: "last day of access 2026-03-11 (rule lifecycle.app)"},
		{name: "somebody else", terms: source.FullTime, start: "2026-03-01", at: "2026-03-12T00:00:00Z", phase: target.Active, state: target.Enabled},
		{name: "nobody can tell whom it concerns, before", start: "2026-03-01", at: "2026-03-05T00:00:00Z", phase: target.Active, state: target.Enabled, next: "2026-03-12T00:00:00Z"},
		{name: "nobody can tell whom it concerns, after", start: "2026-03-01", at: "2026-03-12T00:00:00Z", phase: target.PhaseUnknown, state: target.Undecided, lacking: []string{"employment_type"}, because: "rule lifecycle.app: undecided, needs employment_type"},
		{name: "no day", terms: source.Contractor, at: "2026-03-12T00:00:00Z", phase: target.Active, state: target.Enabled, noted: true},
		{name: "no day, report", terms: source.Contractor, at: "2026-03-12T00:00:00Z", missing: rules.ReportIt, phase: target.Active, state: target.Enabled, noted: true},
		{name: "no day, hold", terms: source.Contractor, at: "2026-03-12T00:00:00Z", missing: rules.HoldIt, phase: target.PhaseUnknown, state: target.Undecided, noted: true, lacking: []string{"start"}, because: "rule lifecycle.app: undecided, needs start"},
		{name: "no day, hold, nobody can tell", at: "2026-03-12T00:00:00Z", missing: rules.HoldIt, phase: target.PhaseUnknown, state: target.Undecided, lacking: []string{"employment_type", "start"}},
		{name: "no day, somebody else", terms: source.FullTime, at: "2026-03-12T00:00:00Z", missing: rules.HoldIt, phase: target.Active, state: target.Enabled},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := &source.Identity{ID: "E1", Status: source.Active, EmploymentType: c.terms, StartDate: day(t, c.start)}
			set := mustBuild(t, rules.Spec{
				Name: "x", Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone, Lifecycle: rules.Lifecycle{
					EndSessions: true, Expire: rules.Expiry{When: contractor, On: rules.StartDate.Plus(10), Missing: c.missing},
				}}},
				Grants: []rules.Grant{{ID: "all", When: rules.Everyone, Give: []string{"app/group:all"}}},
			})
			at := instant(t, c.at)
			d := set.Decide(rules.Person{Identity: i}, at)
			got := d.Accounts[0].Desired
			assert.Equal(t, c.phase, got.Phase)
			assert.Equal(t, c.state, got.State)
			assert.Equal(t, c.lacking, got.Missing)
			assert.Equal(t, c.state == target.Disabled, got.EndSessions)
			assert.Equal(t, c.state != target.Undecided, len(got.Entitlements) == 1, "nothing is revoked")
			if c.next == "" {
				assert.Zero(t, d.Next)
			} else {
				assert.Equal(t, instant(t, c.next), d.Next.UTC())
			}
			if c.noted {
				assert.Equal(t, []target.Note{{Code: rules.CodeNoExpiry, Rule: "lifecycle.app", Text: "no last day of access is known"}}, got.Extra.Notes)
			} else {
				assert.Nil(t, got.Extra)
			}
			if c.because != "" {
				assert.Contains(t, set.Because(rules.Person{Identity: i}, at, "app", "", rules.SubjectAccount), c.because)
			}
			i.Status = source.Terminated
			assert.Equal(t, target.Left, set.Decide(rules.Person{Identity: i}, at).Accounts[0].Desired.Phase, "a leaver is one all the same")
		})
	}
}

// A day at the end of the calendar stands for never, whatever is added to it.
func TestTheEndOfTheCalendarNeverComes(t *testing.T) {
	i := somebody()
	i.EmploymentType, i.LastDay = source.Contractor, source.Day(9999, 12, 31)
	for _, missing := range []rules.Reaction{rules.ReportIt, rules.HoldIt} {
		d, whole := decideOne(t, rules.Lifecycle{Expire: rules.Expiry{When: rules.Everyone, On: rules.EndDate.Plus(30), Missing: missing}}, rules.Everyone, i, instant(t, "2026-03-12T00:00:00Z"))
		assert.Equal(t, target.Enabled, d.State)
		assert.Nil(t, d.Extra)
		assert.Zero(t, whole.Next)
	}
	set := leaveSet(t, 30)
	i.Status, i.Custom = source.OnLeave, map[string][]string{"leave_start": {"9999-12-31"}}
	d := set.Decide(rules.Person{Identity: i}, instant(t, "2026-03-12T00:00:00Z"))
	assert.Equal(t, target.Enabled, d.Accounts[0].Desired.State)
	assert.Zero(t, d.Next)
}

func leaveSet(t testing.TB, days int) *rules.Set {
	t.Helper()
	return mustBuild(t, rules.Spec{
		Name: "x", Fields: []rules.FieldSpec{{Name: "leave_start", Type: rules.DateType}},
		Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone, Lifecycle: rules.Lifecycle{
			Leave: rules.DisableOnLeave, LeaveAfter: days, LeaveSince: rules.CustomDate("leave_start"), EnableBefore: 3,
		}}},
	})
}

func TestLeaveSomeDaysLater(t *testing.T) {
	set := leaveSet(t, 5)
	for _, c := range []struct {
		name, since, start, at string
		status                 source.Status
		state                  target.State
		phase                  target.Phase
		next                   string
	}{
		{"not yet", "2026-03-01", "", "2026-03-05T23:59:59Z", source.OnLeave, target.Enabled, target.OnLeave, "2026-03-06T00:00:00Z"},
		{"now", "2026-03-01", "", "2026-03-06T00:00:00Z", source.OnLeave, target.Disabled, target.OnLeave, ""},
		{"a leave to come", "2026-03-20", "", "2026-03-06T00:00:00Z", source.OnLeave, target.Enabled, target.OnLeave, "2026-03-25T00:00:00Z"},
		{"nobody knows since when", "", "", "2026-03-06T00:00:00Z", source.OnLeave, target.Undecided, target.PhaseUnknown, ""},
		{"no date", "1 March", "", "2026-03-06T00:00:00Z", source.OnLeave, target.Undecided, target.PhaseUnknown, ""},
		{"at work", "2026-01-01", "", "2026-03-06T00:00:00Z", source.Active, target.Enabled, target.Active, ""},
		{"on leave from the first day", "2026-03-07", "2026-03-07", "2026-03-06T00:00:00Z", source.OnLeave, target.Enabled, target.PreHire, "2026-03-12T00:00:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := &source.Identity{ID: "E1", Status: c.status, StartDate: day(t, c.start), Custom: map[string][]string{"leave_start": {c.since}}}
			d := set.Decide(rules.Person{Identity: i}, instant(t, c.at)).Accounts[0].Desired
			assert.Equal(t, c.state, d.State)
			assert.Equal(t, c.phase, d.Phase)
			if c.next == "" {
				assert.Zero(t, d.Next)
			} else {
				assert.Equal(t, target.Upcoming{At: instant(t, c.next), State: target.Disabled}, d.Next)
			}
			if c.state == target.Undecided {
				assert.Equal(t, []string{"custom.leave_start"}, d.Missing)
			}
		})
	}
}

func TestOwnedSaysWhatIsThereBesides(t *testing.T) {
	set := mustBuild(t, rules.Spec{
		Name: "x",
		Targets: []rules.TargetSpec{
			{Target: "app", Slot: "admin", Account: rules.Everyone, Lifecycle: rules.Lifecycle{Rehire: rules.Rehire{Hold: true}}},
			{Target: "app", Account: rules.Everyone, Lifecycle: rules.Lifecycle{Rehire: rules.Rehire{Within: 30}}, Attributes: []rules.Attribute{
				{Set: "userName", Unique: &rules.Unique{Try: []rules.Value{rules.ID}, NeverReuse: 90}}, {Set: "title", To: rules.JobTitle},
			}},
			{Target: "bare", Account: rules.Everyone},
		},
		Grants:  []rules.Grant{{ID: "g", When: rules.Everyone, Give: []string{"app/l:pro", "app/l:basic", "app~admin/l:pro"}, Grace: 2}},
		Budgets: []rules.Budget{{ID: "seats", Roles: []string{"app/l:pro", "app/l:basic"}, Seats: 3}},
		Protect: []rules.Protection{{ID: "p", Who: []string{"E9", "E1"}, When: rules.Groups.Has("glass")}, {ID: "q", Who: []string{"E1"}}},
	})
	pro, basic := target.Entitlement{Kind: "l", Name: "pro"}, target.Entitlement{Kind: "l", Name: "basic"}
	assert.Equal(t, target.Owned{
		Attributes:   []target.OwnedAttribute{{Name: "title"}, {Name: "userName", Strength: target.CreateOnly}},
		Entitlements: []target.Entitlement{basic, pro},
		Slots:        []string{"", "admin"},
		Protect:      []string{"E1", "E9"},
		Grace:        []target.Grace{{Entitlement: basic, Days: 2, Rule: "g"}, {Entitlement: pro, Days: 2, Rule: "g"}},
		Budgets:      []target.Budget{{Rule: "seats", Entitlements: []target.Entitlement{basic, pro}, Seats: 3}},
		Unique:       []target.Unique{{Attribute: "userName", Rule: "app.userName", NeverReuse: 90}},
		Rehires:      []target.Rehire{{Rule: "lifecycle.app", Within: 30}, {Slot: "admin", Rule: "lifecycle.app~admin", Hold: true}},
	}, set.Owned("app"))
	assert.Equal(t, []string{""}, set.Owned("bare").Slots)
	assert.Equal(t, target.Owned{}, set.Owned("nowhere"))
	set.Owned("app").Budgets[0].Entitlements[0].Name = "spoilt"
	assert.Equal(t, basic, set.Owned("app").Budgets[0].Entitlements[0])

	for _, c := range []struct {
		id     string
		groups []source.Group
		want   bool
	}{
		{"E1", []source.Group{}, true}, {"E2", []source.Group{}, false}, {"E2", []source.Group{{Name: "glass"}}, true}, {"E2", nil, true},
	} {
		i := &source.Identity{ID: c.id, Status: source.Terminated, Groups: c.groups, StartDate: source.Day(1970, 1, 11)}
		d := set.Decide(rules.Person{Identity: i}, instant(t, "2026-03-12T00:00:00Z"))
		assert.Equal(t, c.want, d.Accounts[0].Desired.Protected, "%+v", c)
		assert.EqualValues(t, 10, d.Accounts[1].Desired.Since)
		assert.Zero(t, d.Accounts[2].Desired.Since, "no budget there")
		i.StartDate = source.Date{}
		assert.Zero(t, set.Decide(rules.Person{Identity: i}, instant(t, "2026-03-12T00:00:00Z")).Accounts[1].Desired.Since)
	}
}
