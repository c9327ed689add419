package reconcile

import (
	"fmt"
	"slices"
)

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
		"drift", "adoption", "retention",
	}
}

func situationWords() []string {
	return []string{
		"", "confirmed", "absent", "found", "ambiguous", "contested", "vanished", "leaver", "expired",
		"unqualified", "undecided", "disappeared", "orphan", "gone",
	}
}

func holdWords() []string {
	return []string{"", "approval", "grace", "guard", "proof", "conflict"}
}

func modeWords() []string { return []string{"full", "upsert", "create-only", "observe"} }

func reactionWords() []string { return []string{"", "hold", "do", "let"} }

func standingWords() []string { return []string{"", "open", "already-so", "stale"} }

// String returns the word of the action, such as "end-sessions"; "" for none.
func (a Action) String() string { return word("Action", actionWords(), int(a)) }

// MarshalText writes the word of String; a value outside the list is an error.
func (a Action) MarshalText() ([]byte, error) { return marshalWord("action", actionWords(), int(a)) }

// UnmarshalText reads the word of String.
func (a *Action) UnmarshalText(b []byte) error {
	return unmarshalWord("action", actionWords(), b, func(i int) { *a = Action(i) })
}

// String returns the word of the reason, such as "out of scope"; "" for none.
func (r Reason) String() string { return word("Reason", reasonWords(), int(r)) }

// MarshalText writes the word of String; a value outside the list is an error.
func (r Reason) MarshalText() ([]byte, error) { return marshalWord("reason", reasonWords(), int(r)) }

// UnmarshalText reads the word of String.
func (r *Reason) UnmarshalText(b []byte) error {
	return unmarshalWord("reason", reasonWords(), b, func(i int) { *r = Reason(i) })
}

// String returns the word of the situation, as in the table; "" for none.
func (s Situation) String() string { return word("Situation", situationWords(), int(s)) }

// MarshalText writes the word of String; a value outside the list is an error.
func (s Situation) MarshalText() ([]byte, error) {
	return marshalWord("situation", situationWords(), int(s))
}

// UnmarshalText reads the word of String.
func (s *Situation) UnmarshalText(b []byte) error {
	return unmarshalWord("situation", situationWords(), b, func(i int) { *s = Situation(i) })
}

// String returns "approval", "grace", "guard", "proof" or "conflict"; "" for
// none.
func (k HoldKind) String() string { return word("HoldKind", holdWords(), int(k)) }

// MarshalText writes the word of String; a value outside the list is an error.
func (k HoldKind) MarshalText() ([]byte, error) { return marshalWord("hold", holdWords(), int(k)) }

// UnmarshalText reads the word of String.
func (k *HoldKind) UnmarshalText(b []byte) error {
	return unmarshalWord("hold", holdWords(), b, func(i int) { *k = HoldKind(i) })
}

// String returns "full", "upsert", "create-only" or "observe".
func (m Mode) String() string { return word("Mode", modeWords(), int(m)) }

// MarshalText writes the word of String; a value outside the list is an error.
func (m Mode) MarshalText() ([]byte, error) { return marshalWord("mode", modeWords(), int(m)) }

// UnmarshalText reads the word of String.
func (m *Mode) UnmarshalText(b []byte) error {
	return unmarshalWord("mode", modeWords(), b, func(i int) { *m = Mode(i) })
}

// String returns "hold", "do" or "let"; "" for Default.
func (r Reaction) String() string { return word("Reaction", reactionWords(), int(r)) }

// MarshalText writes the word of String; a value outside the list is an error.
func (r Reaction) MarshalText() ([]byte, error) {
	return marshalWord("reaction", reactionWords(), int(r))
}

// UnmarshalText reads the word of String.
func (r *Reaction) UnmarshalText(b []byte) error {
	return unmarshalWord("reaction", reactionWords(), b, func(i int) { *r = Reaction(i) })
}

// String returns "open", "already-so" or "stale"; "" for none.
func (s Standing) String() string { return word("Standing", standingWords(), int(s)) }

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
	return nil, fmt.Errorf("%s %d is not in the list %q", kind, i, words)
}

func unmarshalWord(kind string, words []string, b []byte, set func(int)) error {
	i := slices.Index(words, string(b))
	if i < 0 {
		return fmt.Errorf("%s %q is not in the list %q", kind, b, words)
	}
	set(i)
	return nil
}
