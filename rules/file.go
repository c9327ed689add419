package rules

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/words"
	"github.com/provision-go/provision/rules/internal/document"
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
	r := &fileReader{name: name, file: file, tables: keyTables(), said: make(map[Pos]bool, len(problems))}
	r.spec = Spec{Notes: map[string]string{}, origin: newOrigin(file)}
	for _, p := range problems {
		text := p.Message
		if p.Hint != "" {
			text += "; " + p.Hint
		}
		r.failAt(Pos{name, p.Line, p.Column}, "", "%s", text)
	}
	for _, p := range problems {
		r.said[Pos{name, p.Line, p.Column}] = true
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
	cut      map[*document.Value]bool // values that a comma cut, which was said
	name     string
	file     *document.File
	tables   map[string]*keyTable
	spec     Spec
	said     map[Pos]bool    // where the text itself is wrong: an alias has no value
	strays   map[string]bool // keys at the left margin that belong into a rule
	replaces bool            // what is read takes the place of earlier rules
	current  string          // the rule that is read
}

func (r *fileReader) failAt(at Pos, hint, format string, args ...any) {
	if r.said[at] || r.full() {
		return
	}
	p := &Problem{Pos: at, Message: oneLine(fmt.Sprintf(format, args...)), Hint: oneLine(hint)}
	r.spec.origin.problems = append(r.spec.origin.problems, p)
}

// full reports whether there are so many problems that more of them are no use.
func (r *fileReader) full() bool { return len(r.spec.origin.problems) >= enoughProblems }

func (r *fileReader) fail(v *document.Value, hint, format string, args ...any) {
	r.failAt(r.pos(v), hint, format, args...)
}

func (r *fileReader) pos(v *document.Value) Pos { return Pos{r.name, v.Line, v.Column} }

// An object is a mapping of the file whose keys have been checked.
type object struct {
	r     *fileReader
	at    *document.Value
	table *keyTable
	odd   bool // it has keys that it must not have
}

// object checks the keys of a mapping; nil if it is none, which is then reported.
func (r *fileReader) object(v *document.Value, table string) *object {
	t := r.tables[table]
	if v.Kind != document.Mapping {
		r.noObject(v, table)
		return nil
	}
	o := &object{r: r, at: v, table: t}
	meant := map[string]bool{} // keys that unknown ones were meant to be
	for i := range v.Pairs {
		p := &v.Pairs[i]
		if t.find(p.Key.Text) == nil && r.cutByComma(v, i) {
			continue
		}
		if t.find(p.Key.Text) == nil {
			near := r.unknownKey(o, p)
			meant[near] = true
			o.odd = o.odd || near == ""
		}
	}
	for i := range t.keys {
		k := &t.keys[i]
		if k.needed && k.name != "rules" && o.get(k.name) == nil && !meant[k.name] && !o.odd && !r.strays[k.name] {
			r.fail(v, "", "%s needs %s: %s", t.what, k.name, lowerFirst(k.doc))
		}
	}
	o.odd = o.odd || len(meant) > 0
	return o
}

// cutByComma reports a value that a comma ended too early, as in
// {to: coalesce(a, b)}: what comes behind the comma is a key without a value then.
func (r *fileReader) cutByComma(v *document.Value, i int) bool {
	if i == 0 || v.Pairs[i].Value.Kind != document.Null {
		return false
	}
	from := i - 1
	for from > 0 && v.Pairs[from].Value.Kind == document.Null {
		from--
	}
	value := v.Pairs[from].Value
	if !unclosed(value) {
		return false
	}
	if !r.cut[value] {
		r.cutAt(value, "{ }")
	}
	return true
}

func (r *fileReader) cutAt(v *document.Value, brackets string) {
	if r.cut == nil {
		r.cut = map[*document.Value]bool{}
	}
	r.cut[v] = true
	r.fail(v, "", "a comma ends the value within %s: put the whole value in single quotes, or write it on a line of its own", brackets)
}

// unclosed reports whether a bracket of a text without quotes is still open.
func unclosed(v *document.Value) bool {
	return v.Kind == document.Scalar && !v.Quoted && strings.Count(v.Text, "(") > strings.Count(v.Text, ")")
}

// unknownKey reports a key and returns the one that was meant, if that is clear.
func (r *fileReader) unknownKey(o *object, p *document.Pair) string {
	var free []string
	for _, name := range o.table.names() {
		if o.get(name) == nil {
			free = append(free, name)
		}
	}
	word, near := p.Key.Text, ""
	for _, same := range meantBy(word) {
		if near == "" && slices.Contains(free, same) {
			near = same
		}
	}
	if near == "" {
		near = words.Nearest(word, free)
	}
	switch {
	case r.strays[word]:
		r.fail(&p.Key, "", "%s belongs into a rule: indent it like the other keys of the rule", word)
		return word
	case near == "":
		r.fail(&p.Key, "", "unknown key %q in %s, which has %s", word, o.table.what, allOf(o.table.names()))
	default:
		r.fail(&p.Key, near, "unknown key %q in %s", word, o.table.what)
	}
	return near
}

func lowerFirst(text string) string {
	return strings.ToLower(text[:1]) + strings.TrimSuffix(text[1:], ".")
}

// get returns what stands behind a key, nil if the key is not there.
func (o *object) get(name string) *document.Value { return behind(o.at, name) }

// behind returns what stands behind a key of a mapping, nil if the key is not there.
func behind(v *document.Value, key string) *document.Value {
	for i := range v.Pairs {
		if v.Pairs[i].Key.Text == key {
			return v.Pairs[i].Value
		}
	}
	return nil
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
			r.noList(v, name, table)
			r.lacks(name)
			return
		}
		outer := r.current
		for _, item := range v.Items {
			before := len(r.spec.origin.problems)
			r.current = outer
			o := r.object(item, table)
			if o == nil {
				r.lacks(name)
			} else if !yield(o) {
				return
			}
			r.broken(before)
		}
		r.current = outer
	}
}

// rules reads a section that is a list of rules.
func (o *object) rules(name string) iter.Seq[*object] {
	o.r.current = ""
	return o.list(name)
}

// filled is list for one that must not be empty.
func (o *object) filled(name string) iter.Seq[*object] {
	if v := o.get(name); v != nil && v.Kind == document.Sequence && len(v.Items) == 0 {
		o.r.fail(v, "", "%s is an empty list: write at least one entry", name)
	}
	return o.list(name)
}

// lacks notes that a section could not be read as a whole: what refers to it cannot
// be checked.
func (r *fileReader) lacks(section string) { r.spec.origin.lacks[section] = true }

// broken notes that the rule that was just read has problems: what follows from
// them need not be said as well.
func (r *fileReader) broken(before int) {
	if len(r.spec.origin.problems) > before && r.current != "" {
		r.spec.origin.broken[r.current] = true
	}
}
