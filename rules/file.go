package rules

import (
	"fmt"
	"iter"
	"strings"

	"github.com/provision-go/provision/internal/words"
	"github.com/provision-go/provision/rules/internal/document"
	"github.com/provision-go/provision/rules/internal/syntax"
)

// File reads a rule file: YAML, or JSON, which is a part of it. The name is what
// problems name it by. What is wrong in it is told by [Build], along with
// everything else, each part with its place; a file never half applies.
//
// Scalars are what is written there: NO is a text, and so is 0123. Unknown keys,
// keys that stand twice, anchors, aliases, merge keys, tags and several documents
// in one file are refused. The JSON Schema of the format for editors is
// rules.schema.json beside this package: see [Schema].
func File(name string, data []byte) Spec {
	file, root, problems := document.Read(name, data)
	r := &fileReader{
		name: name, file: file, tables: keyTables(),
		spec: Spec{Notes: map[string]string{}, origin: &origin{file: file, at: map[string]Pos{}, broken: map[string]bool{}}},
	}
	for _, p := range problems {
		text := p.Message
		if p.Hint != "" {
			text += "; " + p.Hint
		}
		r.failAt(Pos{name, p.Line, p.Column}, "", "%s", text)
	}
	if root != nil {
		r.read(root)
	} else {
		r.spec.origin.unread = true
	}
	if len(r.spec.Notes) == 0 {
		r.spec.Notes = nil
	}
	return r.spec
}

// A fileReader turns the tree of a rule file into a Spec.
type fileReader struct {
	name     string
	file     *document.File
	tables   map[string]*keyTable
	spec     Spec
	replaces bool   // what is read takes the place of earlier rules
	current  string // the rule that is read
}

func (r *fileReader) failAt(at Pos, hint, format string, args ...any) {
	p := &Problem{Pos: at, Message: fmt.Sprintf(format, args...), Hint: hint}
	r.spec.origin.problems = append(r.spec.origin.problems, p.withExcerpt(r.file))
}

func (r *fileReader) fail(v *document.Value, hint, format string, args ...any) {
	r.failAt(r.pos(v), hint, format, args...)
}

func (r *fileReader) pos(v *document.Value) Pos { return Pos{r.name, v.Line, v.Column} }

// An object is a mapping of the file whose keys have been checked.
type object struct {
	r     *fileReader
	at    *document.Value
	table *keyTable
}

// object checks the keys of a mapping; nil if it is none, which is then reported.
func (r *fileReader) object(v *document.Value, table string) *object {
	t := r.tables[table]
	if v.Kind != document.Mapping {
		r.fail(v, "", "%s is a mapping with keys such as %s, not %s", t.what, keysOf(t), kindOf(v))
		return nil
	}
	o := &object{r, v, t}
	for i := range v.Pairs {
		p := &v.Pairs[i]
		if t.find(p.Key.Text) == nil {
			r.fail(&p.Key, words.Nearest(p.Key.Text, t.names()), "unknown key %q in %s", p.Key.Text, t.what)
		}
	}
	for i := range t.keys {
		if k := &t.keys[i]; k.needed && o.get(k.name) == nil {
			r.fail(v, "", "%s needs %s: %s", t.what, k.name, lowerFirst(k.doc))
		}
	}
	return o
}

func lowerFirst(text string) string {
	return strings.ToLower(text[:1]) + strings.TrimSuffix(text[1:], ".")
}

// keysOf lists the first keys of a table, for messages.
func keysOf(t *keyTable) string {
	names := t.names()
	return strings.Join(names[:min(3, len(names))], ", ")
}

// kindOf says what stands somewhere.
func kindOf(v *document.Value) string {
	switch v.Kind {
	case document.Mapping:
		return "a mapping"
	case document.Sequence:
		return "a list"
	case document.Null:
		return "nothing"
	default:
		return "a text"
	}
}

// get returns what stands behind a key, nil if the key is not there.
func (o *object) get(name string) *document.Value {
	for i := range o.at.Pairs {
		if o.at.Pairs[i].Key.Text == name {
			return o.at.Pairs[i].Value
		}
	}
	return nil
}

// text reads a text, "" if the key is not there.
func (o *object) text(name string) string {
	v := o.get(name)
	if v == nil {
		return ""
	}
	return o.r.text(v, name)
}

func (r *fileReader) text(v *document.Value, name string) string {
	if v.Kind != document.Scalar {
		r.fail(v, "", "%s has to be a text, not %s", name, kindOf(v))
		return ""
	}
	if v.Text == "" {
		r.fail(v, "", "%s is empty", name)
	}
	return v.Text
}

// texts reads a list of texts; one text is a list of one.
func (o *object) texts(name string) []string {
	v := o.get(name)
	if v == nil {
		return nil
	}
	return o.r.texts(v, name)
}

func (r *fileReader) texts(v *document.Value, name string) []string {
	if v.Kind == document.Scalar {
		return []string{r.text(v, name)}
	}
	if v.Kind != document.Sequence {
		r.fail(v, "", "%s has to be a list of texts, not %s", name, kindOf(v))
		return nil
	}
	if len(v.Items) == 0 {
		r.fail(v, "", "%s is an empty list: leave it out", name)
	}
	out := make([]string, 0, len(v.Items))
	for _, item := range v.Items {
		out = append(out, r.text(item, name))
	}
	return out
}

// cond reads a condition, the zero Cond if the key is not there.
func (o *object) cond(name string) Cond {
	v := o.get(name)
	if v == nil {
		return Cond{}
	}
	return o.r.cond(v, name)
}

func (r *fileReader) cond(v *document.Value, name string) Cond { return Cond{r.raw(v, name)} }

// raw reads an expression. Which fields there are is not known yet.
func (r *fileReader) raw(v *document.Value, name string) *node {
	at := r.pos(v)
	if v.Kind != document.Scalar {
		r.fail(v, "", "%s has to be an expression, not %s", name, kindOf(v))
		return &node{op: opBad, at: at}
	}
	tree, problems := syntax.Parse(v.Text)
	for _, p := range problems {
		line, column := v.At(p.Pos)
		r.failAt(Pos{r.name, line, column}, p.Hint, "%s", p.Message)
	}
	if tree == nil {
		return &node{op: opBad, at: at}
	}
	return &node{op: opRaw, at: at, raw: &rawExpr{v.Text, tree, r.name, v}}
}

// value reads a value, nil if the key is not there.
func (o *object) value(name string) Value {
	v := o.get(name)
	if v == nil {
		return nil
	}
	return expr{o.r.raw(v, name)}
}

// flag reads true or false.
func (o *object) flag(name string) bool {
	v := o.get(name)
	if v == nil {
		return false
	}
	if v.Kind != document.Scalar || v.Text != "true" && v.Text != "false" {
		o.r.fail(v, "", "%s has to be true or false", name)
		return false
	}
	return v.Text == "true"
}

// word reads one of the words of the key and returns its number, 0 if the key is
// not there.
func (o *object) word(name string) int {
	v := o.get(name)
	if v == nil {
		return 0
	}
	return o.r.word(v, o.table.find(name))
}

func (r *fileReader) word(v *document.Value, k *key) int {
	for i, w := range k.words {
		if v.Kind == document.Scalar && v.Text == w {
			return i
		}
	}
	if v.Kind != document.Scalar {
		r.fail(v, "", "%s has to be %s, not %s", k.name, anyOf(k.words), kindOf(v))
	} else {
		r.fail(v, words.Nearest(v.Text, k.words), "%s: %q does not exist; want %s", k.name, v.Text, anyOf(k.words))
	}
	return 0
}

// anyOf writes words as "a, b or c".
func anyOf(list []string) string {
	if len(list) == 1 {
		return list[0]
	}
	return strings.Join(list[:len(list)-1], ", ") + " or " + list[len(list)-1]
}

// whole reads a whole number.
func (o *object) whole(name string) int {
	v := o.get(name)
	if v == nil {
		return 0
	}
	n, ok := parseInt(v.Text)
	if v.Kind != document.Scalar || !ok {
		o.r.fail(v, "", "%s has to be a whole number", name)
	}
	return n
}

// days reads a number of days such as 14d or 2w.
func (o *object) days(name string) int {
	v := o.get(name)
	if v == nil {
		return 0
	}
	n, ok := parseDays(v.Text)
	switch {
	case v.Kind != document.Scalar || !ok:
		hint := ""
		if _, number := parseInt(v.Text); number {
			hint = v.Text + "d"
		}
		o.r.fail(v, hint, "%s has to be a number of days or weeks, such as 14d or 2w", name)
	case n > maxDays:
		o.r.fail(v, "", "%s: %d days is more than a hundred years", name, n)
	}
	return n
}

func parseDays(text string) (int, bool) {
	number, unit := strings.TrimSuffix(text, "w"), 7
	if number == text {
		number, unit = strings.TrimSuffix(text, "d"), 1
	}
	n, ok := parseInt(number)
	return n * unit, ok && number != text && n >= 0 && n <= 1<<20
}

// list reads a list of objects.
func (o *object) list(name string) iter.Seq[*object] {
	v := o.get(name)
	if v == nil {
		return func(func(*object) bool) {}
	}
	return o.r.list(v, name, o.table.find(name).of)
}

func (r *fileReader) list(v *document.Value, name, table string) iter.Seq[*object] {
	return func(yield func(*object) bool) {
		if v.Kind != document.Sequence {
			r.fail(v, "", "%s has to be a list (each entry begins with a dash), not %s", name, kindOf(v))
			return
		}
		for _, item := range v.Items {
			before := len(r.spec.origin.problems)
			o := r.object(item, table)
			if o != nil && !yield(o) {
				return
			}
			r.broken(before)
		}
	}
}

// broken notes that the rule that was just read has problems: what follows from
// them need not be said as well.
func (r *fileReader) broken(before int) {
	if len(r.spec.origin.problems) > before && r.current != "" {
		r.spec.origin.broken[r.current] = true
	}
}
