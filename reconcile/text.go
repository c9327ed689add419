package reconcile

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// FormatOptions say how a plan is printed. nil stands for the zero value.
type FormatOptions struct {
	// Color adds ANSI colours. Defaults to none.
	Color bool
	// Limit is how many changes, holds and findings are printed of each; what is
	// left out is counted. Defaults to all.
	Limit int
}

// Format prints the plan for people: a line of counts, then changes, holds (⏸),
// what the mode leaves out (·), findings, guards and what is scheduled. Of the
// guards it shows those of removals and those that hold something. Sensitive values are masked, and what
// does not print (control characters, marks that turn the direction of writing)
// is escaped. Equal plans give equal text. The only error is that of w.
func (p *Plan) Format(w io.Writer, o *FormatOptions) error {
	var opt FormatOptions
	if o != nil {
		opt = *o
	}
	t := printer{plan: p.Redacted(), opt: opt}
	t.labels = t.index()
	t.print()
	_, err := w.Write(t.out.Bytes())
	return err
}

// String returns the text of Format without colours and limit.
func (p *Plan) String() string {
	var b strings.Builder
	_ = p.Format(&b, nil) // a Builder never fails
	return b.String()
}

type printer struct {
	plan   *Plan
	opt    FormatOptions
	out    bytes.Buffer
	lines  []line
	labels map[string]*Change // changes by ID
	held   map[string]bool    // IDs of what does not run
}

// line is one row of the table. A row with a field belongs to the one above it.
type line struct {
	sign, word, label, key, text string
	field                        string
	color                        string
}

func (t *printer) index() map[string]*Change {
	byID := map[string]*Change{}
	t.held = map[string]bool{}
	t.plan.eachChange(func(c *Change) { byID[c.ID] = c })
	for i := range t.plan.Holds {
		t.held[t.plan.Holds[i].Change.ID] = true
	}
	for i := range t.plan.Omitted {
		t.held[t.plan.Omitted[i].ID] = true
	}
	return byID
}

func (t *printer) print() {
	t.out.WriteString(t.header())
	t.out.WriteByte('\n')
	changes, more := limited(t.plan.Changes, t.opt.Limit)
	for i := range changes {
		t.addChange(&changes[i])
	}
	t.addMore(more, "change")
	holds, more := limited(t.plan.Holds, t.opt.Limit)
	for i := range holds {
		t.addHold(&holds[i])
	}
	t.addMore(more, "hold")
	omitted, more := limited(t.plan.Omitted, t.opt.Limit)
	for i := range omitted {
		c := &omitted[i]
		t.addRow(line{sign: "·", text: strings.Join(append(t.details(c), "omitted"), ", ")}, c)
		t.addFields(c)
	}
	t.addMore(more, "omitted change")
	findings, more := limited(t.plan.Findings, t.opt.Limit)
	for _, f := range findings {
		t.lines = append(t.lines, line{
			sign: "!", word: "finding", label: clean(f.Label), key: clean(f.Key.String()),
			text: clean(f.Message), color: yellow,
		})
	}
	t.addMore(more, "finding")
	t.writeTable()
	t.writeFooter()
}

func limited[T any](list []T, limit int) (head []T, more int) {
	if limit <= 0 || len(list) <= limit {
		return list, 0
	}
	return list[:limit], len(list) - limit
}

func (t *printer) addMore(n int, what string) {
	if n > 0 {
		t.lines = append(t.lines, line{sign: "…", word: plural(n, "more "+what, "more "+what+"s")})
	}
}

// shownOrder is the order of the counts in the first line.
func shownOrder() []Action {
	return []Action{
		Create, Adopt, Update, Enable, Disable, EndSessions, Revoke, Handover, Grant, CreateEntitlement, Delete,
	}
}

func (t *printer) header() string {
	p := t.plan
	var counts []string
	for _, a := range shownOrder() {
		n := 0
		for i := range p.Changes {
			if p.Changes[i].Action == a {
				n++
			}
		}
		if n > 0 {
			counts = append(counts, strconv.Itoa(n)+" "+a.String())
		}
	}
	parts := []string{"nothing to do"}
	if len(counts) > 0 {
		parts[0] = strings.Join(counts, ", ")
	}
	parts = append(parts, strconv.Itoa(p.Unchanged)+" unchanged")
	for _, c := range []struct {
		n    int
		word string
	}{
		{len(p.Holds), "held"}, {len(p.Omitted), "omitted"}, {p.Undecided, "undecided"},
	} {
		if c.n > 0 {
			parts = append(parts, strconv.Itoa(c.n)+" "+c.word)
		}
	}
	if n := len(p.Findings); n > 0 {
		parts = append(parts, plural(n, "finding", "findings"))
	}
	return clean(p.Target) + ": " + strings.Join(parts, "; ")
}

func (t *printer) addChange(c *Change) {
	text := t.details(c)
	if reason := because(c); reason != "" {
		text = append(text, reason)
	}
	l := line{sign: sign(c.Action), color: color(c.Action), text: strings.Join(text, ", ")}
	t.addRow(l, c)
	t.addFields(c)
	for _, name := range c.Secrets {
		t.lines = append(t.lines, line{field: clean(name), text: masked})
	}
}

func (t *printer) addHold(h *Hold) {
	var why []string
	for _, r := range h.Reasons {
		text := r.Kind.String() + ": " + clean(r.Text)
		if r.Kind == NeedsApproval || r.Kind == Guarded {
			text = clean(r.Text)
		}
		if r.Change != h.Change.ID {
			if h.says(r) {
				continue
			}
			text = t.short(&h.Change, r.Change) + " is held (" + text + ")"
		}
		if !slices.Contains(why, text) {
			why = append(why, text)
		}
	}
	text := append(t.details(&h.Change), "held: "+strings.Join(why, "; "))
	t.addRow(line{sign: "⏸", color: yellow, text: strings.Join(text, ", ")}, &h.Change)
	t.addFields(&h.Change)
}

func (t *printer) addFields(c *Change) {
	for _, f := range c.Fields {
		t.lines = append(t.lines, line{field: clean(f.Name), text: t.values(c, f)})
	}
}

// says reports whether the change itself is held for the same reason.
func (h *Hold) says(r HoldReason) bool {
	return slices.ContainsFunc(h.Reasons, func(own HoldReason) bool {
		return own.Change == h.Change.ID && own.Kind == r.Kind && own.Text == r.Text
	})
}

func (t *printer) addRow(l line, c *Change) {
	l.word, l.label, l.key = c.Action.String(), clean(c.Label), clean(c.Key.String())
	t.lines = append(t.lines, l)
}

// details says what a change is about, besides its fields.
func (t *printer) details(c *Change) []string {
	var text []string
	if c.Entitlement.Kind != "" {
		text = append(text, clean(c.Entitlement.String()))
	}
	if !c.HandoverTo.IsZero() {
		text = append(text, "to "+clean(c.HandoverTo.String()))
	}
	if c.Action == Create && c.To.String() == "disabled" {
		text = append(text, "disabled")
	}
	if c.Action == Adopt {
		text = append(text, "account "+quote(c.Account))
	}
	var after []string
	for _, n := range c.Needs {
		if n.Field == "" && t.labels[n.Change] != nil {
			if name := t.short(c, n.Change); !slices.Contains(after, name) {
				after = append(after, name)
			}
		}
	}
	slices.Sort(after)
	if len(after) > 0 {
		text = append(text, "after "+strings.Join(after, ", "))
	}
	return text
}

// short names a change, without the key if it is about the same account.
func (t *printer) short(c *Change, id string) string {
	if to := t.labels[id]; to != nil && to.Key == c.Key {
		return to.Action.String()
	}
	return t.named(id)
}

func (t *printer) named(id string) string {
	c := t.labels[id]
	if c == nil {
		return "change " + id
	}
	return strings.TrimSpace(c.Action.String() + " " + clean(c.Key.String()+c.entitlementMade()))
}

// entitlementMade is what tells changes without a key apart.
func (c *Change) entitlementMade() string {
	if c.Action != CreateEntitlement {
		return ""
	}
	return c.Entitlement.String()
}

// because joins reason and words: "leaver: last day 2026-03-01".
func because(c *Change) string {
	reason := c.Reason.String()
	if len(c.Because) == 0 || c.Action == Grant && c.Reason == Joiner {
		if c.Action == Grant || c.Action == EndSessions || c.Action == Handover {
			return ""
		}
		return reason
	}
	words := make([]string, 0, len(c.Because))
	for _, b := range c.Because {
		words = append(words, clean(b))
	}
	if reason == "" {
		return strings.Join(words, "; ")
	}
	return reason + ": " + strings.Join(words, "; ")
}

// values prints one field: what it becomes, or before → after.
func (t *printer) values(c *Change, f FieldChange) string {
	text := list(f.Before) + " → " + list(f.After)
	if len(f.Before) == 0 {
		text = list(f.After)
	}
	if f.Sensitive {
		text = masked
	}
	for _, n := range c.Needs {
		switch {
		case n.Field != f.Name || t.labels[n.Change] == nil:
		case t.held[n.Change]:
			text += ", left out until " + t.named(n.Change)
		default:
			text += ", after " + t.named(n.Change)
		}
	}
	return text
}

func list(values []string) string {
	switch len(values) {
	case 0:
		return "(none)"
	case 1:
		return quote(values[0])
	}
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = quote(v)
	}
	return "[" + strings.Join(out, ", ") + "]"
}

func width(s string) int { return utf8.RuneCountInString(s) }

// writeTable aligns the columns over all lines.
func (t *printer) writeTable() {
	if len(t.lines) == 0 {
		return
	}
	t.out.WriteByte('\n')
	var word, label, key, field int
	for _, l := range t.lines {
		if l.sign != "…" {
			word, label, key = max(word, width(l.word)), max(label, width(l.label)), max(key, width(l.key))
		}
		field = max(field, width(l.field))
	}
	for _, l := range t.lines {
		var row string
		switch {
		case l.sign == "…":
			row = "… " + l.word
		case l.field != "":
			row = "    " + pad(l.field, field) + "  " + l.text
		default:
			row = l.sign + " " + pad(l.word, word) + "  " + pad(l.label, label) + "  "
			if key > 0 {
				row += pad(l.key, key) + "  "
			}
			row += l.text
		}
		t.paint(l.color, strings.TrimRight(row, " "))
	}
}

func pad(s string, n int) string { return s + strings.Repeat(" ", n-width(s)) }

// writeFooter prints guards, what the mode left out and what is to come.
func (t *printer) writeFooter() {
	for i := range t.plan.Guards {
		if v := &t.plan.Guards[i]; v.Held || v.Action.Removes() && v.Count > 0 {
			t.out.WriteString("guard: " + v.line() + "\n")
		}
	}
	if n := len(t.plan.Omitted); n > 0 {
		t.out.WriteString("omitted in mode " + t.plan.Mode.String() + ": " + countActions(t.plan.Omitted) + "\n")
	}
	var due []string
	for _, s := range t.plan.Scheduled {
		due = append(due, fmt.Sprintf("%d %s from %s", s.Count, s.Action, instant(s.First)))
	}
	if len(due) > 0 {
		t.out.WriteString("scheduled: " + strings.Join(due, ", ") + "\n")
	}
}

func countActions(changes []Change) string {
	var parts []string
	for _, a := range shownOrder() {
		n := 0
		for i := range changes {
			if changes[i].Action == a {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, strconv.Itoa(n)+" "+a.String())
		}
	}
	return strings.Join(parts, ", ")
}

// line says what the guard found: "disable 1 of 415 (0.2 %), limit max(10, 10 %)
// in 24 h".
func (v *Verdict) line() string {
	text := v.amount()
	if v.Text != "" {
		text += ", " + v.Text
	}
	switch {
	case v.Release:
		text += ", released"
	case v.Held:
		text += ", held"
	}
	return text
}

func (v *Verdict) amount() string {
	text := fmt.Sprintf("%s %d of %d", v.Action, v.Count+v.Recent, v.Of)
	if v.Of > 0 {
		text += fmt.Sprintf(" (%.1f %%)", 100*float64(v.Count+v.Recent)/float64(v.Of))
	}
	if v.Limit.Count == math.MaxInt {
		return text + ", no limit"
	}
	return text + fmt.Sprintf(", limit max(%d, %s %%) in 24 h", v.Limit.Count, number(v.Limit.Percent))
}
