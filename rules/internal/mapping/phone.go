package mapping

import "strings"

// E164 returns a telephone number in the form of Recommendation ITU-T E.164, such
// as "+4930123456", for a number as people write it and the ISO 3166-1 alpha-2
// code of the country that they are in; XK is understood too. A number with "+"
// needs no country.
//
//	E164("030 123456", "DE")         +4930123456
//	E164("+49 (0)30 / 123456", "")   +4930123456
//	E164("0049 30 123456", "FR")     +4930123456   00 is dialled in France
//	E164("011 49 30 123456", "US")   +4930123456   and 011 there
//	E164("06 1234 5678", "IT")       +390612345678 Italian numbers keep their 0
//	E164("(212) 555-0123", "US")     +12125550123
//	E164("06 1 234 5678", "HU")      +3612345678   the trunk prefix is 06
//
// The result is missing if it is not certain, because messages to a wrong number
// reach a stranger:
//
//   - there is no "+" and the country is missing or has no known plan
//   - a national number lacks what it may need: "555-0123" in the United States
//     and "123456" in Germany have no area code. Without trunk prefix a number is
//     taken only where its length tells that it is complete, as in France
//   - the plan of the country has no numbers of this length (never more than 15
//     digits), or none with this first digit, or nobody has the calling code
//   - it can be read in two ways, such as 352 27 12 34 in Luxembourg, whose
//     calling code is 352: whether the "+" was forgotten cannot be known
//   - there is anything but digits, spaces, hyphens, dots, parentheses, a "+" in
//     front, and a slash behind the area code. An extension ("ext. 12", "x12",
//     "#12") has no place in E.164, and without it somebody else answers
//   - a national number of Argentina: a mobile one is written in another way
//     abroad, and does not always show that it is one
//
// It checks plans, not the numbers themselves: whether somebody has the number
// it does not know. Numbers of services, such as toll-free ones, may be missing.
func E164(phone, country string) string {
	digits, plus := dialled(phone)
	if digits == "" {
		return ""
	}
	if !plus {
		home, known := planOf(Upper(country))
		if !known {
			return ""
		}
		abroad, cut := strings.CutPrefix(digits, home.abroad)
		if home.abroad == "" || !cut {
			number := home.national(digits)
			if number == "" {
				return ""
			}
			return "+" + home.code + number
		}
		digits = abroad
	}
	doubtful := strings.Contains(phone, "(0)")
	if number := whole(digits, doubtful); number != "" {
		return "+" + number
	}
	return ""
}

// whole returns an international number without its trunk prefix, "" if there is
// no such number in any plan. With a doubtful zero that includes the plans whose
// numbers may begin with one.
func whole(digits string, doubtful bool) string {
	home := north()
	if number := home.international(digits); number != "" {
		return number
	}
	for _, list := range [...][]plan{plans[:], shared[:]} {
		for i := range list {
			if doubtful && list[i].keepsZero() {
				continue
			}
			if number := list[i].international(digits); number != "" {
				return number
			}
		}
	}
	return ""
}

// dialled returns the digits of a number, and whether a "+" is in front of them.
// There are none if anything is in the text that does not belong into a number.
func dialled(phone string) (digits string, plus bool) {
	var b strings.Builder
	slash := -1 // how many digits are before it
	for _, r := range phone {
		switch {
		case '0' <= r && r <= '9':
			b.WriteByte(byte(r))
		case r == '+' && b.Len() == 0 && !plus:
			plus = true
		case r == '/' && slash < 0:
			slash = b.Len()
		case !strings.ContainsRune(separators, r):
			return "", false
		}
	}
	digits = b.String()
	if slash >= 0 && !behindArea(digits, slash, plus) {
		return "", false
	}
	return digits, plus
}

// separators are what people put between digits, which says nothing: spaces,
// among them those that do not break, hyphens and dashes, dots, parentheses.
const separators = " \t\u00a0\u2002\u2003\u2007\u2009\u202f-\u2010\u2011\u2012\u2013\u2014\u2212.()"

// behindArea reports whether a slash after so many digits is where the area code
// ends ("030/123456"). Elsewhere it tells two numbers apart, or their ends.
func behindArea(digits string, before int, plus bool) bool {
	longest := 6 // of an area code with its trunk prefix
	if plus {
		longest = 8
	}
	return 0 < before && before <= longest && len(digits)-before >= 4
}
