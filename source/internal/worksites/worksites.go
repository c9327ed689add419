// Package worksites checks what configurations say about places of work.
package worksites

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// Check returns what is wrong with the fields Countries and TimeZones of a configuration:
// codes of ISO 3166-1 alpha-2 and IANA names, by what the system calls a place. Either
// may be nil.
func Check(countries, zones map[string]string) []error {
	var errs []error
	wrong := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	for _, place := range slices.Sorted(maps.Keys(countries)) {
		if code := countries[place]; !IsCountry(code) {
			wrong("Countries: %q of %q: want an ISO 3166-1 alpha-2 code such as DE", code, place)
		}
	}
	for _, place := range slices.Sorted(maps.Keys(zones)) {
		name := zones[place]
		if _, err := time.LoadLocation(name); err != nil || name == "" || name == "Local" {
			wrong("TimeZones: %q of %q: want an IANA name such as Europe/Berlin", name, place)
		}
	}
	return errs
}

// IsCountry reports whether a text looks like a code of ISO 3166-1 alpha-2.
func IsCountry(code string) bool {
	letter := func(c byte) bool { return c >= 'A' && c <= 'Z' }
	return len(code) == 2 && letter(code[0]) && letter(code[1])
}
