package rules_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

func TestApprovals(t *testing.T) {
	at := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	hour := func(n int) time.Time { return at.Add(time.Duration(n) * time.Hour) }
	build := func(change func(*rules.Grant)) *rules.Set {
		g := rules.Grant{ID: "g", When: rules.City.Is("Y"), Give: []string{"app/role:a", "app/role:b"}, Approval: rules.Approval{By: "manager"}}
		change(&g)
		return mustBuild(t, rules.Spec{Name: "x", Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone}}, Grants: []rules.Grant{g}})
	}
	usual := build(func(*rules.Grant) {})
	hash := usual.RuleHash("g")
	short := build(func(g *rules.Grant) { g.Approval.Days = 2 })
	sometimes := build(func(g *rules.Grant) { g.Approval.When = rules.JobTitle.Is("Y") })
	patient := build(func(g *rules.Grant) { g.Approval.KeepIfDenied = true })
	graced := build(func(g *rules.Grant) { g.Grace = 3 })
	for _, c := range []struct {
		name           string
		set            *rules.Set
		country, title string
		approvals      []rules.Approved
		a, b           string
		because        string // of a
	}{
		{"asked", usual, "Y", "", nil, "manager", "manager", "approval by manager (rule g)"},
		{"not asked", usual, "N", "", []rules.Approved{{Rule: "g", At: hour(-1)}}, "", "", "rule g: no"},
		{"open", usual, "", "", []rules.Approved{{Rule: "g", At: hour(-1)}}, "undecided", "undecided", "rule g: undecided, needs city"},
		{"approved", usual, "Y", "", []rules.Approved{{Rule: "g", At: hour(-1)}}, "granted", "granted", "approved (rule g)"},
		{"approved now", usual, "Y", "", []rules.Approved{{Rule: "g", At: hour(0)}}, "granted", "granted", "approved (rule g)"},
		{"approved later", usual, "Y", "", []rules.Approved{{Rule: "g", At: hour(1)}}, "manager", "manager", "approval by manager (rule g)"},
		{"approved for one role", usual, "Y", "", []rules.Approved{{Rule: "g", Role: "app/role:b", At: hour(-1)}}, "manager", "granted", "approval by manager (rule g)"},
		{"approved for a role of a slot", usual, "Y", "", []rules.Approved{{Rule: "g", Role: "app~x/role:b", At: hour(-1)}}, "manager", "manager", "approval by manager (rule g)"},
		{"approved with the hash", usual, "Y", "", []rules.Approved{{Rule: "g", Hash: hash, At: hour(-1)}}, "granted", "granted", "approved (rule g)"},
		{"the rule has changed", short, "Y", "", []rules.Approved{{Rule: "g", Hash: hash, At: hour(-1)}}, "manager", "manager", "approval by manager (rule g)"},
		{"another rule", usual, "Y", "", []rules.Approved{{Rule: "h", At: hour(-1)}}, "manager", "manager", "approval by manager (rule g)"},
		{"expired", usual, "Y", "", []rules.Approved{{Rule: "g", At: hour(-9), Expires: hour(0)}}, "manager", "manager", "approval by manager (rule g)"},
		{"about to expire", usual, "Y", "", []rules.Approved{{Rule: "g", At: hour(-9), Expires: hour(1)}}, "granted", "granted", "approved (rule g)"},
		{"expired by the rule", short, "Y", "", []rules.Approved{{Rule: "g", At: hour(-48)}}, "manager", "manager", "approval by manager (rule g)"},
		{"not expired by the rule", short, "Y", "", []rules.Approved{{Rule: "g", At: hour(-47)}}, "granted", "granted", "approved (rule g)"},
		{"its own end counts", short, "Y", "", []rules.Approved{{Rule: "g", At: hour(-72), Expires: hour(1)}}, "granted", "granted", "approved (rule g)"},
		{"denied", usual, "Y", "", []rules.Approved{{Rule: "g", At: hour(-1), Denied: true}}, "", "", "approval by manager denied (rule g)"},
		{"denied, for ever", short, "Y", "", []rules.Approved{{Rule: "g", At: hour(-999), Denied: true}}, "", "", "approval by manager denied (rule g)"},
		{"denied, for a time", usual, "Y", "", []rules.Approved{{Rule: "g", At: hour(-9), Denied: true, Expires: hour(0)}}, "manager", "manager", "approval by manager (rule g)"},
		{"denied and approved", usual, "Y", "", []rules.Approved{{Rule: "g", At: hour(-2), Denied: true}, {Rule: "g", At: hour(-1)}}, "", "", "approval by manager denied (rule g)"},
		{"approved and denied", usual, "Y", "", []rules.Approved{{Rule: "g", At: hour(-2)}, {Rule: "g", At: hour(-1), Denied: true, Role: "app/role:a"}}, "", "granted", "approval by manager denied (rule g)"},
		{"denied, kept", patient, "Y", "", []rules.Approved{{Rule: "g", At: hour(-1), Denied: true}}, "undecided", "undecided", "approval by manager denied, kept if held (rule g)"},
		{"denied, no grace", graced, "Y", "", []rules.Approved{{Rule: "g", At: hour(-1), Denied: true}}, "taken", "taken", "approval by manager denied (rule g)"},
		{"needed", sometimes, "Y", "Y", nil, "manager", "manager", "approval by manager (rule g)"},
		{"not needed", sometimes, "Y", "N", nil, "granted", "granted", "rule g"},
		{"not needed, though denied", sometimes, "Y", "N", []rules.Approved{{Rule: "g", At: hour(-1), Denied: true}}, "granted", "granted", "rule g"},
		{"nobody can tell whether it is needed", sometimes, "Y", "", nil, "manager", "manager", "approval by manager (rule g)"},
		{"nobody can tell, approved", sometimes, "Y", "", []rules.Approved{{Rule: "g", At: hour(-1)}}, "granted", "granted", "approved (rule g)"},
		{"nobody can tell, denied", sometimes, "Y", "", []rules.Approved{{Rule: "g", At: hour(-1), Denied: true}}, "undecided", "undecided", "approval by manager denied, kept if held (rule g)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := rules.Person{Identity: answers(c.country, c.title, ""), Approvals: c.approvals}
			p.Held = []rules.Held{heldRole("app", "a"), heldRole("app", "b")}
			d := c.set.Decide(p, at).Accounts[0].Desired
			assert.Equal(t, [2]string{c.a, c.b}, [2]string{standing(&d, "role:a"), standing(&d, "role:b")})
			assert.Equal(t, []string{c.because}, c.set.Because(p, at, "app", "", "role:a"))
			if c.title == "" && c.set == sometimes && c.a == "undecided" {
				assert.Equal(t, []string{"job_title"}, d.Missing)
			}
		})
	}
}

func TestApprovalsOfSeveralGrants(t *testing.T) {
	set := mustBuild(t, rules.Spec{
		Name: "x", Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone}},
		Grants: []rules.Grant{
			{ID: "b", When: rules.City.Is("Y"), Give: []string{"app/role:a"}, Approval: rules.Approval{By: "bob"}},
			{ID: "a", When: rules.JobTitle.Is("Y"), Give: []string{"app/role:a"}, Approval: rules.Approval{By: "ann"}},
			{ID: "c", When: rules.Team.Is("Y"), Give: []string{"app/role:a"}},
		},
	})
	at := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	denied := func(rule string) rules.Approved { return rules.Approved{Rule: rule, Denied: true} }
	for _, c := range []struct {
		answers   [3]string
		approvals []rules.Approved
		want      string
	}{
		{[3]string{"Y", "Y", "N"}, nil, "ann"},
		{[3]string{"Y", "N", "N"}, nil, "bob"},
		{[3]string{"Y", "Y", "N"}, []rules.Approved{denied("a")}, "bob"},
		{[3]string{"Y", "Y", "N"}, []rules.Approved{denied("a"), denied("b")}, ""},
		{[3]string{"Y", "Y", "N"}, []rules.Approved{denied("a"), {Rule: "b"}}, "granted"},
		{[3]string{"Y", "Y", "Y"}, []rules.Approved{denied("a"), denied("b")}, "granted"},
		{[3]string{"Y", "N", ""}, nil, "bob"},
		{[3]string{"Y", "N", ""}, []rules.Approved{denied("b")}, "undecided"},
		{[3]string{"N", "N", ""}, nil, "undecided"},
	} {
		p := rules.Person{Identity: answers(c.answers[0], c.answers[1], c.answers[2]), Approvals: c.approvals}
		d := set.Decide(p, at).Accounts[0].Desired
		assert.Equal(t, c.want, standing(&d, "role:a"), "%+v", c)
	}
}

func TestExceptions(t *testing.T) {
	set := mustBuild(t, rules.Spec{
		Name: "x", Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone}},
		Grants: []rules.Grant{
			{ID: "a", When: rules.City.Is("Y"), Give: []string{"app/role:a", "app/role:b"}, Grace: 9, Except: []rules.Exception{
				{Who: "E2", Until: source.Day(2030, 1, 1), Why: "other"},
				{Who: "E1", Until: source.Day(2026, 3, 5), Why: "over"},
				{Who: "E1", Until: source.Day(2026, 3, 10), Why: "legal hold"},
			}},
			{ID: "b", When: rules.JobTitle.Is("Y"), Give: []string{"app/role:b"}},
		},
	})
	for _, c := range []struct {
		name, at, zone, country, title string
		a, b                           string
		next                           string
	}{
		{"in force", "2026-03-10T12:00:00Z", "", "Y", "N", "taken", "taken", "2026-03-11T00:00:00Z"},
		{"to the end of the day", "2026-03-10T23:59:59Z", "", "Y", "N", "taken", "taken", "2026-03-11T00:00:00Z"},
		{"over", "2026-03-11T00:00:00Z", "", "Y", "N", "granted", "granted", ""},
		{"by the clock of the account, east", "2026-03-10T12:00:00Z", "Pacific/Kiritimati", "Y", "N", "granted", "granted", ""},
		{"by the clock of the account, west", "2026-03-11T08:00:00Z", "Etc/GMT+12", "Y", "N", "taken", "taken", "2026-03-11T12:00:00Z"},
		{"another grant gives", "2026-03-10T12:00:00Z", "", "Y", "Y", "taken", "granted", "2026-03-11T00:00:00Z"},
		{"another grant is open", "2026-03-10T12:00:00Z", "", "Y", "", "taken", "undecided", "2026-03-11T00:00:00Z"},
		{"it is open itself", "2026-03-10T12:00:00Z", "", "", "N", "undecided", "undecided", ""},
		{"it would not be given", "2026-03-10T12:00:00Z", "", "N", "N", "kept", "kept", "2026-03-19T12:00:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := answers(c.country, c.title, "")
			if c.zone != "" {
				i.Location.Zone = zone(t, c.zone)
			}
			p := rules.Person{Identity: i, Held: []rules.Held{heldRole("app", "a"), heldRole("app", "b")}}
			d := set.Decide(p, instant(t, c.at))
			got := &d.Accounts[0].Desired
			assert.Equal(t, [2]string{c.a, c.b}, [2]string{standing(got, "role:a"), standing(got, "role:b")})
			if c.next == "" {
				assert.Zero(t, d.Next)
			} else {
				assert.Equal(t, instant(t, c.next), d.Next)
			}
			if c.a == "taken" {
				x, _ := set.WhyNot(p, instant(t, c.at), "app", "", "role:a")
				assert.Equal(t, "excepted until 2026-03-10: legal hold (rule a)", x.Causes[0].String())
				assert.Equal(t, "legal hold", x.Causes[0].Exception.Why)
				assert.Equal(t, instant(t, c.next), x.Next)
			}
			i.ID = "E3"
			d = set.Decide(p, instant(t, c.at))
			if c.country == "Y" {
				assert.Equal(t, "granted", standing(&d.Accounts[0].Desired, "role:a"), "everybody else")
			}
		})
	}
}

// A denial beats what gives, approvals and exceptions.
func TestNever(t *testing.T) {
	set := mustBuild(t, rules.Spec{
		Name: "x", Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone}},
		Grants: []rules.Grant{
			{ID: "a", When: rules.City.Is("Y"), Give: []string{"app/role:a"}, Grace: 3},
			{ID: "ask", When: rules.City.Is("Y"), Give: []string{"app/role:b"}, Approval: rules.Approval{By: "manager"}},
		},
		Never: []rules.Never{
			{ID: "n1", When: rules.JobTitle.Is("Y"), Take: []string{"app/role:a", "app/role:b"}}, {ID: "n2", When: rules.Team.Is("Y"), Take: []string{"app/role:a"}},
		},
	})
	at := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		answers [3]string // the grant, n1, n2
		a, b    string
		because string // of a
	}{
		{[3]string{"Y", "N", "N"}, "granted", "granted", "rule a"},
		{[3]string{"Y", "Y", "N"}, "taken", "", "rule n1 forbids it"},
		{[3]string{"Y", "N", "Y"}, "taken", "granted", "rule n2 forbids it"},
		{[3]string{"Y", "", "N"}, "undecided", "undecided", "rule n1: undecided, needs job_title"},
		{[3]string{"Y", "", "Y"}, "taken", "undecided", "rule n2 forbids it"},
		{[3]string{"", "Y", "N"}, "taken", "", "rule n1 forbids it"},
		{[3]string{"", "", "N"}, "undecided", "undecided", "rule a: undecided, needs city"},
		{[3]string{"N", "", "N"}, "kept", "", "rule n1: undecided, needs job_title"},
		{[3]string{"N", "N", "N"}, "kept", "", ""},
		{[3]string{"N", "Y", "N"}, "taken", "", "rule n1 forbids it"},
	} {
		p := rules.Person{
			Identity: answers(c.answers[0], c.answers[1], c.answers[2]), Held: []rules.Held{heldRole("app", "a"), heldRole("app", "b")},
			Approvals: []rules.Approved{{Rule: "ask"}},
		}
		d := set.Decide(p, at).Accounts[0].Desired
		assert.Equal(t, [2]string{c.a, c.b}, [2]string{standing(&d, "role:a"), standing(&d, "role:b")}, "%+v", c)
		if c.because != "" {
			assert.Equal(t, c.because, set.Because(p, at, "app", "", "role:a")[0], "%+v", c)
		}
	}
}

func TestGrace(t *testing.T) {
	at := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	set := mustBuild(t, rules.Spec{
		Name: "x", Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone}, {Target: "app", Slot: "admin", Account: rules.Everyone}},
		Grants: []rules.Grant{
			{ID: "short", When: rules.City.Is("Y"), Give: []string{"app/role:a"}, Grace: 2},
			{ID: "long", When: rules.City.Is("Y"), Give: []string{"app/role:a", "app~admin/role:a"}, Grace: 5},
			{ID: "none", When: rules.City.Is("Y"), Give: []string{"app/role:a", "app/role:b"}},
		},
	})
	assert.Equal(t, []target.Grace{{Entitlement: target.Entitlement{Kind: "role", Name: "a"}, Days: 5, Rule: "long"}}, set.Owned("app").Grace)
	days := func(n int) time.Time { return at.Add(time.Duration(n) * 24 * time.Hour) }
	for _, c := range []struct {
		name  string
		lost  time.Time
		until time.Time
	}{
		{"lost now", time.Time{}, days(5)},
		{"lost at this instant", at, days(5)},
		{"lost before", days(-3), days(2)},
		{"about to end", days(-5).Add(time.Second), at.Add(time.Second)},
		{"over", days(-5), time.Time{}},
	} {
		h := heldRole("app", "a")
		h.Lost = c.lost
		p := rules.Person{Identity: answers("N", "", ""), Held: []rules.Held{heldRole("app", "b"), h, heldRole("other", "a")}}
		d := set.Decide(p, at)
		x, ok := set.WhyNot(p, at, "app", "", "role:a")
		assert.True(t, ok)
		assert.Nil(t, d.Accounts[1].Desired.Extra, "nothing is held there")
		if c.until.IsZero() {
			assert.Nil(t, d.Accounts[0].Desired.Extra, c.name)
			assert.Zero(t, d.Next)
			assert.Equal(t, "not granted", x.Outcome)
			continue
		}
		assert.Equal(t, []target.Kept{{Entitlement: h.Entitlement, Until: c.until}}, d.Accounts[0].Desired.Extra.Keep, c.name)
		assert.Equal(t, c.until, d.Next)
		assert.Equal(t, "kept until "+c.until.Format(time.RFC3339), x.Outcome)
		assert.Equal(t, c.until, x.Next)
		assert.Contains(t, x.Causes[0].String(), "no longer given, kept until ")

		p.Held = nil
		assert.Nil(t, set.Decide(p, at).Accounts[0].Desired.Extra, "nobody knows what is held")
		p.Identity.Status = source.Terminated
		p.Held = []rules.Held{h}
		assert.Nil(t, set.Decide(p, at).Accounts[0].Desired.Extra, "leavers have none")
	}
}

// The end of a time of grace does not move because something else happens.
func TestGraceIsExplainedAsItEnds(t *testing.T) {
	set := mustBuild(t, rules.Spec{
		Name: "x", Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone}},
		Grants: []rules.Grant{
			{ID: "a", When: rules.City.Is("Y"), Give: []string{"app/role:a"}, Grace: 5},
			{ID: "b", When: rules.AsOf.OnOrAfter(rules.Date(2026, 3, 12)), Give: []string{"app/role:b"}},
		},
	})
	p := rules.Person{Identity: answers("N", "", ""), Held: []rules.Held{heldRole("app", "a")}}
	x, _ := set.WhyNot(p, instant(t, "2026-03-10T12:00:00Z"), "app", "", "role:a")
	assert.Equal(t, "kept until 2026-03-15T12:00:00Z", x.Outcome)
	assert.Equal(t, instant(t, "2026-03-15T12:00:00Z"), x.Next)
}
