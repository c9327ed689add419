package document_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules/internal/document"
)

// draw writes a tree with the position of each value.
func draw(v *document.Value) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d:%d", v.Line, v.Column)
	switch v.Kind {
	case document.Mapping:
		b.WriteByte('{')
		for i := range v.Pairs {
			fmt.Fprintf(&b, " %s=%s", draw(&v.Pairs[i].Key), draw(v.Pairs[i].Value))
		}
		b.WriteByte('}')
	case document.Sequence:
		b.WriteByte('[')
		for _, item := range v.Items {
			b.WriteString(" " + draw(item))
		}
		b.WriteByte(']')
	case document.Null:
		b.WriteString("null")
	case document.Scalar:
		fmt.Fprintf(&b, "%q", v.Text)
		if v.Quoted {
			b.WriteByte('q')
		}
	}
	return b.String()
}

func TestGoodFiles(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{
			"as written", "a: NO\nb: 0123\nc: 2026-01-01\nd: on\ne: 1e3\n",
			`1:1{ 1:1"a"=1:4"NO" 2:1"b"=2:4"0123" 3:1"c"=3:4"2026-01-01" 4:1"d"=4:4"on" 5:1"e"=5:4"1e3"}`,
		},
		{
			"null", "a:\nb: ~\nc: null\nd: 'null'\ne: \"\"\nf: nil\n",
			`1:1{ 1:1"a"=1:3null 2:1"b"=2:4null 3:1"c"=3:4null 4:1"d"=4:4"null"q 5:1"e"=5:4""q 6:1"f"=6:4"nil"}`,
		},
		{"quotes", "a: 'it''s'\nb: \"x\\u00e9\\n\"\n\"c\": d\n", `1:1{ 1:1"a"=1:4"it's"q 2:1"b"=2:4"xé\n"q 3:1"c"q=3:6"d"}`},
		{"condition in quotes", "when: '\"a\" in groups'\n", `1:1{ 1:1"when"=1:7"\"a\" in groups"q}`},
		{"literal", "a: |\n  b\n   c\n\nd: |-\n e\n", `1:1{ 1:1"a"=1:4"b\n c\n" 5:1"d"=5:4"e"}`},
		{"folded", "a: >-\n  b\n  c\n\n  d\n", `1:1{ 1:1"a"=1:4"b c\nd"}`},
		{"several lines", "a: b\n  c\nd: 'e\n\n  f'\n", `1:1{ 1:1"a"=1:4"b c" 3:1"d"=3:4"e\nf"q}`},
		{"lists", "a:\n- b\n- [c, {d: e}]\n-\n- - f\n", `1:1{ 1:1"a"=2:1[ 2:3"b" 3:3[ 3:4"c" 3:7{ 3:8"d"=3:11"e"}] 4:2null 5:3[ 5:5"f"]]}`},
		{"empty collections", "a: {}\nb: []\n", `1:1{ 1:1"a"=1:4{} 2:1"b"=2:4[]}`},
		{"characters", "é: {ö: \"😀\", b: c} # ü\n", `1:1{ 1:1"é"=1:4{ 1:5"ö"=1:8"😀"q 1:13"b"=1:16"c"}}`},
		{"byte order mark", "\ufeffa: b\n", `1:1{ 1:1"a"=1:4"b"}`},
		{"CRLF", "a: b\r\nc: |\r\n  d\r\n  e\r\n", `1:1{ 1:1"a"=1:4"b" 2:1"c"=2:4"d\ne\n"}`},
		{"no line break at the end", "a: b", `1:1{ 1:1"a"=1:4"b"}`},
		{"document marks", "# c\n---\na: b\n...\n", `3:1{ 3:1"a"=3:4"b"}`},
		{"merge key in quotes", "'<<': b\nc: <<\n", `1:1{ 1:1"<<"q=1:7"b" 2:1"c"=2:4"<<"}`},
		{"tab that does not indent", "a:\tb\t# c\nd: |\n  \te\n", "1:1{ 1:1\"a\"=1:4\"b\" 2:1\"d\"=2:4\"\\te\\n\"}"},
		{"percent within", "a: |\n  %b\nc: 5%\n", `1:1{ 1:1"a"=1:4"%b\n" 3:1"c"=3:4"5%"}`},
		{"JSON", `{"a":[1,true,null,"x\/\u00e9"],"b":{}}`, `1:1{ 1:2"a"q=1:6[ 1:7"1" 1:9"true" 1:14null 1:19"x/é"q] 1:32"b"q=1:36{}}`},
		{"JSON with tabs", "{\n\t\"a\": [\n\t\t1,\n\t\t\"b\"\n\t]\n}\n", `1:1{ 2:2"a"q=2:7[ 3:3"1" 4:3"b"q]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, root, problems := document.Read("good.yaml", []byte(c.text))
			require.Empty(t, problems)
			assert.Equal(t, c.want, draw(root))
			assert.Equal(t, "good.yaml", f.Name())
		})
	}
}

// With problems that leave a tree, the rest of it is there.
func TestTreeBesideProblems(t *testing.T) {
	_, root, problems := document.Read("x.yaml", []byte("a: &x 1\nb: *x\na: 2\n<<: {c: d}\n[e]: f\ng: h\n"))
	assert.Len(t, problems, 5)
	require.NotNil(t, root)
	assert.Equal(t, `1:1{ 1:1"a"=1:4"1" 2:1"b"=2:4null 6:1"g"=6:4"h"}`, draw(root))
	_, root, problems = document.Read("x.yaml", []byte("a: @b\nc: 1\nc: 2\n"))
	assert.Len(t, problems, 2)
	assert.Nil(t, root, "it would hold a value that nobody wrote")
}

// Many keys are compared in another way than few.
func TestDuplicatesAmongManyKeys(t *testing.T) {
	var b strings.Builder
	for i := range 40 {
		fmt.Fprintf(&b, "k%d: x\n", i)
	}
	b.WriteString("k3: y\nk39: z\nk3: y\n")
	_, root, problems := document.Read("x.yaml", []byte(b.String()))
	assert.Equal(t, []string{
		`41:1: the key "k3" is here twice, first in line 4 | keep one of the two`,
		`42:1: the key "k39" is here twice, first in line 40 | keep one of the two`,
		`43:1: the key "k3" is here twice, first in line 4 | keep one of the two`,
	}, told(problems))
	assert.Len(t, root.Pairs, 40)
}

func TestLimits(t *testing.T) {
	deep := func(n int) string { return "a: " + strings.Repeat("[", n) + strings.Repeat("]", n) }
	block := func(n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.Repeat(" ", i) + "a:\n")
		}
		return b.String()
	}
	const tooDeep = "there are more than 64 levels of lists and mappings here | take some of the levels away"
	const tooMany = "the file has more than 200,000 keys and values | split it into several files"
	for _, c := range []struct{ name, text, want string }{
		{"63 lists in a mapping", deep(63), ""},
		{"64 lists in a mapping", deep(64), "1:67: " + tooDeep},
		{"65 lists in a mapping", deep(65), "1:68: " + tooDeep},
		{"open lists", strings.Repeat("[", 100_000), "1:65: " + tooDeep},
		{"open mappings", strings.Repeat("{a: ", 100_000), "1:257: " + tooDeep},
		{"64 mappings", block(64), ""},
		{"65 mappings", block(65), "65:65: " + tooDeep},
		{"items of items", "a:\n" + strings.Repeat("- ", 200_000), "2:129: " + tooDeep},
		{"bytes", "a: " + strings.Repeat("b", document.MaxBytes-3), ""},
		{"one byte more", "a: " + strings.Repeat("b", document.MaxBytes-2), "1:1: the file has more than 1 MiB | split it into several files"},
		{"10 MB", strings.Repeat("a: b\n", 2_000_000), "1:1: the file has more than 1 MiB | split it into several files"},
		{"200,000 values", "a: [" + strings.Repeat("b,", document.MaxNodes-3) + "]", ""},
		{"one more", "a: [" + strings.Repeat("b,", document.MaxNodes-2) + "]", "1:399999: " + tooMany},
		{"as many as fit", "a: [" + strings.Repeat("b,", 500_000) + "]", "1:800002: " + tooMany},
		{"aliases", "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n", "1:4: anchors (&name) are not allowed | remove the anchor, or put a text that begins with & in single quotes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := []byte(c.text)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, _, problems := document.Read("x.yaml", data)
			runtime.ReadMemStats(&after)
			if c.want == "" {
				require.Empty(t, problems)
			} else {
				require.NotEmpty(t, problems)
				assert.Equal(t, c.want, told(problems)[0])
			}
			assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(256<<20))
		})
	}
}

func TestManyProblems(t *testing.T) {
	_, _, problems := document.Read("x.yaml", []byte(strings.Repeat("a: &x b\n", 50_000)))
	require.Len(t, problems, 101)
	assert.Equal(t, "there are more problems, which are not listed", problems[100].Message)
	_, root, problems := document.Read("x.yaml", []byte(strings.Repeat("\x7f\xff\x01\n", 200_000)))
	assert.Len(t, problems, 20, "no text at all")
	assert.Nil(t, root)
	_, root, problems = document.Read("x.yaml", []byte("a:\n"+strings.Repeat("  - @b\n", 100)))
	assert.Len(t, problems, 21, "of syntax")
	assert.Nil(t, root)
}

func TestExcerpt(t *testing.T) {
	f, _, _ := document.Read("x.yaml", []byte("\ufeffa: b\r\n\tü\x1b\xff\u202e: c\n"+strings.Repeat("d", 100)+"X"+strings.Repeat("e", 100)+"Y"))
	for _, c := range []struct {
		line, column int
		text         string
		caret        int
	}{
		{1, 1, "a: b", 0},
		{1, 5, "a: b", 4},
		{1, 9, "a: b", 4},
		{2, 3, "\tü���: c", 2},
		{3, 1, strings.Repeat("d", 100) + "X" + strings.Repeat("e", 19) + "…", 0},
		{3, 101, "…" + strings.Repeat("d", 60) + "X" + strings.Repeat("e", 59) + "…", 61},
		{3, 202, "…" + strings.Repeat("d", 18) + "X" + strings.Repeat("e", 100) + "Y", 120},
		{0, 1, "", 0},
		{4, 1, "", 0},
	} {
		text, caret := f.Excerpt(c.line, c.column)
		assert.Equal(t, c.text, text, "%d:%d", c.line, c.column)
		assert.Equal(t, c.caret, caret, "%d:%d", c.line, c.column)
	}
}
