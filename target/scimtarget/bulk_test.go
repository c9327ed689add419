package scimtarget_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/internal/scimfake"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/source/memsource"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/scimtarget"
)

// first holds the first write until it is told to go on.
type first struct {
	arrived, open chan struct{}
	came          atomic.Bool
}

func (f *first) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodGet && f.came.CompareAndSwap(false, true) {
		close(f.arrived)
		<-f.open
	}
	return http.DefaultTransport.RoundTrip(r)
}

// atOnce creates people while the first create is held, and returns what became of each.
func atOnce(t *testing.T, s service, prepare func(*scimfake.Server), reqs []target.CreateRequest) ([]target.Account, []error, *scimfake.Server, *scimtarget.Target) {
	t.Helper()
	held := &first{arrived: make(chan struct{}), open: make(chan struct{})}
	app, fake := start(t, s, func(cfg *scimtarget.Config) { cfg.Transport = held })
	if prepare != nil {
		prepare(fake)
	}
	accounts, errs := make([]target.Account, len(reqs)), make([]error, len(reqs))
	var all sync.WaitGroup
	create := func(i int) {
		all.Go(func() { accounts[i], errs[i] = app.Create(t.Context(), reqs[i]) })
	}
	create(0)
	<-held.arrived
	for i := 1; i < len(reqs); i++ {
		create(i)
		require.Eventually(t, func() bool { return app.BulkWaiting() == i }, 10e9, 1e5)
	}
	close(held.open)
	all.Wait()
	return accounts, errs, fake, app
}

func joiners(app target.Target, n int) []target.CreateRequest {
	reqs := make([]target.CreateRequest, n)
	for i := range reqs {
		reqs[i] = person(app, i)
	}
	return reqs
}

// sent are the writes that a fake was sent, each by how many operations it is.
func sent(t *testing.T, fake *scimfake.Server) []int {
	t.Helper()
	writes, _ := traffic(t, fake)
	return writes
}

// traffic is sent, and how much was read.
func traffic(t *testing.T, fake *scimfake.Server) ([]int, int) {
	t.Helper()
	out, reads := []int{}, 0
	for _, r := range fake.Requests() {
		switch {
		case r.Method == http.MethodGet:
			reads++
		case strings.HasSuffix(r.Path, "/Bulk"):
			var body struct{ Operations []any }
			require.NoError(t, json.Unmarshal(r.Body, &body))
			out = append(out, len(body.Operations))
		default:
			out = append(out, 1)
		}
	}
	return out, reads
}

func TestWritesShareABulkRequest(t *testing.T) {
	t.Parallel()
	for _, reply := range []string{"", "shown", "reversed"} {
		s := service{profile: bulky(8), quirks: scimfake.Quirks{Bulk: 8, BulkReply: reply}}
		app, _ := start(t, s)
		reqs := joiners(app, 20)
		reqs[7].Attributes = reqs[3].Attributes // another person with the same login
		accounts, errs, fake, app := atOnce(t, s, nil, reqs)
		writes, reads := traffic(t, fake)
		assert.Equal(t, []int{1, 8, 8, 3}, writes, reply)
		assert.LessOrEqual(t, reads, 1, "whose login it is: %s", reply)
		for i, err := range errs {
			if i == 7 {
				assert.Equal(t, target.Exists, target.ClassOf(err), "%v", err)
				continue
			}
			require.NoError(t, err, "%d %s", i, reply)
			assert.Equal(t, reqs[i].Key, accounts[i].Key)
			found, err := app.Find(t.Context(), target.Find{Key: reqs[i].Key})
			require.NoError(t, err)
			require.Len(t, found, 1)
			assert.Equal(t, found[0].ID, accounts[i].ID, "%d %s", i, reply)
			assert.Equal(t, reqs[i].Attributes, found[0].Attributes)
		}
		assert.Equal(t, 19, fake.Users())
	}
}

// A service may take less at once than the profile says, say no to the whole, or not
// have what it advertises: nobody is left out, and nobody is created twice.
func TestBulkRequestsThatAreRefused(t *testing.T) {
	t.Parallel()
	s := service{profile: bulky(8)}
	app, _ := start(t, s)
	reqs := joiners(app, 17)
	for name, c := range map[string]struct {
		quirks scimfake.Quirks
		before func(*scimfake.Server)
		sizes  []int
	}{
		"less at once": {quirks: scimfake.Quirks{Bulk: 3}, sizes: []int{1, 8, 4, 2, 2, 4, 2, 2, 2, 2, 2, 2}},
		"none":         {sizes: append([]int{1, 8}, ones(16)...)},
		"not for us":   {quirks: scimfake.Quirks{Bulk: 8}, sizes: append([]int{1, 8}, ones(16)...), before: refusing(http.StatusForbidden)},
		"not this one": {quirks: scimfake.Quirks{Bulk: 8}, sizes: append([]int{1, 8, 8}, ones(16)...), before: refusing(http.StatusBadRequest)},
	} {
		s.quirks = c.quirks
		_, errs, fake, _ := atOnce(t, s, c.before, reqs)
		for i, err := range errs {
			assert.NoError(t, err, "%s: %d", name, i)
		}
		assert.ElementsMatch(t, c.sizes, sent(t, fake), name)
		assert.Equal(t, 17, fake.Users(), name)
	}
}

// refusing has a service answer bulk requests with a status.
func refusing(status int) func(*scimfake.Server) {
	return func(f *scimfake.Server) {
		f.Before = func(r *http.Request, _ []byte) int {
			if strings.HasSuffix(r.URL.Path, "/Bulk") {
				return status
			}
			return 0
		}
	}
}

func ones(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = 1
	}
	return out
}

// What a bulk request fails with is the failure of each write in it, and none is sent
// again here.
func TestBulkRequestsThatFail(t *testing.T) {
	t.Parallel()
	s := service{profile: bulky(50), quirks: scimfake.Quirks{Bulk: 50}}
	app, _ := start(t, s)
	reqs := joiners(app, 9)
	for status, class := range map[int]target.Class{
		http.StatusBadGateway: target.Transient, http.StatusTooManyRequests: target.Throttled, http.StatusUnauthorized: target.Fatal,
	} {
		_, errs, fake, _ := atOnce(t, s, refusing(status), reqs)
		for _, err := range errs[1:] {
			assert.Equal(t, class, target.ClassOf(err), "%v", err)
		}
		assert.Equal(t, []int{1, 8}, sent(t, fake))
	}
	// The last operation was done, and the answer does not say so.
	s.quirks.BulkReply = "cut"
	_, errs, fake, _ := atOnce(t, s, nil, reqs)
	assert.Equal(t, target.Unclear, target.ClassOf(errs[8]), "%v", errs[8])
	for _, err := range errs[:8] {
		assert.NoError(t, err)
	}
	assert.Equal(t, 9, fake.Users())
}

// TestBulkUpdatesAndMembers: updates and new members share requests; what closes an
// account or takes a member out goes alone, also while a bulk request is under way.
func TestBulkUpdatesAndMembers(t *testing.T) {
	t.Parallel()
	held := &first{arrived: make(chan struct{}), open: make(chan struct{})}
	app, fake := start(t, service{profile: bulky(50), quirks: scimfake.Quirks{Bulk: 50}}, func(cfg *scimtarget.Config) { cfg.Transport = held })
	users, group := crowd(fake, 6)
	other := fake.AddGroup(scimfake.Object{"displayName": "sales", "members": []any{map[string]any{"value": users[5]}}})
	title := func(id string) error {
		_, err := app.Update(t.Context(), target.UpdateRequest{Ref: target.Ref{ID: id}, Set: target.Attrs(map[string]string{"title": "Writer"})})
		return err
	}
	errs := make([]error, 5)
	var all sync.WaitGroup
	all.Go(func() { errs[0] = title(users[0]) })
	<-held.arrived
	for i, do := range []func() error{
		func() error { return title(users[1]) }, func() error { return title("nobody") },
		func() error { return app.Grant(t.Context(), grant(users[3], group)) },
	} {
		all.Go(func() { errs[i+1] = do() })
	}
	require.Eventually(t, func() bool { return app.BulkWaiting() == 3 }, 10e9, 1e5)
	_, err := app.Disable(t.Context(), target.StateRequest{Ref: target.Ref{ID: users[4]}})
	require.NoError(t, err)
	require.NoError(t, app.Revoke(t.Context(), grant(users[5], other)))
	assert.Equal(t, []int{1, 1}, sent(t, fake), "they wait for nobody")
	close(held.open)
	all.Wait()
	assert.Equal(t, []int{1, 3}, sent(t, fake))
	assert.Equal(t, target.NotFound, target.ClassOf(errs[2]), "%v", errs[2])
	for _, i := range []int{0, 1, 3} {
		require.NoError(t, errs[i], i)
	}
	assert.Equal(t, "Writer", fake.User(users[1])["title"])
	assert.Equal(t, []string{users[3]}, members(fake.Group(group)))
}

// TestEngineUsesBulkRequests: a load takes a fraction of the requests, and when it is done
// there is nothing left to do.
func TestEngineUsesBulkRequests(t *testing.T) {
	t.Parallel()
	app, fake := start(t, service{profile: bulky(100), quirks: scimfake.Quirks{Bulk: 100}})
	engine, err := provision.New(provision.Config{
		Source: memsource.New("hr", people(300)...), Targets: []target.Target{app}, Rules: company(t, app), Concurrency: 16,
		Policy: reconcile.Policy{CreateEntitlements: true, Limits: map[reconcile.Action]reconcile.Limit{reconcile.Create: {Percent: 100}}},
	})
	require.NoError(t, err)
	report, err := engine.Sync(t.Context())
	require.NoError(t, err)
	require.NoError(t, report.Err())
	assert.Equal(t, 300, fake.Users())
	assert.Less(t, len(sent(t, fake)), 300, "creates, managers and two groups each are over 1,000 changes")
	plan, err := engine.Plan(t.Context())
	require.NoError(t, err)
	assert.Empty(t, plan.Targets[0].Changes)
}
