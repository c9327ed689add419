package target

import "github.com/provision-go/provision/internal/words"

// String returns "undecided", "none", "disabled", "enabled" or "deleted".
func (s State) String() string { return words.String(s, "State", states()) }

// MarshalText writes the word of String; a value outside the list is an error.
func (s State) MarshalText() ([]byte, error) { return words.Marshal(s, "state", states()) }

// UnmarshalText reads the word of String.
func (s *State) UnmarshalText(b []byte) error {
	return words.Unmarshal(s, "state", states(), b)
}

// String returns "unknown", "future", "prehire", "active", "on-leave", "suspended"
// or "left".
func (p Phase) String() string { return words.String(p, "Phase", phases()) }

// MarshalText writes the word of String; a value outside the list is an error.
func (p Phase) MarshalText() ([]byte, error) { return words.Marshal(p, "phase", phases()) }

// UnmarshalText reads the word of String.
func (p *Phase) UnmarshalText(b []byte) error {
	return words.Unmarshal(p, "phase", phases(), b)
}

// String returns "always", "create-only" or "if-empty".
func (s Strength) String() string { return words.String(s, "Strength", strengths()) }

// MarshalText writes the word of String; a value outside the list is an error.
func (s Strength) MarshalText() ([]byte, error) { return words.Marshal(s, "strength", strengths()) }

// UnmarshalText reads the word of String.
func (s *Strength) UnmarshalText(b []byte) error {
	return words.Unmarshal(s, "strength", strengths(), b)
}

// String returns "unclear", "not-sent", "throttled", "transient", "exists",
// "conflict", "not-found", "permanent" or "fatal".
func (c Class) String() string { return words.String(c, "Class", classes()) }

// MarshalText writes the word of String; a value outside the list is an error.
func (c Class) MarshalText() ([]byte, error) { return words.Marshal(c, "class", classes()) }

// UnmarshalText reads the word of String.
func (c *Class) UnmarshalText(b []byte) error {
	return words.Unmarshal(c, "class", classes(), b)
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
