// Package signed checks what somebody signed with HMAC-SHA256.
package signed

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// Hex reports whether a signature, in hexadecimal, is that of the message by one of
// the keys. It takes the same time whichever key it is and wherever it differs. An
// empty key signs nothing.
func Hex(signature string, keys []string, message []byte) bool {
	given, err := hex.DecodeString(signature)
	return err == nil && same(given, keys, message)
}

// Base64URL does the same for a signature in URL-safe base64, with padding or without.
func Base64URL(signature string, keys []string, message []byte) bool {
	given, err := base64.RawURLEncoding.Strict().DecodeString(strings.TrimRight(signature, "="))
	return err == nil && same(given, keys, message)
}

func same(given []byte, keys []string, message []byte) bool {
	found := false
	for _, key := range keys {
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write(message)
		found = hmac.Equal(mac.Sum(nil), given) && key != "" || found
	}
	return found
}
