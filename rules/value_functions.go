package rules

// The mapping functions. Each is missing if what it is made of is missing, or if
// the result would be the empty text.

// Lower is the value in lower case, by the Unicode tables and without regard to
// any language. A letter that is not ASCII never becomes one that is: "\u212aim",
// with a Kelvin sign, stays apart from "kim", and "KİM" gives "kİm". In files: lower.
func Lower(v Value) Value { return apply("lower", v) }

// Upper is the value in upper case, by the Unicode tables and without regard to
// any language. As with [Lower], no letter becomes an ASCII one that was none.
// In files: upper.
func Upper(v Value) Value { return apply("upper", v) }

// Title is the value with the first letter of each word in upper case and the rest
// in lower case, as far as [Lower] and [Upper] go. In files: title.
func Title(v Value) Value { return apply("title", v) }

// Trim is the value without white space at its ends. In files: trim.
func Trim(v Value) Value { return apply("trim", v) }

// Left is the first n characters (Unicode code points) of the value. A shorter
// value is taken whole. In files: left.
func Left(v Value, n int) Value { return apply("left", v, number(n)) }

// Right is the last n characters of the value. A shorter value is taken whole.
// In files: right.
func Right(v Value, n int) Value { return apply("right", v, number(n)) }

// Mid is n characters of the value, from a position that counts from 1. In files: mid.
func Mid(v Value, from, n int) Value { return apply("mid", v, number(from), number(n)) }

// Pad fills the value up to n characters with a character in front: "7" to "0007".
// In files: pad.
func Pad(v Value, n int, with string) Value { return apply("pad", v, number(n), Text(with)) }

// Digits is the digits 0 to 9 of the value, one after the other. In files: digits.
func Digits(v Value) Value { return apply("digits", v) }

// Replace is the value with another text in place of each occurrence of one.
// In files: replace.
func Replace(v Value, old, with string) Value { return apply("replace", v, Text(old), Text(with)) }

// Split is a list: the parts of the value between separators, trimmed, without the
// empty ones. In files: split.
func Split(v Value, separator string) Value { return apply("split", v, Text(separator)) }

// Item is the n-th text of a list, from 1, or from the end by -1, -2 … In files: item.
func Item(list Value, n int) Value { return apply("item", list, number(n)) }

// ASCII is the value in ASCII: accents are dropped ("José" gives "Jose"), and
// letters that are no letter with an accent are written as usual abroad ("Łukasz
// Straße" gives "Lukasz Strasse"). It follows no language: "ö" gives "o", never
// "oe". The value is missing if any of it cannot be written in ASCII, such as a
// Cyrillic or Chinese letter. In files: ascii.
func ASCII(v Value) Value { return apply("ascii", v) }

// Slug is the ASCII form in lower case as a part of a login or an address:
// apostrophes are dropped, and what else is neither a letter nor a digit becomes
// a single "-" between words ("Anne-Marie O’Neil" gives "anne-marie-oneil"). It
// is missing if the ASCII form is, or if nothing remains. Put something that
// everybody has behind it: First(Slug(FamilyName), EmployeeNumber). In files: slug.
func Slug(v Value) Value { return apply("slug", v) }

// NFC is the value in Unicode form C, with accents and letters as one. In files: nfc.
func NFC(v Value) Value { return apply("nfc", v) }

// E164 is a phone number in the international form, such as "+4930123456". A
// national number is taken for one of the country, an ISO 3166-1 alpha-2 code. It
// is missing if that is not certain. In files: e164.
func E164(phone, country Value) Value { return apply("e164", phone, country) }

// Country3 is the ISO 3166-1 alpha-3 code of an alpha-2 code. In files: country3.
func Country3(v Value) Value { return apply("country3", v) }

// Country2 is the ISO 3166-1 alpha-2 code of an alpha-3 code. In files: country2.
func Country2(v Value) Value { return apply("country2", v) }

// OnlyDomain is the domain of an e-mail address, in lower case. In files: only_domain.
func OnlyDomain(v Value) Value { return apply("only_domain", v) }

// LocalPart is what stands before the @ of an e-mail address. In files: local_part.
func LocalPart(v Value) Value { return apply("local_part", v) }

// HashHex is the first n hexadecimal digits of the SHA-256 of the value, 1 to 64.
// In files: hash_hex.
func HashHex(v Value, n int) Value { return apply("hash_hex", v, number(n)) }

// FormatDate writes a date by a layout of YYYY, YY, MM, M, DD, D and separators.
// In files: format_date.
func FormatDate(d DateValue, layout string) Value {
	n := &node{op: opFunc, field: "format_date", args: []*node{nil, Text(layout).value()}}
	if d != nil {
		n.args[0] = d.date()
	}
	return expr{n}
}

func number(n int) Value { return expr{intNode(n)} }

func apply(name string, args ...Value) Value {
	return expr{&node{op: opFunc, field: name, args: valueNodes(args)}}
}
