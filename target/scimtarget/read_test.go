package scimtarget_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/scimfake"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/scimtarget"
)

// TestFiltersThatLie: a service that answers a filter with everybody, or with nobody,
// never makes an account look like another one or like none.
func TestFiltersThatLie(t *testing.T) {
	for _, lie := range []string{"everything", "nothing"} {
		for _, known := range [][]string{nil, {"userName"}} {
			profile := scimtarget.RFC()
			profile.Filters = known
			app, fake := start(t, service{
				profile: profile,
				quirks:  scimfake.Quirks{Filters: append([]string{"displayName"}, known...), UnknownFilter: lie},
			})
			for n := range 5 {
				_, err := app.Create(t.Context(), person(app, n))
				require.NoError(t, err)
			}
			fake.Requests()
			want := person(app, 3)
			for _, by := range []target.Find{
				{Key: want.Key},
				{Attribute: "userName", Value: strings.ToUpper(want.Attributes.Get("userName"))},
			} {
				found, err := app.Find(t.Context(), by)
				require.NoError(t, err)
				require.Len(t, found, 1, "%s %v", lie, by)
				assert.Equal(t, want.Key, found[0].Key)
			}
			_, err := app.Find(t.Context(), target.Find{Attribute: "title", Value: "x"})
			require.ErrorIs(t, err, target.ErrUnsupported)
		}
	}
}

// TestFilterValuesAreQuoted: nothing in a value gets out of the quotes.
func TestFilterValuesAreQuoted(t *testing.T) {
	app, fake := start(t, service{profile: scimtarget.RFC()})
	nasty := `x" or userName pr or userName eq "\` + "\t<&é"
	for i, name := range []string{"ana", nasty, nasty + "y"} {
		fake.AddUser(scimfake.Object{"userName": name, "externalId": name, "id": string(rune('a' + i))})
	}
	for _, by := range []target.Find{{Attribute: "userName", Value: nasty}, {Key: target.StoredKey(nasty)}} {
		found, err := app.Find(t.Context(), by)
		require.NoError(t, err)
		require.Len(t, found, 1)
		assert.Equal(t, "b", found[0].ID)
	}
	for _, r := range fake.Requests() {
		assert.NotContains(t, r.Query, "filter", "a service may not undo escapes")
	}
}

// TestOrderOfEachPage: a service whose pages come in another order each time is read by
// asking for an order.
func TestOrderOfEachPage(t *testing.T) {
	app, fake := start(t, service{profile: scimtarget.RFC(), quirks: scimfake.Quirks{Shuffled: true}})
	users, _ := crowd(fake, 250)
	var got []string
	for a, err := range app.Accounts(t.Context()) {
		require.NoError(t, err)
		got = append(got, a.ID)
	}
	assert.ElementsMatch(t, users, got)
}

// TestEscapesThatAreNotUndone: who has a quotation mark or a backslash in a name or key is
// found where filters take escapes for text, and groups are not made again.
func TestEscapesThatAreNotUndone(t *testing.T) {
	app, fake := start(t, service{profile: scimtarget.RFC(), quirks: scimfake.Quirks{RawEscapes: true}})
	for _, name := range []string{"plain", `ACME\ana`, `Ana "Z" O'Brien`, "tab\tbed", "line\u2028line", "<é> & 𝄞"} {
		a, err := app.Create(t.Context(), target.CreateRequest{
			Key: target.Key{Identity: name}, State: target.Enabled, Attributes: target.Attrs(map[string]string{"userName": name}),
		})
		require.NoError(t, err)
		for _, by := range []target.Find{{Key: a.Key}, {Attribute: "userName", Value: name}} {
			found, err := app.Find(t.Context(), by)
			require.NoError(t, err)
			require.Len(t, found, 1, "%q", name)
			assert.Equal(t, a.ID, found[0].ID)
		}
		group := fake.AddGroup(scimfake.Object{"displayName": name})
		h, err := app.EnsureEntitlement(t.Context(), target.EnsureRequest{Entitlement: target.Entitlement{Kind: "group", Name: name}})
		require.NoError(t, err)
		assert.Equal(t, group, h.ID)
		require.NoError(t, app.Grant(t.Context(), target.GrantRequest{Ref: target.Ref{ID: a.ID}, Entitlement: h.Entitlement}))
		assert.Equal(t, []string{a.ID}, members(fake.Group(group)))
	}
}

// TestStrangeUsers: what nobody expects is passed over, and never read as something
// else.
func TestStrangeUsers(t *testing.T) {
	app, fake := start(t, service{profile: scimtarget.RFC()})
	fake.AddUser(scimfake.Object{
		"id": "x", "userName": "ana", "externalId": "", "active": "perhaps", "title": nil, "emails": nil, "displayName": 7,
		"phoneNumbers": []any{map[string]any{"type": "work"}, map[string]any{"type": "mobile", "value": ""}},
		"name":         map[string]any{"givenName": "Ana", "familyName": nil}, "somethingElse": true,
	})
	fake.AddUser(scimfake.Object{"id": "y/z?#% é", "userName": "bo", "externalId": "not~a~key~at~all", "active": false})
	var all []target.Account
	for a, err := range app.Accounts(t.Context()) {
		require.NoError(t, err)
		all = append(all, a)
	}
	require.Len(t, all, 2)
	assert.Equal(t, target.Enabled, all[0].State)
	assert.True(t, all[0].Key.IsZero())
	assert.Equal(t, target.Disabled, all[1].State)
	snapshot, err := target.Collect(t.Context(), app)
	require.NoError(t, err)
	assert.Len(t, snapshot.Findings(), 1, "the key that is none")

	found, err := app.Find(t.Context(), target.Find{ID: "y/z?#% é"})
	require.NoError(t, err)
	require.Len(t, found, 1, "an id is data, not a path")
	_, err = app.Update(t.Context(), target.UpdateRequest{Ref: target.Ref{ID: "y/z?#% é"}, SetKey: target.Key{Identity: "E1"}})
	require.NoError(t, err)
	_, err = app.Find(t.Context(), target.Find{ID: "y/../z"})
	assert.Equal(t, target.Permanent, target.ClassOf(err))
}

// TestErrorsTellNothing: neither what the service says nor what was sent is in an
// error.
func TestErrorsTellNothing(t *testing.T) {
	app, fake := start(t, service{profile: scimtarget.RFC()})
	fake.AddGroup(scimfake.Object{"displayName": "engineering", "id": "g"})
	for _, status := range []int{300, 400, 401, 403, 404, 409, 412, 413, 429, 500, 501, 503, 599} {
		fake.Before = func(*http.Request, []byte) int { return status }
		req := joiner()
		req.Attributes = req.Attributes.With("title", "private-title")
		_, err1 := app.Create(t.Context(), req)
		_, err2 := app.Update(t.Context(), target.UpdateRequest{Ref: target.Ref{ID: "x"}, Set: target.Attrs(map[string]string{"title": "private-title"})})
		_, err3 := app.Find(t.Context(), target.Find{Attribute: "userName", Value: "private-title"})
		err4 := app.Grant(t.Context(), grant("x", "g"))
		_, err5 := app.Disable(t.Context(), target.StateRequest{Ref: target.Ref{ID: "x"}})
		for i, err := range []error{err1, err2, err3, err4, err5} {
			require.Error(t, err, "%d %d", status, i)
			for _, word := range []string{"private-title", "secret value", "s3cret", "filter="} {
				assert.NotContains(t, err.Error(), word)
			}
			assert.Contains(t, err.Error(), "127.0.0.1", "which service it was: %v", err)
			var classified *target.Error
			assert.ErrorAs(t, err, &classified)
		}
	}
}

// TestPrivateAddresses: a customer's base address cannot lead into the operator's
// network, unless the operator says so.
func TestPrivateAddresses(t *testing.T) {
	asked := false
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer server.Close()
	address := strings.Replace(server.URL, "http://", "https://", 1)
	app, err := scimtarget.New(scimtarget.Config{Name: "crm", BaseURL: address + "/scim/v2", ReadAttempts: 1})
	require.NoError(t, err)
	for _, err := range app.Accounts(t.Context()) {
		assert.Equal(t, target.Fatal, target.ClassOf(err), "%v", err)
	}
	_, err = app.Create(t.Context(), joiner())
	assert.Equal(t, target.Fatal, target.ClassOf(err), "%v", err)
	assert.False(t, asked)
	_, err = scimtarget.New(scimtarget.Config{Name: "crm", BaseURL: server.URL})
	assert.ErrorContains(t, err, "http", "plain http needs Private")
}

// TestRedirectsAreNotFollowed: they would take a write, and the token, elsewhere.
func TestRedirectsAreNotFollowed(t *testing.T) {
	elsewhere := false
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere = true }))
	defer other.Close()
	server := httptest.NewServer(http.RedirectHandler(other.URL, http.StatusTemporaryRedirect))
	defer server.Close()
	app, err := scimtarget.New(scimtarget.Config{Name: "crm", BaseURL: server.URL, Private: true, Auth: scimtarget.Bearer("s3cret"), ReadAttempts: 1})
	require.NoError(t, err)
	_, err = app.Create(t.Context(), joiner())
	require.Error(t, err)
	assert.Equal(t, target.Permanent, target.ClassOf(err), "%v", err)
	_, err = app.Find(t.Context(), target.Find{ID: "x"})
	require.Error(t, err)
	assert.False(t, elsewhere)
}

// TestNothingIsSentAfterTheEnd: a call whose context is done has certainly had no
// effect.
func TestNothingIsSentAfterTheEnd(t *testing.T) {
	app, fake := start(t, service{profile: scimtarget.RFC()})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	ref := target.Ref{ID: "x"}
	_, err1 := app.Create(ctx, joiner())
	_, err2 := app.Update(ctx, target.UpdateRequest{Ref: ref, Set: target.Attrs(map[string]string{"title": "x"})})
	_, err3 := app.Disable(ctx, target.StateRequest{Ref: ref})
	_, err4 := app.EnsureEntitlement(ctx, target.EnsureRequest{Entitlement: target.Entitlement{Kind: "group", Name: "x"}})
	for _, err := range []error{err1, err2, err3, err4, app.Grant(ctx, grant("x", "g")), app.Delete(ctx, target.StateRequest{Ref: ref})} {
		assert.Equal(t, target.NotSent, target.ClassOf(err))
		assert.True(t, errors.Is(err, context.Canceled))
	}
	assert.Empty(t, fake.Requests())
}

// TestLostAnswers: a write whose answer is lost is unclear, and a repetition is
// harmless.
func TestLostAnswers(t *testing.T) {
	app, fake := start(t, service{profile: scimtarget.RFC()})
	a, err := app.Create(t.Context(), person(app, 1))
	require.NoError(t, err)
	users, group := crowd(fake, 1)
	var lose atomic.Bool
	lose.Store(true)
	fake.Lose = func(r *http.Request) bool { return lose.Load() && r.Method != http.MethodGet }
	ref := target.Ref{ID: a.ID}
	calls := []func() error{
		func() error { _, err := app.Create(t.Context(), person(app, 2)); return err },
		func() error {
			_, err := app.Update(t.Context(), target.UpdateRequest{Ref: ref, Set: target.Attrs(map[string]string{"title": "x", "emails.work": "y@acme.example"})})
			return err
		},
		func() error { _, err := app.Disable(t.Context(), target.StateRequest{Ref: ref}); return err },
		func() error { return app.Grant(t.Context(), grant(users[0], group)) },
		func() error { return app.Delete(t.Context(), target.StateRequest{Ref: ref}) },
	}
	for i, call := range calls {
		assert.Equal(t, target.Unclear, target.ClassOf(call()), "%d", i)
	}
	lose.Store(false)
	assert.Equal(t, target.Exists, target.ClassOf(calls[0]()))
	require.NoError(t, calls[3]())
	assert.Equal(t, users, members(fake.Group(group)))
	assert.Equal(t, target.NotFound, target.ClassOf(calls[4]()))
}

// TestLooksAtOneAccountShareAReading: groups that list their members are read as a whole
// for each look; looks at the same moment share a reading that began after them.
func TestLooksAtOneAccountShareAReading(t *testing.T) {
	arrived, open := make(chan struct{}), make(chan struct{})
	var once sync.Once
	app, fake := start(t, service{profile: scimtarget.RFC()}, func(cfg *scimtarget.Config) {
		cfg.Transport = transport(func(r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.URL.Path, "/Groups") {
				once.Do(func() {
					close(arrived)
					<-open
				})
			}
			return http.DefaultTransport.RoundTrip(r)
		})
	})
	users, _ := crowd(fake, 20)
	looks := make([]bool, len(users))
	var wg sync.WaitGroup
	look := func(i int) {
		found, err := app.Find(t.Context(), target.Find{ID: users[i]})
		looks[i] = err == nil && len(found) == 1 && len(found[0].Entitlements) == 1
	}
	wg.Go(func() { look(0) })
	<-arrived
	ctx, cancel := context.WithCancel(t.Context())
	impatient := make(chan error)
	go func() {
		_, err := app.Find(ctx, target.Find{ID: users[1]})
		impatient <- err
	}()
	for i := 1; i < len(users); i++ {
		wg.Go(func() { look(i) })
	}
	require.Eventually(t, func() bool { return app.Looking() == len(users) }, 10e9, 1e6)
	cancel()
	require.ErrorIs(t, <-impatient, context.Canceled)
	fake.Requests()
	list := []any{}
	for _, u := range users {
		list = append(list, map[string]any{"value": u})
	}
	fake.AddGroup(scimfake.Object{"displayName": "all", "members": list})
	close(open)
	wg.Wait()
	for i, seen := range looks[1:] {
		assert.True(t, seen, "look %d began before the group was there, and was answered after", i+1)
	}
	lists := 0
	for _, r := range fake.Requests() {
		if strings.HasSuffix(r.Path, "/Groups") {
			lists++
		}
	}
	assert.Equal(t, 2, lists, "that of the first look and one for all others")
}

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
