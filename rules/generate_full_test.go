package rules_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// odd are texts that YAML or the language of conditions could take for something
// else. They can be names: nothing in them is invisible.
var odd = []string{
	"red", "blue", "Sales & Co", "null", "~", "true", "no", "on", "0123", "1e3", "2026-01-31", "a: b", "a:b", "x #y", "#z",
	"- dash", "-", "'single'", `say "hi"`, `back\slash`, `\n`, "a, b", "[x]", "{y}", "*a", "&b", "!c", "%d", "@e", "`f`", "|", ">",
	"? q", "=", "<<", ":", "colon:", "any", "none", "everyone", "n", "as_of", "ünïcode", "日本", "🙂", "e\u0301", "14d", "()",
}

// odder are texts that no name can be.
var odder = append(slices.Clone(odd), "two\nlines", "tab\there", " blanks ", "para\n\ngraph\n", "\u2028", "a\u00a0b", "\u202eright", "\ufeff",
	"\u200d", "\U000e0041", "\U0001f469\u200d\U0001f680", strings.Repeat("long ", 60))

func (g *generator) odd() string   { return pick(g, odd...) }
func (g *generator) odder() string { return pick(g, odder...) }

// literal is a text that a condition may compare with.
func (g *generator) literal() string {
	if g.IntN(8) == 0 {
		return pick(g, "\x00", "\x07bell", "\r\n", "\x7f\u0085")
	}
	return g.odder()
}

// fullFields are custom fields whose names are easily taken for something else.
func fullFields() []rules.FieldSpec {
	return []rules.FieldSpec{
		{Name: "badge", Values: []string{"red", "blue"}, PII: true},
		{Name: "badge-2"},
		{Name: "n"},
		{Name: "true"},
		{Name: "everyone"},
		{Name: "as_of"},
		{Name: "in"},
		{Name: "AND"},
		{Name: "lower"},
		{Name: "department"},
		{Name: "a--b"},
		{Name: "x-1"},
		{Name: "end-"},
		{Name: "missing"},
		{Name: "custom"},
		{Name: "odd", Values: []string{"null", "a: b", "two\nlines", "0123"}},
		{Name: "review", Type: rules.DateType},
		{Name: "start", Type: rules.DateType},
		{Name: "date", Type: rules.DateType},
		{Name: "level", Type: rules.IntType},
		{Name: "or", Type: rules.IntType},
		{Name: "remote", Type: rules.BoolType},
		{Name: "not", Type: rules.BoolType},
		{Name: "skills", Type: rules.ListType, Values: []string{"go", "sql", "#"}},
		{Name: "groups", Type: rules.ListType, PII: true},
	}
}

func (g *generator) textField() rules.TextField {
	return pick(g, rules.Department, rules.JobTitle, rules.ID, rules.Manager, rules.TextField("custom.badge-2"), rules.Custom("n"),
		rules.Custom("true"), rules.Custom("everyone"), rules.Custom("as_of"), rules.Custom("in"), rules.Custom("AND"), rules.Custom("lower"),
		rules.Custom("department"), rules.Custom("a--b"), rules.Custom("x-1"), rules.Custom("end-"), rules.Custom("missing"), rules.Custom("custom"))
}

func (g *generator) listField() rules.ListField {
	return pick(g, rules.Groups, rules.GroupIDs, rules.CustomList("groups"))
}

func (g *generator) dateField() rules.DateField {
	return pick(g, rules.StartDate, rules.EndDate, rules.HireDate, rules.CustomDate("review"), rules.CustomDate("start"), rules.CustomDate("date"))
}

// moment is one side of a comparison of dates.
func (g *generator) moment(fixed bool) rules.DateValue {
	days := pick(g, 0, 0, 1, -1, 14, -36525, 36525)
	switch g.IntN(4) {
	case 0:
		return rules.Date(2026, time.March, 1+g.IntN(28)).Plus(days)
	case 1:
		if !fixed {
			return rules.AsOf.Plus(days)
		}
	case 2:
		return g.dateField()
	}
	return g.dateField().Plus(days)
}

// fullCond is a condition with anything in it.
func (g *generator) fullCond(depth int) rules.Cond {
	if depth == 0 || g.IntN(3) == 0 {
		return g.fullAtom()
	}
	parts := make([]rules.Cond, 1+g.IntN(3))
	for i := range parts {
		parts[i] = g.fullCond(depth - 1)
	}
	switch g.IntN(3) {
	case 0:
		return rules.Not(parts[0])
	case 1:
		return rules.All(parts...)
	default:
		return rules.Any(parts...)
	}
}

func (g *generator) fullAtom() rules.Cond {
	switch g.IntN(10) {
	case 0:
		return rules.Everyone
	case 1:
		return pick(g, rules.Status.Is(source.Active), rules.Status.NotIn(source.Active, source.PreHire), rules.Kind.Missing(),
			rules.EmploymentType.IsNot(source.Contractor), rules.EmploymentType.In(source.Intern))
	case 2:
		return pick(g, rules.CustomBool("remote").IsTrue(), rules.CustomBool("not").IsFalse(), rules.Not(rules.CustomBool("remote").IsTrue()),
			rules.CustomBool("not").Missing(), rules.Call("vip"))
	case 3:
		return g.intAtom()
	case 4:
		a, b := g.moment(false), g.moment(false)
		e := rules.Date(2026, time.May, 1+g.IntN(31))
		d := pick[rules.DateValue](g, g.dateField(), g.dateField().Plus(-3), rules.AsOf.Plus(1))
		return pick(g, g.dateField().Before(b), g.dateField().OnOrAfter(b), rules.AsOf.On(g.moment(true)), rules.AsOf.OnOrBefore(g.moment(true)), e.After(d), e.On(d),
			g.dateField().Plus(3).OnOrBefore(a), g.dateField().Missing())
	case 5:
		list := g.listField()
		return pick(g, list.Has(g.literal()), list.Missing(), rules.CustomList("skills").Has(pick(g, "go", "#")))
	case 6:
		return pick(g, rules.Custom("badge").Is("red"), rules.Custom("badge").In("red", "blue"), rules.Custom("odd").Is("two\nlines"),
			rules.Custom("odd").IsFold("NULL"), rules.Custom("odd").Missing())
	default:
		return g.fullText(g.textField())
	}
}

func (g *generator) intAtom() rules.Cond {
	e := pick(g, rules.CustomInt("level"), rules.CustomInt("or"), rules.Count(g.listField()), rules.DaysBetween(g.dateField().Plus(g.IntN(3)), g.moment(true)))
	n := pick(g, 0, 1, -1, 5, 1000)
	return pick(g, e.Is(n), e.Below(n), e.AtMost(n), e.Above(n), e.AtLeast(n), rules.Not(e.Is(n)), e.Missing())
}

func (g *generator) fullText(f rules.TextField) rules.Cond {
	switch g.IntN(7) {
	case 0:
		return f.Is(g.literal())
	case 1:
		return f.IsNot(g.literal())
	case 2:
		return f.In(g.literal(), g.literal())
	case 3:
		return f.NotIn(g.literal())
	case 4:
		return f.IsFold(g.literal())
	case 5:
		return pick(g, f.StartsWith(g.literal()), f.EndsWith(g.literal()), f.Contains(g.literal()))
	default:
		return f.Missing()
	}
}

// fullValue is a single text with anything in it.
func (g *generator) fullValue(depth int) rules.Value {
	if depth == 0 {
		return pick[rules.Value](g, g.textField(), g.textField(), g.dateField(), g.dateField().Plus(-30), rules.Text(g.literal()), rules.CallText("shout"),
			rules.Date(2026, time.March, 1).Plus(2), rules.Lookup("codes"))
	}
	v := func() rules.Value { return g.fullValue(depth - 1 - g.IntN(depth)) }
	switch g.IntN(12) {
	case 0:
		return rules.First(v(), v(), v())
	case 1:
		return rules.Join(pick(g, "", " ", ", ", `"`), v(), v())
	case 2:
		return rules.Join("", rules.Join("", v(), rules.Join("-", v(), v())), v())
	case 3:
		return rules.If(g.fullCond(1), v(), v())
	case 4:
		return rules.Switch(g.textField(), []rules.Case{{Is: g.odder() + "1", To: v()}, {Is: g.literal() + "2", To: v()}}, v())
	case 5:
		return rules.Switch(v(), []rules.Case{{Is: g.literal(), To: v()}}, nil)
	case 6:
		x := v()
		return pick(g, rules.Lower(x), rules.Upper(x), rules.Title(x), rules.Trim(x), rules.Digits(x), rules.ASCII(x), rules.Slug(x),
			rules.NFC(x), rules.Country2(x), rules.Country3(x), rules.OnlyDomain(x), rules.LocalPart(x))
	case 7:
		x := v()
		return pick(g, rules.Left(x, 3), rules.Right(x, 1000), rules.Mid(x, 2, 4), rules.HashHex(x, 64), rules.Pad(x, 8, pick(g, "0", `"`, "🙂")))
	case 8:
		return rules.Replace(v(), g.literal(), pick(g, "", g.literal()))
	case 9:
		return rules.Item(pick(g, rules.Value(g.listField()), rules.Split(v(), g.literal())), pick(g, 1, -1, 7))
	case 10:
		return pick(g, rules.E164(v(), rules.Country), rules.FormatDate(g.moment(true), "DD.MM.YYYY"))
	default:
		return rules.Join(" ", g.listField(), v())
	}
}

// fullSpec is a rule set in which anything may stand, and the layer with what a
// file cannot hold.
func (g *generator) fullSpec() (program, spec rules.Spec) {
	program = rules.Spec{
		Funcs: []rules.Func{
			{Name: "vip", Version: "1", Inputs: []string{"job_title"}, Cond: func(in rules.Inputs) rules.Truth {
				return truth(true, strings.HasPrefix(in.Text("job_title"), "r"))
			}},
			{Name: "shout", Version: "2", Inputs: []string{"department"}, Text: func(in rules.Inputs) string { return in.Text("department") + "!" }},
		},
		Zones:  map[string]*time.Location{"HQ": time.FixedZone("HQ", -5*3600), "Europe/Berlin": time.FixedZone("Europe/Berlin", 3600)},
		Tenant: time.FixedZone("tenant", 7200),
	}
	spec = rules.Spec{Name: g.odd(), Fields: fullFields(), Notes: map[string]string{}}
	if g.IntN(2) == 0 {
		spec.Scope = rules.Scope{When: g.fullCond(2), Outside: rules.Outside(g.IntN(2))}
	}
	spec.Tables = []rules.Table{g.giving("places"), g.codes()}
	spec.Targets = []rules.TargetSpec{g.fullTarget("app", ""), g.fullTarget("app", "admin"), g.fullTarget(pick(g, "null", "a: b", "crm", "on", "日本"), "")}
	g.fullGrants(&spec)
	g.fullLimits(&spec)
	spec.Later = g.later()
	names := append(ids(&spec), "", "account.app", "scope", "table.codes", "field n", "app.password")
	if spec.Targets[0].Lifecycle != (rules.Lifecycle{}) {
		names = append(names, "lifecycle.app")
	}
	for _, id := range names {
		if g.IntN(3) == 0 {
			spec.Notes[id] = g.odder()
		}
		if g.IntN(6) == 0 && id != "" && !strings.HasPrefix(id, "field ") && (id != "scope" || !spec.Scope.When.IsZero()) {
			spec.Final = append(spec.Final, id)
		}
	}
	return program, spec
}

// later is a bound within which overlays stay.
func (g *generator) later() rules.Later {
	return rules.Later{
		May:  pick(g, nil, []string{"grants", "never", "protect", "account", "scope", "tables"}, []string{"tables", "protect", "scope", "pick", "account", "grants", "never"}),
		Give: pick(g, nil, []string{"app/*"}, []string{"app/group:over", "app/licence:" + strings.ReplaceAll(g.odd(), "*", "") + "*"}),
	}
}

// ids are those of the rules that are in lists.
func ids(s *rules.Spec) []string {
	var out []string
	for i := range s.Grants {
		out = append(out, s.Grants[i].ID)
	}
	for i := range s.Picks {
		out = append(out, s.Picks[i].ID)
	}
	for i := range s.Never {
		out = append(out, s.Never[i].ID)
	}
	for i := range s.NeverTogether {
		out = append(out, s.NeverTogether[i].ID)
	}
	for i := range s.Require {
		out = append(out, s.Require[i].ID)
	}
	for i := range s.Budgets {
		out = append(out, s.Budgets[i].ID)
	}
	for i := range s.Protect {
		out = append(out, s.Protect[i].ID)
	}
	return out
}

func (g *generator) entitlement(n int) string {
	return fmt.Sprintf("%s/%s:%s%d", pick(g, "app", "app~admin"), pick(g, "group", "role"), g.odd(), n)
}

func (g *generator) giving(name string) rules.Table {
	t := rules.Table{Name: name, In: []string{"department", "custom.level", "remote", "status"}, First: g.IntN(2) == 0}
	for n := range 1 + g.IntN(3) {
		row := rules.Row{Match: make([][]string, 4), Give: []string{g.entitlement(900 + n)}}
		row.Match[0] = pick(g, nil, []string{g.odder()}, []string{g.odder() + "1", g.odder()})
		row.Match[1] = pick(g, nil, []string{"5"}, []string{"-1", "7"})
		row.Match[2] = pick(g, nil, []string{"true"})
		row.Match[3] = pick(g, nil, []string{"active", "prehire"})
		if g.IntN(3) == 0 {
			row.Give = append(row.Give, g.entitlement(950+n))
		}
		t.Rows = append(t.Rows, row)
	}
	if g.IntN(2) == 0 {
		t.Else = []string{g.entitlement(990)}
	}
	return t
}

func (g *generator) codes() rules.Table {
	t := rules.Table{Name: "codes", In: []string{"city"}, First: true}
	for range 1 + g.IntN(3) {
		t.Rows = append(t.Rows, rules.Row{Match: [][]string{pick(g, nil, []string{g.odder()})}, Give: []string{g.odder()}})
	}
	if g.IntN(2) == 0 {
		t.Else = []string{g.odder()}
	}
	return t
}

func (g *generator) fullTarget(name, slot string) rules.TargetSpec {
	t := rules.TargetSpec{Target: name, Slot: slot, Account: g.fullCond(2), Lifecycle: g.fullLifecycle()}
	if g.IntN(3) == 0 {
		t.Label = g.fullValue(2)
	}
	strength := pick(g, target.Always, target.CreateOnly, target.IfEmpty)
	t.Attributes = []rules.Attribute{
		{Set: "title" + slot, To: g.fullValue(3), Apply: strength, IfMissing: rules.IfMissing(g.IntN(3)), When: pick(g, rules.Cond{}, g.fullCond(1))},
		{Set: g.odd() + slot + "1", To: pick(g, rules.Value(g.listField()), rules.Split(g.fullValue(1), ";"), rules.First(g.listField(), g.listField()))},
		{Set: "tier" + slot, Pick: []rules.Choice{
			{To: g.fullValue(1), When: g.fullCond(1), Rank: 2}, {To: rules.Text(g.odder()), When: rules.Everyone, Rank: -1},
		}},
		{Set: "user" + slot, Unique: &rules.Unique{
			Try:        []rules.Value{g.fullValue(1), rules.Join("", rules.Slug(rules.FamilyName), rules.Counter())},
			Max:        pick(g, 0, 20),
			NeverReuse: pick(g, 0, 365),
		}},
		{Set: "password" + slot, Secret: true},
	}
	if slot != "" || name != "app" {
		t.Attributes = t.Attributes[:g.IntN(6)]
	}
	if slot == "" && name == "app" && g.IntN(3) == 0 {
		t.Attributes[0].ID = "title of " + g.odd()
	}
	return t
}

func (g *generator) fullLifecycle() rules.Lifecycle {
	l := g.lifecycle()
	l.Clock = pick(g, rules.Clock{}, rules.ClockNamed("UTC"), rules.ClockIn(time.UTC), rules.ClockNamed("HQ"), rules.ClockNamed("Europe/Berlin"), rules.ClockNamed("tenant"))
	if l.Leave == rules.DisableOnLeave && g.IntN(2) == 0 {
		l.LeaveAfter, l.LeaveSince = 5, g.dateField()
	}
	if g.IntN(2) == 0 {
		l.Rehire = rules.Rehire{Hold: g.IntN(2) == 0, Within: pick(g, 0, 30)}
	}
	if g.IntN(2) == 0 {
		l.Expire = rules.Expiry{When: g.fullCond(1), On: g.moment(true), Missing: pick(g, rules.DefaultReaction, rules.HoldIt, rules.ReportIt)}
	}
	return l
}

func (g *generator) fullGrants(s *rules.Spec) {
	for n := range 2 + g.IntN(3) {
		grant := rules.Grant{ID: fmt.Sprintf("%sg%d", g.odd(), n), When: g.fullCond(3), Grace: pick(g, 0, 7), Give: []string{g.entitlement(n)}}
		switch g.IntN(4) {
		case 0:
			grant.Approval = rules.Approval{By: g.odd()}
		case 1:
			grant.Approval = rules.Approval{By: g.odd(), When: g.fullCond(1), Days: 180, KeepIfDenied: g.IntN(2) == 0}
		case 2:
			grant.Except = []rules.Exception{{Who: g.odd(), Until: source.Day(2026, 12, 31), Why: g.odder()}, {Who: "E1", Until: source.Day(2026, 3, 9), Why: "x"}}
		}
		if g.IntN(3) == 0 {
			grant.GiveFrom = "places"
			grant.Give = grant.Give[:g.IntN(2)]
		}
		s.Grants = append(s.Grants, grant)
	}
	s.Grants = append(s.Grants, rules.Grant{ID: "pair", When: g.fullCond(1), Give: []string{"app/role:a", "app/role:b", "app~admin/role:c"}})
	for n := range g.IntN(3) {
		s.Picks = append(s.Picks, rules.Pick{ID: fmt.Sprintf("%sp%d", g.odd(), n), Choices: []rules.Choice{
			{Give: fmt.Sprintf("app/licence:pro%d", n), When: g.fullCond(1), Rank: 3}, {Give: fmt.Sprintf("app/licence:basic%d", n), When: g.fullCond(1)},
		}})
	}
}

func (g *generator) fullLimits(s *rules.Spec) {
	if g.IntN(2) == 0 {
		s.Never = []rules.Never{{ID: g.odd() + "v", When: g.fullCond(2), Take: []string{"app/role:a", "app~admin/role:c"}}}
	}
	if g.IntN(2) == 0 {
		s.NeverTogether = []rules.NeverTogether{{ID: g.odd() + "t", Roles: []string{"app/role:a", "app/role:b"}, Do: rules.Duties(2 * g.IntN(2))}}
	}
	if g.IntN(2) == 0 {
		s.NeverTogether = append(s.NeverTogether, rules.NeverTogether{
			ID: g.odd() + "u", Roles: []string{"app/role:a", "app~admin/role:c"}, Do: rules.ApproveDuties, By: g.odd(),
		})
	}
	if g.IntN(2) == 0 {
		s.Require = []rules.Requirement{{
			ID: g.odd() + "r", For: pick(g, nil, []string{"app~admin", "app"}), When: pick(g, rules.Cond{}, g.fullCond(1)), Must: g.fullCond(1),
			Else: pick(g, rules.DefaultReaction, rules.HoldIt, rules.ReportIt),
		}}
	}
	if g.IntN(2) == 0 {
		s.Budgets = []rules.Budget{{ID: g.odd() + "b", Roles: []string{"app/role:a"}, Seats: g.IntN(3)}}
	}
	if g.IntN(2) == 0 {
		s.Protect = []rules.Protection{{ID: g.odd() + "x", Who: []string{g.odd(), "E9"}, When: pick(g, rules.Cond{}, g.fullCond(1))}}
	}
}

// overlay is a layer that replaces, switches off and adds rules of an earlier one.
func (g *generator) overlay(base *rules.Spec) rules.Spec {
	over := rules.Spec{Notes: map[string]string{"": g.odder()}}
	may := func(id string) bool { return !slices.Contains(base.Final, id) && g.IntN(3) == 0 }
	replace := func(id string) { over.Replace = append(over.Replace, id) }
	for _, x := range base.Grants {
		if x.ID != "pair" && may(x.ID) {
			over.Grants = append(over.Grants, rules.Grant{ID: x.ID, When: g.fullCond(2), Give: []string{"app/group:over"}, Grace: 3})
			replace(x.ID)
		}
	}
	for _, x := range base.Never {
		if may(x.ID) {
			over.Off = append(over.Off, x.ID)
		}
	}
	for _, x := range base.Protect {
		if may(x.ID) {
			over.Protect = append(over.Protect, rules.Protection{ID: x.ID, When: g.fullCond(1)})
			replace(x.ID)
		}
	}
	if may("account.app") {
		over.Targets = append(over.Targets, rules.TargetSpec{Target: "app", Account: g.fullCond(1)})
		replace("account.app")
	}
	if !base.Scope.When.IsZero() && may("scope") {
		over.Scope = rules.Scope{When: g.fullCond(1)}
		replace("scope")
	}
	if may("table.codes") {
		over.Tables = []rules.Table{g.codes()}
		replace("table.codes")
	}
	over.Grants = append(over.Grants, rules.Grant{ID: "over", When: g.fullCond(2), Give: []string{"app/group:over"}})
	over.Final = []string{"over"}
	over.Later = pick(g, g.later(), rules.Later{May: []string{}}, rules.Later{Give: []string{}})
	return over
}

// fullPerson has something in every field that fullSpec asks for.
func (g *generator) fullPerson() *source.Identity {
	i := g.person()
	for _, name := range []string{"badge-2", "n", "true", "everyone", "as_of", "in", "AND", "lower", "department", "a--b", "x-1", "end-", "missing", "custom", "odd"} {
		if g.IntN(3) > 0 {
			i.Custom[name] = []string{g.odder()}
		}
	}
	for name, list := range map[string][]string{"level": {"5"}, "or": {"-1"}, "remote": {"true"}, "not": {"FALSE"}, "start": {"2026-03-02"}, "skills": {"go", "#"}, "groups": {"a", "b"}} {
		if len(name)%2 == 0 || g.plain {
			i.Custom[name] = list
		}
	}
	i.Name.Family, i.Location.City = g.odder(), g.odder()
	return i
}
