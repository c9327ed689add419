package syntax_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/rules/internal/syntax"
)

type told struct {
	pos           int
	message, hint string
}

// What people write wrong, and what they are told: where, what and what instead.
var mistakes = []struct {
	text string
	want []told
}{
	{`a = b`, []told{{2, `"=" is not an operator; write "=="`, "=="}}},
	{`a => 3`, []told{{2, `"=>" is not an operator; write ">="`, ">="}}},
	{`a <> 3`, []told{{2, `"<>" is not an operator; write "!="`, "!="}}},
	{`a =< 3`, []told{{2, `"=<" is not an operator; write "<="`, "<="}}},
	{`a === b`, []told{{2, `"===" is not an operator; write "=="`, "=="}}},
	{`a & b | c`, []told{{2, `"&" is not an operator; write "and"`, "and"}, {6, `"|" is not an operator; write "or"`, "or"}}},
	{"a AND b Or NOT c In d", []told{
		{2, `"AND" is a word of the language and must be written "and"`, "and"},
		{8, `"Or" is a word of the language and must be written "or"`, "or"},
		{11, `"NOT" is a word of the language and must be written "not"`, "not"},
		{17, `"In" is a word of the language and must be written "in"`, "in"},
	}},
	{"AND", []told{{0, `"AND" is a word of the language and must be written "and"`, "and"}, {0, `expected a condition before "AND"`, ""}}},
	{`In == 3`, []told{{0, `"In" is a word of the language and must be written "in"`, "in"}, {0, `expected a value before "In"`, ""}}},
	{`a == b == c`, []told{{7, `"==" cannot follow another comparison; write two comparisons with "and" or "or" between them`, `a == b and b == c`}}},
	{`1 < level < 5`, []told{
		{10, `"<" cannot follow another comparison; write two comparisons with "and" or "or" between them`, `1 < level and level < 5`},
	}},
	{"a in b in c", []told{{7, `"in" cannot follow another comparison; write two comparisons with "and" or "or" between them`, ""}}},
	{`a == "x`, []told{{5, `the text that begins here is not closed; add " at its end`, ""}}},
	{`(a == b`, []told{{0, `the "(" that stands here is not closed; add ")"`, ""}}},
	{`(a and [b, c`, []told{{7, `the "[" that stands here is not closed; add "]"`, ""}}},
	{`(a ==`, []told{{0, `the "(" that stands here is not closed; add ")"`, ""}, {5, `expected a value after "==", found the end`, ""}}},
	{`f(`, []told{{1, `the "(" that stands here is not closed; add ")"`, ""}}},
	{`[a,`, []told{{0, `the "[" that stands here is not closed; add "]"`, ""}}},
	{`a)`, []told{{1, `")" has no "(" before it; remove it, or add the other`, ""}}},
	{`)`, []told{{0, `")" has no "(" before it; remove it, or add the other`, ""}}},
	{`a ]`, []told{{2, `"]" has no "[" before it; remove it, or add the other`, ""}}},
	{`[a)`, []told{{2, `")" cannot close the "[" before it; write "]"`, `]`}}},
	{`(a]`, []told{{2, `"]" cannot close the "(" before it; write ")"`, `)`}}},
	{`a ==`, []told{{4, `expected a value after "==", found the end`, ""}}},
	{`a == and b`, []told{{5, `expected a value after "==", found "and"`, ""}}},
	{"a and", []told{{5, `expected a condition after "and", found the end`, ""}}},
	{"and b", []told{{0, `expected a condition before "and"`, ""}}},
	{`== 3`, []told{{0, `expected a value before "=="`, ""}}},
	{"not", []told{{3, `expected a condition after "not", found the end`, ""}}},
	{"a b", []told{{2, `expected "and", "or" or an operator before "b"`, ""}}},
	{`department == "Sales" status == "active"`, []told{{22, `expected "and", "or" or an operator before "status"`, ""}}},
	{`department == “Sales” and x`, []told{{14, `“ is not a plain quote; write " before and after the text`, `"Sales"`}}},
	{`department == “Sales and x`, []told{{14, `“ is not a plain quote; write "`, `"`}}},
	{`department == "Sales” and x == "y"`, []told{{20, `” does not close a text; write "`, `"`}}},
	{`department == "Sales”`, []told{{14, `the text that begins here is not closed; ” does not close it, write "`, `"`}}},
	{`x == 'it's'`, []told{{9, `"s" directly follows a text; write \' for a ' inside a text`, `\'`}}},
	{`x == "a ""b"""`, []told{{9, `"b" directly follows a text; write \" for a " inside a text`, `\"`}}},
	{`[a, ]`, []told{{2, `remove the "," before "]"`, `]`}}},
	{`f(a,)`, []told{{3, `remove the "," before ")"`, `)`}}},
	{`[, a]`, []told{{1, `expected a value after "[", found ","`, ""}}},
	{`[a,, b]`, []told{{3, `expected a value after ",", found ","`, ""}}},
	{`[a b]`, []told{{3, `expected ",", "]" or an operator before "b"`, ""}}},
	{`f(a b)`, []told{{4, `expected ",", ")" or an operator before "b"`, ""}}},
	{`x in ("a", "b")`, []told{{5, "a list is written in square brackets", `["a", "b"]`}}},
	{`x in (("a"), f("b", c)) and y = 2`, []told{
		{5, "a list is written in square brackets", `[("a"), f("b", c)]`},
		{30, `"=" is not an operator; write "=="`, "=="},
	}},
	{`x ["a"]`, []told{{2, `expected "and", "or" or an operator before "["`, "in"}}},
	{`x["a", "b"]`, []told{{1, `expected "in" between "x" and the list`, "in"}}},
	{`custom[a]`, []told{{7, `expected a name in quotes after "custom[", found "a"`, ""}}},
	{`custom["a"`, []told{{6, `the "[" that stands here is not closed; add "]"`, ""}}},
	{`custom[`, []told{{6, `the "[" that stands here is not closed; add "]"`, ""}}},
	{`custom[""]`, []told{{7, `the name in the brackets is empty; write one`, ""}}},
	{`custom["a"].b`, []told{{11, `"." is only possible inside a name, such as custom.badge`, ""}}},
	{"a not contains b", []told{{2, `"not" cannot stand before "contains"; write it before the whole comparison`, `not (a contains b)`}}},
	{"a not b", []told{{6, `expected "in" after "not", found "b"`, ""}}},
	{`contains(department, "x")`, []told{{0, `"contains" is not a function; write it between two values`, `department contains "x"`}}},
	{`department.contains("x") and y`, []told{{10, `"contains" is not a function; write it between two values`, `department contains "x"`}}},
	{`department.foo("x")`, []told{{0, `"department.foo" is not a function: their names have no dot`, `foo(department)`}}},
	{`department.startswith("x")`, []told{{10, `"startsWith" is not a function; write it between two values`, `department startsWith "x"`}}},
	{`a startswith "x"`, []told{{2, `"startswith" is a word of the language and must be written "startsWith"`, "startsWith"}}},
	{`a starts_with "x"`, []told{{2, `expected "and", "or" or an operator before "starts_with"`, "startsWith"}}},
	{`a contain "x"`, []told{{2, `expected "and", "or" or an operator before "contain"`, "contains"}}},
	{`a starts with "x"`, []told{{2, `expected "and", "or" or an operator before "starts"`, "startsWith"}}},
	{`a is "x"`, []told{{2, `expected "and", "or" or an operator before "is"`, "=="}}},
	{`a is not "x"`, []told{{2, `expected "and", "or" or an operator before "is"`, "!="}}},
	{`a + 14 d`, []told{{4, `"14 d" is not possible: only days and weeks exist, written like 14d and 2w`, "14d"}}},
	{`a + 14days`, []told{{4, `"14days" is not possible: only days and weeks exist, written like 14d and 2w`, "14d"}}},
	{`a + 14D`, []told{{4, `"14D" is not possible: only days and weeks exist, written like 14d and 2w`, "14d"}}},
	{`a + 3m`, []told{{4, `"3m" is not possible: only days and weeks exist, written like 14d and 2w`, "90d"}}},
	{`a + 1y`, []told{{4, `"1y" is not possible: only days and weeks exist, written like 14d and 2w`, "365d"}}},
	{`a + 12h`, []told{{4, `"12h" is not possible: only days and weeks exist, written like 14d and 2w`, "1d"}}},
	{`a + 5min`, []told{{4, `"5min" is not possible: only days and weeks exist, written like 14d and 2w`, ""}}},
	{`a + 3 months`, []told{{4, `"3 months" is not possible: only days and weeks exist, written like 14d and 2w`, "90d"}}},
	{`a == 3.5`, []told{{5, `"3.5" is not a whole number; numbers with decimals are not possible`, ""}}},
	{`a == 01.03.2026`, []told{{5, `"01.03.2026" is not a number; a date is written date("2026-12-31"), a text in quotes`, ""}}},
	{`a == .5`, []told{{5, `".5" is not a whole number; numbers with decimals are not possible`, ""}}},
	{`a == 2026-01-01`, []told{{5, `a date is written date("2026-01-01")`, `date("2026-01-01")`}}},
	{`a == 0123`, []told{{5, `"0123" begins with 0, and numbers do not; if it is a text, write it in quotes`, `"0123"`}}},
	{`a == 1,000`, []told{{6, `a "," is only possible in lists [a, b] and calls f(a, b)`, ""}}},
	{`a == 12345678901234567890`, []told{{5, `the number "12345678901234567890" is too large; write a smaller one`, ""}}},
	{`a == 9223372036854775808`, []told{{5, `the number "9223372036854775808" is too large; write a smaller one`, ""}}},
	{`a == 2w3`, []told{{5, `"2w3" is neither a number nor a period such as 14d or 2w, and no name; a text needs quotes`, `"2w3"`}}},
	{`a == 3rd`, []told{{5, `"3rd" is neither a number nor a period such as 14d or 2w, and no name; a text needs quotes`, `"3rd"`}}},
	{`a + 99999999999999999999d`, []told{{4, `the number "99999999999999999999d" is too large; write a smaller one`, ""}}},
	{`a + 9223372036854775807w`, []told{{4, `the number "9223372036854775807w" is too large; write a smaller one`, ""}}},
	{`a == - 3`, []told{{5, `the "-" of a negative number stands directly before it`, "-3"}}},
	{`a == -x`, []told{{5, `expected a value after "==", found "-"`, ""}}},
	{`a + + b`, []told{{4, `a "+" stands between two values; remove it`, ""}}},
	{`+ b`, []told{{0, `a "+" stands between two values; remove it`, ""}}},
	{`- 3`, []told{{0, `the "-" of a negative number stands directly before it`, "-3"}}},
	{`größe == 3`, []told{{0, `the name "größe" may only have letters from a to z, digits and "_"; a text needs quotes`, `"größe"`}}},
	{`custom.größe == 3`, []told{{7, `"größe" cannot follow a dot; write it in brackets and quotes`, `custom["größe"]`}}},
	{`custom.2fa == true`, []told{{7, `"2fa" cannot follow a dot; write it in brackets and quotes`, `custom["2fa"]`}}},
	{`custom. == 3`, []told{{6, `a part of the name is missing after "custom."`, "custom"}}},
	{`a..b`, []told{{1, `a part of the name is missing after "a."`, "a"}, {2, `"." is only possible inside a name, such as custom.badge`, ""}}},
	{`a ? b : c`, []told{{2, `"?" has no meaning here; a text needs quotes`, ""}}},
	{`status: active`, []told{{6, `":" is not an operator; write "==" to compare`, "=="}}},
	{`a =~ "x"`, []told{{2, `"=~" is not an operator: there are no patterns; write "contains", "startsWith" or "endsWith"`, ""}}},
	{`a * 2`, []told{{2, `"*" is not an operator; only "+" and "-" calculate`, ""}}},
	{`a; b`, []told{{1, `";" has no meaning here; a text needs quotes`, ""}}},
	{`{a}`, []told{{0, `"{" is not possible; a list is written in square brackets`, `[`}}},
	{`a # comment`, []told{{2, `a comment is not possible here; remove it`, ""}}},
	{`a // c`, []told{{2, `a comment is not possible here; remove it`, ""}}},
	{`x == "a\d"`, []told{{7, `"\d" is not an escape; write \\ for a backslash`, `\\d`}}},
	{`x == "\u12"`, []told{{6, `\u needs four digits from 0 to 9 and a to f, such as \u00e9`, ""}}},
	{`x == "\ud83d\ude00" and "\ud83d"`, []told{{25, `"\ud83d" is half of a character; write the character itself`, ""}}},
	{`x ≠ 3`, []told{{2, `"≠" is not an operator; write "!="`, "!="}}},
	{`a – 3`, []told{{2, `"–" is not an operator; write "-"`, "-"}}},
	{`a == –3`, []told{{5, `"–" is not an operator; write "-"`, "-"}}},
	{`a !b`, []told{{3, `expected "in" after "!", found "b"`, "!="}}},
	{`x == "C:\"`, []told{{5, `the text that begins here is not closed; add " at its end`, ""}}},
	{`a, b`, []told{{1, `a "," is only possible in lists [a, b] and calls f(a, b)`, ""}}},
	{`a @ b`, []told{{2, `"@" has no meaning here; a text needs quotes`, ""}}},
	{"a TRUE", []told{
		{2, `"TRUE" is a word of the language and must be written "true"`, "true"},
		{2, `expected "and", "or" or an operator before "TRUE"`, ""},
	}},
	{`a == True`, []told{{5, `"True" is a word of the language and must be written "true"`, "true"}}},
	{`a and (b or c`, []told{{6, `the "(" that stands here is not closed; add ")"`, ""}}},
	{`f(a, (b)`, []told{{1, `the "(" that stands here is not closed; add ")"`, ""}}},
	{`x in ["a", "b"`, []told{{5, `the "[" that stands here is not closed; add "]"`, ""}}},
	{`x in ("a", b c)`, []told{{5, "a list is written in square brackets", `[`}, {13, `expected "and", "or", ")" or an operator before "c"`, ""}}},
	{`x ! contains "y"`, []told{{2, `"not" cannot stand before "contains"; write it before the whole comparison`, `not (x contains "y")`}}},
	{`department.lower()`, []told{{0, `"department.lower" is not a function: their names have no dot`, `lower(department)`}}},
	{"a adn b", []told{{2, `expected "and", "or" or an operator before "adn"`, "and"}}},
	{`a org == b`, []told{{2, `expected "and", "or" or an operator before "org"`, ""}}},
	{`a not_in ["x"]`, []told{{2, `expected "and", "or" or an operator before "not_in"`, "not in"}}},
	{`[a, 2`, []told{{0, `the "[" that stands here is not closed; add "]"`, ""}}},
	{`a == 014d`, []told{{5, `"014d" begins with 0; remove it`, ""}}},
	{`a == 3_000`, []told{{5, `"3_000" is neither a number nor a period such as 14d or 2w, and no name; a text needs quotes`, `"3_000"`}}},
	{`custom["a`, []told{{7, `the text that begins here is not closed; add " at its end`, ""}}},
	{`custom["a" b]`, []told{{11, `expected "]" before "b"`, `]`}}},
	{`a == “it’s”`, []told{{5, `“ is not a plain quote; write " before and after the text`, `"it’s"`}}},
	{`a == „Sales“`, []told{{5, `„ is not a plain quote; write " before and after the text`, `"Sales"`}}},
	{`a == ‘Sales’`, []told{{5, `‘ is not a plain quote; write ' before and after the text`, `'Sales'`}}},
	{`a == «Sales»`, []told{{5, `« is not a plain quote; write " before and after the text`, `"Sales"`}}},
	{`a == 'x“`, []told{{5, `the text that begins here is not closed; add ' at its end`, ""}}},
	{`“a”b`, []told{{0, `“ is not a plain quote; write " before and after the text`, `"a"`}, {7, `expected "and", "or" or an operator before "b"`, ""}}},
	{`lower(a).b`, []told{{8, `"." is only possible inside a name, such as custom.badge`, ""}}},
	{`f(a;b)`, []told{{3, `";" has no meaning here; a text needs quotes`, ""}}},
	{"!", []told{{1, `expected a condition after "!", found the end`, ""}}},
	{"a in", []told{{4, `expected a value after "in", found the end`, ""}}},
	{`a in ,`, []told{{5, `expected a value after "in", found ","`, ""}}},
	{"not in b", []told{{4, `expected a condition after "not", found "in"`, ""}}},
	{`a == not b`, []told{{5, `expected a value after "==", found "not"`, ""}}},
	{`a ≤ 3 and b ≥ 4`, []told{{2, `"≤" is not an operator; write "<="`, "<="}, {14, `"≥" is not an operator; write ">="`, ">="}}},
	{`a % 2`, []told{{2, `"%" is not an operator; only "+" and "-" calculate`, ""}}},
	{`$a`, []told{{0, `"$" has no meaning here; a text needs quotes`, ""}}},
	{`a == }`, []told{{5, `"}" is not possible; a list is written in square brackets`, `]`}}},
	{"1e5", []told{{0, `"1e5" is neither a number nor a period such as 14d or 2w, and no name; a text needs quotes`, `"1e5"`}}},
	{`a -`, []told{{3, `expected a value after "-", found the end`, ""}}},
	{`a - 3m`, []told{{4, `"3m" is not possible: only days and weeks exist, written like 14d and 2w`, "90d"}}},
	{`a == -3.5`, []told{{5, `"-3.5" is not a whole number; numbers with decimals are not possible`, ""}}},
	{`a == -1 y`, []told{{5, `"-1 y" is not possible: only days and weeks exist, written like 14d and 2w`, "-365d"}}},
	{`() `, []told{{1, `expected a value after "(", found ")"`, ""}}},
	{`a == ()`, []told{{6, `expected a value after "(", found ")"`, ""}}},
	{``, []told{{0, "the condition is empty", ""}}},
	{"  \n", []told{{0, "the condition is empty", ""}}},
	{"x == \"a\x01b\"", []told{{7, `there is an invisible character (U+0001) in this text; remove it, or write it as \u0001`, ""}}},
	{"x == \"a\nb\"", []told{{5, `the text that begins here is not closed on its line; add ", or write the line break as \n`, ""}}},
	{"x == \"a\rb\"", []told{{5, `the text that begins here is not closed on its line; add ", or write the line break as \n`, ""}}},
	{"x == \"a\u202eb\"", []told{{7, `there is an invisible character (U+202E) in this text; remove it, or write it as \u202e`, ""}}},
	{"x == \xff3", []told{{5, `this is not valid UTF-8: save the file in the encoding UTF-8`, ""}}},
	{"\"\xc3\" == x", []told{{1, `this is not valid UTF-8: save the file in the encoding UTF-8`, ""}}},
	{"x == `abc`", []told{{5, "` is not a plain quote; write ' before and after the text", `'abc'`}}},
	{"a\u00a0== \ufeff3", []told{
		{1, `there is a special space (U+00A0) here; type an ordinary one`, ""},
		{6, `there is a special space (U+FEFF) here; type an ordinary one`, ""},
	}},
	{"a ==\x00 3", []told{{4, "\"\ufffd\" has no meaning here; a text needs quotes", ""}}},
	{"a ==\n", []told{{4, `expected a value after "==", found the end`, ""}}},
	{"not (a ==\n  b) contains c == d", []told{
		{26, `"==" cannot follow another comparison; write two comparisons with "and" or "or" between them`, ""},
	}},
	{"1 <\nlevel < 5", []told{{10, `"<" cannot follow another comparison; write two comparisons with "and" or "or" between them`, ""}}},
	{"x == \"a\\\x01\"", []told{{7, "\"\\\ufffd\" is not an escape; write \\\\ for a backslash", ""}}},
	{`a not == b`, []told{{6, `expected "in" after "not", found "=="`, "!="}}},
	{"a not", []told{{5, `expected "in" after "not", found the end`, ""}}},
	{`a in b == c`, []told{{7, `"==" cannot follow another comparison; write two comparisons with "and" or "or" between them`, ""}}},
	{`x in ["a"] == true`, []told{{11, `"==" cannot follow another comparison; write two comparisons with "and" or "or" between them`, ""}}},
	{`a == b not in c`, []told{{7, `"not" cannot follow another comparison; write two comparisons with "and" or "or" between them`, ""}}},
	{`custom["a")`, []told{{10, `expected "]" before ")"`, `]`}}},
	{`(a,`, []told{{0, `the "(" that stands here is not closed; add ")"`, ""}, {0, "a list is written in square brackets", `[`}}},
	{`a is_not "x"`, []told{{2, `expected "and", "or" or an operator before "is_not"`, "!="}}},
	{"a xor b", []told{{2, `expected "and", "or" or an operator before "xor"`, ""}}},
	{`“a” b`, []told{
		{0, `“ is not a plain quote; write " before and after the text`, `"a"`},
		{8, `expected "and", "or" or an operator before "b"`, ""},
	}},
	{`x == "a" and y == "b’s`, []told{{18, `the text that begins here is not closed; add " at its end`, ""}}},
	{`a == 5.`, []told{{5, `"5." is not a whole number; numbers with decimals are not possible`, ""}}},
	{"`x", []told{{0, "` is not a plain quote; write '", `'`}}},
	{`department has "x"`, []told{{11, `expected "and", "or" or an operator before "has"`, "contains"}}},
	{`a + 2 weeks`, []told{{4, `"2 weeks" is not possible: only days and weeks exist, written like 14d and 2w`, "2w"}}},
	{`a + 1234567 m`, []told{{4, `"1234567 m" is not possible: only days and weeks exist, written like 14d and 2w`, ""}}},
	{`a == 3 something`, []told{{7, `expected "and", "or" or an operator before "something"`, ""}}},
	{`a == 2026-01-01x`, []told{
		{10, `"01" begins with 0, and numbers do not; if it is a text, write it in quotes`, `"01"`},
		{13, `"01x" is neither a number nor a period such as 14d or 2w, and no name; a text needs quotes`, `"01x"`},
	}},
	{`a == "\u12g4"`, []told{{6, `\u needs four digits from 0 to 9 and a to f, such as \u00e9`, ""}}},
	// Nothing long comes back whole.
	{`a == “` + repeat("z", 78) + `”`, []told{{5, `“ is not a plain quote; write " before and after the text`, `"` + repeat("z", 78) + `"`}}},
	{`a == “` + repeat("z", 79) + `”`, []told{{5, `“ is not a plain quote; write " before and after the text`, ""}}},
	{`x y` + repeat("z", 90), []told{{2, `expected "and", "or" or an operator before "y` + repeat("z", 39) + `…"`, ""}}},
	{`x "` + repeat("ä", 60) + `"`, []told{{2, `expected "and", "or" or an operator before "` + repeat("ä", 19) + `…`, ""}}},
	{repeat("größe", 30), []told{
		{0, `the name "` + repeat("größe", 5) + `grö…" may only have letters from a to z, digits and "_"; a text needs quotes`, ""},
	}},
	{`x == “` + repeat("z", 90) + `”`, []told{{5, `“ is not a plain quote; write " before and after the text`, ""}}},
	{repeat("9", 90), []told{{0, `the number "` + repeat("9", 40) + `…" is too large; write a smaller one`, ""}}},
}

func TestMistakes(t *testing.T) {
	for _, tt := range mistakes {
		node, problems := syntax.Parse(tt.text)
		assert.Nil(t, node, tt.text)
		var got []told
		for _, p := range problems {
			got = append(got, told{p.Pos, p.Message, p.Hint})
		}
		assert.Equal(t, tt.want, got, "%q", tt.text)
		sound(t, tt.text)
	}
}

// Words that stand where an operator must, and the operator that they mean.
func TestNearMisses(t *testing.T) {
	for want, words := range map[string]string{
		"and":        "adn und plus",
		"or":         "oder ro",
		"==":         "is eq equals",
		"!=":         "ne neq isnt is_not",
		"<":          "lt before",
		"<=":         "le lte",
		">":          "gt after",
		">=":         "ge gte",
		"in":         "isin one_of",
		"not in":     "not_in notin not-in",
		"contains":   "contain contians includes has like matches",
		"startsWith": "starts starts_with starts-with startWith beginsWith begins_with hasPrefix",
		"endsWith":   "ends ends_with ends-with endWith",
		"":           "department x a org " + repeat("contains", 3),
	} {
		for word := range strings.FieldsSeq(words) {
			_, problems := syntax.Parse("a " + word + " b")
			if assert.Len(t, problems, 1, word) {
				assert.Equal(t, 2, problems[0].Pos, word)
				assert.Equal(t, want, problems[0].Hint, word)
			}
		}
	}
	for _, good := range []string{"adn", "is", "starts_with == a", "f(is)", "has.contain"} {
		_, problems := syntax.Parse(good)
		assert.Empty(t, problems, "%s is a name elsewhere", good)
	}
}

// A hint is what to write instead: where it replaces what is wrong there, or all
// that is wrong, the text is good.
func TestHints(t *testing.T) {
	for _, tt := range []struct{ before, wrong, after string }{
		{"a ", "=", " b"},
		{"a ", "=>", " b"},
		{"a ", "<>", " b"},
		{"a ", "&", " b"},
		{"a ", "AND", " b"},
		{"", "NOT", " b"},
		{"a ", "startswith", " b"},
		{"a ", "starts_with", " b"},
		{"a ", "is", " b"},
		{"a ", "not_in", " []"},
		{"a == ", "“b”", " and c"},
		{"a == ", "‘b’", " and c"},
		{"a == ", "0123", ""},
		{"a == ", "2026-01-01", ""},
		{"a + ", "14 days", " == b"},
		{"a + ", "3m", " == b"},
		{"a == ", "- 3", ""},
		{"", "a == b == c", ""},
		{"", "contains(a, 'x')", " and b"},
		{"a in ", "('b', 'c')", ""},
		{"custom == ", "größe", ""},
		{"a == 'x", `\d`, "'"},
	} {
		text := tt.before + tt.wrong + tt.after
		_, problems := syntax.Parse(text)
		if assert.Len(t, problems, 1, text) {
			mended := tt.before + problems[0].Hint + tt.after
			_, problems = syntax.Parse(mended)
			assert.Empty(t, problems, "%s → %s", text, mended)
		}
	}
}
