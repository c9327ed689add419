package rules

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/provision-go/provision/target"
)

// Format writes a layer as a rule file: [File] reads it as the same rules, and
// Format writes those as the same bytes. What a file cannot hold (functions, time
// zones as values) is left out; the program supplies it. The error names a rule
// that is not complete, or something that no file can hold, such as a control
// character in a note.
func (s *Spec) Format() ([]byte, error) {
	w := &fileWriter{notes: s.Notes, final: s.Final}
	w.line(0, "rules", fileVersion)
	if s.Name != "" {
		w.line(0, "name", s.Name)
	}
	if note := s.Notes[""]; note != "" {
		w.line(0, "note", note)
	}
	w.texts(0, "off", s.Off)
	if s.Later.May != nil || s.Later.Give != nil {
		w.key(0, "later")
		w.textsOrNone(1, "may", s.Later.May)
		w.textsOrNone(1, "give", s.Later.Give)
	}
	own, replacing := s.split()
	w.sections(0, &own)
	if len(s.Replace) > 0 {
		w.key(0, "replace")
		w.sections(1, &replacing)
	}
	if len(w.problems) > 0 {
		return nil, errors.Join(w.problems...)
	}
	for _, p := range File("", w.b).origin.report() {
		w.problems = append(w.problems, &Problem{Message: "this cannot be written: " + p.Message + ": " + strings.TrimSpace(p.Excerpt)})
	}
	if len(w.problems) > 0 {
		return nil, errors.Join(w.problems...)
	}
	return w.b, nil
}

// Spec returns the layers of the set as one layer.
func (s *Set) Spec() Spec { return s.spec }

// split divides the rules of a layer into new ones and those that replace others.
func (s *Spec) split() (own, replacing Spec) {
	old := func(id string) bool { return slices.Contains(s.Replace, id) }
	own.Fields = s.Fields
	if old(scopeID) {
		replacing.Scope = s.Scope
	} else {
		own.Scope = s.Scope
	}
	part(s.Grants, &own.Grants, &replacing.Grants, func(g *Grant) bool { return old(g.ID) })
	part(s.Tables, &own.Tables, &replacing.Tables, func(t *Table) bool { return old(tablePrefix + t.Name) })
	part(s.Picks, &own.Picks, &replacing.Picks, func(p *Pick) bool { return old(p.ID) })
	part(s.Never, &own.Never, &replacing.Never, func(n *Never) bool { return old(n.ID) })
	part(s.NeverTogether, &own.NeverTogether, &replacing.NeverTogether, func(n *NeverTogether) bool { return old(n.ID) })
	part(s.Require, &own.Require, &replacing.Require, func(q *Requirement) bool { return old(q.ID) })
	part(s.Budgets, &own.Budgets, &replacing.Budgets, func(b *Budget) bool { return old(b.ID) })
	part(s.Protect, &own.Protect, &replacing.Protect, func(p *Protection) bool { return old(p.ID) })
	for i := range s.Targets {
		t := &s.Targets[i]
		at := placeName(t.Target, t.Slot)
		a, b := TargetSpec{Target: t.Target, Slot: t.Slot}, TargetSpec{Target: t.Target, Slot: t.Slot}
		if to := choosePart(old(accountPrefix+at), &a, &b); true {
			to.Account, to.Label = t.Account, t.Label
		}
		choosePart(old(t.Lifecycle.id(at)), &a, &b).Lifecycle = t.Lifecycle
		part(t.Attributes, &a.Attributes, &b.Attributes, func(x *Attribute) bool { return old(x.id(at)) })
		own.Targets, replacing.Targets = append(own.Targets, a), append(replacing.Targets, b)
	}
	return own, replacing
}

func choosePart(second bool, a, b *TargetSpec) *TargetSpec {
	if second {
		return b
	}
	return a
}

func part[T any](list []T, no, yes *[]T, match func(*T) bool) {
	for i := range list {
		if match(&list[i]) {
			*yes = append(*yes, list[i])
		} else {
			*no = append(*no, list[i])
		}
	}
}

// A fileWriter writes YAML in one style.
type fileWriter struct {
	b        []byte
	notes    map[string]string
	final    []string
	rule     string // that is being written
	problems []error
}

func (w *fileWriter) fail(format string, args ...any) {
	w.problems = append(w.problems, &Problem{Rule: w.rule, Message: fmt.Sprintf(format, args...)})
}

func (w *fileWriter) indent(depth int) {
	for range depth {
		w.b = append(w.b, "  "...)
	}
}

// key begins a section.
func (w *fileWriter) key(depth int, name string) {
	w.indent(depth)
	w.b = append(w.b, scalar(name)...)
	w.b = append(w.b, ":\n"...)
}

func (w *fileWriter) line(depth int, name, value string) {
	w.indent(depth)
	w.b = append(w.b, scalar(name)...)
	w.b = append(w.b, ": "...)
	w.b = append(w.b, scalar(value)...)
	w.b = append(w.b, '\n')
}

// text writes a key whose value is not empty.
func (w *fileWriter) text(depth int, name, value string) {
	if value != "" {
		w.line(depth, name, value)
	}
}

func (w *fileWriter) texts(depth int, name string, list []string) {
	if len(list) == 0 {
		return
	}
	w.indent(depth)
	w.b = append(w.b, name...)
	w.b = append(w.b, ": "...)
	w.b = appendFlow(w.b, list)
	w.b = append(w.b, '\n')
}

// textsOrNone is texts where an empty list is none, and nil is left out.
func (w *fileWriter) textsOrNone(depth int, name string, list []string) {
	if list != nil && len(list) == 0 {
		w.indent(depth)
		w.b = append(w.b, name+": "+noneWord+"\n"...)
	}
	w.texts(depth, name, list)
}

func (w *fileWriter) flag(depth int, name string, on bool) {
	if on {
		w.indent(depth)
		w.b = append(w.b, name...)
		w.b = append(w.b, ": true\n"...)
	}
}

func (w *fileWriter) number(depth int, name string, n int) {
	w.indent(depth)
	w.b = append(w.b, name+": "+itoa(n)+"\n"...)
}

func (w *fileWriter) days(depth int, name string, n int) {
	if n != 0 {
		w.line(depth, name, itoa(n)+"d")
	}
}

// cond writes a condition that is there.
func (w *fileWriter) cond(depth int, name string, c Cond) {
	if c.node != nil {
		w.line(depth, name, c.String())
	}
}

// needs writes a condition that has to be there.
func (w *fileWriter) needs(depth int, name string, c Cond) {
	if c.node == nil {
		w.fail("%s is not set", name)
	}
	w.cond(depth, name, c)
}

func (w *fileWriter) value(depth int, name string, v Value) {
	if v == nil {
		return
	}
	w.line(depth, name, written(v))
}

// written is a value as rule files have it.
func written(v Value) string {
	if v == nil {
		return shown(nil)
	}
	return shown(v.value())
}

// remarks writes the note of a rule, and that it is final.
func (w *fileWriter) remarks(depth int, id string) {
	w.text(depth, "note", w.notes[id])
	w.flag(depth, "final", slices.Contains(w.final, id))
}

// item writes a rule of a list: body writes its keys, and the first gets the dash.
func (w *fileWriter) item(depth int, id string, body func(depth int)) {
	w.rule = id
	from := len(w.b)
	body(depth + 1)
	if at := from + 2*depth; at+1 < len(w.b) {
		w.b[at] = '-'
	}
}

// scalar writes a text so that it is read as that very text.
func scalar(text string) string {
	if isPlain(text) {
		return text
	}
	for _, r := range text {
		if r < 0x20 || r == 0x7f || 0x80 <= r && r < 0xa0 || r == '\u2028' || r == '\u2029' || r == '\ufeff' {
			return doubleQuoted(text)
		}
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}

// doubleQuoted writes a text with the escapes of YAML.
func doubleQuoted(text string) string {
	return string(appendQuoted(nil, text, func(r rune) bool {
		return r >= 0x20 && (r < 0x7f || 0xa0 <= r) && r != '\u2028' && r != '\u2029' && r != '\ufeff'
	}))
}

// isPlain reports whether a text needs no quotes in a block of YAML.
func isPlain(text string) bool {
	if text == "" || strings.HasSuffix(text, ":") || strings.HasSuffix(text, " ") ||
		strings.Contains(text, ": ") || strings.Contains(text, " #") {
		return false
	}
	switch strings.ToLower(text) {
	case "null", "true", "false", "yes", "no", "on", "off", "y", "n", "none", "never":
		return false
	}
	for i, r := range text {
		letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r > 0xa0
		digit := '0' <= r && r <= '9'
		if i == 0 && !letter && !digit || r < 0x20 || 0x7f <= r && r <= 0xa0 || r == '\u2028' || r == '\u2029' || r == '\ufeff' {
			return false
		}
	}
	return true
}

// appendFlow writes a list on one line, with quotes where commas and brackets
// would mislead.
func appendFlow(b []byte, list []string) []byte {
	b = append(b, '[')
	for i, text := range list {
		if i > 0 {
			b = append(b, ", "...)
		}
		s := scalar(text)
		if s == text && strings.ContainsAny(text, ",[]{}") {
			s = "'" + strings.ReplaceAll(text, "'", "''") + "'"
		}
		b = append(b, s...)
	}
	return append(b, ']')
}

func strengthWord(s target.Strength) string {
	switch s {
	case target.CreateOnly:
		return "create"
	case target.IfEmpty:
		return "if_empty"
	default:
		return ""
	}
}
