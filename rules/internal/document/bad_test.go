package document_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/rules/internal/document"
)

// What is wrong with a file, as "line:column: message | hint".
func told(problems []document.Problem) []string {
	var lines []string
	for _, p := range problems {
		lines = append(lines, fmt.Sprintf("%d:%d: %s | %s", p.Line, p.Column, p.Message, p.Hint))
	}
	return lines
}

func TestBadFiles(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"when: \"a\" in groups\n", []string{
			`1:7: a value that begins with a quote ends with it; put the whole value in single quotes | write '"a" in groups'`,
		}},
		{"a: 1\nwhen: \"a\" in groups\nb: 2\n", []string{
			`2:7: a value that begins with a quote ends with it; put the whole value in single quotes | write '"a" in groups'`,
		}},
		{"r:\n  - id: x\n    when: \"a\" in groups\n    give: [b]\n", []string{
			`3:11: a value that begins with a quote ends with it; put the whole value in single quotes | write '"a" in groups'`,
		}},
		{"r: [{id: x, when: \"a\" in groups, give: [b]}]\n", []string{
			`1:19: a value that begins with a quote ends with it; put the whole value in single quotes | write '"a" in groups'`,
		}},
		{"- \"a\" b\n", []string{
			"1:1: the file must be a mapping, lines of the form key: value, but it is a list | write a key before it, and indent the list below it",
			`1:3: a value that begins with a quote ends with it; put the whole value in single quotes | write '"a" b'`,
		}},
		{"r: [\"a\" b, c]\n", []string{
			`1:5: a value that begins with a quote ends with it; put the whole value in single quotes | write '"a" b'`,
		}},
		{"\"a\" b: c\n", []string{
			"1:1: a key that begins with a quote ends with it | put the whole key in single quotes",
		}},
		{"when: status == \"a\": b\n", []string{
			`1:20: a colon and a space cannot stand in a value without quotes | put the whole value in single quotes: 'status == "a": b'`,
		}},
		{"a: 1\n  b: 2\n", []string{
			"2:3: this line is indented as if it were a part of the value above | indent it like the keys beside it",
		}},
		{"a:\n    b: 1\n  c: 2\n", []string{
			"3:3: the indentation by 2 fits no line above | indent it by 4 like line 2, or by 0 like line 1",
		}},
		{"a:\n  b: 1\n    c: 2\n", []string{
			"3:5: this line is indented as if it were a part of the value above | indent it like the keys beside it",
		}},
		{"a:\n  - b\n - c\n", []string{
			"3:2: the indentation by 1 fits no line above | indent it by 2 like line 2, or by 0 like line 1",
		}},
		{"a: 1\n- c\n", []string{
			"2:1: an item of a list stands among keys | indent it below the key that it belongs to",
		}},
		{"a: 1\nb\nc: 2\n", []string{
			`2:1: there is no colon after "b" | write key: value, or indent the line if it belongs to the value above`,
		}},
		{"a: 1\nb\n", []string{
			`2:1: there is no colon after "b" | write key: value, or indent the line if it belongs to the value above`,
		}},
		{"a:1\nb: 2\n", []string{
			"1:2: there is no space after the colon | write a: 1",
		}},
		{"a: 'xyz\nb: 2\n", []string{
			"1:4: the quote here is not closed | write the closing ' where the text ends",
		}},
		{"a: 'xyz\nb: 'foo'\n", []string{
			"1:4: the text that begins with this quote ends in line 2, and something follows there | write the closing quote where the text ends",
		}},
		{"a: [x, y\nb: 2\n", []string{
			`1:4: the "[" here is not closed | write the missing "]"`,
		}},
		{"a: [x, y\n", []string{
			`1:4: the "[" here is not closed | write the missing "]"`,
		}},
		{"a: {x: 1, y: 2\nb: 2\n", []string{
			`1:4: the "{" here is not closed | write the missing "}"`,
		}},
		{"a: [x y: z]]\n", []string{
			`1:12: this "]" closes nothing | remove it, or put the whole value in single quotes`,
		}},
		{"a: b]\nc: ]\n", []string{
			`2:4: this "]" closes nothing | remove it, or put the whole value in single quotes`,
		}},
		{"c: }\n", []string{
			`1:4: this "}" closes nothing | remove it, or put the whole value in single quotes`,
		}},
		{"c: @foo\n", []string{
			"1:4: a value cannot begin with @ unless it is in quotes | put the whole value in single quotes",
		}},
		{"c: `foo\n", []string{
			"1:4: a value cannot begin with ` unless it is in quotes | put the whole value in single quotes",
		}},
		{"c: %foo\n", []string{
			"1:4: a value cannot begin with % unless it is in quotes | put the whole value in single quotes",
		}},
		{"c: *foo\n", []string{
			"1:4: aliases (*name) are not allowed | write the value out here, or put a text that begins with * in single quotes",
		}},
		{"c: * foo\n", []string{
			"1:4: aliases (*name) are not allowed | write the value out here, or put a text that begins with * in single quotes",
		}},
		{"c: &\n", []string{
			"1:4: anchors (&name) are not allowed | remove the anchor, or put a text that begins with & in single quotes",
		}},
		{"c: &a b\n", []string{
			"1:4: anchors (&name) are not allowed | remove the anchor, or put a text that begins with & in single quotes",
		}},
		{"c: !<foo\n", []string{
			"1:4: tags (!name) are not allowed | remove the tag, or put a text that begins with ! in single quotes",
		}},
		{"c: !e!x y\n", []string{
			"1:4: tags (!name) are not allowed | remove the tag, or put a text that begins with ! in single quotes",
		}},
		{"c: !{ x\n", []string{
			"1:4: tags (!name) are not allowed | remove the tag, or put a text that begins with ! in single quotes",
		}},
		{"c: ! x\n", []string{
			"1:4: tags (!name) are not allowed | remove the tag, or put a text that begins with ! in single quotes",
		}},
		{"\tc: x\n", []string{
			"1:1: indent with spaces, not with a tab | replace the tab by spaces",
		}},
		{"c:\n\td: x\n", []string{
			"2:1: indent with spaces, not with a tab | replace the tab by spaces",
		}},
		{"c:\n  d: x\n\te: y\n", []string{
			"3:1: indent with spaces, not with a tab | replace the tab by spaces",
		}},
		{"c:\n  - d\n  -\te: y\n", []string{
			"3:4: indent with spaces, not with a tab | replace the tab by spaces",
		}},
		{"c: |\n\tfoo\n", []string{
			"2:1: indent with spaces, not with a tab | replace the tab by spaces",
		}},
		{"c: |\n  foo\n \tbar\n", []string{
			"3:2: indent with spaces, not with a tab | replace the tab by spaces",
		}},
		{"c: foo\n\tbar\n", []string{
			"2:1: indent with spaces, not with a tab | replace the tab by spaces",
		}},
		{"{\"a\": 1 \"b\": 2}\n", []string{
			"1:9: there is no comma before this key | write one",
		}},
		{"{\"a\" 1}\n", []string{
			`1:6: there is no colon after the key "a" | write key: value`,
		}},
		{"{\"a\": 1\n", []string{
			`1:1: the "{" here is not closed | write the missing "}"`,
		}},
		{"{\"a\": 1} x\n", []string{
			"1:10: something follows the end of the mapping | indent it so that it belongs to the mapping, or remove it",
		}},
		{"{\"a\": \"\\ud83d\\ude00\"}\n", []string{
			`1:8: this escape is not a character | write the character itself; JSON's pairs of \u escapes cannot be read`,
			`1:14: this escape is not a character | write the character itself; JSON's pairs of \u escapes cannot be read`,
		}},
		{"a: \"\\d\"\n", []string{
			`1:5: \d means nothing in double quotes | write \\ for a backslash, or use single quotes`,
		}},
		{"a: \"\\xZZ\"\n", []string{
			`1:5: this escape needs hexadecimal digits: 2 after \x, 4 after \u, 8 after \U | write \\ for a backslash, or use single quotes`,
		}},
		{"a: - b\n", []string{
			"1:4: a list cannot begin within a line | begin the list in the next line, indented; put a single text that begins with - in single quotes",
		}},
		{"a: ? b\n", []string{
			"1:4: a value cannot begin with a question mark and a space | put the whole value in single quotes",
		}},
		{"? [a]\n: b\n", []string{
			"1:3: a key must be a text, not a list | write a text before the colon; put it in quotes if need be",
		}},
		{"[a]: b\n", []string{
			"1:1: a key must be a text, not a list | write a text before the colon; put it in quotes if need be",
		}},
		{"{a}: b\n", []string{
			"1:1: a key must be a text, not a mapping | write a text before the colon; put it in quotes if need be",
		}},
		{": b\n", []string{
			"1:1: there is no key before the colon | write a text before the colon; put it in quotes if need be",
		}},
		{"~: b\n", []string{
			"1:1: ~ means nothing and cannot be a key | put it in quotes if it is a name",
		}},
		{"a: |foo\n", []string{
			"1:4: the text of a block begins in the line after | | begin it there, indented, or put the whole value in single quotes",
		}},
		{"a: [|]\n", []string{
			"1:5: a block of text (|) cannot stand between brackets | put the text in single quotes",
		}},
		{"a: [- b]\n", []string{
			"1:5: between brackets, a value cannot begin with - | separate the values by commas, or put this one in single quotes",
		}},
		{"a: b: c\n", []string{
			"1:5: a colon and a space cannot stand in a value without quotes | put the whole value in single quotes: 'b: c'",
		}},
		{"a: [b: c: d]\n", []string{
			"1:9: a colon and a space cannot stand in a value without quotes | put the whole value in single quotes",
		}},
		{"a: 'it's\nb: c\n", []string{
			"1:7: an apostrophe within single quotes must be written twice | write '' here, or put the text in double quotes",
		}},
		{"a: b\n---\nc: d\n", []string{
			"2:1: a second document begins here, but a file is one | remove the line, or put the rest into a file of its own",
		}},
		{"a: b\n...\nc: d\n", []string{
			"3:1: a second document begins here, but a file is one | remove the line, or put the rest into a file of its own",
		}},
		{"a: b\n---\n", []string{
			"2:1: a second document begins here, but a file is one | remove the line, or put the rest into a file of its own",
		}},
		{"%YAML 1.2\n---\na: b\n", []string{
			"1:1: YAML directives, lines that begin with %, are not allowed | remove this line",
		}},
		{"%FOO\n---\na: b\n", []string{
			"1:1: YAML directives, lines that begin with %, are not allowed | remove this line",
		}},
		{"# c\n", []string{
			"1:1: the file is empty | write at least one line of the form key: value",
		}},
		{"--- a: b\n", []string{
			"1:5: a mapping cannot begin in the line of --- | begin it in the next line",
		}},
		{"a: [b,,c]\n", []string{
			"1:7: there is no value before this comma | remove the comma, or write the value",
		}},
		{"a: [,b]\n", []string{
			"1:5: there is no value before this comma | remove the comma, or write the value",
		}},
		{"a: {b: c]\n", []string{
			`1:9: this "]" does not close the "{" of line 1 | write "}"`,
		}},
		{"\"a\nb\": c\n", []string{
			"2:1: this line is indented as if it were a part of the value above | indent it like the keys beside it",
		}},
		{"- a\nb: c\n", []string{
			"2:1: a key stands among the items of a list | begin it with - if it is an item, or indent it below one",
		}},
		{"a: \"b\"c\n", []string{
			`1:4: a value that begins with a quote ends with it; put the whole value in single quotes | write '"b"c'`,
		}},
		{"a: \"b\"# c\n", []string{
			"1:7: there is no space before the # of a comment | write one, or put the whole value in single quotes",
		}},
		{"a:\n b: |\n   x\n  y\nc: d\n", []string{
			"4:3: the indentation by 2 fits no line above | indent it by 3 like line 3, or by 1 like line 2",
		}},
		{"a: >- foo\n", []string{
			"1:4: the text of a block begins in the line after > | begin it there, indented, or put the whole value in single quotes",
		}},
		{"rules: v1\ngrants:\n  - id: a\n    when: \"a\" in groups\n    give: [x/y]\n  - id: b\n    when: status == \"b\": c\n    give: @x\n    grace: *g\n  - {id: c, when: \"a\" in groups, give: [x]}\n  - {id: d, when: 'it's', give: [x \"y\"]}\n  - id: e\n    id: f\n    note: \"a\\d\"\n", []string{
			`4:11: a value that begins with a quote ends with it; put the whole value in single quotes | write '"a" in groups'`,
			`7:24: a colon and a space cannot stand in a value without quotes | put the whole value in single quotes: 'status == "b": c'`,
			"8:11: a value cannot begin with @ unless it is in quotes | put the whole value in single quotes",
			"9:12: aliases (*name) are not allowed | write the value out here, or put a text that begins with * in single quotes",
			`10:19: a value that begins with a quote ends with it; put the whole value in single quotes | write '"a" in groups'`,
			"11:22: an apostrophe within single quotes must be written twice | write '' here, or put the text in double quotes",
			`13:5: the key "id" is here twice, first in line 12 | keep one of the two`,
			`14:13: \d means nothing in double quotes | write \\ for a backslash, or use single quotes`,
		}},
		{"a: [1, 2\nb: [3, 4]\nc: \"x\" y\n", []string{
			`1:4: the "[" here is not closed | write the missing "]"`,
		}},
		{"a: &x 1\nb: *x\nc: !!str y\nd: &z !t [1]\n<<: *x\n? [q]\n: w\n~: 1\n[a]: b\n{r}: s\n: t\ng: \"\\0\\x1b\"\n", []string{
			"1:4: anchors (&name) are not allowed | remove the anchor, or put a text that begins with & in single quotes",
			"2:4: aliases (*name) are not allowed | write the value out here, or put a text that begins with * in single quotes",
			"3:4: tags (!name) are not allowed | remove the tag, or put a text that begins with ! in single quotes",
			"4:4: anchors (&name) are not allowed | remove the anchor, or put a text that begins with & in single quotes",
			"5:1: merge keys (<<) are not allowed | write the entries out here",
			"5:5: aliases (*name) are not allowed | write the value out here, or put a text that begins with * in single quotes",
			"6:3: a key must be a text, not a list | write a text before the colon; put it in quotes if need be",
			"8:1: ~ means nothing and cannot be a key | put it in quotes if it is a name",
			"9:1: a key must be a text, not a list | write a text before the colon; put it in quotes if need be",
			"10:1: a key must be a text, not a mapping | write a text before the colon; put it in quotes if need be",
			"11:1: there is no key before the colon | write a text before the colon; put it in quotes if need be",
			"12:5: the control character U+0000 is not allowed in a text | remove this escape",
		}},
		{"a: !active and x\n", []string{
			"1:4: tags (!name) are not allowed | remove the tag, or put a text that begins with ! in single quotes",
		}},
		{"when: !(status == \"a\")\n", []string{
			"1:7: tags (!name) are not allowed | remove the tag, or put a text that begins with ! in single quotes",
		}},
		{"when: [\"a\"] in groups\n", []string{
			"1:13: the value ends before this | put the whole value in single quotes, or remove what follows it",
		}},
		{"when: {x} y\n", []string{
			"1:11: the value ends before this | put the whole value in single quotes, or remove what follows it",
		}},
		{"- id: x\n", []string{
			"1:1: the file must be a mapping, lines of the form key: value, but it is a list | write a key before it, and indent the list below it",
		}},
		{"foo\n", []string{
			"1:1: the file must be a mapping, lines of the form key: value, but it is a single text | write a space after the colon of each key",
		}},
		{"a:1\n", []string{
			"1:1: the file must be a mapping, lines of the form key: value, but it is a single text | write a space after the colon of each key",
		}},
		{"\"x\"\n", []string{
			"1:1: the file must be a mapping, lines of the form key: value, but it is a single text | write a space after the colon of each key",
		}},
		{"# only\n", []string{
			"1:1: the file is empty | write at least one line of the form key: value",
		}},
		{"---\n", []string{
			"2:1: the file must be a mapping, lines of the form key: value, but it is empty | write at least one line of the form key: value",
		}},
		{"null\n", []string{
			"1:1: the file must be a mapping, lines of the form key: value, but it is empty | write at least one line of the form key: value",
		}},
		{"{\"a\": 1, \"a\": 2}\n", []string{
			`1:10: the key "a" is here twice, first in line 1 | keep one of the two`,
		}},
		{"a: 1\n- b\n", []string{
			"2:1: an item of a list stands among keys | indent it below the key that it belongs to",
		}},
		{"a: |0\n  x\n", []string{
			"1:5: a block of text cannot be indented by 0 spaces | remove the 0 after |",
		}},
		{"a: 1#x\nb: \"2\"#x\n", []string{
			"2:7: there is no space before the # of a comment | write one, or put the whole value in single quotes",
		}},
		{"a: \"b\n---\nc: d\n", []string{
			`1:4: the quote here is not closed | write the closing " where the text ends`,
		}},
		{"when: \"a\" in groups and site == 'x' # comment\n", []string{
			`1:7: a value that begins with a quote ends with it; put the whole value in single quotes | write '"a" in groups and site == ''x'''`,
		}},
		{"when: 'a' in groups\n", []string{
			`1:7: a value that begins with a quote ends with it; put the whole value in double quotes | write "'a' in groups"`,
		}},
		{"\"key\" more: 1\n", []string{
			"1:1: a key that begins with a quote ends with it | put the whole key in single quotes",
		}},
		{"a: b\n  c: d\n", []string{
			"2:3: this line is indented as if it were a part of the value above | indent it like the keys beside it",
		}},
		{"a:b\nc: d\n", []string{
			"1:2: there is no space after the colon | write a: b",
		}},
		{"x:\n  a:b\n  c: d\n", []string{
			"2:4: there is no space after the colon | write a: b",
		}},
		{"x:\n  - a: 1\n    b: 2\n   c: 3\n", []string{
			"4:4: the indentation by 3 fits no line above | indent it by 4 like line 3, or by 2 like line 2",
		}},
		{"x:\n  - a: 1\n   b: 2\n", []string{
			"3:4: the indentation by 3 fits no line above | indent it by 2 like line 2",
		}},
		{"a: [b\nc: d]\n", []string{
			`1:4: the "[" here is not closed | write the missing "]"`,
		}},
		{"a: {b: c\nd: e}\n", []string{
			`1:4: the "{" here is not closed | write the missing "}"`,
		}},
		{"a: ]\n", []string{
			`1:4: this "]" closes nothing | remove it, or put the whole value in single quotes`,
		}},
		{"a: [b}\n", []string{
			`1:6: this "}" does not close the "[" of line 1 | write "]"`,
		}},
		{"a:\n  b: {c: d\n  e: f\n", []string{
			`2:6: the "{" here is not closed | write the missing "}"`,
		}},
		{"a: \"x\" : y\n", []string{
			`1:8: a colon and a space cannot stand in a value without quotes | put the whole value in single quotes: '"x" : y'`,
		}},
		{"a: %x\n", []string{
			"1:4: a value cannot begin with % unless it is in quotes | put the whole value in single quotes",
		}},
		{"a: [x]y\n", []string{
			"1:7: the value ends before this | put the whole value in single quotes, or remove what follows it",
		}},
		{"a: 1\n...\nb\n", []string{
			"3:1: a second document begins here, but a file is one | remove the line, or put the rest into a file of its own",
		}},
		{"a: 1\n}\n", []string{
			`2:1: this "}" closes nothing | remove it, or put the whole value in single quotes`,
		}},
		{"a: \"\\u12\"\n", []string{
			`1:5: this escape needs hexadecimal digits: 2 after \x, 4 after \u, 8 after \U | write \\ for a backslash, or use single quotes`,
		}},
		{"*a : b\n", []string{
			"1:1: aliases (*name) are not allowed | write the value out here, or put a text that begins with * in single quotes",
		}},
		{"a: *b\n", []string{
			"1:4: aliases (*name) are not allowed | write the value out here, or put a text that begins with * in single quotes",
		}},
		{"a: [*b, c]\n", []string{
			"1:5: aliases (*name) are not allowed | write the value out here, or put a text that begins with * in single quotes",
		}},
		{"a: |\n x\nb\n", []string{
			`3:1: there is no colon after "b" | write key: value, or indent the line if it belongs to the value above`,
		}},
		{"a: [{\"x\": \"y\" \"z\": 1}, \"b\" \"c\"]\n", []string{
			"1:15: there is no comma before this value | write one",
		}},
		{"a: (\\ud83d\nb: \"x\" y: z\n", []string{
			`2:9: a colon and a space cannot stand in a value without quotes | put the whole value in single quotes: '"x" y: z'`,
		}},
		{"x: {a: 'it's', b: c}\n", []string{
			"1:11: an apostrophe within single quotes must be written twice | write '' here, or put the text in double quotes",
		}},
		{"a: b:\tc\n", []string{
			`1:5: a colon and a space cannot stand in a value without quotes | put the whole value in single quotes: 'b:	c'`,
		}},
		{"a:\n- b\n c: d\n", []string{
			"3:2: this line is indented as if it were a part of the value above | indent it like the keys beside it",
		}},
		{"- [a: b\n", []string{
			`1:3: the "[" here is not closed | write the missing "]"`,
		}},
		{"a: {? [b] : c}\n", []string{
			"1:7: a key must be a text, not a list | write a text before the colon; put it in quotes if need be",
		}},
		{"", []string{
			"1:1: the file is empty | write at least one line of the form key: value",
		}},
		{"   \n\n", []string{
			"1:1: the file is empty | write at least one line of the form key: value",
		}},
		{"\ufeff", []string{
			"1:1: the file is empty | write at least one line of the form key: value",
		}},
		{"a: b\x00\n", []string{
			"1:5: the control character U+0000 is not allowed | remove it",
		}},
		{"a: \x1b[31m\nb: \a\a\nb: 1\n", []string{
			"1:4: the control character U+001B is not allowed | remove it",
			"2:4: the control character U+0007 is not allowed | remove it",
			`3:1: the key "b" is here twice, first in line 2 | keep one of the two`,
		}},
		{"a: \x7f\n", []string{
			"1:4: the control character U+007F is not allowed | remove it",
		}},
		{"a: \xe9t\xe9\n", []string{
			"1:4: the byte 0xE9 is not UTF-8 | save the file as UTF-8",
		}},
		{"a: \u0085\n", []string{
			"1:4: U+0085 cannot end a line | end lines with a plain line break",
		}},
		{"\ufeffa: \u2028b\n", []string{
			"1:4: U+2028 cannot end a line | end lines with a plain line break",
		}},
		{"a: b\rc: d\r", []string{
			"1:5: U+000D cannot end a line | end lines with a plain line break",
		}},
		{"a: b\nc: \ufeffd\n", []string{
			"2:4: there is an invisible byte order mark within the text | remove it; it often comes from joining files",
		}},
		{"\xff\xfea\x00:\x00", []string{
			"1:1: the file is saved as UTF-16 | save it as UTF-8",
		}},
		{"\xfe\xff\x00a\x00:", []string{
			"1:1: the file is saved as UTF-16 | save it as UTF-8",
		}},
		{"a\x00:\x00 \x00", []string{
			"1:1: the file is saved as UTF-16 | save it as UTF-8",
		}},
		{"a: \uffff\n", []string{
			"1:4: the control character U+FFFF is not allowed | remove it",
		}},
		{"a:\n\tb: 1\n\tc: 2\n", []string{
			"2:1: indent with spaces, not with a tab | replace the tabs by spaces: 2 lines are indented with tabs",
		}},
		{"é: ü\nü: \"ä\" ö\n", []string{
			`2:4: a value that begins with a quote ends with it; put the whole value in single quotes | write '"ä" ö'`,
		}},
		{"é: {ö: @ü}\n", []string{
			"1:8: a value cannot begin with @ unless it is in quotes | put the whole value in single quotes",
		}},
		{"a: 1\r\nb: \"x\" y\r\nc: 2\r\na: 3\r\n", []string{
			`2:4: a value that begins with a quote ends with it; put the whole value in single quotes | write '"x" y'`,
			`4:1: the key "a" is here twice, first in line 1 | keep one of the two`,
		}},
		{"# c\n\n%TAG ! x\n---\na: 1\na: 2\n", []string{
			"3:1: YAML directives, lines that begin with %, are not allowed | remove this line",
			`6:1: the key "a" is here twice, first in line 5 | keep one of the two`,
		}},
		{"{\"a\": \"\\u0000\"}", []string{
			"1:8: the control character U+0000 is not allowed in a text | remove this escape",
		}},
		{"{\n\t\"a\": 1,\n\t\"a\": 2\n}\n", []string{
			`3:2: the key "a" is here twice, first in line 2 | keep one of the two`,
		}},
		{"a: [1, 2\n", []string{
			`1:4: the "[" here is not closed | write the missing "]"`,
		}},
		{"a: \"x\\\n", []string{
			`1:4: the quote here is not closed | write the closing " where the text ends`,
		}},
		{"a: {b: 1, b: 2, 'b': 3}\n", []string{
			`1:11: the key "b" is here twice, first in line 1 | keep one of the two`,
			`1:17: the key "b" is here twice, first in line 1 | keep one of the two`,
		}},
		{"a: 'b''c' d\n", []string{
			`1:4: a value that begins with a quote ends with it; put the whole value in double quotes | write "'b''c' d"`,
		}},
		{"a: &x &y b\n", []string{
			"1:4: anchors (&name) are not allowed | remove the anchor, or put a text that begins with & in single quotes",
			"1:7: anchors (&name) are not allowed | remove the anchor, or put a text that begins with & in single quotes",
		}},
	} {
		t.Run(c.text, func(t *testing.T) {
			_, _, problems := document.Read("bad.yaml", []byte(c.text))
			assert.Equal(t, c.want, told(problems))
		})
	}
}
