package provisiontest

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// stormCompany is what a storm goes over: rules, what they mean, and targets.
type stormCompany struct {
	set     *rules.Set
	other   *rules.Set // other rules, for the plans of which this set must refuse; nil if there are none
	judge   stormJudge
	groups  []target.Entitlement // what the rules can give
	limits  map[string]int       // by method: what Policy allows in a day
	targets []string
	builtin bool
}

// What the rules of the built-in company say.
const (
	deleteAfter = 5
	preHire     = 14
	handleReuse = 10
	salesGrace  = 2
	protectedID = "E0"
)

func stormGroup(name string) target.Entitlement { return target.Entitlement{Kind: "group", Name: name} }

// stormRules are the rules of the built-in company, for some targets. An old version
// has another hash.
func stormRules(old bool, names ...string) (*rules.Set, error) {
	spec := rules.Spec{Name: "storm", Protect: []rules.Protection{{ID: "boss", Who: []string{protectedID}}}}
	given := rules.Slug(rules.GivenName)
	for _, name := range names {
		spec.Targets = append(spec.Targets, rules.TargetSpec{
			Target: name, Account: rules.Everyone,
			Lifecycle: rules.Lifecycle{
				PreHire: preHire, DeleteAfter: deleteAfter, EndSessions: true, Handover: true, Leave: rules.DisableOnLeave,
			},
			Attributes: []rules.Attribute{
				{Set: "userName", To: rules.WorkEmail, Apply: target.CreateOnly},
				{Set: "displayName", To: rules.DisplayName},
				{Set: "title", To: rules.JobTitle},
				{Set: "manager", To: rules.Manager},
				{Set: "handle", Apply: target.CreateOnly, Unique: &rules.Unique{
					Try: []rules.Value{given, rules.Join("", given, rules.Counter())}, Max: 30, NeverReuse: handleReuse,
				}},
			},
		})
	}
	app := names[0]
	spec.Grants = []rules.Grant{
		{ID: "engineering", When: rules.Department.Is("Engineering"), Give: []string{app + "/group:engineering"}},
		{ID: "sales", When: rules.Department.Is("Sales"), Give: []string{app + "/group:sales"}, Grace: salesGrace},
		{
			ID: "money", When: rules.JobTitle.Is("Treasurer"), Give: []string{app + "/group:money"},
			Approval: rules.Approval{By: "the CFO"},
		},
	}
	if old {
		spec.Grants = spec.Grants[:2]
	}
	return rules.Build(spec)
}

// stormSets are the built-in rules, built once: for one target and for two, each
// with an old version.
type stormSets [2][2]*rules.Set

func newStormSets() (*stormSets, error) {
	var out stormSets
	for i, names := range [][]string{{"app"}, {"app", "crm"}} {
		for j, old := range []bool{false, true} {
			set, err := stormRules(old, names...)
			if err != nil {
				return nil, err
			}
			out[i][j] = set
		}
	}
	return &out, nil
}

// stormPerson is somebody of the built-in company.
func stormPerson(r *rand.Rand, id string) source.Identity {
	given := []string{"Ana", "Bo", "Cy"}[r.IntN(3)]
	return source.Identity{
		ID: id, Status: source.Active, DisplayName: given + " " + id, WorkEmail: id + "@acme.example",
		Name: source.Name{Given: given}, JobTitle: "Clerk", HireDate: source.Day(1999, 1, 1),
	}
}

// stormMemTarget is a target whose abilities differ from seed to seed.
func stormMemTarget(name string, seed uint64) target.Target {
	can := memtarget.Everything()
	can.Attributes = append(slices.Clone(can.Attributes), target.AttributeSpec{Name: "handle", Unique: true, CaseFold: true})
	can.Find = append(slices.Clone(can.Find), "handle")
	can.IdempotentCreate = seed%2 == 0
	can.Versions = seed%5 != 0
	if seed%3 == 0 { // nothing but the key tells accounts apart: a second create would succeed
		for i := range can.Attributes {
			can.Attributes[i].Unique = false
		}
	}
	can.Disable = seed%13 != 7 // without it leavers lose everything but the open account

	if seed%11 == 0 { // who has which account is in the journal only
		can.Keys, can.FindKey, can.SetKey = false, false, false
	}
	t := memtarget.New(name, &memtarget.Config{MembersOnEntitlement: seed%2 == 1, Capabilities: &can})
	t.AddEntitlements(stormGroup("engineering"), stormGroup("sales"), stormGroup("money"))
	return t
}

// builtinJudge knows what the rules of the built-in company mean, without asking
// them.
type builtinJudge struct{}

func today(at time.Time) source.Date { return source.DateOf(at.UTC()) }

func (builtinJudge) left(p *source.Identity, at time.Time) bool {
	if p.Status == source.Unknown {
		return false
	}
	return p.Status.Ended() || !p.LastDay.IsZero() && !p.LastDay.Before(p.HireDate) && p.LastDay.Before(today(at))
}

func (j builtinJudge) ends(p *source.Identity, at time.Time, _ string, _ target.Key) bool {
	early := (p.Status == source.Active || p.Status == source.PreHire) && p.HireDate.After(today(at)) // by a clock that is late
	return early || j.left(p, at) || p.Status == source.OnLeave || p.Status == source.Suspended
}

func (j builtinJudge) employs(p *source.Identity, at time.Time, _ string, _ target.Key) bool {
	works := p.Status == source.Active || p.Status == source.PreHire
	return works && !j.left(p, at) && !p.HireDate.After(today(at))
}

func (j builtinJudge) gives(p *source.Identity, at time.Time, name string, _ target.Key, e target.Entitlement) (gives, asks bool) {
	if name != "app" || j.left(p, at) || p.Status == source.Unknown {
		return false, false
	}
	switch e.Name {
	case "engineering":
		return p.Department.Name == "Engineering", false
	case "sales":
		return p.Department.Name == "Sales", false
	case "money":
		return false, p.JobTitle == "Treasurer"
	}
	return false, false
}

func (j builtinJudge) loses(p *source.Identity, _ time.Time, name string, _ target.Key, e target.Entitlement) bool {
	if name != "app" || p.Status == source.Unknown {
		return false
	}
	switch e.Name {
	case "engineering":
		return p.Department.Name != "" && p.Department.Name != "Engineering"
	case "sales":
		return p.Department.Name != "" && p.Department.Name != "Sales"
	case "money":
		return p.JobTitle != "" // what nobody approved may be taken
	}
	return false
}

func (j builtinJudge) deletes(p *source.Identity, at time.Time, _ string, _ target.Key) bool {
	return j.left(p, at) && !p.LastDay.IsZero() && !p.LastDay.AddDays(deleteAfter).After(today(at))
}

func (builtinJudge) protects(id string) bool { return id == protectedID }

func (builtinJudge) grace(e target.Entitlement) time.Duration {
	if e.Name == "sales" {
		return salesGrace * day
	}
	return 0
}

// company is what a configuration says, or the built-in one.
func (c *StormConfig) company(seed uint64) *stormCompany {
	out := &stormCompany{limits: map[string]int{}, set: c.Rules, builtin: c.Rules == nil}
	for _, a := range []reconcile.Action{reconcile.Disable, reconcile.Revoke, reconcile.Delete} {
		if l, ok := c.Policy.Limits[a]; ok && l.Percent == 0 && l.Count < 1<<30 {
			word := a.String()
			out.limits[string(word[0]&^0x20)+word[1:]] = l.Count
		}
	}
	if !out.builtin {
		out.targets = c.Rules.Targets()
		out.judge = rulesJudge{c.Rules}
		return out
	}
	out.targets = []string{"app"}
	sets := c.sets[0]
	if seed%4 == 3 {
		out.targets = append(out.targets, "crm")
		sets = c.sets[1]
	}
	out.set, out.other = sets[0], sets[1]
	out.judge = builtinJudge{}
	out.groups = []target.Entitlement{stormGroup("engineering"), stormGroup("sales"), stormGroup("money")}
	return out
}

// personID names the n-th person.
func personID(n int) string { return "E" + strconv.Itoa(n) }
