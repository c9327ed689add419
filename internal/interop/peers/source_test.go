//go:build !race

package peers_test

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

// pull reads a service as a source.
func pull(t testing.TB, base, bearer string, change func(*scimsource.Config)) *scimsource.Source {
	t.Helper()
	cfg := scimsource.Config{
		BaseURL: base, Auth: scimsource.Bearer(bearer), Private: true, ID: scimsource.ByExternalID, Inactive: source.Terminated,
		Groups: scimsource.GroupMembers, PageSize: 10, Attempts: 1,
	}
	if change != nil {
		change(&cfg)
	}
	s, err := scimsource.New(cfg)
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s
}

// staff fills a service with people, of whom the first manages the others and the last
// has left, and a group of the even ones in a group of groups. It returns their numbers,
// which have what filters of the library do not find.
func staff(t testing.TB, base string, n int) []string {
	t.Helper()
	c, err := scimclient.New(scimclient.Config{System: "peer", Base: base, Auth: scimclient.Bearer(token), Private: true})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	send := func(endpoint string, body scim.Object) string {
		reply, err := c.Send(t.Context(), scimclient.Write{Method: http.MethodPost, Endpoint: endpoint, Body: body})
		require.NoError(t, err)
		return reply.Resource.ID
	}
	var numbers, ids []string
	var even []any
	for i := range n {
		number, ext := fmt.Sprintf(`A\"%d`, i), scim.Object{"department": "Engineering"}
		if i > 0 {
			ext["manager"] = scim.Object{"value": ids[0]}
		}
		numbers, ids = append(numbers, number), append(ids, send("/Users", scim.Object{
			"schemas": []any{scim.UserURN, scim.EnterpriseURN}, "userName": fmt.Sprintf("person%d", i), "externalId": number, "active": i != n-1,
			"name":             scim.Object{"givenName": "Ana", "familyName": number},
			"emails":           []any{scim.Object{"value": fmt.Sprintf("person%d@acme.example", i), "type": "work", "primary": true}},
			scim.EnterpriseURN: ext,
		}))
		if i%2 == 0 {
			even = append(even, scim.Object{"value": ids[i], "type": "User"})
		}
	}
	inner := send("/Groups", scim.Object{"schemas": []any{scim.GroupURN}, "displayName": "even", "members": even})
	send("/Groups", scim.Object{"schemas": []any{scim.GroupURN}, "displayName": "outer", "members": []any{scim.Object{"value": inner, "type": "Group"}}})
	return numbers
}

// TestSource: the pull source keeps the contract of sources, and takes no list for whole
// whose pages come in another order each time.
func TestSource(t *testing.T) {
	t.Parallel()
	p, _, _ := faithful(t, nil)
	numbers := staff(t, p.base, 25)
	shuffled := run(t, elimity(t, &example{}, &example{}))
	staff(t, shuffled.base, 60)
	sourcetest.Run(t, func(t *testing.T) source.Source { return pull(t, p.base, token, nil) }, &sourcetest.Options{
		WantIDs: numbers, LostPage: func(t *testing.T) source.Source { return pull(t, shuffled.base, token, nil) },
	})
}

// TestSourceReads: everybody once, by pages of any size; managers, states, and the groups
// that groups are in; and one person by a number that no filter finds.
func TestSourceReads(t *testing.T) {
	t.Parallel()
	p, _, _ := faithful(t, nil)
	numbers := staff(t, p.base, 225)
	for _, size := range []int{2, 24, 25, 99, 100, 101, 224, 225, 226, 1000} {
		s := pull(t, p.base, token, func(cfg *scimsource.Config) { cfg.PageSize = size })
		snapshot, err := source.Collect(t.Context(), s)
		require.NoError(t, err, "pages of %d", size)
		var got []string
		for i := range snapshot.All() {
			n := slices.Index(numbers, i.ID)
			got = append(got, i.ID)
			assert.Equal(t, i.ID, i.Name.Family)
			assert.Equal(t, fmt.Sprintf("person%d@acme.example", n), i.WorkEmail)
			assert.Equal(t, map[bool]source.Status{true: source.Active, false: source.Terminated}[n != 224], i.Status)
			assert.Equal(t, map[bool]string{true: "", false: numbers[0]}[n == 0], i.Manager.ID)
			assert.Len(t, i.Groups, 2-n%2*2)
			assert.Empty(t, i.Findings)
		}
		slices.Sort(got)
		assert.Equal(t, slices.Sorted(slices.Values(numbers)), got, "pages of %d", size)
		one, err := s.Identity(t.Context(), numbers[7])
		require.NoError(t, err)
		assert.Equal(t, "person7@acme.example", one.WorkEmail)
		_, err = s.Identity(t.Context(), `A\"700`)
		require.ErrorIs(t, err, source.ErrNotFound)
	}
	_, err := pull(t, p.base, "another", nil).Identity(t.Context(), numbers[7])
	require.Error(t, err)
	require.NotErrorIs(t, err, source.ErrNotFound, "whoever may not ask knows nothing")
}
