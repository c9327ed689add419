package scimtarget

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/provision-go/provision/internal/scim"
)

var (
	errBoolean  = errors.New(`want "true" or "false"`)
	errInteger  = errors.New("want decimal digits, perhaps after a minus sign")
	errDecimal  = errors.New("want a number in its shortest form, such as 2.5")
	errDateTime = errors.New("want a date and time in UTC, such as 2026-01-02T15:04:05Z")
	errBinary   = errors.New("want base64 with padding")
	errText     = errors.New("want text in UTF-8 without zero bytes")
)

// wire turns the text of a value into what is sent. What would be read back as
// another text is refused.
func wire(a *scim.Attribute, text string) (any, error) {
	if !utf8.ValidString(text) || strings.IndexByte(text, 0) >= 0 {
		return nil, errText
	}
	var v any
	err := error(nil)
	switch a.Type {
	case scim.Boolean:
		v, err = text == "true", errBoolean
	case scim.Integer:
		n, _ := strconv.ParseInt(text, 10, 64)
		v, err = n, errInteger
	case scim.Decimal:
		f, _ := strconv.ParseFloat(text, 64)
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, errDecimal
		}
		v, err = f, errDecimal
	case scim.DateTime:
		v, err = text, errDateTime
	case scim.Binary:
		v, err = text, errBinary
	case scim.String, scim.Reference, scim.Complex:
		return text, nil
	}
	if back, ok := words(a, v); !ok || back != text {
		return nil, err
	}
	return v, nil
}

// words turns a value that was received into text. It is false for what is not of
// the attribute's type.
func words(a *scim.Attribute, v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return ofText(a, v)
	case bool:
		return strconv.FormatBool(v), a.Type == scim.Boolean
	case int64:
		if a.Type == scim.Decimal {
			return decimal(float64(v)), true
		}
		return strconv.FormatInt(v, 10), a.Type == scim.Integer
	case float64:
		return decimal(v), a.Type == scim.Decimal
	}
	return "", false
}

func decimal(f float64) string {
	if f == 0 {
		return "0" // and not -0
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

func ofText(a *scim.Attribute, s string) (string, bool) {
	switch a.Type {
	case scim.DateTime:
		t, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			return "", false
		}
		return t.UTC().Format(time.RFC3339Nano), true
	case scim.Binary:
		b, err := base64.StdEncoding.DecodeString(s)
		if err != nil {
			return "", false
		}
		return base64.StdEncoding.EncodeToString(b), true
	case scim.String, scim.Reference, scim.Complex:
		return s, true
	case scim.Boolean, scim.Integer, scim.Decimal:
	}
	return "", false
}

// plain reports whether a filter has a text as it is. Services exist that do not undo the
// escapes of JSON and find nobody then (elimity-com/scim with quotation marks and
// backslashes), which proves nothing: what is not plain is looked for by listing.
func plain(s string) bool { return len(quoted(s)) == len(s)+2 }

// quoted writes a text as filters have it: as a JSON string.
func quoted(s string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string cannot fail
	return strings.TrimSuffix(b.String(), "\n")
}
