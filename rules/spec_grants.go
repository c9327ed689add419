package rules

import "github.com/provision-go/provision/source"

// A Grant gives entitlements to everybody for whom When is yes. Grants are a
// union without order: what several of them give is given once, and what one
// gives without an approval needs none. An entitlement that no grant gives, but
// one of them cannot decide, is undecided.
//
// Of several grants that give one entitlement the strongest outcome counts:
// granted, to be approved, undecided, excepted, in grace, not given.
type Grant struct {
	ID   string // unique among all rules of the set
	When Cond
	Give []string // "target/kind:name", or "target~slot/kind:name" for a slot
	// GiveFrom names a [Table] that says what is given, beside or instead of Give.
	GiveFrom string
	// Approval, if By is not empty, is needed for each grant. Of several grants that
	// ask for one entitlement, the first by ID does: its By and its Days count.
	Approval Approval
	// Grace is for how many days what it gave is kept after it stops giving. It
	// delays no leaver, no denial and no exception. Of several grants of one
	// entitlement the longest counts.
	Grace int
	// Except are people to whom it gives nothing for a time.
	Except []Exception
}

// An Approval is what somebody has to agree to before something is granted.
type Approval struct {
	By string // who approves, such as "manager"; shown, not checked
	// When says for whom it is needed; undecided counts as needed. Defaults to
	// everybody.
	When Cond
	// Days is how long an approval is good for. Defaults to 0: for ever. So many times
	// 24 hours after it was given, an engine takes what was granted with it, and asks
	// again.
	Days int
	// KeepIfDenied: who has the entitlement keeps it although it was denied, among
	// [Person].Approvals. In an engine a denial takes nothing anyway.
	KeepIfDenied bool
}

// An Exception takes one person out of a grant, through a day.
type Exception struct {
	Who   string      // identity ID
	Until source.Date // the last day on which it is in force; must be set
	Why   string      // must be set
}

// A Table maps fields to entitlements or texts: a row applies to somebody whose
// fields hold what its cells say. [Grant.GiveFrom] gives what the rows say that
// apply, and [Lookup] is the text of the first.
type Table struct {
	Name string
	In   []string // names of fields: texts, words, numbers or truth values
	// First: only the first row that applies counts. Otherwise all that do.
	First bool
	Rows  []Row
	// Else is what is given if no row applies. Nil is nothing.
	Else []string
}

// A Row of a table.
type Row struct {
	// Match has one list for each field of the table: the values that apply. An
	// empty list is any value, also none.
	Match [][]string
	Give  []string // entitlements, or one text for Lookup
}

// A Pick gives one of several entitlements: that of the choice with the highest
// Rank of those that are yes. As long as a higher one is undecided, nothing is
// given or taken. Two of one rank that are both yes are a conflict, which is held
// and reported.
type Pick struct {
	ID      string
	Choices []Choice
}

// A Choice is one possibility of a pick.
type Choice struct {
	When Cond
	Rank int
	Give string // in Spec.Picks: the entitlement
	To   Value  // in Attribute.Pick: the value
}

// Never takes entitlements from everybody for whom When is yes, whatever gives
// them. While it is undecided they are neither granted nor revoked.
type Never struct {
	ID   string
	When Cond
	Take []string
}

// NeverTogether is a separation of duties: of these entitlements nobody shall
// have two.
type NeverTogether struct {
	ID    string
	Roles []string // two or more entitlements
	Do    Duties
	By    string // ApproveDuties: who approves
}

// Duties says what comes of two duties that must not meet.
type Duties uint8

// The reactions. The zero value is HoldDuties.
const (
	HoldDuties    Duties = iota // none of them is granted, and none that is held is revoked
	ApproveDuties               // those that are not held need an approval
	ReportDuties                // a finding, nothing else
)

// A Requirement is checked before anything is sent: for everybody for whom When
// is not no, Must has to be yes.
type Requirement struct {
	ID   string
	For  []string // "target" or "target~slot"; empty is all
	When Cond     // defaults to everybody
	Must Cond
	Else Reaction // defaults to HoldIt
}

// A Budget bounds how many accounts hold one of some entitlements, as of licences
// that were bought. What is above it is held back, oldest first: whoever started
// to work first gets the next seat. Nothing is taken from anybody.
type Budget struct {
	ID    string
	Roles []string // entitlements of one target; they share the seats
	Seats int
}

// A Protection keeps accounts from being disabled, deleted or deprived of
// anything, whatever the rules and the source say: break-glass accounts, and
// whoever owns the credentials of this program. Who is somebody in the list, or
// somebody for whom When is yes or undecided.
type Protection struct {
	ID   string
	Who  []string // identity IDs
	When Cond     // the zero Cond is nobody
}
