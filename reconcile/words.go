package reconcile

import "github.com/provision-go/provision/internal/words"

// The words of the closed lists, in the order of their constants. Text and JSON
// use them; they do not change.

func actionWords() []string {
	return []string{
		"", "disable", "end-sessions", "revoke", "handover", "create-entitlement", "adopt", "enable",
		"create", "update", "grant", "delete",
	}
}

func reasonWords() []string {
	return []string{
		"", "joiner", "mover", "leaver", "rehire", "leave", "return", "out of scope", "disappearing",
		"drift", "adoption", "retention", "undo",
	}
}

func situationWords() []string {
	return []string{
		"", "confirmed", "absent", "found", "ambiguous", "contested", "vanished", "leaver", "expired",
		"unqualified", "undecided", "disappeared", "orphan", "gone",
	}
}

func holdWords() []string {
	return []string{"", "approval", "grace", "guard", "proof", "conflict", "seat", "parked"}
}

func modeWords() []string { return []string{"full", "upsert", "create-only", "observe"} }

func reactionWords() []string { return []string{"", "hold", "do", "let"} }

func standingWords() []string { return []string{"", "open", "already-so", "stale"} }

// String returns the word of the action, such as "end-sessions"; "" for none.
func (a Action) String() string { return words.String(a, "Action", actionWords()) }

// MarshalText writes the word of String; a value outside the list is an error.
func (a Action) MarshalText() ([]byte, error) { return words.Marshal(a, "action", actionWords()) }

// UnmarshalText reads the word of String.
func (a *Action) UnmarshalText(b []byte) error {
	return words.Unmarshal(a, "action", actionWords(), b)
}

// String returns the word of the reason, such as "out of scope"; "" for none.
func (r Reason) String() string { return words.String(r, "Reason", reasonWords()) }

// MarshalText writes the word of String; a value outside the list is an error.
func (r Reason) MarshalText() ([]byte, error) { return words.Marshal(r, "reason", reasonWords()) }

// UnmarshalText reads the word of String.
func (r *Reason) UnmarshalText(b []byte) error {
	return words.Unmarshal(r, "reason", reasonWords(), b)
}

// String returns the word of the situation, as in the table; "" for none.
func (s Situation) String() string { return words.String(s, "Situation", situationWords()) }

// MarshalText writes the word of String; a value outside the list is an error.
func (s Situation) MarshalText() ([]byte, error) {
	return words.Marshal(s, "situation", situationWords())
}

// UnmarshalText reads the word of String.
func (s *Situation) UnmarshalText(b []byte) error {
	return words.Unmarshal(s, "situation", situationWords(), b)
}

// String returns "approval", "grace", "guard", "proof", "conflict", "seat" or
// "parked"; "" for none.
func (k HoldKind) String() string { return words.String(k, "HoldKind", holdWords()) }

// MarshalText writes the word of String; a value outside the list is an error.
func (k HoldKind) MarshalText() ([]byte, error) { return words.Marshal(k, "hold", holdWords()) }

// UnmarshalText reads the word of String.
func (k *HoldKind) UnmarshalText(b []byte) error {
	return words.Unmarshal(k, "hold", holdWords(), b)
}

// String returns "full", "upsert", "create-only" or "observe".
func (m Mode) String() string { return words.String(m, "Mode", modeWords()) }

// MarshalText writes the word of String; a value outside the list is an error.
func (m Mode) MarshalText() ([]byte, error) { return words.Marshal(m, "mode", modeWords()) }

// UnmarshalText reads the word of String.
func (m *Mode) UnmarshalText(b []byte) error {
	return words.Unmarshal(m, "mode", modeWords(), b)
}

// String returns "hold", "do" or "let"; "" for Default.
func (r Reaction) String() string { return words.String(r, "Reaction", reactionWords()) }

// MarshalText writes the word of String; a value outside the list is an error.
func (r Reaction) MarshalText() ([]byte, error) {
	return words.Marshal(r, "reaction", reactionWords())
}

// UnmarshalText reads the word of String.
func (r *Reaction) UnmarshalText(b []byte) error {
	return words.Unmarshal(r, "reaction", reactionWords(), b)
}

// String returns "open", "already-so" or "stale"; "" for none.
func (s Standing) String() string { return words.String(s, "Standing", standingWords()) }
