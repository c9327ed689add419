package mapping

import (
	"crypto/sha256"
	"encoding/hex"
	"unicode/utf8"
)

// HashHex returns the first n digits of the SHA-256 of the text's bytes, in
// hexadecimal and lower case: something short and stable to tell apart what is
// otherwise equal. It hides nothing, for whoever knows the candidates can hash
// them too. It is missing if n is not between 1 and 64.
func HashHex(s string, n int) string {
	if s == "" || n < 1 || n > 2*sha256.Size || !utf8.ValidString(s) {
		return ""
	}
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])[:n]
}
