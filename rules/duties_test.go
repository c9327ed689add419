package rules_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

const meet = "duties that nobody shall have together"

func duty(do rules.Duties) *rules.NeverTogether {
	d := &rules.NeverTogether{ID: "sod", Roles: []string{"erp/role:enter", "bank/role:pay"}, Do: do}
	if do == rules.ApproveDuties {
		d.By = "security"
	}
	return d
}

func dutySet(t testing.TB, d ...*rules.NeverTogether) *rules.Set {
	t.Helper()
	spec := rules.Spec{
		Name: "x", Targets: []rules.TargetSpec{{Target: "erp", Account: rules.Everyone}, {Target: "bank", Account: rules.Everyone}},
		Grants: []rules.Grant{
			{ID: "enter", When: rules.City.Is("Y"), Give: []string{"erp/role:enter"}, Grace: 5},
			{ID: "pay", When: rules.JobTitle.Is("Y"), Give: []string{"bank/role:pay"}},
			{ID: "audit", When: rules.Team.Is("Y"), Give: []string{"erp/role:audit"}, Approval: rules.Approval{By: "manager"}},
		},
	}
	for _, x := range d {
		spec.NeverTogether = append(spec.NeverTogether, *x)
	}
	return mustBuild(t, spec)
}

func heldRole(name, role string) rules.Held {
	return rules.Held{Target: name, Entitlement: target.Entitlement{Kind: "role", Name: role}}
}

func TestNeverTogether(t *testing.T) {
	none, enter, both := []rules.Held{}, []rules.Held{heldRole("erp", "enter")}, []rules.Held{heldRole("erp", "enter"), heldRole("bank", "pay")}
	for _, c := range []struct {
		name    string
		do      rules.Duties
		answers [2]string
		held    []rules.Held
		enter   string // "granted", "undecided", "security", "kept"
		pay     string
		noted   bool
	}{
		{"one alone", rules.HoldDuties, [2]string{"Y", "N"}, none, "granted", "", false},
		{"both", rules.HoldDuties, [2]string{"Y", "Y"}, none, "undecided", "undecided", true},
		{"both, and nobody knows what they hold", rules.HoldDuties, [2]string{"Y", "Y"}, nil, "undecided", "undecided", true},
		{"both, one is held", rules.HoldDuties, [2]string{"Y", "Y"}, enter, "undecided", "undecided", true},
		{"both are held", rules.HoldDuties, [2]string{"Y", "Y"}, both, "undecided", "undecided", true},
		{"one is open and not held", rules.HoldDuties, [2]string{"", "Y"}, none, "undecided", "granted", false},
		{"one is open and held", rules.HoldDuties, [2]string{"", "Y"}, enter, "undecided", "undecided", true},
		{"one is open and may be held", rules.HoldDuties, [2]string{"", "Y"}, nil, "undecided", "undecided", true},
		{"one is in grace", rules.HoldDuties, [2]string{"N", "Y"}, enter, "kept", "undecided", true},
		{"both are open", rules.HoldDuties, [2]string{"", ""}, both, "undecided", "undecided", false},
		{"report", rules.ReportDuties, [2]string{"Y", "Y"}, none, "granted", "granted", true},
		{"report, one is in grace", rules.ReportDuties, [2]string{"N", "Y"}, enter, "kept", "granted", true},
		{"approve", rules.ApproveDuties, [2]string{"Y", "Y"}, none, "security", "security", false},
		{"approve, nobody knows what they hold", rules.ApproveDuties, [2]string{"Y", "Y"}, nil, "security", "security", false},
		{"approve what is not held", rules.ApproveDuties, [2]string{"Y", "Y"}, enter, "granted", "security", false},
		{"approve, both are held", rules.ApproveDuties, [2]string{"Y", "Y"}, both, "granted", "granted", false},
		{"approve beside what is in grace", rules.ApproveDuties, [2]string{"N", "Y"}, enter, "kept", "security", false},
		{"approve one alone", rules.ApproveDuties, [2]string{"Y", "N"}, none, "granted", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			set := dutySet(t, duty(c.do))
			p := rules.Person{Identity: answers(c.answers[0], c.answers[1], "N"), Held: c.held}
			d := set.Decide(p, time.Unix(1000, 0))
			assert.Equal(t, c.enter, standing(&d.Accounts[0].Desired, "role:enter"))
			assert.Equal(t, c.pay, standing(&d.Accounts[1].Desired, "role:pay"))
			for n := range d.Accounts {
				x := d.Accounts[n].Desired.Extra
				noted := x != nil && len(x.Notes) == 1 && x.Notes[0] == target.Note{Code: rules.CodeConflict, Rule: "sod", Text: meet}
				assert.Equal(t, c.noted, noted, "%+v", x)
			}
			if c.noted && c.pay == "undecided" && c.answers[1] == "Y" {
				assert.Equal(t, []string{meet + " (rule sod)"}, set.Because(p, time.Unix(1000, 0), "bank", "", "role:pay"))
			}
		})
	}
}

// standing is how an entitlement stands in what is wanted.
func standing(d *target.Desired, text string) string {
	how := ""
	add := func(word string, e target.Entitlement) {
		if e.String() == text {
			how += word
		}
	}
	for _, e := range d.Entitlements {
		add("granted", e)
	}
	for _, e := range d.Undecided {
		add("undecided", e)
	}
	for _, a := range d.Ask {
		add(a.By, a.Entitlement)
	}
	if d.Extra != nil {
		for _, k := range d.Extra.Keep {
			add("kept", k.Entitlement)
		}
		for _, e := range d.Extra.Take {
			add("taken", e)
		}
	}
	return how
}

func TestDutiesThatSomebodyApproved(t *testing.T) {
	set := dutySet(t, duty(rules.ApproveDuties))
	at := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	hour := func(n int) time.Time { return at.Add(time.Duration(n) * time.Hour) }
	for _, c := range []struct {
		name       string
		approvals  []rules.Approved
		enter, pay string
	}{
		{"both", []rules.Approved{{Rule: "sod", At: hour(-1)}}, "granted", "granted"},
		{"with the hash", []rules.Approved{{Rule: "sod", At: hour(-1), Hash: set.RuleHash("sod")}}, "granted", "granted"},
		{"another hash", []rules.Approved{{Rule: "sod", At: hour(-1), Hash: "other"}}, "security", "security"},
		{"one of them", []rules.Approved{{Rule: "sod", At: hour(-1), Role: "bank/role:pay"}}, "security", "granted"},
		{"not yet", []rules.Approved{{Rule: "sod", At: hour(1)}}, "security", "security"},
		{"no longer", []rules.Approved{{Rule: "sod", At: hour(-2), Expires: hour(0)}}, "security", "security"},
		{"another rule", []rules.Approved{{Rule: "pay", At: hour(-1)}}, "security", "security"},
		{"denied", []rules.Approved{{Rule: "sod", At: hour(-1), Denied: true}}, "undecided", "undecided"},
		{"one denied", []rules.Approved{{Rule: "sod", At: hour(-2)}, {Rule: "sod", At: hour(-1), Denied: true, Role: "bank/role:pay"}}, "granted", "undecided"},
		{"denied for a time", []rules.Approved{{Rule: "sod", At: hour(-2), Denied: true, Expires: hour(0)}}, "security", "security"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := rules.Person{Identity: answers("Y", "Y", "N"), Held: []rules.Held{}, Approvals: c.approvals}
			d := set.Decide(p, at)
			assert.Equal(t, c.enter, standing(&d.Accounts[0].Desired, "role:enter"))
			assert.Equal(t, c.pay, standing(&d.Accounts[1].Desired, "role:pay"))
			x := set.Trace(p, at, "bank")[1]
			want := map[string]string{
				"granted": meet + ", approved or held (rule sod)", "security": "approval by security (rule sod)",
				"undecided": "approval by security denied, kept if held (rule sod)",
			}
			assert.Equal(t, want[c.pay], x.Causes[1].String())
		})
	}
}

// Two separations do not depend on each other, and none spares an approval that a
// grant needs.
func TestSeparationsAreIndependent(t *testing.T) {
	hold := func(id string, do rules.Duties, by string, roles ...string) *rules.NeverTogether {
		return &rules.NeverTogether{ID: id, Roles: roles, Do: do, By: by}
	}
	enter, pay, audit := "erp/role:enter", "bank/role:pay", "erp/role:audit"
	for _, ids := range [][2]string{{"a", "b"}, {"b", "a"}} {
		p := rules.Person{Identity: answers("Y", "Y", "Y"), Held: []rules.Held{}}
		get := func(set *rules.Set) [3]string {
			d := set.Decide(p, time.Unix(1000, 0))
			erp, bank := &d.Accounts[0].Desired, &d.Accounts[1].Desired
			return [3]string{standing(erp, "role:enter"), standing(bank, "role:pay"), standing(erp, "role:audit")}
		}
		assert.Equal(t, [3]string{"undecided", "undecided", "undecided"},
			get(dutySet(t, hold(ids[0], rules.HoldDuties, "", enter, pay), hold(ids[1], rules.HoldDuties, "", pay, audit))))
		assert.Equal(t, [3]string{"undecided", "undecided", "managersecurity"},
			get(dutySet(t, hold(ids[0], rules.HoldDuties, "", enter, pay), hold(ids[1], rules.ApproveDuties, "security", pay, audit))))
		assert.Equal(t, [3]string{"security", "cfosecurity", "cfomanager"},
			get(dutySet(t, hold(ids[0], rules.ApproveDuties, "security", enter, pay), hold(ids[1], rules.ApproveDuties, "cfo", pay, audit))))
		assert.Equal(t, [3]string{"manager", "manager", "manager"},
			get(dutySet(t, hold(ids[0], rules.ApproveDuties, "manager", enter, pay), hold(ids[1], rules.ApproveDuties, "manager", pay, audit))))
	}
	set := dutySet(t, hold("a", rules.ApproveDuties, "cfo", pay, audit))
	x, _ := set.WhyNot(rules.Person{Identity: answers("N", "Y", "Y")}, time.Unix(1000, 0), "erp", "", "role:audit")
	assert.Equal(t, "to be approved by cfo and manager", x.Outcome)
	assert.Equal(t, []string{"approval by manager (rule audit)", "approval by cfo (rule a)"}, set.Because(rules.Person{Identity: answers("N", "Y", "Y")}, time.Unix(1000, 0), "erp", "", "role:audit"))
}

// A separation of three is not told of the one that the person does not get.
func TestDutiesThatDoNotMeetAreNotBlamed(t *testing.T) {
	set := dutySet(t, &rules.NeverTogether{ID: "sod", Roles: []string{"erp/role:enter", "bank/role:pay", "erp/role:audit"}})
	p := rules.Person{Identity: answers("Y", "Y", "N")}
	assert.Equal(t, []string{"rule audit: no"}, set.Because(p, time.Unix(1000, 0), "erp", "", "role:audit"))
	assert.Equal(t, []string{meet + " (rule sod)"}, set.Because(p, time.Unix(1000, 0), "erp", "", "role:enter"))
}

// What several people share is not changed by what is held back of one of them.
func TestDutiesLeaveSharedListsAlone(t *testing.T) {
	set := dutySet(t, duty(rules.HoldDuties))
	decider := set.Decider()
	at := time.Unix(1000, 0)
	var kept [][]target.Entitlement
	for range 20 {
		for _, pay := range []string{"N", "Y"} {
			d := decider.Decide(rules.Person{Identity: answers("Y", pay, "N"), Held: []rules.Held{}}, at)
			if pay == "N" {
				kept = append(kept, d.Accounts[0].Desired.Entitlements)
			} else {
				assert.Empty(t, d.Accounts[0].Desired.Entitlements)
			}
		}
	}
	for _, list := range kept {
		assert.Equal(t, "enter", names(list))
	}
	i := answers("Y", "Y", "N")
	i.Status = source.Terminated
	assert.Nil(t, decider.Decide(rules.Person{Identity: i}, at).Accounts[0].Desired.Extra, "leavers have no duties")
}
