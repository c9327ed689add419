//go:build !race

package peers_test

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/elimity-com/scim"
	"github.com/elimity-com/scim/optional"
	"github.com/elimity-com/scim/schema"
	"github.com/stretchr/testify/require"
)

const (
	token      = "s3cret"
	enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
)

// peer is a running service.
type peer struct {
	base     string
	requests atomic.Int32
	// lose breaks the connection after a request was done.
	lose func(*http.Request) bool
}

// elimity is a service on github.com/elimity-com/scim.
func elimity(t testing.TB, users, groups scim.ResourceHandler) http.Handler {
	t.Helper()
	service, err := scim.NewServer(&scim.ServerArgs{
		ServiceProviderConfig: &scim.ServiceProviderConfig{SupportFiltering: true, SupportPatch: true},
		ResourceTypes: []scim.ResourceType{
			{
				ID: optional.NewString("User"), Name: "User", Endpoint: "/Users", Schema: schema.CoreUserSchema(),
				SchemaExtensions: []scim.SchemaExtension{{Schema: schema.ExtensionEnterpriseUser()}}, Handler: users,
			},
			{ID: optional.NewString("Group"), Name: "Group", Endpoint: "/Groups", Schema: schema.CoreGroupSchema(), Handler: groups},
		},
	})
	require.NoError(t, err)
	return http.StripPrefix("/scim", service)
}

// run runs a service. The library leaves it to its user to ask for credentials.
func run(t testing.TB, service http.Handler) *peer {
	t.Helper()
	p := &peer{}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.requests.Add(1)
		switch {
		case r.Header.Get("Authorization") != "Bearer "+token:
			http.Error(w, "unauthorized", http.StatusUnauthorized)
			return
		case p.lose != nil && p.lose(r):
			service.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		}
		service.ServeHTTP(w, r)
	}))
	// The library panics at some filters, which ends the connection and nothing else.
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.Start()
	t.Cleanup(server.Close)
	p.base = server.URL + "/scim/v2"
	return p
}

// stores do what RFC 7644 demands of users and groups.
func stores(alter func(users, groups *store)) (*store, *store) {
	users := &store{core: schema.CoreUserSchema(), extensions: []schema.Schema{schema.ExtensionEnterpriseUser()}, unique: "userName"}
	groups := &store{core: schema.CoreGroupSchema(), unique: "displayName", members: users}
	users.groups = groups
	if alter != nil {
		alter(users, groups)
	}
	return users, groups
}

// faithful runs the library with them.
func faithful(t testing.TB, alter func(users, groups *store)) (*peer, *store, *store) {
	t.Helper()
	users, groups := stores(alter)
	return run(t, elimity(t, users, groups)), users, groups
}

func fold(v any) string {
	s, _ := v.(string)
	return strings.ToLower(s)
}
