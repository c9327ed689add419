package rules_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
)

// sampleFiles are rule files, good ones and ones with mistakes.
func sampleFiles(t testing.TB) [][]byte {
	t.Helper()
	names, err := filepath.Glob("testdata/files/*.yaml")
	require.NoError(t, err)
	var out [][]byte
	for _, name := range names {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		out = append(out, data)
	}
	archive, err := txtar.ParseFile("testdata/mistakes.txtar")
	require.NoError(t, err)
	for _, c := range mistakes(t, archive) {
		out = append(out, c.layers[0].Data)
	}
	return out
}

// checkProblems checks what every problem of a file has: a place within the file,
// and one line that can be shown.
func checkProblems(t testing.TB, data []byte, err error) {
	t.Helper()
	var problems rules.Problems
	require.ErrorAs(t, err, &problems)
	require.NotEmpty(t, problems)
	lines := strings.Split(strings.TrimPrefix(string(data), "\ufeff"), "\n")
	for _, p := range problems {
		require.False(t, p.Pos.IsZero(), "%s", p)
		require.Equal(t, "fuzz.yaml", p.Pos.File)
		require.True(t, p.Pos.Line >= 1 && p.Pos.Line <= len(lines), "%s", p)
		require.True(t, p.Pos.Column >= 1 && p.Pos.Column <= utf8.RuneCountInString(lines[p.Pos.Line-1])+1, "%s", p)
		require.True(t, p.Caret >= 0 && p.Caret <= utf8.RuneCountInString(p.Excerpt), "%s", p)
		require.NotEmpty(t, p.Message)
		for _, text := range []string{p.Message, p.Hint} {
			require.True(t, utf8.ValidString(text), "%q", text)
			require.False(t, strings.ContainsFunc(text, unicode.IsControl), "%q", text)
		}
		for _, word := range []string{"rules.", "Spec.", "WithLayers", "PreHire", "EnableBefore", "IfMissing", "<wrong>", "<nothing>", "!!"} {
			require.False(t, strings.Contains(p.Message, word) && !strings.Contains(string(data), word), "Go in a message: %s", p.Message)
		}
	}
}

// checkFile reads a file twice and checks what follows.
func checkFile(t testing.TB, data []byte) {
	t.Helper()
	spec := rules.File("fuzz.yaml", data)
	set, err := rules.Build(spec)
	_, again := rules.Build(rules.File("fuzz.yaml", data))
	if err != nil {
		assert.Nil(t, set)
		require.Error(t, again)
		require.Equal(t, err.Error(), again.Error())
		checkProblems(t, data, err)
		return
	}
	require.NoError(t, again)
	back, err := rules.Build(reread(t, &spec))
	require.NoError(t, err)
	require.Equal(t, set.Hash(), back.Hash())
	p := rules.Person{Identity: &source.Identity{ID: "E1", Status: source.Active, Department: source.Named("Sales")}}
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	require.Empty(t, same(set.Decide(p, at), back.Decide(p, at)))
}

// FuzzFile: whatever is in a file, it is read the same way twice, each problem has
// its place, and what is read can be written.
func FuzzFile(f *testing.F) {
	for _, data := range sampleFiles(f) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) { checkFile(t, data) })
}

// FuzzCondition is FuzzFile for a text as a condition and as a value.
func FuzzCondition(f *testing.F) {
	archive, err := txtar.ParseFile("testdata/mistakes.txtar")
	require.NoError(f, err)
	for _, c := range mistakes(f, archive) {
		for line := range strings.Lines(string(c.layers[0].Data)) {
			if _, text, ok := strings.Cut(line, "when: "); ok {
				f.Add(strings.Trim(text, "'\n"))
			}
			if _, text, ok := strings.Cut(line, "to: "); ok {
				f.Add(strings.Trim(text, "'\n"))
			}
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		quoted := "'" + strings.ReplaceAll(strings.ReplaceAll(text, "\n", " "), "'", "''") + "'"
		checkFile(t, []byte("rules: v1\nname: fuzz\naccount: {app: everyone}\nfields: {level: int, site: text, review: date, remote: bool, skills: list}\n"+
			"grants:\n  - {id: g, give: app/group:g, when: "+quoted+"}\n"))
		checkFile(t, []byte("rules: v1\nname: fuzz\naccount: {app: everyone}\nattributes:\n  app: [{set: x, to: "+quoted+"}]\n"))
	})
}

// Every problem of a mistake stands in its file, once, and speaks of files.
func TestMistakesStandInTheirFiles(t *testing.T) {
	for _, data := range sampleFiles(t) {
		checkFile(t, data)
	}
	_, err := rules.Build(rules.File("fuzz.yaml", []byte("rules: v1\nname: x\nscope: statu == \"a\"\n")))
	var problem *rules.Problem
	require.True(t, errors.As(err, &problem))
}
