package successfactors

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/hiring"
)

// parseInstant reads /Date(ms)/ and /Date(ms+mmmm)/: milliseconds since 1970 in UTC,
// which may be negative, and minutes by which the clock of the place was ahead
// (https://www.odata.org/documentation/odata-version-2-0/json-format/, section 4). An
// instant as RFC 3339 writes it is taken too. The result is in the place's own time.
func parseInstant(text string) (time.Time, bool) {
	inner, found := strings.CutPrefix(text, "/Date(")
	if !found {
		t, err := time.Parse(time.RFC3339Nano, text)
		return t, err == nil
	}
	inner, found = strings.CutSuffix(inner, ")/")
	if !found || inner == "" {
		return time.Time{}, false
	}
	offset := 0
	if n := strings.LastIndexAny(inner, "+-"); n > 0 {
		minutes, err := strconv.Atoi(inner[n+1:])
		if err != nil || minutes > 26*60 {
			return time.Time{}, false
		}
		if offset = minutes * 60; inner[n] == '-' {
			offset = -offset
		}
		inner = inner[:n]
	}
	ms, err := strconv.ParseInt(inner, 10, 64)
	if err != nil || inner[0] == '+' {
		return time.Time{}, false
	}
	t := time.UnixMilli(ms).UTC()
	if offset != 0 {
		t = t.In(time.FixedZone("", offset))
	}
	return t, t.Year() >= 1 && t.Year() <= 9999
}

// parseDay reads a civil date: midnight of /Date(ms)/, in UTC or at the offset that is
// stated, or a day as 2006-01-02 with or without a midnight. Any other time of day is a
// fault, for then nobody knows which day is meant. The last day of the year 9999 says
// that there is none.
func parseDay(text string) (source.Date, string) {
	text = strings.TrimSpace(text)
	if source.NoDate(text) {
		return source.Date{}, ""
	}
	if !strings.HasPrefix(text, "/Date(") {
		day, err := source.ParseDate(hiring.Day(text))
		if err != nil {
			return source.Date{}, fmt.Sprintf("%q is neither /Date(milliseconds)/ nor a day", excerpt.Of(text))
		}
		return endless(day), ""
	}
	t, ok := parseInstant(text)
	if !ok {
		return source.Date{}, fmt.Sprintf("%q is no date of OData", excerpt.Of(text))
	}
	if h, m, s := t.Clock(); h != 0 || m != 0 || s != 0 || t.Nanosecond() != 0 {
		return source.Date{}, fmt.Sprintf("%q has a time of day: nobody knows which day is meant", excerpt.Of(text))
	}
	return endless(source.DateOf(t)), ""
}

func endless(day source.Date) source.Date {
	if day.Year() == 9999 {
		return source.Date{}
	}
	return day
}
