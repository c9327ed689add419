package rules

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// A view is what conditions and values can see: one person on one day.
type view struct {
	id     *source.Identity
	day    source.Date // AsOf
	memo   *memo
	number int // what a counter stands for, 0 for none
}

func (v view) counter() string {
	if v.number == 0 {
		return ""
	}
	return itoa(v.number)
}

// truth evaluates a condition that Build has resolved.
func (v view) truth(n *node) Truth {
	switch n.op {
	case opEq: // the usual one first
		if n.slot == 0 {
			break
		}
		switch m := &v.memo.fields[n.slot-1]; {
		case !m.known:
		case m.text == "":
			return Undecided
		default:
			return yesIf(m.text == n.list[0])
		}
	case opConst:
		return Yes
	case opAll:
		result := Yes
		for _, arg := range n.args {
			if result = min(result, v.truth(arg)); result == No {
				return No
			}
		}
		return result
	case opAny:
		if n.rows != nil {
			return v.anyOf(n.rows, len(n.args))
		}
		result := No
		for _, arg := range n.args {
			if result = max(result, v.truth(arg)); result == Yes {
				return Yes
			}
		}
		return result
	case opNot:
		return -v.truth(n.args[0])
	case opMissing:
		return yesIf(v.missing(n.args[0]))
	case opDateEq, opDateLT, opDateLE:
		return v.dates(n)
	case opHas:
		return v.has(n.args[0], n.text())
	case opSame:
		return v.same(n)
	case opIntEq, opIntLT, opIntLE:
		return v.ints(n)
	case opCall:
		return n.call.truth(v)
	}
	return v.compare(n)
}

func yesIf(b bool) Truth {
	if b {
		return Yes
	}
	return No
}

// compare evaluates the comparisons of a text or a word with literals.
func (v view) compare(n *node) Truth {
	if n.mask != 0 {
		word := v.word(n.args[0].ref)
		if word == 0 {
			return Undecided
		}
		return yesIf(n.mask>>word&1 != 0)
	}
	text := v.text(n.args[0])
	if text == "" {
		return Undecided
	}
	switch n.op {
	case opEq:
		return yesIf(text == n.list[0])
	case opEqualFold:
		return yesIf(target.FoldEqual(text, n.list[0]))
	case opIn:
		return yesIf(slices.Contains(n.list, text))
	case opStartsWith:
		return yesIf(strings.HasPrefix(text, n.list[0]))
	case opEndsWith:
		return yesIf(strings.HasSuffix(text, n.list[0]))
	}
	return yesIf(strings.Contains(text, n.list[0])) // opContains
}

// word returns the number of a field over a closed vocabulary, 0 if missing. A
// number outside the vocabulary is not understood, hence missing.
func (v view) word(f *fieldRef) uint8 {
	var word uint8
	switch f.kind {
	case source.FieldStatus:
		word = uint8(v.id.Status)
	case source.FieldEmploymentType:
		word = uint8(v.id.EmploymentType)
	case source.FieldKind:
		word = uint8(v.id.Kind)
	default: // no vocabulary
	}
	if int(word) > len(f.words) {
		return 0
	}
	return word
}

// same compares two texts of the person.
func (v view) same(n *node) Truth {
	a, b := v.text(n.args[0]), v.text(n.args[1])
	if a == "" || b == "" {
		return Undecided
	}
	return yesIf(a == b)
}

func (v view) ints(n *node) Truth {
	a, known := v.int(n.args[0])
	b, also := v.int(n.args[1])
	if !known || !also {
		return Undecided
	}
	switch n.op {
	case opIntLT:
		return yesIf(a < b)
	case opIntLE:
		return yesIf(a <= b)
	}
	return yesIf(a == b)
}

// int evaluates a number and says whether it is known.
func (v view) int(n *node) (number int, known bool) {
	switch n.op {
	case opInt:
		return n.days, true
	case opCount:
		list, ok := v.values(n.args[0])
		return len(list), ok
	case opDaysBetween:
		from, to := v.date(n.args[0]), v.date(n.args[1])
		if from.IsZero() || to.IsZero() {
			return 0, false
		}
		return to.Sub(from) + n.args[1].days - n.args[0].days, true
	}
	if n.ref.slot > 0 {
		m := v.remember(n)
		return m.number, m.text != ""
	}
	return parseInt(v.customText(n.ref))
}

// parseInt reads a whole number of up to 15 digits: more than people count, and
// exact in every program that a file passes through.
func parseInt(text string) (number int, ok bool) {
	digits := strings.TrimPrefix(text, "-")
	if digits == "" || len(digits) > 15 {
		return 0, false
	}
	for _, c := range []byte(digits) {
		if c < '0' || c > '9' {
			return 0, false
		}
		number = number*10 + int(c-'0')
	}
	if len(digits) < len(text) {
		number = -number
	}
	return number, true
}

func (v view) dates(n *node) Truth {
	a, b := n.args[0], n.args[1]
	dayA, dayB := v.date(a), v.date(b)
	if dayA.IsZero() || dayB.IsZero() {
		return Undecided
	}
	distance := dayA.Compare(dayB)
	if a.days != b.days {
		distance = dayA.Sub(dayB) + a.days - b.days
	}
	switch n.op {
	case opDateLT:
		return yesIf(distance < 0)
	case opDateLE:
		return yesIf(distance <= 0)
	}
	return yesIf(distance == 0)
}

// date returns the day below a date node, without the days to be added: those
// are added to the distance, so that no sum can leave the calendar.
func (v view) date(n *node) source.Date {
	switch n.op {
	case opAsOf:
		return v.day
	case opDate:
		return n.day
	}
	if !n.ref.custom {
		return n.ref.spec.Date(v.id)
	}
	d, err := source.ParseDate(v.customText(n.ref))
	if err != nil {
		return source.Date{}
	}
	return d
}

func (v view) has(n *node, text string) Truth {
	f := n.ref
	if f != nil && f.groups { // the usual case, without building the list
		if v.id.Groups == nil {
			return Undecided
		}
		if v.unreadGroups() {
			return Undecided
		}
		for i := range v.id.Groups {
			g := &v.id.Groups[i]
			if g.Name == text || g.Name == "" && g.ID == text {
				return Yes
			}
		}
		return No
	}
	list, known := v.values(n)
	if !known {
		return Undecided
	}
	return yesIf(slices.Contains(list, text))
}

// unreadGroups reports whether the name of a group holds bytes that are no text.
func (v view) unreadGroups() bool {
	if v.memo.groups == groupsUnknown {
		v.memo.groups = groupsRead
		for i := range v.id.Groups {
			g := &v.id.Groups[i]
			if !utf8.ValidString(g.Name) || g.Name == "" && !utf8.ValidString(g.ID) {
				v.memo.groups = groupsUnread
			}
		}
	}
	return v.memo.groups == groupsUnread
}

// list returns the texts of a list field and whether the list is known. A list
// with bytes that are no text, or a word that nobody declared, is not.
func (v view) list(f *fieldRef) (list []string, known bool) {
	switch f.name {
	case string(Groups), string(GroupIDs):
		known = v.id.Groups != nil
	case string(AlternateIDs):
		known = v.id.AlternateIDs != nil
	default:
		known = v.id.Custom[f.key] != nil
	}
	list = f.spec.Values(v.id)
	for _, text := range list {
		if f.words != nil && !slices.Contains(f.words, text) || !utf8.ValidString(text) {
			return nil, false
		}
	}
	return list, known
}

// customText returns the text of a custom field, "" if it is missing, if there
// are several or if it is not in the declared vocabulary.
func (v view) customText(f *fieldRef) string {
	list := v.id.Custom[f.key]
	if len(list) != 1 {
		return ""
	}
	text := list[0]
	if f.kind == kindBool {
		text = target.Fold(text)
	}
	if f.words != nil && !slices.Contains(f.words, text) {
		return ""
	}
	return valid(text)
}

func (v view) missing(n *node) bool {
	switch n.op {
	case opCount, opDaysBetween:
		_, known := v.int(n)
		return !known
	case opField:
	default:
		_, known := v.values(n)
		return !known
	}
	switch n.ref.kind {
	case source.FieldList:
		_, known := v.list(n.ref)
		return !known
	case source.FieldDate:
		return v.date(n).IsZero()
	case source.FieldText, kindBool:
		return v.text(n) == ""
	case kindInt:
		_, known := v.int(n)
		return !known
	default:
		return v.word(n.ref) == 0
	}
}
