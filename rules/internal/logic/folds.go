package logic

import "strings"

// maxFolded is how many letters of a word are tried in both cases.
const maxFolded = 10

// chooseFolded looks for a spelling of word that meets all comparisons of a field.
// Of a long word it does not try every spelling, and gives up if none of those that
// it tries fits.
func (s *search) chooseFolded(name, word string) (value Value, ok bool) {
	try := func(text string) bool {
		value = Value{Kind: TextValue, Text: text}
		return !value.missing() && s.fits(name, &value)
	}
	spelt := word
	for _, l := range s.lits {
		if l.node.name != name || l.allow&no != 0 {
			continue
		}
		if !l.node.couldFold(word) {
			return Value{}, false
		}
		switch part := l.node.text(); l.node.op {
		case opPrefix:
			spelt = part + spelt[len(part):]
		case opSuffix:
			spelt = spelt[:len(spelt)-len(part)] + part
		case opContains:
			i := strings.Index(fold(word), fold(part))
			spelt = spelt[:i] + part + spelt[i+len(part):]
		default: // in any case
		}
	}
	if try(spelt) || try(upper(word)) || try(fold(word)) {
		return value, true
	}
	var letters []int
	for i := range len(word) {
		if upper(word[i:i+1]) != fold(word[i:i+1]) {
			letters = append(letters, i)
		}
	}
	for set := range 1 << min(len(letters), maxFolded) {
		text := []byte(fold(word))
		for n, i := range letters {
			if set>>n&1 != 0 {
				text[i] = upper(word)[i]
			}
		}
		if try(string(text)) {
			return value, true
		}
	}
	s.work -= 1 << min(len(letters), maxFolded)
	s.gaveUp = s.gaveUp || len(letters) > maxFolded
	return Value{}, false
}

// couldFold reports whether a comparison that must hold can hold for any spelling
// of word.
func (n *node) couldFold(word string) bool {
	switch n.op {
	case opEqualFold:
		return fold(word) == fold(n.text())
	case opPrefix:
		return strings.HasPrefix(fold(word), fold(n.text()))
	case opSuffix:
		return strings.HasSuffix(fold(word), fold(n.text()))
	case opContains:
		return strings.Contains(fold(word), fold(n.text()))
	default:
		return true
	}
}

// fold returns a text with the letters A to Z in lower case, and no others: the
// folding of rules, which is not that of Unicode.
func fold(text string) string { return shift(text, 'A', 'a') }

// upper is the opposite of fold.
func upper(text string) string { return shift(text, 'a', 'A') }

// shift moves the 26 letters that begin at from to those that begin at to.
func shift(text string, from, to byte) string {
	if strings.IndexFunc(text, func(r rune) bool { return rune(from) <= r && r < rune(from)+26 }) < 0 {
		return text
	}
	out := []byte(text)
	for i, c := range out {
		if from <= c && c < from+26 {
			out[i] = c - from + to
		}
	}
	return string(out)
}
