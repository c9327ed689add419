package rules_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/target"
)

// A set with more entitlements than a word has bits decides like any other.
func TestManyEntitlements(t *testing.T) {
	spec := rules.Spec{Name: "x", Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone}, {Target: "crm", Account: rules.Everyone}}}
	for n := range 200 {
		when := []rules.Cond{rules.City.Is("Y"), rules.JobTitle.Is("Y"), rules.Team.Is("Y")}[n%3]
		spec.Grants = append(spec.Grants, rules.Grant{ID: fmt.Sprintf("g%03d", n), When: when, Give: []string{fmt.Sprintf("app/group:%03d", n)}, Grace: n % 2})
	}
	spec.Grants = append(spec.Grants, rules.Grant{ID: "crm", When: rules.Everyone, Give: []string{"crm/group:all"}})
	set := mustBuild(t, spec)
	decider := set.Decider()
	var first []target.Entitlement
	for range 3 {
		held := rules.Held{Target: "app", Entitlement: target.Entitlement{Kind: "group", Name: "001"}}
		p := rules.Person{Identity: answers("Y", "N", ""), Held: []rules.Held{held}}
		d := decider.Decide(p, time.Unix(0, 0))
		got := &d.Accounts[0].Desired
		assert.Len(t, got.Entitlements, 67)
		assert.Len(t, got.Undecided, 66)
		assert.Equal(t, []target.Kept{{Entitlement: held.Entitlement, Until: time.Unix(24*3600, 0).UTC()}}, got.Extra.Keep)
		for n, e := range got.Entitlements {
			assert.Equal(t, fmt.Sprintf("%03d", 3*n), e.Name)
		}
		assert.Equal(t, d, set.Decide(p, time.Unix(0, 0)))
		first = append(first, got.Entitlements...)
		p.Identity = answers("N", "Y", "Y")
		assert.Len(t, decider.Decide(p, time.Unix(0, 0)).Accounts[0].Desired.Entitlements, 133)
	}
	assert.Equal(t, first[:67], first[67:134], "what was decided stays as it was")
	assert.Zero(t, decider.Decide(rules.Person{}, time.Unix(0, 0)))
	for _, name := range []string{"app", "none"} {
		_, ok := set.Why(rules.Person{}, time.Unix(0, 0), name, "", rules.SubjectAccount)
		assert.False(t, ok)
		_, ok = set.WhyNot(rules.Person{Identity: somebody()}, time.Unix(0, 0), name, "", "group:unheard")
		assert.False(t, ok)
	}
}
