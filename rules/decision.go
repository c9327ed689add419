package rules

import (
	"time"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// Truth is the outcome of a condition.
type Truth int8

// The three values, in Kleene's order: and is the minimum, or the maximum.
const (
	No        Truth = -1
	Undecided Truth = 0
	Yes       Truth = 1
)

// A Person is all that a decision depends on besides the rules and the instant.
type Person struct {
	// Identity is as source.Collect and source.Read give it. One made by hand, as
	// in a test, goes through source.Clean first: that loads its time zone, which
	// decides when its days begin, and checks its dates.
	Identity *source.Identity
	// Held is what the person has, as far as it is known; nil is not known. Times of
	// grace are counted with it.
	Held []Held
	// Approvals are what was decided about what the person asked for, for who calls
	// [Set.Decide] without an engine. An engine gives none: it holds a grant until
	// somebody approves that very change, and remembers when that was.
	Approvals []Approved
	// Reserved are names that [Set.ChooseName] must not give.
	Reserved []Reserved
}

// Held is an entitlement that somebody has.
type Held struct {
	Target, Slot string
	Entitlement  target.Entitlement
	// Lost is when rules stopped to give it; zero is now.
	Lost time.Time
}

// Approved is a decision about one grant to one person.
type Approved struct {
	Rule string // ID of the grant, or of the separation of duties
	// Role is the entitlement as the rule has it; "" is all that the rule gives.
	Role string
	// Hash, if not "", is the [Set.RuleHash] that was approved: a rule that has
	// changed since has to be approved again.
	Hash   string
	Denied bool
	At     time.Time
	// Expires is when it ends; zero is as the rule says.
	Expires time.Time
}

// Reserved is a value of a unique attribute that is taken.
type Reserved struct {
	Target, Attribute, Value string
	Key                      target.Key // whose it is: they may have it again
	Until                    time.Time  // zero is for good
}

// A Decision is what the rules want for one person at one instant.
type Decision struct {
	// Accounts holds one entry per TargetSpec, in the order of the Spec.
	Accounts []AccountDecision
	// Next is the earliest instant at which time alone alters the answer; zero
	// if never.
	Next time.Time
}

// An AccountDecision is what the rules want on one target in one slot.
type AccountDecision struct {
	Target  string
	Desired target.Desired
}

// For returns what is wanted on the named target, one entry per slot.
func (d Decision) For(name string) []target.Desired {
	var out []target.Desired
	for i := range d.Accounts {
		if d.Accounts[i].Target == name {
			out = append(out, d.Accounts[i].Desired)
		}
	}
	return out
}

// A Cause is one reason behind a decision, computed on demand.
type Cause struct {
	Rule string // ID of the rule
	// Number is that of the row of a table, or of the choice of a pick, from 1; 0 is
	// the whole rule.
	Number  int
	Pos     Pos // where the rule stands
	Outcome Truth
	// Atoms are the comparisons that mattered, with the values they saw.
	Atoms []Atom
	// Forbids: the rule takes away or holds back instead of giving.
	Forbids bool
	// Text is a short sentence, such as `last day 2026-03-01`. May be empty.
	Text string
	// Exception is what takes the person out of the rule; nil if nothing does.
	Exception *Exception
	// Missing names the fields without which the outcome is undecided, sorted.
	Missing []string
}

// An Atom is one comparison with the value that it saw.
type Atom struct {
	Text    string // as a person would write it: department == "Engineering"
	Value   string // what the person has; "" if missing
	Outcome Truth
	// Sensitive: the value names or reaches a person, so mask it where others see
	// it.
	Sensitive bool
}
