package sqlstore

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"
)

// maxKey is how long a text in an index may be: PostgreSQL refuses entries of more
// than a third of a page, about 2,700 bytes for all columns together.
const maxKey = 255

// encoded begins texts that are not what they say.
const encoded = "\x01"

// plain reports whether databases take a text: PostgreSQL has no NUL in texts, and
// nothing but UTF-8.
func plain(s string) bool {
	return utf8.ValidString(s) && !strings.Contains(s, "\x00") && !strings.HasPrefix(s, encoded)
}

// key turns any text into one that can be in an index. It is not turned back:
// what is too long or not plain is a hash.
func key(s string) string {
	if len(s) <= maxKey && plain(s) {
		return s
	}
	sum := sha256.Sum256([]byte(s))
	return encoded + hex.EncodeToString(sum[:])
}

// pack turns any text into one that can be stored, and unpack turns it back.
func pack(s string) string {
	if plain(s) {
		return s
	}
	return encoded + base64.RawStdEncoding.EncodeToString([]byte(s))
}

func unpack(s string) (string, error) {
	code, ok := strings.CutPrefix(s, encoded)
	if !ok {
		return s, nil
	}
	text, err := base64.RawStdEncoding.DecodeString(code)
	return string(text), err
}

// list is a JSON array of keys: one parameter for any number of them, so that the
// text of a statement does not depend on how many there are, and no limit of
// parameters is met.
func list(keys []string) (string, error) { return array(keys) }

func array(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

// micros is how instants are stored.
func micros(t time.Time) int64 { return t.UnixMicro() }

func instant(n int64) time.Time { return time.UnixMicro(n).UTC() }
