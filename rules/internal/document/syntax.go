package document

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"
)

// A syntaxFault is a fault of syntax as we tell it, and how to make it harmless:
// by writing a byte over a part of the text. An empty part means: not at all.
type syntaxFault struct {
	at            int // an offset of the text
	message, hint string

	from, to int
	with     byte
}

// What is refused wherever it is found.
const (
	aliasMessage  = "aliases (*name) are not allowed"
	aliasHint     = "write the value out here, or put a text that begins with * in single quotes"
	anchorMessage = "anchors (&name) are not allowed"
	anchorHint    = "remove the anchor, or put a text that begins with & in single quotes"
	tagMessage    = "tags (!name) are not allowed"
	tagHint       = "remove the tag, or put a text that begins with ! in single quotes"
	depthMessage  = "there are more than 64 levels of lists and mappings here"
	depthHint     = "take some of the levels away"
)

// A clue is what the parser says, and the text that it says it of.
type clue struct {
	file *File
	text string

	context, message string
	at               int // where it stopped
	opened           int // where it began what it could not finish
}

// syntaxOf tells a fault in the words of people who write files. What the parser
// says is only a clue: the text tells more.
func syntaxOf(f *File, fault *yaml.LoadError) syntaxFault {
	c := clue{file: f, text: f.text, context: fault.ContextMsg, message: fault.Message}
	c.at = f.offset(fault.Mark.Line, fault.Mark.Column)
	c.opened = c.at
	if fault.ContextMark.Line > 0 {
		c.opened = f.offset(fault.ContextMark.Line, fault.ContextMark.Column)
	}
	if c.message == string(errTooDeep) {
		if c.context == "while increasing indent level" && c.columns(c.opened) < c.columns(c.at) && c.opened >= c.at-len(c.before(c.at)) {
			c.at = c.opened // the key, not its colon
		}
		return syntaxFault{at: c.at, message: depthMessage, hint: depthHint}
	}
	for _, look := range []func(clue) (syntaxFault, bool){
		clue.tab, clue.property, clue.inQuotes, clue.afterQuote, clue.colon, clue.noColon, clue.brackets, clue.start,
		clue.blockHeader, clue.comment, clue.indentation,
	} {
		if s, ok := look(c); ok {
			return s
		}
	}
	return syntaxFault{
		at: c.at, message: "this cannot be read as YAML",
		hint: "look at the indentation, the quotes and the brackets of this line and the one above",
	}
}

// next returns the byte where the parser stopped; 0 at the end.
func (c clue) next() byte {
	if c.at < len(c.text) {
		return c.text[c.at]
	}
	return 0
}

// says says whether the parser's message contains a text.
func (c clue) says(part string) bool { return strings.Contains(c.message, part) }

// before returns what stands before an offset in its line.
func (c clue) before(at int) string {
	return c.text[strings.LastIndexByte(c.text[:at], '\n')+1 : at]
}

// after returns what stands from an offset in its line.
func (c clue) after(at int) string { return c.text[at:lineEnd(c.text, at)] }

// overwrite makes the fault harmless by one byte at its place.
func overwrite(at int, with byte, message, hint string) (syntaxFault, bool) {
	return syntaxFault{at: at, message: message, hint: hint, from: at, to: at + 1, with: with}, true
}

// tell leaves the fault as it is: nothing sensible can be read behind it.
func tell(at int, message, hint string) (syntaxFault, bool) {
	return syntaxFault{at: at, message: message, hint: hint}, true
}

// tab is a tab where only blanks indent.
func (c clue) tab() (syntaxFault, bool) {
	if c.next() != '\t' {
		return syntaxFault{}, false
	}
	lines := 0
	for line := range strings.SplitSeq(c.text, "\n") {
		white := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
		if strings.Contains(white, "\t") && len(white) < len(strings.TrimRight(line, "\r")) {
			lines++
		}
	}
	hint := "replace the tab by spaces"
	if lines > 1 {
		hint = fmt.Sprintf("replace the tabs by spaces: %d lines are indented with tabs", lines)
	}
	return tell(c.at, "indent with spaces, not with a tab", hint)
}

// property is an anchor, an alias or a tag that is not even well written or at its
// place, or an alias of nothing.
func (c clue) property() (syntaxFault, bool) {
	misplaced := c.says("did not find expected") && c.context != "while scanning a quoted scalar"
	switch {
	case misplaced && c.next() == '*':
		return overwrite(c.at, 'x', aliasMessage, aliasHint)
	case misplaced && c.next() == '&':
		return overwrite(c.at, 'x', anchorMessage, anchorHint)
	case misplaced && c.next() == '!' && !strings.ContainsAny(c.before(c.at), `"'`):
		return overwrite(c.at, 'x', tagMessage, tagHint)
	case c.says("unknown anchor"), c.context == "while scanning an alias":
		return overwrite(c.opened, 'x', aliasMessage, aliasHint)
	case c.context == "while scanning an anchor":
		return overwrite(c.opened, 'x', anchorMessage, anchorHint)
	case c.context == "while scanning a tag", c.context == "while parsing a tag", c.says("undefined tag handle"):
		return overwrite(c.opened, 'x', tagMessage, tagHint)
	}
	return syntaxFault{}, false
}

// inQuotes is what is wrong between quotes.
func (c clue) inQuotes() (syntaxFault, bool) {
	if c.context != "while scanning a quoted scalar" {
		return syntaxFault{}, false
	}
	switch {
	case c.says("unknown escape"):
		sign := []rune(c.text[min(c.at+1, len(c.text)):] + " ")[0]
		return overwrite(c.at, 'x', fmt.Sprintf(`\%c means nothing in double quotes`, sign),
			`write \\ for a backslash, or use single quotes`)
	case c.says("hexadecimal"), c.says("Unicode character escape"):
		at := c.at
		if slash := strings.LastIndexByte(c.text[:at], '\\'); slash >= c.opened {
			at = slash
		}
		if c.says("hexadecimal") {
			return overwrite(at, 'x', "this escape needs hexadecimal digits: 2 after \\x, 4 after \\u, 8 after \\U",
				`write \\ for a backslash, or use single quotes`)
		}
		return overwrite(at, 'x', "this escape is not a character", "write the character itself; JSON's pairs of \\u escapes cannot be read")
	}
	quote := c.text[min(c.opened, len(c.text)-1):][:1]
	return tell(c.opened, "the quote here is not closed", "write the closing "+quote+" where the text ends")
}

// start is a value that begins with a character that cannot begin one.
func (c clue) start() (syntaxFault, bool) {
	if !c.says("cannot start any token") && !c.says("did not find expected node content") {
		return syntaxFault{}, false
	}
	sign := c.next()
	switch sign {
	case 0:
		return tell(c.at, "the file ends before this value", "complete the value")
	case '|', '>':
		return overwrite(c.at, 'x', fmt.Sprintf("a block of text (%c) cannot stand between brackets", sign),
			"put the text in single quotes")
	case '-':
		return overwrite(c.at, 'x', "between brackets, a value cannot begin with -", "separate the values by commas, or put this one in single quotes")
	case ',':
		return overwrite(c.at, ' ', "there is no value before this comma", "remove the comma, or write the value")
	case ':':
		return overwrite(c.at, 'x', "there is no key before the colon", "write a key, or put the value in single quotes")
	}
	sample := []rune(c.text[c.at:])[:1]
	if strings.ContainsRune("]}", sample[0]) {
		return overwrite(c.at, 'x', fmt.Sprintf("this %q closes nothing", string(sample)),
			"remove it, or put the whole value in single quotes")
	}
	return overwrite(c.at, 'x', fmt.Sprintf("a value cannot begin with %s unless it is in quotes", string(sample)),
		"put the whole value in single quotes")
}

// blockHeader is what follows | or > where only the end of the line may.
func (c clue) blockHeader() (syntaxFault, bool) {
	if c.context != "while scanning a block scalar" || c.says("comment without") {
		return syntaxFault{}, false
	}
	sign := c.text[c.opened:min(c.opened+1, len(c.text))]
	if c.says("indicator equal to 0") {
		return tell(c.at, "a block of text cannot be indented by 0 spaces", "remove the 0 after "+sign)
	}
	return overwrite(c.opened, 'x', "the text of a block begins in the line after "+sign,
		"begin it there, indented, or put the whole value in single quotes")
}

// comment is a # that stands directly after something.
func (c clue) comment() (syntaxFault, bool) {
	if !c.says("comment without preceding whitespace") {
		return syntaxFault{}, false
	}
	return tell(c.at, "there is no space before the # of a comment",
		"write one, or put the whole value in single quotes")
}
