package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

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
	switch quoted := `"` + p.Hint + `"`; {
	case p.Hint == "" || strings.Contains(p.Message, quoted):
	case !strings.Contains(p.Hint, `"`):
		b.WriteString(" (did you mean " + quoted + "?)")
	case !strings.Contains(p.Message, p.Hint): // quotes around quotes would mislead
		b.WriteString(" (did you mean " + p.Hint + "?)")
	}
	if p.Excerpt != "" {
		fmt.Fprintf(&b, "\n    %s\n    %s^", p.Excerpt, blank(p.Excerpt, p.Caret))
	}
	return b.String()
}

// oneLine replaces what would break a message into lines, or disturb a terminal.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) && !unicode.Is(unicode.Zs, r) {
			return utf8.RuneError
		}
		return r
	}, text)
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

const (
	// maxProblems is how many problems are told at once.
	maxProblems = 100
	// enoughProblems is how many are collected at most.
	enoughProblems = 2000
)

// arrange sorts problems by their places, drops repeats and what is too much, and
// fills in the lines of the files. Those without a place keep their order behind
// the others.
func (p Problems) arrange(layers []string, files map[string]*document.File) Problems {
	layer := func(x *Problem) int {
		if at := slices.Index(layers, x.Pos.File); at >= 0 && !x.Pos.IsZero() {
			return at
		}
		return len(layers)
	}
	slices.SortStableFunc(p, func(a, b *Problem) int {
		return cmp.Or(layer(a)-layer(b), a.Pos.Line-b.Pos.Line, a.Pos.Column-b.Pos.Column)
	})
	p = slices.CompactFunc(p, func(a, b *Problem) bool { return *a == *b })
	if len(p) > maxProblems {
		last := p[maxProblems-1]
		p = append(p[:maxProblems], &Problem{
			Pos: last.Pos, Rule: last.Rule, Message: "there are more problems, which are not listed: mend those above first",
		})
	}
	for _, x := range p {
		if f := files[x.Pos.File]; f != nil && !x.Pos.IsZero() {
			x.Excerpt, x.Caret = f.Excerpt(x.Pos.Line, x.Pos.Column)
		}
	}
	return p
}

// origin is where a layer was read.
type origin struct {
	file     *document.File
	at       map[string]Pos             // of its rules, by ID
	bodies   map[string]*document.Value // what stands behind them
	broken   map[string]bool            // rules with problems
	twice    map[string]bool            // rules that are there twice, which was said
	lacks    map[string]bool            // sections that could not be read as a whole
	unread   bool                       // nor could the file
	problems Problems                   // found while it was read
}

// report is what is wrong with the file, as far as reading shows.
func (o *origin) report() Problems {
	return slices.Clone(o.problems).arrange([]string{o.file.Name()}, map[string]*document.File{o.file.Name(): o.file})
}

func newOrigin(file *document.File) *origin {
	return &origin{
		file: file, at: map[string]Pos{}, bodies: map[string]*document.Value{},
		broken: map[string]bool{}, twice: map[string]bool{}, lacks: map[string]bool{},
	}
}

// position is where a layer has a rule, or speaks of one.
func (s *Spec) position(id string) Pos {
	if s.origin == nil {
		return Pos{}
	}
	return s.origin.at[id]
}

// isBroken reports whether something is wrong with a rule of a file, which was said.
func (s *Spec) isBroken(id string) bool { return s.origin != nil && s.origin.broken[id] }

// part is where a layer has a part of a rule.
func (s *Spec) part(id string, path ...string) Pos {
	if s.origin == nil {
		return Pos{}
	}
	return placeOf(s.origin.at[id], s.origin.bodies[id], path)
}
