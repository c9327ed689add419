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
	actual    target.Snapshot  // of Whole
	found     []target.Account // of One
	catalogue []target.Held
	// references says of keys whether an account has them; of One.
	references map[target.Key]bool
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
		whole: true, evidence: evidence, desired: desired, actual: actual,
		catalogue: actual.Catalogue(), catalogued: actual.Complete(),
		complete: actual.Complete(), target: actual.Target(),
	}
}

// One compares one person with what was found on the target for them: accounts
// with their keys, and candidates for adoption. An account that was found twice
// counts once. It proves nobody's absence. A nil catalogue means that the
// catalogue is unknown; one that is empty and not nil, that there is nothing.
//
// References are the keys that were looked up because something of this person
// points at them, and whether an account has them. Pointing at one without an
// account is left out and reported, as in Whole, unless the plan itself makes that
// account. Of a key that was not looked up nothing is known: the reference is
// kept, and found out about when it is written. A nil map knows nothing.
func One(
	desired []target.Desired, found []target.Account, catalogue []target.Held, references map[target.Key]bool,
) Scope {
	return Scope{
		desired: desired, found: found, catalogue: catalogue, references: references,
		catalogued: catalogue != nil, complete: true,
	}
}
