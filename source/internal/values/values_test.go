package values_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/jsonscan"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/setters"
	"github.com/provision-go/provision/source/internal/values"
)

// fill fills a field from JSON and returns what it says then, and what is wrong.
func fill(t *testing.T, field, text string) (string, string) {
	t.Helper()
	spec, known := source.Field(field)
	require.True(t, known)
	s := jsonscan.New([]byte(text))
	v, err := s.Value()
	require.NoError(t, err)
	var i source.Identity
	value := values.Of(v)
	target := values.Target{Field: spec, Set: setters.Text(field)}
	fault := target.Fill(&i, &value)
	return spec.Text(&i), fault
}

func TestFill(t *testing.T) {
	for _, c := range []struct{ field, text, want, fault string }{
		{"job_title", `"Engineer"`, "Engineer", ""},
		{"job_title", `7`, "7", ""},
		{"job_title", `{"id":"4","name":"Engineer"}`, "Engineer", ""},
		{"job_title", `{"value":"Engineer"}`, "Engineer", ""},
		{"job_title", `{"id":"4"}`, "", "it is no text"},
		{"job_title", `["a","b"]`, "", "it has several values"},
		{"custom.tools", `["b",{"name":"a"}]`, "a, b", ""},
		{"custom.tools", `[["b"]]`, "", "it is a list of something else than texts"},
		{"hire_date", `"2026-03-01T00:00:00.000Z"`, "2026-03-01", ""},
		{"hire_date", `"2026-03-01T23:00:00Z"`, "", `"2026-03-01T23:00:00Z": want a date as 2006-01-02`},
		{"hire_date", `null`, "", ""},
		{"manager", `"4711"`, "4711", ""},
		{"manager", `null`, "", ""},
		{"manager", `{"id":"4711","name":"Mara"}`, "", "it is an object, and no key of a manager"},
		{"manager_name", `{"id":"4711","name":"Mara"}`, "Mara", ""},
	} {
		got, fault := fill(t, c.field, c.text)
		assert.Equal(t, c.want, got, "%s %s", c.field, c.text)
		assert.Equal(t, c.fault, fault, "%s %s", c.field, c.text)
	}
}
