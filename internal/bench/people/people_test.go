package people_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/internal/bench/limit"
	"github.com/provision-go/provision/internal/bench/people"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

func company() people.Company { return people.Company{Size: 5000, Seed: 7} }

func TestFoundIsNearItsShare(t *testing.T) {
	f := company().Found()
	assert.InDelta(t, 50, f.Joiners, 25)
	assert.InDelta(t, 50, f.Leavers, 25)
	assert.InDelta(t, 100, f.Movers, 35)
}

// The limits do the whole job: both find what reconcile.Compute finds, sorted or
// not.
func TestEverybodyFindsTheSame(t *testing.T) {
	c := company()
	found := c.Found()
	sorted, one, other := c.Sorted(), c.Shuffled(1), c.Shuffled(2)

	want, have := c.Plain(sorted, sorted)
	require.NoError(t, found.Check(len(limit.Merge(nil, want, have))))
	require.NoError(t, found.Check(len(limit.Hash(nil, want, have))))
	want, have = c.Plain(one, other)
	require.NoError(t, found.Check(len(limit.Hash(nil, want, have))))

	in, err := c.Sides(t.Context())
	require.NoError(t, err)
	require.NoError(t, found.Compute(in))
	snapshot, err := target.Collect(t.Context(), c.Listing(other))
	require.NoError(t, err)
	assert.Empty(t, snapshot.Findings())
	require.NoError(t, found.Compute(c.Input(c.Desired(one), snapshot)))
}

// The limits compare every field.
func TestLimitsSeeEveryField(t *testing.T) {
	c := people.Company{Size: 40, Seed: 7, Settled: true}
	want, have := c.Plain(c.Sorted(), c.Sorted())
	require.Empty(t, limit.Merge(nil, want, have))
	change := func(f func(p *people.Plain)) {
		t.Helper()
		before := have[17]
		f(&have[17])
		assert.Equal(t, []limit.Difference{{Want: 17, Have: 17}}, limit.Merge(nil, want, have))
		assert.Equal(t, []limit.Difference{{Want: 17, Have: 17}}, limit.Hash(nil, want, have))
		have[17] = before
	}
	for i := range have[17].Attributes {
		change(func(p *people.Plain) { p.Attributes[i] += "!" })
	}
	change(func(p *people.Plain) { p.State++ })
	change(func(p *people.Plain) { p.Entitlements = p.Entitlements[:2] })
	change(func(p *people.Plain) { p.Entitlements = []string{p.Entitlements[0], p.Entitlements[1], "role:Other"} })

	assert.Equal(t, []limit.Difference{{Want: 17, Have: -1}}, limit.Merge(nil, want, append(have[:17:17], have[18:]...)))
	assert.Equal(t, []limit.Difference{{Want: 17, Have: -1}}, limit.Hash(nil, want, append(have[:17:17], have[18:]...)))
	assert.Equal(t, []limit.Difference{{Want: -1, Have: 39}}, limit.Merge(nil, want[:39], have))
	assert.Equal(t, []limit.Difference{{Want: -1, Have: 39}}, limit.Hash(nil, want[:39], have))
}

// What the rules make of the source is what is desired.
func TestRulesGiveWhatIsDesired(t *testing.T) {
	c := company()
	set, err := people.Rules()
	require.NoError(t, err)
	staff, err := source.Collect(t.Context(), people.Directory{Company: c})
	require.NoError(t, err)
	require.Empty(t, staff.Findings())
	desired := c.Desired(c.Sorted())
	n := 0
	for i := range staff.All() {
		got := set.Decide(rules.Person{Identity: i}, people.Noon()).For(people.App)[0]
		if diff := cmp.Diff(desired[n], got, cmp.Comparer(target.Attributes.Equal)); diff != "" {
			t.Fatalf("%s: %s", i.ID, diff)
		}
		n++
	}
	assert.Equal(t, c.Size, n)
	assert.Equal(t, people.Owned(), set.Owned(people.App))
}

func TestEnginePlansTheSame(t *testing.T) {
	c := company()
	set, err := people.Rules()
	require.NoError(t, err)
	journal, err := c.Journal(t.Context())
	require.NoError(t, err)
	engine, err := provision.New(provision.Config{
		Source: people.Directory{Company: c}, Targets: []target.Target{c.Listing(c.Sorted())}, Rules: set, Journal: journal,
		Clock: people.Noon,
	})
	require.NoError(t, err)
	plan, err := engine.Plan(t.Context())
	require.NoError(t, err)
	require.NoError(t, c.Found().CheckPlan(plan.Targets[0]))
	assert.Empty(t, plan.Targets[0].Findings)
}
