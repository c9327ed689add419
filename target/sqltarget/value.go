package sqltarget

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// kind is how a column holds values.
type kind uint8

const (
	kindOther     kind = iota // nothing that can be mapped
	kindText                  //
	kindPadded                // char(n), which loses spaces at the end
	kindBool                  //
	kindBit                   // an integer that stands for a boolean
	kindInteger               //
	kindDate                  //
	kindUUID                  //
	kindTimestamp             //
	kindJSON                  //
)

// isText reports whether the column holds characters.
func (k kind) isText() bool { return k == kindText || k == kindPadded }

// as is the kind that a Type makes of a column's kind; ok is false if the two do
// not go together.
func (k kind) as(t Type) (kind, bool) {
	switch t {
	case Auto:
		return k, k != kindOther && k != kindTimestamp && k != kindJSON
	case Text:
		return k, k.isText() || k == kindUUID
	case Bool:
		if k == kindInteger {
			return kindBit, true
		}
		return k, k == kindBool
	case Integer:
		return k, k == kindInteger
	case Date:
		return k, k == kindDate
	}
	return k, false
}

var (
	errBool     = errors.New(`want "true" or "false"`)
	errInteger  = errors.New("want an integer of 64 bits without leading zeros")
	errDate     = errors.New("want a day as in 2006-01-02")
	errUUID     = errors.New("want a UUID in lower case")
	errText     = errors.New("is not UTF-8 or holds U+0000")
	errSpaces   = errors.New("the column loses spaces at the end")
	errRune     = errors.New("has characters that the column's character set lacks")
	errEmptyNot = errors.New("must not be empty")
)

// encode returns what is sent to the database for a value, which is not empty. It
// refuses what would not read back as the same value.
func (c *column) encode(value string) (any, error) {
	return c.encodeAs(c.kind, value)
}

func (c *column) encodeAs(k kind, value string) (any, error) {
	switch k {
	case kindBool, kindBit:
		if value != "true" && value != "false" {
			return nil, errBool
		}
		switch {
		case k == kindBool:
			return value == "true", nil
		case value == "true":
			return int64(1), nil
		}
		return int64(0), nil
	case kindInteger:
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil || strconv.FormatInt(n, 10) != value {
			return nil, errInteger
		}
		if c.most != 0 && (n < c.least || n > c.most) {
			return nil, fmt.Errorf("want an integer from %d to %d", c.least, c.most)
		}
		return n, nil
	case kindDate:
		if day, err := time.Parse(time.DateOnly, value); err != nil || day.Format(time.DateOnly) != value {
			return nil, errDate
		}
		return value, nil
	case kindUUID:
		if !isUUID(value) {
			return nil, errUUID
		}
		return value, nil
	default:
		return value, c.checkText(k, value)
	}
}

func (c *column) checkText(k kind, value string) error {
	if !utf8.ValidString(value) || strings.Contains(value, "\x00") {
		return errText
	}
	if k == kindPadded && strings.HasSuffix(value, " ") {
		return errSpaces
	}
	if c.chars > 0 && utf8.RuneCountInString(value) > c.chars {
		return fmt.Errorf("has more than %d characters", c.chars)
	}
	if c.bytes > 0 && len(value) > c.bytes {
		return fmt.Errorf("has more than %d bytes", c.bytes)
	}
	for _, r := range value {
		if r > c.top {
			return errRune
		}
	}
	return nil
}

// isUUID accepts the form that databases write.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if c != '-' {
				return false
			}
		} else if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// empty is what a column without a value holds: NULL, or "" where that is not
// allowed.
func (c *column) empty() (any, error) {
	switch {
	case c.null:
		return nil, nil //nolint:nilnil // NULL
	case c.kind.isText():
		return "", nil
	}
	return nil, errEmptyNot
}

// cell receives one value of a row, whichever type the driver has for it.
type cell struct {
	kind kind
	null bool
	text string
}

// Scan implements [database/sql.Scanner].
func (c *cell) Scan(src any) error {
	c.null, c.text = src == nil, ""
	switch v := src.(type) {
	case nil:
	case string:
		c.text = v
	case []byte:
		c.text = string(v)
	case int64:
		c.text = strconv.FormatInt(v, 10)
	case bool:
		c.text = strconv.FormatBool(v)
	case time.Time:
		// Some drivers read days as midnight in a zone of their own.
		c.text = v.Format(time.DateOnly)
	case float64: // an integer or a number in a text column of SQLite
		c.text = strconv.FormatFloat(v, 'f', -1, 64)
	default:
		return fmt.Errorf("a %T is not understood", src)
	}
	switch c.kind {
	case kindBool, kindBit:
		c.text = boolText(c.text)
	case kindPadded:
		c.text = strings.TrimRight(c.text, " ")
	case kindDate:
		c.text = c.text[:min(len(c.text), len(time.DateOnly))]
	default:
	}
	return nil
}

// boolText is how a boolean reads in the module.
func boolText(s string) string {
	switch s {
	case "":
		return ""
	case "0", "f", "false":
		return "false"
	}
	return "true"
}
