package reconcile

// Situation names the combination of what is wanted and what is there. The list
// is closed and each has one default reaction.
//
//	situation     wanted         on the target              default reaction
//	confirmed     an account     one with our key           write what differs
//	absent        an account     none                       create
//	found         an account     one without key that       adopt if Policy.Adopt says by what
//	                             matches                    to match; else not looked for
//	ambiguous     anything       two with our key, or two   hold (conflict), finding
//	                             that match
//	contested     an account     the value it needs is      hold (conflict), finding
//	                             taken or wanted twice
//	vanished      an account     none; we know that there   hold (conflict)
//	                             was one
//	leaver        disabled,      one with our key           disable, end sessions, revoke,
//	              phase left                                hand over
//	expired       deleted        one with our key           delete; disable first if enabled
//	unqualified   none, or an    one with our key           hold the disable (conflict)
//	              unknown slot
//	undecided     undecided      anything                   nothing; finding
//	disappeared   nobody: the    one with our key           hold (proof), then (grace), then
//	              source does                               disable
//	              not list them
//	orphan        nobody         one without key            finding (counted)
//	gone          none, disabled none                       nothing
//	              as a leaver,
//	              or deleted
type Situation uint8

// The situations.
const (
	Confirmed Situation = iota + 1
	Absent
	Found
	Ambiguous
	Contested
	Vanished
	LeaverSituation
	Expired
	Unqualified
	UndecidedSituation
	Disappeared
	Orphan
	Gone
)
