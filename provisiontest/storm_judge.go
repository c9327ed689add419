package provisiontest

import (
	"slices"
	"time"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// rulesJudge takes what rules decide as right: they are the user's, and only what
// the engine makes of them is in question.
type rulesJudge struct{ set *rules.Set }

func (j rulesJudge) desired(p *source.Identity, at time.Time, name string, key target.Key) (target.Desired, bool) {
	clean := source.Clean(*p)
	for _, d := range j.set.Decide(rules.Person{Identity: &clean}, at).For(name) {
		if d.Key == key {
			return d, true
		}
	}
	return target.Desired{}, false
}

func (j rulesJudge) ends(p *source.Identity, at time.Time, name string, key target.Key) bool {
	d, ok := j.desired(p, at, name, key)
	return ok && (d.State == target.Disabled || d.State == target.Deleted || d.State == target.None)
}

func (j rulesJudge) employs(p *source.Identity, at time.Time, name string, key target.Key) bool {
	d, ok := j.desired(p, at, name, key)
	return ok && d.State == target.Enabled
}

func (j rulesJudge) left(p *source.Identity, at time.Time) bool {
	for _, name := range j.set.Targets() {
		for _, d := range j.set.Decide(rules.Person{Identity: p}, at).For(name) {
			if d.Phase == target.Left {
				return true
			}
		}
	}
	return false
}

func (j rulesJudge) gives(p *source.Identity, at time.Time, name string, key target.Key, e target.Entitlement) (gives, asks bool) {
	d, ok := j.desired(p, at, name, key)
	if !ok {
		return false, false
	}
	asks = slices.ContainsFunc(d.Ask, func(a target.Ask) bool { return a.Entitlement == e })
	return slices.Contains(d.Entitlements, e), asks
}

func (j rulesJudge) loses(p *source.Identity, at time.Time, name string, key target.Key, e target.Entitlement) bool {
	d, ok := j.desired(p, at, name, key)
	return ok && d.State != target.Undecided && !slices.Contains(d.Entitlements, e)
}

func (j rulesJudge) deletes(p *source.Identity, at time.Time, name string, key target.Key) bool {
	d, ok := j.desired(p, at, name, key)
	return ok && d.State == target.Deleted
}

func (j rulesJudge) protects(id string) bool {
	for _, name := range j.set.Targets() {
		if slices.Contains(j.set.Owned(name).Protect, id) {
			return true
		}
	}
	return false
}

func (rulesJudge) grace(target.Entitlement) time.Duration { return 0 }
