package provision_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
)

// Values that a target calls sensitive are not kept, also by a program that keeps values:
// they are restored by hand.
func TestUndoKeepsNothingSensitive(t *testing.T) {
	spec := companyRules()
	spec.Targets[0].Attributes = append(spec.Targets[0].Attributes, rules.Attribute{Set: "phone", To: rules.PersonalEmail})
	ann := person("E1", "Sales", "Clerk")
	ann.PersonalEmail = "ann.before@home.example"
	w := newWorld(t, func(c *provision.Config) {
		c.KeepValues, c.Rules = true, build(t, spec)
		c.Targets[0] = sensitivePhone{c.Targets[0]}
	})
	w.people.Set(ann)
	w.sync()
	w.now = w.now.Add(time.Hour)
	ann.PersonalEmail, ann.JobTitle = "ann.after@home.example", "Engineer"
	w.people.Set(ann)
	run := w.runClean()
	assert.Equal(t, "ann.after@home.example", w.account("E1").Attributes.Get("phone"))

	kept := map[string]reconcile.FieldChange{}
	for e, err := range w.config.Journal.Entries(t.Context(), 0) {
		require.NoError(t, err)
		text, err := json.Marshal(e)
		require.NoError(t, err)
		assert.NotContains(t, string(text), "home.example")
		for _, f := range e.Fields {
			kept[f.Name] = f
		}
	}
	assert.Equal(t, map[string]reconcile.FieldChange{
		"phone": {Name: "phone", Sensitive: true},
		"title": {Name: "title", Before: []string{"Clerk"}, After: []string{"Engineer"}},
	}, kept)
	plan := w.undo(run.Run)
	assert.Equal(t, []string{`update E1 title ["Engineer"]→["Clerk"]`}, lines(plan))
	assert.Contains(t, findingsOf(plan), "not-remembered: phone of 1 person cannot be restored: nobody kept what it was before; set it by hand")
}
