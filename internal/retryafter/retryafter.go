// Package retryafter reads how long an HTTP server asks its clients to wait.
package retryafter

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Max bounds what an answer can ask for, so that adding it to an instant cannot
// overflow. It is far beyond what anybody waits for.
const Max = 365 * 24 * time.Hour

// Parse reads the Retry-After header as RFC 9110, section 10.2.3, has it: whole
// seconds or a date. A date counts from the Date header of the same answer, so
// that the two clocks need not agree; without one the wait is unknown. A past or
// unknown wait is stated, and 0. Anything else in the header is as if it were
// not there: not stated. The wait is never negative and never above [Max].
func Parse(h http.Header) (time.Duration, bool) {
	text := strings.TrimSpace(h.Get("Retry-After"))
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
	until, err := http.ParseTime(text)
	if err != nil {
		return 0, false
	}
	now, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return 0, true
	}
	return min(max(until.Sub(now), 0), Max), true
}
