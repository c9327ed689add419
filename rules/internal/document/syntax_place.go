package document

import (
	"fmt"
	"strings"

	"github.com/provision-go/provision/internal/excerpt"
)

// colon is a colon that ends a key where there cannot be one.
func (c clue) colon() (syntaxFault, bool) {
	stray := c.next() == ':' && (c.says("mapping values are not allowed") ||
		strings.HasPrefix(c.context, "while parsing a flow") && keyBefore(c.before(c.at)))
	if !stray {
		return syntaxFault{}, false
	}
	before := c.before(c.at)
	if keyBefore(before) {
		hint := "put the whole value in single quotes"
		from := max(strings.LastIndex(before, ": "), strings.LastIndex(before, ":\t")) + 2
		if value := strings.TrimSpace(before[from:] + c.after(c.at)); !strings.HasPrefix(c.context, "while parsing a flow") &&
			!strings.ContainsAny(value, "'#") && len(value) <= maxSample && strings.Count(before, ": ") == 1 {
			hint += ": '" + value + "'"
		}
		return syntaxFault{
			at: c.at, message: "a colon and a space cannot stand in a value without quotes", hint: hint,
			from: min(c.at-len(before)+from, c.at), to: c.at + 1, with: 'x',
		}, true
	}
	if strings.HasPrefix(before, "--- ") {
		return tell(c.at-len(before)+4, "a mapping cannot begin in the line of ---", "begin it in the next line")
	}
	// Its line is a key and a value. It is the line above that goes on here.
	at := c.at - len(strings.TrimLeft(before, " \t"))
	if line, _ := c.file.position(c.at); line > 1 {
		above := c.file.line(line - 1)
		if name, rest, found := strings.Cut(strings.TrimLeft(above, " -"), ":"); found && rest != "" && rest[0] != ' ' && !strings.Contains(above, ": ") {
			begins := c.file.lines()[line-2] + len(above) - len(strings.TrimLeft(above, " -")) + len(name)
			return tell(begins, "there is no space after the colon", "write "+excerpt.Of(name)+": "+excerpt.Of(rest))
		}
	}
	return tell(at, "this line is indented as if it were a part of the value above", "indent it like the keys beside it")
}

// keyBefore says whether there is a key, with its colon and a blank, in a part of a
// line.
func keyBefore(part string) bool {
	return strings.Contains(part, ": ") || strings.Contains(part, ":\t")
}

// noColon is a line that is neither a key with a value nor a part of anything.
func (c clue) noColon() (syntaxFault, bool) {
	switch {
	case c.says("mapping keys are not allowed"):
		return overwrite(c.at, 'x', "a value cannot begin with a question mark and a space",
			"put the whole value in single quotes")
	case c.says("block sequence entries are not allowed"):
		hint := "put a single text that begins with - in single quotes"
		if strings.HasSuffix(strings.TrimRight(c.before(c.at), " "), ":") {
			hint = "begin the list in the next line, indented; " + hint
		}
		return overwrite(c.at, 'x', "a list cannot begin within a line", hint)
	case !c.says("could not find expected ':'"):
		return syntaxFault{}, false
	}
	key := c.after(c.opened)
	if name, rest, found := strings.Cut(key, ":"); found && rest != "" && !strings.ContainsAny(name, `"'`) {
		return overwriteKey(c.opened, c.opened+len(name), "there is no space after the colon",
			"write "+excerpt.Of(name)+": "+excerpt.Of(rest))
	}
	return overwriteKey(c.opened, c.opened, fmt.Sprintf("there is no colon after %q", excerpt.Of(strings.TrimSpace(key))),
		"write key: value, or indent the line if it belongs to the value above")
}

// overwriteKey makes a comment of a line.
func overwriteKey(begins, at int, message, hint string) (syntaxFault, bool) {
	return syntaxFault{at: at, message: message, hint: hint, from: begins, to: begins + 1, with: '#'}, true
}

// brackets is a list or a mapping between brackets that does not end, or has
// something between its values that is no comma.
func (c clue) brackets() (syntaxFault, bool) {
	if !c.says("did not find expected ',' or") {
		return syntaxFault{}, false
	}
	open, closing := c.text[c.opened:min(c.opened+1, len(c.text))], "]"
	if strings.Contains(c.message, "}") {
		closing = "}"
	}
	if open != "[" && open != "{" { // a pair in a list without braces of its own
		return tell(c.at, "there is no comma before this", "write one, or put the whole value in single quotes")
	}
	line, _ := c.file.position(c.opened)
	at, _ := c.file.position(c.at)
	switch sign := c.next(); {
	case sign == 0, sign == ':' && at > line:
		return tell(c.opened, fmt.Sprintf("the %q here is not closed", open), fmt.Sprintf("write the missing %q", closing))
	case sign == ']' || sign == '}':
		return tell(c.at, fmt.Sprintf("this %q does not close the %q of line %d", string(sign), open, line),
			fmt.Sprintf("write %q", closing))
	}
	return tell(c.at, "there is no comma before this", "write one, or put the whole value in single quotes")
}

// indentation is what the parser meets where a key, an item or the end should be.
func (c clue) indentation() (syntaxFault, bool) {
	inMapping := c.says("did not find expected key")
	if !inMapping && !c.says("did not find expected '-' indicator") && !c.says("did not find expected <document start>") {
		return syntaxFault{}, false
	}
	before := c.before(c.at)
	sign := c.next()
	isItem := sign == '-' && strings.TrimLeft(c.after(c.at), "-") != c.after(c.at)
	switch {
	case sign == ']' || sign == '}':
		return overwrite(c.at, ' ', fmt.Sprintf("this %q closes nothing", string(sign)),
			"remove it, or put the whole value in single quotes")
	case strings.TrimSpace(before) != "" && !c.says("<document start>"):
		return tell(c.at, "the value ends before this", "put the whole value in single quotes, or remove what follows it")
	case c.says("<document start>"):
		return tell(c.at, "something follows the end of the mapping", "indent it so that it belongs to the mapping, or remove it")
	case c.columns(c.at) == c.columns(c.opened) && inMapping && isItem:
		return tell(c.at, "an item of a list stands among keys", "indent it below the key that it belongs to")
	case c.columns(c.at) == c.columns(c.opened) && !inMapping:
		return tell(c.at, "a key stands among the items of a list", "begin it with - if it is an item, or indent it below one")
	}
	line, _ := c.file.position(c.at)
	fits := []string{}
	for n := line - 1; n >= 1 && len(fits) == 0; n-- {
		if above := c.file.line(n); strings.TrimSpace(above) != "" && !strings.HasPrefix(strings.TrimSpace(above), "#") {
			fits = append(fits, fmt.Sprintf("by %d like line %d", len(above)-len(strings.TrimLeft(above, " ")), n))
		}
	}
	if outer, _ := c.file.position(c.opened); len(fits) == 0 || !strings.HasSuffix(fits[0], fmt.Sprintf(" line %d", outer)) {
		fits = append(fits, fmt.Sprintf("by %d like line %d", c.columns(c.opened), outer))
	}
	return tell(c.at, fmt.Sprintf("the indentation by %d fits no line above", c.columns(c.at)), "indent it "+strings.Join(fits, ", or "))
}

// columns returns how many characters stand before an offset in its line.
func (c clue) columns(at int) int {
	_, column := c.file.position(at)
	return column - 1
}
