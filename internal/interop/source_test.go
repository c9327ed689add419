//go:build !race

package interop_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/scim"
	"github.com/provision-go/provision/internal/scimclient"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/scimsource"
	"github.com/provision-go/provision/source/sourcetest"
)

// pull reads a service on SCIMMY as a source.
func pull(t testing.TB, base, token string, change func(*scimsource.Config)) *scimsource.Source {
	t.Helper()
	cfg := scimsource.Config{
		BaseURL: base, Auth: scimsource.Bearer(token), Private: true, ID: scimsource.ByExternalID, Inactive: source.Terminated, Groups: scimsource.GroupMembers, PageSize: 10,
	}
	if change != nil {
		change(&cfg)
	}
	s, err := scimsource.New(cfg)
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s
}

// staff fills a service with 25 people, of whom the first manages the others and the
// last has left, and a group of the even ones in a group of all engineers. It returns
// their numbers.
func staff(t testing.TB, base, token string) []string {
	t.Helper()
	c := client(t, base, token, nil)
	send := func(endpoint string, body scim.Object) string {
		reply, err := c.Send(t.Context(), scimclient.Write{Method: http.MethodPost, Endpoint: endpoint, Body: body})
		require.NoError(t, err)
		return reply.Resource.ID
	}
	var numbers, ids []string
	var even []any
	for n := range 25 {
		o := scim.Object{
			"schemas": []any{scim.UserURN, scim.EnterpriseURN}, "userName": fmt.Sprintf("person%d", n), "externalId": fmt.Sprintf("E%d", n), "active": n != 24,
			"name":             scim.Object{"givenName": "Ana", "familyName": fmt.Sprint("Silva ", n)},
			"emails":           []any{scim.Object{"value": fmt.Sprintf("person%d@acme.example", n), "type": "work", "primary": true}},
			scim.EnterpriseURN: scim.Object{"department": "Engineering"},
		}
		if n > 0 {
			o[scim.EnterpriseURN] = scim.Object{"department": "Engineering", "manager": scim.Object{"value": ids[0]}}
		}
		numbers, ids = append(numbers, fmt.Sprintf("E%d", n)), append(ids, send("/Users", o))
		if n%2 == 0 {
			even = append(even, scim.Object{"value": ids[n], "type": "User"})
		}
	}
	inner := send("/Groups", scim.Object{"schemas": []any{scim.GroupURN}, "displayName": "even", "members": even})
	send("/Groups", scim.Object{"schemas": []any{scim.GroupURN}, "displayName": "outer", "members": []any{scim.Object{"value": inner, "type": "Group"}}})
	return numbers
}

// TestSource: the pull source keeps the contract of sources with SCIMMY, and does not
// take the first page of a service that has no others for everybody.
func TestSource(t *testing.T) {
	t.Parallel()
	base, token := scimmy(t)
	numbers := staff(t, base, token)
	first, _ := scimmy(t, "EXPRESS=express5")
	staff(t, first, token)
	sourcetest.Run(t, func(t *testing.T) source.Source { return pull(t, base, token, nil) }, &sourcetest.Options{
		WantIDs: numbers, LostPage: func(t *testing.T) source.Source { return pull(t, first, token, nil) },
	})
}

// TestSourceReads: everybody once, by pages of any size, also those after whose last
// one SCIMMY begins anew; managers, states, and the groups that groups are in.
func TestSourceReads(t *testing.T) {
	t.Parallel()
	base, token := scimmy(t)
	numbers := staff(t, base, token)
	for _, size := range []int{2, 5, 10, 24, 25, 26, 100} {
		snapshot, err := source.Collect(t.Context(), pull(t, base, token, func(cfg *scimsource.Config) { cfg.PageSize = size }))
		require.NoError(t, err, "pages of %d", size)
		var got []string
		for i := range snapshot.All() {
			got = append(got, i.ID)
			var n int
			_, err := fmt.Sscanf(i.ID, "E%d", &n)
			require.NoError(t, err)
			assert.Equal(t, fmt.Sprint("Silva ", n), i.Name.Family)
			assert.Equal(t, fmt.Sprintf("person%d@acme.example", n), i.WorkEmail)
			assert.Equal(t, map[bool]source.Status{true: source.Active, false: source.Terminated}[n != 24], i.Status)
			assert.Equal(t, map[bool]string{true: "", false: "E0"}[n == 0], i.Manager.ID)
			assert.Len(t, i.Groups, 2-n%2*2, "%s: %v", i.ID, i.Groups)
			assert.Empty(t, i.Findings)
		}
		slices.Sort(got)
		assert.Equal(t, slices.Sorted(slices.Values(numbers)), got, "pages of %d", size)
	}
}

// TestSourceOfOne: one person is found by the number, and nobody is not.
func TestSourceOfOne(t *testing.T) {
	t.Parallel()
	base, token := scimmy(t)
	staff(t, base, token)
	s := pull(t, base, token, nil)
	i, err := s.Identity(t.Context(), "E7")
	require.NoError(t, err)
	assert.Equal(t, "person7@acme.example", i.WorkEmail)
	_, err = s.Identity(t.Context(), "E70")
	require.ErrorIs(t, err, source.ErrNotFound)
	_, err = pull(t, base, "another-"+token, nil).Identity(t.Context(), "E7")
	require.Error(t, err)
	require.NotErrorIs(t, err, source.ErrNotFound, "whoever may not ask knows nothing")
}
