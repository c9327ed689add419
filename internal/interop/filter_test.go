//go:build !race

package interop_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/scim"
)

// comparison writes a comparison on a user, or inside the brackets of emails. All text
// is in lower case, since neither of the others knows that case may not count.
func (w writer) comparison(inside bool) string {
	name := pick(w, "title", "userName", "externalId", "name.familyName", "active", "emails.value", "emails.type", scim.EnterpriseURN+":department")
	if inside {
		name = pick(w, "value", "type", "primary")
	}
	value, op := fmt.Sprintf("%q", w.text()), pick(w, "eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le")
	switch name {
	case "type", "emails.type":
		value = pick(w, `"work"`, `"home"`)
	case "active", "primary":
		op, value = pick(w, "eq", "ne"), pick(w, "true", "false")
	}
	if w.IntN(10) == 0 {
		op, value = "eq", "null"
	}
	if w.IntN(10) == 0 {
		return name + " pr"
	}
	return name + " " + op + " " + value
}

// filter writes a filter; depth is how far parts may be nested.
func (w writer) filter(depth int, inside bool) string {
	switch n := w.IntN(10); {
	case depth == 0 || n < 4:
		return w.comparison(inside)
	case n < 8:
		return "(" + w.filter(depth-1, inside) + ") " + pick(w, "and", "or") + " (" + w.filter(depth-1, inside) + ")"
	case n < 9 || inside:
		return "not (" + w.filter(depth-1, inside) + ")"
	}
	return "emails[" + w.filter(depth-1, true) + "]"
}

// matched asks the others whether a filter matches resources, by name: a bool, or the
// text of an error.
func matched(ask *script, text string, resources []any) map[string][]any {
	var said map[string][]any
	ask.ask(scim.Object{"filter": scim.Object{"text": text, "resources": resources}}, &said)
	return said
}

// TestFiltersAsOthers: filters as this project writes them are read by SCIMMY and by
// scim2-parse-filter, and match what they match here, deviations aside.
func TestFiltersAsOthers(t *testing.T) {
	t.Parallel()
	const seed = 5
	rounds := 1200
	if os.Getenv("PROVISION_STORM") != "" {
		rounds = 20_000
	}
	ask := node(t, "oracle.mjs")
	w := newWriter(seed)
	met, agreed, matches := map[string]int{}, map[string]int{}, 0
	for n := range rounds {
		text := w.filter(w.IntN(4), false)
		f, err := scim.ParseFilter(text, w.user, scim.Limits{})
		require.NoError(t, err, "seed %d, round %d: %s", seed, n, text)
		var resources []any
		for range 4 {
			resources = append(resources, w.resource(false))
		}
		for who, said := range matched(ask, f.String(), resources) {
			for k, r := range resources {
				o, _ := r.(scim.Object)
				ours := scim.Matches(f, o)
				if said[k] == ours {
					agreed[who]++
					if ours {
						matches++
					}
					continue
				}
				excuse := excused(who, f, o)
				if !assert.NotEmpty(t, excuse, "seed %d, round %d: %s\n%v\nours %v, %s %v", seed, n, f, o, ours, who, said[k]) {
					return
				}
				met[excuse]++
			}
		}
	}
	for _, d := range filterDeviations() {
		assert.NotZero(t, met[d.who+": "+d.name], "this deviation was not met: %s: %s", d.who, d.name)
	}
	assert.Greater(t, agreed["SCIMMY"], rounds*2, "too few are the same for the test to say much")
	assert.Greater(t, agreed["scim2-parse-filter"], rounds*2)
	assert.Greater(t, matches, rounds)
	t.Logf("the same: %v, of which %d matches; deviations: %v", agreed, matches, met)
}
