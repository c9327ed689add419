package document_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules/internal/document"
)

func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		string(fiftyRules())[:1500], "a: \"b\" c\n", "{\"a\": [1, \"\\u00e9\"]}", "a: >-\n  b\n\n   c\n", "a: |2\n   b\n",
		"\ufeffa: 'b''c'\r\n", "a: &x [*x, !y z]\n", "? |\n  a\n: b\n", "a: b\n---\n%YAML 1.2\n", "\t- a\x00\n", "a: it's: b\n{",
		"- a\n- - b: c\n", "a: \"b\\\n  c\n\n  d\"\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		given := string(data)
		file, root, problems := document.Read("x.yaml", data)
		require.Equal(t, given, string(data), "the input is not changed")
		lines := strings.Split(strings.TrimPrefix(given, "\ufeff"), "\n")
		inside := func(line, column int) {
			t.Helper()
			require.True(t, line >= 1 && line <= len(lines), "line %d of %d", line, len(lines))
			require.True(t, column >= 1 && column <= utf8.RuneCountInString(lines[line-1])+1, "column %d in %q", column, lines[line-1])
		}
		for _, p := range problems {
			inside(p.Line, p.Column)
			require.NotEmpty(t, p.Message)
			require.True(t, utf8.ValidString(p.Message+p.Hint))
			text, caret := file.Excerpt(p.Line, p.Column)
			require.LessOrEqual(t, caret, utf8.RuneCountInString(text))
			require.LessOrEqual(t, utf8.RuneCountInString(text), 122)
		}
		require.True(t, root != nil || len(problems) > 0, "a tree, or a reason why there is none")
		var walk func(v *document.Value)
		walk = func(v *document.Value) {
			inside(v.Line, v.Column)
			for i := 0; i <= len(v.Text); i++ {
				inside(v.At(i))
			}
			for i := range v.Pairs {
				require.Equal(t, document.Scalar, v.Pairs[i].Key.Kind)
				walk(&v.Pairs[i].Key)
				walk(v.Pairs[i].Value)
			}
			for _, item := range v.Items {
				walk(item)
			}
		}
		if root != nil {
			walk(root)
		}
		_, again, same := document.Read("x.yaml", data)
		require.Equal(t, problems, same)
		require.Equal(t, root == nil, again == nil)
	})
}
