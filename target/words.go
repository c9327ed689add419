package target

import (
	"fmt"
	"slices"
)

// String returns "undecided", "none", "disabled", "enabled" or "deleted".
func (s State) String() string { return word("State", states(), int(s)) }

// MarshalText writes the word of String; a value outside the list is an error.
func (s State) MarshalText() ([]byte, error) { return marshalWord("state", states(), int(s)) }

// UnmarshalText reads the word of String.
func (s *State) UnmarshalText(b []byte) error {
	i, err := unmarshalWord("state", states(), b)
	if err == nil {
		*s = State(i)
	}
	return err
}

// String returns "unknown", "future", "prehire", "active", "on-leave", "suspended"
// or "left".
func (p Phase) String() string { return word("Phase", phases(), int(p)) }

// MarshalText writes the word of String; a value outside the list is an error.
func (p Phase) MarshalText() ([]byte, error) { return marshalWord("phase", phases(), int(p)) }

// UnmarshalText reads the word of String.
func (p *Phase) UnmarshalText(b []byte) error {
	i, err := unmarshalWord("phase", phases(), b)
	if err == nil {
		*p = Phase(i)
	}
	return err
}

// String returns "always", "create-only" or "if-empty".
func (s Strength) String() string { return word("Strength", strengths(), int(s)) }

// MarshalText writes the word of String; a value outside the list is an error.
func (s Strength) MarshalText() ([]byte, error) { return marshalWord("strength", strengths(), int(s)) }

// UnmarshalText reads the word of String.
func (s *Strength) UnmarshalText(b []byte) error {
	i, err := unmarshalWord("strength", strengths(), b)
	if err == nil {
		*s = Strength(i)
	}
	return err
}

// String returns "unclear", "not-sent", "throttled", "transient", "exists",
// "conflict", "not-found", "permanent" or "fatal".
func (c Class) String() string { return word("Class", classes(), int(c)) }

// MarshalText writes the word of String; a value outside the list is an error.
func (c Class) MarshalText() ([]byte, error) { return marshalWord("class", classes(), int(c)) }

// UnmarshalText reads the word of String.
func (c *Class) UnmarshalText(b []byte) error {
	i, err := unmarshalWord("class", classes(), b)
	if err == nil {
		*c = Class(i)
	}
	return err
}

// The words stand in the order of the constants.

func states() []string { return []string{"undecided", "none", "disabled", "enabled", "deleted"} }

func phases() []string {
	return []string{"unknown", "future", "prehire", "active", "on-leave", "suspended", "left"}
}

func strengths() []string { return []string{"always", "create-only", "if-empty"} }

func classes() []string {
	return []string{
		"unclear", "not-sent", "throttled", "transient", "exists", "conflict", "not-found", "permanent", "fatal",
	}
}

func word(kind string, words []string, i int) string {
	if i < len(words) {
		return words[i]
	}
	return fmt.Sprintf("%s(%d)", kind, i)
}

func marshalWord(kind string, words []string, i int) ([]byte, error) {
	if i < len(words) {
		return []byte(words[i]), nil
	}
	return nil, fmt.Errorf("%s %d is not in the list %v", kind, i, words)
}

func unmarshalWord(kind string, words []string, b []byte) (int, error) {
	if i := slices.Index(words, string(b)); i >= 0 {
		return i, nil
	}
	return 0, fmt.Errorf("%s %q is not in the list %v", kind, b, words)
}
