package rulestest_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/rules/rulestest"
)

func TestLoadTellsEverything(t *testing.T) {
	name := filepath.Join(t.TempDir(), "bad.yaml")
	require.NoError(t, os.WriteFile(name, []byte("rules: v1\nname: bad\naccount: {app: everyone}\ngrants:\n"+
		"  - {id: a, when: status == \"actve\", give: [app/group:a]}\n  - {id: b, wen: everyone, give: [app/group:b]}\n"), 0o600))
	f := try(func(t testing.TB) { rulestest.Load(t, name) })
	assert.True(t, f.fatal)
	assert.Contains(t, f.text(), name+":5:")
	assert.Contains(t, f.text(), `did you mean "active"?`)
	assert.Contains(t, f.text(), name+":6:")
	f = try(func(t testing.TB) { rulestest.Load(t, "testdata/nobody.yaml") })
	assert.True(t, f.fatal)
	assert.Contains(t, f.text(), "testdata/nobody.yaml")
	f = try(func(t testing.TB) { rulestest.Wrap(t, nil) })
	assert.True(t, f.fatal)
}

// Failures are reported where the subtest is, and coverage is that of all.
func TestWith(t *testing.T) {
	set := load(t)
	f := try(func(t testing.TB) {
		set.With(t).Person("kim", rulestest.FullTime).On("2026-11-23").Lacks("app/group:chat")
	})
	assert.Len(t, f.errors, 1)
	before := try(func(t testing.TB) { rulestest.NeedCoverage(t, load(t), 10) })
	after := try(func(t testing.TB) { rulestest.NeedCoverage(t, set, 10) })
	assert.NotEmpty(t, before.errors)
	assert.Empty(t, after.errors)
	assert.NotNil(t, set.Rules())
}

// What nobody looked at does not count.
func TestNeedCoverage(t *testing.T) {
	set := rulestest.Wrap(t, build(t, rules.Grant{ID: "a", When: rules.Department.Is("Sales"), Give: []string{"app/group:a"}}))
	rulestest.Always(t, set, "anything", func(rulestest.Person, rules.Decision) bool { return true })
	rulestest.MissingTakesNothing(t, set)
	rulestest.NeedCoverage(t, set, 0)
	f := try(func(t testing.TB) { rulestest.NeedCoverage(t, set, 1) })
	const want = `the cases cover 0.0 % of the rules, and should 1 %; add a case for each of
    rule                 yes  no  undecided  not seen            place
    account account.app  0    0   0          yes
    grant a              0    0   0          yes, no, undecided`
	if diff := cmp.Diff(want, f.text()); diff != "" {
		t.Error(diff)
	}

	set.Person("kim", rulestest.Department("Sales")).On("2026-11-23").Gets("app/group:a")
	set.Person("kim", rulestest.Department("Finance")).On("2026-11-23").Lacks("app/group:a")
	rulestest.NeedCoverage(t, set, 100)
	f = try(func(t testing.TB) { rulestest.NeedUndecided(t, set) })
	const table = `no case shows what becomes of somebody for whom these are undecided; leave out what they look at
    rule     yes  no  undecided  not seen   place
    grant a  1    1   0          undecided`
	if diff := cmp.Diff(table, f.text()); diff != "" {
		t.Error(diff)
	}
	set.Person("kim").On("2026-11-23").Undecided("app/group:a")
	rulestest.NeedUndecided(t, set)
}

// build makes a set with one target and some grants.
func build(t testing.TB, grants ...rules.Grant) *rules.Set {
	t.Helper()
	set, err := rules.Build(rules.Spec{
		Name: "test", Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone}}, Grants: grants,
		Fields: []rules.FieldSpec{{Name: "level", Type: rules.IntType}, {Name: "badge"}},
	})
	require.NoError(t, err)
	return set
}
