package rulestest_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/rules/rulestest"
)

const linted = `rules: v1
name: acme
account: {app: everyone}
grants:
  - id: sales
    when: department == "Sales" and department == "Support"
    give: [app/group:sales]
    except: [{who: E1, until: 2026-01-31, why: trial}]
`

func TestLint(t *testing.T) {
	built, err := rules.Build(rules.File("acme.yaml", []byte(linted)))
	require.NoError(t, err)
	set := rulestest.Wrap(t, built)
	text := try(func(t testing.TB) { rulestest.Lint(t, set, time.Time{}) }).text()
	assert.Contains(t, text, "acme.yaml:5:9: grant sales: ")
	assert.Contains(t, text, "(dead-rule)")
	assert.NotContains(t, text, "expired-exception", "nothing was said about the day")

	rulestest.Lint(t, set, time.Time{}, rules.LintDead)

	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	text = try(func(t testing.TB) { rulestest.Lint(t, set, at, rules.LintDead) }).text()
	assert.Contains(t, text, "(expired-exception)")
}
