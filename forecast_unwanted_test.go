package provision_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// Rules that want an account no more, or cannot decide, and later do.
func TestForecastOfAccountsThatRulesWantForATime(t *testing.T) {
	t.Parallel()
	spec := rules.Spec{Protect: []rules.Protection{{ID: "keys", Who: []string{"safe"}}}, Grants: []rules.Grant{
		{ID: "tools", When: rules.Everyone, Give: []string{"app/group:tools", "old/group:tools", "let/group:tools"}},
		{ID: "more", When: rules.All(works("Odd"), before(4)), Give: []string{"app/group:more"}, Grace: 3},
		{ID: "more.later", When: rules.All(works("Odd"), from(12)), Give: []string{"app/group:more"}},
	}}
	w := forecastWorld(t, &spec, rules.TargetSpec{
		Account: rules.All(
			rules.Not(rules.All(works("Temp"), from(4), before(8))),
			rules.Not(rules.All(works("Back"), before(8))),
			rules.Any(rules.Department.IsNot("Odd"), before(5), from(10), rules.CostCenter.Is("1"), rules.All(from(7), rules.JobTitle.Is("Clerk"))),
			rules.Any(rules.Department.IsNot("Unread"), from(6), rules.CostCenter.Is("1")),
		),
		Lifecycle: rules.Lifecycle{Expire: rules.Expiry{When: rules.All(works("Agency"), before(9)), On: rules.Date(2026, 3, 3)}},
	},
		limited("app", nil), limited("let", nil), limited("old", func(c *target.Capabilities) { c.Disable = false }))
	w.config.Policies = map[string]reconcile.Policy{"let": {Unqualified: reconcile.LetIt, Gap: -1}}
	w.restart()
	unread, back := person("unread", "Legal", ""), person("back", "Legal", "")
	ill, away := person("ill", "Temp", ""), person("away", "Temp", "")
	ill.Status = source.OnLeave
	w.people.Set(person("safe", "Temp", ""), person("temp", "Temp", ""), person("odd", "Odd", ""), unread, back, person("agent", "Agency", ""), ill, away)
	w.sync()
	unread.Department, back.Department = source.Named("Unread"), source.Named("Back")
	away.Status = source.Suspended
	w.people.Put(unread, back, away)
	_, err := w.engine.Sync(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{
		"03-04 00:00 closes app/agent",
		"03-04 00:00 unwanted app/away tools",
		"03-04 00:00 unwanted app/ill tools",
		"03-04 00:00 grace-begins app/odd more until 03-07 00:00",
		"03-04 00:00 unwanted app/temp tools",
		"03-04 00:00 closes let/agent",
		"03-05 00:00 unclear app/odd",
		"03-05 00:00 unclear let/odd",
		"03-05 00:00 unclear old/odd",
		"03-08 00:00 gains app/away tools",
		"03-08 00:00 opens app/back tools",
		"03-08 00:00 opens app/ill tools",
		"03-08 00:00 opens app/temp tools",
		"03-09 00:00 returns app/agent",
		"03-09 00:00 returns let/agent",
		"03-10 00:00 loses app/odd more",
		"03-12 00:00 gains app/odd more",
	}, comingOf(w.forecast(20)), "%s", w.forecast(20))
	plan, err := w.engine.PlanAt(t.Context(), day(2026, 3, 4).In(time.UTC))
	require.NoError(t, err)
	assert.True(t, effects(plan)["revoke away group:tools"], "what a closed account holds is taken as well:\n%s", plan)
}
