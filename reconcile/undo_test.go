package reconcile_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// TestLawUndo: an undo is a plan like any other (order-independent, storable, ready to
// be run, safe to be made again), and what it runs puts things back as they were.
func TestLawUndo(t *testing.T) { worlds(t, lawUndo) }

func lawUndo(t testing.TB, d dice) {
	w := d.world()
	w.policy.Mode = reconcile.Full
	before := map[string]target.Account{}
	for _, a := range w.accounts {
		before[a.ID] = a
	}
	run := compute(t, w.input(t)).Changes
	w.apply(t, run)
	deeds, made := w.deeds(run)
	if d.chance(30) && len(w.desired) > 0 {
		w.desired = w.desired[1:]
	}
	w.policy.Mode = pick(d, reconcile.Full, reconcile.Full, reconcile.Upsert)

	p := w.undo(t, deeds)
	d.shuffle(w)
	q := w.undo(t, shuffled(d, deeds))
	require.Equal(t, bytesOf(t, p), bytesOf(t, q))
	var stored reconcile.Plan
	require.NoError(t, json.Unmarshal([]byte(bytesOf(t, p)), &stored))
	require.Equal(t, bytesOf(t, p), bytesOf(t, &stored))
	ids := map[string]bool{}
	for _, c := range everything(p) {
		require.False(t, ids[c.ID], "two changes with one ID: %s %s", c.Action, c.Key)
		ids[c.ID] = true
		if c.Action != reconcile.CreateEntitlement { // a group that is gone is made for what needs it
			require.NotEmpty(t, c.Undoes)
			require.NotEmpty(t, c.Redo)
		}
		require.False(t, c.Action == reconcile.Delete || c.Action == reconcile.Create)
	}

	w.apply(t, p.Changes)
	again := w.undo(t, deeds)
	assert.Empty(t, again.Changes, "%s\nand then\n%s", p, again)
	if len(p.Holds)+len(p.Omitted)+len(p.Findings) > 0 {
		return
	}
	for _, a := range w.accounts {
		if made[a.ID] {
			assert.Equal(t, target.Disabled, a.State)
			continue
		}
		b := before[a.ID]
		assert.Equal(t, b.State, a.State)
		assert.True(t, sameSet(b.Entitlements, a.Entitlements))
		assert.Equal(t, b.Attributes, a.Attributes)
	}
}

func (w *world) undo(t testing.TB, deeds []reconcile.Deed) *reconcile.Plan {
	t.Helper()
	w.one = false
	p, err := reconcile.Undo(w.input(t), reconcile.Undoing{Run: "R1", Words: "run R1", Deeds: deeds})
	require.NoError(t, err)
	return p
}

// deeds is what a journal would tell of a run, and the accounts that it made.
func (w *world) deeds(run []reconcile.Change) (deeds []reconcile.Deed, made map[string]bool) {
	made = map[string]bool{}
	for i := range run {
		c := run[i]
		d := reconcile.Deed{
			Change: c.ID, Action: c.Action, Key: c.Key, Account: c.Account, Entitlement: c.Entitlement, Phase: c.Phase,
		}
		if a := w.find(&c); a != nil && c.Action != reconcile.CreateEntitlement {
			d.Account = a.ID
			if c.Action == reconcile.Create {
				made[a.ID] = true
			}
			if c.Action == reconcile.Update || c.Action == reconcile.Adopt {
				d.Fields = slices.DeleteFunc(slices.Clone(c.Fields), func(f reconcile.FieldChange) bool {
					spec := target.AttributeSpec{CaseFold: f.CaseFold}
					return !spec.Equal(a.Attributes.Values(f.Name), f.After) // left out
				})
			}
		}
		deeds = append(deeds, d)
	}
	return deeds, made
}

func sameSet(a, b []target.Entitlement) bool {
	for _, list := range [][2][]target.Entitlement{{a, b}, {b, a}} {
		for _, e := range list[0] {
			if !slices.Contains(list[1], e) {
				return false
			}
		}
	}
	return true
}

func TestUndoRefusesWhatComputeRefuses(t *testing.T) {
	in := reconcile.Input{Target: "app", Scope: reconcile.One([]target.Desired{{Label: "x"}}, nil, nil, nil)}
	_, err := reconcile.Undo(in, reconcile.Undoing{})
	require.ErrorContains(t, err, "without a key")
}
