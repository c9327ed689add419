//go:build !race

package interop_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/scim"
	"github.com/provision-go/provision/source/scimserver"
)

// TestDefinitions: the schemas that scimserver tells its clients are those that SCIMMY
// has, attribute by attribute.
func TestDefinitions(t *testing.T) {
	t.Parallel()
	server, err := scimserver.New(scimserver.Config{
		BaseURL:   "https://app.example/scim/v2",
		Authorize: func(*http.Request) (scimserver.Client, error) { return scimserver.Client{Tenant: "acme"}, nil },
	})
	require.NoError(t, err)
	w := httptest.NewRecorder()
	server.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/scim/v2/Schemas", http.NoBody))
	require.Equal(t, http.StatusOK, w.Code)
	var said struct{ Resources []scim.Schema }
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &said))
	var theirs []scim.Schema
	node(t, "oracle.mjs").ask(scim.Object{"definitions": true}, &theirs)
	ours, want := map[string]described{}, map[string]described{}
	for _, s := range theirs {
		describe(want, s.ID, s.Attributes)
		for _, o := range said.Resources {
			if o.ID == s.ID {
				describe(ours, o.ID, o.Attributes)
			}
		}
	}
	for name, d := range differentHere() {
		require.NotEqual(t, d, want[name], "no deviation any more: %s", name)
		want[name] = d
	}
	assert.Equal(t, want, ours)
}

// described is an attribute without texts for people, and without what a schema does
// not define by itself.
type described struct {
	Type                             scim.Type
	MultiValued, Required, CaseExact bool
	Mutability, Returned, Uniqueness string
	CanonicalValues, ReferenceTypes  []string
}

func describe(into map[string]described, at string, attributes []scim.Attribute) {
	for _, a := range attributes {
		name := at + ":" + a.Name
		// What is left out has the default of RFC 7643, section 2.2; and complex values
		// are not compared.
		d := described{a.Type, a.MultiValued, a.Required, a.CaseExact && a.Type != scim.Complex, a.Mutability, a.Returned, a.Uniqueness, a.CanonicalValues, a.ReferenceTypes}
		if len(d.CanonicalValues) == 0 {
			d.CanonicalValues = nil
		}
		if d.Uniqueness == "" {
			d.Uniqueness = scim.None
		}
		into[name] = d
		describe(into, name, a.SubAttributes)
	}
}

// differentHere are attributes about which SCIMMY is of another opinion.
func differentHere() map[string]described {
	const user, group = scim.UserURN, scim.GroupURN
	text := described{Type: scim.String, CaseExact: true, Mutability: scim.ReadWrite, Returned: scim.Default, Uniqueness: scim.None}
	with := func(change func(*described)) described {
		d := text
		change(&d)
		return d
	}
	reference := func(mutability string, to ...string) described {
		return with(func(d *described) { d.Type, d.Mutability, d.ReferenceTypes = scim.Reference, mutability, to })
	}
	return map[string]described{
		// RFC 7643, section 3.1, lets a schema list it.
		user + ":externalId":  text,
		group + ":externalId": text,
		// scimserver lets no two groups have one name.
		group + ":displayName": with(func(d *described) { d.Required, d.CaseExact, d.Uniqueness = true, false, scim.Server }),
		// RFC 7643, section 2.3.7: a reference is case exact.
		user + ":profileUrl":                  reference(scim.ReadWrite, "external"),
		user + ":photos:value":                reference(scim.ReadWrite, "external"),
		user + ":groups:$ref":                 reference(scim.ReadOnly, "Group"), // nobody is in a user
		group + ":members:$ref":               reference(scim.Immutable, "User", "Group"),
		scim.EnterpriseURN + ":manager:$ref":  reference(scim.ReadWrite, "User"),
		user + ":groups:value":                with(func(d *described) { d.Mutability = scim.ReadOnly }), // section 3.1: an id is case exact
		group + ":members:value":              with(func(d *described) { d.Mutability = scim.Immutable }),
		scim.EnterpriseURN + ":manager:value": text,
		// RFC 7643, section 9.3: a password is compared as it is.
		user + ":password": with(func(d *described) { d.Mutability, d.Returned = scim.WriteOnly, scim.Never }),
	}
}
