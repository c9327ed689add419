package reconcile_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// apply runs changes on the world the way an executor does: what is needed
// first, references that cannot be resolved left out. A write that a target
// would refuse fails the test.
func (w *world) apply(t testing.TB, run []reconcile.Change) {
	t.Helper()
	done, todo := map[string]bool{}, map[string]bool{}
	for _, c := range run {
		require.False(t, todo[c.ID], "two changes with one ID")
		todo[c.ID] = true
	}
	w.accounts = slices.Clone(w.accounts)
	for len(done) < len(run) {
		before := len(done)
		for i := range run {
			c := &run[i]
			if !done[c.ID] && ready(t, c, done, todo) {
				w.write(t, c, done)
				done[c.ID] = true
			}
		}
		require.Greater(t, len(done), before, "changes wait for each other")
	}
	w.history.Runs = max(w.history.Runs, 1)
}

func ready(t testing.TB, c *reconcile.Change, done, todo map[string]bool) bool {
	for _, n := range c.Needs {
		if n.Field == "" {
			require.True(t, todo[n.Change], "%s %s runs without what it needs", c.Action, c.Key)
		}
		if todo[n.Change] && !done[n.Change] {
			return false
		}
	}
	return true
}

func (w *world) find(c *reconcile.Change) *target.Account {
	for i := range w.accounts {
		a := &w.accounts[i]
		if c.Account != "" && a.ID == c.Account || c.Account == "" && a.Key == c.Key {
			return a
		}
	}
	return nil
}

func (w *world) write(t testing.TB, c *reconcile.Change, done map[string]bool) {
	t.Helper()
	what := fmt.Sprintf("%s %s %s", c.Action, c.Key, c.Entitlement)
	a := w.find(c)
	switch c.Action {
	case reconcile.CreateEntitlement:
		w.catalogue = append(slices.Clone(w.catalogue), target.Held{Entitlement: c.Entitlement, ID: "new"})
		return
	case reconcile.Create:
		require.Nil(t, a, what)
		w.made++
		w.accounts = append(w.accounts, target.Account{ID: fmt.Sprintf("new%d", w.made), Key: c.Key, State: c.To})
		a = &w.accounts[len(w.accounts)-1]
	default:
		require.NotNil(t, a, what)
		require.Equal(t, reconcile.Open, c.Standing(a), "%s is not open", what)
	}
	past, known := w.history.Accounts[c.Key]
	if !known {
		past.Phase = c.Phase
	}
	switch c.Action {
	case reconcile.Disable, reconcile.Enable:
		require.Equal(t, c.From, a.State, what)
		a.State = c.To
		delete(w.history.Retained, c.Key)
		if c.Action == reconcile.Disable && c.Phase == target.Left {
			w.history.Retained[c.Key] = w.at
		}
		past.Phase, past.ClosedAt = c.Phase, time.Time{}
		if c.Action == reconcile.Disable {
			past.ClosedAt = w.at
		}
	case reconcile.Delete:
		id := a.ID
		w.accounts = slices.DeleteFunc(w.accounts, func(o target.Account) bool { return o.ID == id })
		delete(w.history.Accounts, c.Key)
		return
	case reconcile.Grant:
		require.NotContains(t, a.Entitlements, c.Entitlement, what)
		a.Entitlements = append(slices.Clone(a.Entitlements), c.Entitlement)
		past.Granted = append(slices.Clone(past.Granted), c.Entitlement)
		past.Approved = unapproved(past.Approved, c.Entitlement)
	case reconcile.Revoke:
		require.Contains(t, a.Entitlements, c.Entitlement, what)
		a.Entitlements = without(a.Entitlements, c.Entitlement)
		past.Granted = without(past.Granted, c.Entitlement)
		past.Approved = unapproved(past.Approved, c.Entitlement)
	case reconcile.EndSessions, reconcile.Handover:
		w.history.Owed = slices.DeleteFunc(slices.Clone(w.history.Owed), func(o reconcile.Obligation) bool {
			return o.Account == c.Account && o.Action == c.Action
		})
		past.Phase = c.Phase
	case reconcile.Adopt:
		require.True(t, a.Key.IsZero(), what)
		a.Key = c.Key
		past.Phase, past.Doubted = c.Phase, false
	case reconcile.Create, reconcile.Update, reconcile.CreateEntitlement: // fields only, or done
	}
	w.writeFields(t, c, a, done)
	if c.Action == reconcile.Create {
		require.Equal(t, reconcile.AlreadySo, c.Standing(a), what)
		past.Phase, past.Doubted = c.Phase, false
	}
	w.history.Accounts[c.Key] = past
}

func (w *world) writeFields(t testing.TB, c *reconcile.Change, a *target.Account, done map[string]bool) {
	t.Helper()
	for _, f := range c.Fields {
		left := slices.ContainsFunc(c.Needs, func(n reconcile.Need) bool { return n.Field == f.Name && !done[n.Change] })
		spec, ok := w.can.Attribute(f.Name)
		require.True(t, ok && !spec.ReadOnly, "writes %s", f.Name)
		if left || spec.WriteOnly {
			continue
		}
		for _, o := range w.accounts {
			for _, v := range f.After {
				taken := slices.ContainsFunc(o.Attributes.Values(f.Name), func(held string) bool { return target.FoldEqual(held, v) })
				// What clashed before is not the plan's doing.
				old := slices.ContainsFunc(f.Before, func(held string) bool { return target.FoldEqual(held, v) })
				require.False(t, spec.Unique && o.ID != a.ID && taken && !old, "%s %s: %s %q is taken by %s", c.Action, c.Key, f.Name, v, o.ID)
			}
		}
		a.Attributes = a.Attributes.With(f.Name, f.After...)
	}
}

func without(list []target.Entitlement, e target.Entitlement) []target.Entitlement {
	return slices.DeleteFunc(slices.Clone(list), func(o target.Entitlement) bool { return o == e })
}

func unapproved(list []reconcile.ApprovedGrant, e target.Entitlement) []reconcile.ApprovedGrant {
	return slices.DeleteFunc(slices.Clone(list), func(o reconcile.ApprovedGrant) bool { return o.Entitlement == e })
}
