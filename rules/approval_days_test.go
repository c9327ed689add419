package rules_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// Of several grants that ask for one entitlement the first by ID does: who approves, and
// for how long that is good, come from the same rule. What duties ask for does not end.
func TestWhoAsksSaysForHowLong(t *testing.T) {
	set, err := rules.Build(rules.File("r.yaml", []byte(`
rules: v1
name: acme
account: {app: everyone}
grants:
  - {id: b, when: everyone, give: [app/role:admin], approval: {by: second, expires: 1d}}
  - {id: a, when: everyone, give: [app/role:admin], approval: {by: first, expires: 180d}}
  - {id: c, when: everyone, give: [app/role:entry], approval: third}
never_together:
  - {id: apart, roles: [app/role:admin, app/role:entry], do: approve, by: audit}
`)))
	require.NoError(t, err)
	ana := source.Identity{ID: "E1", Status: source.Active}
	d := set.Decide(rules.Person{Identity: &ana}, time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)).Accounts[0].Desired
	admin, entry := target.Entitlement{Kind: "role", Name: "admin"}, target.Entitlement{Kind: "role", Name: "entry"}
	assert.Equal(t, []target.Ask{
		{Entitlement: admin, By: "audit"},
		{Entitlement: admin, By: "first", Days: 180},
		{Entitlement: entry, By: "audit"},
		{Entitlement: entry, By: "third"},
	}, d.Ask)
}
