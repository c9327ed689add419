package rules_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// base is a valid rule set that uses everything once.
func base() rules.Spec {
	return rules.Spec{
		Name: "acme",
		Fields: []rules.FieldSpec{
			{Name: "badge", Values: []string{"red", "blue"}, PII: true},
			{Name: "skills", Type: rules.ListType},
			{Name: "review", Type: rules.DateType},
		},
		Targets: []rules.TargetSpec{
			{
				Target: "app", Account: rules.Department.In("Sales", "Support"),
				Lifecycle: rules.Lifecycle{PreHire: 14, EnableBefore: 2, DeleteAfter: 30},
				Attributes: []rules.Attribute{
					{Set: "title", To: rules.JobTitle, IfMissing: rules.Clear},
					{Set: "userName", To: rules.Lower(rules.WorkEmail), Apply: target.CreateOnly, IfMissing: rules.Block},
					{Set: "password", Secret: true},
					{Set: "badge", To: rules.Custom("badge"), When: rules.Country.Is("DE")},
				},
			},
			{Target: "app", Slot: "admin", Account: rules.Groups.Has("admins"), Label: rules.Join("-", rules.Text("adm"), rules.Username)},
		},
		Grants: []rules.Grant{
			{ID: "sales", When: rules.Department.Is("Sales"), Give: []string{"app/group:sales", "app/role:crm"}},
			{ID: "reviewed", When: rules.CustomDate("review").OnOrBefore(rules.AsOf.Plus(7)), Give: []string{"app~admin/role:root"}, Approval: rules.Approval{By: "manager"}},
		},
	}
}

func TestBuildNamesWhatIsWrong(t *testing.T) {
	yes := rules.Everyone
	when := func(c rules.Cond) func(*rules.Spec) {
		return func(s *rules.Spec) { s.Grants[0].When = c }
	}
	to := func(v rules.Value) func(*rules.Spec) {
		return func(s *rules.Spec) { s.Targets[0].Attributes[0].To = v }
	}
	give := func(text string) func(*rules.Spec) {
		return func(s *rules.Spec) { s.Grants[0].Give = []string{text} }
	}
	life := func(l rules.Lifecycle) func(*rules.Spec) {
		return func(s *rules.Spec) { s.Targets[0].Lifecycle = l }
	}
	field := func(f rules.FieldSpec) func(*rules.Spec) {
		return func(s *rules.Spec) { s.Fields = append(s.Fields, f) }
	}
	cases := []struct {
		name   string
		damage func(*rules.Spec)
		want   string
	}{
		{"no name", func(s *rules.Spec) { s.Name = "" }, "rules: the set has no name"},
		{"no account", func(s *rules.Spec) { s.Targets[0].Account = rules.Cond{} }, "account.app: nothing says who has an account on app: to mean everybody write rules.Everyone"},
		{"no when", when(rules.Cond{}), "grant sales: a condition is empty"},
		{"empty part", when(rules.All(yes, rules.Cond{})), "grant sales: a condition is empty"},
		{"empty not", when(rules.Not(rules.Cond{})), "a condition is empty"},
		{"all of nothing", when(rules.All()), "all of no conditions"},
		{"any of nothing", when(rules.Any()), "any of no conditions"},
		{"in nothing", when(rules.Department.In()), "department: a comparison with nothing matches nobody"},
		{"empty text", when(rules.Department.Is("")), "department: a comparison with the empty text"},
		{"empty prefix", when(rules.Department.StartsWith("")), "a comparison with the empty text"},
		{"no text", when(rules.Department.Is("\xff")), "not valid UTF-8"},
		{"unknown field", when(rules.TextField("departmnt").Is("x")), `there is no field "departmnt" (did you mean "department"?)`},
		{"swapped letters", when(rules.TextField("manaegr").Is("x")), `(did you mean "manager"?)`},
		{"nothing similar", when(rules.TextField("zzzzzzzz").Is("x")), `there is no field "zzzzzzzz"`},
		{"undeclared", when(rules.Custom("bagde").Is("red")), `custom field "bagde" is not declared under fields (did you mean "badge"?)`},
		{"wrong type", when(rules.TextField("hire_date").Is("x")), "hire_date is of type date, used as text"},
		{"list as text", when(rules.Custom("skills").Is("x")), "custom.skills is of type list, used as text"},
		{"not a value", when(rules.Custom("badge").Is("bleu")), `"bleu" is not a value of custom.badge (red, blue) (did you mean "blue"?)`},
		{"not a folded value", when(rules.Custom("badge").IsFold("RED!")), `"RED!" is not a value of custom.badge`},
		{"impossible status", when(rules.Status.Is(99)), `"status(99)" is not a value of status (candidate,`},
		{"unknown status", when(rules.Status.In(source.Active, source.Unknown)), `"unknown" is not a value of status`},
		{"impossible type", when(rules.EmploymentType.Is(source.EmploymentUnknown)), `"unknown" is not a value of employment_type`},
		{"impossible kind", when(rules.Kind.Is(77)), "is not a value of kind"},
		{"no such day", when(rules.StartDate.Before(rules.Date(2026, time.February, 30))), "a date that does not exist"},
		{"no date", when(rules.StartDate.Before(nil)), "a comparison with a date that is not there"},
		{"zero date", when(rules.DateExpr{}.Plus(3).On(rules.AsOf)), "a comparison with a date that is not there"},
		{"far away", when(rules.StartDate.Before(rules.AsOf.Plus(100000))), "100000 days is more than a hundred years"},

		{"no value", to(nil), "app.title: To is not set"},
		{"nil part", to(rules.First(rules.JobTitle, nil)), "app.title: a value is not set"},
		{"nil function", to(rules.Lower(nil)), "lower: argument 1 is not set"},
		{"zero date value", to(rules.DateExpr{}), "a value is not set"},
		{"date far away", to(rules.EndDate.Plus(-99999)), "-99999 days is more"},
		{"first of nothing", to(rules.First()), "first of no values"},
		{"join of nothing", to(rules.Join(" ")), "join of no values"},
		{"list in a list of values", to(rules.Lower(rules.First(rules.JobTitle, rules.Groups))), "coalesce(job_title, groups) is a list, and a single text is wanted here"},
		{"no text in text", to(rules.Text("")), "a fixed text is empty"},
		{"left of nothing", to(rules.Left(rules.JobTitle, 0)), "left: a number of characters goes from 1 to 1000"},
		{"unknown value", to(rules.Upper(rules.TextField("titel"))), `there is no field "titel"`},
		{"list label", func(s *rules.Spec) { s.Targets[0].Label = rules.Groups }, "label.app: groups is a list"},
		{"attribute condition", func(s *rules.Spec) { s.Targets[0].Attributes[0].When = rules.All() }, "app.title: all of no conditions"},
		{"attribute name", func(s *rules.Spec) { s.Targets[0].Attributes[0].Set = "" }, `attribute name "": want a name`},
		{"strength", func(s *rules.Spec) { s.Targets[0].Attributes[0].Apply = 9 }, "app.title: Apply: 9 does not exist"},
		{"if missing", func(s *rules.Spec) { s.Targets[0].Attributes[0].IfMissing = 9 }, "app.title: IfMissing: 9 does not exist"},
		{"secret with a value", func(s *rules.Spec) { s.Targets[0].Attributes[2].To = rules.ID }, "app.password: want only one of To, Pick, Unique and Secret"},
		{"set twice", func(s *rules.Spec) {
			s.Targets[0].Attributes = append(s.Targets[0].Attributes, rules.Attribute{ID: "again", Set: "title", To: rules.ID})
		}, "attribute title is set by both app.title and again"},
		{"strengths differ", func(s *rules.Spec) {
			s.Targets[1].Attributes = []rules.Attribute{{Set: "title", To: rules.JobTitle, Apply: target.CreateOnly}}
		}, "in another slot of app"},

		{"target name", func(s *rules.Spec) { s.Targets[0].Target = "a/b" }, `account.a/b: name "a/b"`},
		{"no target name", func(s *rules.Spec) { s.Targets[0].Target = "" }, `name "": want a name`},
		{"slot", func(s *rules.Spec) { s.Targets[1].Slot = "Admin" }, `account.app~Admin: slot "Admin": want lower-case`},
		{"target twice", func(s *rules.Spec) { s.Targets[1].Slot = "" }, "account.app: target app is declared twice"},
		{"negative days", life(rules.Lifecycle{PreHire: -1}), "lifecycle.app: PreHire: -1 days"},
		{"too many days", life(rules.Lifecycle{DeleteAfter: 99999}), "lifecycle.app: DeleteAfter: 99999 days"},
		{"negative enable", life(rules.Lifecycle{EnableBefore: -5}), "EnableBefore: -5 days"},
		{"enabled too early", life(rules.Lifecycle{PreHire: 2, EnableBefore: 5}), "EnableBefore (5) is more than PreHire (2)"},
		{"leave", life(rules.Lifecycle{Leave: 9}), "Leave: 9 does not exist"},
		{"local clock", life(rules.Lifecycle{Clock: rules.ClockIn(time.Local)}), "lifecycle.app: Clock: the local zone"},

		{"no grant id", func(s *rules.Spec) { s.Grants[0].ID = "" }, `ID "": want a name`},
		{"control character", func(s *rules.Spec) { s.Grants[0].ID = "a\nb" }, `want a name`},
		{"approval", func(s *rules.Spec) { s.Grants[0].Approval.By = " manager" }, `Approval " manager"`},
		{"gives nothing", func(s *rules.Spec) { s.Grants[0].Give = nil }, "grant sales: gives nothing"},
		{"no slash", give("app"), `"app": want "target/kind:name"`},
		{"no kind", give("app/:x"), "want \"target/kind:name\""},
		{"no entitlement", give("app/"), "want \"target/kind:name\""},
		{"no target in give", give("/group:x"), "want \"target/kind:name\""},
		{"empty slot", give("app~/group:x"), "want \"target/kind:name\""},
		{"bad slot", give("app~A/group:x"), "want \"target/kind:name\""},
		{"unknown target", give("ap/group:x"), `there is no target "ap" (did you mean "app"?)`},
		{"unknown slot", give("app~admn/group:x"), `there is no target "app~admn" (did you mean "app~admin"?)`},
		{"grant twice", func(s *rules.Spec) { s.Grants[1].ID = "sales" }, `sales: two rules have the ID "sales"`},
		{"grant like an attribute", func(s *rules.Spec) { s.Grants[1].ID = "app.title" }, `app.title: two rules have the ID "app.title"`},
		{"two life cycles, one name", func(s *rules.Spec) {
			s.Targets[0].Lifecycle.ID, s.Targets[1].Lifecycle.ID = "life", "life"
		}, `life: two rules have the ID "life"`},

		{"field name", field(rules.FieldSpec{Name: "shirt size"}), `field shirt size: name "shirt size": want letters`},
		{"field name digit", field(rules.FieldSpec{Name: "1st"}), "beginning with a letter"},
		{"no field name", field(rules.FieldSpec{}), "beginning with a letter"},
		{"field twice", field(rules.FieldSpec{Name: "badge"}), `field "badge" is declared twice`},
		{"field type", field(rules.FieldSpec{Name: "x", Type: 9}), "field x: type 9 does not exist"},
		{"date values", field(rules.FieldSpec{Name: "x", Type: rules.DateType, Values: []string{"a"}}), `field "x": only a text or a list can have a list of values`},
		{"no values", field(rules.FieldSpec{Name: "x", Values: []string{}}), "the list of values is empty"},
	}
	_, err := rules.Build(base())
	require.NoError(t, err)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			spec := base()
			c.damage(&spec)
			set, err := rules.Build(spec)
			require.Error(t, err)
			assert.Nil(t, set)
			assert.Contains(t, err.Error(), c.want)
		})
	}
}

func TestBuildReportsEverythingAtOnce(t *testing.T) {
	spec := base()
	spec.Name = ""
	spec.Grants[0].When = rules.TextField("teem").Is("x")
	spec.Grants[1].Give = []string{"nowhere/group:x"}
	_, err := rules.Build(spec)
	assert.Len(t, strings.Split(err.Error(), "\n"), 3)
	joined, ok := err.(interface{ Unwrap() []error })
	require.True(t, ok)
	assert.Len(t, joined.Unwrap(), 3)
	var p *rules.Problem
	require.True(t, errors.As(joined.Unwrap()[1], &p))
	assert.Equal(t, &rules.Problem{Rule: "grant sales", Message: `there is no field "teem"`, Hint: "team"}, p)
}

func TestOneLifecycleForTwoTargets(t *testing.T) {
	life := rules.Lifecycle{ID: "standard", PreHire: 7, Clock: rules.ClockIn(time.UTC)}
	_, err := rules.Build(rules.Spec{Name: "x", Targets: []rules.TargetSpec{
		{Target: "a", Account: rules.Everyone, Lifecycle: life},
		{Target: "b", Account: rules.Everyone, Lifecycle: life},
	}})
	assert.NoError(t, err)
}

func TestOwned(t *testing.T) {
	set := mustBuild(t, base())
	assert.Equal(t, "acme", set.Name())
	assert.Equal(t, []string{"app"}, set.Targets())
	want := target.Owned{
		Attributes: []target.OwnedAttribute{
			{Name: "badge"},
			{Name: "password", Strength: target.CreateOnly},
			{Name: "title"},
			{Name: "userName", Strength: target.CreateOnly},
		},
		Entitlements: []target.Entitlement{{Kind: "group", Name: "sales"}, {Kind: "role", Name: "crm"}, {Kind: "role", Name: "root"}},
		Slots:        []string{"", "admin"},
	}
	assert.Equal(t, want, set.Owned("app"))
	set.Owned("app").Entitlements[0] = target.Entitlement{}
	assert.Equal(t, want, set.Owned("app"), "the slices are the caller's")
	assert.Zero(t, set.Owned("elsewhere"))
}

func TestSpecIsCopied(t *testing.T) {
	spec := base()
	set := mustBuild(t, spec)
	p := rules.Person{Identity: &source.Identity{ID: "E1", Status: source.Active, Department: source.Named("Sales"), WorkEmail: "A@b"}}
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	before, hash := set.Decide(p, at), set.Hash()

	spec.Targets[0].Attributes[0] = rules.Attribute{Set: "other", To: rules.ID}
	spec.Targets[0].Account = rules.Not(rules.Everyone)
	spec.Grants[0].Give[0] = "app/group:other"
	spec.Grants[0].When = rules.Cond{}
	spec.Fields[0].Values[0] = "green"
	assert.Empty(t, same(before, set.Decide(p, at)))
	assert.Equal(t, hash, set.Hash())

	words := []string{"Sales", "Support"}
	cond := rules.Department.In(words...)
	words[0] = "Finance"
	assert.Equal(t, `department in ["Sales", "Support"]`, cond.String())
}
