package provision

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/provision-go/provision/reconcile"
)

// FormatOptions say how plans and reports are written. The zero value is plain
// text without limit.
type FormatOptions struct {
	// Color uses ANSI colours. Defaults to false.
	Color bool
	// Limit is how many changes of one action, in a report of one outcome, are
	// listed per target; the rest is counted. Defaults to 0: all.
	Limit int
}

// Format writes the plan for people to read: every target, then what was noticed
// in the source. Sensitive values are masked.
func (p *Plan) Format(w io.Writer, options *FormatOptions) error {
	if options == nil {
		options = &FormatOptions{}
	}
	var b bytes.Buffer
	for i, tp := range p.Targets {
		if i > 0 {
			b.WriteByte('\n')
		}
		if err := tp.Format(&b, &reconcile.FormatOptions{Color: options.Color, Limit: options.Limit}); err != nil {
			return err
		}
	}
	for _, u := range p.Unread {
		fmt.Fprintf(&b, "%s: not planned: %v\n", u.Target, u.Err)
	}
	formatFindings(&b, p.Findings, false)
	_, err := w.Write(b.Bytes())
	return err
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

// String returns the text of Format.
func (p *Plan) String() string {
	var b bytes.Buffer
	_ = p.Format(&b, nil) // a buffer takes everything
	return b.String()
}

// NothingToDo reports whether every target was read and no change may run. What
// is held, and people for whom nothing could be decided, do not count: see
// reconcile.Plan.Holds and Undecided.
func (p *Plan) NothingToDo() bool {
	for _, tp := range p.Targets {
		if len(tp.Changes) > 0 {
			return false
		}
	}
	return len(p.Unread) == 0
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

// printable returns text that cannot move the cursor, colour or reorder a
// terminal: whatever is not a printable rune is escaped.
func printable(s string) string {
	quoted := strconv.Quote(s)
	return strings.ReplaceAll(strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`), `\\`, `\`)
}
