package rules_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
)

func explained(x rules.Explanation) string {
	var b strings.Builder
	mark := ""
	if x.Sensitive {
		mark = " (sensitive)"
	}
	fmt.Fprintf(&b, "%s %s: %s%s\n", x.Key, x.Subject, x.Outcome, mark)
	for _, c := range x.Causes {
		fmt.Fprintf(&b, "  %s\n", c)
		for _, a := range c.Atoms {
			mark := ""
			if a.Sensitive {
				mark = " (sensitive)"
			}
			fmt.Fprintf(&b, "    %s: %s, has %q%s\n", a.Text, a.Outcome, a.Value, mark)
		}
	}
	return b.String()
}

func TestWhy(t *testing.T) {
	set := mustBuild(t, rules.Spec{
		Name:   "acme",
		Fields: []rules.FieldSpec{{Name: "badge", PII: true}},
		Targets: []rules.TargetSpec{
			{
				Target: "app", Account: rules.Any(rules.Department.Is("Sales"), rules.All(rules.Country.Is("DE"), rules.Team.IsNot("Ops"))),
				Attributes: []rules.Attribute{
					{Set: "badge", To: rules.Custom("badge"), When: rules.Custom("badge").StartsWith("B")},
					{Set: "manager", To: rules.Manager, IfMissing: rules.Clear},
					{Set: "password", Secret: true},
					{Set: "team", To: rules.Team, When: rules.Division.Is("North")},
					{Set: "title", To: rules.JobTitle},
					{Set: "userName", To: rules.WorkEmail},
				},
			},
			{Target: "app", Slot: "admin", Account: rules.Groups.Has("admins")},
			{Target: "other", Account: rules.Everyone},
		},
		Grants: []rules.Grant{
			{ID: "new", When: rules.StartDate.Plus(90).After(rules.AsOf), Give: []string{"app/group:new"}},
			{ID: "sales", When: rules.Department.Is("Sales"), Give: []string{"app/group:sales"}},
			{ID: "crm", When: rules.Everyone, Give: []string{"app/role:crm"}, Approval: rules.Approval{By: "manager"}},
			{ID: "north", When: rules.Division.Is("North"), Give: []string{"app/group:north"}},
		},
	})
	p := rules.Person{Identity: &source.Identity{
		ID: "E1", Status: source.Active, Department: source.Named("Finance"), Location: source.Location{Country: "DE"},
		Team: source.Named("Dev"), JobTitle: "Clerk", WorkEmail: "ana@acme.example", StartDate: source.Day(2026, 1, 1),
		Groups: []source.Group{{Name: "staff"}, {Name: "chess"}}, Custom: map[string][]string{"badge": {"B7"}},
	}}
	var b strings.Builder
	for _, x := range set.Trace(p, instant(t, "2026-03-01T12:00:00Z"), "app") {
		b.WriteString(explained(x))
	}
	assert.Equal(t, `E1 account: enabled
  rule account.app
    country == "DE": yes, has "DE"
    team == "Ops": no, has "Dev"
E1 attribute badge: B7 (sensitive)
  rule app.badge
    custom.badge startsWith "B": yes, has "B7" (sensitive)
E1 attribute manager: cleared
  rule app.manager: undecided, needs manager
E1 attribute password: secret
  rule app.password
E1 attribute team: undecided
  rule app.team: undecided, needs division
    division == "North": undecided, has ""
E1 attribute title: Clerk
  rule app.title
E1 attribute userName: ana@acme.example (sensitive)
  rule app.userName
E1 group:new: granted
  rule new
    start + 90d > as_of: yes, has "as_of 2026-03-01, 2026-01-01"
E1 group:north: undecided
  rule north: undecided, needs division
    division == "North": undecided, has ""
E1 group:sales: not granted
  rule sales: no
    department == "Sales": no, has "Finance"
E1 role:crm: to be approved by manager
  approval by manager (rule crm)
E1~admin account: none
  rule account.app~admin: no
    "admins" in groups: no, has "staff, chess"
`, b.String())
	assert.Empty(t, set.Trace(p, time.Unix(0, 0), "nowhere"))
	assert.Empty(t, set.Trace(rules.Person{}, time.Unix(0, 0), "app"))
	assert.Empty(t, set.Because(rules.Person{}, time.Unix(0, 0), "app", "", rules.SubjectAccount))
	for _, subject := range []string{"attribute none", "group:none", ""} {
		assert.Empty(t, set.Because(p, time.Unix(0, 0), "app", "", subject))
	}
	assert.Empty(t, set.Because(p, time.Unix(0, 0), "app", "root", rules.SubjectAccount))
}

func TestBecause(t *testing.T) {
	set := mustBuild(t, rules.Spec{
		Name: "acme",
		Targets: []rules.TargetSpec{{
			Target: "app", Account: rules.Department.IsNot("Finance"),
			Lifecycle: rules.Lifecycle{PreHire: 14, DeleteAfter: 30, Leave: rules.DisableOnLeave},
			Attributes: []rules.Attribute{
				{Set: "mail", To: rules.WorkEmail, IfMissing: rules.Block},
				{Set: "title", To: rules.JobTitle},
				{Set: "team", To: rules.Team, When: rules.Country.Is("DE")},
			},
		}},
		Grants: []rules.Grant{
			{ID: "engineering", When: rules.Department.Is("Engineering"), Give: []string{"app/group:code"}},
			{ID: "lead", When: rules.JobTitle.Is("Lead"), Give: []string{"app/group:code"}},
		},
	})
	at := instant(t, "2026-03-10T12:00:00Z")
	base := source.Identity{ID: "E1", Status: source.Active, Department: source.Named("Engineering"), WorkEmail: "a@b", JobTitle: "Clerk"}
	for _, c := range []struct {
		name    string
		change  func(*source.Identity)
		subject string
		want    []string
	}{
		{"grant", func(*source.Identity) {}, "group:code", []string{"rule engineering"}},
		{"two grants", func(i *source.Identity) { i.JobTitle = "Lead" }, "group:code", []string{"rule engineering", "rule lead"}},
		{"revoke", func(i *source.Identity) { i.Department.Name = "Sales" }, "group:code", []string{"rule engineering: no", "rule lead: no"}},
		{"undecided grant", func(i *source.Identity) { i.JobTitle, i.Department.Name = "", "Sales" }, "group:code", []string{"rule lead: undecided, needs job_title"}},
		{"attribute", func(*source.Identity) {}, rules.SubjectAttribute("title"), []string{"rule app.title"}},
		{"attribute not wanted", func(i *source.Identity) { i.Location.Country = "FR" }, rules.SubjectAttribute("team"), []string{"rule app.team: no"}},
		{"joiner", func(*source.Identity) {}, "account", []string{"rule account.app"}},
		{"prepared", func(i *source.Identity) { i.StartDate = source.Day(2026, 3, 20) }, "account", []string{"starts 2026-03-20 (rule lifecycle.app)", "rule account.app"}},
		{"too early", func(i *source.Identity) { i.StartDate = source.Day(2026, 5, 20) }, "account", []string{"starts 2026-05-20 (rule lifecycle.app)"}},
		{"candidate", func(i *source.Identity) { i.Status = source.Candidate }, "account", []string{"candidate (rule lifecycle.app)"}},
		{"unknown", func(i *source.Identity) { i.Status = source.Unknown }, "account", []string{"rule lifecycle.app: undecided, needs status"}},
		{"unknown, revoke", func(i *source.Identity) { i.Status = source.Unknown }, "group:code", []string{"rule lifecycle.app: undecided, needs status"}},
		{"no start", func(i *source.Identity) { i.Status = source.PreHire }, "account", []string{"rule lifecycle.app: undecided, needs start_date"}},
		{"not understood", func(i *source.Identity) { i.Findings = bad("hire_date") }, "account", []string{"undecided, hire_date is not understood (rule lifecycle.app)"}},
		{"not understood, revoke", func(i *source.Identity) { i.Findings = bad("hire_date", "last_day") }, "group:code", []string{"undecided, hire_date, last_day are not understood (rule lifecycle.app)"}},
		{"status not understood", func(i *source.Identity) { i.Status, i.Findings = source.Unknown, bad("status", "hire_date") }, "account", []string{"undecided, status is not understood (rule lifecycle.app)"}},
		{"on leave", func(i *source.Identity) { i.Status = source.OnLeave }, "account", []string{"on leave (rule lifecycle.app)", "rule account.app"}},
		{"suspended", func(i *source.Identity) { i.Status = source.Suspended }, "account", []string{"suspended (rule lifecycle.app)", "rule account.app"}},
		{"out of scope", func(i *source.Identity) { i.Department.Name = "Finance" }, "account", []string{"rule account.app: no"}},
		{"out of scope, revoke", func(i *source.Identity) { i.Department.Name = "Finance" }, "group:code", []string{"rule account.app: no"}},
		{"undecided", func(i *source.Identity) { i.Department.Name = "" }, "account", []string{"rule account.app: undecided, needs department"}},
		{"blocked", func(i *source.Identity) { i.WorkEmail = "" }, "account", []string{"rule app.mail: undecided, needs work_email"}},
		{"leaver", func(i *source.Identity) { i.LastDay = source.Day(2026, 3, 1) }, "account", []string{"last day 2026-03-01 (rule lifecycle.app)"}},
		{"leaver, revoke", func(i *source.Identity) { i.LastDay = source.Day(2026, 3, 1) }, "group:code", []string{"last day 2026-03-01 (rule lifecycle.app)"}},
		{"leaver before the last day", func(i *source.Identity) {
			i.Status, i.LastDay = source.Terminated, source.Day(2026, 3, 31)
		}, "account", []string{"status terminated (rule lifecycle.app)"}},
		{"at once", func(i *source.Identity) { i.TerminatedAt = instant(t, "2026-03-10T09:00:00+02:00") }, "account", []string{"terminated at 2026-03-10T07:00:00Z (rule lifecycle.app)"}},
		{"deleted", func(i *source.Identity) { i.LastDay = source.Day(2026, 1, 1) }, "account", []string{"last day 2026-01-01, deleted after 30 days (rule lifecycle.app)"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := base
			c.change(&i)
			assert.Equal(t, c.want, set.Because(rules.Person{Identity: &i}, at, "app", "", c.subject))
		})
	}
	assert.Equal(t, "rule x: undecided", rules.Cause{Rule: "x"}.String())
}

// One subject costs what one subject costs: nothing of the others is explained.
func TestWhyExplainsNothingElse(t *testing.T) {
	spec := rules.Spec{Name: "x", Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone}}}
	for n := range 300 {
		spec.Grants = append(spec.Grants, rules.Grant{
			ID:   fmt.Sprintf("g%d", n),
			When: rules.All(rules.Department.Is(fmt.Sprint(n)), rules.StartDate.Plus(n%3+2).After(rules.AsOf)),
			Give: []string{fmt.Sprintf("app/group:%d", n)},
		})
	}
	set := mustBuild(t, spec)
	i := somebody()
	i.Department, i.StartDate = source.Named("7"), source.Day(2026, 3, 9)
	p, at := rules.Person{Identity: i}, instant(t, "2026-03-10T12:00:00Z")
	x, ok := set.Why(p, at, "app", "", "group:7")
	assert.True(t, ok)
	assert.Equal(t, instant(t, "2026-03-12T00:00:00Z"), x.Next)
	one := testing.AllocsPerRun(5, func() { set.Why(p, at, "app", "", "group:7") })
	not := testing.AllocsPerRun(5, func() { set.WhyNot(p, at, "app", "", "group:8") })
	all := testing.AllocsPerRun(5, func() { set.Trace(p, at, "app") })
	assert.Less(t, one, all/20)
	assert.Less(t, not, all/20)
}
