package rules_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules"
)

const finalBase = `rules: v1
name: base
account: {app: everyone}
tables:
  t: {in: [department], rows: [[Sales, app/r:sales]]}
  asked: {in: [department], rows: [[Sales, app/r:asked]]}
  other: {in: [department], rows: [[Sales, app/r:other]]}
grants:
  - {id: root, when: job_title == "Admin", give: [app/r:root], approval: security, final: true}
  - {id: tabled, when: everyone, give_from: t, final: true}
  - {id: plain, when: everyone, give: [app/r:plain], final: true}
  - {id: tabled.asked, when: everyone, give_from: asked, approval: security, final: true}
`

// What a final rule stands on cannot be altered under it.
func TestFinalRulesCannotBeGotAround(t *testing.T) {
	for name, c := range map[string]struct{ layer, want string }{
		"a table under a final grant": {
			"replace: {tables: {t: {in: [department], rows: [[Sales, app/r:root]]}}}", `rule "table.t" is final (base.yaml:5:3)`,
		},
		"its table switched off": {"off: [table.t]", `rule "table.t" is final (base.yaml:5:3)`},
		"the same without the approval": {
			"grants: [{id: c, when: everyone, give: [app/r:root]}]",
			`acme.yaml:2:41: "app/r:root" is given by the final rule "root" (base.yaml:9:10) after an approval: no later rule may give it`,
		},
		"the same with another approver": {
			"grants: [{id: a, when: everyone, give: [app/r:root], approval: myself}]", `given by the final rule "root"`,
		},
		"from a table": {
			"tables: {mine: {in: [department], rows: [[Sales, app/r:root]]}}\ngrants: [{id: a, when: everyone, give_from: mine}]",
			`given by the final rule "root"`,
		},
		"from the table of a final rule": {
			"grants: [{id: a, when: everyone, give_from: asked}]",
			`acme.yaml:2:45: table "asked" gives it: "app/r:asked" is given by the final rule "tabled.asked" (base.yaml:12:10) after an approval`,
		},
		"by a pick": {
			"pick: [{id: p, choices: [{give: app/r:root, when: everyone, rank: 1}]}]", `given by the final rule "root"`,
		},
	} {
		_, err := rules.Build(rules.File("base.yaml", []byte(finalBase)), rules.File("acme.yaml", []byte("rules: v1\n"+c.layer+"\n")))
		require.ErrorContains(t, err, c.want, name)
	}
	for name, layer := range map[string]string{
		"a table of a grant that is not final":   "replace: {tables: {other: {in: [department], rows: [[Sales, app/r:x]]}}}",
		"more people for what needs no approval": "grants: [{id: c, when: everyone, give: [app/r:plain]}]",
	} {
		_, err := rules.Build(rules.File("base.yaml", []byte(finalBase)), rules.File("acme.yaml", []byte("rules: v1\n"+layer+"\n")))
		assert.NoError(t, err, name)
	}
}

// The label belongs to the account, also where a layer is written in Go.
func TestLabelsBelongToTheirAccount(t *testing.T) {
	base := rules.Spec{Name: "base", Targets: []rules.TargetSpec{
		{Target: "app", Account: rules.Everyone}, {Target: "crm", Account: rules.Everyone, Label: rules.Username},
	}, Final: []string{"account.app"}}
	label := func(target string, replace ...string) rules.Spec {
		return rules.Spec{Targets: []rules.TargetSpec{{Target: target, Label: rules.Team}}, Replace: replace}
	}
	_, err := rules.Build(base, label("app", "account.app"))
	require.ErrorContains(t, err, `rule "account.app" is final`)
	_, err = rules.Build(base, label("crm"))
	require.ErrorContains(t, err, `rule "account.crm" exists already: put it under replace to take its place`)
	set, err := rules.Build(base, label("crm", "account.crm"))
	require.NoError(t, err)
	assert.Equal(t, rules.Team, set.Spec().Targets[1].Label)

	// What is replaced keeps nothing.
	set, err = rules.Build(base, rules.Spec{Targets: []rules.TargetSpec{{Target: "crm", Account: rules.Everyone}}, Replace: []string{"account.crm"}})
	require.NoError(t, err)
	assert.Nil(t, set.Spec().Targets[1].Label)
}

func TestATargetIsThereOnceInALayer(t *testing.T) {
	base := rules.Spec{Name: "base", Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone}}}
	twice := rules.TargetSpec{Target: "app", Attributes: []rules.Attribute{{Set: "x", To: rules.Team}}}
	other := rules.TargetSpec{Target: "app", Attributes: []rules.Attribute{{Set: "y", To: rules.Team}}}
	_, err := rules.Build(base, rules.Spec{Targets: []rules.TargetSpec{twice, other}})
	assert.EqualError(t, err, "rules: account.app: target app is declared twice; two accounts of one person need different slots")
}
