package rules

// Lifecycle moves an account through a person's employment. Days are civil days
// in the zone of Clock: a day begins at local midnight, and the last day of work
// is worked to its end.
//
//	                           phase      state
//	status unknown             unknown    undecided
//	a date is not understood   unknown    undecided
//	candidate                  future     none
//	before start − PreHire     future     none
//	until start                pre-hire   disabled, enabled from start − EnableBefore
//	from start                 active     enabled
//	on leave                   on leave   enabled, or disabled with DisableOnLeave
//	suspended                  suspended  disabled
//	access has expired         suspended  disabled
//	after the last day         left       disabled; entitlements revoked
//	last day + DeleteAfter     left       deleted
//
// Dates decide before statuses do, with three exceptions. A status that says
// that the employment is over wins over a last day to come. A pre-hire without a
// start is undecided. And dates and terminations before the present start
// belong to an earlier employment. So a pre-hire whose first day has come is
// active, although HR is late, and somebody active with a start to come is not.
//
// A date is not understood if the source states a hire_date, start_date,
// termination_date, last_day or terminated_at that could not be read: the field
// is missing, and a finding with source.CodeBadValue or source.CodeBadDates names
// it. That counts unless another date overrules it, as start_date does with
// hire_date and last_day with termination_date. A leaver stays one all the same,
// by an ended status or by another end of this employment that has passed, but
// is not deleted meanwhile; a candidate has no account either way. Dates that
// contradict each other, such as an old last day of somebody who was hired
// again, are understood.
//
// Access that expires, by Expire, does not end the employment: nothing is
// revoked, and a later date opens the account again.
//
// In the phase Future an account that exists already is left as it is: it may be
// that of somebody who left and comes back.
//
// The zero value enables on the first day, keeps people on leave enabled,
// disables after the last day and never deletes.
type Lifecycle struct {
	// ID defaults to "lifecycle.target", with "~slot" after the target. Several
	// targets may share one life cycle, and then one ID.
	ID string
	// PreHire is how many days before the start a disabled account is prepared.
	// Defaults to EnableBefore, and so to 0: the account is created on the first
	// day.
	PreHire int
	// EnableBefore is how many days before the start it is enabled. It must not
	// exceed a PreHire that is set. Defaults to 0.
	EnableBefore int
	// Leave says what a leave of absence does. Defaults to KeepEnabled.
	Leave Leave
	// LeaveAfter puts DisableOnLeave off by so many days after the day that the
	// field LeaveSince holds, such as CustomDate("leave_start"); while that is missing
	// the account of somebody on leave is undecided. Both or neither are set.
	LeaveAfter int
	LeaveSince DateField
	// DeleteAfter is how many days after the last day the account is deleted: with
	// a last day of 1 March and 30, on 31 March. An immediate termination after
	// the last day counts as the last day. Somebody without any of these dates is
	// never deleted, nor an account before runs have known for a day that it is
	// disabled and that its person has left, whyever it was disabled before: a year
	// that was typed wrong must not delete at first sight. Defaults to 0: never.
	DeleteAfter int
	// EndSessions asks for the sessions of an account to be ended whenever it is
	// disabled: of leavers, of people suspended or on leave, and of accounts that
	// nobody is to have any more.
	EndSessions bool
	// Handover asks for what a leaver owns to be moved to the normal account of
	// their manager, if the source names one. If that one has left too, it goes to
	// their manager, and so on.
	Handover bool
	// Expire ends access on a day of its own, as for contractors. See [Expiry].
	Expire Expiry
	// Rehire says what happens to the account of somebody who left and comes back.
	Rehire Rehire
	// Clock says whose midnight counts. Defaults to the zone of the person's
	// work location, and UTC where that is unknown. See [Clock].
	Clock Clock
}

// Leave says what a leave of absence does to an account.
type Leave uint8

// The reactions to a leave. The zero value is KeepEnabled.
const (
	KeepEnabled Leave = iota
	DisableOnLeave
)

// Expiry ends the access of some people on a day, also of those whose employment
// has no last day in the source. The zero value ends nobody's.
type Expiry struct {
	// When says whom it is about; the zero Cond is nobody.
	When Cond
	// On is the last day of access, such as EndDate or StartDate.Plus(180).
	On DateValue
	// Missing says what happens to somebody without that day. Defaults to
	// ReportIt.
	Missing Reaction
}

// Rehire says what happens to the account of somebody who left and comes back
// under the same ID. Entitlements are not restored: the rules decide anew. The
// zero value opens the account again.
type Rehire struct {
	Hold bool // opening it again needs an approval
	// Within is for how many days after it was closed the account is opened again
	// without asking. Defaults to 0: however long.
	Within int
}

// Reaction says what comes of something that the rules do not like.
type Reaction uint8

// The reactions.
const (
	DefaultReaction Reaction = iota // the one documented on the field
	HoldIt                          // the account is left as it is, except that a leaver is disabled
	ReportIt                        // a finding, nothing else
)
