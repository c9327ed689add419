package rules_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules"
)

// head begins a file that is complete so far.
const head = "rules: v1\nname: base\naccount: {app: everyone}\n"

func condition(text string) string {
	return head + "grants:\n  - id: g\n    when: " + text + "\n    give: app/group:g\n"
}

// manyGrants is a file with so many grants, which alone are close to 1 MiB.
func manyGrants(n int) string {
	var b strings.Builder
	b.WriteString(head + "grants:\n")
	for i := range n {
		fmt.Fprintf(&b, "- {id: g%d, when: everyone, give: app/group:g}\n", i)
	}
	return b.String()
}

// What is beyond a limit is one problem, and reading it takes no more memory than
// a few times its size.
func TestFileLimits(t *testing.T) {
	cases := []struct{ name, file, want string }{
		{"2,000 rules", manyGrants(2000), ""},
		{"2,001 rules", manyGrants(2001), "base.yaml:1:1: 2001 rules, counting attributes, choices, and the rows of a table for each grant that gives from it: at most 2000\n    rules: v1\n    ^"},
		{"100,000 rules", manyGrants(100_000), "base.yaml:1:1: the file has more than 1 MiB; split it into several files\n    rules: v1\n    ^"},
		{
			"100,000 parentheses", condition(strings.Repeat("(", 100_000) + "everyone" + strings.Repeat(")", 100_000)),
			"base.yaml:6:11: the condition has 200008 bytes, and 4096 is the limit; make several shorter rules of it\n    …",
		},
		{
			"2,000 parentheses", condition(strings.Repeat("(", 2000) + "everyone" + strings.Repeat(")", 2000)),
			"base.yaml:6:43: the condition is nested more than 32 levels deep",
		},
		{"a text of 5,000 bytes", condition(`department == "` + strings.Repeat("x", 5000) + `"`), "base.yaml:6:11: the condition has 5016 bytes, and 4096 is the limit; make several shorter rules of it"},
		{"10 MB", condition(`department == "` + strings.Repeat("x", 10_000_000) + `"`), "base.yaml:1:1: the file has more than 1 MiB; split it into several files\n    rules: v1\n    ^"},
		{"deep lists", head + "note: " + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + "\n", "base.yaml:4:"},
		{"deep mappings", head + "note: " + strings.Repeat("{a: ", 80) + "b" + strings.Repeat("}", 80) + "\n", "base.yaml:4:"},
		{"many ors", condition(strings.TrimSuffix(strings.Repeat("remote or ", 400), " or ")), "base.yaml:6:"},
		{"many nots", condition(strings.Repeat("not ", 100) + "everyone"), "base.yaml:6:"},
		{"many names", head + "grants:\n" + strings.Repeat("- {id: g, when: everyone, give: app/group:g}\n", 500), "base.yaml:6:8: two rules have the ID"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			data := []byte(c.file)
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			set, err := rules.Build(rules.File("base.yaml", data))
			runtime.ReadMemStats(&after)
			assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(64<<20))
			if c.want == "" {
				require.NoError(t, err)
				require.NotNil(t, set)
				return
			}
			require.Error(t, err)
			text := err.Error()
			if strings.Contains(c.want, "\n") && !strings.HasSuffix(c.want, "…") {
				assert.Equal(t, c.want, text)
			}
			assert.True(t, strings.HasPrefix(text, strings.TrimSuffix(c.want, "…")), "%s", text[:min(len(text), 500)])
			assert.Less(t, len(text), 200_000)
		})
	}
}

// Many mistakes take no longer than many rules do: hints stop after some.
func TestManyMistakes(t *testing.T) {
	var off, give strings.Builder
	off.WriteString("rules: v1\noff: [")
	give.WriteString("rules: v1\nnever:\n- {id: never, when: everyone, take: [")
	for i := range 50_000 {
		fmt.Fprintf(&off, "rule-%d, ", i)
	}
	for i := range 30_000 {
		fmt.Fprintf(&give, "app/group:%d, ", i)
	}
	base := rules.File("base.yaml", []byte(manyGrants(1999)))
	for name, file := range map[string]string{"off": off.String() + "x]\n", "never": give.String() + "app/group:x]}\n"} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := rules.Build(base, rules.File("acme.yaml", []byte(file)))
		runtime.ReadMemStats(&after)
		var problems rules.Problems
		require.ErrorAs(t, err, &problems, name)
		assert.Len(t, problems, 101, name)
		assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(512<<20), name)
	}
}
