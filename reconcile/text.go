package reconcile

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// FormatOptions say how a plan is printed. nil stands for the zero value.
type FormatOptions struct {
	// Color adds ANSI colours. Defaults to none.
	Color bool
	// Limit is how many changes of one action are printed, among those that run,
	// those that are held and those that are omitted, and how many findings of one
	// code; what is left out is counted. Defaults to all.
	Limit int
}

// Format prints the plan for people: a line of counts, then changes, holds (⏸),
// what the mode leaves out (·), findings, guards and what is scheduled. Of the
// guards it shows those of removals and those that hold something. Sensitive values are masked, and what
// does not print (control characters, marks that turn the direction of writing)
// is escaped. Labels, keys and names of attributes end with … after 64 characters,
// so that one long login does not widen every row. Equal plans give equal text. The only error is that of w.
func (p *Plan) Format(w io.Writer, o *FormatOptions) error {
	var opt FormatOptions
	if o != nil {
		opt = *o
	}
	t := printer{plan: p.display(), opt: opt}
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
	plan    *Plan
	opt     FormatOptions
	out     bytes.Buffer
	lines   []line
	labels  map[string]*Change // changes by ID
	waiting map[string]bool    // IDs of what is held
	held    map[string]bool    // IDs of what does not run: held or omitted
}

// line is one row of the table. A row with a field belongs to the one above it.
type line struct {
	sign, word, label, key, text string
	field                        string
	color                        string
}

func (t *printer) index() map[string]*Change {
	byID := map[string]*Change{}
	t.held, t.waiting = map[string]bool{}, map[string]bool{}
	for c := range t.plan.All() {
		byID[c.ID] = c
	}
	for i := range t.plan.Holds {
		id := t.plan.Holds[i].Change.ID
		t.held[id], t.waiting[id] = true, true
	}
	for i := range t.plan.Omitted {
		t.held[t.plan.Omitted[i].ID] = true
	}
	return byID
}

func (t *printer) print() {
	t.out.WriteString(t.header())
	t.out.WriteByte('\n')
	byAction := func(c *Change) string { return c.Action.String() }
	printLimited(t, t.plan.Changes, byAction, "", t.addChange)
	printLimited(t, t.plan.Holds, func(h *Hold) string { return h.Change.Action.String() }, " held", t.addHold)
	printLimited(t, t.plan.Omitted, byAction, " omitted", func(c *Change) {
		t.addRow(line{sign: "·", text: strings.Join(append(t.details(c), "omitted"), ", ")}, c)
		t.addFields(c)
	})
	printLimited(t, t.plan.Findings, func(f *Finding) string { return f.Code }, " found", func(f *Finding) {
		t.lines = append(t.lines, line{
			sign: "!", word: "finding", label: brief(f.Label), key: brief(f.Key.String()),
			text: clean(f.Message), color: yellow,
		})
	})
	t.writeTable()
	t.writeFooter()
}

// printLimited adds the first of each kind, and counts the others where they would
// be. Those of one kind stand together.
func printLimited[T any](t *printer, list []T, kind func(*T) string, what string, add func(*T)) {
	for i := 0; i < len(list); {
		from, name := i, kind(&list[i])
		for i < len(list) && kind(&list[i]) == name {
			if t.opt.Limit <= 0 || i-from < t.opt.Limit {
				add(&list[i])
			}
			i++
		}
		if more := i - from - t.opt.Limit; t.opt.Limit > 0 && more > 0 {
			t.lines = append(t.lines, line{sign: "…", word: strconv.Itoa(more) + " more " + clean(name) + what})
		}
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
		if v := &t.plan.Guards[i]; v.Held || v.Guard == GuardAction && v.Action.Removes() && v.Count > 0 {
			t.out.WriteString("guard: " + v.line() + "\n")
		}
	}
	if slices.ContainsFunc(t.plan.Guards, func(v Verdict) bool { return v.Held && !v.Release }) {
		t.out.WriteString("to let through what is guarded, release " + clean(t.plan.Guarded) + "\n")
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
