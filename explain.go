package provision

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
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
	// Origins is what several sources say about the person, and which of it counts, where
	// they were merged: see source.Provenance.
	Origins []source.Origin

	maskKey []byte
}

// A TargetExplanation is one target as seen from one person.
type TargetExplanation struct {
	Target   string
	Err      error               // the target could not be read; the rest is what the rules say
	Desired  []target.Desired    // what the rules want, one per slot
	Accounts []target.Account    // what is there
	Why      []rules.Explanation // the reasons, also for what is not given; they know what is held
	Plan     *reconcile.Plan     // what would be done now, and what is held; nil with Err

	sensitive []string // subjects whose values the text does not show
}

// Explain reads one person and what belongs to them, and explains it. It writes
// nothing. The error wraps source.ErrNotFound for somebody whom the source does
// not know.
func (e *Engine) Explain(ctx context.Context, identityID string) (*Explanation, error) {
	if err := e.catchUp(ctx); err != nil {
		return nil, err
	}
	from := e.readFrom()
	identity, err := source.Read(ctx, e.config.Source, identityID)
	if err != nil {
		return nil, fmt.Errorf("explain %s: %w", identityID, err)
	}
	origins, err := source.Provenance(ctx, e.config.Source, identityID)
	if err != nil {
		return nil, fmt.Errorf("explain %s: %w", identityID, err)
	}
	at := e.config.Clock()
	identity = e.asDecided(identity)
	views, err := e.lookAt(ctx, &identity, at, from)
	if err != nil {
		return nil, fmt.Errorf("explain %s: %w", identityID, err)
	}
	out := &Explanation{Identity: identity, At: at, Findings: sourceFindings(identity.Findings), maskKey: e.config.MaskKey, Origins: origins}
	person := rules.Person{Identity: &identity, Held: e.heldIn(views)}
	for i, t := range e.config.Targets {
		v := &views[i]
		out.Targets = append(out.Targets, TargetExplanation{
			Target: t.Name(), Err: v.err, Desired: v.desired, Accounts: v.accounts, Plan: v.plan,
			sensitive: sensitiveSubjects(t.Capabilities()),
			Why:       e.config.Rules.Trace(person, at, t.Name()),
		})
	}
	return out, nil
}

// heldIn is what one person holds on all targets, and since when they lose it; nil,
// for not known, if one of them could not be read.
func (e *Engine) heldIn(views []view) []rules.Held {
	e.mu.RLock()
	defer e.mu.RUnlock()
	held := []rules.Held{}
	for i, t := range e.config.Targets {
		v := &views[i]
		if v.err != nil {
			return nil
		}
		losing := e.state.of(t.Name()).losing
		for _, a := range v.accounts {
			if !slices.ContainsFunc(v.desired, func(d target.Desired) bool { return d.Key == a.Key }) {
				continue // without a key it is not theirs yet
			}
			for _, entitlement := range a.Entitlements {
				held = append(held, rules.Held{
					Target: t.Name(), Slot: a.Key.Slot, Entitlement: entitlement,
					Lost: losing[reconcile.Loss{Key: a.Key, Entitlement: entitlement}],
				})
			}
		}
	}
	return held
}

// Why explains one subject on one target and slot, if the rules give it: see
// rules.Explanation.Given. Subjects are rules.SubjectAccount, a
// rules.SubjectAttribute or an entitlement as text. The second result is false if it
// is not given, or if the rules do not speak of it.
func (x *Explanation) Why(name, slot, subject string) (rules.Explanation, bool) {
	return x.find(name, slot, subject, true)
}

// WhyNot explains one subject that the rules do not give: of each rule that could,
// the comparisons that are not yes. The second result is false if it is given, or
// if the rules do not speak of it.
func (x *Explanation) WhyNot(name, slot, subject string) (rules.Explanation, bool) {
	return x.find(name, slot, subject, false)
}

func (x *Explanation) find(name, slot, subject string, given bool) (rules.Explanation, bool) {
	for i := range x.Targets {
		if x.Targets[i].Target != name {
			continue
		}
		for _, why := range x.Targets[i].Why {
			if why.Key.Slot == slot && why.Subject == subject && why.Given() == given {
				return why, true
			}
		}
	}
	return rules.Explanation{}, false
}

// Format writes the explanation for people to read. What rules saw in personal
// fields stands as short keyed hashes, by Config.MaskKey; values of attributes that the
// target declares as sensitive are left out, and what does not print is
// escaped. Of what other sources say otherwise it names the fields only. The only error
// is that of w.
func (x *Explanation) Format(w io.Writer) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s  status %s, at %s\n", printable(x.Identity.ID), x.Identity.Status, x.At.Format(time.RFC3339))
	for i := range x.Targets {
		x.Targets[i].format(&b, x.maskKey)
	}
	x.formatOrigins(&b)
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

// sensitiveSubjects are the attributes that a target declares as sensitive.
func sensitiveSubjects(can target.Capabilities) []string {
	var out []string
	for i := range can.Attributes {
		if a := &can.Attributes[i]; a.Sensitive && !a.WriteOnly {
			out = append(out, rules.SubjectAttribute(a.Name))
		}
	}
	return out
}

func (t *TargetExplanation) format(b *bytes.Buffer, maskKey []byte) {
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
		why := t.Why[i].Masked(maskKey)
		outcome := t.Why[i].Outcome
		if slices.Contains(t.sensitive, why.Subject) {
			outcome = masked
		}
		fmt.Fprintf(b, "  %-10s %-28s %s\n", printable(why.Key.String()), printable(why.Subject), printable(outcome))
		for j := range why.Causes {
			fmt.Fprintf(b, "    %s\n", printable(causeText(&why.Causes[j])))
		}
		if !why.Next.IsZero() {
			fmt.Fprintf(b, "    changes at %s\n", why.Next.Format(time.RFC3339))
		}
	}
	if t.Plan != nil {
		for line := range strings.SplitSeq(strings.TrimRight(t.Plan.String(), "\n"), "\n") {
			b.WriteString(strings.TrimRight("  "+line, " ") + "\n")
		}
	}
}

// causeText is one cause with its place and what it saw.
func causeText(c *rules.Cause) string {
	text := c.String()
	if !c.Pos.IsZero() {
		text += ", " + c.Pos.String()
	}
	parts := []string{text}
	for _, a := range c.Atoms {
		value := a.Value
		if value == "" {
			value = "missing"
		}
		parts = append(parts, a.Text+": "+a.Outcome.String()+", has "+value)
	}
	return strings.Join(parts, "; ")
}
