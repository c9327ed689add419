package rules_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// A world is a random rule set that uses everything, with what its parts mean: see
// (*world).naive.
type world struct {
	spec   rules.Spec
	scope  *sample
	places []place
	lines  []line
	nevers []denial
	duties []rules.NeverTogether
	needs  []need
	shield *sample
}

// place is an account.
type place struct {
	name, slot string
	who        sample
	life       rules.Lifecycle
	expire     *sample
	ends       string // the custom field of the last day of access
	tier       []option
	clears     bool
}

func (p *place) at() string {
	if p.slot == "" {
		return p.name
	}
	return p.name + "~" + p.slot
}

// line is a grant, a row of the table of one, or a choice of a pick.
type line struct {
	id       string
	when     sample
	give     []string
	approval *rules.Approval
	ask      *sample
	grace    int
	except   []rules.Exception
	pick     string
	rank     int
}

type denial struct {
	when sample
	take []string
}

type need struct {
	id         string
	at         []string
	when, must *sample
	hold       bool
}

type option struct {
	when sample
	rank int
	to   string
}

// more is a condition over custom fields of every type.
func (g *generator) more() sample {
	number := func(i *source.Identity, name string) (int, bool) {
		list := i.Custom[name]
		if len(list) != 1 {
			return 0, false
		}
		n, err := strconv.Atoi(list[0])
		return n, err == nil
	}
	n := 1 + g.IntN(4)
	switch g.IntN(6) {
	case 0:
		return sample{rules.CustomInt("level").AtLeast(n), func(i *source.Identity, _ source.Date) rules.Truth {
			level, ok := number(i, "level")
			return truth(ok, level >= n)
		}}
	case 1:
		return sample{rules.CustomInt("level").Below(n), func(i *source.Identity, _ source.Date) rules.Truth {
			level, ok := number(i, "level")
			return truth(ok, level < n)
		}}
	case 2:
		return sample{rules.CustomBool("remote").IsFalse(), func(i *source.Identity, _ source.Date) rules.Truth {
			v := strings.ToLower(strings.Join(i.Custom["remote"], "|"))
			return truth(v == "true" || v == "false", v == "false")
		}}
	case 3:
		return sample{rules.CustomList("skills").Has("go"), func(i *source.Identity, _ source.Date) rules.Truth {
			list := i.Custom["skills"]
			return truth(list != nil && !slices.Contains(list, "\xff"), slices.Contains(list, "go"))
		}}
	case 4:
		return sample{rules.Count(rules.CustomList("skills")).AtLeast(2), func(i *source.Identity, _ source.Date) rules.Truth {
			list := i.Custom["skills"]
			return truth(list != nil && !slices.Contains(list, "\xff"), len(list) >= 2)
		}}
	}
	return sample{
		rules.DaysBetween(rules.OriginalHireDate, rules.CustomDate("review")).Above(n),
		func(i *source.Identity, _ source.Date) rules.Truth {
			d, err := source.ParseDate(strings.Join(i.Custom["review"], "|"))
			return truth(err == nil && !i.OriginalHireDate.IsZero(), d.Sub(i.OriginalHireDate) > n)
		},
	}
}

// any is a condition over whatever there is.
func (g *generator) any(depth int) sample {
	if g.IntN(3) > 0 {
		return g.cond(depth)
	}
	a, b := g.more(), g.cond(depth)
	if g.IntN(2) == 0 {
		return sample{rules.All(a.cond, b.cond), func(i *source.Identity, d source.Date) rules.Truth { return min(a.want(i, d), b.want(i, d)) }}
	}
	return sample{rules.Any(b.cond, a.cond), func(i *source.Identity, d source.Date) rules.Truth { return max(a.want(i, d), b.want(i, d)) }}
}

func (g *generator) some(depth int) *sample {
	if g.IntN(2) == 0 {
		return nil
	}
	s := g.any(depth)
	return &s
}

func condOf(s *sample) rules.Cond {
	if s == nil {
		return rules.Cond{}
	}
	return s.cond
}

// roles are what the rules of a world give.
func roles() []string {
	return []string{"app/group:a", "app/group:b", "app/group:c", "app~admin/role:root", "app~admin/group:a", "crm/licence:x", "crm/licence:y"}
}

// world makes a random rule set with everything in it. The hours of all that
// happens are full ones.
func (g *generator) world() *world {
	w := &world{}
	w.spec = rules.Spec{
		Name: "random",
		Fields: []rules.FieldSpec{
			{Name: "badge", Values: []string{"red", "blue"}},
			{Name: "review", Type: rules.DateType},
			{Name: "level", Type: rules.IntType},
			{Name: "remote", Type: rules.BoolType},
			{Name: "skills", Type: rules.ListType},
			{Name: "leave_start", Type: rules.DateType},
			{Name: "ends", Type: rules.DateType},
		},
	}
	if g.IntN(4) == 0 {
		s := g.any(1)
		w.scope = &s
		w.spec.Scope = rules.Scope{When: s.cond, Outside: rules.Outside(g.IntN(2))}
	}
	for _, at := range [][2]string{{"app", ""}, {"app", "admin"}, {"crm", ""}} {
		g.place(w, at[0], at[1])
	}
	for n := range 1 + g.IntN(4) {
		g.grant(w, fmt.Sprintf("g%d", n))
	}
	for n := range g.IntN(2) {
		g.table(w, fmt.Sprintf("t%d", n))
	}
	g.picks(w)
	for n := range g.IntN(3) {
		d := denial{g.any(1), []string{g.given(w)}}
		w.nevers = append(w.nevers, d)
		w.spec.Never = append(w.spec.Never, rules.Never{ID: fmt.Sprintf("n%d", n), When: d.when.cond, Take: d.take})
	}
	for n := range g.IntN(3) {
		d := rules.NeverTogether{ID: fmt.Sprintf("d%d", n), Roles: []string{g.given(w), g.given(w)}, Do: rules.Duties(g.IntN(3))}
		if d.Do == rules.ApproveDuties {
			d.By = pick(g, "security", "manager")
		}
		if d.Roles[0] != d.Roles[1] {
			w.duties = append(w.duties, d)
		}
	}
	w.spec.NeverTogether = w.duties
	for n := range g.IntN(3) {
		must := g.any(1)
		r := need{fmt.Sprintf("r%d", n), pick(g, nil, []string{"app"}, []string{"app~admin", "crm"}), g.some(1), &must, g.IntN(2) == 0}
		w.needs = append(w.needs, r)
		spec := rules.Requirement{ID: r.id, For: r.at, When: condOf(r.when), Must: must.cond, Else: rules.ReportIt}
		if r.hold {
			spec.Else = pick(g, rules.DefaultReaction, rules.HoldIt)
		}
		w.spec.Require = append(w.spec.Require, spec)
	}
	if g.IntN(3) == 0 {
		s := g.any(1)
		w.shield = &s
		w.spec.Protect = []rules.Protection{{ID: "shield", Who: []string{"E7"}, When: s.cond}}
	}
	return w
}

func (g *generator) place(w *world, name, slot string) {
	p := place{name: name, slot: slot, life: g.lifecycle(), who: sample{rules.Everyone, func(*source.Identity, source.Date) rules.Truth { return rules.Yes }}}
	if slot != "" || g.IntN(3) == 0 {
		p.who = g.any(1)
	}
	if p.life.Leave == rules.DisableOnLeave && g.IntN(2) == 0 {
		p.life.LeaveAfter, p.life.LeaveSince = 1+g.IntN(5), rules.CustomDate("leave_start")
	}
	if g.IntN(3) == 0 {
		s := g.any(1)
		p.expire, p.ends = &s, "ends"
		p.life.Expire = rules.Expiry{When: s.cond, On: rules.CustomDate("ends").Plus(2), Missing: rules.Reaction(g.IntN(3))}
	}
	p.clears = g.IntN(2) == 0
	tier := rules.Attribute{Set: "tier"}
	if p.clears {
		tier.IfMissing = rules.Clear
	}
	for range 1 + g.IntN(3) {
		o := option{g.any(1), g.IntN(2), pick(g, "gold", "iron")}
		p.tier = append(p.tier, o)
		tier.Pick = append(tier.Pick, rules.Choice{When: o.when.cond, Rank: o.rank, To: rules.Text(o.to)})
	}
	w.places = append(w.places, p)
	w.spec.Targets = append(w.spec.Targets, rules.TargetSpec{
		Target: name, Slot: slot, Account: p.who.cond, Lifecycle: p.life,
		Attributes: []rules.Attribute{tier, {Set: "mail", To: rules.WorkEmail, When: condOf(g.some(1))}},
	})
}

func (g *generator) grant(w *world, id string) {
	l := line{id: id, when: g.any(2), give: []string{pick(g, roles()[:5]...)}}
	if g.IntN(3) == 0 {
		l.give = append(l.give, pick(g, roles()[:5]...))
	}
	if g.IntN(3) == 0 {
		l.ask = g.some(1)
		l.approval = &rules.Approval{By: pick(g, "manager", "owner"), When: condOf(l.ask), Days: g.IntN(2) * 6, KeepIfDenied: g.IntN(2) == 0}
	}
	if g.IntN(3) == 0 {
		l.except = []rules.Exception{{Who: "E1", Until: source.Day(2026, 3, 1+g.IntN(28)), Why: "because"}}
	}
	l.grace = g.IntN(2) * (1 + g.IntN(6))
	w.lines = append(w.lines, l)
	spec := rules.Grant{ID: id, When: l.when.cond, Give: l.give, Grace: l.grace, Except: l.except}
	if l.approval != nil {
		spec.Approval = *l.approval
	}
	w.spec.Grants = append(w.spec.Grants, spec)
}

// table adds a table over two fields, and a grant that gives what it says.
func (g *generator) table(w *world, name string) {
	t := rules.Table{Name: name, In: []string{"department", "custom.level"}, First: g.IntN(2) == 0}
	when := g.any(1)
	var earlier []sample
	row := func(own sample, give []string, first bool) {
		before := slices.Clone(earlier)
		w.lines = append(w.lines, line{id: "g" + name, give: give, when: sample{want: func(i *source.Identity, d source.Date) rules.Truth {
			result := min(when.want(i, d), own.want(i, d))
			if first {
				for _, x := range before {
					result = min(result, -x.want(i, d))
				}
			}
			return result
		}}})
	}
	for range 1 + g.IntN(3) {
		words, levels := pick(g, nil, []string{"red"}, []string{"red", "blue"}), pick(g, nil, []string{"2"}, []string{"1", "3"})
		own := sample{want: func(i *source.Identity, _ source.Date) rules.Truth {
			result := rules.Yes
			if words != nil {
				result = min(result, truth(i.Department.Name != "" && i.Department.Name != "\xff", slices.Contains(words, i.Department.Name)))
			}
			if levels != nil {
				_, err := strconv.Atoi(strings.Join(i.Custom["level"], "|"))
				result = min(result, truth(err == nil, err == nil && slices.Contains(levels, i.Custom["level"][0])))
			}
			return result
		}}
		give := []string{pick(g, roles()[:5]...)}
		t.Rows = append(t.Rows, rules.Row{Match: [][]string{words, levels}, Give: give})
		row(own, give, t.First)
		earlier = append(earlier, own)
	}
	if g.IntN(2) == 0 {
		t.Else = []string{"app/group:c"}
		row(sample{want: func(*source.Identity, source.Date) rules.Truth { return rules.Yes }}, t.Else, true)
	}
	w.spec.Tables = append(w.spec.Tables, t)
	w.spec.Grants = append(w.spec.Grants, rules.Grant{ID: "g" + name, When: when.cond, GiveFrom: name})
}

func (g *generator) picks(w *world) {
	p := rules.Pick{ID: "pick"}
	for range 1 + g.IntN(4) {
		l := line{id: "pick", when: g.any(1), give: []string{pick(g, "crm/licence:x", "crm/licence:y")}, pick: "pick", rank: g.IntN(3)}
		w.lines = append(w.lines, l)
		p.Choices = append(p.Choices, rules.Choice{When: l.when.cond, Rank: l.rank, Give: l.give[0]})
	}
	w.spec.Picks = []rules.Pick{p}
}

// given is a role that some rule gives.
func (g *generator) given(w *world) string { return pick(g, pick(g, w.lines...).give...) }

// complete is somebody of whom everything is known.
func (g *generator) complete() *source.Identity {
	i := g.person()
	word := func() string { return pick(g, "red", "blue", "green") }
	day := func() source.Date { return source.Day(2026, 3, 1+g.IntN(25)) }
	i.Status = pick(g, source.PreHire, source.Active, source.Active, source.OnLeave, source.Suspended, source.Terminated)
	i.Kind, i.EmploymentType = source.KindEmployee, pick(g, source.FullTime, source.Contractor)
	i.Department, i.Location.City, i.Manager.ID, i.Team = source.Named(word()), word(), word(), source.Named(word())
	i.StartDate, i.OriginalHireDate = day(), day()
	i.JobTitle, i.WorkEmail = word(), word()
	if g.IntN(3) > 0 {
		i.StartDate = source.Day(2026, 1, 1)
	}
	if g.IntN(3) > 0 {
		i.LastDay, i.TerminatedAt = source.Date{}, time.Time{}
	}
	if i.Groups == nil {
		i.Groups = []source.Group{{Name: word()}}
	}
	i.Custom = map[string][]string{
		"badge": {pick(g, "red", "blue")}, "review": {day().String()}, "level": {strconv.Itoa(g.IntN(5))},
		"remote": {pick(g, "true", "False")}, "skills": pick(g, []string{}, []string{"go"}, []string{"sql", "go"}, []string{"sql"}),
		"leave_start": {day().String()}, "ends": {day().String()},
	}
	return i
}

// full is complete, or lacks some of it.
func (g *generator) full() *source.Identity {
	i := g.complete()
	for range g.IntN(4) {
		pick(g, damages()...).do(i)
	}
	return i
}

// damage takes something that is known of a person away.
type damage struct {
	field string
	do    func(*source.Identity)
}

// damages are the ways to lose a field. The days of employment are not among them:
// an absent one says that there is none, and one that nobody understood has a
// finding. See rules.Lifecycle.
func damages() []damage {
	list := []damage{
		{"department", func(i *source.Identity) { i.Department.Name = "" }},
		{"department", func(i *source.Identity) { i.Department.Name = "\xff" }},
		{"city", func(i *source.Identity) { i.Location.City = "" }},
		{"city", func(i *source.Identity) { i.Location.City = "red\xff" }},
		{"manager", func(i *source.Identity) { i.Manager = source.Manager{} }},
		{"manager", func(i *source.Identity) { i.Manager.ID = "\xff" }},
		{"groups", func(i *source.Identity) { i.Groups = nil }},
		{"groups", func(i *source.Identity) { i.Groups = []source.Group{{Name: "\xff"}} }},
		{"original_hire_date", func(i *source.Identity) { i.OriginalHireDate = source.Date{} }},
		{"status", func(i *source.Identity) { i.Status = source.Unknown }},
		{"status", func(i *source.Identity) { i.Status = 77 }},
		{"custom", func(i *source.Identity) { i.Custom = nil }},
		{"custom.badge", func(i *source.Identity) { custom(i, "badge", "green") }},
	}
	for name, broken := range map[string]string{
		"badge": "\xff", "review": "1 March", "level": "2.0", "remote": "yes", "skills": "\xff", "leave_start": "2026-02-30", "ends": "soon",
	} {
		list = append(list,
			damage{"custom." + name, func(i *source.Identity) { custom(i, name) }},
			damage{"custom." + name, func(i *source.Identity) { custom(i, name, broken) }})
	}
	slices.SortStableFunc(list, func(a, b damage) int { return strings.Compare(a.field, b.field) })
	return list
}

// custom sets a custom field of a copy of the map; without values it drops it.
func custom(i *source.Identity, name string, values ...string) {
	all := maps.Clone(i.Custom)
	if all == nil {
		all = map[string][]string{}
	}
	all[name] = values
	if values == nil {
		delete(all, name)
	}
	i.Custom = all
}

// entitled takes "place/kind:name" apart.
func entitled(role string) (at string, e target.Entitlement) {
	at, text, _ := strings.Cut(role, "/")
	e, _ = target.ParseEntitlement(text)
	return at, e
}

// holding makes up what somebody has; nil if that is not known.
func (g *generator) holding(at time.Time) []rules.Held {
	if g.IntN(3) == 0 {
		return nil
	}
	held := []rules.Held{}
	for _, role := range roles() {
		if g.IntN(2) == 0 {
			continue
		}
		place, e := entitled(role)
		name, slot, _ := strings.Cut(place, "~")
		h := rules.Held{Target: name, Slot: slot, Entitlement: e}
		if g.IntN(2) == 0 {
			h.Lost = at.Add(-time.Duration(g.IntN(150)) * time.Hour)
		}
		held = append(held, h)
	}
	return held
}

// approvals makes up what was decided.
func (g *generator) approvals(w *world, set *rules.Set, at time.Time) []rules.Approved {
	var list []rules.Approved
	for range g.IntN(5) {
		x := rules.Approved{Rule: pick(g, w.lines...).id, At: at.Add(time.Duration(g.IntN(300)-250) * time.Hour), Denied: g.IntN(3) == 0}
		if len(w.duties) > 0 && g.IntN(3) == 0 {
			x.Rule = pick(g, w.duties...).ID
		}
		x.Role = pick(g, "", "", g.given(w))
		x.Hash = pick(g, "", set.RuleHash(x.Rule), set.RuleHash(x.Rule), "other")
		if g.IntN(3) == 0 {
			x.Expires = x.At.Add(time.Duration(g.IntN(400)) * time.Hour)
		}
		list = append(list, x)
	}
	return list
}
