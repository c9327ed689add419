package provision_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// An account was recognised by its userName. Once that is another, a stored plan does not
// take it over, approved or not; in other letters it is the same.
func TestAnAdoptionIsOfWhatWasRecognised(t *testing.T) {
	for _, approved := range []bool{false, true} {
		for name, adopted := range map[string]bool{"ceo@acme.example": false, "e0001@ACME.example": true} {
			w := newWorld(t, func(c *provision.Config) {
				c.Policy.Adopt = []string{"userName"}
				if approved {
					c.Policy.Approve = []reconcile.ApprovalRule{{Action: reconcile.Adopt, By: "it"}}
				}
			})
			w.people.Set(staff(5)...)
			id := w.app.Put(target.Account{
				State: target.Enabled, Attributes: target.Attrs(map[string]string{"userName": "E0001@acme.example"}),
			})
			plan := w.plan()
			if approved {
				require.NoError(t, desk(w).Submit(t.Context(), plan))
				pending, err := desk(w).Pending(t.Context())
				require.NoError(t, err)
				for _, p := range pending {
					if p.Hold.Change.Action == reconcile.Adopt {
						require.NoError(t, desk(w).Approve(t.Context(), p.Hold.Change.ID, provision.Decision{Actor: "it"}))
					}
				}
			}
			file := stored(t, plan)
			a, _ := w.app.Account(id)
			_, err := w.app.Update(t.Context(), target.UpdateRequest{
				Ref: target.Ref{ID: id}, Version: a.Version, Set: target.Attrs(map[string]string{"userName": name}),
			})
			require.NoError(t, err)
			w.later(oneDay)
			report, err := w.engine.Apply(t.Context(), file, nil)
			require.NoError(t, err)
			a, _ = w.app.Account(id)
			assert.Equal(t, adopted, !a.Key.IsZero(), "%s, approved: %v\n%s", name, approved, report)
		}
	}
}
