// Package document reads a file of settings strictly: YAML, of which JSON is a
// part, without what surprises people in YAML. It gives a tree in which every value
// is as written and knows where it stands, or says what to change and where. What
// the keys mean is the business of whoever walks the tree.
//
// Refused are keys that are there twice, anchors, aliases, merge keys, tags,
// directives, several documents, keys that are no text, tabs as indentation,
// control characters, and whatever is no UTF-8. A UTF-8 byte order mark at the
// beginning is skipped.
package document

import (
	"cmp"
	"slices"
)

// Limits of one file. They bound the time and the memory that reading takes.
const (
	MaxBytes = 1 << 20 // of the file
	MaxDepth = 64      // mappings and sequences within each other, the outermost included
	MaxNodes = 200_000 // keys and values
)

// Kind says what a Value is.
type Kind uint8

// The kinds of values.
const (
	Scalar   Kind = iota + 1 // text
	Mapping                  // key: value
	Sequence                 // a list
	Null                     // an empty value, or ~ or null without quotes
)

// A Value is one value of a file. It must not be changed.
type Value struct {
	Kind Kind
	// Quoted says that a Scalar stands in "…" or '…'.
	Quoted bool

	style style

	// Line and Column count from 1; Column counts characters, as editors do. They
	// are those of the first character, which may be a quote, a bracket, | or >. An
	// empty value stands where it would begin.
	Line, Column int
	// Text is a Scalar as written: NO stays "NO", 0123 stays "0123". In quotes,
	// escapes are resolved. A line break in it is "\n".
	Text string
	// Pairs is a Mapping in the order of the file. No two keys have the same text.
	Pairs []Pair
	// Items is a Sequence.
	Items []*Value

	file *File
}

// A Pair is one entry of a mapping. Its key is a Scalar.
type Pair struct {
	Key   Value
	Value *Value
}

// A Problem is one thing in a file that must be changed.
type Problem struct {
	Line, Column int    // from 1, as in Value
	Message      string // what is wrong, such as `the "[" here is not closed`
	Hint         string // what to write instead, such as `write the missing "]"`
}

// maxProblems is how many problems are told of one file.
const maxProblems = 100

// Read reads a file. The name is for messages. The File is never nil; data is not
// kept, and not changed.
//
// Problems are sorted by position. If the text cannot be taken apart, or not as it
// is, the Value is nil: what can still be found in the rest is found. With problems
// that leave a tree, the Value is there, so that the caller can add problems of its
// own: a second key of the same name and keys that are not allowed are missing in
// it, and an alias is Null. Without problems the Value is a Mapping.
//
// Equal inputs give equal results.
func Read(name string, data []byte) (*File, *Value, []Problem) {
	if len(data) > MaxBytes {
		f := newFile(name, data[:MaxBytes])
		return f, nil, []Problem{{1, 1, "the file has more than 1 MiB", "split it into several files"}}
	}
	f := newFile(name, data)
	r := &reading{file: f}
	root := r.read([]byte(f.text))
	slices.SortStableFunc(r.problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	if len(r.problems) > maxProblems {
		last := r.problems[maxProblems-1]
		r.problems = append(r.problems[:maxProblems],
			Problem{last.Line, last.Column, "there are more problems, which are not listed", "mend those above first"})
	}
	return f, root, r.problems
}

// A reading is what is known while one file is read.
type reading struct {
	file     *File
	problems []Problem
	full     bool // so many problems that looking for more is no use
}

// problem notes a problem at an offset of the text.
func (r *reading) problem(offset int, message, hint string) {
	line, column := r.file.position(offset)
	r.problemAt(line, column, message, hint)
}

func (r *reading) problemAt(line, column int, message, hint string) {
	if len(r.problems) > maxProblems {
		r.full = true
		return
	}
	if line > len(r.file.lines()) { // the parser miscounts blanks at the end of a file
		line, column = r.file.position(len(r.file.text))
	}
	r.problems = append(r.problems, Problem{line, column, printable(message), printable(hint)})
}

// read goes from the characters to the syntax to the tree. The text is ours to
// write to.
func (r *reading) read(text []byte) *Value {
	if !r.checkText(text) {
		return nil
	}
	r.checkDirectives(text)
	whole := len(r.problems) == 0
	node, repaired := r.parse(text)
	if node == nil {
		return nil
	}
	root := r.tree(node)
	if repaired || !whole {
		return nil // it holds values that nobody wrote
	}
	return root
}
