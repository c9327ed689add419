package reconcile

import "github.com/provision-go/provision/internal/words"

// Guard is what a verdict is about.
type Guard uint8

// The guards. The zero value is GuardAction. The last four doubt the read or the
// clock as a whole: see Verdict.Alarm.
const (
	// GuardAction: too much of one action in 24 hours; or a first run, or the first
	// run of changed rules, which hold what takes something away.
	GuardAction Guard = iota
	// GuardEntitlement: too many people who are employed would lose one entitlement in
	// 24 hours. It holds just those revokes.
	GuardEntitlement
	// GuardKept: a first run held it, and nobody has released it since.
	GuardKept
	// GuardSentinels: people whom every whole read must contain are missing. It holds
	// all removals.
	GuardSentinels
	// GuardFields: the source fills one field for far fewer people than before. It
	// holds all removals, and what opens accounts: somebody whose last day is no longer
	// stated looks like a rehire.
	GuardFields
	// GuardClock: the time is long after the last whole run, or before an earlier run. It
	// holds all removals; if the clock was set back, also what opens accounts.
	GuardClock
	// GuardPeople: the source lists far fewer people than before. Nobody counts as
	// gone meanwhile.
	GuardPeople
)

func guardWords() []string {
	return []string{"action", "entitlement", "kept", "sentinels", "fields", "clock", "people"}
}

// String returns "action", "entitlement", "kept", "sentinels", "fields", "clock" or
// "people".
func (g Guard) String() string { return words.String(g, "Guard", guardWords()) }

// MarshalText writes the word of String; a value outside the list is an error.
func (g Guard) MarshalText() ([]byte, error) { return words.Marshal(g, "guard", guardWords()) }

// UnmarshalText reads the word of String.
func (g *Guard) UnmarshalText(b []byte) error { return words.Unmarshal(g, "guard", guardWords(), b) }
