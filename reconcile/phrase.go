package reconcile

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/provision-go/provision/target"
)

// accounts says what the accounts of the counted people are.
func (t *tally) accounts(one, many string) string {
	if t.count == 1 {
		return "the account of 1 person is " + one
	}
	return "the accounts of " + people(t.count) + " are " + many
}

// names lists the first people of a summary. One alone is named by the finding
// itself.
func names(t *tally) string {
	if t.count == 1 && !t.key.IsZero() {
		return ""
	}
	out := make([]string, 0, len(t.labels))
	for _, l := range t.labels {
		out = append(out, clean(l))
	}
	text := " (" + strings.Join(out, ", ")
	if t.count > len(t.labels) {
		text += " …"
	}
	return text + ")"
}

func people(n int) string { return plural(n, "person", "people") }

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// ids lists native ids, the first few if there are many.
func ids(accounts []*target.Account) string {
	out := make([]string, 0, shown)
	for i, a := range accounts {
		if i == shown {
			return strings.Join(out, ", ") + " …"
		}
		out = append(out, quote(a.ID))
	}
	if n := len(out); n > 1 {
		return strings.Join(out[:n-1], ", ") + " and " + out[n-1]
	}
	return strings.Join(out, "")
}

// keys lists the keys of people.
func keys(people []*target.Desired) string {
	out := make([]string, 0, shown)
	for i, d := range people {
		if i == shown {
			return strings.Join(out, ", ") + " …"
		}
		out = append(out, clean(d.Key.String()))
	}
	n := len(out)
	return strings.Join(out[:n-1], ", ") + " and " + out[n-1]
}

func quote(s string) string { return strconv.Quote(s) }

// clean returns text for one line: as it is, or quoted if it holds anything that
// does not print, such as a control character or a mark that turns the direction
// of writing.
func clean(s string) string {
	if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return !strconv.IsPrint(r) }) {
		return strconv.Quote(s)
	}
	return s
}

// widest is how many characters of a name are shown where it is a column or stands
// in many rows.
const widest = 64

// brief is clean, cut to the widest.
func brief(s string) string {
	s = clean(s)
	n := 0
	for at := range s {
		if n++; n == widest && utf8.RuneCountInString(s[at:]) > 1 {
			return s[:at] + "…"
		}
	}
	return s
}

func instant(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

func duration(d time.Duration) string {
	if d >= time.Hour && d%time.Hour == 0 {
		return strconv.Itoa(int(d/time.Hour)) + " h"
	}
	return d.Round(time.Second).String()
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
