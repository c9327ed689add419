package rules_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// small makes a random condition over few values, so that claims are frequent and
// everybody whom they could be about can be listed.
func (g *generator) small(depth int) rules.Cond {
	if depth > 0 && g.IntN(5) > 1 {
		a, b := g.small(depth-1), g.small(depth-1)
		return pick(g, rules.Not(a), rules.All(a, b), rules.All(a, b), rules.Any(a, b))
	}
	badge, level, dept := rules.Custom("badge"), rules.CustomInt("level"), rules.Department
	n, word := 1, pick(g, "red", "blue")
	switch g.IntN(9) {
	case 0:
		return pick(g, badge.Is(word), badge.IsNot(word), badge.In("red", "blue"), badge.StartsWith("b"), badge.Missing())
	case 1, 2:
		return pick(g, level.Is(n), level.Below(n), level.AtMost(n), level.Above(n), level.AtLeast(n), level.Missing())
	case 3, 4:
		return pick(g, dept.Is(word), dept.IsNot(word), dept.IsFold("RED"), dept.StartsWith("r"), dept.Contains("u"), dept.Missing())
	case 5:
		return pick(g, rules.Groups.Has("x"), rules.GroupIDs.Missing(), rules.Groups.Missing())
	case 6:
		return pick(g, rules.Status.Is(source.Active), rules.Status.In(source.Terminated, source.PreHire), rules.Status.IsNot(source.Active))
	case 7:
		return pick(g, rules.StartDate.After(rules.AsOf), rules.StartDate.Missing(), rules.EndDate.Before(rules.AsOf), rules.StartDate.Before(rules.EndDate))
	default:
		return rules.Everyone
	}
}

// smallSpec makes a random rule set with everything that Lint looks at.
func (g *generator) smallSpec() rules.Spec {
	maybe := func(one int, depth int) rules.Cond {
		if g.IntN(one) == 0 {
			return g.small(depth)
		}
		return rules.Everyone
	}
	spec := rules.Spec{
		Name:   "small",
		Fields: []rules.FieldSpec{{Name: "badge", Values: []string{"red", "blue"}}, {Name: "level", Type: rules.IntType}},
		Targets: []rules.TargetSpec{
			{Target: "app", Account: maybe(3, 1), Lifecycle: rules.Lifecycle{PreHire: 5}, Attributes: []rules.Attribute{
				{Set: "title", To: rules.Text("x"), When: g.small(2)},
				{Set: "tier", Pick: []rules.Choice{
					{When: g.small(1), Rank: 1 + g.IntN(2), To: rules.Text("a")}, {When: g.small(1), Rank: 1 + g.IntN(2), To: rules.Text("b")},
				}},
			}},
			{Target: "crm", Account: maybe(2, 1), Lifecycle: rules.Lifecycle{PreHire: 5}},
		},
	}
	if g.IntN(3) == 0 {
		spec.Scope.When = g.small(1)
	}
	gives := []string{"app/g:a", "app/g:b", "crm/g:c"}
	for n := range 2 + g.IntN(4) {
		x := rules.Grant{ID: fmt.Sprintf("g%d", n), When: g.small(2), Give: []string{pick(g, gives...)}, Grace: pick(g, 0, 0, 0, 3)}
		if g.IntN(3) == 0 {
			x.Give = []string{pick(g, gives[:2]...), "crm/g:c"}
		}
		if g.IntN(6) == 0 {
			x.Approval = rules.Approval{By: "boss"}
		}
		if g.IntN(6) == 0 {
			x.Except = []rules.Exception{{Who: "E1", Until: source.Day(2026, 12, 31), Why: "x"}}
		}
		if n > 0 && g.IntN(20) == 0 {
			again := spec.Grants[n-1]
			again.ID = x.ID
			x = again
		}
		spec.Grants = append(spec.Grants, x)
	}
	if g.IntN(2) == 0 {
		g.smallTable(&spec)
	}
	if g.IntN(2) == 0 {
		p := rules.Pick{ID: "pick"}
		for _, to := range []string{"app/l:x", "app/l:y", "crm/l:z"}[:2+g.IntN(2)] {
			p.Choices = append(p.Choices, rules.Choice{When: g.small(1), Rank: 1 + g.IntN(2), Give: to})
		}
		spec.Picks = []rules.Pick{p}
	}
	// Nobody ever gets what this one gives; all else may then take it away.
	zero := rules.Grant{ID: "zero", When: rules.Not(rules.Everyone), Give: gives}
	if len(spec.Tables) > 0 {
		zero.Give = append([]string{"app/t:p", "app/t:q"}, gives...)
	}
	spec.Grants = append(spec.Grants, zero)
	for n := range g.IntN(3) {
		spec.Never = append(spec.Never, rules.Never{ID: fmt.Sprintf("n%d", n), When: g.small(1), Take: []string{pick(g, gives...), pick(g, gives...)}})
	}
	if g.IntN(2) == 0 {
		spec.NeverTogether = []rules.NeverTogether{{ID: "sod", Roles: gives[g.IntN(2):], Do: pick(g, rules.HoldDuties, rules.ReportDuties)}}
	}
	if g.IntN(3) == 0 {
		spec.Protect = []rules.Protection{{ID: "glass", When: g.small(2)}}
	}
	return spec
}

func (g *generator) smallTable(spec *rules.Spec) {
	t := rules.Table{Name: "t", In: []string{"badge", "level"}, First: g.IntN(2) == 0}
	for range 2 + g.IntN(4) {
		t.Rows = append(t.Rows, rules.Row{
			Match: [][]string{
				pick(g, nil, []string{"red"}, []string{"blue"}, []string{"blue", "red"}), pick(g, nil, []string{"1"}, []string{"2"}, []string{"1", "2"}),
			},
			Give: []string{pick(g, "app/t:p", "app/t:q")},
		})
	}
	if g.IntN(2) == 0 {
		t.Else = []string{"app/t:p"}
	}
	spec.Tables = []rules.Table{t}
	spec.Grants = append(spec.Grants, rules.Grant{ID: "table", When: pick(g, rules.Everyone, g.small(1)), GiveFrom: "t"})
}

var lintDay = time.Date(2026, 3, 9, 12, 0, 0, 0, time.UTC)

// everybody returns all people over the few values: those who are employed in one
// way, then those in the next.
func everybody() [][]*source.Identity {
	var all [][]*source.Identity
	today := source.DateOf(lintDay)
	for _, employed := range []source.Identity{
		{Status: source.Active},
		{Status: source.Active, StartDate: today.AddDays(3)},
		{Status: source.Active, StartDate: today, LastDay: today},
		{Status: source.OnLeave},
		{Status: source.OnLeave, StartDate: today.AddDays(-9), LastDay: today.AddDays(9)},
		{Status: source.PreHire, StartDate: today.AddDays(3), LastDay: today.AddDays(9)},
		{Status: source.Terminated, LastDay: today.AddDays(-3)},
		{},
	} {
		var list []*source.Identity
		for _, badge := range []string{"", "red", "blue"} {
			for _, level := range []string{"", "0", "1", "2"} {
				for _, dept := range []string{"", "red", "blue", "RED", "ru"} {
					for _, groups := range [][]source.Group{nil, {}, {{Name: "x", ID: "1"}}} {
						i := employed
						i.ID, i.Department, i.Groups, i.Custom = "E9", source.Named(dept), groups, map[string][]string{}
						if badge != "" {
							i.Custom["badge"] = []string{badge}
						}
						if level != "" {
							i.Custom["level"] = []string{level}
						}
						list = append(list, &i)
					}
				}
			}
		}
		all = append(all, list)
	}
	return all
}

// A verifier checks what Lint claims about one set, by asking for decisions about
// everybody.
type verifier struct {
	testing.TB
	spec   rules.Spec
	people []*source.Identity
	seen   map[rules.LintCode]int
}

const marked = "-marked"

// mark returns the set with something else in place of what a rule gives.
func (j *verifier) mark(f rules.LintFinding, nevers bool) *rules.Set {
	spec := j.spec
	mark := func(list []string) []string {
		out := slices.Clone(list)
		for i := range out {
			out[i] += marked
		}
		return out
	}
	spec.Grants, spec.Tables, spec.Picks, spec.Never = slices.Clone(spec.Grants), slices.Clone(spec.Tables), slices.Clone(spec.Picks), slices.Clone(spec.Never)
	switch f.Kind {
	case rules.KindGrant:
		n := slices.IndexFunc(spec.Grants, func(x rules.Grant) bool { return x.ID == f.Rule })
		spec.Grants[n].Give, spec.Grants[n].Except = mark(spec.Grants[n].Give), nil
	case rules.KindRow:
		t := &spec.Tables[0]
		t.Rows = slices.Clone(t.Rows)
		if f.Number > len(t.Rows) {
			t.Else = mark(t.Else)
		} else {
			t.Rows[f.Number-1].Give = mark(t.Rows[f.Number-1].Give)
		}
	case rules.KindChoice:
		choices := slices.Clone(spec.Picks[0].Choices)
		choices[f.Number-1].Give += marked
		spec.Picks[0].Choices = choices
	default:
		j.Fatalf("nothing to mark: %s", f)
	}
	for i := range spec.Never {
		if n := &spec.Never[i]; nevers {
			for _, e := range slices.Clone(n.Take) {
				if strings.HasPrefix(f.Rule, "g") {
					n.Take = append(slices.Clip(n.Take), e+marked)
				}
			}
		}
	}
	if nevers {
		spec.Grants = append(spec.Grants, rules.Grant{ID: "zero.marked", When: rules.Not(rules.Everyone), Give: mark([]string{"app/g:a", "app/g:b", "crm/g:c"})})
	}
	return mustBuild(j, spec)
}

// neverGiven checks that nobody gets, or could ask for, what is marked on a target.
func (j *verifier) neverGiven(set *rules.Set, on func(target string) bool) bool {
	d := set.Decider()
	for _, i := range j.people {
		for _, a := range d.Decide(rules.Person{Identity: i}, lintDay).Accounts {
			is := func(e target.Entitlement) bool { return strings.HasSuffix(e.Name, marked) && on(a.Target) }
			if slices.ContainsFunc(a.Desired.Entitlements, is) ||
				slices.ContainsFunc(a.Desired.Ask, func(x target.Ask) bool { return is(x.Entitlement) }) {
				return false
			}
		}
	}
	return true
}

// alike checks that two sets decide the same for everybody, what is marked aside.
func (j *verifier) alike(a, b *rules.Set) bool {
	x, y := a.Decider(), b.Decider()
	var held []rules.Held
	for _, name := range []string{"app/g:a", "app/g:b", "crm/g:c", "app/t:p", "app/t:q"} {
		at, rest, _ := strings.Cut(name, "/")
		e, err := target.ParseEntitlement(rest)
		require.NoError(j, err)
		held = append(held, rules.Held{Target: at, Entitlement: e})
	}
	for n, i := range j.people {
		p := rules.Person{Identity: i}
		if n%2 == 0 {
			p.Held = held
		}
		if told(x.Decide(p, lintDay)) != told(y.Decide(p, lintDay)) {
			return false
		}
	}
	return true
}

// told writes what a decision wants.
func told(d rules.Decision) string {
	var b strings.Builder
	for _, a := range d.Accounts {
		w := a.Desired
		fmt.Fprint(&b, a.Target, w.State, w.Protected)
		for _, list := range [][]target.Entitlement{w.Entitlements, w.Undecided} {
			for _, e := range list {
				if !strings.HasSuffix(e.Name, marked) {
					fmt.Fprint(&b, " ", e)
				}
			}
			fmt.Fprint(&b, ";")
		}
		for _, x := range w.Ask {
			if !strings.HasSuffix(x.Entitlement.Name, marked) {
				fmt.Fprint(&b, " ", x)
			}
		}
		if w.Extra != nil {
			fmt.Fprint(&b, w.Extra.Keep, w.Extra.Take)
		}
	}
	return b.String()
}

// accounted checks whether anybody who has not left has an account on a target.
func (j *verifier) accounted(set *rules.Set, name string) bool {
	d := set.Decider()
	for _, i := range j.people {
		for _, a := range d.Decide(rules.Person{Identity: i}, lintDay).Accounts {
			w := a.Desired
			if (name == "" || a.Target == name) && w.Phase != target.Left && (w.State == target.Enabled || w.State == target.Disabled) {
				return true
			}
		}
	}
	return false
}

var claimedOn = regexp.MustCompile(`^gives nothing on ([^:]*):`)

func (j *verifier) verify(set *rules.Set, f rules.LintFinding) {
	j.seen[f.Code]++
	anywhere := func(string) bool { return true }
	ok := true
	switch {
	case f.Code == rules.LintDead || f.Code == rules.LintNotReached && !strings.HasPrefix(f.Message, "repeats"):
		ok = j.dead(set, f)
	case f.Code == rules.LintInsideNever:
		ok = j.neverGiven(j.mark(f, true), anywhere)
	case f.Kind == rules.KindNever:
		other := j.spec
		other.Never = slices.DeleteFunc(slices.Clone(other.Never), func(n rules.Never) bool { return n.ID == f.Rule })
		ok = j.alike(set, mustBuild(j, other))
	case f.Kind == rules.KindGrant && f.Code != rules.LintDuties:
		other := j.spec
		other.Grants = slices.DeleteFunc(slices.Clone(other.Grants), func(g rules.Grant) bool { return g.ID == f.Rule })
		ok = j.alike(set, mustBuild(j, other))
	case f.Code == rules.LintAddsNothing || f.Code == rules.LintNotReached:
		ok = j.alike(set, j.mark(f, false))
	case f.Code == rules.LintPicks || f.Code == rules.LintDuties:
		ok = j.conflicts(set, f)
	default:
		j.Fatalf("unexpected: %s", f)
	}
	if !ok {
		data, _ := j.spec.Format()
		j.Errorf("wrong: %s %s\n%s", f.Code, f, data)
	}
}

func (j *verifier) dead(set *rules.Set, f rules.LintFinding) bool {
	d := set.Decider()
	switch f.Kind {
	case rules.KindScope:
		return !j.accounted(set, "")
	case rules.KindAccount:
		return !j.accounted(set, strings.TrimPrefix(f.Rule, "account."))
	case rules.KindProtection:
		for _, i := range j.people {
			whole := i.Status != source.Unknown && i.Groups != nil && len(i.Custom) == 2 && i.Department.Name != "" && !i.Start().IsZero() && !i.End().IsZero()
			if whole && d.Decide(rules.Person{Identity: i}, lintDay).Accounts[0].Desired.Protected {
				return false
			}
		}
		return true
	case rules.KindAttribute:
		return j.neverSet(f)
	case rules.KindNever:
		spec := rules.Spec{Name: "x", Fields: j.spec.Fields, Scope: j.spec.Scope, Targets: j.spec.Targets, Never: []rules.Never{j.neverOf(f.Rule)}}
		spec.Grants = []rules.Grant{{ID: "all", When: rules.Everyone, Give: []string{"app/g:a", "app/g:b", "crm/g:c"}}}
		d = mustBuild(j, spec).Decider()
		for _, i := range j.people {
			for _, a := range d.Decide(rules.Person{Identity: i}, lintDay).Accounts {
				w, all := a.Desired, map[string]int{"app": 2, "crm": 1}[a.Target]
				if w.Phase != target.Left && (w.State == target.Enabled || w.State == target.Disabled) && len(w.Entitlements)+len(w.Undecided) < all {
					return false
				}
			}
		}
		return true
	default:
		return j.givesNothing(f)
	}
}

// givesNothing checks that a grant, a row or a choice gives nothing where it is said
// to give none.
func (j *verifier) givesNothing(f rules.LintFinding) bool {
	on := func(string) bool { return true }
	if m := claimedOn.FindStringSubmatch(f.Message); m != nil {
		on = func(name string) bool { return strings.Contains(m[1], name) }
	}
	return j.neverGiven(j.mark(f, false), on)
}

func (j *verifier) neverOf(id string) rules.Never {
	return j.spec.Never[slices.IndexFunc(j.spec.Never, func(n rules.Never) bool { return n.ID == id })]
}

// neverSet checks that an attribute, or a choice of it, is set for nobody.
func (j *verifier) neverSet(f rules.LintFinding) bool {
	spec := j.spec
	spec.Targets = slices.Clone(spec.Targets)
	app := &spec.Targets[0]
	app.Attributes = slices.Clone(app.Attributes)
	name := strings.TrimPrefix(f.Rule, "app.")
	if f.Number > 0 {
		choices := slices.Clone(app.Attributes[1].Pick)
		choices[f.Number-1].To = rules.Text(marked)
		app.Attributes[1].Pick = choices
	} else {
		app.Attributes[0].To = rules.Text(marked)
	}
	d := mustBuild(j, spec).Decider()
	for _, i := range j.people {
		if d.Decide(rules.Person{Identity: i}, lintDay).Accounts[0].Desired.Attributes.Get(name) == marked {
			return false
		}
	}
	return true
}

// conflicts decides for the example and looks for the conflict.
func (j *verifier) conflicts(set *rules.Set, f rules.LintFinding) bool {
	rule := f.Rule
	if f.Code == rules.LintDuties {
		rule = "sod"
	}
	i, at := j.example(f.Message)
	for _, a := range set.Decide(rules.Person{Identity: i}, at).Accounts {
		if x := a.Desired.Extra; x != nil && slices.ContainsFunc(x.Notes, func(n target.Note) bool { return n.Code == rules.CodeConflict && n.Rule == rule }) {
			return true
		}
		// A pick across targets is noted on one of them; on all of them its choices
		// are undecided.
		if w := a.Desired; f.Kind == rules.KindChoice && (w.State == target.Enabled || w.State == target.Disabled) {
			for _, n := range []int{f.Number, f.OtherNumber} {
				give := j.spec.Picks[0].Choices[n-1].Give
				if slices.ContainsFunc(w.Undecided, func(e target.Entitlement) bool { return a.Target+"/"+e.String() == give }) {
					return true
				}
			}
		}
	}
	return false
}

// example makes the person that a message speaks of.
func (j *verifier) example(message string) (*source.Identity, time.Time) {
	i := &source.Identity{ID: "E9", Status: source.Active, Custom: map[string][]string{}}
	at := lintDay
	_, text, found := strings.Cut(message, ", for example ")
	if !found {
		return i, at
	}
	text, _, _ = strings.Cut(text, ";")
	if before, day, ok := strings.Cut(text, "on 20"); ok {
		t, err := time.Parse(time.DateOnly, "20"+day)
		require.NoError(j, err)
		text, at = strings.TrimSuffix(before, ", "), t.Add(12*time.Hour)
	}
	for part := range strings.SplitSeq(text, ", ") {
		name, value, set := strings.Cut(part, " = ")
		if there, ok := strings.CutSuffix(part, " not missing"); ok { // any value will do
			day := source.DateOf(at).String()
			name, set = there, true
			value = map[string]string{
				"badge": "red", "level": "1", "department": "other", "start": day, "end": day, "groups": "[]", "group_ids": "[]",
			}[name]
		}
		switch {
		case !set: // missing
		case name == "groups" || name == "group_ids":
			i.Groups = []source.Group{}
			if value != "[]" {
				i.Groups = []source.Group{{Name: strings.Trim(value, "[]"), ID: "1"}}
			}
		case name == "badge" || name == "level":
			i.Custom[name] = []string{value}
		case name == "end" || name == "start":
			d, err := source.ParseDate(value)
			require.NoError(j, err, part)
			*map[string]*source.Date{"end": &i.LastDay, "start": &i.StartDate}[name] = d
		default:
			spec, known := source.Field(name)
			require.True(j, known, part)
			require.NoError(j, spec.Set(i, value))
		}
	}
	if i.Status == source.PreHire && i.StartDate.IsZero() {
		i.StartDate = source.DateOf(at)
	}
	return i, at
}

// What Lint claims is so. Of each set two claims are held against all combinations
// of values, each of them employed in one way or another; of one in forty, and with
// PROVISION_STORM=1 of each of twice as many, every claim against everybody.
func TestLintIsSound(t *testing.T) {
	sets, storm := 600, os.Getenv("PROVISION_STORM") != ""
	if storm {
		sets *= 2
	}
	seen := map[rules.LintCode]int{}
	all := everybody()
	missed, dead := 0, 0
	seeds(t, sets, func(t testing.TB, g *generator) {
		spec := g.smallSpec()
		set := mustBuild(t, spec)
		found := set.Lint(rules.LintOptions{})
		j := &verifier{TB: t, spec: spec, seen: seen}
		whole := storm || g.IntN(40) == 0
		for n := range all[0] {
			j.people = append(j.people, all[g.IntN(len(all))][n])
		}
		if whole {
			j.people = slices.Concat(all...)
		}
		claims := slices.DeleteFunc(slices.Clone(found), func(f rules.LintFinding) bool { return f.Rule == "zero" })
		if !whole {
			g.Shuffle(len(claims), func(a, b int) { claims[a], claims[b] = claims[b], claims[a] })
			claims = claims[:min(2, len(claims))]
		}
		for _, f := range claims {
			j.verify(set, f)
		}
		if whole {
			m, d := j.missed(found)
			missed, dead = missed+m, dead+d
		}
	})
	t.Log(seen, "dead", dead, "missed", missed)
	for _, code := range []rules.LintCode{
		rules.LintDead, rules.LintAddsNothing, rules.LintNotReached, rules.LintPicks, rules.LintInsideNever, rules.LintDuties, rules.LintSame,
	} {
		assert.Greater(t, seen[code], sets/100, "%s: too few to mean anything", code)
	}
	assert.LessOrEqual(t, missed, dead/20, "of %d dead grants", dead)
}

// missed counts the grants that give nothing to anybody, and those of them that
// Lint did not find.
func (j *verifier) missed(found []rules.LintFinding) (missed, dead int) {
	for _, f := range found {
		if f.Kind == rules.KindScope || f.Kind == rules.KindAccount {
			return 0, 0 // not reported again
		}
	}
	for _, g := range j.spec.Grants {
		f := rules.LintFinding{Kind: rules.KindGrant, Rule: g.ID}
		if g.GiveFrom != "" || g.ID == "zero" || !j.neverGiven(j.mark(f, false), func(string) bool { return true }) {
			continue
		}
		dead++
		if !slices.ContainsFunc(found, func(x rules.LintFinding) bool {
			return x.Rule == g.ID && (x.Code == rules.LintDead || x.Code == rules.LintSame)
		}) {
			missed++
			data, _ := j.spec.Format()
			j.Log("missed " + g.ID + "\n" + string(data))
		}
	}
	return missed, dead
}
