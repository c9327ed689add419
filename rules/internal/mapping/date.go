package mapping

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// MaxLayout is the greatest length of a date layout, in bytes.
const MaxLayout = 32

// FormatDate writes a date in a layout of these words, with nothing else than
// spaces and - / . , : _ between them:
//
//	YYYY  the year in four digits      YY  its last two digits
//	MM    the month in two digits      M   without leading zero
//	DD    the day in two digits        D   without leading zero
//
// Each of year, month and day can be there once, in any order. The result is
// missing if the date does not exist, such as February 30, or is not in the years
// 1 to 9999, and for a layout that [CheckLayout] refuses. It is at most
// [MaxLayout]+2 bytes long.
func FormatDate(year int, month time.Month, day int, layout string) string {
	if year < 1 || year > 9999 {
		return ""
	}
	if y, m, d := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Date(); y != year || m != month || d != day {
		return ""
	}
	text, err := writeDate(year, int(month), day, layout)
	if err != nil {
		return ""
	}
	return text
}

// CheckLayout says what is wrong with a layout for [FormatDate]; nil if nothing
// is.
func CheckLayout(layout string) error {
	if _, err := writeDate(2000, 1, 1, layout); err != nil {
		if len(layout) > MaxLayout {
			layout = "…" // the error says that it is long
		}
		return fmt.Errorf("date layout %q: %w", layout, err)
	}
	return nil
}

func writeDate(year, month, day int, layout string) (string, error) {
	if len(layout) > MaxLayout {
		return "", fmt.Errorf("it has %d bytes, shorten it to %d", len(layout), MaxLayout)
	}
	var b strings.Builder
	b.Grow(len(layout) + 2)
	var written [len(dateLetters)]bool
	loose := false // the last word has no fixed length, and nothing is behind it yet
	for rest := layout; rest != ""; {
		letter := rest[0]
		if strings.IndexByte(dateSeparators, letter) >= 0 {
			b.WriteByte(letter)
			rest, loose = rest[1:], false
			continue
		}
		size := 1
		for size < len(rest) && rest[size] == letter {
			size++
		}
		word := rest[:size]
		text := dateWord(year, month, day, word)
		switch {
		case text == "":
			return "", unknownPart(rest, word)
		case written[strings.IndexByte(dateLetters, letter)]:
			return "", fmt.Errorf("%s is there a second time: have each of year, month and day once", word)
		case loose, len(word) == 1 && endsInWord(layout[:len(layout)-len(rest)]):
			return "", errors.New("next to M and D, which have one digit or two, put a separator, or write MM and DD")
		}
		b.WriteString(text)
		written[strings.IndexByte(dateLetters, letter)] = true
		rest, loose = rest[len(word):], len(word) == 1
	}
	if written == [len(dateLetters)]bool{} {
		return "", fmt.Errorf("there is no date in it: %s", layoutWords)
	}
	return b.String(), nil
}

const (
	dateLetters    = "YMD"
	dateSeparators = " -/.,:_"
	layoutWords    = "write YYYY, YY, MM, M, DD or D, with spaces or - / . , : _ between them"
)

// dateWord returns what a word of a layout stands for, "" if it is none.
func dateWord(year, month, day int, word string) string {
	switch word {
	case "YYYY":
		return strconv.Itoa(10_000 + year)[1:]
	case "YY":
		return twoDigits(year % 100)
	case "MM":
		return twoDigits(month)
	case "M":
		return strconv.Itoa(month)
	case "DD":
		return twoDigits(day)
	case "D":
		return strconv.Itoa(day)
	}
	return ""
}

func twoDigits(n int) string { return strconv.Itoa(100 + n)[1:] }

// unknownPart says what a layout has where a word should be.
func unknownPart(rest, word string) error {
	if upper := strings.ToUpper(word); upper != word && dateWord(2000, 1, 1, upper) != "" {
		return fmt.Errorf("%q is no word of a layout, write %s", word, upper)
	}
	if strings.Trim(word, dateLetters) != "" {
		for _, r := range rest {
			word = string(r)
			break
		}
	}
	return fmt.Errorf("%q cannot be in it: %s", word, layoutWords)
}

// endsInWord reports whether a layout so far ends without a separator.
func endsInWord(layout string) bool {
	return layout != "" && strings.IndexByte(dateSeparators, layout[len(layout)-1]) < 0
}
