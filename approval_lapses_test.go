package provision_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/target"
)

// An approval of what somebody has done by hand meanwhile is over: when the same is held
// again, for whatever reason, somebody is asked again.
func TestAnApprovalEndsWithItsHold(t *testing.T) {
	for name, look := range map[string]func(w *world) error{
		"a run":     func(w *world) error { w.runOnce(); return nil },
		"submitted": func(w *world) error { return desk(w).Submit(w.t.Context(), w.plan()) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			w.people.Set(staff(10)...)
			w.sync()
			set := func(open bool) {
				a := w.account("E0001")
				req := target.StateRequest{Ref: target.Ref{ID: a.ID, Key: a.Key}}
				call := w.app.Disable
				if open {
					call = w.app.Enable
				}
				_, err := call(t.Context(), req)
				require.NoError(t, err)
			}
			approve := func() {
				pending, err := desk(w).Pending(t.Context())
				require.NoError(t, err)
				require.Len(t, pending, 1)
				require.NoError(t, desk(w).Approve(t.Context(), pending[0].Hold.Change.ID, provision.Decision{Actor: "it"}))
			}
			w.later(oneDay)
			set(false)
			w.runOnce()
			approve()
			set(true)
			w.later(oneDay)
			require.NoError(t, look(w))
			pending, err := desk(w).Pending(t.Context())
			require.NoError(t, err)
			require.Empty(t, pending)
			w.later(oneDay)
			set(false) // an incident
			w.runOnce()
			w.later(oneDay)
			w.runOnce()
			assert.Equal(t, target.Disabled, w.account("E0001").State, "nobody has approved that")
			approve()
			w.runOnce()
			assert.Equal(t, target.Enabled, w.account("E0001").State)
		})
	}
}
