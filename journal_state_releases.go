package provision

import (
	"maps"
	"slices"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// permit is the part of a release that is about one change.
type permit struct {
	by       Decision // without its changes
	key      target.Key
	position uint64 // of the release
}

// releaseChanges folds a release that names changes and what else it accepts.
func (s *state) releaseChanges(e *Entry) {
	t := s.of(e.Target)
	maps.DeleteFunc(t.permits, func(_ string, p permit) bool { return !p.by.Expires.After(e.At) })
	by := *e.Decision
	by.Changes, by.Accepts = nil, nil
	for _, change := range e.Decision.Changes {
		t.permits[change] = permit{by: by, key: t.pending[change].Hold.Change.Key, position: e.Position}
	}
	for i := range e.Decision.Accepts {
		v := &e.Decision.Accepts[i]
		t.accepted[v.Alarm()] = e.Position
		t.accept(v, e.Decision.At)
	}
	if t.alarm == nil || len(e.Decision.Accepts) == 0 {
		return
	}
	left := *t.alarm
	left.Verdicts = slices.DeleteFunc(slices.Clone(left.Verdicts), func(v reconcile.Verdict) bool {
		return t.accepted[v.Alarm()] == e.Position
	})
	t.alarm = &left
	if len(left.Verdicts) == 0 {
		t.alarm = nil
	}
}

// accept makes what was doubted the new level, as somebody said at an instant.
func (t *targetState) accept(v *reconcile.Verdict, said time.Time) {
	switch v.Guard {
	case reconcile.GuardFields:
		t.filled = maps.Clone(t.filled)
		t.filled[v.Field] = v.Count
	case reconcile.GuardPeople:
		t.people = v.Count
		t.filled = maps.Clone(t.filled)
		for field, n := range t.filled { // who is gone took their values along
			t.filled[field] = max(n-(v.Of-v.Count), 0)
		}
	case reconcile.GuardClock:
		if v.At.Before(t.lastRead) || v.At.Before(t.lastAlone) {
			// What was done in a time that does not come back for long is as good as
			// done now. What is past by now, by whatever clock, is left alone: it may be
			// the one that was behind.
			now := v.At
			if said.After(now) {
				now = said
			}
			for _, done := range t.recent {
				done.clamp(now)
			}
			for _, done := range t.lost {
				done.clamp(now)
			}
		}
		t.lastRead = v.At.Add(-1) // just before the plan, whose run is believed then
		if t.lastAlone.After(t.lastRead) {
			t.lastAlone = t.lastRead
		}
	case reconcile.GuardAction, reconcile.GuardEntitlement, reconcile.GuardKept, reconcile.GuardSentinels:
	}
}

// releasesOf are the releases for a target as the planner takes them.
func (s *state) releasesOf(name string) []reconcile.Release {
	t := s.of(name)
	if len(t.permits) == 0 {
		return s.releases
	}
	released := map[uint64]*reconcile.Release{}
	for change, p := range t.permits {
		r := released[p.position]
		if r == nil {
			d := &p.by
			r = &reconcile.Release{Fingerprint: d.Fingerprint, Actor: d.Actor, Reason: d.Reason, At: d.At, Expires: d.Expires}
			released[p.position] = r
		}
		r.Changes = append(r.Changes, change)
	}
	out := slices.Clone(s.releases)
	for _, r := range released {
		out = append(out, *r)
	}
	return out
}
