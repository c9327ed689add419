package hiring

import "strings"

// Day returns the date in a text that may have a time behind it, if that is midnight:
// so do systems write dates that keep everything as an instant. With any other time
// the text stays as it is, for nobody knows which day is meant.
func Day(text string) string {
	text = strings.TrimSpace(text)
	date, rest, found := strings.Cut(text, "T")
	if !found || len(date) != len("2006-01-02") {
		return text
	}
	clock, zone := strings.TrimSuffix(rest, "Z"), ""
	if n := strings.LastIndexAny(clock, "+-"); n > 0 {
		clock, zone = clock[:n], clock[n+1:]
	}
	if strings.Trim(clock, "0:.") != "" || len(clock) < len("00:00") || strings.Trim(zone, "0123456789:") != "" {
		return text
	}
	return date
}
