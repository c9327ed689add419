package rules

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// text evaluates a value that is a single text; "" means missing.
func (v view) text(n *node) string {
	switch n.op {
	case opText:
		return n.list[0]
	case opField:
		return v.fieldText(n)
	case opDate:
		return n.day.AddDays(n.days).String()
	case opFirst:
		for _, arg := range n.args {
			if text := v.text(arg); text != "" {
				return text
			}
		}
		return ""
	case opJoin:
		return v.join(n)
	}
	text := v.text(n.args[0])
	if text == "" {
		return ""
	}
	switch n.op {
	case opLower:
		return strings.Map(lower, text)
	case opUpper:
		return strings.Map(upper, text)
	case opTrim:
		return strings.TrimSpace(text)
	case opASCII:
		return ascii(text)
	case opSlug:
		return slug(text)
	}
	return firstRunes(text, n.days) // opLeft
}

// lower and upper are the Unicode tables, except that no letter becomes one of
// ASCII that was none: the Kelvin sign is not k, nor is a dotted capital I an i.
// Logins and addresses are compared by ASCII, and one person's must not become
// another's.
func lower(r rune) rune { return apart(r, unicode.ToLower(r)) }

func upper(r rune) rune { return apart(r, unicode.ToUpper(r)) }

func apart(r, mapped rune) rune {
	if r >= utf8.RuneSelf && mapped < utf8.RuneSelf {
		return r
	}
	return mapped
}

func (v view) fieldText(n *node) string {
	if n.ref.slot == 0 {
		return v.read(n)
	}
	m := &v.memo[n.ref.slot-1]
	if !m.known {
		m.text, m.known = v.read(n), true
	}
	return m.text
}

// read is fieldText without the memo.
func (v view) read(n *node) string {
	switch {
	case n.ref.custom && n.ref.kind == source.FieldText:
		return v.customText(n.ref)
	case n.ref.kind == source.FieldDate:
		return v.date(n).AddDays(n.days).String()
	case n.ref.name == string(Manager):
		return valid(target.Key{Identity: v.id.Manager.ID}.String())
	case n.ref.words != nil && v.word(n.ref) == 0:
		return "" // a number outside the vocabulary has no word
	}
	return valid(n.ref.spec.Text(v.id))
}

// valid returns the text, "" if its bytes are no text: nothing can be decided
// by them and no target could store them.
func valid(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	return ""
}

func (v view) join(n *node) string {
	var b strings.Builder
	for i, arg := range n.args {
		text := v.text(arg)
		if text == "" {
			return ""
		}
		if i > 0 {
			b.WriteString(n.list[0])
		}
		b.WriteString(text)
	}
	return b.String()
}

func firstRunes(text string, n int) string {
	for i := range text {
		if n == 0 {
			return text[:i]
		}
		n--
	}
	return text
}

// values evaluates any value to texts and says whether they are known. A list
// can be known to be empty; a single text cannot.
func (v view) values(n *node) (texts []string, known bool) {
	switch {
	case n.op == opField && n.ref.kind == source.FieldList:
		return v.list(n.ref)
	case n.op == opFirst:
		for _, arg := range n.args {
			if texts, known = v.values(arg); known {
				return texts, true
			}
		}
		return nil, false
	}
	if text := v.text(n); text != "" {
		return []string{text}, true
	}
	return nil, false
}

// lacking adds every field that a value is missing because of. Where every
// field is there but comes to nothing, such as a name that Slug cannot write,
// they all count.
func (v view) lacking(n *node, m *missingFields) {
	before := len(m.names)
	fields := n.fields(nil)
	for _, f := range fields {
		if v.missing(f) {
			m.add(f.ref.name)
		}
	}
	if len(m.names) > before {
		return
	}
	for _, f := range fields {
		m.add(f.ref.name)
	}
}

// undecided adds every missing field that leaves a condition undecided. Parts
// of the condition that are decided do not count.
func (v view) undecided(n *node, m *missingFields) {
	if v.truth(n) != Undecided {
		return
	}
	switch n.op {
	case opAll, opAny, opNot:
		for _, arg := range n.args {
			v.undecided(arg, m)
		}
	default:
		v.lacking(n, m)
	}
}
