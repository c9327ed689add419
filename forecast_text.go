package provision

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Format writes the forecast for people to read, day by day: each day is the one where
// the person works, and each line begins with the time there. What does not print is
// escaped. The only error is that of w.
func (f *Forecast) Format(w io.Writer) error {
	var b bytes.Buffer
	if len(f.Events) == 0 {
		b.WriteString("nothing is to come\n")
	}
	width := [4]int{}
	for i := range f.Events {
		for n, cell := range f.Events[i].cells() {
			width[n] = max(width[n], utf8.RuneCountInString(cell))
		}
	}
	for i := range f.Events {
		e := &f.Events[i]
		if i == 0 || f.Events[i-1].Day != e.Day {
			if i > 0 {
				b.WriteByte('\n')
			}
			fmt.Fprintf(&b, "%s %s\n", e.Day, e.At.Weekday())
		}
		cells := e.cells()
		line := "  " + e.At.Format("15:04 -07:00") + padded(cells[:], width[:]) + "  " + printable(e.text())
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	for _, u := range f.Unread {
		fmt.Fprintf(&b, "%s: not read, so nothing is said about it: %s\n", printable(u.Target), printable(fmt.Sprint(u.Err)))
	}
	_, err := w.Write(b.Bytes())
	return err
}

// String returns the text of Format.
func (f *Forecast) String() string {
	var b bytes.Buffer
	_ = f.Format(&b) // a buffer takes everything
	return b.String()
}

// padded writes cells as columns, with two spaces before each.
func padded(cells []string, width []int) string {
	var b strings.Builder
	for n, cell := range cells {
		fmt.Fprintf(&b, "  %-*s", width[n], cell)
	}
	return b.String()
}

func (e *ForecastEvent) cells() [4]string {
	return [4]string{e.Kind.String(), printable(e.Target), printable(e.Label), printable(e.Key.String())}
}

// text is what a line says at its end.
func (e *ForecastEvent) text() string {
	var parts []string
	if len(e.Entitlements) > 0 {
		names := make([]string, len(e.Entitlements))
		for i := range e.Entitlements {
			names[i] = e.Entitlements[i].String()
		}
		parts = append(parts, strings.Join(names, ", "))
	}
	if !e.Until.IsZero() {
		parts = append(parts, "kept until "+e.Until.Format("2006-01-02 15:04 -07:00"))
	}
	if e.Exception {
		parts = append(parts, "an exception ends")
	}
	return strings.Join(append(parts, e.Why...), "; ")
}

// MarshalJSON writes the forecast as data, "format": 1, with what the targets that
// could not be read said.
func (f *Forecast) MarshalJSON() ([]byte, error) {
	type plain Forecast
	type unread struct {
		Target string `json:"target"`
		Error  string `json:"error"`
	}
	list := make([]unread, 0, len(f.Unread))
	for _, u := range f.Unread {
		list = append(list, unread{u.Target, fmt.Sprint(u.Err)})
	}
	return json.Marshal(struct {
		Format int `json:"format"`
		*plain
		Unread []unread `json:"unread,omitempty"`
	}{1, (*plain)(f), list})
}
