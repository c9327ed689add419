package workdaytest

// A Worker is one as Workday holds them. An empty text is a fact that is not known.
type Worker struct {
	WID          string // Workday's own key
	EmployeeID   string // of employees
	ContingentID string // of contingent workers
	UserID       string
	// The legal name, and the preferred one if it is another.
	FirstName, MiddleName, LastName       string
	PreferredFirstName, PreferredLastName string
	WorkEmail, HomeEmail                  string
	// Positions: the first is the primary one.
	Positions []Position
	Units     []Unit
	// Manager is the Workday ID of the manager. Whoever has none leads their own unit.
	Manager string
	// Dates are written as 2006-01-02. A termination is known when its day is over,
	// unless Immediate.
	HireDate, OriginalHireDate, FirstDayOfWork string
	TerminationDate, LastDayOfWork             string
	Immediate                                  bool
	OnLeave, Retired, Rescinded                bool
	// Groups of account provisioning by their status, such as "Assigned".
	Groups map[string]string
	// Calculated are values of calculated fields by name.
	Calculated map[string]string
	// Bare says that the user may see nothing but the reference.
	Bare bool
}

// A Position is one that a worker fills.
type Position struct {
	ID, Title, JobProfile string
	// WorkerType is an Employee_Type_ID or a Contingent_Worker_Type_ID, TimeType a
	// Position_Time_Type_ID.
	WorkerType, TimeType string
	StartDate            string
	Location             Location
	Manager              string // Workday ID; defaults to that of the worker
}

// A Location is a place of work.
type Location struct{ ID, Name, City, Country string }

// A Unit is an organisation to which a worker belongs.
type Unit struct{ Type, ID, Code, Name string }
