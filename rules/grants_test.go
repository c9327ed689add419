package rules_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

func TestGrantsAreAUnion(t *testing.T) {
	group := func(name string) target.Entitlement { return target.Entitlement{Kind: "group", Name: name} }
	sales, german, boss := rules.Department.Is("Sales"), rules.Country.Is("DE"), rules.JobTitle.Is("Boss")
	set := mustBuild(t, rules.Spec{
		Name: "x",
		Targets: []rules.TargetSpec{
			{Target: "app", Account: rules.Everyone}, {Target: "app", Slot: "admin", Account: rules.Everyone}, {Target: "bare", Account: rules.Everyone},
		},
		Grants: []rules.Grant{
			{ID: "c", When: sales, Give: []string{"app/group:z", "app/group:both"}},
			{ID: "b", When: german, Give: []string{"app/group:both", "app/group:a:b/c"}},
			{ID: "d", When: boss, Give: []string{"app/group:both", "app/group:safe"}, Approval: rules.Approval{By: "owner"}},
			{ID: "e", When: sales, Give: []string{"app/group:safe"}, Approval: rules.Approval{By: "manager"}},
			{ID: "f", When: sales, Give: []string{"app~admin/group:root"}},
		},
	})
	decide := func(department, country, title string) rules.Decision {
		return set.Decide(rules.Person{Identity: &source.Identity{
			ID: "E1", Status: source.Active, Department: source.Named(department),
			Location: source.Location{Country: country}, JobTitle: title,
		}}, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))
	}

	d := decide("Sales", "DE", "Boss")
	normal := d.Accounts[0].Desired
	assert.Equal(t, []target.Entitlement{group("a:b/c"), group("both"), group("z")}, normal.Entitlements)
	assert.Equal(t, []target.Ask{{Entitlement: group("safe"), By: "owner"}}, normal.Ask, "the first by ID is asked")
	assert.Empty(t, normal.Undecided)
	assert.Equal(t, []target.Entitlement{group("root")}, d.Accounts[1].Desired.Entitlements)
	assert.Equal(t, target.Key{Identity: "E1", Slot: "admin"}, d.Accounts[1].Desired.Key)
	assert.Len(t, d.For("app"), 2)
	assert.Len(t, d.For("bare"), 1)
	assert.Empty(t, d.For("nowhere"))

	normal = decide("", "FR", "Boss").Accounts[0].Desired
	assert.Empty(t, normal.Entitlements)
	assert.Equal(t, []target.Ask{{Entitlement: group("both"), By: "owner"}, {Entitlement: group("safe"), By: "owner"}}, normal.Ask)
	assert.Equal(t, []target.Entitlement{group("z")}, normal.Undecided)
	assert.Equal(t, []string{"department"}, normal.Missing)

	normal = decide("Finance", "FR", "Clerk").Accounts[0].Desired
	assert.Nil(t, normal.Entitlements)
	assert.Empty(t, normal.Undecided)

	assert.Zero(t, set.Decide(rules.Person{}, time.Unix(0, 0)))
}

// Only the fields without which it cannot be told are missing.
func TestMissingNamesWhatMatters(t *testing.T) {
	city, team, division := rules.City.Is("Rome"), rules.Team.Is("A"), rules.Division.Is("B")
	i := &source.Identity{ID: "E1", Status: source.Active, Location: source.Location{Country: "FR"}}
	german := rules.Country.Is("DE")
	for _, c := range []struct {
		when rules.Cond
		want []string
	}{
		{rules.Any(rules.All(german, team), city), []string{"city"}},
		{rules.All(rules.Any(rules.Not(german), team), city), []string{"city"}},
		{rules.Not(rules.Any(city, rules.All(team, division))), []string{"city", "division", "team"}},
		{rules.Any(rules.Not(german), team), nil},
		{rules.All(german, team), nil},
	} {
		set := mustBuild(t, rules.Spec{
			Name: "x", Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone}},
			Grants: []rules.Grant{{ID: "g", When: c.when, Give: []string{"app/group:g"}}},
		})
		d := set.Decide(rules.Person{Identity: i}, time.Unix(0, 0)).Accounts[0].Desired
		assert.Equal(t, c.want, d.Missing, "%s", c.when)
	}
}

// Two targets of one set can go by different clocks: each sees its own day.
func TestEachTargetHasItsClock(t *testing.T) {
	set := mustBuild(t, rules.Spec{
		Name: "x",
		Targets: []rules.TargetSpec{
			{Target: "here", Account: rules.Everyone},
			{Target: "there", Account: rules.Everyone, Lifecycle: rules.Lifecycle{Clock: rules.ClockIn(time.FixedZone("HQ", -8*3600))}},
			{Target: "here2", Account: rules.Everyone},
		},
		Grants: []rules.Grant{{
			ID: "march", When: rules.AsOf.OnOrAfter(rules.Date(2026, time.March, 1)),
			Give: []string{"here/group:g", "there/group:g", "here2/group:g"},
		}},
	})
	i := &source.Identity{ID: "E1", Status: source.Active}
	i.Location.Zone = zone(t, "Asia/Tokyo")
	granted := func(at string) (out []bool, next time.Time) {
		d := set.Decide(rules.Person{Identity: i}, instant(t, at))
		for _, a := range d.Accounts {
			out = append(out, len(a.Desired.Entitlements) == 1)
		}
		return out, d.Next
	}
	got, next := granted("2026-02-28T14:59:59Z")
	assert.Equal(t, []bool{false, false, false}, got)
	assert.Equal(t, instant(t, "2026-02-28T15:00:00Z"), next)
	got, next = granted("2026-02-28T15:00:00Z")
	assert.Equal(t, []bool{true, false, true}, got)
	assert.Equal(t, instant(t, "2026-03-01T08:00:00Z"), next)
	got, next = granted("2026-03-01T08:00:00Z")
	assert.Equal(t, []bool{true, true, true}, got)
	assert.Zero(t, next)
}
