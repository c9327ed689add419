package rules_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
)

func TestCondString(t *testing.T) {
	a, b, c := rules.Team.Is("a"), rules.City.IsNot("b"), rules.Groups.Has("c")
	for want, cond := range map[string]rules.Cond{
		"": {},
		`department == "Engineering" and status in ["active", "prehire"]`: rules.All(
			rules.Department.Is("Engineering"), rules.Status.In(source.Active, source.PreHire)),
		`everyone`:       rules.Everyone,
		`not (everyone)`: rules.Not(rules.Everyone),
		`team == "a" or city != "b" and "c" in groups`:   rules.Any(a, rules.All(b, c)),
		`team == "a" and (city != "b" or "c" in groups)`: rules.All(a, rules.Any(b, c)),
		`team == "a" and city != "b" and "c" in groups`:  rules.All(a, rules.All(b, c)),
		`team == "a" or city != "b" or "c" in groups`:    rules.Any(a, rules.Any(b, c)),
		`(team == "a" or city != "b") and "c" in groups`: rules.All(rules.Any(a, b), rules.All(c)),
		`not (team == "a" or city != "b")`:               rules.Not(rules.Any(a, b)),
		`employment_type not in ["intern", "other"]`:     rules.EmploymentType.NotIn(source.Intern, source.OtherEmployment),
		`employment_type in ["intern"]`:                  rules.EmploymentType.In(source.Intern),
		`employment_type != "contractor"`:                rules.EmploymentType.IsNot(source.Contractor),
		`kind == "candidate"`:                            rules.Kind.Is(source.KindCandidate),
		`kind != "candidate"`:                            rules.Kind.IsNot(source.KindCandidate),
		`kind in ["employee", "contingent"]`:             rules.Kind.In(source.KindEmployee, source.KindContingent),
		`kind not in ["employee"]`:                       rules.Kind.NotIn(source.KindEmployee),
		`status != "active"`:                             rules.Status.IsNot(source.Active),
		`status not in ["active"]`:                       rules.Status.NotIn(source.Active),
		`missing(kind)`:                                  rules.Kind.Missing(),
		`missing(status)`:                                rules.Status.Missing(),
		`missing(employment_type)`:                       rules.EmploymentType.Missing(),
		`missing(end)`:                                   rules.EndDate.Missing(),
		`equalFold(custom.badge, "red")`:                 rules.Custom("badge").IsFold("red"),
		`city startsWith "B"`:                            rules.City.StartsWith("B"),
		`city endsWith "\"n"`:                            rules.City.EndsWith(`"n`),
		`city contains "er"`:                             rules.City.Contains("er"),
		`city not in ["x"]`:                              rules.City.NotIn("x"),
		`start <= as_of + 14d`:                           rules.StartDate.OnOrBefore(rules.AsOf.Plus(14)),
		`end + 2d > as_of - 3d`:                          rules.EndDate.Plus(2).After(rules.AsOf.Plus(-3)),
		`start == date("2026-03-01")`:                    rules.StartDate.On(rules.Date(2026, time.March, 1)),
		`hire_date == as_of`:                             rules.AsOf.On(rules.HireDate),
		`as_of < date("2026-03-01") + 1d`:                rules.AsOf.Before(rules.Date(2026, time.March, 1).Plus(1)),
		`start >= date("2026-03-01")`:                    rules.StartDate.OnOrAfter(rules.Date(2026, time.March, 1)),
		`end > as_of`:                                    rules.EndDate.After(rules.AsOf),
		`custom.review <= as_of`:                         rules.AsOf.OnOrAfter(rules.CustomDate("review")),
		`end < as_of`:                                    rules.AsOf.After(rules.EndDate),
		`end >= as_of`:                                   rules.AsOf.OnOrBefore(rules.EndDate),
		`start <= date("2026-03-01")`:                    rules.Date(2026, time.March, 1).OnOrAfter(rules.StartDate),
		`start > date("2026-03-01")`:                     rules.Date(2026, time.March, 1).Before(rules.StartDate),
		`start < date("2026-03-01")`:                     rules.Date(2026, time.March, 1).After(rules.StartDate),
		`"go" in custom.skills`:                          rules.CustomList("skills").Has("go"),
		`missing(custom.skills)`:                         rules.CustomList("skills").Missing(),
		`<nothing> and team == "a"`:                      rules.All(rules.Cond{}, a),
		`start < <nothing>`:                              rules.StartDate.Before(nil),
	} {
		assert.Equal(t, want, cond.String())
	}
	assert.True(t, rules.Cond{}.IsZero())
	assert.False(t, rules.Everyone.IsZero())
}

func TestWordsOfTypes(t *testing.T) {
	assert.Equal(t, "yes no undecided", rules.Yes.String()+" "+rules.No.String()+" "+rules.Undecided.String())
	assert.Equal(t, "text list date invalid", rules.TextType.String()+" "+rules.ListType.String()+" "+rules.DateType.String()+" "+rules.FieldType(9).String())
}
