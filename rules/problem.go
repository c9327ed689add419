package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/provision-go/provision/rules/internal/document"
)

// Pos is a place in a rule file; the zero Pos is none, as of a rule written in Go.
type Pos struct {
	File         string
	Line, Column int // from 1; columns count characters
}

// IsZero reports whether there is no place.
func (p Pos) IsZero() bool { return p == Pos{} }

// String returns "file:line:column", "" for the zero Pos.
func (p Pos) String() string {
	if p.IsZero() {
		return ""
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// A Problem is one thing that is wrong with a rule set.
type Problem struct { //nolint:errname // a part of an error, which reads well by this name
	// Pos is where, if it is in a rule file.
	Pos Pos
	// Rule is the ID of the rule, or the target or field that the problem is
	// about; "" for the set as a whole.
	Rule    string
	Message string
	// Hint is a likely correction, such as the name that was meant; may be "".
	Hint string
	// Excerpt is the line of the file, cut if it is long, and Caret the place in it,
	// in characters from 0. Without a file Excerpt is "".
	Excerpt string
	Caret   int
}

// Error returns the problem: for a file its place, what is wrong, and the line with
// a caret below; else one line that names the rule.
//
//	acme.yaml:8:21: "actve" is not a value of status (candidate, prehire, active …) (did you mean "active"?)
//	    when: status == "actve"
//	                    ^
func (p *Problem) Error() string {
	var b strings.Builder
	if p.Pos.IsZero() {
		b.WriteString("rules: ")
		if p.Rule != "" {
			b.WriteString(p.Rule)
			b.WriteString(": ")
		}
	} else {
		b.WriteString(p.Pos.String())
		b.WriteString(": ")
	}
	b.WriteString(p.Message)
	if p.Hint != "" {
		fmt.Fprintf(&b, " (did you mean %q?)", p.Hint)
	}
	if p.Excerpt != "" {
		fmt.Fprintf(&b, "\n    %s\n    %s^", p.Excerpt, blank(p.Excerpt, p.Caret))
	}
	return b.String()
}

// blank returns white space as wide as the first n characters of a text.
func blank(text string, n int) string {
	var b strings.Builder
	for _, r := range text {
		if n == 0 {
			break
		}
		n--
		if r != '\t' {
			r = ' '
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Problems is everything that is wrong with a rule set, in the order of its layers
// and of the lines in their files. It is the error of [Build].
type Problems []*Problem //nolint:errname // what it holds are problems

// Error returns the problems, one after the other.
func (p Problems) Error() string {
	texts := make([]string, len(p))
	for i := range p {
		texts[i] = p[i].Error()
	}
	return strings.Join(texts, "\n")
}

// Unwrap returns the problems one by one.
func (p Problems) Unwrap() []error {
	out := make([]error, len(p))
	for i := range p {
		out[i] = p[i]
	}
	return out
}

// arrange sorts problems by their places and drops repeats. Those without a place
// keep their order behind them.
func (p Problems) arrange(layers []string) Problems {
	layer := func(x *Problem) int {
		if at := slices.Index(layers, x.Pos.File); at >= 0 && !x.Pos.IsZero() {
			return at
		}
		return len(layers)
	}
	slices.SortStableFunc(p, func(a, b *Problem) int {
		return cmp.Or(layer(a)-layer(b), a.Pos.Line-b.Pos.Line, a.Pos.Column-b.Pos.Column)
	})
	return slices.CompactFunc(p, func(a, b *Problem) bool { return *a == *b })
}

// origin is where a layer was read.
type origin struct {
	file     *document.File
	at       map[string]Pos  // of its rules, by ID
	broken   map[string]bool // rules with problems
	problems Problems        // found while it was read
	unread   bool            // nothing could be made of it
}
