// Package words gives the constants of a closed list their text forms.
//
// A list has the words in the order of the constants, from 0. Words are stored
// and compared: they do not change. Every function leaves the list alone.
package words

import (
	"fmt"
	"slices"
)

// String returns the word of a constant, and for a value outside the list its
// type and number, such as "State(9)".
func String[T ~uint8](v T, kind string, list []string) string {
	if int(v) < len(list) {
		return list[v]
	}
	return fmt.Sprintf("%s(%d)", kind, v)
}

// Marshal returns the word of a constant; a value outside the list is an error.
func Marshal[T ~uint8](v T, kind string, list []string) ([]byte, error) {
	if int(v) < len(list) {
		return []byte(list[v]), nil
	}
	return nil, fmt.Errorf("%s %d is not in the list %q", kind, v, list)
}

// Unmarshal sets the constant that has this word. A word outside the list is an
// error and leaves v as it is.
func Unmarshal[T ~uint8](v *T, kind string, list []string, word []byte) error {
	i := slices.Index(list, string(word))
	if i < 0 {
		return fmt.Errorf("%s %q is not in the list %q", kind, word, list)
	}
	*v = T(i)
	return nil
}
