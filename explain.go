package provision

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// An Explanation answers why one person has what they have, and why not what
// they have not.
type Explanation struct {
	Identity source.Identity
	At       time.Time
	Targets  []TargetExplanation // in the order of Config.Targets
	Findings []Finding
}

// A TargetExplanation is one target as seen from one person.
type TargetExplanation struct {
	Target   string
	Err      error               // the target could not be read; the rest is what the rules say
	Desired  []target.Desired    // what the rules want, one per slot
	Accounts []target.Account    // what is there
	Why      []rules.Explanation // the reasons, also for what is not given
	Plan     *reconcile.Plan     // what would be done now, and what is held; nil with Err
}

// Explain reads one person and what belongs to them, and explains it. It writes
// nothing. The error wraps source.ErrNotFound for somebody whom the source does
// not know.
func (e *Engine) Explain(ctx context.Context, identityID string) (*Explanation, error) {
	if err := e.catchUp(ctx); err != nil {
		return nil, err
	}
	identity, err := source.Read(ctx, e.config.Source, identityID)
	if err != nil {
		return nil, fmt.Errorf("explain %s: %w", identityID, err)
	}
	at := e.config.Clock()
	views, err := e.lookAt(ctx, &identity, at)
	if err != nil {
		return nil, fmt.Errorf("explain %s: %w", identityID, err)
	}
	out := &Explanation{Identity: identity, At: at, Findings: sourceFindings(identity.Findings)}
	for i, t := range e.config.Targets {
		v := &views[i]
		out.Targets = append(out.Targets, TargetExplanation{
			Target: t.Name(), Err: v.err, Desired: v.desired, Accounts: v.accounts, Plan: v.plan,
			Why: e.config.Rules.Trace(rules.Person{Identity: &identity}, at, t.Name()),
		})
	}
	return out, nil
}

// Format writes the explanation for people to read. Values of personal fields
// are masked in the reasons, and what does not print is escaped. The only error is
// that of w.
func (x *Explanation) Format(w io.Writer) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s  status %s, at %s\n", printable(x.Identity.ID), x.Identity.Status, x.At.Format(time.RFC3339))
	for i := range x.Targets {
		x.Targets[i].format(&b)
	}
	for _, f := range x.Findings {
		fmt.Fprintf(&b, "! %s\n", f)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// String returns the text of Format.
func (x *Explanation) String() string {
	var b bytes.Buffer
	_ = x.Format(&b) // a buffer takes everything
	return b.String()
}

func (t *TargetExplanation) format(b *bytes.Buffer) {
	fmt.Fprintf(b, "\n%s\n", printable(t.Target))
	if t.Err != nil {
		fmt.Fprintf(b, "  not read: %s\n", printable(t.Err.Error()))
	} else if len(t.Accounts) == 0 {
		b.WriteString("  no account there\n")
	}
	for i := range t.Accounts {
		a := &t.Accounts[i]
		fmt.Fprintf(b, "  account %s  key %s, %s", printable(a.ID), printable(a.Key.String()), a.State)
		for _, e := range a.Entitlements {
			fmt.Fprintf(b, ", %s", printable(e.String()))
		}
		b.WriteByte('\n')
	}
	for i := range t.Why {
		why := &t.Why[i]
		fmt.Fprintf(b, "  %-10s %-28s %s\n", printable(why.Key.String()), printable(why.Subject), printable(why.Outcome))
		for j := range why.Causes {
			fmt.Fprintf(b, "    %s\n", printable(causeText(&why.Causes[j])))
		}
	}
	if t.Plan != nil {
		for line := range strings.SplitSeq(strings.TrimRight(t.Plan.String(), "\n"), "\n") {
			b.WriteString(strings.TrimRight("  "+line, " ") + "\n")
		}
	}
}

// causeText is one cause with what it saw; values that reach a person are
// masked.
func causeText(c *rules.Cause) string {
	parts := []string{c.String()}
	for _, a := range c.Atoms {
		value := a.Value
		switch {
		case value == "":
			value = "missing"
		case a.Sensitive:
			value = masked
		}
		parts = append(parts, a.Text+": "+a.Outcome.String()+", has "+value)
	}
	return strings.Join(parts, "; ")
}
