package provisiontest_test

import (
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/provisiontest"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// TestStorm storms the built-in company, and two of them in every tenth seed.
func TestStorm(t *testing.T) {
	provisiontest.Storm(t, provisiontest.StormConfig{Seeds: stormSeeds, Tenants: 10})
}

// Nothing of one tenant reaches another, in what they share.
func TestStormOfTenants(t *testing.T) {
	provisiontest.Storm(t, provisiontest.StormConfig{Seeds: stormTenants, Tenants: 100})
}

// Rules, people, targets and a source of one's own stand in the same storm.
func TestStormOverOwnRules(t *testing.T) {
	set, err := rules.Build(rules.Spec{
		Name: "own",
		Targets: []rules.TargetSpec{{
			Target: "wiki", Account: rules.Everyone,
			Lifecycle:  rules.Lifecycle{PreHire: 3, EnableBefore: 1, EndSessions: true},
			Attributes: []rules.Attribute{{Set: "userName", To: rules.WorkEmail, Apply: target.CreateOnly}, {Set: "title", To: rules.JobTitle}},
		}},
		Grants: []rules.Grant{
			{ID: "writers", When: rules.Department.Is("Writing"), Give: []string{"wiki/group:writers"}},
			{ID: "editors", When: rules.JobTitle.Is("Editor"), Give: []string{"wiki/group:editors"}, Approval: rules.Approval{By: "the board"}},
		},
		Budgets: []rules.Budget{{ID: "desks", Roles: []string{"wiki/group:writers"}, Seats: 3}},
	})
	require.NoError(t, err)
	provisiontest.Storm(t, provisiontest.StormConfig{
		Rules: set, Seeds: 100, Steps: 30, Departments: []string{"Writing", "Printing"}, Titles: []string{"Writer", "Editor"},
		Person: func(_ *rand.Rand, id string) source.Identity {
			return source.Identity{ID: id, Status: source.Active, WorkEmail: id + "@paper.example", HireDate: source.Day(1998, 5, 1)}
		},
		Target: func(name string) target.Target {
			wiki := memtarget.New(name, nil)
			wiki.AddEntitlements(target.Entitlement{Kind: "group", Name: "writers"}, target.Entitlement{Kind: "group", Name: "editors"})
			return wiki
		},
		Source: func(people source.Source) source.Source {
			return source.Map(people, func(p source.Identity) (source.Identity, error) {
				p.WorkEmail = strings.ToLower(p.WorkEmail)
				return p, nil
			})
		},
	})
}

// Rules with a secret need nothing else: the storm supplies a value, and it arrives.
func TestStormOverRulesWithASecret(t *testing.T) {
	set, err := rules.Build(rules.Spec{Name: "own", Targets: []rules.TargetSpec{{
		Target: "wiki", Account: rules.Everyone,
		Attributes: []rules.Attribute{{Set: "userName", To: rules.WorkEmail, Apply: target.CreateOnly}, {Set: "password", Secret: true}},
	}}})
	require.NoError(t, err)
	var lock sync.Mutex
	var wikis []*memtarget.Target
	provisiontest.Storm(t, provisiontest.StormConfig{
		Rules: set, Seeds: 30, Steps: 30,
		Target: func(name string) target.Target {
			lock.Lock()
			defer lock.Unlock()
			wikis = append(wikis, memtarget.New(name, nil))
			return wikis[len(wikis)-1]
		},
	})
	arrived := 0
	for _, wiki := range wikis {
		for _, a := range wiki.All() {
			arrived += len(wiki.Secrets(a.ID))
		}
	}
	require.Positive(t, arrived)

	provisiontest.Storm(t, provisiontest.StormConfig{Rules: set, Seeds: 30, Steps: 30}) // not every target of the storm has passwords
}
