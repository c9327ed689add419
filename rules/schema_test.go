package rules_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules"
)

// The committed schema is the one that the tables of keys give; -update writes it.
func TestSchemaIsCommitted(t *testing.T) {
	const name = "rules.schema.json"
	if *update {
		require.NoError(t, os.WriteFile(name, rules.Schema(), 0o600))
	}
	have, err := os.ReadFile(name)
	require.NoError(t, err)
	assert.Equal(t, string(rules.Schema()), string(have))
}

// Every reference leads somewhere, and every definition is used.
func TestSchemaIsWhole(t *testing.T) {
	var root map[string]any
	require.NoError(t, json.Unmarshal(rules.Schema(), &root))
	defs, ok := root["$defs"].(map[string]any)
	require.True(t, ok)
	used := map[string]bool{}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if ref, ok := v["$ref"].(string); ok {
				name := ref[len("#/$defs/"):]
				assert.Contains(t, defs, name)
				used[name] = true
			}
			for _, x := range v {
				walk(x)
			}
		case []any:
			for _, x := range v {
				walk(x)
			}
		}
	}
	walk(root)
	for name := range defs {
		assert.True(t, used[name], "%s is used by nothing", name)
	}
}
