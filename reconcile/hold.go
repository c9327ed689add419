package reconcile

import (
	"cmp"
	"slices"
	"time"
)

// matter is a change with all that decides whether it may run.
type matter struct {
	c       *Change
	own     []HoldReason // its own, without guards
	guard   *HoldReason
	hard    []*matter            // must be done first
	fields  map[string][]*matter // accounts that its references need
	lifted  bool                 // by an approval
	extra   bool                 // lifted, or needs what is
	reasons []HoldReason         // the result
}

// decisions are what people decided, as far as it counts now.
type decisions struct {
	approved map[string]bool
	denied   map[string]string // why
	released map[string]bool   // fingerprints of plans, or of what is guarded in them
}

// decide sorts out what counts at an instant. A denial wins over approvals.
func decide(at time.Time, approvals []Approval, releases []Release) decisions {
	d := decisions{approved: map[string]bool{}, denied: map[string]string{}, released: map[string]bool{}}
	for _, a := range approvals {
		switch {
		case a.At.After(at), !a.Expires.IsZero() && !a.Expires.After(at):
		case a.Denied:
			text := "denied by " + clean(a.Actor)
			if a.Reason != "" {
				text += ": " + clean(a.Reason)
			}
			if old, ok := d.denied[a.Change]; !ok || text < old {
				d.denied[a.Change] = text
			}
		default:
			d.approved[a.Change] = true
		}
	}
	for _, r := range releases {
		if r.Fingerprint != "" && !r.At.After(at) && r.Expires.After(at) {
			d.released[r.Fingerprint] = true
		}
	}
	return d
}

// link connects the matters by the needs of their changes.
func link(matters []*matter) {
	byID := make(map[string]*matter, len(matters))
	for _, m := range matters {
		byID[m.c.ID] = m
	}
	for _, m := range matters {
		for _, n := range m.c.Needs {
			to := byID[n.Change]
			switch {
			case to == nil:
			case n.Field == "":
				m.hard = append(m.hard, to)
			default:
				if m.fields == nil {
					m.fields = map[string][]*matter{}
				}
				m.fields[n.Field] = append(m.fields[n.Field], to)
			}
		}
	}
}

// weigh fills in the reasons of every matter and returns what the guards hold
// before any release, in one hash. Guards see what nothing else holds, so a
// stricter one never lets more through. Only when all have spoken it is known what
// a release has to name.
func (p *Plan) weigh(matters []*matter, verdicts []Verdict, d decisions) string {
	for _, m := range matters {
		m.lift(d)
	}
	free := make(map[*matter]bool, len(matters))
	spread(matters)
	for _, m := range matters {
		free[m] = len(m.reasons) == 0
	}
	spreadExtra(matters)
	for i := range verdicts {
		verdicts[i].guard(matters, free)
	}
	guarded := p.guarded(matters)
	if guarded != "" && (d.released[guarded] || d.released[p.Fingerprint]) {
		for i := range verdicts {
			verdicts[i].Release = verdicts[i].Held
		}
		for _, m := range matters {
			m.guard = nil
		}
	}
	spread(matters)
	return guarded
}

// guard marks what one guard holds.
func (v *Verdict) guard(matters []*matter, free map[*matter]bool) {
	var list []guarded
	for _, m := range matters {
		if m.c.Action == v.Action && free[m] && !m.follows() {
			list = append(list, guarded{m.c, m.extra})
		}
	}
	held := v.judge(list)
	v.Held, v.Release = len(held) > 0, false
	text := v.text()
	for _, m := range matters {
		if held[m.c] {
			m.guard = &HoldReason{Kind: Guarded, Text: text, Change: m.c.ID}
		}
	}
}

// lift takes away what is approved, and holds what is denied.
func (m *matter) lift(d decisions) {
	for i := range m.own {
		m.own[i].Change = m.c.ID
	}
	if text, ok := d.denied[m.c.ID]; ok {
		m.own = append(m.own, HoldReason{Kind: NeedsApproval, Text: text, Change: m.c.ID})
		return
	}
	if d.approved[m.c.ID] {
		before := len(m.own)
		m.own = slices.DeleteFunc(m.own, func(r HoldReason) bool {
			return r.Kind == NeedsApproval || r.Kind == InConflict && r.Approvable
		})
		m.lifted = m.lifted || len(m.own) < before
	}
}

// follows reports whether the change shares the fate of another, whose guard then
// speaks for it: what goes with a disable, and what a new account is given.
func (m *matter) follows() bool {
	leads := Disable
	switch {
	case m.c.Action == Grant:
		leads = Create
	case !m.c.Action.Removes() || m.c.Action == Delete:
		return false
	}
	return slices.ContainsFunc(m.hard, func(to *matter) bool { return to.c.Action == leads })
}

// spread sets the reasons of all: a change waits for itself and for whatever it
// cannot do without.
func spread(matters []*matter) {
	dependents := map[*matter][]*matter{}
	for _, m := range matters {
		m.reasons = nil
		for _, to := range m.hard {
			dependents[to] = append(dependents[to], m)
		}
		for _, list := range m.fields {
			for _, to := range list {
				dependents[to] = append(dependents[to], m)
			}
		}
	}
	var queue []*matter
	for _, m := range matters {
		if len(m.own) > 0 || m.guard != nil {
			m.collect()
			queue = append(queue, m)
		}
	}
	for len(queue) > 0 {
		m := queue[0]
		queue = queue[1:]
		for _, dep := range dependents[m] {
			before := len(dep.reasons)
			dep.collect()
			if len(dep.reasons) != before {
				queue = append(queue, dep)
			}
		}
	}
}

// collect gathers the reasons of a change: its own and those of what it needs.
func (m *matter) collect() {
	reasons := slices.Clone(m.own)
	if m.guard != nil {
		reasons = append(reasons, *m.guard)
	}
	for _, to := range m.hard {
		reasons = append(reasons, to.reasons...)
	}
	if m.emptied() {
		for _, list := range m.fields {
			for _, to := range list {
				reasons = append(reasons, to.reasons...)
			}
		}
	}
	slices.SortFunc(reasons, compareReasons)
	m.reasons = slices.CompactFunc(reasons, func(a, b HoldReason) bool { return compareReasons(a, b) == 0 })
}

// emptied reports whether every field of an update waits for an account that is
// held, so that nothing would be left to write.
func (m *matter) emptied() bool {
	if m.c.Action != Update {
		return false
	}
	for _, f := range m.c.Fields {
		if !slices.ContainsFunc(m.fields[f.Name], func(to *matter) bool { return len(to.reasons) > 0 }) {
			return false
		}
	}
	return true
}

func compareReasons(a, b HoldReason) int {
	return cmp.Or(
		cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Text, b.Text), cmp.Compare(a.By, b.By),
		a.Until.Compare(b.Until), cmp.Compare(a.Change, b.Change),
	)
}

// spreadExtra marks what runs only because it, or something that it needs, was
// approved.
func spreadExtra(matters []*matter) {
	for _, m := range matters {
		m.extra = m.lifted
	}
	for again := true; again; {
		again = false
		for _, m := range matters {
			if !m.extra && slices.ContainsFunc(m.hard, func(to *matter) bool { return to.extra }) {
				m.extra, again = true, true
			}
		}
	}
}
