package syntax_test

import "testing"

// FuzzParse: every text is a tree whose nodes lie within each other, or a problem
// that can be read.
func FuzzParse(f *testing.F) {
	for _, text := range typical {
		f.Add(text)
	}
	for _, m := range mistakes {
		f.Add(m.text)
	}
	f.Fuzz(func(t *testing.T, text string) { sound(t, text) })
}
