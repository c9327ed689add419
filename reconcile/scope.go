package reconcile

import (
	"github.com/provision-go/provision/internal/proof"
	"github.com/provision-go/provision/target"
)

// Scope is the two sides to be compared. [Whole] and [One] make it. The zero
// Scope is One of nobody.
type Scope struct {
	whole     bool
	evidence  proof.Complete
	desired   []target.Desired
	managed   []target.Account // of Whole
	unmanaged []target.Account // of Whole
	found     []target.Account // of One
	catalogue []target.Held
	// catalogued: catalogue is the complete list.
	catalogued bool
	complete   bool   // the target's listing is complete
	target     string // name of the target that was read, "" if unknown
}

// Whole compares a whole population with a whole target. Desired holds an entry
// for everybody in the source (those without an account here have State None, or
// Undecided for contested ones): whoever is in actual and not in desired is
// absent. The evidence comes from source.Snapshot.Proof; nobody is absent
// without it.
func Whole(desired []target.Desired, evidence proof.Complete, actual target.Snapshot) Scope {
	return Scope{
		whole: true, evidence: evidence, desired: desired,
		managed: actual.Managed(), unmanaged: actual.Unmanaged(),
		catalogue: actual.Catalogue(), catalogued: actual.Complete(),
		complete: actual.Complete(), target: actual.Target(),
	}
}

// One compares one person with what was found on the target for them: accounts
// with their keys, and candidates for adoption. An account that was found twice
// counts once. It proves nobody's absence. A nil catalogue means that the
// catalogue is unknown; one that is empty and not nil, that there is nothing.
func One(desired []target.Desired, found []target.Account, catalogue []target.Held) Scope {
	return Scope{
		desired: desired, found: found, catalogue: catalogue,
		catalogued: catalogue != nil, complete: true,
	}
}
