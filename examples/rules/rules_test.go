package main

import (
	"bytes"
	"flag"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/rules/rulestest"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// With -update the tests write what they see into testdata: the output of the
// program, and the cases. Read the difference before you keep it.
var update = flag.Bool("update", false, "write the golden files anew")

func acme(t *testing.T) *rulestest.Set {
	t.Helper()
	return rulestest.Load(t, "rules/base.yaml", "rules/acme.yaml")
}

func crm(t *testing.T) *rulestest.Set {
	t.Helper()
	return rulestest.Load(t, "rules/crm.yaml")
}

func TestAcme(t *testing.T) {
	set := acme(t)
	rulestest.Golden(t, set, "testdata/cases/acme.yaml")
	rulestest.NeedCoverage(t, set, 100)
	// Who stands in for accounting may be somebody who approves: that is what the
	// separation of duties is for.
	rulestest.Lint(t, set, today, rules.LintDuties)
}

func TestCRM(t *testing.T) {
	set := crm(t)
	rulestest.Golden(t, set, "testdata/cases/crm.yaml")
	rulestest.NeedCoverage(t, set, 100)
	rulestest.Lint(t, set, today)
}

// The product's defaults hold by themselves, without any customer's file.
func TestBase(t *testing.T) {
	set := rulestest.Load(t, "rules/base.yaml")
	rulestest.Lint(t, set, today)
	mail := rulestest.Field("work_email", "someone@acme.example")
	set.Person("ana", rulestest.FullTime, rulestest.Department("Engineering"), mail).On("2026-03-02").
		GetsOnly("app/group:chat", "app/group:developer")
	set.Person("cy", rulestest.Contractor, rulestest.Department("Engineering"), mail).On("2026-03-02").
		GetsOnly("app/group:developer")
	set.Person("without mail", rulestest.FullTime, rulestest.Department("Engineering")).On("2026-03-02").
		Account("app", target.Undecided)
}

func TestUserNames(t *testing.T) {
	ana := crm(t).Person("ana", rulestest.FullTime, rulestest.Department("Sales"),
		rulestest.Field("given_name", "Ana"), rulestest.Field("family_name", "Silva"), rulestest.Field("employee_number", "A-7"))
	ana.On("2026-03-02").Name("crm", "userName", "ana.silva")
	ana.Taken("ana.silva").On("2026-03-02").Name("crm", "userName", "ana.silva2")
}

// What must hold for everybody, whatever the rules become.
func TestEverybody(t *testing.T) {
	for name, set := range map[string]*rulestest.Set{
		"base": rulestest.Load(t, "rules/base.yaml"), "acme": acme(t), "crm": crm(t),
		"all": rulestest.Load(t, "rules/base.yaml", "rules/acme.yaml", "rules/crm.yaml", "rules/proposal.yaml"),
	} {
		t.Run(name, func(t *testing.T) {
			set := set.With(t)
			rulestest.MissingTakesNothing(t, set)
			rulestest.Always(t, set, "leavers get nothing", func(p rulestest.Person, d rules.Decision) bool {
				return !p.Status().Ended() || len(rulestest.Want(d))+len(rulestest.Ask(d)) == 0
			})
		})
	}
	rulestest.Always(t, acme(t), "interns do not write code", func(p rulestest.Person, d rules.Decision) bool {
		return p.EmploymentType() != source.Intern || !slices.Contains(rulestest.Want(d), "app/group:developer")
	})
}

func TestOutput(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(&out))
	if *update {
		require.NoError(t, os.WriteFile("testdata/output.txt", out.Bytes(), 0o600))
	}
	want, err := os.ReadFile("testdata/output.txt")
	require.NoError(t, err)
	assert.Equal(t, string(want), out.String())
	assert.Less(t, out.Len(), 10_000, "a page, not a log")
}
