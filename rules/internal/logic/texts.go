package logic

import (
	"slices"
	"strings"
)

// chooseText returns a text that meets all comparisons of a field. It tries the
// vocabulary if there is one, otherwise the values of an equality if there is one,
// otherwise the spellings of a word if it must be one, otherwise a text that is
// made for the purpose.
func (s *search) chooseText(v *variable) (value Value, ok bool) {
	candidates, listed := v.words, v.words != nil
	for _, l := range s.lits {
		if !listed && l.node.op == opOneOf && l.node.name == v.name && l.allow&no == 0 {
			candidates, listed = l.node.texts, true
		}
	}
	if !listed {
		for _, l := range s.lits {
			if l.node.op == opEqualFold && l.node.name == v.name && l.allow&no == 0 {
				return s.chooseFolded(v.name, l.node.text())
			}
		}
		return s.makeText(v.name)
	}
	for _, text := range candidates {
		value = Value{Kind: TextValue, Text: text}
		if !value.missing() && s.fits(v.name, &value) {
			return value, true
		}
	}
	return Value{}, false
}

// makeText makes a text of what must be in it: the longest prefix, the parts and
// the longest suffix, with a character between them that occurs in no constant.
//
// If this text does not fit, none does. A prefix that it must have and has not
// contradicts the longest one, and so with suffixes. It equals no constant, in
// either case. A text
// that it must not have, be it at the beginning, at the end or anywhere, does not
// contain the character, so it lies within one of the pieces, which every text
// that fits has in that very place.
func (s *search) makeText(name string) (value Value, ok bool) {
	var prefix, suffix string
	var parts []string
	for _, l := range s.lits {
		if l.node.name != name || l.allow&no != 0 {
			continue
		}
		switch l.node.op {
		case opPrefix:
			prefix = longer(prefix, l.node.text())
		case opSuffix:
			suffix = longer(suffix, l.node.text())
		case opContains:
			parts = append(parts, l.node.text())
		default: // nothing that must be in it
		}
	}
	// Texts that read better, if they do.
	for _, text := range append([]string{prefix, suffix, prefix + suffix, "other"}, parts...) {
		value = Value{Kind: TextValue, Text: text}
		if !value.missing() && s.fits(name, &value) {
			return value, true
		}
	}
	unused := s.unused(name)
	text := strings.Join(append(append([]string{prefix}, parts...), suffix), unused)
	value = Value{Kind: TextValue, Text: text}
	ok = s.fits(name, &value)
	return value, ok
}

func longer(a, b string) string {
	if len(b) > len(a) {
		return b
	}
	return a
}

// unused returns a character that occurs in no constant of a field, in either case.
func (s *search) unused(name string) string {
	for _, usual := range [...]string{"-", "_", "x", "z"} {
		if !s.occurs(name, usual) {
			return usual
		}
	}
	r := 'a'
	for s.occurs(name, string(r)) {
		r++
	}
	return string(r)
}

func (s *search) occurs(name, text string) bool {
	return slices.ContainsFunc(s.lits, func(l goal) bool {
		return l.node.name == name && slices.ContainsFunc(l.node.texts, func(constant string) bool {
			return strings.Contains(fold(constant), fold(text))
		})
	})
}
