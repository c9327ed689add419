package source

import (
	"fmt"
	"strconv"

	"github.com/provision-go/provision/internal/excerpt"
)

// The words of the closed vocabularies, by value. They are stable: rule files,
// plans and journals contain them.

func statusWords() []string {
	return []string{
		Unknown: "unknown", Candidate: "candidate", PreHire: "prehire", Active: "active", OnLeave: "on_leave",
		Suspended: "suspended", Terminated: "terminated", Retired: "retired", Deceased: "deceased", Deleted: "deleted",
	}
}

func employmentWords() []string {
	return []string{
		EmploymentUnknown: "unknown", FullTime: "full_time", PartTime: "part_time", Contractor: "contractor",
		Intern: "intern", Temporary: "temporary", Seasonal: "seasonal", Freelance: "freelance",
		Apprentice: "apprentice", WorkingStudent: "working_student", OtherEmployment: "other",
	}
}

func kindWords() []string {
	return []string{
		KindUnknown: "unknown", KindEmployee: "employee", KindContingent: "contingent",
		KindCandidate: "candidate", KindDirectoryUser: "directory_user", KindContact: "contact",
	}
}

// String returns the word for the status, such as "on_leave". It returns
// "unknown" for Unknown and "status(99)" for a number that is no status.
func (s Status) String() string { return wordOf(s, statusWords(), "status") }

// ParseStatus is the reverse of [Status.String]. It takes exactly the words of
// this package; mapping the words of a system to them is the connector's work.
func ParseStatus(word string) (Status, error) {
	return parseWord[Status](word, statusWords(), "status")
}

// MarshalText writes the word. It fails for a number that is no status.
func (s Status) MarshalText() ([]byte, error) { return marshalWord(s, statusWords(), "status") }

// UnmarshalText reads what MarshalText writes; the empty text is Unknown.
func (s *Status) UnmarshalText(text []byte) error {
	return unmarshalWord(s, text, statusWords(), "status")
}

// String returns the word for the employment type, such as "full_time". It
// returns "unknown" for the zero value and "employment type(99)" for a number
// that is none.
func (t EmploymentType) String() string { return wordOf(t, employmentWords(), "employment type") }

// ParseEmploymentType is the reverse of [EmploymentType.String].
func ParseEmploymentType(word string) (EmploymentType, error) {
	return parseWord[EmploymentType](word, employmentWords(), "employment type")
}

// MarshalText writes the word. It fails for a number that is no type.
func (t EmploymentType) MarshalText() ([]byte, error) {
	return marshalWord(t, employmentWords(), "employment type")
}

// UnmarshalText reads what MarshalText writes; the empty text is the zero value.
func (t *EmploymentType) UnmarshalText(text []byte) error {
	return unmarshalWord(t, text, employmentWords(), "employment type")
}

// String returns the word for the kind, such as "employee". It returns
// "unknown" for the zero value and "kind(99)" for a number that is none.
func (k Kind) String() string { return wordOf(k, kindWords(), "kind") }

// ParseKind is the reverse of [Kind.String].
func ParseKind(word string) (Kind, error) { return parseWord[Kind](word, kindWords(), "kind") }

// MarshalText writes the word. It fails for a number that is no kind.
func (k Kind) MarshalText() ([]byte, error) { return marshalWord(k, kindWords(), "kind") }

// UnmarshalText reads what MarshalText writes; the empty text is the zero value.
func (k *Kind) UnmarshalText(text []byte) error {
	return unmarshalWord(k, text, kindWords(), "kind")
}

func wordOf[T ~uint8](v T, words []string, what string) string {
	if int(v) < len(words) {
		return words[v]
	}
	return what + "(" + strconv.Itoa(int(v)) + ")"
}

func parseWord[T ~uint8](word string, words []string, what string) (T, error) {
	for i, w := range words {
		if w == word {
			return T(i), nil
		}
	}
	return 0, fmt.Errorf("parse %s: unknown word %q", what, excerpt.Of(word))
}

func marshalWord[T ~uint8](v T, words []string, what string) ([]byte, error) {
	if int(v) >= len(words) {
		return nil, fmt.Errorf("write %s: no such value %d", what, uint8(v))
	}
	return []byte(words[v]), nil
}

func unmarshalWord[T ~uint8](v *T, text []byte, words []string, what string) error {
	if len(text) == 0 {
		*v = 0
		return nil
	}
	parsed, err := parseWord[T](string(text), words, what)
	if err != nil {
		return err
	}
	*v = parsed
	return nil
}
