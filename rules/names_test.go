package rules_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

func TestCandidates(t *testing.T) {
	first, last := rules.Slug(rules.GivenName), rules.Slug(rules.FamilyName)
	set := mustBuild(t, rules.Spec{
		Name: "x",
		Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone, Attributes: []rules.Attribute{
			{Set: "userName", Unique: &rules.Unique{Max: 3, Try: []rules.Value{
				rules.Join(".", first, last), last, rules.Join("", last, rules.Counter()), rules.Join("-", last, rules.Left(rules.Counter(), 1)), rules.Lower(rules.EmployeeNumber),
			}}},
			{Set: "nick", Unique: &rules.Unique{Try: []rules.Value{rules.Text("x"), rules.Join("", rules.Text("x"), rules.Counter())}}},
			{Set: "title", To: rules.JobTitle},
		}}},
	})
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	someone := func(given, family, number string) rules.Person {
		i := somebody()
		i.Name, i.EmployeeNumber = source.Name{Given: given, Family: family}, number
		return rules.Person{Identity: i}
	}
	for _, c := range []struct {
		p    rules.Person
		want []string
	}{
		{someone("Ána", "Łuk", "N7"), []string{"ana.luk", "luk", "luk2", "luk3", "luk4", "luk-2", "luk-3", "luk-4", "n7"}},
		{someone("王", "Łuk", "luk2"), []string{"luk", "luk2", "luk3", "luk4", "luk-2", "luk-3", "luk-4"}},
		{someone("", "王", "N7"), []string{"n7"}},
		{someone("", "", ""), []string{}},
		{someone("\xff", "Luk\xff", "\xff"), []string{}},
	} {
		assert.Equal(t, c.want, set.Candidates(c.p, at, "app", "", "userName"))
		d := set.Decide(c.p, at).Accounts[0].Desired
		assert.True(t, d.Attributes.IsZero(), "chosen when the account is made")
		assert.Equal(t, target.Enabled, d.State)
	}
	p := someone("Ana", "Luk", "N7")
	assert.Len(t, set.Candidates(p, at, "app", "", "nick"), 51)
	assert.Nil(t, set.Candidates(p, at, "app", "", "title"))
	assert.Nil(t, set.Candidates(p, at, "app", "", "none"))
	assert.Nil(t, set.Candidates(p, at, "app", "admin", "userName"))
	assert.Nil(t, set.Candidates(rules.Person{}, at, "app", "", "userName"))
	x, ok := set.Why(p, at, "app", "", "attribute userName")
	assert.True(t, ok)
	assert.Equal(t, "chosen at the create", x.Outcome)
	p.Identity.Status = source.Terminated
	x, ok = set.WhyNot(p, at, "app", "", "attribute userName")
	assert.True(t, ok)
	assert.Equal(t, "no opinion", x.Outcome, "nothing is made for a leaver")

	p.Identity.Status = source.Active
	mine, other := target.Key{Identity: "E1"}, target.Key{Identity: "E2"}
	reserved := func(value string, key target.Key) rules.Reserved {
		return rules.Reserved{Target: "app", Attribute: "userName", Value: value, Key: key}
	}
	for _, c := range []struct {
		name     string
		reserved []rules.Reserved
		want     string
	}{
		{"nothing", nil, "ana.luk"},
		{"another's", []rules.Reserved{reserved("ana.luk", other)}, "luk"},
		{"in another case", []rules.Reserved{reserved("ANA.luk", other)}, "luk"},
		{"nobody's", []rules.Reserved{reserved("ana.luk", target.Key{})}, "luk"},
		{"one's own", []rules.Reserved{reserved("ana.luk", mine)}, "ana.luk"},
		{"one's own in another slot", []rules.Reserved{reserved("ana.luk", target.Key{Identity: "E1", Slot: "admin"})}, "luk"},
		{"one's own and another's", []rules.Reserved{reserved("ana.luk", mine), reserved("ana.luk", other)}, "luk"},
		{"several", []rules.Reserved{reserved("luk", other), reserved("ana.luk", other), reserved("luk2", other)}, "luk3"},
		{"on another target", []rules.Reserved{{Target: "crm", Attribute: "userName", Value: "ana.luk", Key: other}}, "ana.luk"},
		{"another attribute", []rules.Reserved{{Target: "app", Attribute: "nick", Value: "ana.luk", Key: other}}, "ana.luk"},
		{"for a time", []rules.Reserved{{Target: "app", Attribute: "userName", Value: "ana.luk", Key: other, Until: at.Add(1)}}, "luk"},
		{"no longer", []rules.Reserved{{Target: "app", Attribute: "userName", Value: "ana.luk", Key: other, Until: at}}, "ana.luk"},
	} {
		p.Reserved = c.reserved
		got, ok := set.ChooseName(p, at, "app", "", "userName")
		assert.True(t, ok, c.name)
		assert.Equal(t, c.want, got, c.name)
	}
	p = someone("", "王", "N7")
	p.Reserved = []rules.Reserved{reserved("N7", other)}
	_, ok = set.ChooseName(p, at, "app", "", "userName")
	assert.False(t, ok)
}
