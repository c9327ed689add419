package syntax

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// number reads a number or a period of days. It begins at start with a "-" if
// digits is not start.
func (s *scanner) number(start, digits int) {
	i := digits
	var n uint64
	for ; i < len(s.text) && isDigit(s.text[i]); i++ {
		n = n*10 + uint64(s.text[i]-'0') // wraps only where magnitude refuses the length
	}
	end := i
	if i < len(s.text) {
		switch c := s.text[i]; {
		case (c == 'd' || c == 'w') && s.wordEnd(i) == i+1:
			s.period(start, digits, i, n)
			return
		case c == '.':
			s.decimals(start)
			return
		case c == '-' && s.isDate(digits):
			s.dateUnquoted(start, digits+len("2006-01-02"))
			return
		case isWord(c) || c >= utf8.RuneSelf:
			end = s.wordEnd(i)
		}
	}
	word := s.text[i:end]
	if end == i {
		// After a number no name can follow: this is a unit apart.
		if from := s.spaces(i); from > i {
			if to := s.wordEnd(from); unitOf(s.text[from:to]) != unitUnknown {
				word, end = s.text[from:to], to
			}
		}
	}
	s.set(tokInt, start, end)
	switch {
	case word != "":
		s.wrongUnit(start, i, n, word)
	case s.magnitude(start, digits, i, n, 1):
		s.tok.int = signed(n, start != digits)
	}
}

// spaces returns where the ordinary spaces from i end.
func (s *scanner) spaces(i int) int {
	for s.at(i) == ' ' {
		i++
	}
	return i
}

// period reads 14d or 2w, whose letter is at i.
func (s *scanner) period(start, digits, i int, n uint64) {
	s.set(tokDays, start, i+1)
	factor := uint64(1)
	if s.text[i] == 'w' {
		factor = 7
	}
	if s.magnitude(start, digits, i, n, factor) {
		s.tok.int = signed(n*factor, start != digits)
	}
}

func signed(n uint64, negative bool) int64 {
	if negative {
		return -int64(n) // also right for the least number, which has no positive
	}
	return int64(n)
}

// magnitude reports a number that is too large or begins with 0.
func (s *scanner) magnitude(start, digits, end int, n, factor uint64) bool {
	limit := uint64(math.MaxInt64)
	if start != digits {
		limit++
	}
	written := s.text[digits:end]
	switch {
	case len(written) > 1 && written[0] == '0':
		text := s.text[start:s.tok.end]
		if s.tok.kind == tokDays {
			s.report(start, show(text)+" begins with 0; remove it", "")
			return false
		}
		s.report(start, show(text)+" begins with 0, and numbers do not; if it is a text, write it in quotes", hint(`"`+text+`"`))
		return false
	case len(written) > 19 || n > limit/factor:
		s.report(start, fmt.Sprintf("the number %s is too large; write a smaller one", show(s.text[start:s.tok.end])), "")
		return false
	}
	return true
}

// decimals reads what goes on with a dot after its digits, or begins with one.
func (s *scanner) decimals(start int) {
	end := start + 1
	for isDigit(s.at(end)) || s.at(end) == '.' {
		end++
	}
	text := s.text[start:end]
	s.set(tokInt, start, end)
	if strings.Count(strings.Trim(text, "."), ".") > 1 {
		s.report(start, fmt.Sprintf(`%s is not a number; a date is written date("2026-12-31"), a text in quotes`, show(text)), "")
		return
	}
	s.report(start, fmt.Sprintf("%s is not a whole number; numbers with decimals are not possible", show(text)), "")
}

// isDate reports whether a date such as 2026-12-31 stands at i.
func (s *scanner) isDate(i int) bool {
	const pattern = "2006-01-02"
	if i+len(pattern) > len(s.text) || isWord(s.at(i+len(pattern))) {
		return false
	}
	for k := range len(pattern) {
		c := s.text[i+k]
		if isDigit(pattern[k]) != isDigit(c) || pattern[k] == '-' && c != '-' {
			return false
		}
	}
	return true
}

func (s *scanner) dateUnquoted(start, end int) {
	right := `date("` + s.text[end-len("2006-01-02"):end] + `")`
	s.report(start, "a date is written "+right, right)
	s.set(tokInt, start, end)
}

// Units of time that people write after a number.
type unit uint8

const (
	unitUnknown unit = iota
	unitNone         // too short to be counted in days
	unitHour
	unitDay
	unitWeek
	unitMonth
	unitYear
)

func unitOf(word string) unit {
	if len(word) > len("minutes") {
		return unitUnknown
	}
	switch strings.ToLower(word) {
	case "d", "day", "days":
		return unitDay
	case "w", "wk", "wks", "week", "weeks":
		return unitWeek
	case "m", "mo", "mon", "month", "months":
		return unitMonth
	case "y", "yr", "yrs", "year", "years":
		return unitYear
	case "h", "hr", "hrs", "hour", "hours":
		return unitHour
	case "min", "mins", "minute", "minutes", "s", "sec", "secs", "second", "seconds":
		return unitNone
	}
	return unitUnknown
}

// wrongUnit reports a number with something after it. The digits end at i.
func (s *scanner) wrongUnit(start, i int, n uint64, word string) {
	text := s.text[start:s.tok.end]
	u := unitOf(word)
	if u == unitUnknown {
		s.report(start, show(text)+" is neither a number nor a period such as 14d or 2w, and no name; a text needs quotes", hint(`"`+text+`"`))
		return
	}
	s.tok.kind = tokDays
	s.report(start, show(text)+" is not possible: only days and weeks exist, written like 14d and 2w", periodHint(s.text[start:i], n, u))
}

// periodHint returns about the same in days or weeks.
func periodHint(digits string, n uint64, u unit) string {
	sign := ""
	if !isDigit(digits[0]) {
		sign = "-"
	}
	if len(digits) > 6 {
		return ""
	}
	switch u {
	case unitDay:
	case unitWeek:
		return sign + strconv.FormatUint(n, 10) + "w"
	case unitHour:
		n = (n + 23) / 24
	case unitMonth:
		n *= 30
	case unitYear:
		n *= 365
	default:
		return ""
	}
	return sign + strconv.FormatUint(n, 10) + "d"
}
