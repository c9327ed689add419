package provision_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// withMoney puts accounts on the target that hold what no rule gives.
func (w *world) withMoney(people []source.Identity) {
	for _, p := range people {
		w.app.Put(target.Account{
			Key: target.Key{Identity: p.ID}, State: target.Enabled,
			Attributes:   target.Attrs(map[string]string{"userName": p.WorkEmail}),
			Entitlements: []target.Entitlement{group("money")},
		})
	}
}

// A rejection that has expired, or that an approval follows, is no release.
func TestARejectionDoesNotEndWhatAFirstRunHeld(t *testing.T) {
	for _, approved := range []bool{false, true} {
		w := newWorld(t, nil)
		w.people.Set(staff(20)...)
		w.withMoney(staff(20))
		w.runOnce()
		pending, err := desk(w).Pending(t.Context())
		require.NoError(t, err)
		require.Len(t, pending, 20)
		for _, p := range pending {
			require.NoError(t, desk(w).Reject(t.Context(), p.Hold.Change.ID, provision.Decision{Actor: "coo"}))
		}
		w.later(oneDay)
		w.runOnce()
		if approved {
			for _, p := range pending {
				require.NoError(t, desk(w).Approve(t.Context(), p.Hold.Change.ID, provision.Decision{Actor: "coo"}))
			}
		}
		for range 8 {
			w.later(oneDay)
			w.runOnce()
		}
		assert.Equal(t, 20, w.members(group("money")), "approved: %v", approved)
		w.releaseAll()
		w.sync()
		assert.Zero(t, w.members(group("money")))
	}
}

// A read that says nothing of somebody does not end what a first run held.
func TestWhatAFirstRunHeldOutlivesAReadThatSaysNothing(t *testing.T) {
	gone := person("old", "Sales", "Clerk")
	gone.Status, gone.LastDay = source.Terminated, day(2025, 6, 1)
	unknown := gone
	unknown.Status, unknown.LastDay = 0, source.Date{}
	for name, read := range map[string]func(w *world){
		"not listed": func(w *world) {
			w.people.Remove("old")
			w.runOnce()
		},
		"contested": func(w *world) {
			w.people.Set(append(staff(40), gone, gone)...)
			w.runOnce()
		},
		"another mode": func(w *world) {
			w.config.Policy.Mode = reconcile.Upsert
			w.restart()
			w.runOnce()
			w.config.Policy.Mode = reconcile.Full
			w.restart()
		},
		"undecided": func(w *world) {
			w.people.Put(unknown)
			w.runOnce()
		},
		"undecided, alone": func(w *world) {
			w.people.Put(unknown)
			_, err := w.engine.SyncOne(w.t.Context(), "old")
			require.NoError(w.t, err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			w.people.Set(append(staff(40), gone)...)
			w.app.Put(target.Account{
				Key: target.Key{Identity: "old"}, State: target.Disabled,
				Attributes: target.Attrs(map[string]string{"userName": "old@acme.example"}),
			})
			w.runOnce()
			w.later(oneDay)
			w.runOnce()
			pending, err := desk(w).Pending(t.Context())
			require.NoError(t, err)
			require.Len(t, pending, 1)
			w.later(oneDay)
			read(w)
			after, err := desk(w).Pending(t.Context())
			require.NoError(t, err)
			require.Contains(t, ids(after), pending[0].Hold.Change.ID)
			w.people.Set(append(staff(40), gone)...)
			for range 3 {
				w.later(oneDay)
				w.runOnce()
			}
			assert.Len(t, w.app.ByKey(target.Key{Identity: "old"}), 1, "nobody has released it")

			// Back at work for sure: leaving again is another story.
			back := gone
			back.Status, back.LastDay = source.Active, source.Date{}
			w.people.Put(back)
			w.later(oneDay)
			w.runOnce()
			after, err = desk(w).Pending(t.Context())
			require.NoError(t, err)
			assert.NotContains(t, ids(after), pending[0].Hold.Change.ID)
		})
	}
}

func ids(pending []provision.Pending) []string {
	out := make([]string, len(pending))
	for i := range pending {
		out[i] = pending[i].Hold.Change.ID
	}
	return out
}

// A first run that has read nobody is none.
func TestAFirstRunReadsSomebody(t *testing.T) {
	w := newWorld(t, nil)
	w.withMoney(staff(20))
	w.runOnce()
	w.people.Set(staff(20)...)
	for range 3 {
		w.later(oneDay)
		w.runOnce()
		assert.Equal(t, 20, w.members(group("money")))
	}
	w.releaseAll()
	w.sync()
	assert.Zero(t, w.members(group("money")))
}

// Changed rules are not tried by a run whose read a guard doubts.
func TestChangedRulesAreTriedOnAReadThatIsBelieved(t *testing.T) {
	for name, broken := range map[string]func(w *world, everybody []source.Identity){
		"a column is gone": func(w *world, everybody []source.Identity) {
			for _, p := range everybody {
				p.Department, p.JobTitle = source.Ref{}, ""
				w.people.Put(p)
			}
		},
		"people are gone":   func(w *world, everybody []source.Identity) { w.people.Set(everybody[:5]...) },
		"everybody is gone": func(w *world, _ []source.Identity) { w.people.Set() },
		"a sentinel is gone": func(w *world, everybody []source.Identity) {
			w.people.Set(everybody[:59]...)
		},
	} {
		t.Run(name, func(t *testing.T) {
			everybody := staff(60)
			w := newWorld(t, func(c *provision.Config) { c.Policy.Absence.Sentinels = []string{everybody[59].ID} })
			w.people.Set(everybody...)
			w.sync()
			before := w.members(group("sales"))
			w.later(oneDay)
			spec := companyRules()
			spec.Grants[1].When = rules.JobTitle.Is("Seller") // nobody
			w.config.Rules = build(t, spec)
			w.restart()
			broken(w, everybody)
			w.runOnce()
			w.people.Set(everybody...)
			for range 3 {
				w.later(oneDay)
				w.runOnce()
			}
			assert.Equal(t, before, w.members(group("sales")))
		})
	}
}
