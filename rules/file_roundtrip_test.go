package rules_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
)

// reread writes a layer and reads it again, which changes nothing.
func reread(t testing.TB, spec *rules.Spec) rules.Spec {
	t.Helper()
	written, err := spec.Format()
	require.NoError(t, err)
	read := rules.File("layer.yaml", written)
	again, err := read.Format()
	require.NoError(t, err, "%s", written)
	require.Equal(t, string(written), string(again))
	return read
}

// stormCount is how many seeds a property is tried with.
func stormCount(usual int) int {
	if os.Getenv("PROVISION_STORM") == "1" {
		return 20 * usual
	}
	return usual
}

// A rule set that is written and read again is the same: the same hash, the same
// bytes, the same decisions; alone and with a layer above it.
func TestFilesRoundTrip(t *testing.T) {
	from := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	seeds(t, stormCount(500), func(t testing.TB, g *generator) {
		program, base := g.fullSpec()
		built, err := rules.Build(program, base)
		require.NoError(t, err)
		read := reread(t, &base)
		fromFile, err := rules.Build(program, read)
		require.NoError(t, err)
		require.Equal(t, built.Hash(), fromFile.Hash())
		require.Equal(t, base.Later, read.Later)

		at := from.Add(time.Duration(g.IntN(40*24)) * time.Hour)
		p := rules.Person{Identity: g.fullPerson()}
		require.Empty(t, same(built.Decide(p, at), fromFile.Decide(p, at)))
		if g.IntN(3) > 0 {
			return
		}
		over := g.overlay(&base)
		both, err := rules.Build(program, base, over)
		require.NoError(t, err)
		bothFiles, err := rules.Build(program, read, reread(t, &over))
		require.NoError(t, err)
		require.Equal(t, both.Hash(), bothFiles.Hash())
		require.Empty(t, same(both.Decide(p, at), bothFiles.Decide(p, at)))
	})
}

// What an explanation says that a rule compares is what the rule compares: read
// again, it is the same rule set.
func TestExplanationsCanBeRead(t *testing.T) {
	person := rules.Person{Identity: &source.Identity{ID: "E1", Status: source.Active}}
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	build := func(text string) *rules.Set {
		spec := rules.File("a.yaml", fmt.Appendf(nil, "rules: v1\nname: a\naccount: {app: everyone}\n"+
			"fields: {level: int, n: text, remote: bool, review: date, skills: list}\n"+
			"tables: {codes: {in: [city], rows: [[Berlin, BER]], else: none}}\n"+
			"grants: [{id: g, when: %s, give: app/group:g}]\n", strconv.Quote(text)))
		set, err := rules.Build(spec)
		require.NoError(t, err, "%s", text)
		return set
	}
	for _, text := range []string{
		`lower(department) == "sales"`, `lower(department) in ["a", "b"]`, `equalFold(trim(team), "x")`, `manager == department_id`,
		`lower(n) startsWith "a"`, `custom.n endsWith "a"`, `upper(team + " " + division) contains "A B"`, `join("-", team, country) == "a-b"`,
		`coalesce(team, division) == team`, `missing(slug(family_name))`, `missing(start + 3d)`, `missing(split(team, ","))`,
		`"a" in split(team, ", ")`, `"b" in skills`, `item(skills, -1) == "x"`, `iif(level > 3, "a", team) == "a"`,
		`switch(country, "DE", "de", "AT", "de", "en") == "de"`, `lookup("codes") == "BER"`, `left(team, 3) == right(division, 3)`,
		`replace(team, "a", "") == "b"`, `pad(employee_number, 5, "0") == "00007"`, `hash_hex(id, 8) == "00000000"`,
		`format_date(start, "YYYY") == "2026"`, `format_date(review + 3d, "MM") == "03"`, `e164("030 123", country) == "+4930123"`,
		`count(groups) > 3`, `count(split(team, "-")) == 2`, `date_diff(end, start + 1d) >= 90`, `5 > level`, `level == 5`,
		`start - 14d <= as_of`, `as_of + 2w > end`, `date("2026-03-01") == start`, `remote`, `remote == false`,
		`level in [4]`, `"x\u202e" == team`, `date_add(start, 90) < as_of`, `team + start == "x"`, `"L" + level == "L5"`,
	} {
		set := build(text)
		x, ok := set.WhyNot(person, at, "app", "", "group:g")
		if !ok {
			x, ok = set.Why(person, at, "app", "", "group:g")
		}
		require.True(t, ok, "%s", text)
		require.NotEmpty(t, x.Causes)
		require.Len(t, x.Causes[0].Atoms, 1, "%s", text)
		again := build(x.Causes[0].Atoms[0].Text)
		if x.Causes[0].Atoms[0].Outcome == x.Causes[0].Outcome {
			assert.Equal(t, set.Hash(), again.Hash(), "%s is explained as %s", text, x.Causes[0].Atoms[0].Text)
		}
	}
}

// The layers of a set are one layer, which is the same set.
func TestSpecOfASet(t *testing.T) {
	seeds(t, stormCount(300), func(t testing.TB, g *generator) {
		program, base := g.fullSpec()
		over := g.overlay(&base)
		set, err := rules.Build(program, base, over)
		require.NoError(t, err)
		one := set.Spec()
		again, err := rules.Build(program, reread(t, &one))
		require.NoError(t, err)
		require.Equal(t, set.Hash(), again.Hash())
	})
}

// asJSON writes a rule file in JSON.
func asJSON(t testing.TB, file []byte) []byte {
	t.Helper()
	var document yaml.Node
	require.NoError(t, yaml.Unmarshal(file, &document))
	var b bytes.Buffer
	writeJSON(t, &b, document.Content[0])
	return b.Bytes()
}

func writeJSON(t testing.TB, b *bytes.Buffer, n *yaml.Node) {
	t.Helper()
	text := func(s string) {
		quoted, err := json.Marshal(s)
		require.NoError(t, err)
		for _, r := range string(quoted) {
			if r == '\ufeff' || 0x7f <= r && r < 0xa0 { // must be escaped in YAML
				fmt.Fprintf(b, `\u%04x`, r)
			} else {
				b.WriteRune(r)
			}
		}
	}
	switch n.Kind {
	case yaml.MappingNode, yaml.SequenceNode:
		step, open, closing := 1, byte('['), byte(']')
		if n.Kind == yaml.MappingNode {
			step, open, closing = 2, '{', '}'
		}
		b.WriteByte(open)
		for i := 0; i < len(n.Content); i += step {
			if i > 0 {
				b.WriteString(", ")
			}
			if step == 2 {
				text(n.Content[i].Value)
				b.WriteString(": ")
			}
			writeJSON(t, b, n.Content[i+step-1])
		}
		b.WriteByte(closing)
	default:
		if number, err := strconv.Atoi(n.Value); n.Style == 0 && (n.Value == "true" || n.Value == "false" || err == nil && strconv.Itoa(number) == n.Value) {
			b.WriteString(n.Value)
			return
		}
		text(n.Value)
	}
}

// The same file in JSON is the same rule set.
func TestJSONIsTheSame(t *testing.T) {
	seeds(t, stormCount(200), func(t testing.TB, g *generator) {
		program, base := g.fullSpec()
		written, err := base.Format()
		require.NoError(t, err)
		built, err := rules.Build(program, base)
		require.NoError(t, err)
		fromJSON, err := rules.Build(program, rules.File("base.json", asJSON(t, written)))
		require.NoError(t, err, "%s", asJSON(t, written))
		require.Equal(t, built.Hash(), fromJSON.Hash())
	})
	base, err := os.ReadFile("testdata/files/base.yaml")
	require.NoError(t, err)
	acme, err := os.ReadFile("testdata/files/acme.yaml")
	require.NoError(t, err)
	set, err := rules.Build(rules.File("base.yaml", base), rules.File("acme.yaml", acme))
	require.NoError(t, err)
	fromJSON, err := rules.Build(rules.File("base.json", asJSON(t, base)), rules.File("acme.json", asJSON(t, acme)))
	require.NoError(t, err)
	assert.Equal(t, set.Hash(), fromJSON.Hash())
}
