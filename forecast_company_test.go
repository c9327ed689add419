package provision_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// comingOf are the events of a forecast with all that is theirs but the zone and the reasons.
func comingOf(f *provision.Forecast) []string {
	var out []string
	for i := range f.Events {
		e := &f.Events[i]
		text := e.At.Format("01-02 15:04 ") + e.Kind.String() + " " + e.Target + "/" + e.Key.String()
		for _, x := range e.Entitlements {
			text += " " + x.Name
		}
		if !e.Until.IsZero() {
			text += e.Until.Format(" until 01-02 15:04")
		}
		if e.Exception {
			text += " exception"
		}
		out = append(out, text)
	}
	return out
}

// limited is a target that cannot do everything.
func limited(name string, change func(*target.Capabilities)) *memtarget.Target {
	can := memtarget.Everything()
	if change != nil {
		change(&can)
	}
	t := memtarget.New(name, &memtarget.Config{Capabilities: &can})
	t.AddEntitlements(group("tools"), group("more"), group("long"))
	return t
}

// forecastWorld is a company with several targets of the same life cycle.
func forecastWorld(t *testing.T, spec *rules.Spec, life rules.TargetSpec, targets ...*memtarget.Target) *world {
	t.Helper()
	return newWorld(t, func(c *provision.Config) {
		spec.Name, c.Targets, spec.Targets = "acme", nil, nil
		for _, one := range targets {
			life.Target = one.Name()
			c.Targets, spec.Targets = append(c.Targets, one), append(spec.Targets, life)
		}
		c.Rules = build(t, *spec)
		c.Policy.Gap = -1
	})
}

// from and before are days of March 2026 from which on, and before which, a rule holds.
func from(d int) rules.Cond   { return rules.AsOf.OnOrAfter(rules.Date(2026, 3, d)) }
func before(d int) rules.Cond { return rules.AsOf.Before(rules.Date(2026, 3, d)) }

func works(department string) rules.Cond { return rules.Department.Is(department) }

// Who joins, leaves and goes on leave, on targets that can do everything or not all.
func TestForecastOfWhatATargetCanDo(t *testing.T) {
	t.Parallel()
	spec := rules.Spec{
		Fields: []rules.FieldSpec{{Name: "leave_start", Type: rules.DateType}},
		Grants: []rules.Grant{{ID: "tools", When: rules.Everyone, Give: []string{"app/group:tools", "old/group:tools", "safe/group:tools"}}},
		Protect: []rules.Protection{
			{ID: "keys", Who: []string{"cas"}, When: rules.HireDate.After(rules.AsOf.Plus(-30))},
		},
	}
	w := forecastWorld(t, &spec, rules.TargetSpec{
		Account: rules.Everyone,
		Lifecycle: rules.Lifecycle{
			PreHire: 7, EnableBefore: 2, DeleteAfter: 3, Leave: rules.DisableOnLeave, LeaveAfter: 1, LeaveSince: rules.CustomDate("leave_start"),
		},
	},
		limited("app", nil),
		limited("old", func(c *target.Capabilities) { c.Disable, c.CreateDisabled = false, false }),
		limited("safe", func(c *target.Capabilities) { c.Delete = false }),
	)
	ann, bea, cas, dot := person("ann", "", ""), person("bea", "", ""), person("cas", "", ""), person("dot", "", "")
	gil, hal := person("gil", "", ""), person("hal", "", "")
	gil.HireDate = day(2026, 2, 8)
	w.people.Set(ann, bea, cas, dot, gil, hal)
	w.sync()

	onLeave := func(p source.Identity, since string) source.Identity {
		p.Status, p.Custom = source.OnLeave, map[string][]string{"leave_start": {since}}
		return p
	}
	ann.TerminationDate = day(2026, 3, 4)
	cas = onLeave(cas, "2026-03-04")
	cas.TerminationDate = day(2026, 3, 6)
	dot = onLeave(dot, "2026-02-01")
	dot.TerminationDate = day(2026, 3, 6) // closed already when she leaves
	eve, fay := person("eve", "", ""), person("fay", "", "")
	eve.HireDate, fay.HireDate = day(2026, 3, 12), day(2026, 3, 6)
	w.people.Put(ann, onLeave(bea, "2026-03-04"), cas, dot, onLeave(gil, "2026-02-20"), gone(hal, day(2026, 2, 28)), eve, fay)
	assert.Equal(t, []string{
		"03-03 00:00 delete-due app/hal",
		"03-04 00:00 opens app/fay",
		"03-04 00:00 joins old/fay",
		"03-04 00:00 opens safe/fay",
		"03-05 00:00 leaves app/ann tools",
		"03-05 00:00 closes app/bea",
		"03-05 00:00 joins app/eve tools",
		"03-05 00:00 leaves old/ann tools",
		"03-05 00:00 leaves safe/ann tools",
		"03-05 00:00 closes safe/bea",
		"03-05 00:00 joins safe/eve tools",
		"03-07 00:00 delete-due app/ann",
		"03-07 00:00 leaves app/dot tools",
		"03-07 00:00 leaves old/dot tools",
		"03-07 00:00 leaves safe/dot tools",
		"03-10 00:00 delete-due app/dot",
		"03-10 00:00 opens app/eve",
		"03-10 00:00 closes app/gil",
		"03-10 00:00 joins old/eve tools",
		"03-10 00:00 opens safe/eve",
		"03-10 00:00 closes safe/gil",
	}, comingOf(w.forecast(14)), "%s", w.forecast(14))

	w.sync()
	w.config.Policy.Protect = []string{"ann", "bea", "dot", "gil", "hal"}
	w.restart()
	assert.Equal(t, []string{
		"03-04 00:00 opens app/fay",
		"03-04 00:00 joins old/fay",
		"03-04 00:00 opens safe/fay",
		"03-05 00:00 joins app/eve tools",
		"03-05 00:00 joins safe/eve tools",
		"03-10 00:00 opens app/eve",
		"03-10 00:00 joins old/eve tools",
		"03-10 00:00 opens safe/eve",
	}, comingOf(w.forecast(14)), "nothing is taken from the protected")
}

// What begins and ends at an account that stays.
func TestForecastOfWhatIsHeld(t *testing.T) {
	t.Parallel()
	spec := rules.Spec{
		Grants: []rules.Grant{
			{ID: "camp", When: rules.All(works("Camp"), rules.Any(before(4), rules.All(from(7), before(20)))), Give: []string{"app/group:tools"}, Grace: 5},
			{ID: "camp.short", When: rules.All(works("Camp"), before(4)), Give: []string{"app/group:tools"}, Grace: 2},
			{ID: "fair", When: rules.All(works("Fair"), rules.Any(before(4), from(9))), Give: []string{"app/group:tools"}},
			{ID: "fair.long", When: rules.All(works("Fair"), before(4)), Give: []string{"app/group:long"}, Grace: 36_525},
			{ID: "lab", When: works("Lab"), Give: []string{"app/group:tools"}},
			{ID: "desk", When: rules.All(works("Desk"), rules.Any(before(6), rules.CostCenter.Is("1"))), Give: []string{"app/group:tools"}},
			{ID: "sales", When: works("Sales"), Give: []string{"app/group:more"}, Except: []rules.Exception{
				{Who: "soon", Until: day(2026, 3, 9), Why: "elsewhere"},
				{Who: "never", Until: day(2026, 12, 31), Why: "elsewhere"},
			}},
			{ID: "spring", When: rules.All(works("Sales"), before(5)), Give: []string{"app/group:more"}},
		},
		Never:   []rules.Never{{ID: "closed", When: rules.All(works("Lab"), from(5)), Take: []string{"app/group:tools"}}},
		Protect: []rules.Protection{{ID: "keys", Who: []string{"safe"}}},
	}
	w := forecastWorld(t, &spec, rules.TargetSpec{Account: rules.Everyone}, limited("app", nil))
	leaver := person("leaver", "Camp", "")
	leaver.TerminationDate = day(2026, 3, 5)
	w.people.Set(
		person("camp", "Camp", ""), leaver, person("safe", "Camp", ""), person("fair", "Fair", ""), person("lab", "Lab", ""),
		person("desk", "Desk", ""), person("soon", "Sales", ""), person("never", "Sales", ""),
	)
	w.sync()
	assert.Equal(t, []string{
		"03-04 00:00 grace-begins app/camp tools until 03-09 00:00",
		"03-04 00:00 grace-begins app/fair long until 02-08 00:00",
		"03-04 00:00 grace-begins app/fair tools until 03-09 00:00",
		"03-04 00:00 grace-begins app/leaver tools until 03-09 00:00",
		"03-05 00:00 loses app/lab tools",
		"03-05 00:00 loses app/never more",
		"03-05 00:00 loses app/soon more",
		"03-06 00:00 leaves app/leaver tools",
		"03-10 00:00 gains app/soon more exception",
		"03-20 00:00 grace-begins app/camp tools until 03-25 00:00",
		"03-25 00:00 loses app/camp tools",
	}, comingOf(w.forecast(40)), "%s", w.forecast(40))
}

// Approvals end, and what needs one is asked for once.
func TestForecastOfApprovals(t *testing.T) {
	t.Parallel()
	cfo := rules.Approval{By: "the CFO", Days: 10}
	spec := rules.Spec{
		Grants: []rules.Grant{
			{ID: "money", When: rules.JobTitle.Is("Treasurer"), Give: []string{"app/group:tools", "fixed/group:tools"}, Approval: cfo},
			{ID: "free", When: rules.All(works("Board"), from(5), before(15)), Give: []string{"app/group:tools"}},
			{ID: "audit", When: works("Audit"), Give: []string{"app/group:more"}, Approval: rules.Approval{By: "the CFO", When: from(6)}},
			{ID: "late", When: rules.All(works("Desk"), from(4)), Give: []string{"app/group:more"}, Approval: cfo},
			{ID: "other", When: rules.All(works("Desk"), from(7)), Give: []string{"app/group:tools"}},
		},
		Protect: []rules.Protection{{ID: "keys", Who: []string{"cyd"}}},
	}
	w := forecastWorld(t, &spec, rules.TargetSpec{Account: rules.Everyone}, limited("app", nil),
		limited("fixed", func(c *target.Capabilities) {
			for i := range c.Entitlements {
				c.Entitlements[i].Revoke = false
			}
		}))
	w.people.Set(
		person("ana", "Legal", "Treasurer"), person("bob", "Board", "Treasurer"), person("cyd", "Legal", "Treasurer"),
		person("dee", "Audit", "Clerk"), person("del", "Desk", "Clerk"),
	)
	w.sync()
	pending, err := desk(w).Pending(t.Context())
	require.NoError(t, err)
	for _, p := range pending {
		require.NoError(t, desk(w).Approve(t.Context(), p.Hold.Change.ID, provision.Decision{Actor: "cfo"}))
	}
	w.sync()
	all := []string{
		"03-04 00:00 gains app/del more",
		"03-07 00:00 gains app/del tools",
		"03-11 12:00 loses app/ana tools",
		"03-15 00:00 loses app/bob tools",
	}
	assert.Equal(t, all, comingOf(w.forecast(20)), "%s", w.forecast(20))
	assert.Equal(t, all[:3], comingOf(w.forecast(10)), "to the very end")
	w.now = w.now.AddDate(0, 0, 10)
	assert.Equal(t, all[3:], comingOf(w.forecast(10)), "what ends now is in the plan for now: %s", w.plan())
}

// A label is shown unless it is a sensitive value, of the rules or of the account.
func TestForecastShowsNoSensitiveLabel(t *testing.T) {
	t.Parallel()
	sensitive := func(name string) *memtarget.Target {
		return limited("app", func(c *target.Capabilities) {
			for i := range c.Attributes {
				c.Attributes[i].Sensitive = c.Attributes[i].Name == name
			}
		})
	}
	for name, label := range map[string]string{"title": "ann@acme.example", "email": "ann", "aliases": "ann"} {
		w := forecastWorld(t, &rules.Spec{}, rules.TargetSpec{
			Account: rules.Everyone, Attributes: []rules.Attribute{{Set: "email", To: rules.WorkEmail}, {Set: "title", To: rules.JobTitle}},
		}, sensitive(name))
		ann := person("ann", "", "Clerk")
		ann.TerminationDate = day(2026, 3, 5)
		w.people.Set(ann)
		w.sync()
		app := w.config.Targets[0].(*memtarget.Target)
		account := app.ByKey(target.Key{Identity: "ann"})[0]
		account.Attributes = target.Attrs(map[string]string{"email": "old@acme.example", "aliases": "ANN@acme.example"})
		app.Put(account)
		f := w.forecast(9)
		require.Len(t, f.Events, 1)
		assert.Equal(t, label, f.Events[0].Label, "%s is sensitive", name)
	}
}

// What is said of people about whom nothing but their termination is known, of those whom the
// source does not list, and of targets that cannot be read.
func TestForecastOfWhoAndWhatIsNotRead(t *testing.T) {
	t.Parallel()
	spec := rules.Spec{}
	w := forecastWorld(t, &spec, rules.TargetSpec{Account: rules.Everyone, Lifecycle: rules.Lifecycle{DeleteAfter: 3}},
		limited("app", nil), limited("shut", nil))
	w.people.Set(person("ann", "Legal", ""), person("bea", "Keys", ""), person("cas", "Legal", ""))
	w.sync()
	w.terminate("ann")
	w.terminate("bea")
	spec.Protect = []rules.Protection{{ID: "keys", When: works("Keys")}}
	w.config.Rules = build(t, spec) // bea is protected, and was when she was last read
	w.restart()
	w.sync()
	w.people.Remove("ann")
	w.people.Remove("bea")
	w.people.Remove("cas")
	w.sync()
	w.config.Targets[1].(*memtarget.Target).FailAlways("Accounts", errors.New("no route"))
	f := w.forecast(3)
	assert.Equal(t, []string{"03-04 00:00 delete-due app/ann", "03-04 12:00 missing app/cas"}, comingOf(f), "%s", f)
	assert.Empty(t, comingOf(w.forecast(2)))
	assert.Contains(t, f.String(), "terminated by sam@acme.example: incident 4711\n")
	data, err := json.Marshal(f)
	require.NoError(t, err)
	_, unread, _ := strings.Cut(string(data), `"unread":`)
	assert.Equal(t, `[{"target":"shut","error":"read shut: no route"}]}`, unread)
}
