package rules_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
)

// docs/rules.md speaks of every field of an identity and of every key of the
// format, and its first example and its files are read without an error.
func TestTheReferenceIsWhole(t *testing.T) {
	text, err := os.ReadFile("../docs/rules.md")
	require.NoError(t, err)
	page := string(text)
	for _, f := range source.Fields() {
		name := strings.TrimSuffix(strings.TrimSuffix(f.Name, "_id"), "_code")
		if f.Type != source.FieldInstant {
			assert.Contains(t, page, "`"+name, "field %s", f.Name)
		}
		for _, w := range f.Words {
			assert.Contains(t, page, w, "word of %s", f.Name)
		}
	}
	var schema struct {
		Properties map[string]any
		Defs       map[string]struct{ Properties map[string]any } `json:"$defs"`
	}
	require.NoError(t, json.Unmarshal(rules.Schema(), &schema))
	for key := range schema.Properties {
		assert.Contains(t, page, key+":", "key %s", key)
	}
	for def, d := range schema.Defs {
		for key := range d.Properties {
			assert.Contains(t, page, key+":", "key %s of %s", key, def)
		}
	}
	blocks := strings.Split(page, "```yaml\n")[1:]
	require.Greater(t, len(blocks), 8)
	first, _, _ := strings.Cut(blocks[0], "```")
	_, err = rules.Build(rules.File("first.yaml", []byte(first)))
	assert.NoError(t, err)
}

// The sections of docs/rules.md, put together, are a file that builds once what
// they refer to is there.
func TestTheExamplesOfTheReferenceBuild(t *testing.T) {
	text, err := os.ReadFile("../docs/rules.md")
	require.NoError(t, err)
	file := "rules: v1\nname: reference\n"
	for _, block := range strings.Split(string(text), "```yaml\n")[2:] {
		body, _, _ := strings.Cut(block, "```")
		if !strings.HasPrefix(body, "rules: v1") {
			file += body
		}
	}
	file = strings.NewReplacer(
		"fields:\n", "fields:\n  phone: text\n  leave_start: date\n",
		"account:\n", "account:\n  erp: everyone\n",
		"tables:\n", "tables:\n  regions: {in: [country], rows: [[DE, dach], [AT, dach]]}\n",
		"grants:\n", "grants:\n"+
			"  - {id: erp.entry, when: everyone, give: [erp/role:entry]}\n"+
			"  - {id: erp.approval, when: level > 5, give: [erp/role:approval]}\n",
	).Replace(file)
	_, err = rules.Build(rules.File("reference.yaml", []byte(file)))
	assert.NoError(t, err, file)
}
