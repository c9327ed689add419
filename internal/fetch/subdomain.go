package fetch

import (
	"errors"
	"fmt"
	"strings"
)

// CheckSubdomain says whether a text may be put before the domain of a vendor,
// as acme in acme.vendor.example: 1 to 63 letters, digits and hyphens of ASCII,
// no hyphen first or last (RFC 1123, section 2.1). Dots are not permitted: a host
// name of somebody's choice is not what a vendor gives.
func CheckSubdomain(s string) error {
	const most = 63
	switch {
	case s == "":
		return errors.New("empty subdomain")
	case strings.Contains(s, "."):
		return fmt.Errorf("subdomain %q: wanted its first part only, without dots", oneLine(s))
	case len(s) > most:
		return fmt.Errorf("subdomain %q: longer than %d letters", oneLine(s), most)
	case s[0] == '-', s[len(s)-1] == '-':
		return fmt.Errorf("subdomain %q: a hyphen at the beginning or end", oneLine(s))
	}
	for _, r := range s {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-') {
			return fmt.Errorf("subdomain %q: wanted letters, digits and hyphens", oneLine(s))
		}
	}
	return nil
}
