package provision

import (
	"bytes"
	"fmt"
	"io"

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
// in the source and the targets. Sensitive values are masked, and what does not
// print is escaped. nil options are the zero FormatOptions. The only error is that
// of w.
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
		fmt.Fprintf(&b, "%s: not planned: %s\n", printable(u.Target), printable(fmt.Sprint(u.Err)))
	}
	formatQuarantined(&b, p.Quarantined)
	formatFindings(&b, p.Findings, false)
	_, err := w.Write(b.Bytes())
	return err
}

// String returns the text of Format.
func (p *Plan) String() string {
	var b bytes.Buffer
	_ = p.Format(&b, nil) // a buffer takes everything
	return b.String()
}
