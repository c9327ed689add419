package reconcile

// Action is the kind of one intended write. Its order is the order of a plan:
// what removes access comes first.
type Action uint8

// The actions, in plan order. The zero value is no action.
const (
	Disable           Action = iota + 1 // make the account unusable
	EndSessions                         // end its sessions and tokens
	Revoke                              // take an entitlement
	Handover                            // move what it owns to somebody else
	CreateEntitlement                   // make a group, role … that does not exist
	Adopt                               // stamp our key on an account that has none
	Enable                              // make the account usable
	Create                              // make the account
	Update                              // write attributes
	Grant                               // give an entitlement
	Delete                              // remove the account for good
)

// actions is the number of actions, the zero value included.
const actions = int(Delete) + 1

// Removes reports whether the action takes something away from somebody.
func (a Action) Removes() bool {
	return a == Disable || a == EndSessions || a == Revoke || a == Handover || a == Delete
}

// Reason says what happens in a person's employment. It is derived for people
// who read a plan and never drives anything.
type Reason uint8

// The reasons.
const (
	NoReason     Reason = iota
	Joiner              // gets a first account here
	Mover               // something about them changed
	Leaver              // employment over
	Rehire              // came back to an account that was closed
	Leave               // goes on leave or is suspended
	Return              // comes back from leave or suspension
	OutOfScope          // still employed; the rules no longer give an account
	Disappearing        // missing from the source for long enough
	Drift               // the target was changed by somebody else
	Adoption            // an existing account is taken over
	Retention           // the time to keep a closed account is over
	TakenBack           // what an earlier run did is undone
)
