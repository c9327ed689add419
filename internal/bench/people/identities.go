package people

import (
	"context"
	"fmt"
	"iter"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// identity returns a person as the system of record has them.
func (w *writer) identity(p person) source.Identity {
	t, office := w.text(p), &offices[p.office]
	i := source.Identity{
		ID: t.id, EmployeeNumber: t.values[employeeNumberAt], Kind: source.KindEmployee,
		Name:        source.Name{Formatted: t.values[displayNameAt], Given: t.values[givenNameAt], Family: t.values[familyNameAt]},
		DisplayName: t.values[displayNameAt], WorkEmail: t.values[userNameAt],
		JobTitle: t.values[titleAt], Department: source.Named(t.values[departmentAt]), Division: source.Named(t.values[divisionAt]),
		CostCenter: source.Named(t.values[costCenterAt]),
		Location:   source.Location{Name: t.values[cityAt], City: t.values[cityAt], Country: t.values[countryAt], TimeZone: office.zone},
		Manager:    source.Manager{ID: t.values[managerAt]}, EmploymentType: source.FullTime,
		Status: source.Active, HireDate: source.Day(2015+p.number%10, 1, 1+p.number%28),
	}
	if p.kind == Leaver {
		i.Status, i.TerminationDate = source.Terminated, source.Day(2026, 2, 27)
	}
	return i
}

// Directory is a source with the people of a company, sorted by ID. It makes
// each when asked, as a connector does.
type Directory struct {
	Company Company
}

var _ source.Source = Directory{}

// Name returns "hr".
func (Directory) Name() string { return "hr" }

// Identities yields everybody.
func (d Directory) Identities(context.Context) iter.Seq2[source.Identity, error] {
	return func(yield func(source.Identity, error) bool) {
		var w writer
		for n := range d.Company.Size {
			if !yield(w.identity(d.Company.person(n)), nil) {
				return
			}
		}
	}
}

// Identity returns one person.
func (d Directory) Identity(_ context.Context, id string) (source.Identity, error) {
	n, ok := Number(id)
	if !ok || n >= d.Company.Size {
		return source.Identity{}, fmt.Errorf("%w: %q", source.ErrNotFound, id)
	}
	var w writer
	return w.identity(d.Company.person(n)), nil
}

// AccountRules gives everybody an account, and nothing else.
func AccountRules() (*rules.Set, error) { return rules.Build(attributes()) }

func attributes() rules.Spec {
	return rules.Spec{Name: "company", Targets: []rules.TargetSpec{{
		Target: App, Account: rules.Everyone,
		Attributes: []rules.Attribute{
			{Set: names[cityAt], To: rules.City},
			{Set: names[costCenterAt], To: rules.CostCenter},
			{Set: names[countryAt], To: rules.Country},
			{Set: names[departmentAt], To: rules.Department},
			{Set: names[displayNameAt], To: rules.DisplayName},
			{Set: names[divisionAt], To: rules.Division},
			{Set: names[employeeNumberAt], To: rules.EmployeeNumber},
			{Set: names[familyNameAt], To: rules.FamilyName},
			{Set: names[givenNameAt], To: rules.GivenName},
			{Set: names[managerAt], To: rules.Manager},
			{Set: names[titleAt], To: rules.JobTitle},
			{Set: names[userNameAt], To: rules.WorkEmail},
		},
	}}}
}

// Rules gives everybody an account and has fifty grants: one for each department,
// office and family of titles, to everybody who is employed.
func Rules() (*rules.Set, error) {
	spec := attributes()
	grant := func(e target.Entitlement, when rules.Cond) {
		spec.Grants = append(spec.Grants, rules.Grant{
			ID:   fmt.Sprintf("g%02d", len(spec.Grants)),
			When: rules.All(rules.Status.In(source.Active, source.OnLeave), when), Give: []string{App + "/" + e.String()},
		})
	}
	c := newCatalogue()
	for i, e := range c.departments {
		grant(e, rules.Department.Is(departments[i].name))
	}
	for i, e := range c.offices {
		grant(e, rules.All(rules.Country.Is(offices[i].country), rules.City.Is(offices[i].city)))
	}
	for i, e := range c.roles {
		var titles []string
		for _, level := range levels {
			titles = append(titles, level+families[i])
		}
		grant(e, rules.JobTitle.In(titles...))
	}
	return rules.Build(spec)
}
