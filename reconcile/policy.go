package reconcile

import (
	"math"
	"time"

	"github.com/provision-go/provision/target"
)

// Policy says how a plan reacts. The zero value is the safe default.
type Policy struct {
	// Mode limits which kinds of change are made at all. Defaults to Full.
	Mode Mode
	// Adopt lists attributes by which an account without a key may be recognised
	// as somebody's, such as "userName". Values compare by ASCII case folding
	// only. An account that two people match is nobody's, and somebody who matches
	// two gets neither. Defaults to none: nothing is adopted. An adopted account that is
	// disabled is not enabled by that: somebody closed it for a reason that we do
	// not know, and Drift says what happens.
	Adopt []string
	// Unqualified says what happens to the account of somebody who is employed
	// and for whom the rules no longer want an account. Defaults to HoldIt. Where the
	// rules say expressly that it is to be closed (Extra.Close), HoldIt does it. What
	// the account holds is revoked after it is disabled.
	Unqualified Reaction
	// Vanished says what happens when an account that we know of is gone from the
	// target. Defaults to HoldIt; DoIt recreates, LetIt reports. The account of
	// somebody who had left is made again without asking.
	Vanished Reaction
	// Absence says when somebody missing from the source counts as gone.
	Absence Absence
	// Drift says what happens to owned values that somebody else changed on the
	// target: entitlements held without a rule and not granted by us, and accounts
	// that should be enabled and that somebody else disabled, after we left them
	// enabled or before they were adopted. Defaults to DoIt for entitlements, which
	// are revoked, and to HoldIt for accounts: whoever closed one may have had a
	// reason. LetIt reports both. Leavers lose what some rule can give, and what we
	// granted, whatever it says. What no rule can give and we did not grant is taken
	// from nobody; if a leaver holds it, that is reported.
	Drift Reaction
	// CreateEntitlements allows missing groups, roles … to be created where the
	// target can.
	CreateEntitlements bool
	// Privileged entitlements are revoked before all others.
	Privileged []target.Entitlement
	// Approve lists changes that need an approval.
	Approve []ApprovalRule
	// Protect lists identities whose accounts are never disabled, deleted or
	// deprived of anything. The rules may protect more: see Owned.Protect and
	// Desired.Protected.
	Protect []string
	// StayGone is for how long after somebody has left a plan for one person gives
	// them nothing back: it is held until a plan for everybody does, because an event
	// that comes late, or a replica of the source that lags, looks like a return.
	// Defaults to 24 h, negative is none.
	StayGone time.Duration
	// Limits bound how much of a kind may happen in 24 hours. An action that is
	// not in it has the limit of DefaultLimits.
	Limits map[Action]Limit
	// EntitlementLimits bound from how many people who are employed one entitlement
	// may be taken in 24 hours, in percent of its members. Those that are not in it
	// have DefaultEntitlementLimit.
	EntitlementLimits map[target.Entitlement]Limit
	// Gap is the longest time between two whole runs that is believed. After a longer
	// one, or more than an hour before the last one, the clock is doubted: removals are held
	// (with a clock that was set back, enables too) until somebody releases them, which
	// accepts the time, or the clock is back. Defaults to 7 days; negative is any.
	Gap time.Duration
}

// Mode limits which kinds of change are made. What a mode leaves out is listed
// in Plan.Omitted.
type Mode uint8

// The modes. The zero value is Full.
const (
	Full       Mode = iota // everything
	Upsert                 // nothing that takes something away
	CreateOnly             // creates, and grants to accounts created in the plan
	Observe                // nothing
)

// Reaction is what is done in a situation that needs a decision.
type Reaction uint8

// The reactions. Default stands for the one documented on the field.
const (
	Default Reaction = iota
	HoldIt           // plan it and hold it until it is approved
	DoIt             // do it
	LetIt            // leave it alone and report it
)

// Absence says when somebody missing from the source counts as gone. A person
// who is missing is never taken for a leaver: their account is disabled only
// after Reads complete reads over at least Apart, and Grace after the first.
type Absence struct {
	Reads int           // defaults to 2
	Apart time.Duration // between the first and the last of Reads; defaults to 12 h
	Grace time.Duration // since the first; defaults to 72 h, negative is none
	// Shrink is the fall in people since the last complete read, in percent,
	// beyond which (and beyond 9 people) nobody's absence is believed, until somebody
	// releases it: then the new number counts. Defaults to 10.
	Shrink float64
	// Sentinels lists identities that every whole read must contain, such as a few who
	// will stay for long, in every branch of the company. If one is missing the read
	// proves nothing, and every removal is held until it is released. Defaults to none.
	Sentinels []string
}

// ApprovalRule says which changes need whose approval. Empty fields match
// everything.
type ApprovalRule struct {
	Action      Action
	Entitlement target.Entitlement
	By          string // who approves, such as "manager"; shown, not checked
}

// A Limit bounds one kind of change: it is exceeded when more than both Count
// and Percent of the managed accounts would be affected within 24 hours. Then
// every change of that kind is held, the others run.
type Limit struct {
	Count   int     `json:"count"`
	Percent float64 `json:"percent"`
}

// Unlimited never holds anything.
var Unlimited = Limit{Count: math.MaxInt}

// Approval is somebody's decision on one change. It binds to Change.ID and so
// to its target, account, before, after and rules.
type Approval struct {
	Change string
	// Identity is to whom the change gives something; "" if to nobody in particular, or
	// unknown. Once they have left, Plan.Left has them.
	Identity string `json:",omitempty"`
	Actor    string
	Reason   string
	At       time.Time
	Expires  time.Time // zero: never
	Denied   bool
}

// Release lets through what the guards hold. With Changes it names single changes:
// they run whatever else is planned, each at most once if whoever keeps the release
// takes out what was done; all others are judged as if they had not been released. Without, it names
// either Plan.Guarded, and is good in every plan in which the guards hold exactly the
// same changes under the same rules, or Plan.Fingerprint, and is good for that very
// plan.
type Release struct {
	Fingerprint string   // Plan.Guarded or Plan.Fingerprint
	Changes     []string // IDs; then Fingerprint is for people only
	Actor       string
	Reason      string
	At          time.Time
	Expires     time.Time // must be set
}
