package rules_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// verdict is what a naive reading of the rules says of an account. Roles map what
// is not simply absent to a word; of what is kept and taken, graces tell.
type verdict struct {
	phase target.Phase
	state target.State
	roles map[string]string // "granted", "undecided", "ask manager"
	kept  map[string]time.Time
	taken map[string]bool
	tier  string // "", "?", "clear" or the value
	notes []string
	close bool
}

// naive applies the rules of a world as they are described, step by step and
// without any of the library's ways to be fast.
func (w *world) naive(set *rules.Set, p rules.Person, at time.Time) []verdict {
	i := readable(p.Identity)
	out := make([]verdict, len(w.places))
	for n := range w.places {
		out[n] = w.account(set, &w.places[n], i, p, at)
	}
	w.separate(set, out, p, at)
	for n := range out {
		slices.Sort(out[n].notes)
		out[n].notes = slices.Compact(out[n].notes)
	}
	return out
}

// readable leaves out what is no text.
func readable(i *source.Identity) *source.Identity {
	c := *i
	for _, text := range []*string{&c.Department.Name, &c.Location.City, &c.Manager.ID} {
		if !utf8.ValidString(*text) {
			*text = ""
		}
	}
	for _, g := range c.Groups {
		if !utf8.ValidString(g.Name) {
			c.Groups = nil
		}
	}
	if c.Status > source.Deleted {
		c.Status = source.Unknown
	}
	return &c
}

func (w *world) account(set *rules.Set, p *place, i *source.Identity, who rules.Person, at time.Time) verdict {
	zone := time.UTC
	if i.Location.Zone != nil {
		zone = i.Location.Zone
	}
	if p.life.Clock != (rules.Clock{}) {
		zone = time.FixedZone("HQ", -5*3600)
	}
	day := source.DateOf(at.In(zone))
	v := verdict{roles: map[string]string{}, kept: map[string]time.Time{}, taken: map[string]bool{}}
	v.phase, v.state = p.stage(i, at, zone, day)
	if v.phase == target.Future {
		return v
	}
	if v.phase != target.Left && v.phase != target.PhaseUnknown {
		off := v.state == target.Disabled || v.state == target.Undecided
		w.gate(p, i, day, &v)
		if v.state == target.Undecided && off {
			v.close = w.scope == nil || w.scope.want(i, day) == rules.Yes
		}
	}
	last, _ := source.ParseDate(strings.Join(i.Custom["ends"], "|"))
	if p.expire != nil && v.phase != target.Left && v.state != target.None && last.IsZero() && p.expire.want(i, day) == rules.Yes {
		v.notes = append(v.notes, "lifecycle."+p.at())
	}
	switch v.state {
	case target.Undecided:
		for _, role := range w.rolesAt(p) {
			v.roles[role] = "undecided"
		}
	case target.Enabled, target.Disabled:
		p.chooseTier(i, day, &v)
		if v.phase != target.Left {
			for _, role := range w.rolesAt(p) {
				w.role(set, role, p, i, who, at, day, &v)
			}
			w.conflict(p, i, day, &v)
		}
	default:
	}
	return v
}

func (p *place) stage(i *source.Identity, at time.Time, zone *time.Location, day source.Date) (target.Phase, target.State) {
	start, end, terminated := i.Start(), i.End(), i.TerminatedAt
	early := func(zone *time.Location) bool { return zone == nil || source.DateOf(terminated.In(zone)).Before(start) }
	if !terminated.IsZero() && !start.IsZero() && early(zone) && early(i.Location.Zone) {
		terminated = time.Time{}
	}
	over := !end.IsZero() && day.After(end) || !terminated.IsZero() && !at.Before(terminated)
	switch {
	case i.Status == source.Unknown, i.Status == source.PreHire && start.IsZero():
		return target.PhaseUnknown, target.Undecided
	case i.Status == source.Candidate:
		return target.Future, target.None
	case i.Status.Ended() || over:
		last := end
		if !terminated.IsZero() && source.DateOf(terminated.In(zone)).After(last) {
			last = source.DateOf(terminated.In(zone))
		}
		if p.life.DeleteAfter > 0 && !last.IsZero() && day.Sub(last) >= p.life.DeleteAfter {
			return target.Left, target.Deleted
		}
		return target.Left, target.Disabled
	case start.After(day):
		ahead := start.Sub(day)
		off := i.Status == source.Suspended || i.Status == source.OnLeave && p.life.Leave == rules.DisableOnLeave && p.life.LeaveAfter == 0
		switch {
		case ahead > max(p.life.PreHire, p.life.EnableBefore):
			return target.Future, target.None
		case ahead <= p.life.EnableBefore && !off:
			return target.PreHire, target.Enabled
		}
		return target.PreHire, target.Disabled
	}
	if p.expire != nil {
		concerns := p.expire.want(i, day)
		last, err := source.ParseDate(strings.Join(i.Custom["ends"], "|"))
		expired := err == nil && day.Sub(last) > 2
		switch {
		case concerns != rules.No && err != nil && p.life.Expire.Missing == rules.HoldIt, concerns == rules.Undecided && expired:
			if phase, state := p.employed(i, day); state == target.Disabled {
				return phase, target.Undecided // expired or not
			}
			return target.PhaseUnknown, target.Undecided
		case concerns == rules.Yes && expired:
			return target.Suspended, target.Disabled
		}
	}
	return p.employed(i, day)
}

func (p *place) employed(i *source.Identity, day source.Date) (target.Phase, target.State) {
	since, err := source.ParseDate(strings.Join(i.Custom["leave_start"], "|"))
	switch {
	case i.Status == source.Suspended:
		return target.Suspended, target.Disabled
	case i.Status != source.OnLeave:
		return target.Active, target.Enabled
	case p.life.Leave == rules.KeepEnabled:
		return target.OnLeave, target.Enabled
	case p.life.LeaveAfter > 0 && err != nil:
		return target.PhaseUnknown, target.Undecided
	case p.life.LeaveAfter > 0 && day.Sub(since) < p.life.LeaveAfter:
		return target.OnLeave, target.Enabled
	}
	return target.OnLeave, target.Disabled
}

// gate is what scope, account and requirements make of the state.
func (w *world) gate(p *place, i *source.Identity, day source.Date, v *verdict) {
	inScope := rules.Yes
	if w.scope != nil {
		inScope = w.scope.want(i, day)
	}
	switch has := p.who.want(i, day); {
	case inScope == rules.No:
		v.state, v.close = target.None, w.spec.Scope.Outside == rules.DisableOutside
		return
	case inScope == rules.Undecided:
		v.state = target.Undecided
		return
	case has == rules.No:
		v.state = target.None
		return
	case has == rules.Undecided:
		v.state = target.Undecided
		return
	}
	for _, n := range w.needs {
		if n.at != nil && !slices.Contains(n.at, p.at()) || n.when != nil && n.when.want(i, day) == rules.No || n.must.want(i, day) == rules.Yes {
			continue
		}
		v.notes = append(v.notes, n.id)
		if n.hold {
			v.state = target.Undecided
		}
	}
}

func (p *place) chooseTier(i *source.Identity, day source.Date, v *verdict) {
	for rank := 1; rank >= 0; rank-- {
		var yes []string
		open := false
		for _, o := range p.tier {
			if o.rank != rank {
				continue
			}
			t := o.when.want(i, day)
			open = open || t == rules.Undecided
			if t == rules.Yes && !slices.Contains(yes, o.to) {
				yes = append(yes, o.to)
			}
		}
		switch {
		case len(yes) > 1:
			v.notes = append(v.notes, p.at()+".tier")
			v.tier = "?"
			return
		case open:
			v.tier = "?"
			return
		case len(yes) == 1:
			v.tier = yes[0]
			return
		}
	}
	if p.clears {
		v.tier = "clear"
	}
}

func (w *world) rolesAt(p *place) []string {
	var list []string
	for _, l := range w.lines {
		for _, role := range l.give {
			if at, _ := entitled(role); at == p.at() {
				list = append(list, role)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// pickLine is what a choice of the pick comes to beside the others.
func (w *world) pickLine(l line, i *source.Identity, day source.Date) (rules.Truth, bool) {
	// The highest rank of which anything is not no decides, and all below follow it.
	for rank := 2; rank >= l.rank; rank-- {
		open, gives := false, []string(nil)
		for _, other := range w.lines {
			if other.pick == "" || other.rank != rank {
				continue
			}
			switch other.when.want(i, day) {
			case rules.Undecided:
				open = true
			case rules.Yes:
				gives = append(gives, other.give[0])
			default:
			}
		}
		slices.Sort(gives)
		conflict := len(slices.Compact(gives)) > 1
		if open || conflict {
			return min(l.when.want(i, day), rules.Undecided), conflict
		}
		if len(gives) > 0 && rank > l.rank {
			return rules.No, false
		}
	}
	return l.when.want(i, day), false
}

func (w *world) conflict(p *place, i *source.Identity, day source.Date, v *verdict) {
	for _, l := range w.lines {
		if at, _ := entitled(l.give[0]); l.pick == "" || at != p.at() {
			continue
		}
		if _, conflict := w.pickLine(l, i, day); conflict && l.when.want(i, day) == rules.Yes {
			v.notes = append(v.notes, l.pick)
		}
	}
}

// role decides about one entitlement: granted, to be approved, undecided, excepted,
// in grace, not given, in this order.
func (w *world) role(set *rules.Set, role string, p *place, i *source.Identity, who rules.Person, at time.Time, day source.Date, v *verdict) {
	granted, undecided, against, grace := false, false, false, 0
	ask, askedBy := "", ""
	for _, l := range w.lines {
		if !slices.Contains(l.give, role) {
			continue
		}
		grace = max(grace, l.grace)
		t := l.when.want(i, day)
		if l.pick != "" {
			t, _ = w.pickLine(l, i, day)
		}
		excepted := slices.ContainsFunc(l.except, func(x rules.Exception) bool { return x.Who == i.ID && !day.After(x.Until) })
		needed := rules.No
		if l.approval != nil {
			needed = rules.Yes
			if l.ask != nil {
				needed = l.ask.want(i, day)
			}
		}
		switch {
		case t == rules.Undecided:
			undecided = true
		case t == rules.No:
		case excepted:
			against = true
		case needed == rules.No:
			granted = true
		default:
			switch said(set, l.id, role, l.approval.Days, who, at) {
			case "yes":
				granted = true
			case "no":
				if l.approval.KeepIfDenied || needed == rules.Undecided {
					undecided = true
				} else {
					against = true
				}
			default:
				if ask == "" || l.id < askedBy {
					ask, askedBy = l.approval.By, l.id
				}
			}
		}
	}
	never := rules.No
	for _, n := range w.nevers {
		if slices.Contains(n.take, role) {
			never = max(never, n.when.want(i, day))
		}
	}
	switch {
	case never == rules.Yes:
		against = true
	case never == rules.Undecided && (granted || ask != "" || undecided):
		v.roles[role] = "undecided"
		return
	case granted:
		v.roles[role] = "granted"
		return
	case ask != "":
		v.roles[role] = "ask " + ask
		return
	case undecided:
		v.roles[role] = "undecided"
		return
	}
	if grace == 0 {
		return
	}
	if against {
		v.taken[role] = true
		return
	}
	for _, h := range who.Held {
		if name, e := entitled(role); h.Target == p.name && h.Slot == p.slot && name == p.at() && h.Entitlement == e {
			lost := h.Lost
			if lost.IsZero() {
				lost = at
			}
			if until := lost.AddDate(0, 0, grace); at.Before(until) {
				v.kept[role] = until
			}
		}
	}
}

// said is what was decided about a rule and a role: "yes", "no" or "".
func said(set *rules.Set, id, role string, days int, who rules.Person, at time.Time) string {
	answer := ""
	for _, x := range who.Approvals {
		end := x.Expires
		if end.IsZero() && days > 0 && !x.Denied {
			end = x.At.AddDate(0, 0, days)
		}
		inForce := !at.Before(x.At) && (end.IsZero() || at.Before(end))
		if x.Rule != id || !inForce || x.Role != "" && x.Role != role || x.Hash != "" && x.Hash != set.RuleHash(id) {
			continue
		}
		if x.Denied {
			return "no"
		}
		answer = "yes"
	}
	return answer
}

// separate applies the separations of duties to what is wanted without them.
func (w *world) separate(set *rules.Set, out []verdict, p rules.Person, at time.Time) {
	type change struct {
		place int
		role  string
		to    string
	}
	var changes []change
	for _, d := range w.duties {
		var meeting []change
		wish := false
		for _, role := range d.Roles {
			name, e := entitled(role)
			n := slices.IndexFunc(w.places, func(x place) bool { return x.at() == name })
			holds := p.Held == nil || slices.ContainsFunc(p.Held, func(h rules.Held) bool {
				return h.Entitlement == e && h.Target == w.places[n].name && h.Slot == w.places[n].slot
			})
			how := out[n].roles[role]
			_, kept := out[n].kept[role]
			if how == "" && !kept || how == "undecided" && !holds {
				continue
			}
			c := change{n, role, ""}
			if how == "granted" || strings.HasPrefix(how, "ask") {
				wish = true
				switch {
				case d.Do == rules.HoldDuties:
					c.to = "undecided"
				case d.Do == rules.ApproveDuties && (p.Held == nil || !holds):
					switch said(set, d.ID, role, 0, p, at) {
					case "":
						c.to = "ask " + d.By
					case "no":
						c.to = "undecided"
					}
				}
			}
			meeting = append(meeting, c)
		}
		if len(meeting) < 2 || !wish {
			continue
		}
		changes = append(changes, meeting...)
		for _, c := range meeting {
			if d.Do != rules.ApproveDuties {
				out[c.place].notes = append(out[c.place].notes, d.ID)
			}
		}
	}
	for _, c := range changes {
		roles := out[c.place].roles
		switch {
		case c.to == "" || roles[c.role] == "undecided":
		case c.to != "undecided" && strings.HasPrefix(roles[c.role], "ask") && roles[c.role] != c.to:
			by := []string{roles[c.role][4:], c.to[4:]}
			slices.Sort(by)
			roles[c.role] = "ask " + strings.Join(slices.Compact(by), "+")
		default:
			roles[c.role] = c.to
		}
	}
	for n := range out {
		for role, how := range out[n].roles {
			// Two separations can ask the same people.
			if by, ok := strings.CutPrefix(how, "ask "); ok {
				parts := strings.Split(by, "+")
				slices.Sort(parts)
				out[n].roles[role] = "ask " + strings.Join(slices.Compact(parts), "+")
			}
		}
	}
}

// decided reads a decision as a verdict.
func (p *place) decided(d *target.Desired) verdict {
	v := verdict{phase: d.Phase, state: d.State, roles: map[string]string{}, kept: map[string]time.Time{}, taken: map[string]bool{}}
	role := func(e target.Entitlement) string { return p.at() + "/" + e.String() }
	for _, e := range d.Entitlements {
		v.roles[role(e)] = "granted"
	}
	for _, e := range d.Undecided {
		v.roles[role(e)] += "undecided"
	}
	for _, a := range d.Ask {
		if before := v.roles[role(a.Entitlement)]; before != "" {
			v.roles[role(a.Entitlement)] = before + "+" + a.By
		} else {
			v.roles[role(a.Entitlement)] = "ask " + a.By
		}
	}
	if d.Extra != nil {
		for _, k := range d.Extra.Keep {
			v.kept[role(k.Entitlement)] = k.Until
		}
		for _, e := range d.Extra.Take {
			v.taken[role(e)] = true
		}
		for _, n := range d.Extra.Notes {
			v.notes = append(v.notes, n.Rule)
		}
		v.close = d.Extra.Close
	}
	slices.SortFunc(v.notes, cmp.Compare[string])
	v.tier = d.Attributes.Get("tier")
	if slices.Contains(d.Clear, "tier") {
		v.tier = "clear"
	}
	return v
}

// The library and a naive reading of the rules agree about everything.
func TestDecisionsMeanWhatTheRulesSay(t *testing.T) {
	granted, kept, taken, asked, noted, tiers := 0, 0, 0, 0, 0, 0
	seeds(t, storm(600), func(t testing.TB, g *generator) {
		g.clock = g.IntN(2) == 0
		w := g.world()
		set := mustBuild(t, w.spec)
		decider := set.Decider()
		for range 4 {
			at := time.Date(2026, 3, 1+g.IntN(25), g.IntN(24), 0, 0, 0, time.UTC)
			p := rules.Person{Identity: g.full(), Held: g.holding(at), Approvals: g.approvals(w, set, at)}
			want := w.naive(set, p, at)
			for n, a := range decider.Decide(p, at).Accounts {
				got := w.places[n].decided(&a.Desired)
				if want[n].tier == "?" {
					want[n].tier = ""
				}
				if !assert.Equal(t, want[n], got, "%s at %s\n%+v\n%+v", w.places[n].at(), at, p.Identity, p.Approvals) {
					return
				}
				granted, kept, taken, noted = granted+len(a.Desired.Entitlements), kept+len(got.kept), taken+len(got.taken), noted+len(got.notes)
				asked += len(a.Desired.Ask)
				if got.tier != "" {
					tiers++
				}
				if w.shield != nil {
					assert.Equal(t, w.shield.want(readable(p.Identity), w.day(n, p.Identity, at)) != rules.No, a.Desired.Protected)
				}
			}
		}
	})
	for name, count := range map[string]int{"granted": granted, "kept": kept, "taken": taken, "asked": asked, "noted": noted, "tiers": tiers} {
		assert.Greater(t, count, 40, "%s: the samples are too dull", name)
	}
}

func (w *world) day(n int, i *source.Identity, at time.Time) source.Date {
	zone := time.UTC
	if i.Location.Zone != nil {
		zone = i.Location.Zone
	}
	if w.places[n].life.Clock != (rules.Clock{}) {
		zone = time.FixedZone("HQ", -5*3600)
	}
	return source.DateOf(at.In(zone))
}
