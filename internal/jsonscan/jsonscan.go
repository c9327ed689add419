// Package jsonscan walks through JSON that lies in memory and hands out the parts that
// are asked for:
//
//	s := jsonscan.New(body)
//	err := s.Members(func(key []byte) error {
//		if string(key) == "people" {
//			return s.Elements(func() error { return person(&s) })
//		}
//		return s.Skip()
//	})
//	if err == nil {
//		err = s.End() // two answers in one are an error
//	}
//
// It is for lists whose columns are known at run time only. One answer of a form that is
// known is read more easily with fetch.Client.JSON. A list that may not fit into memory
// comes from fetch.Elements as json.RawMessage, one element at a time.
package jsonscan

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"
)

// A Scanner walks through JSON that lies in memory and hands out the parts that are
// asked for. A page has thousands of people with the same twenty keys, of which the
// mapping is known at run time only: a map for each of them would cost several times
// what reading costs. It accepts what encoding/json accepts, to a depth of 64 levels;
// FuzzScanner compares.
type Scanner struct {
	data []byte
	at   int
}

// New returns a scanner at the beginning of a text.
func New(data []byte) Scanner { return Scanner{data: data} }

// A Value is one JSON value as it stands in the text, of which Raw is a part. What is in
// a List or an Object is read with a Scanner of its own: New(v.Raw).
type Value struct {
	Kind Kind
	Raw  []byte // of a string without the quotes, of others everything
	// Plain says that a string means what its bytes say.
	Plain bool
}

// Kind is the kind of a value.
type Kind uint8

// The kinds of values.
const (
	Null Kind = iota
	Boolean
	Number
	Text
	List
	Object
)

const deepest = 64 // levels; a page has five

// ErrJSON says that the text is no JSON, or that what comes is not what was asked for,
// such as a text in place of a list. It says where.
var ErrJSON = errors.New("it is not valid JSON")

func (s *Scanner) wrong() error { return fmt.Errorf("%w at byte %d", ErrJSON, s.at) }

func (s *Scanner) space() {
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
func (s *Scanner) next(c byte) bool {
	s.space()
	if s.at < len(s.data) && s.data[s.at] == c {
		s.at++
		return true
	}
	return false
}

// End reports an error if anything but white space follows.
func (s *Scanner) End() error {
	if s.space(); s.at < len(s.data) {
		return s.wrong()
	}
	return nil
}

// Members calls each for every member of the object that comes, and returns its error.
// each takes the value from the Scanner, all of it and nothing else, with Value, Skip,
// Members or Elements: if it does not, the text counts as no JSON. A key is passed
// without escapes; one that occurs twice is passed twice.
func (s *Scanner) Members(each func(key []byte) error) error {
	if !s.next('{') {
		return s.wrong()
	}
	if s.next('}') {
		return nil
	}
	for {
		s.space()
		key, err := s.Value()
		if err != nil {
			return err
		}
		if key.Kind != Text || !s.next(':') {
			return s.wrong()
		}
		name := key.Raw
		if !key.Plain {
			name = []byte(key.Text())
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

// Elements calls each for every element of the list that comes. each takes the element,
// as for Members.
func (s *Scanner) Elements(each func() error) error {
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

// Peek returns the first byte of what comes, 0 at the end.
func (s *Scanner) Peek() byte {
	if s.space(); s.at < len(s.data) {
		return s.data[s.at]
	}
	return 0
}

// Value takes the value that comes.
func (s *Scanner) Value() (Value, error) { return s.take(0) }

// Skip takes the value that comes and forgets it.
func (s *Scanner) Skip() error {
	_, err := s.take(0)
	return err
}

func (s *Scanner) take(depth int) (Value, error) {
	if depth > deepest {
		return Value{}, s.wrong()
	}
	begin := s.at
	switch s.Peek() {
	case '"':
		return s.string()
	case '{':
		err := s.Members(func([]byte) error {
			_, err := s.take(depth + 1)
			return err
		})
		return Value{Kind: Object, Raw: s.data[begin:s.at]}, err
	case '[':
		err := s.Elements(func() error {
			_, err := s.take(depth + 1)
			return err
		})
		return Value{Kind: List, Raw: s.data[begin:s.at]}, err
	case 't':
		return s.word("true", Boolean)
	case 'f':
		return s.word("false", Boolean)
	case 'n':
		return s.word("null", Null)
	default:
		return s.number()
	}
}

func (s *Scanner) word(word string, k Kind) (Value, error) {
	if !bytes.HasPrefix(s.data[s.at:], []byte(word)) {
		return Value{}, s.wrong()
	}
	begin := s.at
	s.at += len(word)
	return Value{Kind: k, Raw: s.data[begin:s.at]}, nil
}

// number takes a number as RFC 8259, section 6, writes it.
func (s *Scanner) number() (Value, error) {
	begin := s.at
	s.one("-")
	if !s.one("0") && s.digits() == 0 {
		return Value{}, s.wrong()
	}
	if s.one(".") && s.digits() == 0 {
		return Value{}, s.wrong()
	}
	if s.one("eE") {
		s.one("+-")
		if s.digits() == 0 {
			return Value{}, s.wrong()
		}
	}
	return Value{Kind: Number, Raw: s.data[begin:s.at]}, nil
}

// one takes one byte if it is among those.
func (s *Scanner) one(of string) bool {
	if s.at < len(s.data) && bytes.IndexByte([]byte(of), s.data[s.at]) >= 0 {
		s.at++
		return true
	}
	return false
}

func (s *Scanner) digits() int {
	begin := s.at
	for s.at < len(s.data) && s.data[s.at] >= '0' && s.data[s.at] <= '9' {
		s.at++
	}
	return s.at - begin
}

// string takes a string. The usual one has neither escapes nor bytes beyond ASCII
// and is found in one pass; whatever else it has is left to encoding/json.
func (s *Scanner) string() (Value, error) {
	s.at++
	begin := s.at
	v := Value{Kind: Text, Plain: true}
	for s.at < len(s.data) {
		switch c := s.data[s.at]; {
		case c == '"':
			v.Raw = s.data[begin:s.at]
			s.at++
			if !v.Plain && !json.Valid(s.data[begin-1:s.at]) {
				return Value{}, s.wrong()
			}
			return v, nil
		case c < ' ':
			return Value{}, s.wrong()
		case c == '\\':
			v.Plain = false
			s.at++
		case c >= utf8.RuneSelf:
			v.Plain = false
		}
		s.at++
	}
	return Value{}, s.wrong()
}

// Text returns the text of a string, and any other value as it stands.
func (v Value) Text() string {
	if v.Kind != Text || v.Plain || utf8.Valid(v.Raw) && bytes.IndexByte(v.Raw, '\\') < 0 {
		return string(v.Raw)
	}
	// Damaged bytes become U+FFFD here, which Collect refuses.
	var decoded string
	if err := json.Unmarshal(append(append([]byte{'"'}, v.Raw...), '"'), &decoded); err != nil {
		return "\uFFFD" // cannot be: the Scanner has looked at it
	}
	return decoded
}
