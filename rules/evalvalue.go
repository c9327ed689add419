package rules

import (
	"slices"
	"strings"
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
	case opFunc:
		if n.fn.text != nil {
			return n.fn.text(v, n.args)
		}
	case opIf:
		return v.choose(n)
	case opSwitch:
		return v.switched(n)
	case opLookup:
		return n.look.text(v)
	case opCallText:
		return n.call.value(v)
	case opCounter:
		return v.counter()
	}
	return ""
}

func (v view) choose(n *node) string {
	switch v.truth(n.args[0]) {
	case Yes:
		return v.text(n.args[1])
	case No:
		return v.text(n.args[2])
	default:
		return ""
	}
}

func (v view) switched(n *node) string {
	text := v.text(n.args[0])
	if text == "" {
		return ""
	}
	if i := slices.Index(n.list, text); i >= 0 {
		return v.text(n.args[i+1])
	}
	if len(n.args) > len(n.list)+1 {
		return v.text(n.args[len(n.args)-1])
	}
	return ""
}

func (v view) fieldText(n *node) string {
	if n.ref.slot == 0 {
		return v.read(n)
	}
	return v.remember(n).text
}

// remember reads a field that the memo keeps, once.
func (v view) remember(n *node) *remembered {
	m := &v.memo.fields[n.ref.slot-1]
	if !m.known {
		m.known = true
		if n.ref.kind != kindInt {
			m.text = v.read(n)
		} else if text := v.customText(n.ref); text != "" {
			if number, ok := parseInt(text); ok {
				m.text, m.number = text, number
			}
		}
	}
	return m
}

// read is fieldText without the memo.
func (v view) read(n *node) string {
	switch {
	case n.ref.kind == kindInt:
		text := v.customText(n.ref)
		if _, ok := parseInt(text); !ok {
			return ""
		}
		return text
	case n.ref.custom && n.ref.kind != source.FieldDate:
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

// join writes texts one after the other; of a list every text.
func (v view) join(n *node) string {
	var b strings.Builder
	for i, arg := range n.args {
		texts, one := []string(nil), ""
		if arg.isList() {
			texts, _ = v.values(arg)
			one = strings.Join(texts, n.list[0])
		} else {
			one = v.text(arg)
		}
		if one == "" {
			return ""
		}
		if i > 0 {
			b.WriteString(n.list[0])
		}
		b.WriteString(one)
	}
	return b.String()
}

// values evaluates any value to texts and says whether they are known. A list
// can be known to be empty; a single text cannot.
func (v view) values(n *node) (texts []string, known bool) {
	switch {
	case n.op == opField && n.ref.kind == source.FieldList:
		return v.list(n.ref)
	case n.op == opFunc && n.fn.list:
		return v.listOf(n)
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
	v.absent(n, m)
	if len(m.names) > before {
		return
	}
	for _, f := range n.fields(nil) {
		m.add(f.ref.name)
	}
}

// absent adds the missing fields below a part that comes to nothing.
func (v view) absent(n *node, m *missingFields) {
	args := n.args
	switch n.op {
	case opField:
		if v.missing(n) {
			m.add(n.ref.name)
		}
	case opIf:
		switch v.truth(args[0]) {
		case Yes:
			args = args[1:2]
		case No:
			args = args[2:]
		default:
			v.undecided(args[0], m)
			return
		}
	case opSwitch:
		if text := v.text(args[0]); text == "" {
			args = args[:1]
		} else if i := slices.Index(n.list, text); i >= 0 {
			args = args[i+1 : i+2]
		} else {
			args = args[len(n.list)+1:]
		}
	case opLookup:
		for i := range n.look.rows {
			cond := n.look.rows[i].cond
			if cond == nil {
				break
			}
			if t := v.truth(cond); t != No {
				v.undecided(cond, m)
				break
			}
		}
	case opCall, opCallText:
		args = n.call.inputs
	}
	for _, arg := range args {
		if _, known := v.values(arg); !known {
			v.absent(arg, m)
		}
	}
}

// undecided adds every missing field that leaves a condition undecided. Parts
// of the condition that are decided do not count.
func (v view) undecided(n *node, m *missingFields) {
	if v.truth(n) != Undecided {
		return
	}
	switch {
	case n.rows != nil:
		v.undecidedRows(n.rows, len(n.args), m)
	case n.op == opAll, n.op == opAny, n.op == opNot:
		for _, arg := range n.args {
			v.undecided(arg, m)
		}
	default:
		v.lacking(n, m)
	}
}
