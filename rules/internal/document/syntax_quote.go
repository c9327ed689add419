package document

import (
	"fmt"
	"strings"
)

// afterQuote is text after a closing quote, as in
//
//	when: "a" in groups
//
// the classic trap of conditions: the value ends at the second quote.
func (c clue) afterQuote() (syntaxFault, bool) {
	before := strings.TrimRight(c.before(c.at), " \t")
	if before == "" || c.next() == 0 || c.says("comment without") {
		return syntaxFault{}, false
	}
	quote := before[len(before)-1]
	if quote != '"' && quote != '\'' {
		return syntaxFault{}, false
	}
	if !c.says("did not find expected") || c.context == "while scanning a block scalar" {
		return syntaxFault{}, false
	}
	lineStart := c.at - len(c.before(c.at))
	closing := lineStart + len(before) - 1
	open := openingQuote(c.text, closing)
	if open < 0 {
		return syntaxFault{}, false
	}
	if open < lineStart {
		line, _ := c.file.position(c.at)
		return tell(open, fmt.Sprintf("the text that begins with this quote ends in line %d, and something follows there", line),
			"write the closing quote where the text ends")
	}
	repaired := syntaxFault{at: open, from: open, to: c.at, with: 'x'}
	flow := strings.HasPrefix(c.context, "while parsing a flow")
	switch ahead := strings.TrimRight(c.text[:open], " \t\r\n"); {
	case flow && c.context == "while parsing a flow mapping" && hasSuffix(ahead, "{,"):
		repaired.at = c.at
		repaired.message = fmt.Sprintf("there is no colon after the key %s", c.text[open:closing+1])
		repaired.hint = "write key: value"
	case flow && c.next() == ':' && !hasSuffix(ahead, "{[,:"):
		repaired.message, repaired.hint = "there is no comma before this key", "write one"
	case flow && strings.ContainsRune(`"'[{`, rune(c.next())):
		repaired.at = c.at
		repaired.message, repaired.hint = "there is no comma before this value", "write one"
	case quote == '\'' && isLetter(c.text, closing-1) && isLetter(c.text, closing+1):
		repaired.at = closing
		repaired.message = "an apostrophe within single quotes must be written twice"
		repaired.hint = "write '' here, or put the text in double quotes"
	case !flow && strings.Trim(c.text[lineStart:open], " -") == "" && keyBefore(c.after(c.at)+" "):
		repaired.message = "a key that begins with a quote ends with it"
		repaired.hint = "put the whole key in single quotes"
	default:
		repaired.message = "a value that begins with a quote ends with it; put the whole value in single quotes"
		value := strings.TrimRight(c.text[open:valueEnd(c.text, open, flow)], " \t")
		repaired.hint = "write '" + value + "'"
		switch {
		case quote == '\'' && !strings.ContainsAny(value, `"\`):
			repaired.message = "a value that begins with a quote ends with it; put the whole value in double quotes"
			repaired.hint = `write "` + value + `"`
		case strings.Contains(value, "'"):
			repaired.hint = "write '" + strings.ReplaceAll(value, "'", "''") + "'"
		}
		if len(value) > maxSample || strings.Count(value, string(quote))%2 != 0 {
			repaired.hint = ""
		}
	}
	return repaired, true
}

// maxSample is how long a value may be that a hint writes out.
const maxSample = 200

// openingQuote returns where the quote stands that the one at closing closes; -1 if
// nowhere.
func openingQuote(text string, closing int) int {
	quote := text[closing]
	for i := closing - 1; i >= 0; i-- {
		if text[i] != quote {
			continue
		}
		if quote == '\'' && i > 0 && text[i-1] == quote {
			i-- // two of them stand for one
			continue
		}
		if quote == '"' && i > 0 && text[i-1] == '\\' {
			continue
		}
		return i
	}
	return -1
}

// valueEnd returns where a value that begins at an offset seems to end: at the end
// of the line or at a comment, and between brackets at a comma or a bracket that is
// not its own.
func valueEnd(text string, at int, flow bool) int {
	end := lineEnd(text, at)
	depth, quote := 0, byte(0)
	for i := at; i < end; i++ {
		switch b := text[i]; {
		case quote != 0:
			if b == quote {
				quote = 0
			}
		case b == '"' || b == '\'':
			quote = b
		case b == '#' && i > at && (text[i-1] == ' ' || text[i-1] == '\t'):
			return i
		case b == '[' || b == '{' || b == '(':
			depth++
		case b == ']' || b == '}' || b == ')':
			if depth--; depth < 0 && flow {
				return i
			}
		case b == ',' && depth == 0 && flow:
			return i
		}
	}
	return end
}

// hasSuffix says whether the last byte of a text is one of these.
func hasSuffix(text, bytes string) bool {
	return text != "" && strings.IndexByte(bytes, text[len(text)-1]) >= 0
}

// isLetter says whether there is a letter of ASCII at an offset.
func isLetter(text string, at int) bool {
	if at < 0 || at >= len(text) {
		return false
	}
	c := text[at] | 0x20
	return c >= 'a' && c <= 'z'
}
