//go:build !race

package interop_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/scim"
	"github.com/provision-go/provision/internal/scimclient"
)

// client speaks to a service on SCIMMY.
func client(t testing.TB, base, token string, change func(*scimclient.Config)) *scimclient.Client {
	t.Helper()
	cfg := scimclient.Config{System: "scimmy", Base: base, Auth: scimclient.Bearer(token), Private: true}
	if change != nil {
		change(&cfg)
	}
	c, err := scimclient.New(cfg)
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

// fill creates users with numbers as their externalId.
func fill(t testing.TB, c *scimclient.Client, from, to int) {
	t.Helper()
	for n := from; n < to; n++ {
		_, err := c.Send(t.Context(), scimclient.Write{Method: http.MethodPost, Endpoint: "/Users", Body: scim.Object{
			"schemas": []any{scim.UserURN}, "userName": fmt.Sprintf("person%d@acme.example", n), "externalId": fmt.Sprint(n),
		}})
		require.NoError(t, err)
	}
}

// TestLists: a list has everybody once, whatever the size of a page, though SCIMMY
// answers with everything again to who asks for what is past the end.
func TestLists(t *testing.T) {
	t.Parallel()
	base, token := scimmy(t)
	writer := client(t, base, token, nil)
	there := 0
	for _, people := range []int{0, 1, 9, 10, 11, 20, 21, 45} {
		fill(t, writer, there, people)
		there = people
		for _, size := range []int{2, 10, 45, 100} {
			for _, careful := range []bool{false, true} {
				c := client(t, base, token, func(cfg *scimclient.Config) { cfg.PageSize, cfg.Careful = size, careful })
				var got, want []string
				for r, err := range c.List(t.Context(), "/Users", scimclient.Query{}) {
					require.NoError(t, err, "%d people, pages of %d, careful: %v", people, size, careful)
					got = append(got, r.ExternalID)
				}
				for n := range people {
					want = append(want, fmt.Sprint(n))
				}
				assert.Equal(t, want, got, "%d people, pages of %d, careful: %v", people, size, careful)
			}
		}
	}
}

// TestFinds: what is found is what the filter says, also where SCIMMY says otherwise.
func TestFinds(t *testing.T) {
	t.Parallel()
	base, token := scimmy(t)
	c := client(t, base, token, nil)
	fill(t, c, 0, 12)
	for filter, want := range map[string][]string{
		`externalId eq "7"`:                      {"7"},
		`externalId eq "70"`:                     nil,
		`userName eq "person11@acme.example"`:    {"11"},
		`userName sw "person1"`:                  {"1", "10", "11"},
		`externalId eq "7" or externalId eq "8"`: {"7", "8"},
		`externalId gt "8" and userName pr`:      {"9"},
	} {
		found, err := c.Find(t.Context(), "/Users", scimclient.Query{Filter: filter})
		require.NoError(t, err, filter)
		var got []string
		for _, r := range found {
			got = append(got, r.ExternalID)
		}
		assert.Equal(t, want, got, filter)
	}
}

// TestBulk: operations that refer to each other are done together.
func TestBulk(t *testing.T) {
	t.Parallel()
	base, token := scimmy(t)
	c := client(t, base, token, nil)
	results, err := c.Bulk(t.Context(), []scimclient.BulkOperation{
		{Method: http.MethodPost, Endpoint: "/Users", BulkID: "ana", Data: scim.Object{"schemas": []any{scim.UserURN}, "userName": "ana"}},
		{Method: http.MethodPost, Endpoint: "/Groups", BulkID: "g", Data: scim.Object{
			"schemas": []any{scim.GroupURN}, "displayName": "g", "members": []any{scim.Object{"value": "bulkId:ana"}},
		}},
		{Method: http.MethodPost, Endpoint: "/Users", BulkID: "again", Data: scim.Object{"schemas": []any{scim.UserURN}, "userName": "ANA"}},
	})
	require.NoError(t, err)
	require.Len(t, results, 3)
	assert.Equal(t, []int{201, 201, 409}, []int{results[0].Status, results[1].Status, results[2].Status})
	require.NoError(t, results[0].Err)
	require.Error(t, results[2].Err)
	group, err := c.Get(t.Context(), "/Groups", results[1].Resource.ID, scimclient.Query{})
	require.NoError(t, err)
	members, _ := group.Object["members"].([]any)
	require.Len(t, members, 1)
	member, _ := members[0].(scim.Object)
	assert.Equal(t, results[0].Resource.ID, member["value"])
}

// TestDiscovers: what SCIMMY says about itself is read.
func TestDiscovers(t *testing.T) {
	t.Parallel()
	base, token := scimmy(t)
	features, err := client(t, base, token, nil).Discover(t.Context())
	require.NoError(t, err)
	for name, s := range map[string]scimclient.Support{"PATCH": features.Patch, "Bulk": features.Bulk, "filters": features.Filter, "sorting": features.Sort} {
		assert.Equal(t, scimclient.Yes, s, name)
	}
	assert.Equal(t, scimclient.No, features.ETag)
	for _, urn := range []string{scim.UserURN, scim.GroupURN, scim.EnterpriseURN} {
		assert.Contains(t, features.Schemas, urn)
	}
	assert.Len(t, features.Types, 2)
}
