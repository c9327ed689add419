package provision

import (
	"slices"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// pastGrant is a grant that was done.
type pastGrant struct {
	position    uint64
	key         target.Key
	entitlement target.Entitlement
}

// manyGrants is how many are remembered at least.
const manyGrants = 1 << 13

// noteGrant remembers a grant for plans that were made before it.
func (t *targetState) noteGrant(e *Entry) {
	if len(t.granted) == 2*manyGrants {
		t.forgot = t.granted[manyGrants-1].position
		t.granted = append(t.granted[:0], t.granted[manyGrants:]...)
	}
	t.granted = append(t.granted, pastGrant{e.Position, e.Key, e.Entitlement})
}

// seatsTaken is how many seats of a budget may have been taken since a position:
// rather too many than too few. For a plan that is too old to tell, it is all.
func (t *targetState) seatsTaken(b *reconcile.Budget, position uint64) int {
	if position < t.forgot {
		return b.Seats
	}
	var keys []target.Key
	for i := len(t.granted) - 1; i >= 0 && t.granted[i].position > position; i-- {
		g := &t.granted[i]
		if _, ours := slices.BinarySearchFunc(b.Entitlements, g.entitlement, target.Entitlement.Compare); ours {
			keys = append(keys, g.key)
		}
	}
	slices.SortFunc(keys, target.Key.Compare)
	return len(slices.Compact(keys))
}
