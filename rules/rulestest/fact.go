package rulestest

import "github.com/provision-go/provision/source"

// A Fact is one thing that the source states about a person: an [Employment], a
// [Status], or what a function such as [Department] makes.
type Fact interface{ fact() stated }

// stated is what is stated of one field.
type stated struct {
	field   string
	values  []string
	missing bool // the field is missing; without values it is a list that is empty
	unread  bool // it is there, and nobody understood it
}

func (s stated) fact() stated { return s }

// Employment states the terms on which somebody works.
type Employment source.EmploymentType

// The terms.
const (
	FullTime       = Employment(source.FullTime)
	PartTime       = Employment(source.PartTime)
	Contractor     = Employment(source.Contractor)
	Intern         = Employment(source.Intern)
	Temporary      = Employment(source.Temporary)
	Seasonal       = Employment(source.Seasonal)
	Freelance      = Employment(source.Freelance)
	Apprentice     = Employment(source.Apprentice)
	WorkingStudent = Employment(source.WorkingStudent)
)

func (e Employment) fact() stated {
	return stated{field: "employment_type", values: []string{source.EmploymentType(e).String()}}
}

// Status states where somebody stands in their employment.
type Status source.Status

// The statuses.
const (
	Candidate  = Status(source.Candidate)
	PreHire    = Status(source.PreHire)
	Active     = Status(source.Active)
	OnLeave    = Status(source.OnLeave)
	Suspended  = Status(source.Suspended)
	Terminated = Status(source.Terminated)
	Retired    = Status(source.Retired)
	Deceased   = Status(source.Deceased)
	Deleted    = Status(source.Deleted)
)

func (s Status) fact() stated {
	return stated{field: "status", values: []string{source.Status(s).String()}}
}

// ID states the ID of the person; without it, it is their name in the test.
func ID(id string) Fact { return Field("id", id) }

// Department states the name of the department.
func Department(name string) Fact { return Field("department", name) }

// JobTitle states the job title.
func JobTitle(title string) Fact { return Field("job_title", title) }

// Groups states all groups of the source that the person is in; none says that it is
// known that they are in none.
func Groups(names ...string) Fact { return Field("groups", names...) }

// Starts states the first day of work, as 2006-01-02.
func Starts(day string) Fact { return Field("start_date", day) }

// Ends states the last day of work, as 2006-01-02.
func Ends(day string) Fact { return Field("last_day", day) }

// Field states any field by its name in rule files, such as "country" or
// "custom.level", as text: a date as 2006-01-02, an instant as RFC 3339. A list may
// have several values; without any it is known to be empty.
func Field(name string, values ...string) Fact { return stated{field: name, values: values} }

// Missing states that the source left a field out, as it does with everything that
// no fact is about.
func Missing(field string) Fact { return stated{field: field, missing: true} }

// NotUnderstood states that the source filled a field, such as "start_date", with
// something that is no value of it. The field is then missing, and the life cycle
// knows that something was there: see rules.Lifecycle.
func NotUnderstood(field string) Fact { return stated{field: field, missing: true, unread: true} }
