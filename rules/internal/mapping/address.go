package mapping

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/provision-go/provision/target"
)

// OnlyDomain returns what stands behind the "@" of a mail address, with its
// ASCII letters in lower case; other letters stay as they are. It is missing if
// the text has no "@" or several, nothing before it or nothing behind it, or
// white space anywhere ([Trim] it first).
func OnlyDomain(email string) string {
	_, domain := address(email)
	return target.Fold(domain)
}

// LocalPart returns what stands before the "@" of a mail address, as it is
// written: systems may tell its case apart. It is missing where [OnlyDomain] is.
func LocalPart(email string) string {
	local, _ := address(email)
	return local
}

func address(email string) (local, domain string) {
	local, domain, _ = strings.Cut(email, "@")
	if local == "" || domain == "" || strings.Contains(domain, "@") ||
		strings.ContainsFunc(email, unicode.IsSpace) || !utf8.ValidString(email) {
		return "", ""
	}
	return local, domain
}
