package provision

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/provision-go/provision/reconcile"
)

// Format writes the report for people to read: for every target one line of
// counts, then one line for each change that failed, is unconfirmed, stale, held
// or contradicted by reading back, one line for each departure that is not complete,
// and what was noticed in the source, the targets
// and the plan. Skipped and cancelled changes are counted by their cause.
// Sensitive values are masked, and what does not print is escaped. nil options are
// the zero FormatOptions; Limit counts per outcome. Times and the id of the run are
// not in it, so equal results give equal text. The only error is that of w.
func (r *Report) Format(w io.Writer, options *FormatOptions) error {
	if options == nil {
		options = &FormatOptions{}
	}
	t := reportText{options: *options}
	leaving := r.Departures()
	for _, name := range r.targets() {
		t.target(name, r.of(name), leaving)
	}
	for _, u := range r.Unread {
		fmt.Fprintf(&t.out, "%s: not read: %s\n", printable(u.Target), printable(fmt.Sprint(u.Err)))
	}
	formatQuarantined(&t.out, r.Quarantined)
	formatDead(&t.out, r)
	formatFindings(&t.out, r.Findings, true)
	_, err := w.Write(t.out.Bytes())
	return err
}

// String returns the text of Format without colours and limit.
func (r *Report) String() string {
	var b strings.Builder
	_ = r.Format(&b, nil) // a Builder takes everything
	return b.String()
}

// targets are the names of the targets that were worked on: those of the plan
// that had nothing to do, too.
func (r *Report) targets() []string {
	var names []string
	seen := map[string]bool{}
	for i := range r.Results {
		seen[r.Results[i].Target] = true
	}
	listed := map[string]bool{}
	if r.Plan != nil {
		for _, tp := range r.Plan.Targets {
			if listed[tp.Target] || !seen[tp.Target] && len(tp.Changes)+len(tp.Holds) > 0 {
				continue // it was left out of the run
			}
			listed[tp.Target] = true
			names = append(names, tp.Target)
		}
	}
	for i := range r.Results {
		if name := r.Results[i].Target; !listed[name] {
			listed[name] = true
			names = append(names, name)
		}
	}
	return names
}

func (r *Report) of(name string) []Result {
	var out []Result
	for i := range r.Results {
		if r.Results[i].Target == name {
			out = append(out, r.Results[i])
		}
	}
	return out
}

type reportText struct {
	options FormatOptions
	out     bytes.Buffer
	rows    []reportRow
}

// reportRow is one line about a change.
type reportRow struct {
	sign, word, action, label, key, text string
	color                                string
}

const (
	colorRed    = "\x1b[31m"
	colorYellow = "\x1b[33m"
	colorNone   = "\x1b[0m"
)

func (t *reportText) target(name string, results []Result, leaving []DepartureReport) {
	fmt.Fprintf(&t.out, "%s: %s\n", printable(name), summary(results))
	t.rows = t.rows[:0]
	t.list(results, "!", "failed", colorRed, func(r *Result) bool { return r.Outcome == Failed })
	t.list(results, "?", "unconfirmed", colorRed, func(r *Result) bool { return r.Outcome == Unconfirmed })
	t.list(results, "!", "contradicted", colorRed, func(r *Result) bool { return r.Verified == Contradicted })
	t.list(results, "~", "stale", colorYellow, func(r *Result) bool { return r.Outcome == Stale })
	t.list(results, "⏸", "held", colorYellow, func(r *Result) bool { return r.Outcome == Held })
	t.list(results, "~", "left out", colorYellow, func(r *Result) bool {
		return r.Outcome == Done && len(r.LeftOut) > 0
	})
	t.causes(results)
	t.departures(name, leaving)
	t.write()
}

func (t *reportText) list(results []Result, sign, word, color string, pick func(*Result) bool) {
	n := 0
	for i := range results {
		r := &results[i]
		if !pick(r) {
			continue
		}
		if n++; t.options.Limit > 0 && n > t.options.Limit {
			continue
		}
		t.rows = append(t.rows, reportRow{
			sign: sign, word: word, action: r.Change.Action.String(),
			label: printable(withoutSensitive(r.Change.Label, &r.Change)),
			key:   printable(r.Change.Key.String()), text: printable(reportReason(r, word)), color: color,
		})
	}
	t.more(n, word)
}

func (t *reportText) more(n int, word string) {
	if limit := t.options.Limit; limit > 0 && n > limit {
		t.rows = append(t.rows, reportRow{sign: "…", word: strconv.Itoa(n-limit) + " more " + word})
	}
}

func (t *reportText) causes(results []Result) {
	list := groupCauses(results)
	for n, g := range list {
		if t.options.Limit > 0 && n == t.options.Limit {
			break
		}
		row := reportRow{sign: "·", word: g.outcome.String(), text: printable(g.text), color: colorYellow}
		if g.count == 1 {
			row.action, row.key = g.first.Action.String(), printable(g.first.Key.String())
			row.label = printable(withoutSensitive(g.first.Label, g.first))
		} else {
			row.action = strconv.Itoa(g.count) + " changes"
		}
		t.rows = append(t.rows, row)
	}
	t.more(len(list), "causes")
}

// reportReason is what a line says at its end.
func reportReason(r *Result, word string) string {
	var parts []string
	if e := r.Change.Entitlement.String(); e != "" {
		parts = append(parts, e)
	}
	switch word {
	case "held":
		for _, reason := range r.Reasons {
			text := withoutSensitive(reason.Text, &r.Change)
			if text == "" {
				text = reason.Kind.String()
				if !reason.Until.IsZero() {
					text += " (until " + reason.Until.Format(time.RFC3339) + ")"
				}
			}
			parts = append(parts, text)
		}
	case "contradicted":
		parts = append(parts, ErrContradicted.Error())
	case "left out":
		parts = append(parts, strings.Join(r.LeftOut, ", "))
	default:
		parts = append(parts, errorText(r))
		if r.Attempts > 1 {
			parts = append(parts, fmt.Sprintf("%d attempts", r.Attempts))
		}
	}
	return strings.Join(parts, "; ")
}

// write prints the rows as a table.
func (t *reportText) write() {
	var width [4]int
	for i := range t.rows {
		for n, cell := range t.rows[i].cells() {
			width[n] = max(width[n], utf8.RuneCountInString(cell))
		}
	}
	for i := range t.rows {
		r := &t.rows[i]
		var line strings.Builder
		line.WriteString(r.sign)
		for n, cell := range r.cells() {
			if width[n] > 0 {
				fmt.Fprintf(&line, " %-*s", width[n]+1, cell)
			}
		}
		line.WriteString(" " + r.text)
		text := strings.TrimRight(line.String(), " ")
		if t.options.Color && r.color != "" {
			text = r.color + text + colorNone
		}
		t.out.WriteString(text + "\n")
	}
}

func (r *reportRow) cells() [4]string { return [4]string{r.word, r.action, r.label, r.key} }

// shownActions are the actions in the order of the counts, with what they read
// like when done.
func shownActions() []struct {
	action reconcile.Action
	word   string
} {
	return []struct {
		action reconcile.Action
		word   string
	}{
		{reconcile.Create, "created"},
		{reconcile.Adopt, "adopted"},
		{reconcile.Update, "updated"},
		{reconcile.Enable, "enabled"},
		{reconcile.Disable, "disabled"},
		{reconcile.EndSessions, "sessions ended"},
		{reconcile.Revoke, "revoked"},
		{reconcile.Handover, "handed over"},
		{reconcile.Grant, "granted"},
		{reconcile.CreateEntitlement, "made"},
		{reconcile.Delete, "deleted"},
	}
}

// summary is the line of counts of one target.
func summary(results []Result) string {
	counts := map[Outcome]int{}
	doneBy := map[reconcile.Action]int{}
	verified := map[reconcile.Action]int{}
	contradicted := 0
	for i := range results {
		r := &results[i]
		counts[r.Outcome]++
		if r.Outcome == Done {
			doneBy[r.Change.Action]++
			if r.Verified == Confirmed {
				verified[r.Change.Action]++
			}
		}
		if r.Verified == Contradicted {
			contradicted++
		}
	}
	var parts []string
	for _, a := range shownActions() {
		n := doneBy[a.action]
		if n == 0 {
			continue
		}
		text := strconv.Itoa(n) + " " + a.word
		switch v := verified[a.action]; {
		case v == n:
			text += " (verified)"
		case v > 0:
			text += fmt.Sprintf(" (%d verified)", v)
		}
		parts = append(parts, text)
	}
	for _, c := range []struct {
		n    int
		word string
	}{
		{counts[AlreadySo], "already so"},
		{counts[Failed], "failed"},
		{counts[Unconfirmed], "unconfirmed"},
		{contradicted, "contradicted"},
		{counts[Stale], "stale"},
		{counts[Skipped], "skipped"},
		{counts[Cancelled], "cancelled"},
	} {
		if c.n > 0 {
			parts = append(parts, strconv.Itoa(c.n)+" "+c.word)
		}
	}
	text := strings.Join(parts, ", ")
	if text == "" {
		text = "nothing to do"
		if counts[Held] > 0 {
			text = "nothing done"
		}
	}
	if counts[Held] > 0 {
		text += "; " + strconv.Itoa(counts[Held]) + " held"
	}
	return text
}
