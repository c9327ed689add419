package source

// Status is where a person stands in their employment. It is a closed
// vocabulary; a word that a connector does not understand becomes Unknown plus
// a finding, never a guess.
type Status uint8

// The statuses. The zero value is Unknown.
const (
	Unknown    Status = iota
	Candidate         // applied, not hired
	PreHire           // hired, not started
	Active            // works
	OnLeave           // employed, away for longer
	Suspended         // employed, barred from work
	Terminated        // employment ended
	Retired           // ended by retirement
	Deceased          // ended by death
	Deleted           // the source removed the person explicitly
)

// Ended reports whether the status itself says that the employment is over.
func (s Status) Ended() bool { return s >= Terminated && s <= Deleted }

// EmploymentType says on what terms somebody works.
type EmploymentType uint8

// The employment types. The zero value means missing.
const (
	EmploymentUnknown EmploymentType = iota
	FullTime
	PartTime
	Contractor
	Intern
	Temporary
	Seasonal
	Freelance
	Apprentice
	WorkingStudent
	OtherEmployment
)

// Kind says what sort of record an identity was made from.
type Kind uint8

// The kinds. The zero value means missing.
const (
	KindUnknown Kind = iota
	KindEmployee
	KindContingent
	KindCandidate
	KindDirectoryUser
	KindContact // of a customer or partner: not employed here
)
