package syntax_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules/internal/syntax"
)

func repeat(s string, n int) string { return strings.Repeat(s, n) }

func TestLimits(t *testing.T) {
	const (
		long   = "the condition has more than 512 words and signs; make several shorter rules of it"
		deep   = "the condition is nested more than 32 levels deep; make several shorter rules of it"
		beyond = "; make several shorter rules of it"
	)
	for _, tt := range []struct {
		name, good, bad string
		pos             int
		message         string
	}{
		{"bytes", `"` + repeat("x", 4094) + `"`, `"` + repeat("x", 4095) + `"`, 0, "the condition has 4097 bytes, and 4096 is the limit" + beyond},
		{"white space", "a" + repeat(" ", 4095), "a" + repeat(" ", 4096), 0, "the condition has 4097 bytes, and 4096 is the limit" + beyond},
		{"tokens", repeat("a or ", 255) + "!a", repeat("a or ", 256) + "a", 5 * 256, long},
		{"tokens in a list", "[a" + repeat(",a", 254) + " ]", "[a" + repeat(",a", 255) + " ]", 513, long},
		{"parentheses", repeat("(", 32) + "a" + repeat(")", 32), repeat("(", 33) + "a" + repeat(")", 33), 32, deep},
		{"lists", repeat("[", 32) + repeat("]", 32), repeat("[", 33) + repeat("]", 33), 32, deep},
		{"calls", repeat("f(", 32) + repeat(")", 32), repeat("f(", 33) + repeat(")", 33), 65, deep},
		{"nots", repeat("!", 32) + "a", repeat("!", 33) + "a", 32, deep},
		{"sums", "a" + repeat("+a", 32), "a" + repeat("+a", 33), 65, deep},
		{"parentheses around an operator", repeat("(", 31) + "a == b" + repeat(")", 31), repeat("(", 32) + "a == b" + repeat(")", 32), 0, deep},
		{"operators", repeat("(a and ", 16) + "b" + repeat(")", 16), repeat("(a and ", 16) + "b or c" + repeat(")", 16), 0, deep},
		{"operators to the left", repeat("(", 16) + "b" + repeat(" and a)", 16), "c or " + repeat("(", 16) + "b" + repeat(" and a)", 16), 2, deep},
	} {
		require.NotNil(t, sound(t, tt.good), tt.name)
		sound(t, tt.bad)
		_, problems := syntax.Parse(tt.bad)
		assert.Equal(t, []syntax.Problem{{Pos: tt.pos, Message: tt.message}}, problems, tt.name)
	}
}

// What stands side by side is not nested.
func TestSideBySide(t *testing.T) {
	for _, part := range []string{"(a)", "!a", "f(a)", "[a]", `c["x"]`, "(a == b)", "a + b < c"} {
		require.NotNil(t, sound(t, part+repeat(" and "+part, 50)), part)
	}
	require.NotNil(t, sound(t, "f("+repeat("[(!a)], ", 50)+"a)"))
}

// A limit is one problem, whatever else is wrong.
func TestLimitsAreOneProblem(t *testing.T) {
	for _, text := range []string{
		"a = b AND " + repeat("(", 100), "a = b " + repeat("and a ", 300), "x == \xff" + repeat(" ", 5000),
		"a == b == " + repeat("(", 100), "a not contains " + repeat("[", 100), "contains(" + repeat("(", 100), "(a, " + repeat("(", 100), "a.b(" + repeat("(", 100),
	} {
		_, problems := syntax.Parse(text)
		require.Len(t, problems, 1)
		assert.Contains(t, problems[0].Message, "make several shorter rules of it")
	}
}

// No text takes long, and none comes back in a message.
func TestHuge(t *testing.T) {
	for name, text := range map[string]string{
		"parentheses":   repeat("(", 100_000) + "a" + repeat(")", 100_000),
		"nots":          repeat("not ", 1_000_000) + "a",
		"a text":        `"` + repeat("x", 10<<20) + `"`,
		"no end":        `"` + repeat("x", 10<<20),
		"a name":        repeat("x", 10<<20),
		"a number":      repeat("9", 10<<20),
		"no characters": repeat("\xff", 10<<20),
	} {
		allocated := testing.AllocsPerRun(1, func() { syntax.Parse(text) })
		assert.Less(t, allocated, 10.0, name)
		_, problems := syntax.Parse(text)
		require.Len(t, problems, 1, name)
		assert.Less(t, len(problems[0].Message), 200, name)
		for _, cut := range []int{4096, 4095, 4000} {
			sound(t, text[:cut])
		}
	}
}

// Hundreds of mistakes are told as the first few.
func TestManyMistakes(t *testing.T) {
	_, problems := syntax.Parse("a = 1" + repeat(" and a = 1", 120))
	require.Len(t, problems, 10)
	assert.Equal(t, 2, problems[0].Pos)
	assert.Equal(t, 92, problems[9].Pos)
}

// A tree takes two pieces of memory, and a third for a name or text that is put
// together.
func TestAllocations(t *testing.T) {
	for _, text := range typical {
		assert.LessOrEqual(t, testing.AllocsPerRun(10, func() { syntax.Parse(text) }), 3.0, text)
	}
}
