package rules_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// expectedOutcome is what an explanation has to say by a decision.
func expectedOutcome(d *target.Desired, subject string) (outcome string, given bool) {
	if subject == rules.SubjectAccount {
		return d.State.String(), d.State == target.Enabled || d.State == target.Disabled
	}
	if name, ok := strings.CutPrefix(subject, "attribute "); ok {
		if values := d.Attributes.Values(name); len(values) > 0 {
			return strings.Join(values, ", "), true
		}
		if slices.Contains(d.Clear, name) {
			return "cleared", false
		}
		return "", false // undecided, or no opinion
	}
	e, _ := target.ParseEntitlement(subject)
	var asked []string
	for _, a := range d.Ask {
		if a.Entitlement == e {
			asked = append(asked, a.By)
		}
	}
	if d.Extra != nil {
		for _, k := range d.Extra.Keep {
			if k.Entitlement == e {
				return "kept until " + k.Until.Format(time.RFC3339), false
			}
		}
	}
	switch {
	case slices.Contains(d.Entitlements, e):
		return "granted", true
	case slices.Contains(d.Undecided, e):
		return "undecided", false
	case asked != nil:
		return "to be approved by " + strings.Join(asked, " and "), false
	}
	return "not granted", false
}

// Explanations say what was decided, of what is given or not; their Next is true;
// what is given or undecided has reasons; and a field that is named as missing is.
func TestExplanationsAgreeWithDecisions(t *testing.T) {
	subjects, nexts := 0, 0
	seeds(t, storm(60), func(t testing.TB, g *generator) {
		g.clock = true
		w := g.world()
		set := mustBuild(t, w.spec)
		at := time.Date(2026, 3, 1+g.IntN(25), g.IntN(24), 0, 0, 0, time.UTC)
		p := rules.Person{Identity: g.full(), Held: g.holding(at), Approvals: g.approvals(w, set, at)}
		decision := set.Decide(p, at)
		p.Held = remember(p.Held, decision, at)
		for _, a := range decision.Accounts {
			d, slot := &a.Desired, a.Desired.Key.Slot
			trace := slices.DeleteFunc(set.Trace(p, at, a.Target), func(x rules.Explanation) bool { return x.Key.Slot != slot })
			assert.Equal(t, rules.SubjectAccount, trace[0].Subject)
			for _, x := range trace {
				subjects++
				outcome, given := expectedOutcome(d, x.Subject)
				if outcome != "" {
					assert.Equal(t, outcome, x.Outcome, x.Subject)
				} else {
					assert.Contains(t, []string{"undecided", "no opinion"}, x.Outcome)
				}
				assert.Equal(t, given, x.Given(), x.Subject)
				why, is := set.Why(p, at, a.Target, slot, x.Subject)
				whyNot, isNot := set.WhyNot(p, at, a.Target, slot, x.Subject)
				assert.True(t, is == given && isNot == !given, x.Subject)
				if is {
					assert.Equal(t, x, why)
				} else {
					assert.Equal(t, x, whyNot)
				}
				because := set.Because(p, at, a.Target, slot, x.Subject)
				assert.NotEmpty(t, because, x.Subject)
				checkCauses(t, w, p.Identity, x, because)
				if x.Next.IsZero() {
					continue
				}
				nexts++
				later := set.Decide(p, x.Next)
				for _, b := range later.Accounts {
					if b.Target == a.Target && b.Desired.Key.Slot == slot {
						if now, _ := expectedOutcome(&b.Desired, x.Subject); now != "" {
							assert.NotEqual(t, x.Outcome, now, "%s at %s", x.Subject, x.Next)
						}
					}
				}
				assert.False(t, x.Next.Before(decision.Next), "%s before anything", x.Subject)
			}
			for _, name := range d.Missing {
				assert.True(t, lacks(p.Identity, name), "%s is not missing: %+v", name, p.Identity)
			}
			if t.Failed() {
				t.Errorf("%s~%s at %s: %+v", a.Target, slot, at, p.Identity)
				return
			}
		}
	})
	assert.Greater(t, subjects, 500)
	assert.Greater(t, nexts, 50)
}

// checkCauses looks at the reasons of one outcome.
func checkCauses(t testing.TB, w *world, i *source.Identity, x rules.Explanation, because []string) {
	t.Helper()
	text := strings.Join(because, "; ")
	for _, c := range x.Causes {
		for _, name := range c.Missing {
			assert.True(t, lacks(i, name), "%s: %s", x.Subject, name)
		}
	}
	switch x.Outcome {
	case "granted":
		assert.NotContains(t, text, "forbids", x.Subject)
		assert.NotContains(t, text, ": no", x.Subject)
	case "undecided":
		assert.NotContains(t, text, ": no", x.Subject)
		assert.NotContains(t, because, "rule "+strings.TrimPrefix(x.Subject, "attribute "))
	case "not granted":
		for _, l := range w.lines {
			assert.NotContains(t, because, "rule "+l.id, "%s is not granted", x.Subject)
		}
	}
}

// lacks reports whether nobody can read a field of a person.
func lacks(i *source.Identity, name string) bool {
	i = readable(i)
	if key, ok := strings.CutPrefix(name, "custom."); ok {
		list := i.Custom[key]
		one := strings.Join(list, "|")
		switch key {
		case "badge":
			return one != "red" && one != "blue"
		case "level":
			return len(one) != 1
		case "remote":
			return one != "true" && one != "False"
		case "skills":
			return list == nil || slices.Contains(list, "\xff")
		}
		_, err := source.ParseDate(one)
		return err != nil
	}
	f, ok := source.Field(name)
	if name == "groups" {
		return i.Groups == nil
	}
	return ok && f.Missing(i)
}

// Nothing that names or reaches a person is in a masked explanation; what is equal
// stays equal under one key, and differs under another.
func TestMaskedHidesPeople(t *testing.T) {
	set := mustBuild(t, rules.Spec{
		Name:   "x",
		Fields: []rules.FieldSpec{{Name: "secret", PII: true}, {Name: "born", Type: rules.DateType, PII: true}, {Name: "pets", Type: rules.ListType, PII: true}, {Name: "pin", Type: rules.IntType, PII: true}},
		Funcs: []rules.Func{
			{Name: "vip", Version: "1", Inputs: []string{"given_name"}, Cond: func(in rules.Inputs) rules.Truth { return rules.Yes }},
			{Name: "hello", Version: "1", Inputs: []string{"family_name"}, Text: func(in rules.Inputs) string { return "hello " + in.Text("family_name") }},
		},
		Tables: []rules.Table{{Name: "who", In: []string{"username"}, Rows: []rules.Row{{Match: [][]string{nil}, Give: []string{"anybody"}}}}},
		Targets: []rules.TargetSpec{{
			Target: "app", Account: rules.WorkEmail.Contains("@"),
			Attributes: []rules.Attribute{
				{Set: "mail", To: rules.WorkEmail},
				{Set: "copy", To: rules.First(rules.Team, rules.WorkEmail)},
				{Set: "full", To: rules.Join(" ", rules.GivenName, rules.FamilyName)},
				{Set: "if", To: rules.If(rules.Custom("secret").StartsWith("C"), rules.Custom("secret"), rules.Text("none"))},
				{Set: "born", To: rules.FormatDate(rules.CustomDate("born"), "DD.MM.YYYY")},
				{Set: "pets", To: rules.CustomList("pets")},
				{Set: "greeting", To: rules.CallText("hello")},
				{Set: "who", To: rules.Lookup("who")},
				{Set: "pick", Pick: []rules.Choice{{When: rules.Custom("secret").Contains("CANARY"), To: rules.DisplayName}}},
				{Set: "login", To: rules.Switch(rules.Username, []rules.Case{{Is: "nobody", To: rules.Text("x")}}, rules.Username)},
				{Set: "hash", To: rules.HashHex(rules.WorkEmail, 12)},
			},
		}},
		Grants: []rules.Grant{
			{ID: "born", When: rules.CustomDate("born").Before(rules.AsOf), Give: []string{"app/group:born"}},
			{ID: "pets", When: rules.CustomList("pets").Has("CANARY-7"), Give: []string{"app/group:pets"}},
			{ID: "pin", When: rules.CustomInt("pin").Above(4), Give: []string{"app/group:pin"}},
			{ID: "vip", When: rules.Call("vip"), Give: []string{"app/group:vip"}, Approval: rules.Approval{By: "manager"}},
			{ID: "phone", When: rules.EmployeeNumber.Missing(), Give: []string{"app/group:number"}},
		},
	})
	someone := func() *source.Identity {
		return &source.Identity{
			ID: "E1", Status: source.Active, WorkEmail: "CANARY-1@acme.example", Username: "CANARY-2", DisplayName: "CANARY-3",
			Name: source.Name{Given: "CANARY-4", Family: "CANARY-5"}, EmployeeNumber: "CANARY-6",
			Custom: map[string][]string{"secret": {"CANARY-8"}, "born": {"1971-02-03"}, "pets": {"CANARY-9"}, "pin": {"4711"}},
		}
	}
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	one, two := []byte("one"), []byte("two")
	masks := map[string]string{}
	for _, x := range set.Trace(rules.Person{Identity: someone()}, at, "app") {
		m, other := x.Masked(one), x.Masked(two)
		for _, canary := range []string{"CANARY", "1971-02-03", "03.02.1971", "4711", "hello", "anybody"} {
			if canary == "CANARY" {
				for n := range m.Causes {
					for k := range m.Causes[n].Atoms {
						m.Causes[n].Atoms[k].Text = "" // what the rule says
					}
				}
			}
			assert.NotContains(t, fmt.Sprintf("%+v", m), canary, x.Subject)
		}
		if x.Sensitive {
			assert.NotEqual(t, m.Outcome, other.Outcome)
			masks[x.Subject] = m.Outcome
		}
		assert.Equal(t, x.Given(), m.Given())
		for n, c := range x.Causes {
			for k, a := range c.Atoms {
				assert.True(t, a.Sensitive && a.Value != "", "%s %s", x.Subject, a.Text)
				assert.NotEqual(t, m.Causes[n].Atoms[k].Value, other.Causes[n].Atoms[k].Value)
				assert.NotEqual(t, a.Value, m.Causes[n].Atoms[k].Value, "the original is kept")
			}
		}
	}
	assert.Equal(t, masks["attribute mail"], masks["attribute copy"])
	assert.NotEqual(t, masks["attribute mail"], masks["attribute full"])
	assert.Len(t, masks, 11)
	assert.Regexp(t, "^#[0-9a-f]{8}$", masks["attribute mail"])

	// A person who lacks it all shows nothing, and nothing is masked.
	for _, x := range set.Trace(rules.Person{Identity: &source.Identity{ID: "E1", Status: source.Active}}, at, "app") {
		assert.Equal(t, x, x.Masked(one))
	}
}
