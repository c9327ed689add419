package source

// A Finding is something about the source that a person should look at. It is
// never a write, and it never stops the others. Connectors attach it to the
// identity that it concerns, or to the first one if it concerns nobody.
type Finding struct {
	Source   string // name of the source; Collect fills it when empty
	Identity string // Identity.ID, filled by Collect; empty when it concerns nobody in particular
	Field    string // name of the field as in [Fields], or a column heading; see [CodeBadValue]
	Code     string // closed list: the Code… constants
	Message  string // one sentence for people, no secrets, no full records
	Line     int    // line in a file from 1; 0 = not from a file
	Column   int    // column in a file from 1; 0 = whole line
}

// Codes of findings.
//
// A finding with CodeBadValue or CodeBadDates whose Field names a field of the
// identity, while that field is missing, says that the source states a value and
// that nobody understood it. For status, hire_date, start_date,
// termination_date, last_day and terminated_at rules then decide nothing: a
// first day that cannot be read must not begin access today, and nobody whose
// last day cannot be read gets a new account. So connectors name such fields as
// in [Fields].
const (
	CodeDuplicate = "duplicate-id"    // two identities with one ID: both are withheld
	CodeNoID      = "no-id"           // a row that belongs to nobody: no absence is proved
	CodeBadValue  = "bad-value"       // a value was not understood and is treated as missing
	CodeBadRow    = "bad-row"         // a row with the wrong shape; only its ID was taken
	CodeUnmapped  = "unmapped-column" // a heading of a file that nothing reads
	CodeConflict  = "conflict"        // sources contradict each other about a person
	CodeBadDates  = "bad-dates"       // dates that contradict each other
)
