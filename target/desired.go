package target

import "time"

// Desired is what the rules want for one key on one target.
//
// A name that is absent from Attributes means: no opinion. Clearing is explicit.
type Desired struct {
	Key   Key
	Label string // what people recognise in a plan, such as a login; not compared
	State State
	Phase Phase
	// Protected: the account is never disabled or deleted, and nothing is taken from
	// it, whatever else is wanted.
	Protected bool
	// EndSessions and Handover ask for what leaves no readable state behind and
	// goes with a disable: the sessions to be ended, the things that a leaver owns to
	// be moved.
	EndSessions bool
	// Since orders people who wait for the same seats: whoever has the smaller
	// number is served first. It is the first day of work, in days since
	// 1970-01-01; 0 = not known, last. See Owned.Budgets.
	Since    int32
	Handover Key // zero = nothing to hand over

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

	// Extra is what the rules say of few people; nil for everybody else.
	Extra *Extra
}

// Extra is what the rules say of few people.
type Extra struct {
	// Keep are entitlements that no rule gives any more and that are not taken
	// before a time. Sorted, and not in Entitlements.
	Keep []Kept
	// Take are entitlements that no time of grace keeps: somebody denied them, or
	// made an exception. See Owned.Grace.
	Take []Entitlement
	// Notes are for a person to look at. They change nothing by themselves.
	Notes []Note
	// Close: an account that exists is to be closed. While State is None the rules
	// say so expressly, so nobody has to be asked whether that is a mistake. While it
	// is Undecided, whatever it turns out to be is not Enabled: the account is
	// disabled, and nothing else happens to it.
	Close bool
	// ProtectedBy are the IDs of the rules that protect the account by a condition,
	// which nobody can ask about somebody who is not listed.
	ProtectedBy []string
}

// Kept is an entitlement in its time of grace.
type Kept struct {
	Entitlement Entitlement
	Until       time.Time
}

// Note says of one person what somebody should look at.
type Note struct {
	Code string // such as "conflict"
	Rule string // ID of the rule
	Text string // for people; holds no personal data but dates of employment
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
	// Days is how long an approval is good for: what was granted after one is taken so
	// many times 24 hours after it was given. 0: as long as it is wanted.
	Days int `json:",omitempty"`
}
