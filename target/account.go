package target

import "time"

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

// Desired is what the rules want for one key on one target.
//
// A name that is absent from Attributes means: no opinion. Clearing is explicit.
type Desired struct {
	Key   Key
	Label string // what people recognise in a plan, such as a login; not compared
	State State
	Phase Phase
	// EndSessions and Handover ask for what leaves no readable state behind and
	// goes with a disable: the sessions to be ended, the things that a leaver owns to
	// be moved.
	EndSessions bool
	Handover    Key // zero = nothing to hand over

	Attributes Attributes
	Clear      []string // names of attributes to empty
	Secrets    []string // names the executor obtains at the create, never in a plan

	Entitlements []Entitlement // wanted
	// Undecided are entitlements that some rule could not decide: neither granted
	// nor revoked.
	Undecided []Entitlement
	// Ask are wanted entitlements that need somebody's approval first.
	Ask []Ask

	// Missing names the fields without which something stayed undecided.
	Missing []string
	// Next is the earliest instant at which time alone alters State, and what it
	// becomes then. A zero At means never.
	Next Upcoming
}

// Upcoming is a future state that time alone will bring.
type Upcoming struct {
	At    time.Time
	State State
}

// Ask is an entitlement that needs an approval before it is granted.
type Ask struct {
	Entitlement Entitlement
	By          string // who approves, in the words of the rule, such as "manager"
}

// Strength says how insistent the rules are about an attribute.
type Strength uint8

// The strengths. The zero value is Always.
const (
	Always     Strength = iota // differs → update
	CreateOnly                 // written at the create, then left alone
	IfEmpty                    // written while the account has no value
)

// OwnedAttribute is an attribute that the rules have a say in.
type OwnedAttribute struct {
	Name     string
	Strength Strength
}

// Owned is what the rules may touch on a target; everything else never is. It
// belongs to the rule set, not to each account.
type Owned struct {
	Attributes   []OwnedAttribute // sorted by name
	Entitlements []Entitlement    // every value that some rule can give, sorted
	Slots        []string         // every slot that the rules know, sorted
}
