package target

// State is whether an account exists and works.
type State uint8

// The states. An [Account] is Disabled or Enabled; Undecided, None and Deleted
// are only ever desired.
const (
	// Undecided: the rules cannot say, because something is missing. Nothing is
	// created, enabled, disabled or revoked.
	Undecided State = iota
	// None: the rules say that this person has no account here.
	None
	// Disabled: the account exists and cannot be used.
	Disabled
	// Enabled: the account exists and can be used.
	Enabled
	// Deleted: the account is to be removed for good, if it exists.
	Deleted
)

// Phase is where a person stands in the life cycle of one target. It explains a
// desired state; it is derived anew each time and never stored as truth.
type Phase uint8

// The phases. The zero value means that the phase could not be derived.
const (
	PhaseUnknown Phase = iota
	Future             // hired, too early even for a prepared account
	PreHire            // hired, account prepared
	Active             // works
	OnLeave            // away for longer
	Suspended          // barred from work
	Left               // employment over: positive evidence of a leaver
)

// An Account is what a target really holds for someone.
type Account struct {
	ID           string // native id, unique in the target, never empty
	Key          Key    // zero = not managed by us
	State        State  // Enabled or Disabled
	Attributes   Attributes
	Entitlements []Entitlement // sorted by Collect
	// Version is the target's own version of the account (ETag, row version),
	// "" if it has none. Passed back as a precondition.
	Version string
}

// A Ref points at an account in a request. ID is the native id; Key is given
// for logs and for targets that look accounts up by it.
type Ref struct {
	ID  string
	Key Key
}
