package provision_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/target"
)

const explainedRules = `rules: v1
name: acme
account: {app: everyone}
grants:
  - id: staff
    when: work_email endsWith "@acme.example"
    give: [app/group:engineering]
  - id: soon
    when: as_of >= date("2026-03-10")
    give: [app/group:sales]
`

func explainedWorld(t *testing.T, key string) *world {
	t.Helper()
	set, err := rules.Build(rules.File("acme.yaml", []byte(explainedRules)))
	require.NoError(t, err)
	return newWorld(t, func(c *provision.Config) { c.Rules, c.MaskKey = set, []byte(key) })
}

func TestExplainNamesThePlaceAndMasksThePerson(t *testing.T) {
	w := explainedWorld(t, "one key")
	w.people.Set(person("ana", "Sales", "Seller"))
	x, err := w.engine.Explain(t.Context(), "ana")
	require.NoError(t, err)
	text := x.String()
	assert.Contains(t, text, `rule staff, acme.yaml:5:9; work_email endsWith "@acme.example": yes, has #`)
	assert.NotContains(t, text, "has ana@acme.example")
	assert.Contains(t, text, "changes at 2026-03-10T00:00:00Z")

	other, err := explainedWorldFor(t, "another key", w).Explain(t.Context(), "ana")
	require.NoError(t, err)
	assert.NotEqual(t, text, other.String(), "another key, another hash")
}

// explainedWorldFor is an engine over the people of another world.
func explainedWorldFor(t *testing.T, key string, w *world) *provision.Engine {
	t.Helper()
	other := explainedWorld(t, key)
	other.people.Set(person("ana", "Sales", "Seller"))
	other.now = w.now
	return other.engine
}

func TestExplainWhyAndWhyNot(t *testing.T) {
	w := explainedWorld(t, "key")
	w.people.Set(person("ana", "Sales", "Seller"))
	x, err := w.engine.Explain(t.Context(), "ana")
	require.NoError(t, err)

	why, ok := x.Why("app", "", "group:engineering")
	require.True(t, ok)
	assert.Equal(t, "staff", why.Causes[0].Rule)
	_, ok = x.WhyNot("app", "", "group:engineering")
	assert.False(t, ok)

	not, ok := x.WhyNot("app", "", "group:sales")
	require.True(t, ok)
	assert.Equal(t, rules.No, not.Causes[0].Outcome)
	assert.Equal(t, `as_of >= date("2026-03-10")`, not.Causes[0].Atoms[0].Text)
	assert.Equal(t, time.Date(2026, 3, 10, 0, 0, 0, 0, time.UTC), not.Next)
	_, ok = x.Why("app", "", "group:sales")
	assert.False(t, ok)
	_, ok = x.Why("crm", "", "group:sales")
	assert.False(t, ok)
}

// An explanation knows what the person really holds, and since when they lose it.
func TestExplainKnowsWhatIsHeld(t *testing.T) {
	w := mover(t, apart(rules.HoldDuties, graceOf(7)))
	until := w.now.AddDate(0, 0, 7)
	w.sync()
	w.now = w.now.AddDate(0, 0, 2)
	x, err := w.engine.Explain(t.Context(), "ana")
	require.NoError(t, err)
	lost, ok := x.WhyNot("app", "", "group:engineering")
	require.True(t, ok)
	assert.Equal(t, "kept until "+until.Format(time.RFC3339), lost.Outcome)
	assert.Equal(t, until, lost.Next)
	waits, ok := x.WhyNot("app", "", "group:sales")
	require.True(t, ok, "the other duty is still held")
	assert.Equal(t, "undecided", waits.Outcome)

	// Who holds nothing is kept nothing.
	w.now = until
	w.sync()
	x, err = w.engine.Explain(t.Context(), "ana")
	require.NoError(t, err)
	lost, ok = x.WhyNot("app", "", "group:engineering")
	require.True(t, ok)
	assert.Equal(t, "not granted", lost.Outcome)
	_, ok = x.Why("app", "", "group:sales")
	assert.True(t, ok)

	// Of a target that cannot be read nobody knows what is held.
	w.app.FailAlways("Find", &target.Error{Class: target.Permanent, Err: errors.New("down")})
	x, err = w.engine.Explain(t.Context(), "ana")
	require.NoError(t, err)
	require.Error(t, x.Targets[0].Err)
	_, ok = x.WhyNot("app", "", "group:engineering")
	assert.True(t, ok)
}
