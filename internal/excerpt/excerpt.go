// Package excerpt shortens values for errors and findings. Messages go to logs and
// to people: they show enough to find the value, not the whole of it.
package excerpt

import "unicode/utf8"

// limit is how many bytes of a value are shown.
const limit = 40

// Of returns the beginning of a text, and no part of a character. What is no valid
// UTF-8 may come out empty.
func Of(s string) string {
	if len(s) <= limit {
		return s
	}
	cut := limit
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}
