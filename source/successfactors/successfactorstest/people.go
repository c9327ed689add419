package successfactorstest

// A Person is what Employee Central knows of somebody. Days are written as 2006-01-02.
type Person struct {
	// ID is the personIdExternal.
	ID, UUID string
	// From is the day from which the names are in force. Defaults to always.
	From                                            string
	FirstName, MiddleName, LastName, PreferredName  string
	DisplayName, DateOfBirth, Gender, MaritalStatus string
	Emails                                          []Email
	Employments                                     []Employment
}

// An Email is an address. Type is an external code of the picklist, such as "B".
type Email struct {
	Address, Type string
	Primary       bool
}

// An Employment is a working relationship, with the user that belongs to it.
type Employment struct {
	UserID, Username, UserEmail string
	// UserStatus defaults to "t"; "-" says that the user is gone.
	UserStatus           string
	Start, End, Original string
	Contingent           bool
	Class                string // "ST" or "GA"
	Jobs                 []Job
}

// A Job is in force from Start to End, to further notice if End is empty.
type Job struct {
	Start, End string
	Seq        int
	// Status is the external code of the picklist, "" for a status that may not be seen;
	// StatusID the number of the option.
	Status, StatusID                                   string
	Title, Department, Division, BusinessUnit, Company string
	CostCenter, Location, Manager, Class, TimeZone     string
	Custom                                             map[string]string
}
