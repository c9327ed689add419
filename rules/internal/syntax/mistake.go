package syntax

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/provision-go/provision/internal/excerpt"
)

// show quotes a part of the text for a message: not the whole of a long one, and
// nothing that is invisible.
func show(part string) string {
	part = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, excerpt.Of(part))
	return `"` + part + `"`
}

// quote shows a token. A text has its own quotes.
func (s *scanner) quote(t place) string {
	switch t.kind {
	case tokEnd:
		return "the end"
	case tokString:
		quoted := show(s.text[t.pos:t.end])
		return quoted[1 : len(quoted)-1]
	default:
		return show(s.text[t.pos:t.end])
	}
}

// hint returns what to write instead, or "" if that is too long to be read or not
// on one line.
func hint(text string) string {
	const limit = 80
	if len(text) > limit || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return ""
	}
	return text
}

// missing reports that there is no value where one must be.
func (p *parser) missing() {
	what := "a value"
	switch p.prev.kind {
	case tokOr, tokAnd, tokNot:
		what = "a condition"
	default:
	}
	switch t := p.tok; t.kind {
	case tokBad:
		return
	case tokEnd:
		if !p.open.none() {
			p.misplaced()
			if p.prev.kind == tokComma || p.prev.kind == tokOpen || p.prev.kind == tokOpenList {
				return
			}
		}
	case tokClose, tokCloseList:
		if p.open.none() {
			p.stray()
			return
		}
	case tokMinus:
		if from := p.spaces(t.end); isDigit(p.at(from)) {
			p.fail(t.pos, `the "-" of a negative number stands directly before it`, hint("-"+p.text[from:p.wordEnd(from)]))
			return
		}
	case tokPlus:
		p.fail(t.pos, `a "+" stands between two values; remove it`, "")
		return
	default:
	}
	if p.prev.kind == tokStart {
		if p.tok.kind == tokAnd || p.tok.kind == tokOr {
			what = "a condition"
		}
		p.fail(p.tok.pos, fmt.Sprintf("expected %s before %s", what, p.quote(p.tok.place)), "")
		return
	}
	p.fail(p.found(), fmt.Sprintf("expected %s after %s, found %s", what, p.quote(p.prev), p.quote(p.tok.place)), "")
}

// found is where something else was expected: at the end, behind the last token.
func (p *parser) found() int {
	if p.tok.kind == tokEnd {
		return p.prev.end
	}
	return p.tok.pos
}

func (p *parser) stray() {
	sign := "("
	if p.tok.kind == tokCloseList {
		sign = "["
	}
	p.fail(p.tok.pos, fmt.Sprintf("%s has no %q before it; remove it, or add the other", p.quote(p.tok.place), sign), "")
}

// misplaced reports a token that cannot follow the expression before it.
func (p *parser) misplaced() {
	switch t := p.tok; t.kind {
	case tokBad:
	case tokEnd:
		p.report(p.open.pos, fmt.Sprintf("the %q that stands here is not closed; add %q", p.open.sign(), p.open.closing()), "")
	case tokClose, tokCloseList:
		if p.open.none() {
			p.stray()
			return
		}
		closing := p.open.closing()
		p.fail(t.pos, fmt.Sprintf("%s cannot close the %q before it; write %q", p.quote(t.place), p.open.sign(), closing), closing)
	case tokComma:
		p.fail(t.pos, `a "," is only possible in lists [a, b] and calls f(a, b)`, "")
	default:
		if p.prev.kind == tokString && p.prev.end == t.pos && p.text[p.prev.pos] < utf8.RuneSelf {
			p.quoteInside()
			return
		}
		p.fail(t.pos, fmt.Sprintf("expected %s before %s", p.expected(), p.quote(t.place)), p.operatorFor(t))
	}
}

// expected says what may follow an expression.
func (p *parser) expected() string {
	switch {
	case p.open.none():
		return `"and", "or" or an operator`
	case p.open.args:
		return fmt.Sprintf(`",", %q or an operator`, p.open.closing())
	default:
		return fmt.Sprintf(`"and", "or", %q or an operator`, p.open.closing())
	}
}
