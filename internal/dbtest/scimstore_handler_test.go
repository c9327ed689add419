package dbtest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/scimserver"
)

// service is a SCIM server on a store.
type service struct {
	t *testing.T
	*scimserver.Server
	http *httptest.Server
}

func serve(t *testing.T, store scimserver.Store) *service {
	t.Helper()
	s := &service{t: t}
	var err error
	s.Server, err = scimserver.New(scimserver.Config{
		BaseURL: "https://app.example/scim/v2", Store: store,
		Authorize: func(r *http.Request) (scimserver.Client, error) {
			return scimserver.Client{Tenant: r.Header.Get("Authorization")}, nil
		},
		Failed: func(_ *http.Request, err error) { t.Errorf("failed: %v", err) },
	})
	require.NoError(t, err)
	s.http = httptest.NewServer(s.Server)
	t.Cleanup(s.http.Close)
	return s
}

// do sends a request, and returns the answer when it has the status.
func (s *service) do(status int, method, path, body string) (map[string]any, error) {
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.http.URL+"/scim/v2"+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "acme")
	req.Header.Set("Content-Type", "application/scim+json")
	resp, err := s.http.Client().Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != status {
		return nil, fmt.Errorf("%s %s: %s %s, %w", method, path, resp.Status, text, err)
	}
	out := map[string]any{}
	if len(text) > 0 {
		err = json.Unmarshal(text, &out)
	}
	return out, err
}

func (s *service) must(status int, method, path, body string) map[string]any {
	s.t.Helper()
	out, err := s.do(status, method, path, body)
	require.NoError(s.t, err)
	return out
}

func (s *service) create(login string) string {
	s.t.Helper()
	id, _ := s.must(http.StatusCreated, "POST", "/Users", fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":%q,"active":true}`, login))["id"].(string)
	require.NotEmpty(s.t, id)
	return id
}

// TestStoreServed: the server on a database does what it does on the store in memory.
func TestStoreServed(t *testing.T) {
	eachStore(t, func(t *testing.T, e storeEngine) {
		s := serve(t, e.store(t, e.open(t)))
		ana := s.create("ana@acme.example")
		s.must(http.StatusConflict, "POST", "/Users", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"ANA@acme.example"}`)
		for _, filter := range []string{`userName eq "Ana@ACME.example"`, `userName sw "ana"`, `id eq "` + ana + `"`} {
			found := s.must(http.StatusOK, "GET", "/Users?filter="+url.QueryEscape(filter), "")
			assert.InDelta(t, 1, found["totalResults"], 0, filter)
		}
		s.must(http.StatusNotFound, "GET", "/Users/"+url.PathEscape("a\x00b"), "")
		s.must(http.StatusNotFound, "GET", "/Users/%ff", "")
		s.must(http.StatusOK, "PATCH", "/Users/"+ana,
			`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","value":{"active":false,"nickName":"❤"}}]}`)
		assert.Equal(t, "❤", s.must(http.StatusOK, "GET", "/Users/"+ana, "")["nickName"])

		identity, err := s.Source("acme").Identity(t.Context(), ana)
		require.NoError(t, err)
		assert.Equal(t, source.Suspended, identity.Status)
		s.must(http.StatusNoContent, "DELETE", "/Users/"+ana, "")
		identity, err = s.Source("acme").Identity(t.Context(), ana)
		require.NoError(t, err)
		assert.Equal(t, source.Deleted, identity.Status)
		n, err := s.Purge(t.Context(), "acme", time.Now().Add(time.Hour))
		require.NoError(t, err)
		assert.Equal(t, 1, n)
	})
}

// TestStoreServedAtOnce: 100 clients put a member each into one group, through two
// servers, and nobody is lost.
func TestStoreServedAtOnce(t *testing.T) {
	eachStore(t, func(t *testing.T, e storeEngine) {
		db := e.open(t)
		servers := []*service{serve(t, e.store(t, db)), serve(t, e.store(t, db))}
		s := servers[0]
		group, _ := s.must(http.StatusCreated, "POST", "/Groups", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"all"}`)["id"].(string)
		ids := make([]string, 100)
		for i := range ids {
			ids[i] = s.create(fmt.Sprintf("user%d@acme.example", i))
		}
		errs := make([]error, len(ids))
		var wg sync.WaitGroup
		for i, id := range ids {
			wg.Go(func() {
				_, errs[i] = servers[i%2].do(http.StatusOK, "PATCH", "/Groups/"+group, fmt.Sprintf(
					`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"add","path":"members","value":[{"value":%q}]}]}`, id))
			})
		}
		wg.Wait()
		for _, err := range errs {
			require.NoError(t, err)
		}
		members, _ := s.must(http.StatusOK, "GET", "/Groups/"+group, "")["members"].([]any)
		var got []string
		for _, m := range members {
			member, _ := m.(map[string]any)
			id, _ := member["value"].(string)
			got = append(got, id)
		}
		slices.Sort(got)
		slices.Sort(ids)
		assert.Equal(t, ids, got)
	})
}
