package provision_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// Whoever is suspended does not come in, also while nobody can tell what else they
// are to have. Nothing else happens to their account.
func TestSuspendedWhileMoreIsUndecided(t *testing.T) {
	legal := rules.Department.In("Legal", "Sales")
	for name, change := range map[string]func(*rules.Spec){
		"account":     func(s *rules.Spec) { s.Targets[0].Account = legal },
		"requirement": func(s *rules.Spec) { s.Require = []rules.Requirement{{ID: "dept", Must: legal}} },
		"attribute": func(s *rules.Spec) {
			s.Targets[0].Attributes[2] = rules.Attribute{Set: "title", To: rules.Department, IfMissing: rules.Block}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorldOf(t, change)
			ana := person("ana", "Sales", "")
			w.people.Set(ana)
			w.sync()
			ana.Department = source.Named("")
			ana.DisplayName = "Somebody Else"
			w.people.Set(ana)
			w.sync()
			assert.Equal(t, target.Enabled, w.account("ana").State, "a missing field takes nothing")

			ana.Status = source.Suspended
			w.people.Set(ana)
			plan := w.plan()
			assert.Equal(t, []string{"disable ana", "end-sessions ana"}, removals(plan))
			assert.Len(t, plan.Targets[0].Changes, 2, plan)
			assert.Equal(t, []string{"suspended (rule lifecycle.app)"}, plan.Targets[0].Changes[0].Because)
			w.sync()
			assert.Equal(t, target.Disabled, w.account("ana").State)
			assert.Equal(t, []target.Entitlement{group("sales")}, w.account("ana").Entitlements)

			// Back at work, but still nobody can tell: nothing is given either.
			ana.Status = source.Active
			w.people.Set(ana)
			w.sync()
			assert.Equal(t, target.Disabled, w.account("ana").State)
			ana.Department = source.Named("Sales")
			w.people.Set(ana)
			w.sync()
			require.Equal(t, target.Enabled, w.account("ana").State)
		})
	}
}
