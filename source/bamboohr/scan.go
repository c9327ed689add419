package bamboohr

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"
)

// A scanner walks through JSON that lies in memory and hands out the parts that are
// asked for. A page has thousands of people with the same twenty keys, of which the
// mapping is known at run time only: a map for each of them would cost several times
// what reading costs. It accepts what encoding/json accepts; FuzzScanner compares.
type scanner struct {
	data []byte
	at   int
}

// A value is one JSON value as it stands in the text.
type value struct {
	kind kind
	raw  []byte // of a string without the quotes, of others everything
	// plain says that a string means what its bytes say.
	plain bool
}

type kind uint8

const (
	null kind = iota
	boolean
	number
	text
	list
	object
)

const deepest = 64 // levels; a page has five

var errJSON = errors.New("it is not valid JSON")

func (s *scanner) wrong() error { return fmt.Errorf("%w at byte %d", errJSON, s.at) }

func (s *scanner) space() {
	for s.at < len(s.data) {
		switch s.data[s.at] {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return
		}
	}
}

// next skips white space and takes c if it comes.
func (s *scanner) next(c byte) bool {
	s.space()
	if s.at < len(s.data) && s.data[s.at] == c {
		s.at++
		return true
	}
	return false
}

// end reports an error if anything but white space follows.
func (s *scanner) end() error {
	if s.space(); s.at < len(s.data) {
		return s.wrong()
	}
	return nil
}

// members calls each for every member of the object that comes. each takes the
// value from the scanner. A key is passed as it stands in the text, unless it is
// escaped.
func (s *scanner) members(each func(key []byte) error) error {
	if !s.next('{') {
		return s.wrong()
	}
	if s.next('}') {
		return nil
	}
	for {
		s.space()
		key, err := s.value()
		if err != nil {
			return err
		}
		if key.kind != text || !s.next(':') {
			return s.wrong()
		}
		name := key.raw
		if !key.plain {
			name = []byte(key.text())
		}
		if err := each(name); err != nil {
			return err
		}
		if s.next('}') {
			return nil
		}
		if !s.next(',') {
			return s.wrong()
		}
	}
}

// elements calls each for every element of the list that comes.
func (s *scanner) elements(each func() error) error {
	if !s.next('[') {
		return s.wrong()
	}
	if s.next(']') {
		return nil
	}
	for {
		if err := each(); err != nil {
			return err
		}
		if s.next(']') {
			return nil
		}
		if !s.next(',') {
			return s.wrong()
		}
	}
}

// peek returns the first byte of what comes, 0 at the end.
func (s *scanner) peek() byte {
	if s.space(); s.at < len(s.data) {
		return s.data[s.at]
	}
	return 0
}

// value takes the value that comes.
func (s *scanner) value() (value, error) { return s.take(0) }

// skip takes the value that comes and forgets it.
func (s *scanner) skip() error {
	_, err := s.take(0)
	return err
}

func (s *scanner) take(depth int) (value, error) {
	if depth > deepest {
		return value{}, s.wrong()
	}
	begin := s.at
	switch s.peek() {
	case '"':
		return s.string()
	case '{':
		err := s.members(func([]byte) error {
			_, err := s.take(depth + 1)
			return err
		})
		return value{kind: object, raw: s.data[begin:s.at]}, err
	case '[':
		err := s.elements(func() error {
			_, err := s.take(depth + 1)
			return err
		})
		return value{kind: list, raw: s.data[begin:s.at]}, err
	case 't':
		return s.word("true", boolean)
	case 'f':
		return s.word("false", boolean)
	case 'n':
		return s.word("null", null)
	default:
		return s.number()
	}
}

func (s *scanner) word(word string, k kind) (value, error) {
	if !bytes.HasPrefix(s.data[s.at:], []byte(word)) {
		return value{}, s.wrong()
	}
	begin := s.at
	s.at += len(word)
	return value{kind: k, raw: s.data[begin:s.at]}, nil
}

// number takes a number as RFC 8259, section 6, writes it.
func (s *scanner) number() (value, error) {
	begin := s.at
	s.one("-")
	if !s.one("0") && s.digits() == 0 {
		return value{}, s.wrong()
	}
	if s.one(".") && s.digits() == 0 {
		return value{}, s.wrong()
	}
	if s.one("eE") {
		s.one("+-")
		if s.digits() == 0 {
			return value{}, s.wrong()
		}
	}
	return value{kind: number, raw: s.data[begin:s.at]}, nil
}

// one takes one byte if it is among those.
func (s *scanner) one(of string) bool {
	if s.at < len(s.data) && bytes.IndexByte([]byte(of), s.data[s.at]) >= 0 {
		s.at++
		return true
	}
	return false
}

func (s *scanner) digits() int {
	begin := s.at
	for s.at < len(s.data) && s.data[s.at] >= '0' && s.data[s.at] <= '9' {
		s.at++
	}
	return s.at - begin
}

// string takes a string. The usual one has neither escapes nor bytes beyond ASCII
// and is found in one pass; whatever else it has is left to encoding/json.
func (s *scanner) string() (value, error) {
	s.at++
	begin := s.at
	v := value{kind: text, plain: true}
	for s.at < len(s.data) {
		switch c := s.data[s.at]; {
		case c == '"':
			v.raw = s.data[begin:s.at]
			s.at++
			if !v.plain && !json.Valid(s.data[begin-1:s.at]) {
				return value{}, s.wrong()
			}
			return v, nil
		case c < ' ':
			return value{}, s.wrong()
		case c == '\\':
			v.plain = false
			s.at++
		case c >= utf8.RuneSelf:
			v.plain = false
		}
		s.at++
	}
	return value{}, s.wrong()
}

// text returns the text of a string, and any other value as it stands.
func (v value) text() string {
	if v.kind != text || v.plain || utf8.Valid(v.raw) && bytes.IndexByte(v.raw, '\\') < 0 {
		return string(v.raw)
	}
	// Damaged bytes become U+FFFD here, which Collect refuses.
	var decoded string
	if err := json.Unmarshal(append(append([]byte{'"'}, v.raw...), '"'), &decoded); err != nil {
		return "\uFFFD" // cannot be: the scanner has looked at it
	}
	return decoded
}
