package rules_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules"
)

const boundBase = `rules: v1
name: base
later:
  may: [grants, tables, pick, fields]
  give: ["app/role:*", app/group:eu-1, "app~admin/*"]
fields: {level: int}
account: {app: everyone, app~admin: everyone}
tables:
  t: {in: [department], rows: [[Sales, app/group:us]]}
  open: {in: [department], rows: [[Sales, app/role:open]]}
grants:
  - {id: us, when: everyone, give: [app/group:us], grace: 7d, final: true}
  - {id: tabled, when: everyone, give_from: open}
never:
  - {id: no.us, when: department == "x", take: [app/group:us]}
`

func onto(t *testing.T, base, layer string) error {
	t.Helper()
	_, err := rules.Build(rules.File("base.yaml", []byte(base)), rules.File("acme.yaml", []byte("rules: v1\n"+layer+"\n")))
	return err
}

// firstLines are the messages without the lines of the files.
func firstLines(err error) []string {
	var out []string
	for line := range strings.Lines(err.Error()) {
		if !strings.HasPrefix(line, "    ") {
			out = append(out, strings.TrimSuffix(line, "\n"))
		}
	}
	return out
}

// What a layer lets later ones hold and give is all that they can hold and give.
func TestLaterLayersAreBounded(t *testing.T) {
	const may = ": base.yaml:4:8 lets later layers hold grants, tables, pick and fields only; leave it out"
	const give = " may not be given here: base.yaml:5:9 lets later layers give app/role:*, app/group:eu-1 and app~admin/* only"
	for layer, want := range map[string]string{
		"protect: [{id: all, when: everyone}]":                 "acme.yaml:2:1: this layer may not hold protect" + may,
		"scope: department == \"x\"":                           "acme.yaml:2:1: this layer may not hold scope" + may,
		"account: {crm: everyone}":                             "acme.yaml:2:1: this layer may not hold account" + may,
		"lifecycle: {app: {delete: end + 1d}}":                 "acme.yaml:2:1: this layer may not hold lifecycle" + may,
		"attributes: {app: [{set: title, to: job_title}]}":     "acme.yaml:2:1: this layer may not hold attributes" + may,
		"never: [{id: n, when: everyone, take: app/group:us}]": "acme.yaml:2:1: this layer may not hold never" + may,
		"budget: [{id: b, roles: app/group:us, seats: 1}]":     "acme.yaml:2:1: this layer may not hold budget" + may,
		"require: [{id: r, must: level > 1}]":                  "acme.yaml:2:1: this layer may not hold require" + may,
		"replace: {account: {app: department == \"x\"}}":       "acme.yaml:2:11: this layer may not hold account" + may,
		"off: [no.us]": "acme.yaml:2:7: this layer may not switch off \"no.us\", which is a rule under never" + may + " of off",
		"grants: [{id: a, when: everyone, give: [app/group:us]}]":                             "acme.yaml:2:41: \"app/group:us\"" + give,
		"grants: [{id: a, when: everyone, give: app/group:eu-12}]":                            "acme.yaml:2:40: \"app/group:eu-12\"" + give,
		"grants: [{id: a, when: everyone, give_from: t}]":                                     "acme.yaml:2:45: table \"t\" gives it: \"app/group:us\"" + give,
		"replace: {tables: {open: {in: [city], rows: [[B, app/role:b]], else: app/group:x}}}": "acme.yaml:2:70: \"app/group:x\"" + give,
		"replace: {tables: {open: {in: [city], rows: [[B, [app/role:b, app/group:y]]]}}}":     "acme.yaml:2:63: \"app/group:y\"" + give,
		"pick: [{id: p, choices: [{give: app/x:y, when: everyone, rank: 1}]}]":                "acme.yaml:2:33: \"app/x:y\"" + give,
	} {
		err := onto(t, boundBase, layer)
		if assert.Error(t, err, layer) {
			assert.Equal(t, []string{want}, firstLines(err), layer)
		}
	}
	for _, layer := range []string{
		"name: acme\nnote: hello",
		"fields: {level: int, more: text}\ngrants: [{id: a, when: level > 1, give: [app/role:x, app/group:eu-1, app~admin/any:thing]}]",
		"off: [tabled]",
		"replace: [{id: tabled, when: everyone, give: app/role:y, grace: 900d}]",
		"replace: {tables: {t: {in: [city], rows: [[Berlin, app/group:berlin]]}}}", // nobody gives from it
		"tables: {texts: {in: [city], rows: [[Berlin, BER]]}}",
	} {
		assert.NoError(t, onto(t, boundBase, layer), layer)
	}
}

// No section is out of reach of the bounds.
func TestEverySectionCanBeClosed(t *testing.T) {
	closed := rules.Spec{Later: rules.Later{May: []string{}}}
	_, err := rules.Build(closed, complete())
	var sections []string
	for _, line := range firstLines(err) {
		_, rest, found := strings.Cut(line, "this layer may not hold ")
		section, said, _ := strings.Cut(rest, ": ")
		if found {
			assert.Equal(t, "an earlier layer lets later layers hold no section; leave it out", said)
			sections = append(sections, section)
		}
	}
	assert.ElementsMatch(t, []string{
		"fields", "scope", "account", "lifecycle", "attributes", "tables", "grants", "pick", "never", "never_together", "require", "budget", "protect",
	}, sections)
}

// A layer between two cannot widen what it was given.
func TestBoundsAddUp(t *testing.T) {
	base := rules.File("base.yaml", []byte(boundBase))
	middle := rules.File("middle.yaml", []byte("rules: v1\nlater: {may: [grants, protect], give: [app/*, \"app~admin/role:*\"]}\n"))
	build := func(layers ...rules.Spec) error {
		_, err := rules.Build(append([]rules.Spec{base, middle}, layers...)...)
		return err
	}
	file := func(text string) rules.Spec { return rules.File("acme.yaml", []byte("rules: v1\n"+text)) }
	require.NoError(t, build(file("grants: [{id: a, when: everyone, give: [app/role:x, app~admin/role:x]}]\n")))
	require.ErrorContains(t, build(file("protect: [{id: a, when: everyone}]\n")), "base.yaml:4:8 lets")
	require.ErrorContains(t, build(file("tables: {a: {in: [city], rows: [[Berlin, BER]]}}\n")), "middle.yaml:2:14 lets later layers hold grants and protect only")
	require.ErrorContains(t, build(file("grants: [{id: a, when: everyone, give: app/group:x}]\n")), "base.yaml:5:9 lets")
	require.ErrorContains(t, build(file("grants: [{id: a, when: everyone, give: app~admin/group:x}]\n")), "middle.yaml:2:39 lets")
	set, err := rules.Build(base, middle)
	require.NoError(t, err)
	assert.Equal(t, rules.Later{May: []string{"grants"}, Give: []string{"app/group:eu-1", "app/role:*", "app~admin/role:*"}}, set.Spec().Later)
	none, err := rules.Build(base, rules.File("none.yaml", []byte("rules: v1\nlater: {may: none, give: [crm/*]}\n")))
	require.NoError(t, err)
	one := none.Spec()
	assert.Equal(t, rules.Later{May: []string{}, Give: []string{}}, one.Later)
	read := reread(t, &one)
	assert.Equal(t, one.Later, read.Later)
	_, err = rules.Build(read, file("grants: [{id: a, when: everyone, give: app/role:x}]\n"))
	require.ErrorContains(t, err, "lets later layers hold no section; leave it out")
}

// A long list of patterns is not told as a whole.
func TestManyPatterns(t *testing.T) {
	grant := []rules.Grant{{ID: "a", When: rules.Everyone, Give: []string{"app/r:x"}}}
	base := rules.Spec{Name: "base", Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone}}}
	base.Later.Give = strings.Fields("app/a:* app/b:* app/c:* app/d:* app/e:* app/f:* app/g:* app/h:* app/i:*")
	_, err := rules.Build(base, rules.Spec{Grants: grant})
	require.EqualError(t, err, `rules: a: "app/r:x" may not be given here: an earlier layer lets later layers give `+
		"app/a:*, app/b:*, app/c:*, app/d:*, app/e:*, app/f:*, app/g:*, app/h:* and 1 other pattern only")
	base.Later.Give = []string{}
	_, err = rules.Build(base, rules.Spec{Grants: grant})
	require.EqualError(t, err, `rules: a: "app/r:x" may not be given here: an earlier layer lets later layers give nothing`)
}

func TestBoundsAreChecked(t *testing.T) {
	for text, want := range map[string]string{
		"may: [grant]":                `base.yaml:3:15: there is no section "grant": may names some of fields, scope`,
		"may: grant":                  `(did you mean "grants"?)`,
		"may: [name]":                 `there is no section "name"`,
		"give: ['*']":                 `base.yaml:3:16: "*" is no pattern: write an entitlement such as app/role:x`,
		"give: [app]":                 `"app" is no pattern`,
		"give: ['app*/role:x']":       `"app*/role:x" is no pattern`,
		"give: ['/role:*']":           `"/role:*" is no pattern`,
		"give: ['app*']":              `"app*" is no pattern`,
		"give: []":                    "give is an empty list",
		"may: {grants: true}":         "may has to be a list such as [a, b]",
		"give: ['app/role:*:x']":      `"app/role:*:x" is no pattern`,
		"may: none, give: none, x: 1": `unknown key "x" in later, which has may and give`,
	} {
		_, err := rules.Build(rules.File("base.yaml", []byte("rules: v1\nname: base\nlater: {"+text+"}\naccount: {app: everyone}\n")))
		assert.ErrorContains(t, err, want, text)
	}
	_, err := rules.Build(rules.Spec{Name: "go", Later: rules.Later{May: []string{"grant"}, Give: make([]string, 501)}})
	require.ErrorContains(t, err, "rules: later: there is no section")
	require.ErrorContains(t, err, "501 patterns: at most 500")
}

// What a final grant gives is kept for as long as it says, whatever later rules give it
// as well.
func TestLaterLayersCannotLengthenGrace(t *testing.T) {
	const base = `rules: v1
name: base
account: {app: everyone}
tables:
  t: {in: [department], rows: [[Sales, app/r:sales]]}
  u: {in: [department], rows: [[Sales, app/r:other]]}
grants:
  - {id: root, when: job_title == "Admin", give: [app/r:root], grace: 7d, final: true}
  - {id: tabled, when: everyone, give_from: t, final: true}
  - {id: long, when: everyone, give_from: u, grace: 30d}
`
	for layer, want := range map[string]string{
		"grants: [{id: a, when: team == \"no\", give: app/r:root, grace: 900d}]":     `acme.yaml:2:63: "app/r:root" is kept for 7 days by the final rule "root" (base.yaml:8:10): no later rule may keep it longer`,
		"grants: [{id: a, when: everyone, give: [app/r:x, app/r:sales], grace: 1d}]": `"app/r:sales" has no time of grace in the final rule "tabled"`,
		"grants: [{id: a, when: everyone, give_from: t, grace: 1d}]":                 `"app/r:sales" has no time of grace in the final rule "tabled"`,
		"replace: {tables: {u: {in: [city], rows: [[B, app/r:root]]}}}":              `acme.yaml:2:42: grant "long" (base.yaml:10:10) gives from this table: "app/r:root" is kept for 7 days`,
	} {
		assert.ErrorContains(t, onto(t, base, layer), want, layer)
	}
	for _, layer := range []string{
		"grants: [{id: a, when: everyone, give: app/r:root, grace: 7d}]",
		"grants: [{id: a, when: everyone, give: app/r:other, grace: 900d}]",
		"grants: [{id: a, when: everyone, give: app/r:sales}]",
	} {
		assert.NoError(t, onto(t, base, layer), layer)
	}
	program := rules.File("base.yaml", []byte(base))
	_, err := rules.Build(program, rules.Spec{Grants: []rules.Grant{{ID: "a", When: rules.Everyone, Give: []string{"app/r:root"}, Grace: 8}}})
	assert.ErrorContains(t, err, `rules: a: "app/r:root" is kept for 7 days`)
}
