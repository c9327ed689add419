//go:build !race

package peers_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/elimity-com/scim"
	"github.com/elimity-com/scim/errors"
	"github.com/elimity-com/scim/optional"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/provisiontest"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/source/memsource"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/scimtarget"
)

// example does what the store of the library's own tests does: it ignores filters, nothing
// is unique, pages are cut from a map whose order is another one each time, and a
// PATCH writes its paths as they are, so that a member who is added is the only one.
type example struct {
	mu   sync.Mutex
	all  map[string]object
	last int
}

func (e *example) resource(id string, o object) scim.Resource {
	r := scim.Resource{ID: id, Attributes: cloned(o)}
	if x, ok := o["externalId"].(string); ok {
		r.ExternalID = optional.NewString(x)
	}
	return r
}

func (e *example) Create(_ *http.Request, o scim.ResourceAttributes) (scim.Resource, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.all == nil {
		e.all = map[string]object{}
	}
	e.last++
	id := fmt.Sprintf("%04d", e.last)
	e.all[id] = o
	return e.resource(id, o), nil
}

func (e *example) Get(_ *http.Request, id string) (scim.Resource, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if o, ok := e.all[id]; ok {
		return e.resource(id, o), nil
	}
	return scim.Resource{}, errors.ScimErrorResourceNotFound(id)
}

func (e *example) GetAll(_ *http.Request, p scim.ListRequestParams) (scim.Page, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	out, i := []scim.Resource{}, 1
	for id, o := range e.all {
		if i >= p.StartIndex && i < p.StartIndex+p.Count {
			out = append(out, e.resource(id, o))
		}
		i++
	}
	return scim.Page{TotalResults: len(e.all), Resources: out}, nil
}

func (e *example) Replace(_ *http.Request, id string, o scim.ResourceAttributes) (scim.Resource, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if _, ok := e.all[id]; !ok {
		return scim.Resource{}, errors.ScimErrorResourceNotFound(id)
	}
	e.all[id] = o
	return e.resource(id, o), nil
}

func (e *example) Patch(_ *http.Request, id string, ops []scim.PatchOperation) (scim.Resource, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	o, ok := e.all[id]
	if !ok {
		return scim.Resource{}, errors.ScimErrorResourceNotFound(id)
	}
	for _, op := range ops {
		if op.Path != nil {
			o[op.Path.String()] = op.Value
		}
	}
	return e.resource(id, o), nil
}

func (e *example) Delete(_ *http.Request, id string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if _, ok := e.all[id]; !ok {
		return errors.ScimErrorResourceNotFound(id)
	}
	delete(e.all, id)
	return nil
}

// simple is the profile for it: it is told what it does not do.
func simple() scimtarget.Profile {
	p := put()
	p.Filters, p.Groups.FindByName, p.Groups.LooseMembers = nil, false, true
	return p
}

// TestExampleConverges: with a profile that says what the example does not do, everything
// comes out right, as long as a page has everybody.
func TestExampleConverges(t *testing.T) {
	t.Parallel()
	p := run(t, elimity(t, &example{}, &example{}))
	plans := provisiontest.Converge(t, provision.Config{
		Targets: []target.Target{app(t, p.base, token, simple())}, Rules: company(t), Policy: reconcile.Policy{CreateEntitlements: true},
	}, days()...)
	for i, p := range plans {
		assert.NotEmpty(t, p.Targets[0].Changes, "day %d", i+1)
	}
}

// TestExampleTakesMembersForAll: without a word of that in the profile, who is added to a
// group puts nobody out, also somebody whom another one has put in.
func TestExampleTakesMembersForAll(t *testing.T) {
	t.Parallel()
	users, groups := &example{}, &example{}
	p := run(t, elimity(t, users, groups))
	profile := simple()
	profile.Groups.Update = scimtarget.Patch
	a := app(t, p.base, token, profile)
	held, err := a.EnsureEntitlement(t.Context(), target.EnsureRequest{Entitlement: target.Entitlement{Kind: "group", Name: "everybody"}})
	require.NoError(t, err)
	theirs, err := a.Create(t.Context(), target.CreateRequest{
		Key: target.Key{Identity: "X1"}, State: target.Enabled, Attributes: target.Attrs(map[string]string{"userName": "x1@acme.example"}),
	})
	require.NoError(t, err)
	groups.all[held.ID]["members"] = []any{object{"value": theirs.ID}}

	e := engine(t, a, memsource.New("hr", people(6)...))
	report, err := e.Sync(t.Context())
	require.NoError(t, err)
	require.NoError(t, report.Err())
	assert.Equal(t, scimtarget.Put, a.Profile().Groups.Update)
	found, err := app(t, p.base, token, profile).Find(t.Context(), target.Find{ID: theirs.ID})
	require.NoError(t, err)
	require.Len(t, found, 1)
	assert.NotEmpty(t, found[0].Entitlements, "nobody has taken them out")
	plan, err := e.Plan(t.Context())
	require.NoError(t, err)
	for _, c := range plan.Targets[0].Changes {
		assert.NotEqual(t, reconcile.Grant, c.Action, "%s", plan)
	}
}

// TestExampleWithPages: where there are more than a page has, the order that is another
// one each time is an error and not a list with somebody missing, so nobody gets a second
// account.
func TestExampleWithPages(t *testing.T) {
	t.Parallel()
	users := &example{}
	p := run(t, elimity(t, users, &example{}))
	a := app(t, p.base, token, simple())
	staff := memsource.New("hr", people(300)...)
	_, err := engine(t, a, staff).Sync(t.Context())
	require.NoError(t, err)
	for range 3 {
		report, err := engine(t, a, staff).Sync(t.Context())
		require.NoError(t, err)
		require.ErrorContains(t, report.Err(), "incomplete")
	}
	assert.Len(t, users.all, 300)
}
