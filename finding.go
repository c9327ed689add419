package provision

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// A Finding is something that a person should look at. It joins what the source,
// the targets and the planner noticed.
type Finding struct {
	Origin   string     `json:"origin"`             // "source <name>", "target <name>" or "plan <target>"
	Code     string     `json:"code"`               // as in the package it comes from, or CodeNotInSource
	Identity string     `json:"identity,omitempty"` // Identity.ID, "" if nobody in particular
	Key      target.Key `json:"key,omitzero"`       // account concerned, if any
	Account  string     `json:"account,omitempty"`  // native id, if any
	Field    string     `json:"field,omitempty"`
	Line     int        `json:"line,omitempty"`   // in a source file, from 1; 0 = none
	Column   int        `json:"column,omitempty"` // from 1; 0 = none
	Count    int        `json:"count,omitempty"`  // people or accounts it stands for, when it is a summary
	Message  string     `json:"message"`
}

// fromSource begins the origin of what a source noticed.
const fromSource = "source "

func sourceFindings(noticed []source.Finding) []Finding {
	out := make([]Finding, 0, len(noticed))
	for _, f := range noticed {
		out = append(out, Finding{
			Origin: fromSource + f.Source, Code: f.Code, Identity: f.Identity, Field: f.Field,
			Line: f.Line, Column: f.Column, Message: f.Message,
		})
	}
	return out
}

// fromPlan reports whether the finding comes out of the plan of a target.
func (f Finding) fromPlan() bool { return len(f.Origin) > 5 && f.Origin[:5] == "plan " }

// String writes the finding in one line; control characters are escaped.
func (f Finding) String() string {
	var b bytes.Buffer
	fmt.Fprintf(&b, "finding  %s", printable(f.Origin))
	if f.Line > 0 {
		fmt.Fprintf(&b, " line %d", f.Line)
		if f.Column > 0 {
			fmt.Fprintf(&b, ", column %d", f.Column)
		}
	}
	switch {
	case !f.Key.IsZero():
		fmt.Fprintf(&b, "  %s", printable(f.Key.String()))
	case f.Identity != "":
		fmt.Fprintf(&b, "  %s", printable(f.Identity))
	}
	if f.Account != "" {
		fmt.Fprintf(&b, "  account %s", printable(f.Account))
	}
	if f.Field != "" {
		fmt.Fprintf(&b, "  %s", printable(f.Field))
	}
	fmt.Fprintf(&b, ": %s", printable(f.Message))
	return b.String()
}

// alike is how many findings of one origin, code and field are written out.
const alike = 10

// formatFindings writes what was noticed, with or without what the plans noticed,
// which write that themselves. Of many that are alike the first are written and
// the rest counted.
func formatFindings(b *bytes.Buffer, findings []Finding, plans bool) {
	type kind struct{ origin, code, field string }
	seen := map[kind]int{}
	var kinds []kind
	for _, f := range findings {
		if f.fromPlan() && !plans {
			continue
		}
		k := kind{f.Origin, f.Code, f.Field}
		if seen[k]++; seen[k] == 1 {
			kinds = append(kinds, k)
		}
		if seen[k] <= alike {
			fmt.Fprintf(b, "! %s\n", f)
		}
	}
	for _, k := range kinds {
		if more := seen[k] - alike; more > 0 {
			fmt.Fprintf(b, "! finding  %s: %d more of %s\n", printable(k.origin), more,
				printable(strings.TrimSpace(k.code+" "+k.field)))
		}
	}
}
