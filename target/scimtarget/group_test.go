package scimtarget_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/scimfake"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/scimtarget"
)

// crowd puts users there, and a group.
func crowd(fake *scimfake.Server, n int) ([]string, string) {
	var users []string
	for i := range n {
		users = append(users, fake.AddUser(scimfake.Object{"userName": fmt.Sprintf("u%d", i), "active": true}))
	}
	return users, fake.AddGroup(scimfake.Object{"displayName": "engineering"})
}

func grant(user, group string) target.GrantRequest {
	return target.GrantRequest{
		Ref: target.Ref{ID: user}, Entitlement: target.Entitlement{Kind: "group", Name: "engineering"}, EntitlementID: group,
	}
}

// hold is a transport that holds the first PATCH until it is told to go on.
type hold struct {
	arrived, open chan struct{}
	once          sync.Once
}

func newHold() *hold { return &hold{arrived: make(chan struct{}), open: make(chan struct{})} }

func (h *hold) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPatch || r.Method == http.MethodPut {
		h.once.Do(func() {
			close(h.arrived)
			select {
			case <-h.open:
			case <-r.Context().Done(): // the request is on its way: who knows
			}
		})
	}
	return http.DefaultTransport.RoundTrip(r)
}

// together grants (or revokes) for all users while the first request is held, and
// returns the results.
func together(t *testing.T, h *hold, do func(ctx context.Context, req target.GrantRequest) error, waiting func() int, users []string, group string) []error {
	t.Helper()
	errs := make([]error, len(users))
	var wg sync.WaitGroup
	wg.Go(func() { errs[0] = do(t.Context(), grant(users[0], group)) })
	<-h.arrived
	for i, u := range users[1:] {
		wg.Go(func() { errs[i+1] = do(t.Context(), grant(u, group)) })
	}
	require.Eventually(t, func() bool { return waiting() == len(users)-1 }, 10e9, 1e6)
	close(h.open)
	wg.Wait()
	return errs
}

func members(o scimfake.Object) []string {
	var out []string
	list, _ := o["members"].([]any)
	for _, m := range list {
		e, _ := m.(map[string]any)
		id, _ := e["value"].(string)
		out = append(out, id)
	}
	return out
}

func patches(fake *scimfake.Server) []scimfake.Request {
	var out []scimfake.Request
	for _, r := range fake.Requests() {
		if r.Method == http.MethodPatch && strings.Contains(r.Path, "/Groups/") {
			out = append(out, r)
		}
	}
	return out
}

// changes counts the members that a PATCH is about.
func changes(t *testing.T, r scimfake.Request) int {
	t.Helper()
	var body struct {
		Operations []struct {
			Op    string
			Value []any
		}
	}
	require.NoError(t, json.Unmarshal(r.Body, &body))
	n := 0
	for _, o := range body.Operations {
		n += max(len(o.Value), 1)
	}
	return n
}

func TestGrantsToOneGroupGoTogether(t *testing.T) {
	h := newHold()
	app, fake := start(t, service{profile: scimtarget.RFC()}, func(cfg *scimtarget.Config) { cfg.Transport = h })
	users, group := crowd(fake, 251)
	for i, err := range together(t, h, app.Grant, app.Waiting, users, group) {
		assert.NoError(t, err, i)
	}
	assert.ElementsMatch(t, users, members(fake.Group(group)))
	sizes := []int{}
	for _, r := range patches(fake) {
		sizes = append(sizes, changes(t, r))
	}
	assert.Equal(t, []int{1, 100, 100, 50}, sizes)
}

func TestOneGrantIsOneRequest(t *testing.T) {
	app, fake := start(t, service{profile: scimtarget.RFC()})
	users, group := crowd(fake, 1)
	require.NoError(t, app.Grant(t.Context(), grant(users[0], group)))
	requests := fake.Requests()
	require.Len(t, requests, 1)
	assert.JSONEq(t, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
		"Operations":[{"op":"add","path":"members","value":[{"value":"`+users[0]+`"}]}]}`, string(requests[0].Body))
	assert.Empty(t, requests[0].Query, "there are services that store what the answer is to have")
	require.NoError(t, app.Revoke(t.Context(), grant(users[0], group)))
	requests = fake.Requests()
	require.Len(t, requests, 1)
	assert.JSONEq(t, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
		"Operations":[{"op":"remove","path":"members[value eq \"`+users[0]+`\"]"}]}`, string(requests[0].Body))
}

func TestOneBadMemberDoesNotFailTheOthers(t *testing.T) {
	for _, missing404 := range []bool{false, true} {
		h := newHold()
		app, fake := start(t, service{profile: scimtarget.RFC(), quirks: scimfake.Quirks{MemberMissing404: missing404}},
			func(cfg *scimtarget.Config) { cfg.Transport = h })
		users, group := crowd(fake, 40)
		users[17] = "nobody"
		for i, err := range together(t, h, app.Grant, app.Waiting, users, group) {
			if i == 17 {
				assert.Equal(t, target.NotFound, target.ClassOf(err), "%v", err)
			} else {
				assert.NoError(t, err, i)
			}
		}
		assert.Len(t, members(fake.Group(group)), 39)
	}
}

func TestRevokesGoTogetherToo(t *testing.T) {
	h := newHold()
	app, fake := start(t, service{profile: scimtarget.RFC()}, func(cfg *scimtarget.Config) { cfg.Transport = h })
	users, _ := crowd(fake, 20)
	list := []any{}
	for _, u := range users[:10] {
		list = append(list, map[string]any{"value": u})
	}
	group := fake.AddGroup(scimfake.Object{"displayName": "sales", "members": append(list, map[string]any{"value": "other", "type": "Group"})})
	// Half of them are no members: that is success as well.
	for i, err := range together(t, h, app.Revoke, app.Waiting, users, group) {
		assert.NoError(t, err, i)
	}
	assert.Equal(t, []string{"other"}, members(fake.Group(group)))
}

func TestTooLargeIsSplit(t *testing.T) {
	h := newHold()
	app, fake := start(t, service{profile: scimtarget.RFC(), quirks: scimfake.Quirks{MaxBody: 500}},
		func(cfg *scimtarget.Config) { cfg.Transport = h })
	users, group := crowd(fake, 101)
	for i, err := range together(t, h, app.Grant, app.Waiting, users, group) {
		assert.NoError(t, err, i)
	}
	assert.ElementsMatch(t, users, members(fake.Group(group)))
}

// TestGoneGroupIsAskedForOnce: 100 changes to a group that is gone are not 200
// requests.
func TestGoneGroupIsAskedForOnce(t *testing.T) {
	h := newHold()
	app, fake := start(t, service{profile: scimtarget.RFC()}, func(cfg *scimtarget.Config) { cfg.Transport = h })
	users, _ := crowd(fake, 100)
	for _, err := range together(t, h, app.Grant, app.Waiting, users, "gone") {
		assert.Equal(t, target.NotFound, target.ClassOf(err))
	}
	assert.LessOrEqual(t, len(fake.Requests()), 6)
}

// TestFailuresAreEverybodys: what is not about one of them is everybody's result, and
// nothing is sent twice.
func TestFailuresAreEverybodys(t *testing.T) {
	for status, class := range map[int]target.Class{
		http.StatusBadGateway: target.Transient, http.StatusTooManyRequests: target.Throttled, http.StatusUnauthorized: target.Fatal,
	} {
		h := newHold()
		app, fake := start(t, service{profile: scimtarget.RFC()}, func(cfg *scimtarget.Config) { cfg.Transport = h })
		users, group := crowd(fake, 20)
		fake.Before = func(*http.Request, []byte) int { return status }
		for _, err := range together(t, h, app.Grant, app.Waiting, users, group) {
			assert.Equal(t, class, target.ClassOf(err), "%v", err)
		}
		assert.Len(t, fake.Requests(), 2)
	}
}

// TestAnImpatientCallerLeavesTheOthersAlone: whoever gives up before the request was
// sent has certainly changed nothing; whoever gives up later does not know.
func TestAnImpatientCallerLeavesTheOthersAlone(t *testing.T) {
	h := newHold()
	app, fake := start(t, service{profile: scimtarget.RFC()}, func(cfg *scimtarget.Config) { cfg.Transport = h })
	users, group := crowd(fake, 3)
	firstCtx, giveUpFirst := context.WithCancel(t.Context())
	secondCtx, giveUpSecond := context.WithCancel(t.Context())
	errs := make([]error, 3)
	var wg, first, second sync.WaitGroup
	first.Go(func() { errs[0] = app.Grant(firstCtx, grant(users[0], group)) })
	<-h.arrived
	second.Go(func() { errs[1] = app.Grant(secondCtx, grant(users[1], group)) })
	wg.Go(func() { errs[2] = app.Grant(t.Context(), grant(users[2], group)) })
	require.Eventually(t, func() bool { return app.Waiting() == 2 }, 10e9, 1e6)
	giveUpSecond()
	second.Wait()
	giveUpFirst()
	first.Wait()
	close(h.open)
	wg.Wait()
	assert.Equal(t, target.Unclear, target.ClassOf(errs[0]))
	require.ErrorIs(t, errs[0], context.Canceled)
	assert.Equal(t, target.NotSent, target.ClassOf(errs[1]))
	require.NoError(t, errs[2])
	assert.Contains(t, members(fake.Group(group)), users[2])
	assert.NotContains(t, members(fake.Group(group)), users[1])
}

// TestNestedGroupsAreNoAccounts: they are neither read as members nor touched.
func TestNestedGroupsAreNoAccounts(t *testing.T) {
	for _, m := range []scimtarget.Method{scimtarget.Patch, scimtarget.Put} {
		app, fake := start(t, service{profile: altered(scimtarget.RFC(), func(p *scimtarget.Profile) { p.Groups.Update = m })})
		users, inner := crowd(fake, 2)
		outer := fake.AddGroup(scimfake.Object{"displayName": "all", "externalId": "x", "members": []any{
			map[string]any{"value": inner, "type": "Group"}, map[string]any{"value": users[0], "display": "kept"},
		}})
		require.NoError(t, app.Grant(t.Context(), target.GrantRequest{
			Ref: target.Ref{ID: users[1]}, Entitlement: target.Entitlement{Kind: "group", Name: "all"},
		}))
		for h, err := range app.Entitlements(t.Context()) {
			require.NoError(t, err)
			if h.ID == outer {
				assert.ElementsMatch(t, users, h.Members)
			}
		}
		after := fake.Group(outer)
		assert.Equal(t, "x", after["externalId"])
		assert.Contains(t, after["members"], any(map[string]any{"value": inner, "type": "Group"}))
		assert.Contains(t, after["members"], any(map[string]any{"value": users[0], "display": "kept"}))
	}
}

// TestEnsureMeetsAnother: somebody else makes the group between our look and our
// request.
func TestEnsureMeetsAnother(t *testing.T) {
	app, fake := start(t, service{profile: scimtarget.RFC()})
	raced := false
	fake.Before = func(r *http.Request, _ []byte) int {
		if r.Method == http.MethodPost && !raced {
			raced = true
			go fake.AddGroup(scimfake.Object{"displayName": "new", "id": "theirs"})
			return http.StatusConflict
		}
		return 0
	}
	var h target.Held
	require.Eventually(t, func() bool {
		var err error
		h, err = app.EnsureEntitlement(t.Context(), target.EnsureRequest{Entitlement: target.Entitlement{Kind: "group", Name: "new"}})
		return err == nil
	}, 10e9, 1e6)
	assert.Equal(t, "theirs", h.ID)
}
