package provision_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// What was undone is held until a plan is sure not to want it any more: a read that says
// nothing of the person ends nothing.
func TestWhatWasUndoneOutlivesAReadThatSaysNothing(t *testing.T) {
	for name, read := range map[string]func(w *world, ann source.Identity){
		"not listed": func(w *world, ann source.Identity) {
			w.people.Remove(ann.ID)
			w.runClean()
		},
		"contested": func(w *world, ann source.Identity) {
			w.people.Set(append(staff(40), ann, ann)...)
			w.runClean()
			w.people.Set(staff(40)...)
		},
		"undecided": func(w *world, ann source.Identity) {
			ann.Department = source.Ref{}
			w.people.Put(ann)
			w.runClean()
		},
		"undecided, alone": func(w *world, ann source.Identity) {
			ann.Department = source.Ref{}
			w.people.Put(ann)
			_, err := w.engine.SyncOne(w.t.Context(), ann.ID)
			require.NoError(w.t, err)
		},
		"the source shrank": func(w *world, _ source.Identity) {
			w.people.Set(staff(5)...)
			w.runClean()
			w.people.Set(staff(40)...)
		},
	} {
		t.Run(name, func(t *testing.T) {
			ann := person("E1", "Sales", "Clerk")
			w := undoWorld(t, append(staff(40), ann)...)
			ann.Department = source.Named("Engineering")
			w.people.Put(ann)
			bad := w.runClean()
			w.takeBack(bad.Run)
			w.runClean()
			require.Equal(t, []target.Entitlement{group("sales")}, w.account("E1").Entitlements)
			read(w, ann)
			w.people.Put(ann)
			w.runClean()
			w.runClean()
			require.Equal(t, []target.Entitlement{group("sales")}, w.account("E1").Entitlements, "nobody has approved it")

			// In sales for sure: engineering is another story then.
			ann.Department = source.Named("Sales")
			w.people.Put(ann)
			w.runClean()
			ann.Department = source.Named("Engineering")
			w.people.Put(ann)
			w.runClean()
			assert.Equal(t, []target.Entitlement{group("engineering")}, w.account("E1").Entitlements)
		})
	}
}
