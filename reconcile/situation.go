package reconcile

// Situation names the combination of what is wanted and what is there. The list
// is closed and each has one default reaction.
//
//	situation     wanted          on the target             default reaction
//	confirmed     an account      one with our key          write what differs
//	absent        an account      none                      create; hold it (conflict) if an
//	                                                        earlier one may have made it and
//	                                                        the target stores no keys, or if
//	                                                        no name is left for it
//	found         an account      one without key that      adopt, if Policy.Adopt says by
//	                              matches                   what to match; else see contested;
//	                                                        hold the enable of one that is
//	                                                        disabled (conflict)
//	ambiguous     an account      two with our key          nothing, finding
//	              disabled,       two with our key          disable both, finding
//	              phase left
//	              nobody          two with our key          as disappeared, and conflict
//	              an account      two without key that      hold the create (conflict),
//	                              match, or one that        finding
//	                              matches two people
//	contested     a unique value  another account has it,   hold (conflict); finding if that
//	                              or two people want it     account carries no key
//	vanished      an account      none; we know that there  hold the create (conflict)
//	                              was one
//	leaver        disabled or     one with our key          disable, end sessions, revoke,
//	              none, phase                               hand over; finding if they hold
//	              left                                      what is not ours to revoke
//	expired       deleted         one with our key          as leaver; delete once it is read
//	                                                        as disabled, 24 h after we did that
//	unqualified   none, or no     one with our key          hold the disable (conflict) and
//	              such slot                                 the revokes
//	undecided     undecided       anything                  nothing, finding; disable and end
//	                                                        sessions, if it is not to be enabled
//	                                                        whatever it is (Extra.Close)
//	disappeared   nobody: not     one with our key          hold the disable (proof, then
//	              in the source                             grace; conflict, if somebody
//	                                                        claims a unique value of it),
//	                                                        then disable
//	orphan        nobody          one without key           finding (counted)
//	gone          none, deleted,  none                      nothing
//	              or disabled
//	              after PreHire
//
// Revoked is only what some rule can give (Owned) or what we granted: whatever else
// an account holds stays, also with a leaver and on an account that is closed.
//
// In phase Future nothing is taken away: an account that is open too early is a
// finding. A slot that the rules do not know shares what is known of the person:
// it is closed for a leaver and left alone while anything is undecided. A change
// on which nothing but its own action depends, such as CreateEntitlement, has no
// situation; orphan and gone never have a change.
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
