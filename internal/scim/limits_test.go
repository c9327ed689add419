package scim_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/scim"
)

func terms(n int) string {
	return strings.Repeat("title pr or ", n-1) + "title pr"
}

// Each limit holds exactly, and its error says what it is.
func TestLimits(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("(", n) + "title pr" + strings.Repeat(")", n) }
	for text, want := range map[string]string{
		"title pr" + strings.Repeat(" ", 8192-8): "",
		"title pr" + strings.Repeat(" ", 8192-7): "filter, character 8193: longer than the limit of 8192 bytes (invalidFilter)",
		nested(32):                               "",
		nested(33):                               "filter, character 33: nested deeper than the limit of 32 levels (invalidFilter)",
		strings.Repeat("not(", 32) + "title pr" + strings.Repeat(")", 32):     "",
		strings.Repeat("not(", 33) + "title pr" + strings.Repeat(")", 33):     "filter, character 132: nested deeper than the limit of 32 levels (invalidFilter)",
		strings.Repeat("(", 31) + "emails[type pr]" + strings.Repeat(")", 31): "",
		strings.Repeat("(", 32) + "emails[type pr]" + strings.Repeat(")", 32): "filter, character 39: nested deeper than the limit of 32 levels (invalidFilter)",
		terms(199): "",
		terms(200): "filter, character 2389: more than the limit of 200 comparisons and operators; ask in several requests (invalidFilter)",
	} {
		_, err := scim.ParseFilter(text, person(), scim.Limits{})
		if want == "" {
			assert.NoError(t, err)
		} else {
			assert.EqualError(t, err, want)
		}
	}
	_, err := scim.ParsePath(`emails[`+strings.Repeat("(", 32), person(), scim.Limits{})
	assert.EqualError(t, err, "path, character 39: nested deeper than the limit of 32 levels (invalidFilter)")
	_, err = scim.ParsePath(`emails[`+strings.Repeat("(", 8192), person(), scim.Limits{})
	assert.EqualError(t, err, "path, character 8193: longer than the limit of 8192 bytes (invalidPath)")
	_, err = scim.ParseAttribute(strings.Repeat("a", 8193), person())
	assert.EqualError(t, err, "attribute, character 8193: longer than the limit of 8192 bytes (invalidPath)")
	_, err = scim.ParseFilter("title pr or title pr", person(), scim.Limits{Nodes: 2})
	assert.EqualError(t, err, "filter, character 10: more than the limit of 2 comparisons and operators; ask in several requests (invalidFilter)")
}

// Whatever the length that is allowed, reading stops where a limit is reached, before
// memory is used.
func TestAbuse(t *testing.T) {
	long := scim.Limits{Length: 1 << 30}
	for name, text := range map[string]string{
		"parentheses": strings.Repeat("(", 100_000),
		"closed":      strings.Repeat("(", 100_000) + "title pr" + strings.Repeat(")", 100_000),
		"not":         strings.Repeat("not (", 100_000),
		"brackets":    strings.Repeat("emails[", 100_000),
		"or":          terms(8000),
		"and":         strings.ReplaceAll(terms(8000), " or ", " and "),
		"mixed":       strings.Repeat("title pr and not (title pr) or ", 8000) + "title pr",
		"name":        strings.Repeat("a", 1<<20) + " pr",
		"urn":         "urn:" + strings.Repeat("a:", 1<<20) + " pr",
		"operator":    "title " + strings.Repeat("a", 1<<20),
		"word":        "title eq " + strings.Repeat("a", 1<<20) + "(",
		"quote":       `title eq "` + strings.Repeat("a", 1<<20),
	} {
		for _, l := range []scim.Limits{{}, long} {
			err := error(nil)
			allocs := testing.AllocsPerRun(1, func() { _, err = scim.ParseFilter(text, person(), l) })
			var told *scim.Error
			require.ErrorAs(t, err, &told, name)
			assert.Equal(t, http.StatusBadRequest, told.Status, name)
			assert.Equal(t, scim.InvalidFilter, told.Type, name)
			assert.Less(t, len(told.Detail), 1000, name)
			assert.Less(t, allocs, 1000., name)
		}
	}
}

func TestNotText(t *testing.T) {
	_, err := scim.ParseFilter("title eq \"é\xff\"", person(), scim.Limits{})
	assert.EqualError(t, err, "filter, character 12: not valid UTF-8 (invalidFilter)")
	_, err = scim.ParseFilter("title eq \"�\"", person(), scim.Limits{})
	assert.NoError(t, err)
	_, err = scim.ParseFilter("title eq \"a\x00\"", person(), scim.Limits{})
	assert.EqualError(t, err, `filter, character 12: a control character in a string is written as an escape such as \n (invalidFilter)`)
	_, err = scim.ParseFilter("title pr\x00", person(), scim.Limits{})
	assert.EqualError(t, err, `filter, character 9: and, or or the end is expected here (invalidFilter)`)
	_, err = scim.ParseFilter("", person(), scim.Limits{})
	assert.EqualError(t, err, `filter, character 1: empty: write a comparison such as userName eq "ana", or leave the filter out (invalidFilter)`)
	_, err = scim.ParsePath("", person(), scim.Limits{})
	assert.EqualError(t, err, `path, character 1: empty: name an attribute, or leave the path out (invalidPath)`)
}

// Filters hold what people are called, and errors are logged.
func TestErrorsRepeatNoValues(t *testing.T) {
	const value = "hunter2"
	for _, text := range []string{
		`password eq "hunter2"`, `userName eq "hunter2`, `userName eq "hunter2\x"`, `active eq "hunter2"`, `active eq hunter2`, `age eq "hunter2"`,
		`age eq hunter2`, `started eq "hunter2"`, `started gt hunter2`, `userName eq x hunter2`, `userName eq hunter2 pr`, `userName "hunter2"`, `userName hunter2`,
		`"hunter2" eq userName`, `hunter2@acme.example eq userName`, `name eq "hunter2"`, `emails[type eq "work"] eq "hunter2"`, `userName eq hunter2(`,
		`userName eq 'hunter2'`, `userName co "hunter2" title`, `active co "hunter2"`, `urn:é:hunter2 pr`,
	} {
		_, err := scim.ParseFilter(text, person(), scim.Limits{})
		require.Error(t, err, text)
		assert.NotContains(t, err.Error(), value, text)
	}
}
