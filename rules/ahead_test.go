package rules_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
)

// A condition that is undecided on both days can be so for other fields: what is
// told about the person alters with the day all the same.
func TestNextIsWhenOtherFieldsAreMissing(t *testing.T) {
	set, err := rules.Build(rules.Spec{
		Name: "acme", Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone}},
		Grants: []rules.Grant{{
			ID: "g", Give: []string{"app/group:g"},
			When: rules.Any(rules.Team.Is("B"), rules.All(rules.AsOf.OnOrAfter(rules.Date(2026, 4, 1)), rules.Department.Is("A"))),
		}},
	})
	require.NoError(t, err)
	p := rules.Person{Identity: &source.Identity{ID: "E1", Status: source.Active, StartDate: source.Day(2024, 1, 1)}}
	before := set.Decide(p, time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	assert.Equal(t, []string{"team"}, before.Accounts[0].Desired.Missing)
	assert.Equal(t, time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC), before.Next)
	after := set.Decide(p, before.Next)
	assert.Equal(t, []string{"department", "team"}, after.Accounts[0].Desired.Missing)
	assert.Zero(t, after.Next)
}
