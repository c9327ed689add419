package source

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/provision-go/provision/internal/excerpt"
)

// FieldType is the type of a field's value.
type FieldType uint8

// The types of fields.
const (
	FieldText           FieldType = iota
	FieldList                     // several texts; the order carries no meaning
	FieldDate                     // a [Date]
	FieldInstant                  // a [time.Time]
	FieldStatus                   // a [Status]
	FieldEmploymentType           // an [EmploymentType]
	FieldKind                     // a [Kind]
)

// String returns the name of the type, such as "employment type".
func (t FieldType) String() string {
	switch t {
	case FieldText:
		return "text"
	case FieldList:
		return "list"
	case FieldDate:
		return "date"
	case FieldInstant:
		return "instant"
	case FieldStatus:
		return "status"
	case FieldEmploymentType:
		return "employment type"
	case FieldKind:
		return "kind"
	}
	return fmt.Sprintf("field type(%d)", uint8(t))
}

// A FieldSpec describes one field of an [Identity] by the name that rule files,
// [Merge], findings and file mappings use for it, and gives access to it
// without reflection. Get one from [Field] or [Fields]; the zero FieldSpec
// describes nothing and reads as missing. It is immutable and safe for
// concurrent use.
type FieldSpec struct {
	Name string // such as "department" or "custom.badge"
	Type FieldType
	// PII says that the value by itself names or reaches a person. Such values
	// are redacted where plans and logs are shared.
	PII bool
	// ReadOnly says that the value follows from other fields.
	ReadOnly bool
	// Whole is the field that this one is a part of: "department" for
	// "department_code". It is empty for a field that stands by itself. Parts
	// come from one source together.
	Whole string
	// Words are the values of a closed vocabulary, in order, without the word for
	// missing. It is nil for a field that takes any value.
	Words []string

	common  bool // many people share the value: worth keeping once
	email   bool // the value must look like an address
	text    func(*Identity) *string
	date    func(*Identity) *Date
	instant func(*Identity) *time.Time
	derive  func(*Identity) Date
	list    func(*Identity) []string
	setList func(*Identity, []string) error
}

// Fields returns the fields of an identity, sorted by name. Custom fields are
// not among them: see [Field].
func Fields() []FieldSpec {
	fields := fieldTable()
	slices.SortFunc(fields, func(a, b FieldSpec) int { return strings.Compare(a.Name, b.Name) })
	return fields
}

// Field returns the named field. A name such as "custom.badge" gives access to
// Identity.Custom["badge"], a list, whether or not anybody has it.
func Field(name string) (FieldSpec, bool) {
	if key, ok := strings.CutPrefix(name, customPrefix); ok && key != "" {
		return customField(key), true
	}
	for _, f := range fieldTable() {
		if f.Name == name {
			return f, true
		}
	}
	return FieldSpec{}, false
}

// Missing reports whether i has no value for the field. [Unknown] and the zero
// values of the other vocabularies are missing.
func (f *FieldSpec) Missing(i *Identity) bool {
	switch f.Type {
	case FieldText:
		return f.text == nil || *f.text(i) == ""
	case FieldDate:
		return f.Date(i).IsZero()
	case FieldInstant:
		return f.Instant(i).IsZero()
	case FieldStatus:
		return i.Status == Unknown
	case FieldEmploymentType:
		return i.EmploymentType == EmploymentUnknown
	case FieldKind:
		return i.Kind == KindUnknown
	case FieldList:
		return len(f.Values(i)) == 0
	}
	return true
}

// Text returns the value as text, "" if it is missing: a date as 2006-01-02, an
// instant as RFC 3339 in UTC, a word of a vocabulary, the values of a list
// joined by ", ".
func (f *FieldSpec) Text(i *Identity) string {
	switch f.Type {
	case FieldText:
		if f.text == nil {
			return ""
		}
		return *f.text(i)
	case FieldDate:
		return f.Date(i).String()
	case FieldInstant:
		if t := f.Instant(i); !t.IsZero() {
			return t.UTC().Format(time.RFC3339Nano)
		}
		return ""
	case FieldList:
		return strings.Join(f.Values(i), ", ")
	case FieldStatus:
		if i.Status != Unknown {
			return i.Status.String()
		}
	case FieldEmploymentType:
		if i.EmploymentType != EmploymentUnknown {
			return i.EmploymentType.String()
		}
	case FieldKind:
		if i.Kind != KindUnknown {
			return i.Kind.String()
		}
	}
	return ""
}

// Values returns the values as text: those of a list, one for any other type,
// nil if the field is missing. The caller must not change the result.
func (f *FieldSpec) Values(i *Identity) []string {
	if f.Type == FieldList {
		if f.list == nil {
			return nil
		}
		return f.list(i)
	}
	if text := f.Text(i); text != "" {
		return []string{text}
	}
	return nil
}

// Date returns the value of a date field; the zero Date if it is missing or
// the field is of another type.
func (f *FieldSpec) Date(i *Identity) Date {
	switch {
	case f.derive != nil:
		return f.derive(i)
	case f.date != nil:
		return *f.date(i)
	}
	return Date{}
}

// Instant returns the value of an instant field; the zero time if it is missing
// or the field is of another type.
func (f *FieldSpec) Instant(i *Identity) time.Time {
	if f.instant == nil {
		return time.Time{}
	}
	return *f.instant(i)
}

// Check returns why [Collect] would take a text as missing in this field, nil if
// it would not: white space aside, it must be short and clean, and in a field for
// addresses look like one. The ID has rules of its own. A connector that knows
// where a text stands asks before it sets it, so that its finding names the place.
// Other types are checked when they are set.
func (f *FieldSpec) Check(text string) error {
	if f.Type != FieldText && f.Type != FieldList {
		return nil
	}
	var fault string
	if f.Name == "id" {
		fault = checkID(strings.TrimSpace(text))
	} else if text, fault = cleanText(text); fault == "" && f.email && text != "" {
		fault = checkEmail(text)
	}
	if fault != "" {
		return errors.New(fault)
	}
	return nil
}

// Set gives the field its value from the texts that [FieldSpec.Values] returns.
// No text, or only empty ones, makes the field missing. It fails, and changes
// nothing, if a text has the wrong form, if several are given for a field that
// is no list, or if the field is read-only. Slices and maps of i are replaced,
// never written to.
func (f *FieldSpec) Set(i *Identity, texts ...string) error {
	if f.ReadOnly || f.Name == "" {
		return fmt.Errorf("set field %q: it cannot be set", f.Name)
	}
	values := make([]string, 0, len(texts))
	for _, text := range texts {
		if text != "" {
			values = append(values, text)
		}
	}
	if f.Type == FieldList {
		if err := f.setList(i, values); err != nil {
			return fmt.Errorf("set %s: %w", f.Name, err)
		}
		return nil
	}
	if len(values) > 1 {
		return fmt.Errorf("set %s: %d values for a field of one", f.Name, len(values))
	}
	if err := f.setOne(i, strings.Join(values, "")); err != nil {
		return fmt.Errorf("set %s: %w", f.Name, err)
	}
	return nil
}

func (f *FieldSpec) setOne(i *Identity, text string) error {
	switch f.Type {
	case FieldText:
		*f.text(i) = text
		return nil
	case FieldDate:
		return f.date(i).UnmarshalText([]byte(text))
	case FieldInstant:
		if text == "" {
			*f.instant(i) = time.Time{}
			return nil
		}
		t, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			return fmt.Errorf("parse instant %q: want RFC 3339 such as 2026-01-02T15:04:05Z", excerpt.Of(text))
		}
		*f.instant(i) = t
		return nil
	case FieldStatus:
		return i.Status.UnmarshalText([]byte(text))
	case FieldEmploymentType:
		return i.EmploymentType.UnmarshalText([]byte(text))
	default:
		return i.Kind.UnmarshalText([]byte(text))
	}
}
