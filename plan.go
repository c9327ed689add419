package provision

import (
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// A Plan is what would be done on every target. It is data: as JSON it is
// complete and can be applied by another process.
type Plan struct {
	Targets []*reconcile.Plan // in the order of Config.Targets
	// Identity is the only person the plan is about; "" is everybody.
	Identity string
	Findings []Finding // of the source, the rules and the targets
	Unread   []Unread  // targets that could not be read
	// fresh: made in this process just now, so accounts need no second look.
	fresh bool
}

// A Finding is something that a person should look at. It joins what the source,
// the targets and the planner noticed.
type Finding struct {
	Origin   string     // "source <name>", "target <name>" or "plan <target>"
	Code     string     // as in the package it comes from
	Identity string     // Identity.ID, "" if nobody in particular
	Key      target.Key // account concerned, if any
	Account  string     // native id, if any
	Field    string
	Line     int // in a source file; 0 = none
	Column   int
	Count    int // people or accounts it stands for, when it is a summary
	Message  string
}
