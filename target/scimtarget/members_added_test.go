package scimtarget_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/scimfake"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/scimtarget"
)

// meddler is a transport that may answer a request itself: with nil and nil it goes on.
type meddler struct {
	before func(r *http.Request) (*http.Response, error)
	after  func(r *http.Request, answer *http.Response) (*http.Response, error)
}

func (m *meddler) RoundTrip(r *http.Request) (*http.Response, error) {
	if m.before != nil {
		if answer, err := m.before(r); answer != nil || err != nil {
			return answer, err
		}
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil || m.after == nil {
		return answer, err
	}
	return m.after(r, answer)
}

// replacing is a service that takes added members for all, with two members whom others
// have put in.
func replacing(t *testing.T, quirks scimfake.Quirks, m *meddler) (*scimtarget.Target, *scimfake.Server, []string, string) {
	t.Helper()
	app, fake := start(t, service{profile: scimtarget.RFC(), quirks: quirks}, func(cfg *scimtarget.Config) {
		cfg.Transport, cfg.ReadAttempts = m, 1
	})
	users, _ := crowd(fake, 5)
	group := fake.AddGroup(scimfake.Object{"displayName": "others", "members": []any{
		scimfake.Object{"value": users[0]}, scimfake.Object{"value": users[1]},
	}})
	for _, err := range app.Entitlements(t.Context()) {
		require.NoError(t, err)
	}
	fake.Requests()
	return app, fake, users, group
}

// methods are those of the requests since it was asked last.
func methods(fake *scimfake.Server) string {
	var out []string
	for _, r := range fake.Requests() {
		out = append(out, r.Method)
	}
	return strings.Join(out, " ")
}

func TestTheFirstAdditionIsLookedAt(t *testing.T) {
	app, fake, users, group := replacing(t, scimfake.Quirks{}, &meddler{})
	require.NoError(t, app.Grant(t.Context(), grant(users[2], group)))
	assert.Equal(t, "GET PATCH GET", methods(fake))
	require.NoError(t, app.Grant(t.Context(), grant(users[3], group)))
	assert.Equal(t, "PATCH", methods(fake), "once is enough")
	assert.ElementsMatch(t, users[:4], members(fake.Group(group)))
	assert.Equal(t, scimtarget.Patch, app.Profile().Groups.Update)
}

func TestWhoIsAddedPutsNobodyOut(t *testing.T) {
	app, fake, users, group := replacing(t, scimfake.Quirks{AddReplaces: true}, &meddler{})
	require.NoError(t, app.Grant(t.Context(), grant(users[2], group)))
	assert.ElementsMatch(t, users[:3], members(fake.Group(group)))
	assert.Equal(t, "GET PATCH GET GET PUT", methods(fake))
	assert.Equal(t, scimtarget.Put, app.Profile().Groups.Update)
	require.NoError(t, app.Grant(t.Context(), grant(users[3], group)))
	require.NoError(t, app.Revoke(t.Context(), grant(users[0], group)))
	assert.Equal(t, "GET PUT GET PUT", methods(fake))
	assert.ElementsMatch(t, users[1:4], members(fake.Group(group)))
}

// An answer that is lost hides nothing.
func TestAnAdditionWithoutAnAnswerIsLookedAt(t *testing.T) {
	lost := false
	app, fake, users, group := replacing(t, scimfake.Quirks{AddReplaces: true}, &meddler{
		after: func(r *http.Request, answer *http.Response) (*http.Response, error) {
			if r.Method == http.MethodPatch && !lost {
				lost = true
				_ = answer.Body.Close()
				return nil, errors.New("connection reset") //nolint:err113 // any
			}
			return answer, nil
		},
	})
	require.NoError(t, app.Grant(t.Context(), grant(users[2], group)))
	require.True(t, lost)
	assert.ElementsMatch(t, users[:3], members(fake.Group(group)))
}

// Who was put out is put back, if not at once then with the next attempt.
func TestWhoWasPutOutIsPutBack(t *testing.T) {
	down := true
	app, fake, users, group := replacing(t, scimfake.Quirks{AddReplaces: true}, &meddler{
		before: func(r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodPut && down {
				return nil, errors.New("connection refused") //nolint:err113 // any
			}
			return nil, nil //nolint:nilnil // goes on
		},
	})
	require.Error(t, app.Grant(t.Context(), grant(users[2], group)))
	assert.Equal(t, []string{users[2]}, members(fake.Group(group)))
	require.Error(t, app.Grant(t.Context(), grant(users[2], group)))
	require.NoError(t, app.Revoke(t.Context(), grant(users[1], group)))
	down = false
	require.NoError(t, app.Grant(t.Context(), grant(users[2], group)))
	assert.ElementsMatch(t, []string{users[0], users[2]}, members(fake.Group(group)), "and who has been taken out stays out")
}

// Who was taken out and put in again is as much a member as all others.
func TestWhoIsBackIsPutBackToo(t *testing.T) {
	app, fake := start(t, service{profile: scimtarget.RFC(), quirks: scimfake.Quirks{AddReplaces: true}})
	users, group := crowd(fake, 2)
	require.NoError(t, app.Revoke(t.Context(), grant(users[0], group)))
	require.NoError(t, app.Grant(t.Context(), grant(users[0], group)))
	require.NoError(t, app.Grant(t.Context(), grant(users[1], group)))
	assert.ElementsMatch(t, users, members(fake.Group(group)))
}

// A list that is older than what was taken out brings nobody back.
func TestAnOldAnswerBringsNobodyBack(t *testing.T) {
	var old []byte
	stale := 0
	app, fake, users, group := replacing(t, scimfake.Quirks{}, &meddler{
		after: func(r *http.Request, answer *http.Response) (*http.Response, error) {
			if r.Method == http.MethodGet && stale > 0 {
				stale--
				_ = answer.Body.Close()
				answer.Body, answer.ContentLength = io.NopCloser(bytes.NewReader(old)), int64(len(old))
				answer.Header.Del("Content-Length")
			}
			return answer, nil
		},
	})
	now := httptest.NewRecorder()
	fake.ServeHTTP(now, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/scim/v2/Groups/"+group, nil))
	old = now.Body.Bytes()
	require.Contains(t, string(old), users[0])
	require.NoError(t, app.Revoke(t.Context(), grant(users[0], group)))
	require.NoError(t, app.Revoke(t.Context(), grant(users[1], group)))
	stale = 1
	require.NoError(t, app.Grant(t.Context(), grant(users[2], group)))
	assert.Equal(t, []string{users[2]}, members(fake.Group(group)))
	assert.Equal(t, scimtarget.Patch, app.Profile().Groups.Update)
}

// Whoever waits for another's first addition may give up.
func TestNobodyHasToWaitForTheFirstAddition(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	m := &meddler{}
	app, fake, users, group := replacing(t, scimfake.Quirks{}, m)
	other := fake.AddGroup(scimfake.Object{"displayName": "sales", "members": []any{scimfake.Object{"value": users[0]}}})
	for _, err := range app.Entitlements(t.Context()) {
		require.NoError(t, err)
	}
	m.before = func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodPatch {
			cancel()
			err := app.Grant(ctx, grant(users[3], other))
			assert.Equal(t, target.NotSent, target.ClassOf(err))
		}
		return nil, nil //nolint:nilnil // goes on
	}
	require.NoError(t, app.Grant(t.Context(), grant(users[2], group)))
	assert.ElementsMatch(t, users[:3], members(fake.Group(group)))
}
