package reconcile

import (
	"cmp"
	"slices"
	"time"

	"github.com/provision-go/provision/target"
)

// matter is a change with all that decides whether it may run.
type matter struct {
	c        *Change
	own      []HoldReason // its own, without guards and seats
	guards   []HoldReason
	seat     *HoldReason
	hard     []*matter // must be done first
	awaits   []await   // accounts that its references need
	lifted   bool      // by an approval
	extra    bool      // lifted, or needs what is
	free     bool      // nothing but a guard can hold it
	timed    bool      // not free, but only for a time
	kept     bool      // since a first run
	released bool
	reasons  []HoldReason
}

// await is a reference in a field to an account that another change makes.
type await struct {
	field string
	maker *matter
}

// waits reports whether a reference in the field needs an account whose creation
// is held.
func (m *matter) waits(field string) bool {
	return slices.ContainsFunc(m.awaits, func(a await) bool { return a.field == field && len(a.maker.reasons) > 0 })
}

// decisions are what people decided, as far as it counts now.
type decisions struct {
	approved map[string]time.Time // when last
	denied   map[string]string    // why
	released map[string]bool      // fingerprints of plans, or of what is guarded in them
	permits  map[string]bool      // changes that a release names
}

// decide sorts out what counts at an instant. A denial wins over approvals.
func decide(at time.Time, approvals []Approval, releases []Release) decisions {
	d := decisions{approved: map[string]time.Time{}, denied: map[string]string{}, released: map[string]bool{}, permits: map[string]bool{}}
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
			if last, ok := d.approved[a.Change]; !ok || a.At.After(last) {
				d.approved[a.Change] = a.At
			}
		}
	}
	for _, r := range releases {
		if r.At.After(at) || !r.Expires.After(at) {
			continue
		}
		for _, id := range r.Changes {
			d.permits[id] = true
		}
		if len(r.Changes) == 0 && r.Fingerprint != "" {
			d.released[r.Fingerprint] = true
		}
	}
	return d
}

// link connects the matters by the needs of their changes.
func link(matters []*matter) {
	needed := map[string]*matter{}
	for _, m := range matters {
		for _, n := range m.c.Needs {
			needed[n.Change] = nil
		}
	}
	if len(needed) == 0 {
		return
	}
	for _, m := range matters {
		if _, ok := needed[m.c.ID]; ok {
			needed[m.c.ID] = m
		}
	}
	for _, m := range matters {
		for _, n := range m.c.Needs {
			if to := needed[n.Change]; to != nil {
				m.link(to, n.Field)
			}
		}
	}
}

func (m *matter) link(to *matter, field string) {
	if field == "" {
		m.hard = append(m.hard, to)
	} else {
		m.awaits = append(m.awaits, await{field, to})
	}
}

// weigh fills in the reasons of every matter and returns what the guards hold
// before any release, in one hash. Seats are given to what nothing else holds, so
// nobody waits for one that is not used; a grant that only a guard holds keeps its
// seat, because a release may let it run. Guards see what nothing else holds, so a
// stricter one never lets more through. Only when all have spoken it is known what
// a release has to name. The matters are in the order of a plan.
func (p *Plan) weigh(matters []*matter, verdicts []Verdict, d decisions) string {
	for _, m := range matters {
		m.lift(d)
	}
	spread(matters)
	if p.seat(matters) {
		spread(matters)
	}
	for _, m := range matters {
		m.free = len(m.reasons) == 0
		m.timed = !m.free && !slices.ContainsFunc(m.reasons, func(r HoldReason) bool { return r.Kind != InGrace })
		m.kept, m.guards = false, nil
		_, known := slices.BinarySearch(p.Released, m.c.ID)
		m.released = known || d.permits[m.c.ID]
	}
	spreadExtra(matters)
	p.guard(matters, verdicts)
	guarded := p.guarded(matters, verdicts)
	if guarded == "" {
		return ""
	}
	if d.released[guarded] || d.released[p.Fingerprint] {
		for i := range verdicts {
			verdicts[i].Release = verdicts[i].Held
		}
		for _, m := range matters {
			m.guards = nil
		}
	}
	spread(matters)
	return guarded
}

// guard marks what the guards hold. Each sees the same, whatever the others hold:
// else one that is stricter could let through what another counts. What is kept
// since a first run counts for none of them; what is released counts, but is not held.
func (p *Plan) guard(matters []*matter, verdicts []Verdict) {
	for i := range verdicts {
		if v := &verdicts[i]; v.Guard == GuardKept {
			v.mark(v.keep(matters))
		}
	}
	var lost map[target.Entitlement][]*matter
	for i := range verdicts {
		v := &verdicts[i]
		switch v.Guard {
		case GuardKept:
		case GuardAction:
			list := ofAction(matters, v.Action)
			held := v.judge(judged(list))
			if v.first() && v.Action.Removes() {
				held = append(held, filter(list, func(m *matter) bool {
					_, begins := slices.BinarySearch(v.Changes, m.c.ID)
					return begins && m.timed && !m.kept
				})...)
			}
			v.mark(held)
		case GuardEntitlement:
			if lost == nil {
				lost = byEntitlement(matters)
			}
			v.mark(v.judge(judged(lost[v.Entitlement])))
		case GuardSentinels, GuardFields, GuardClock, GuardPeople:
			var held []*matter
			for action := Disable; action <= Delete; action++ {
				if v.stops(action) {
					held = append(held, filter(ofAction(matters, action), func(m *matter) bool {
						return m.free && !m.follows()
					})...)
				}
			}
			v.mark(held)
			v.Held = v.Held || p.Whole
		}
	}
}

// judged are the changes that count for a limit.
func judged(list []*matter) []*matter {
	var out []*matter
	for _, m := range list {
		if m.free && !m.kept && !m.follows() {
			out = append(out, m)
		}
	}
	return out
}

// mark gives what one guard holds its reason.
func (v *Verdict) mark(held []*matter) {
	held = filter(held, func(m *matter) bool { return !m.released && !m.c.Urgent })
	v.Held, v.Release = len(held) > 0, false
	if len(held) == 0 {
		return
	}
	text := v.Reason()
	for _, m := range held {
		lasts := m.c.Action.Removes() && (v.first() || v.Guard == GuardKept)
		m.guards = append(m.guards, HoldReason{Kind: Guarded, Text: text, Change: m.c.ID, Lasting: lasts})
	}
}

// ofAction returns the part with one action: a plan is sorted by it first.
func ofAction(matters []*matter, action Action) []*matter {
	from, _ := slices.BinarySearchFunc(matters, action, func(m *matter, a Action) int { return cmp.Compare(m.c.Action, a) })
	to, _ := slices.BinarySearchFunc(matters, action+1, func(m *matter, a Action) int { return cmp.Compare(m.c.Action, a) })
	return matters[from:to]
}

// lift takes away what is approved, and holds what is denied.
func (m *matter) lift(d decisions) {
	for i := range m.own {
		m.own[i].Change = m.c.ID
	}
	if text, ok := d.denied[m.c.ID]; ok && !m.c.Urgent {
		m.own = append(m.own, HoldReason{Kind: NeedsApproval, Text: text, Change: m.c.ID, Denied: true})
		return
	}
	if at, ok := d.approved[m.c.ID]; ok {
		before := len(m.own)
		m.own = slices.DeleteFunc(m.own, func(r HoldReason) bool {
			return r.Kind == NeedsApproval || r.Kind == InConflict && r.Approvable || r.Kind == Parked && at.After(r.Since)
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
	var queue []*matter
	for _, m := range matters {
		m.reasons = nil
		if len(m.own) > 0 || len(m.guards) > 0 || m.seat != nil {
			queue = append(queue, m)
		}
	}
	if len(queue) == 0 {
		return
	}
	dependents := map[*matter][]*matter{}
	for _, m := range matters {
		for _, to := range m.hard {
			dependents[to] = append(dependents[to], m)
		}
		for _, a := range m.awaits {
			dependents[a.maker] = append(dependents[a.maker], m)
		}
	}
	for _, m := range queue {
		m.collect()
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
	reasons = append(reasons, m.guards...)
	if m.seat != nil {
		reasons = append(reasons, *m.seat)
	}
	for _, to := range m.hard {
		reasons = append(reasons, to.reasons...)
	}
	if m.emptied() {
		for _, a := range m.awaits {
			reasons = append(reasons, a.maker.reasons...)
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
		if !m.waits(f.Name) {
			return false
		}
	}
	return true
}

func compareReasons(a, b HoldReason) int {
	return cmp.Or(
		cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Text, b.Text), cmp.Compare(a.By, b.By),
		a.Until.Compare(b.Until), a.Since.Compare(b.Since), cmp.Compare(a.Change, b.Change),
	)
}

// spreadExtra marks what runs only because it, or something that it needs, was
// approved.
func spreadExtra(matters []*matter) {
	again := false
	for _, m := range matters {
		m.extra = m.lifted
		again = again || m.lifted
	}
	for again {
		again = false
		for _, m := range matters {
			if !m.extra && slices.ContainsFunc(m.hard, func(to *matter) bool { return to.extra }) {
				m.extra, again = true, true
			}
		}
	}
}
