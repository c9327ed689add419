package provision

import (
	"fmt"
	"slices"
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
func (o Outcome) String() string { return wordOf("Outcome", outcomeWords(), int(o)) }

// MarshalText writes the word of String; a value outside the list is an error.
func (o Outcome) MarshalText() ([]byte, error) { return textOf("outcome", outcomeWords(), int(o)) }

// UnmarshalText reads the word of String.
func (o *Outcome) UnmarshalText(b []byte) error {
	i, err := placeOf("outcome", outcomeWords(), b)
	if err == nil {
		*o = Outcome(i)
	}
	return err
}

// String returns "not-read", "confirmed" or "contradicted".
func (v Verified) String() string { return wordOf("Verified", verifiedWords(), int(v)) }

// MarshalText writes the word of String; a value outside the list is an error.
func (v Verified) MarshalText() ([]byte, error) { return textOf("verified", verifiedWords(), int(v)) }

// UnmarshalText reads the word of String.
func (v *Verified) UnmarshalText(b []byte) error {
	i, err := placeOf("verified", verifiedWords(), b)
	if err == nil {
		*v = Verified(i)
	}
	return err
}

func wordOf(kind string, words []string, i int) string {
	if i < len(words) {
		return words[i]
	}
	return fmt.Sprintf("%s(%d)", kind, i)
}

func textOf(kind string, words []string, i int) ([]byte, error) {
	if i < len(words) {
		return []byte(words[i]), nil
	}
	return nil, fmt.Errorf("%s %d is not in the list %q", kind, i, words)
}

func placeOf(kind string, words []string, b []byte) (int, error) {
	if i := slices.Index(words, string(b)); i >= 0 {
		return i, nil
	}
	return 0, fmt.Errorf("%s %q is not in the list %q", kind, b, words)
}
