package columns

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// noValue reports whether a cell is how programs write that there is no value.
// It means the same as an empty cell: a department of NULL is no move to another
// department. Words that people may have meant, such as "None" or "-", are not
// among them; for dates see [source.NoDate].
func noValue(cell string) bool {
	switch cell {
	case "", "NULL", "null", "(null)", "<null>", "<NULL>", `\N`, "undefined", "N/A", "n/a":
		return true
	}
	return false
}

// damaged says what is wrong with a cell that a spreadsheet wrote: a formula
// that failed, or a column that was too narrow.
func damaged(cell string) string {
	if !strings.HasPrefix(cell, "#") {
		return ""
	}
	switch strings.TrimRight(cell, "!?") {
	case "#REF", "#VALUE", "#NAME", "#N/A", "#DIV/0", "#NULL", "#NUM", "#SPILL", "#CALC", "#FIELD", "#GETTING_DATA":
		return "a formula failed here"
	}
	if len(cell) > 3 && strings.Trim(cell, "#") == "" {
		return "the column was too narrow for the value"
	}
	return ""
}

// rounded matches a number as spreadsheets shorten long ones: the digits are
// lost, and many IDs become the same. "1E5" is not among them, for an ID may
// look so.
var rounded = regexp.MustCompile(`^\d([.,]\d+)?E\+\d{2,3}$`)

// BadID says why a cell cannot be an ID, "" if it may be one.
func BadID(id string) string {
	switch {
	case noValue(id):
		return "the row has no ID"
	case damaged(id) != "":
		return "the ID is missing: " + damaged(id)
	case strings.Contains(id, "E+") && rounded.MatchString(id):
		return "a spreadsheet has rounded the ID"
	case mixed(id):
		return "the ID has digits of two scripts"
	}
	return ""
}

// mixed reports whether a text has digits of ASCII and others, such as full-width
// ones: somebody has typed it.
func mixed(id string) bool {
	return strings.ContainsFunc(id, func(r rune) bool { return '0' <= r && r <= '9' }) &&
		strings.ContainsFunc(id, func(r rune) bool { return r >= utf8.RuneSelf && unicode.IsDigit(r) })
}
