package syntax_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules/internal/syntax"
)

// sound checks what holds for every text, and returns the tree.
func sound(t *testing.T, text string) *syntax.Node {
	t.Helper()
	node, problems := syntax.Parse(text)
	again, same := syntax.Parse(text)
	require.Equal(t, problems, same, "%q", text)
	require.Equal(t, node, again, "%q", text)
	require.Equal(t, node == nil, len(problems) > 0, "%q", text)
	last := 0
	for _, p := range problems {
		require.True(t, last <= p.Pos && p.Pos <= len(text), "%q: position %d", text, p.Pos)
		last = p.Pos
		readable(t, text, p.Message, 200)
		readable(t, text, p.Hint, 80)
		require.NotEmpty(t, p.Message, "%q", text)
	}
	if node != nil {
		nested(t, text, node, 0, len(text), 0)
	}
	return node
}

func readable(t *testing.T, text, message string, limit int) {
	t.Helper()
	require.LessOrEqual(t, len(message), limit, "%q: %s", text, message)
	require.True(t, utf8.ValidString(message), "%q: %q", text, message)
	require.False(t, strings.ContainsFunc(message, func(r rune) bool { return !unicode.IsPrint(r) }), "%q: %q", text, message)
}

// nested checks that a node lies between two offsets, has what its kind says,
// and means the same when its text stands alone.
func nested(t *testing.T, text string, n *syntax.Node, from, to, depth int) {
	t.Helper()
	require.True(t, from <= n.Pos && n.Pos <= n.Op && n.Op < n.End && n.End <= to, "%q: %d %d %d", text, n.Pos, n.Op, n.End)
	require.LessOrEqual(t, depth, syntax.MaxDepth)
	least, most := 0, 0
	switch n.Kind {
	case syntax.Or, syntax.And:
		least, most = 2, syntax.MaxTokens
	case syntax.Not:
		least, most = 1, 1
	case syntax.Compare, syntax.In, syntax.Match, syntax.Add, syntax.Sub:
		least, most = 2, 2
	case syntax.Call, syntax.List:
		most = syntax.MaxTokens
	default:
	}
	require.True(t, least <= len(n.Args) && len(n.Args) <= most, "%q: %d arguments", text, len(n.Args))
	require.Equal(t, len(n.Args), cap(n.Args), "%q: appending must not overwrite another node's arguments", text)
	require.True(t, utf8.ValidString(n.Text), "%q", text)
	alone, problems := syntax.Parse(text[n.Pos:n.End])
	require.Empty(t, problems, "%q in %q", text[n.Pos:n.End], text)
	require.Equal(t, dump(n), dump(alone), "%q", text)
	for _, arg := range n.Args {
		nested(t, text, arg, from, n.End, depth+1)
		from = arg.End
	}
}

// A tree that is written down in one of many ways is read as the same tree.
func TestWrittenAndRead(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	read := 0
	for range 3000 {
		text, want := (&writer{r}).condition(3)
		node, problems := syntax.Parse(text)
		if node == nil {
			require.Contains(t, problems[0].Message, "shorter rules", text)
			continue
		}
		require.Equal(t, want, dump(sound(t, text)), text)
		read++
	}
	assert.Greater(t, read, 2500)
}

// Any sequence of words is a tree or a problem.
func TestAnySequence(t *testing.T) {
	pieces := strings.Split("a|b.c|c[\"d\"]|(|)|[|]|,|+|-|3|-4|14d|2w|3m|0|007|1.5|\"x\"|'y'|\"|'|“z”|”|‘|and|or|not|in|contains|startsWith|"+
		"AND|Not|startswith|has|is|f(|==|=|!=|!|<|<=|=>|<>|&&|&|.|:|{|#|~|é|\\|\"\\u00e9\"|\"\\x\"|\n|\u00a0|\x00|\xff|2026-01-02|14 days", "|")
	pieces = append(pieces, "||", "|")
	r := rand.New(rand.NewPCG(3, 4))
	read, wrong := 0, 0
	for range 30000 {
		var b strings.Builder
		for range 1 + r.IntN(8) {
			b.WriteString(pieces[r.IntN(len(pieces))])
			if r.IntN(3) > 0 {
				b.WriteByte(' ')
			}
		}
		if sound(t, b.String()) != nil {
			read++
		} else {
			wrong++
		}
	}
	assert.Greater(t, read, 300)
	assert.Greater(t, wrong, 300)
}

// A writer writes random trees, and how they should be read.
type writer struct{ r *rand.Rand }

func (w *writer) pick(words ...string) string { return words[w.r.IntN(len(words))] }

// parentheses surround what may need them, and sometimes what does not.
func (w *writer) parentheses(needed bool, text string) string {
	if needed || w.r.IntN(6) == 0 {
		return w.pick("(", "( ", "(\n") + text + w.pick(")", " )")
	}
	return text
}

func (w *writer) condition(depth int) (text, want string) {
	switch w.r.IntN(5) {
	case 0, 1:
		if depth == 0 {
			break
		}
		word := w.pick("or", "and")
		sign := map[string]string{"or": "||", "and": "&&"}[word]
		want = "(" + word
		for i := range 2 + w.r.IntN(3) {
			if i > 0 {
				text += w.pick(" "+word+" ", " "+sign, sign+" ", "\t"+word+"\n")
			}
			x, s := w.condition(depth - 1)
			loose := strings.HasPrefix(s, "(or ") || strings.HasPrefix(s, "(and ") && word == "and"
			text, want = text+w.parentheses(loose, x), want+" "+s
		}
		return text, want + ")"
	case 2:
		if depth == 0 {
			break
		}
		x, s := w.condition(depth - 1)
		loose := strings.HasPrefix(s, "(or ") || strings.HasPrefix(s, "(and ")
		return w.pick("not ", "!", "! ") + w.parentheses(loose, x), "(not " + s + ")"
	}
	left, leftWant := w.sum(2)
	op := w.pick("==", "!=", "<", "<=", ">", ">=", "in", "not in", "contains", "startsWith", "endsWith")
	right, rightWant := w.sum(2)
	return left + " " + op + " " + right, fmt.Sprintf("(%s %s %s)", strings.ReplaceAll(op, " ", "-"), leftWant, rightWant)
}

func (w *writer) sum(depth int) (text, want string) {
	if depth == 0 || w.r.IntN(3) > 0 {
		return w.value(depth)
	}
	left, leftWant := w.sum(depth - 1)
	op := w.pick("+", "-")
	right, rightWant := w.sum(depth - 1)
	sum := strings.HasPrefix(rightWant, "(+ ") || strings.HasPrefix(rightWant, "(- ")
	return left + w.pick(" ", "\n ") + op + " " + w.parentheses(sum, right), fmt.Sprintf("(%s %s %s)", op, leftWant, rightWant)
}

func (w *writer) value(depth int) (text, want string) {
	switch n := w.r.IntN(8); {
	case n == 0 && depth > 0:
		var texts, wants []string
		for range w.r.IntN(8) {
			x, s := w.sum(depth - 1)
			texts, wants = append(texts, x), append(wants, s)
		}
		inside := strings.Join(texts, w.pick(",", ", ", " , "))
		if w.r.IntN(2) == 0 {
			return "[" + inside + "]", strings.Join(append([]string{"(list"}, wants...), " ") + ")"
		}
		return "f(" + inside + ")", strings.Join(append([]string{"(call f"}, wants...), " ") + ")"
	case n == 1:
		i := w.r.Int64N(2000) - 1000
		return fmt.Sprint(i), fmt.Sprint(i)
	case n == 2:
		i := w.r.Int64N(50)
		return fmt.Sprintf("%dw", i), fmt.Sprintf("%dd", 7*i)
	case n == 3:
		s := w.pick("", "a b", "it's", `say "x"`, `\`, "\n\t", "Zürich", "and")
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\u0009`).Replace(s) + `"`, fmt.Sprintf("%q", s)
	case n == 4:
		return `custom["odd name"]`, "|custom.odd name|"
	case n == 5:
		s := w.pick("true", "false")
		return s, s
	}
	s := w.pick("status", "custom.badge", "cost-center", "x", "_", "order")
	return s, s
}
