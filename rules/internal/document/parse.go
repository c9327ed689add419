package document

import (
	"bytes"
	"errors"
	"io"
	"slices"

	"go.yaml.in/yaml/v4"
)

const (
	// maxRepairs is how many faults of syntax are found in one file.
	maxRepairs = 20
	// maxAgain is how many bytes are read again to find them.
	maxAgain = MaxBytes
)

// parse gives the root of the node tree; nil if there is none. The parser stops at
// the first fault of syntax. If that is one within a line, it is made harmless in
// text, without moving anything, and the text is read again: so people see all
// their faults at once. It says whether there was one.
func (r *reading) parse(text []byte) (root *yaml.Node, repaired bool) {
	if r.tooMany(text) {
		return nil, false
	}
	var seen []int
	for again := 0; ; again += len(text) {
		found := loadOne(text)
		if found.fault == nil {
			if found.second != nil {
				r.problemAt(found.second.Line, found.second.Column, "a second document begins here, but a file is one",
					`remove the line, or put the rest into a file of its own`)
			}
			if found.root == nil && len(r.problems) == 0 {
				r.problemAt(1, 1, "the file is empty", "write at least one line of the form key: value")
			}
			return found.root, repaired
		}
		s := syntaxOf(r.file, found.fault)
		if slices.Contains(seen, s.at) {
			return nil, true // the repair was none
		}
		r.problem(s.at, s.message, s.hint)
		seen = append(seen, s.at)
		if s.from == s.to || again > maxAgain || len(r.problems) > maxRepairs {
			return nil, true
		}
		for i := s.from; i < s.to; i++ {
			if c := text[i]; c < 0x80 && c != '\n' && c != '\r' {
				text[i] = s.with
			}
		}
		repaired = true
	}
}

// tooMany refuses before the parser does its work what would make it build far
// more nodes than allowed. Each needs one of these characters beside it, or shares
// it with one other.
func (r *reading) tooMany(text []byte) bool {
	if len(text) <= 2*MaxNodes {
		return false
	}
	signs := 0
	for i, c := range text {
		switch c {
		case ',', ':', '\n', '[', '{', '?', '-':
			if signs++; signs > 2*MaxNodes {
				r.problem(i, tooManyMessage, tooManyHint)
				return true
			}
		}
	}
	return false
}

const (
	tooManyMessage = "the file has more than 200,000 keys and values"
	tooManyHint    = "split it into several files"
)

// loaded is what the parser made of a text. Without a fault, a root that is nil
// means that there is no document.
type loaded struct {
	root, second *yaml.Node
	fault        *yaml.LoadError
}

// loadOne parses a text, and looks whether there is a second document. It does not
// trust the parser: if that panics, or fails in a way of its own, this is a fault
// too, one without a position.
func loadOne(text []byte) loaded {
	var found loaded
	defer func() {
		if recover() != nil {
			found = loaded{fault: &yaml.LoadError{}}
		}
	}()
	load(text, &found)
	return found
}

func load(text []byte, found *loaded) {
	loader, err := yaml.NewLoader(bytes.NewReader(text), yaml.WithPlugin(limits{}))
	for _, node := range []**yaml.Node{&found.root, &found.second} {
		if err == nil {
			var n yaml.Node
			if err = loader.Load(&n); err == nil {
				*node = &n
			}
		}
	}
	if err == nil || errors.Is(err, io.EOF) {
		return
	}
	found.fault = &yaml.LoadError{}
	if fault, ok := errors.AsType[*yaml.LoadError](err); ok {
		found.fault = fault
	}
}

// limits tells the parser how deep it may go.
type limits struct{}

// errTooDeep is an error whose text the parser passes on.
const errTooDeep depthError = "too deep"

type depthError string

func (e depthError) Error() string { return string(e) }

func (limits) CheckDepth(depth int, _ *yaml.DepthContext) error {
	if depth > MaxDepth {
		return errTooDeep
	}
	return nil
}

// CheckAlias has nothing to do: aliases are refused before anything expands them.
func (limits) CheckAlias(int, int) error { return nil }
