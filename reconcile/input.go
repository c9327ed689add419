package reconcile

import (
	"time"

	"github.com/provision-go/provision/target"
)

// Input is everything that a plan for one target depends on. It is never
// mutated, and the order of its slices never matters.
type Input struct {
	Target       string
	Capabilities target.Capabilities
	Scope        Scope
	// Owned is what the rules have a say in here. Nothing else is touched, except
	// entitlements that History says we granted.
	Owned target.Owned
	// Rules is the hash of the rule set. It is part of every Change.ID.
	Rules   string
	Policy  Policy
	History History
	// Approvals and Releases lift holds. Expired and foreign ones do nothing.
	Approvals []Approval
	Releases  []Release
	// At is the instant of planning.
	At time.Time
	// Because, if not nil, gives the words behind a change, such as "rule
	// engineering". It is called only for what changes, from several goroutines at
	// once, and must be pure. What it says is shown, never acted on, and no part of
	// Change.ID.
	Because func(c *Change) []string
	// Candidates gives the values that an attribute of Owned.Unique may get on a new
	// account, in the order in which they are to be tried. It is called only for
	// accounts that are to be made, from several goroutines at once, and must be
	// pure. nil gives none.
	Candidates func(key target.Key, attribute string) []string
	// Taken says of candidates that were looked up on the target whether some
	// account has them. It is for a plan for one person: a whole plan has read them
	// all.
	Taken map[Name]bool
	// Masks are those that History.Reserved, History.NotKept and the fields of a Deed were
	// written with. They are part of every Change.ID, like Rules. The zero Masks hide nothing.
	Masks Masks
	// Keep has the plan keep this input, for [Plan.Input]: then nothing that it refers to
	// may change any more.
	Keep bool
	// Filled says for how many people the source filled each field, by the names of
	// source.Fields, as source.Snapshot.Filled tells. nil: unknown, so no field is
	// missed. It is for a whole plan.
	Filled map[string]int
}

// History is what earlier runs left behind. The zero value is a first run.
type History struct {
	// Runs is the number of complete runs so far; 0 is a first run, in which
	// removals are held except a few proven leavers. What it holds stays held until
	// it is released: see Kept.
	Runs int
	// People is the number of identities in the last complete read.
	People int
	// Managed is the number of accounts with our key after the last run. It is
	// the population of the guards in a plan for one person.
	Managed int
	// Recent counts what was done in the last 24 hours, by action, and what may have
	// been done. Leavers' revokes are not in it: they follow their disable. What
	// was released counts like all else.
	Recent map[Action]int
	// Losses counts, of Recent, the revokes from people who are employed, by what they
	// took.
	Losses map[target.Entitlement]int
	// Members is how many accounts held an entitlement in the last whole run, as far
	// as Plan.Members said. It is for a plan for one person.
	Members map[target.Entitlement]int
	// Rules is the hash of the rules of the last whole run that could remove
	// something. If it is not that of Input.Rules, this is a first run of changed
	// rules. "" is unknown and counts as the same.
	Rules string
	// Kept are the IDs of changes that a first run held, of a target or of changed
	// rules, and that nobody released. They stay held.
	Kept map[string]bool
	// Waiting are the accounts with a change in Kept or Undone: see Plan.Unsure.
	Waiting map[target.Key]bool
	// Last is when the last whole run was planned; zero if there is none.
	Last time.Time
	// LastAlone is the latest time at which a run for one person was planned; zero if
	// there is none. A clock that is behind it was set back, like one behind Last.
	LastAlone time.Time
	// Filled is Input.Filled of the last whole read that was believed, field by field.
	Filled map[string]int
	// Alarms are what the last whole plan doubted and nobody released. They are for
	// a plan for one person.
	Alarms []Verdict
	// Position is the journal's position at planning. A change that was done
	// after it is not done again by the same plan.
	Position uint64
	// ReadFrom is the journal's first position after everything that was remembered when
	// the source began to be read. What a run has read of somebody from there on may be
	// newer than what this plan is made from. 0 is that after Position.
	ReadFrom uint64
	// Accounts says what is remembered of single accounts. A key that is in it
	// had an account, or with Past.Doubted may have one.
	Accounts map[target.Key]Past
	// Owed are obligations that a disable left open.
	Owed []Obligation
	// Losing is since when the revoke of an entitlement that no rule gives any more
	// is planned, held or not yet done. Times of grace count from it. A change of
	// the rules does not alter it, nor does a plan that cannot tell: see Plan.Losing.
	Losing map[Loss]time.Time
	// Retained is since when accounts are known as closed and as those of people who have
	// left, without interruption. None is deleted within 24 hours of that; see
	// Plan.Retained for those of which it is not known yet.
	Retained map[target.Key]time.Time
	// Protected are the accounts that rules protected by a condition when their
	// people were decided about last, with the IDs of those rules that there are still.
	// While the source does not list somebody it counts.
	Protected map[target.Key][]string
	// Reserved are names that are somebody's: nobody else is given one.
	Reserved map[Name]Reservation
	// Undone says of changes, by ID, who took them back when they were done last. They
	// are held until somebody approves them.
	Undone map[string]Undone
	// Terminated are the identities whose access somebody ended at once. What is taken
	// from them as leavers waits for no guard and no approval: see Change.Urgent.
	Terminated map[string]Termination
	// Left is when identities left that are not back: when an account of theirs was
	// last disabled as a leaver's, or deleted. See Policy.StayGone. Zero: they are back, and
	// their account here may not show it. See Plan.Back.
	Left map[string]time.Time
	// Failed are changes that failed and were not done since, by Change.ID. They wait
	// for their next try. What ends the access of a leaver never waits.
	Failed map[string]Failure
	// NotKept are imprints of values that the target does not keep: see Imprint. They
	// are not written.
	NotKept map[string]bool
}

// Past is what is remembered of one account.
type Past struct {
	Phase   target.Phase         // when it was made or taken over, or its state last written or confirmed
	Granted []target.Entitlement // granted by us and not revoked since
	// Left: the person has left since the account was opened last, whatever it was closed
	// for. With the Phase Left it need not be set.
	Left bool `json:",omitempty"`
	// Approved are those that were granted after an approval: see Approval. In any order.
	Approved []ApprovedGrant `json:",omitempty"`
	// Doubted: an earlier create ended without telling whether it made the account,
	// and the account was not seen since. On a target that stores keys the listing
	// tells: without one it is created as if nothing had been tried. On another it
	// could be made twice, so its create is held until somebody has looked.
	Doubted bool
	// ClosedAt is when we last disabled the account, if it was not enabled since.
	// Zero: unknown, or not by us.
	ClosedAt time.Time
	// MissingSince is when a complete read first did not list the person, and
	// MissingReads how often since. Both zero: listed last time.
	MissingSince time.Time
	MissingReads int
}

// An Obligation is a step of a leaver's departure that leaves no readable state
// behind, so it is remembered until it is done.
type Obligation struct {
	Key     target.Key
	Account string // native id
	Action  Action // EndSessions or Handover
	To      target.Key
	Since   time.Time
}
