package mapping

import (
	"slices"
	"strings"
)

// plan is what a country's numbering plan says about the numbers that people
// have. A national number is one without any prefix, as it follows the calling
// code.
type plan struct {
	country  string // ISO 3166-1 alpha-2
	code     string // the calling code
	trunk    string // what is dialled before national numbers within the country; one or several, separated by spaces; "?" if that does not tell how the number is written abroad
	abroad   string // what is dialled there before a calling code
	first    string // the digits that national numbers begin with; empty means all but 0
	lengths  length // how many digits national numbers have
	complete uint8  // the fewest digits that are no local number, which lacks its area code; 0 if that does not show
}

// length is a set of numbers of digits.
type length uint16

const (
	d4 length = 1 << (iota + 4)
	d5
	d6
	d7
	d8
	d9
	d10
	d11
	d12
	d13
)

// northAmerica is the one plan of all countries with calling code 1.
const (
	northAmerica = " AG AI AS BB BM BS CA DM DO GD GU JM KN KY LC MP MS PR SX TC TT US VC VG VI "
	northCode    = "1"
)

// shared has the calling codes that belong to no country of ISO 3166-1:
// freephone and shared-cost numbers, satellites, networks, and Ascension.
var shared = [...]plan{
	{code: "247", lengths: d5 | d6},
	{code: "800", lengths: d8, first: anyDigit},
	{code: "808", lengths: d8, first: anyDigit},
	{code: "870", lengths: d9 | d12},
	{code: "878", lengths: d12},
	{code: "881", lengths: d9 | d10, first: anyDigit},
	{code: "882", lengths: d7 | d8 | d9 | d10 | d11 | d12},
	{code: "883", lengths: d8 | d9 | d10 | d11 | d12},
}

const anyDigit = "0123456789"

// north returns the plan of North America.
func north() plan {
	return plan{code: northCode, trunk: "1", abroad: "011", first: "23456789", lengths: d10, complete: 10}
}

// planOf returns the plan of a country by its alpha-2 code in upper case.
func planOf(country string) (plan, bool) {
	i, found := slices.BinarySearchFunc(plans[:], country, func(p plan, c string) int {
		return strings.Compare(p.country, c)
	})
	switch {
	case found:
		return plans[i], true
	case len(country) == 2 && strings.Contains(northAmerica, " "+country+" "):
		return north(), true
	}
	return plan{}, false
}

// possible reports whether the plan has national numbers like this.
func (p *plan) possible(digits string) bool {
	if digits == "" || len(digits) > 15 || p.lengths>>len(digits)&1 == 0 {
		return false
	}
	if p.first == "" {
		return digits[0] != '0'
	}
	return strings.IndexByte(p.first, digits[0]) >= 0
}

// keepsZero reports whether national numbers can begin with 0.
func (p *plan) keepsZero() bool { return strings.HasPrefix(p.first, "0") }

// national returns the national number that somebody in the country means, ""
// if that is not certain.
func (p *plan) national(digits string) string {
	meant := ""
	for trunk := range strings.FieldsSeq(p.trunk) {
		if rest, cut := strings.CutPrefix(digits, trunk); cut && p.possible(rest) {
			meant = rest
		}
	}
	if !p.possible(digits) || p.trunk != "" && (p.complete == 0 || len(digits) < int(p.complete)) {
		return meant
	}
	own, cut := strings.CutPrefix(digits, p.code)
	if meant != "" || cut && p.possible(own) {
		return "" // it can be read in two ways
	}
	return digits
}

// international returns the whole number for the digits behind a calling code,
// code included, "" if the plan has no such number. Many people leave the trunk
// prefix in: +49 (0)30. Where it is certain that the 0 is one it is dropped.
func (p *plan) international(digits string) string {
	rest, cut := strings.CutPrefix(digits, p.code)
	switch {
	case !cut:
		return ""
	case p.possible(rest):
		return digits
	}
	for trunk := range strings.FieldsSeq(p.trunk) {
		if number, cut := strings.CutPrefix(rest, trunk); cut && trunk[0] == '0' && p.possible(number) {
			return p.code + number
		}
	}
	return ""
}
