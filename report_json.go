package provision

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// resultLine is a result as JSON. Names of fields do not change.
type resultLine struct {
	Run         string             `json:"run,omitempty"`
	Target      string             `json:"target"`
	Change      string             `json:"change"`
	Action      reconcile.Action   `json:"action"`
	Key         string             `json:"key,omitempty"`
	Account     string             `json:"account,omitempty"`
	Label       string             `json:"label,omitempty"`
	Entitlement target.Entitlement `json:"entitlement,omitzero"`
	Situation   string             `json:"situation,omitempty"`
	Reason      string             `json:"reason,omitempty"`
	Fields      []fieldLine        `json:"fields,omitempty"`
	Outcome     Outcome            `json:"outcome"`
	Verified    Verified           `json:"verified,omitzero"`
	Attempts    int                `json:"attempts,omitempty"`
	Class       string             `json:"class,omitempty"`
	Error       string             `json:"error,omitempty"`
	LeftOut     []string           `json:"leftOut,omitempty"`
	Reasons     []reasonLine       `json:"reasons,omitempty"`
	Started     time.Time          `json:"started,omitzero"`
	TookMS      float64            `json:"tookMs"`
}

type fieldLine struct {
	Name   string   `json:"name"`
	Before []string `json:"before,omitempty"`
	After  []string `json:"after,omitempty"`
}

type reasonLine struct {
	Kind   string    `json:"kind"`
	Text   string    `json:"text,omitempty"`
	By     string    `json:"by,omitempty"`
	Until  time.Time `json:"until,omitzero"`
	Since  time.Time `json:"since,omitzero"`
	Change string    `json:"change,omitempty"`
}

// WriteJSONLines writes one JSON object per result, in their order, each on a
// line of its own. Names of fields are stable. With Config.Masking values, labels and
// what a target said are hashed or left out. Sensitive values are masked; runes
// that do not print are escaped, so a line can be shown on a terminal. tookMs is
// in milliseconds. The only errors are those of w and of results that are no
// words of the closed lists.
func (r *Report) WriteJSONLines(w io.Writer) error {
	out := bufio.NewWriter(w)
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	for i := range r.Results {
		b.Reset()
		if err := encoder.Encode(lineOf(r.Run, r.shown(&r.Results[i]))); err != nil {
			return fmt.Errorf("result of %s: %w", changeName(&r.Results[i].Change), err)
		}
		escapeTo(out, b.Bytes())
	}
	return out.Flush()
}

// MarshalJSON writes the report for display: the results as [Report.WriteJSONLines] does,
// and with Config.Masking no text of findings and errors. It holds no plan.
func (r Report) MarshalJSON() ([]byte, error) {
	out := struct {
		Run         string        `json:"run"`
		Started     time.Time     `json:"started"`
		Finished    time.Time     `json:"finished"`
		Results     []resultLine  `json:"results"`
		Findings    []Finding     `json:"findings,omitempty"`
		Unread      []unreadJSON  `json:"unread,omitempty"`
		Quarantined []Quarantined `json:"quarantined,omitempty"`
	}{Run: r.Run, Started: r.Started, Finished: r.Finished, Results: []resultLine{}, Quarantined: r.Quarantined}
	for i := range r.Results {
		out.Results = append(out.Results, lineOf("", r.shown(&r.Results[i])))
	}
	shown := (&Plan{Findings: r.Findings, Unread: r.Unread}).redacted(r.hides())
	out.Findings = shown.Findings
	for _, u := range shown.Unread {
		out.Unread = append(out.Unread, unreadJSON{u.Target, u.Err.Error()})
	}
	return json.Marshal(out)
}

// hides reports whether Config.Masking hides anything.
func (r *Report) hides() bool {
	for _, m := range r.masks {
		if m.ID != "" {
			return true
		}
	}
	return false
}

func lineOf(run string, r *Result) resultLine {
	c := &r.Change
	line := resultLine{
		Run: run, Target: r.Target, Change: c.ID, Action: c.Action, Key: c.Key.String(), Account: r.Account,
		Label: withoutSensitive(c.Label, c), Entitlement: c.Entitlement,
		Situation: c.Situation.String(), Reason: c.Reason.String(),
		Outcome: r.Outcome, Verified: r.Verified, Attempts: r.Attempts, Error: errorText(r), LeftOut: r.LeftOut,
		Started: r.Started, TookMS: float64(r.Took.Microseconds()) / 1000,
	}
	if r.Outcome == Failed || r.Outcome == Unconfirmed {
		line.Class = r.Class.String()
	}
	for i := range c.Fields {
		f := &c.Fields[i]
		line.Fields = append(line.Fields, fieldLine{
			Name: f.Name, Before: shownValues(f.Before, f.Sensitive), After: shownValues(f.After, f.Sensitive),
		})
	}
	for i := range r.Reasons {
		h := &r.Reasons[i]
		line.Reasons = append(line.Reasons, reasonLine{
			Kind: h.Kind.String(), Text: withoutSensitive(h.Text, c), By: h.By, Until: h.Until, Since: h.Since, Change: h.Change,
		})
	}
	return line
}

// shownValues masks sensitive values as one, so that not even their number shows.
func shownValues(values []string, sensitive bool) []string {
	if sensitive && len(values) > 0 {
		return []string{masked}
	}
	return values
}

// escapeTo writes one line of JSON with everything that does not print as an
// escape sequence. Such runes occur only inside strings, but for the end of the
// line.
func escapeTo(w *bufio.Writer, line []byte) {
	for i := 0; i < len(line); {
		r, n := utf8.DecodeRune(line[i:])
		switch {
		case r == '\n' || unicode.IsPrint(r):
			_, _ = w.Write(line[i : i+n]) // the writer keeps its error
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			_, _ = fmt.Fprintf(w, `\u%04x\u%04x`, high, low)
		default:
			_, _ = fmt.Fprintf(w, `\u%04x`, r)
		}
		i += n
	}
}
