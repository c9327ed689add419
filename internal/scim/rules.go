package scim

// Rules say how far what clients send may be from RFC 7643 and RFC 7644. They are
// data: what each deviation is, and who sends it, is in the fields. The zero value
// is [Strict].
//
// Whatever the rules, null and [] mean unassigned (RFC 7643, section 2.5), names and
// operators have any case, readOnly attributes in the body of a POST or PUT are
// ignored, elements of a multi-valued attribute that are equal are kept once, and a
// value in the removal of a multi-valued attribute removes only what it names.
type Rules struct {
	// MissingSchemas: a body needs no schemas, nor the URN of its core schema in it.
	MissingSchemas bool
	// UnknownSchemas: URNs that the resource type does not have are kept out,
	// together with what is under them. Entra creates groups with one.
	UnknownSchemas bool
	// UnknownAttributes: attributes and sub-attributes that the schemas do not have
	// are kept out; else they are invalidSyntax.
	UnknownAttributes bool
	// UnknownPaths: an operation of a PATCH whose path names an attribute that the
	// schemas do not have does nothing; else it is invalidPath. One operation that is
	// refused makes Entra put the whole job of a customer into quarantine.
	UnknownPaths bool
	// ReadOnlyValues: readOnly attributes in the value of a PATCH without a path are
	// ignored; else they are refused (mutability). id must be the resource's either way.
	ReadOnlyValues bool
	// DottedKeys: "name.givenName", "urn:…:User:employeeNumber" and the URN of the
	// core schema may be names of members. Entra and GitLab.
	DottedKeys bool
	// StringBooleans: "True" and "false" are booleans, in any case. Entra.
	StringBooleans bool
	// StringNumbers: numbers may be strings, and strings whole numbers.
	StringNumbers bool
	// StringComplex: a string stands for a complex value whose value it is, "" for
	// none. Entra sends manager and roles so.
	StringComplex bool
	// LooseArrays: a single value stands for an array of one, and the other way round.
	LooseArrays bool
	// ManyPrimaries: the last of several primary values is it; else they are
	// invalidValue.
	ManyPrimaries bool
	// AddMissingTarget and ReplaceMissingTarget: an operation whose path has a filter
	// that nothing matches creates an element, if the filter only says what it is equal
	// to: phoneNumbers[type eq "mobile"].value. Else noTarget. Entra.
	AddMissingTarget     bool
	ReplaceMissingTarget bool
	// RemoveMissingTarget: a removal whose filter nothing matches does nothing; else
	// it is noTarget.
	RemoveMissingTarget bool

	// MaxOperations is how many operations a PATCH may have. Defaults to 5,000.
	MaxOperations int
	// MaxValues is how many elements a multi-valued attribute may have. Defaults to
	// 1,000.
	MaxValues int
	// MaxMembers is the same for attributes whose elements refer to resources: members
	// of a group. Defaults to 100,000.
	MaxMembers int
	// MaxString is how long a string may be, in bytes. Defaults to 65,536. Binary
	// values may be 16 times as long.
	MaxString int
}

// Strict is what the RFCs say.
func Strict() Rules { return Rules{} }

// Lenient accepts what identity providers are known to send.
func Lenient() Rules {
	return Rules{
		MissingSchemas: true, UnknownSchemas: true, UnknownAttributes: true, UnknownPaths: true, ReadOnlyValues: true,
		DottedKeys: true, StringBooleans: true, StringNumbers: true, StringComplex: true, LooseArrays: true,
		ManyPrimaries: true, AddMissingTarget: true, ReplaceMissingTarget: true, RemoveMissingTarget: true,
	}
}

// values is how many elements an attribute may have.
func (r Rules) values(a *Attribute) int {
	if refers(a) {
		return limit(r.MaxMembers, 100_000)
	}
	return limit(r.MaxValues, 1_000)
}

func limit(n, otherwise int) int {
	if n > 0 {
		return n
	}
	return otherwise
}

// refers says whether the elements of a multi-valued attribute are references to
// resources, so that value alone tells them apart.
func refers(a *Attribute) bool {
	return a.MultiValued && a.Sub("$ref") != nil && a.Sub("value") != nil
}
