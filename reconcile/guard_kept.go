package reconcile

import "slices"

// newRules is the Text of verdicts in the first run of changed rules: it is like a
// first run for what takes something away.
const newRules = "first run of changed rules"

// first reports whether the verdict is that of a first run.
func (v *Verdict) first() bool { return v.Text == firstRun || v.Text == newRules }

// rulesChanged reports whether no whole run has tried these rules yet.
func (p *planner) rulesChanged() bool {
	return p.in.History.Rules != "" && p.in.History.Rules != p.in.Rules
}

// beginning gives a first run the revokes and deletes whose time of grace it begins: what it
// takes later is its doing as much as what it takes at once. A time of grace that
// began before goes on as if the rules had not changed.
func (p *planner) beginning(verdicts []Verdict, matters []*matter) {
	for i := range verdicts {
		v := &verdicts[i]
		if v.Action != Revoke && v.Action != Delete || !v.first() {
			continue
		}
		for _, m := range ofAction(matters, v.Action) {
			graceful := slices.ContainsFunc(m.own, func(r HoldReason) bool { return r.Kind == InGrace })
			if graceful && !p.goesOn(m.c) {
				v.Changes = append(v.Changes, m.c.ID)
			}
		}
		slices.Sort(v.Changes)
	}
}

// goesOn reports whether the time that a removal waits for began in an earlier run.
func (p *planner) goesOn(c *Change) bool {
	_, losing := p.in.History.Losing[Loss{Key: c.Key, Entitlement: c.Entitlement}]
	_, closed := p.in.History.Retained[c.Key]
	return c.Action == Revoke && losing || c.Action == Delete && closed
}

// stillHeld is the verdict on what a first run held and nobody released. Its changes are
// known by their IDs, which hold the hash of the rules: what these rules take from
// others later is judged by the ordinary limits.
func (p *planner) stillHeld(matters []*matter) []Verdict {
	if len(p.in.History.Kept) == 0 {
		return nil
	}
	var ids []string
	for _, m := range matters {
		if m.c.Action.Removes() && p.in.History.Kept[m.c.ID] {
			ids = append(ids, m.c.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	slices.Sort(ids)
	return []Verdict{{Guard: GuardKept, Changes: ids}}
}

// keep marks what stays held. It counts for no limit: nobody else has to wait
// because of it. What a first run would take when a time of grace is over is its
// doing, too.
func (v *Verdict) keep(matters []*matter) []*matter {
	var out []*matter
	for _, m := range matters {
		if _, is := slices.BinarySearch(v.Changes, m.c.ID); !is {
			continue
		}
		m.kept = !m.released
		if m.kept && (m.free || m.timed) && !m.follows() {
			out = append(out, m)
		}
	}
	v.Count = len(out)
	return out
}
