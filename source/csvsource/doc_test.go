package csvsource

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/columns"
)

var update = flag.Bool("update", false, "write the tables into doc.go")

// block lays out a table as preformatted text of a doc comment.
func block(names []string, words map[string][]string) string {
	var b strings.Builder
	for _, name := range names {
		line := fmt.Sprintf("%-24s", name)
		for _, word := range words[name] {
			if len(line)+len(word) > 92 {
				b.WriteString("//\t" + strings.TrimRight(line, " ") + "\n")
				line = strings.Repeat(" ", 24)
			}
			line += word + " "
		}
		b.WriteString("//\t" + strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}

func wordList[T interface {
	cmp.Ordered
	fmt.Stringer
}](byWord map[string]T,
) string {
	words, values := map[string][]string{}, map[T]bool{}
	for word, value := range byWord {
		words[value.String()] = append(words[value.String()], word)
		values[value] = true
	}
	var names []string
	for _, value := range slices.Sorted(maps.Keys(values)) {
		names = append(names, value.String())
		slices.Sort(words[value.String()])
	}
	return block(names, words)
}

// The documentation says what the tables say.
func TestDocumentation(t *testing.T) {
	var fields []string
	headings := map[string][]string{}
	for _, u := range columns.UsualHeadings() {
		fields = append(fields, u.Field)
		headings[u.Field] = u.Headings
	}
	want := []string{block(fields, headings), wordList(columns.StatusWords()), wordList(columns.EmploymentWords())}
	doc, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	_, tables, found := strings.Cut(string(doc), "# Usual headings")
	require.True(t, found)
	preformatted := regexp.MustCompile(`(?m)(^//\t.*\n)+`)
	if *update {
		n := 0
		written := preformatted.ReplaceAllStringFunc(tables, func(string) string { n++; return want[n-1] })
		require.NoError(t, os.WriteFile("doc.go", []byte(strings.TrimSuffix(string(doc), tables)+written), 0o600))
		return
	}
	assert.Equal(t, want, preformatted.FindAllString(tables, -1), "run the test with -update")
}

// Every heading and word is in the form in which it is compared, belongs to a
// field, and leads where the table says.
func TestTables(t *testing.T) {
	for _, u := range columns.UsualHeadings() {
		f, ok := source.Field(u.Field)
		assert.True(t, ok && !f.ReadOnly, u.Field)
		for _, h := range u.Headings {
			assert.Equal(t, columns.Fold(h), h)
		}
	}
	words := 0
	for _, list := range []int{len(columns.StatusWords()), len(columns.EmploymentWords())} {
		words += list
	}
	for word := range columns.StatusWords() {
		assert.Equal(t, columns.Fold(word), word)
	}
	for word := range columns.EmploymentWords() {
		assert.Equal(t, columns.Fold(word), word)
	}
	assert.Greater(t, words, 50)
}
