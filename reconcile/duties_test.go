package reconcile_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// TestLawDuties: nobody who holds a duty is granted another one that must not meet
// it, unless the first is taken before, the rules want both, or somebody approves
// that very grant where the rules leave that to people.
func TestLawDuties(t *testing.T) { worlds(t, lawDuties) }

func lawDuties(t testing.TB, d dice) {
	w := d.world()
	p := compute(t, w.input(t))
	decisions := d.decisions(p)
	run, _ := p.Lift(day, decisions, d.releases(p))
	for i := range run {
		c := &run[i]
		if c.Action != reconcile.Grant || c.Account == "" {
			continue
		}
		at := slices.IndexFunc(w.accounts, func(a target.Account) bool { return a.ID == c.Account })
		if at < 0 {
			continue
		}
		for _, duties := range w.owned.Duties {
			if duties.Slot != c.Key.Slot || !slices.Contains(duties.Entitlements, c.Entitlement) {
				continue
			}
			approved := duties.Approvable && slices.ContainsFunc(decisions, func(a reconcile.Approval) bool { return a.Change == c.ID && !a.Denied })
			for _, e := range w.accounts[at].Entitlements {
				meets := e != c.Entitlement && slices.Contains(duties.Entitlements, e)
				if meets && !approved && !w.wants(c.Key, e) {
					assert.True(t, takesFirst(run, c, e), "%s is granted beside %s\n%s", c.Entitlement, e, p)
				}
			}
		}
	}
}

func (w *world) wants(key target.Key, e target.Entitlement) bool {
	return slices.ContainsFunc(w.desired, func(d target.Desired) bool { return d.Key == key && slices.Contains(d.Entitlements, e) })
}

// takesFirst reports whether a grant needs a revoke that runs as well.
func takesFirst(run []reconcile.Change, grant *reconcile.Change, e target.Entitlement) bool {
	return slices.ContainsFunc(run, func(c reconcile.Change) bool {
		needed := slices.ContainsFunc(grant.Needs, func(n reconcile.Need) bool { return n.Change == c.ID })
		return needed && c.Action == reconcile.Revoke && c.Key == grant.Key && c.Entitlement == e
	})
}
