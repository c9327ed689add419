package source

import (
	"cmp"
	"fmt"
	"time"

	"github.com/provision-go/provision/internal/excerpt"
)

// A Date is a civil date: a day on a calendar, without a clock and without a
// time zone. Dates are compared with == and ordered with [Date.Compare]. The
// zero Date means missing; it is before every other Date. The years 1 to 9999
// can be held.
type Date struct {
	year       int16
	month, day uint8
}

// Day returns the date of the given day. As with [time.Date], values outside
// their usual range are normalised: October 32 is November 1. It returns the
// zero Date when the result lies outside the years 1 to 9999.
func Day(year int, month time.Month, day int) Date {
	const limit = 1 << 24 // far outside every calendar, far from an overflow
	if outside(year, limit) || outside(int(month), limit) || outside(day, limit) {
		return Date{}
	}
	return civil(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

func outside(n, limit int) bool { return n < -limit || n > limit }

// DateOf returns the date of t in the location of t. It returns the zero Date
// for the zero time and for years outside 1 to 9999.
func DateOf(t time.Time) Date {
	if t.IsZero() {
		// The zero time is also the first instant of the year 1 in UTC. It means
		// "no time" nearly everywhere, and nobody was hired on that day.
		return Date{}
	}
	return civil(t)
}

func civil(t time.Time) Date {
	y, m, d := t.Date()
	if y < 1 || y > 9999 {
		return Date{}
	}
	return Date{int16(y), uint8(m), uint8(d)}
}

// ParseDate reads a date written as 2006-01-02, with exactly ten characters. It
// refuses days that do not exist, such as 2026-02-30, and the empty string.
func ParseDate(s string) (Date, error) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return Date{}, badDate(s)
	}
	y, m, d := digits(s[:4]), digits(s[5:7]), digits(s[8:])
	if y < 1 || m < 1 || m > 12 || d < 1 || d > daysIn(y, m) {
		return Date{}, badDate(s)
	}
	return Date{int16(y), uint8(m), uint8(d)}, nil
}

func badDate(s string) error {
	return fmt.Errorf("parse date %q: want a day as 2006-01-02", excerpt.Of(s))
}

// digits returns the value of a string of ASCII digits, else -1.
func digits(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return -1
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// IsZero reports whether the date is missing.
func (d Date) IsZero() bool { return d == Date{} }

// Civil returns the year, the month and the day of the month; all are zero for
// the zero Date.
func (d Date) Civil() (year int, month time.Month, day int) {
	return int(d.year), time.Month(d.month), int(d.day)
}

// Year returns the year, 0 for the zero Date.
func (d Date) Year() int { return int(d.year) }

// Month returns the month, 0 for the zero Date.
func (d Date) Month() time.Month { return time.Month(d.month) }

// Day returns the day of the month, 0 for the zero Date.
func (d Date) Day() int { return int(d.day) }

// Compare returns -1, 0 or +1 as d is before, equal to or after other.
func (d Date) Compare(other Date) int { return cmp.Compare(d.order(), other.order()) }

// Before reports whether d is before other. The zero Date is before all others.
func (d Date) Before(other Date) bool { return d.order() < other.order() }

// After reports whether d is after other.
func (d Date) After(other Date) bool { return d.order() > other.order() }

// Equal reports whether both are the same date. It is the same as ==.
func (d Date) Equal(other Date) bool { return d == other }

func (d Date) order() int { return int(d.year)<<16 | int(d.month)<<8 | int(d.day) }

// AddDays returns the date n days later, or earlier for a negative n. A missing
// date stays missing; a result outside the years 1 to 9999 is the zero Date.
func (d Date) AddDays(n int) Date {
	if d.IsZero() || outside(n, 1<<23) {
		return Date{}
	}
	if day := int(d.day) + n; 1 <= day && day <= 28 {
		return Date{year: d.year, month: d.month, day: uint8(day)} // within the month: the usual case
	}
	return Day(int(d.year), time.Month(d.month), int(d.day)+n)
}

// Sub returns the number of days from other to d, negative if d is earlier. It
// is 0 when either date is missing: check with [Date.IsZero] first.
func (d Date) Sub(other Date) int {
	if d.IsZero() || other.IsZero() {
		return 0
	}
	return int((d.midnight() - other.midnight()) / (24 * 60 * 60))
}

// midnight returns the Unix time at which the day begins in UTC.
func (d Date) midnight() int64 {
	return time.Date(int(d.year), time.Month(d.month), int(d.day), 0, 0, 0, 0, time.UTC).Unix()
}

// In returns the first instant of the day in loc. That is not always midnight:
// some zones skip it when summer time begins, and a few have skipped whole days,
// in which case it is the first instant after the gap. Where a clock that is set
// back shows the beginning of the day twice, it is the first of the two. A nil
// loc means UTC. The zero Date gives the zero time.
func (d Date) In(loc *time.Location) time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	if loc == nil {
		loc = time.UTC
	}
	midnight := d.midnight()
	// No zone has ever been 26 hours away from UTC, so this lies before the day.
	t := time.Unix(midnight-26*60*60, 0).In(loc)
	for {
		// The end of a zone's rules is sometimes stated wrongly; end.After(t) makes
		// sure that the search moves on.
		_, offset := t.Zone()
		start, end := t.ZoneBounds()
		first := time.Unix(midnight-int64(offset), 0).In(loc)
		switch {
		case !start.IsZero() && first.Before(start):
			return start
		case end.IsZero() || first.Before(end) || !end.After(t):
			return first
		}
		t = end
	}
}

// String returns the date as 2006-01-02, and "" for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return string(d.append(make([]byte, 0, 10)))
}

func (d Date) append(b []byte) []byte {
	y, m, n := int(d.year), int(d.month), int(d.day)
	return append(b,
		byte('0'+y/1000), byte('0'+y/100%10), byte('0'+y/10%10), byte('0'+y%10), '-',
		byte('0'+m/10), byte('0'+m%10), '-',
		byte('0'+n/10), byte('0'+n%10))
}

// MarshalText writes the date as 2006-01-02, the zero Date as the empty text.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what [Date.MarshalText] writes. It is as strict as
// [ParseDate], except that the empty text is the zero Date.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}
