// Package retryafter reads how long an HTTP server asks its clients to wait.
package retryafter

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Max bounds what an answer can ask for, so that adding it to an instant cannot
// overflow. It is far beyond what anybody waits for.
const Max = 365 * 24 * time.Hour

// Parse reads the values of two headers of one answer: Retry-After, as RFC 9110,
// section 10.2.3, has it, whole seconds or a date; and Date, from which such a date
// counts, so that the two clocks need not agree. Without it the wait is unknown. A
// past or unknown wait is stated, and 0. Anything else in the header is as if it
// were not there: not stated. The wait is never negative and never above [Max].
//
// It does not take an http.Header: the packages without I/O link it as well.
func Parse(retryAfter, date string) (time.Duration, bool) {
	text := strings.TrimSpace(retryAfter)
	if text == "" {
		return 0, false
	}
	if strings.Trim(text, "0123456789") == "" {
		seconds, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			seconds = math.MaxInt64 // too many digits
		}
		if seconds >= int64(Max/time.Second) {
			return Max, true
		}
		return time.Duration(seconds) * time.Second, true
	}
	until, ok := parseDate(text)
	if !ok {
		return 0, false
	}
	now, ok := parseDate(date)
	if !ok {
		return 0, true
	}
	return min(max(until.Sub(now), 0), Max), true
}

// parseDate reads the three forms of RFC 9110, section 5.6.7.
func parseDate(text string) (time.Time, bool) {
	for _, layout := range []string{"Mon, 02 Jan 2006 15:04:05 GMT", time.RFC850, time.ANSIC} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
