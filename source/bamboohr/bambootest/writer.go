package bambootest

import (
	"encoding/json"
	"strconv"
)

// A writer appends JSON. Pages of thousands of people are not worth a tree of
// values first.
type writer struct{ bytes []byte }

func (w *writer) raw(text string) *writer {
	w.bytes = append(w.bytes, text...)
	return w
}

// separate writes the comma before every element but the first.
func (w *writer) separate(n int) *writer {
	if n > 0 {
		w.raw(",")
	}
	return w
}

func (w *writer) text(text string) *writer { return w.value(text) }

func (w *writer) value(v any) *writer {
	encoded, err := json.Marshal(v)
	if err != nil {
		encoded = []byte("null") // a value of a test that JSON does not have
	}
	w.bytes = append(w.bytes, encoded...)
	return w
}

func itoa(n int) string { return strconv.Itoa(n) }
