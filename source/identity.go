package source

import "time"

// An Identity is a person's working relationship as the system of record
// states it. The zero value of a field means missing: not sent, not readable or
// not understood. Identities are values; the slices and the map in them are
// shared between copies and must not be changed once yielded.
//
// Connectors never fetch what provisioning does not need: national ids, birth
// dates, pay, home addresses, health, ethnicity.
type Identity struct {
	// ID is stable, unique within the source and never reused. It is the only
	// field that must be set. It has no surrounding white space.
	ID string
	// AlternateIDs are other stable identifiers of the same person, by type,
	// such as "workday:Employee_ID" or "greenhouse:application".
	AlternateIDs   []AlternateID
	Kind           Kind
	EmployeeNumber string

	Name        Name
	DisplayName string
	// Username is the login name that the source itself keeps, if any.
	Username      string
	WorkEmail     string
	PersonalEmail string

	JobTitle       string
	Department     Ref
	Team           Ref
	Division       Ref
	BusinessUnit   Ref
	LegalEntity    Ref
	CostCenter     Ref
	Location       Location
	Manager        Manager
	Groups         []Group
	EmploymentType EmploymentType
	// EmploymentTypeRaw and StatusRaw are the words of the source, for people
	// who look into a finding. Rules do not see them.
	EmploymentTypeRaw string

	Status    Status
	StatusRaw string

	// HireDate is the first day of the present employment, OriginalHireDate of
	// the first one ever. StartDate, when set, is the first day of work and wins
	// over HireDate.
	HireDate         Date
	OriginalHireDate Date
	StartDate        Date
	// TerminationDate is the last day of employment; LastDay, when set, is the
	// last day of work and wins over it. Both days are still worked. A date
	// before the present HireDate belongs to an earlier employment.
	TerminationDate Date
	LastDay         Date
	// TerminatedAt is an immediate termination: access ends at this instant.
	TerminatedAt time.Time

	// Employments lists all working relationships, when the source has several.
	// The fields above describe the one that counts now.
	Employments []Employment

	// Custom holds the fields that the integrator mapped and allowed, by name.
	Custom map[string][]string

	UpdatedAt time.Time
	// Findings are what the connector, Collect and Read noticed about this person.
	// They tell a date that was stated and not understood from one that is not
	// stated: see [CodeBadValue].
	Findings []Finding
}

// AlternateID is another stable identifier of a person.
type AlternateID struct{ Type, Value string }

// Name holds the parts of a person's name. Preferred is the given name the
// person goes by.
type Name struct {
	Formatted, Given, Middle, Family, Prefix, Suffix, Preferred string
}

// Ref names something the source keeps elsewhere, such as a department. A Ref
// with all fields empty is missing.
type Ref struct{ ID, Code, Name string }

// Named returns a Ref that is known by name only.
func Named(name string) Ref { return Ref{Name: name} }

// IsZero reports whether the reference is missing.
func (r Ref) IsZero() bool { return r == Ref{} }

// Location is a person's place of work.
type Location struct {
	ID, Code, Name, City, Region string
	// Country is an ISO 3166-1 alpha-2 code in upper case.
	Country string
	// TimeZone is an IANA name such as "Europe/Berlin".
	TimeZone string
	// Zone is TimeZone loaded. [Collect] and [Read] fill it, so that rules stay
	// free of zone files; nil means that the zone is unknown. Rules look at nothing
	// but Zone: for an identity made by hand, as in a test, call [Clean].
	Zone *time.Location
}

// Manager points at a person's manager. ID is the manager's Identity.ID; by the
// other fields [Collect] finds it when the source gives something else.
type Manager struct{ ID, EmployeeNumber, Email, Name string }

// Group is a group of people in the source. Type is a word of the source such
// as "team" or "cost_center".
type Group struct{ ID, Name, Type string }

// Employment is one of several working relationships of a person.
type Employment struct {
	ID         string
	Primary    bool
	Title      string
	Type       EmploymentType
	Status     Status
	Start, End Date
	Department Ref
	Location   Location
	Manager    Manager
}

// Start returns the first day of work: StartDate, else HireDate.
func (i *Identity) Start() Date {
	if !i.StartDate.IsZero() {
		return i.StartDate
	}
	return i.HireDate
}

// End returns the last day of work: LastDay, else TerminationDate. It returns
// the zero Date for a date before the present hire date, which belongs to an
// earlier employment.
func (i *Identity) End() Date {
	end := i.LastDay
	if end.IsZero() {
		end = i.TerminationDate
	}
	if start := i.Start(); !end.IsZero() && !start.IsZero() && end.Before(start) {
		return Date{}
	}
	return end
}
