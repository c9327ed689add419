package provision

import "github.com/provision-go/provision/internal/words"

// Outcome is how a planned change ended. Every planned change has exactly one.
// The zero value is none: no result of an Apply has it.
type Outcome uint8

// The outcomes.
const (
	Done        Outcome = iota + 1 // the target took it
	AlreadySo                      // nothing to do: the account is as wanted, or it was done before
	Held                           // must not run yet
	Skipped                        // not tried: what it needs failed, or the target is unusable
	Failed                         // the target refused it, or every attempt failed
	Unconfirmed                    // it may have happened; the next run finds out
	Stale                          // the account is no longer as it was when planned
	Cancelled                      // the context ended first
)

// Verified is what reading back after a removal has shown.
type Verified uint8

// The verdicts.
const (
	NotRead      Verified = iota // not read back, or nothing readable remains
	Confirmed                    // read back: it is so
	Contradicted                 // read back: it is not so
)

// The words stand in the order of the constants. They do not change.

func outcomeWords() []string {
	return []string{
		"", "done", "already-so", "held", "skipped", "failed", "unconfirmed", "stale", "cancelled",
	}
}

func verifiedWords() []string { return []string{"not-read", "confirmed", "contradicted"} }

// String returns "done", "already-so", "held", "skipped", "failed",
// "unconfirmed", "stale" or "cancelled"; "" for none.
func (o Outcome) String() string { return words.String(o, "Outcome", outcomeWords()) }

// MarshalText writes the word of String; a value outside the list is an error.
func (o Outcome) MarshalText() ([]byte, error) { return words.Marshal(o, "outcome", outcomeWords()) }

// UnmarshalText reads the word of String.
func (o *Outcome) UnmarshalText(b []byte) error {
	return words.Unmarshal(o, "outcome", outcomeWords(), b)
}

// String returns "not-read", "confirmed" or "contradicted".
func (v Verified) String() string { return words.String(v, "Verified", verifiedWords()) }

// MarshalText writes the word of String; a value outside the list is an error.
func (v Verified) MarshalText() ([]byte, error) { return words.Marshal(v, "verified", verifiedWords()) }

// UnmarshalText reads the word of String.
func (v *Verified) UnmarshalText(b []byte) error {
	return words.Unmarshal(v, "verified", verifiedWords(), b)
}
