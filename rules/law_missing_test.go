package rules_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/target"
)

// Knowing less of somebody of whom everything was known takes nothing away and
// gives nothing. What was wanted, asked for, undecided or kept is so afterwards;
// an account that was there, or may have been, is there or undecided, and one that was
// enabled is not closed. Nothing is
// granted that was not, but for a separation of duties: of two duties that were
// held back, the one that is still certain is granted while nobody can tell about
// the other, if the person does not hold that. It was wanted all the time.
//
// Not meant are the days of employment and the time zone: an absent one says that
// there is none. Nor is the last day of access where the rules say that those
// without one keep theirs, which is what Expiry.Missing is for.
func TestMissingDataTakesNothingAndGivesNothing(t *testing.T) {
	compared, lost, closed := 0, 0, 0
	seeds(t, storm(120), func(t testing.TB, g *generator) {
		g.plain, g.clock = true, g.IntN(2) == 0
		w := g.world()
		set := mustBuild(t, w.spec)
		apart := w.spec
		apart.NeverTogether = nil
		free := mustBuild(t, apart)
		at := time.Date(2026, 3, 1+g.IntN(25), g.IntN(24), 0, 0, 0, time.UTC)
		p := rules.Person{Identity: g.complete(), Held: g.holding(at), Approvals: g.approvals(w, set, at)}
		before, beforeApart := set.Decide(p, at), free.Decide(p, at)
		for _, damage := range damages() {
			less := p
			i := *p.Identity
			damage.do(&i)
			less.Identity = &i
			after, afterApart := set.Decide(less, at), free.Decide(less, at)
			for n := range w.places {
				at := &w.places[n]
				a, b := &before.Accounts[n].Desired, &after.Accounts[n].Desired
				endless := at.expire != nil && at.life.Expire.Missing != rules.HoldIt && (damage.field == "custom" || damage.field == "custom.ends")
				if endless && a.State != b.State {
					continue
				}
				assert.True(t, a.State == b.State || b.State == target.Undecided, "%s without %s: from %s to %s", at.at(), damage.field, a.State, b.State)
				shut := b.State == target.Undecided && b.Extra != nil && b.Extra.Close
				assert.False(t, shut && a.State == target.Enabled, "%s is closed without %s", at.at(), damage.field)
				if shut {
					closed++
				}
				now, then := at.decided(a), at.decided(b)
				for role, how := range now.roles {
					if then.roles[role] == "" && then.kept[role].IsZero() {
						t.Errorf("%s was %s, and is gone without %s", role, how, damage.field)
					}
				}
				for role := range now.kept {
					assert.True(t, then.roles[role] != "" || !then.kept[role].IsZero(), "%s was kept, and is gone without %s", role, damage.field)
				}
				has, had := at.decided(&afterApart.Accounts[n].Desired).roles, at.decided(&beforeApart.Accounts[n].Desired).roles
				for role := range maps.Keys(has) {
					if has[role] == "granted" {
						assert.Equal(t, "granted", had[role], "%s without %s", role, damage.field)
					}
				}
				for role, how := range then.roles {
					assert.True(t, how != "granted" || has[role] == "granted", "a separation grants %s", role)
				}
				for name, values := range b.Attributes.All() {
					assert.Equal(t, values, a.Attributes.Values(name), "%s without %s", name, damage.field)
				}
				if b.State == target.Undecided && a.State != target.Undecided {
					assert.NotEmpty(t, b.Missing, "without %s", damage.field)
				}
				compared++
				if !slices.Equal(a.Undecided, b.Undecided) {
					lost++
				}
			}
			if t.Failed() {
				t.Errorf("%+v", p)
				return
			}
		}
	})
	assert.Greater(t, lost*10, compared, "the samples are too dull")
	assert.Greater(t, closed*100, compared, "the samples are too dull")
}
