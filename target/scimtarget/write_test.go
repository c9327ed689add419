package scimtarget_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/scimfake"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/scimtarget"
)

const (
	enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	foreign    = "urn:acme:params:scim:schemas:extension:badges:2.0:User"
)

// ana is a user whom others have written to.
func ana() scimfake.Object {
	return scimfake.Object{
		"schemas":    []string{"urn:ietf:params:scim:schemas:core:2.0:User", enterprise, foreign},
		"externalId": "E1", "userName": "ana", "active": true, "title": "Engineer", "nickName": "An", "password": "kept",
		"name": map[string]any{"givenName": "Ana", "familyName": "Silva", "honorificPrefix": "Dr."},
		"emails": []any{
			map[string]any{"type": "Work", "value": "ana@acme.example", "primary": true, "display": "Ana"},
			map[string]any{"type": "home", "value": "ana@home.example"},
			map[string]any{"value": "untyped@acme.example"},
		},
		enterprise: map[string]any{"department": "R&D", "costCenter": "77", "manager": map[string]any{"value": "m1", "displayName": "Mia"}},
		foreign:    map[string]any{"badge": "b-1"},
		"x-odd":    map[string]any{"a": []any{1.5, nil, "x"}},
	}
}

// without returns a copy that lacks what differs for reasons of its own.
func without(o scimfake.Object, names ...string) scimfake.Object {
	out := maps.Clone(o)
	for _, n := range names {
		delete(out, n)
	}
	return out
}

// TestForeignValuesSurvive: an update touches what it is asked to, whether by PATCH or
// by PUT.
func TestForeignValuesSurvive(t *testing.T) {
	patch, put, arrays := scimtarget.RFC(), scimtarget.RFC(), scimtarget.RFC()
	put.Users, arrays.WholeArrays = scimtarget.Put, true
	for name, s := range map[string]service{
		"patch":        {profile: patch},
		"put":          {profile: put, quirks: scimfake.Quirks{NoPatch: true}},
		"whole arrays": {profile: arrays, quirks: scimfake.Quirks{NoFilterPaths: true}},
	} {
		t.Run(name, func(t *testing.T) {
			app, fake := start(t, s)
			id := fake.AddUser(ana())
			before := fake.User(id)
			a, err := app.Update(t.Context(), target.UpdateRequest{
				Ref: target.Ref{ID: id},
				Set: target.Attrs(map[string]string{
					"title": "Staff Engineer", "emails.work": "ana.silva@acme.example", "phoneNumbers.mobile": "+1 555",
					"name.familyName": "Silva Ng", "manager": "m2",
				}),
				Clear: []string{"department"},
			})
			require.NoError(t, err)
			assert.Equal(t, "ana.silva@acme.example", a.Attributes.Get("emails.work"))
			assert.Equal(t, "m2", a.Attributes.Get("manager"))
			after := fake.User(id)
			assert.Equal(t, []any{
				map[string]any{"type": "Work", "value": "ana.silva@acme.example", "primary": true, "display": "Ana"},
				map[string]any{"type": "home", "value": "ana@home.example"},
				map[string]any{"value": "untyped@acme.example"},
			}, after["emails"])
			assert.Equal(t, []any{map[string]any{"type": "mobile", "value": "+1 555", "primary": true}}, after["phoneNumbers"])
			assert.Equal(t, map[string]any{"givenName": "Ana", "familyName": "Silva Ng", "honorificPrefix": "Dr."}, after["name"])
			assert.Equal(t, map[string]any{"costCenter": "77", "manager": map[string]any{"value": "m2"}}, after[enterprise])
			touched := []string{"emails", "phoneNumbers", "name", "title", enterprise}
			assert.Equal(t, without(before, touched...), without(after, touched...))

			// Disabling is no different.
			_, err = app.Disable(t.Context(), target.StateRequest{Ref: target.Ref{ID: id}})
			require.NoError(t, err)
			assert.Equal(t, without(after, "active"), without(fake.User(id), "active"))
			assert.Equal(t, false, fake.User(id)["active"])
		})
	}
}

// TestRequestsAreMinimal: what is sent is what is asked for.
func TestRequestsAreMinimal(t *testing.T) {
	app, fake := start(t, service{profile: scimtarget.RFC()})
	a, err := app.Create(t.Context(), target.CreateRequest{
		Key: target.Key{Identity: "E1", Slot: "admin"}, State: target.Disabled,
		Attributes: target.Attrs(map[string]string{
			"userName": "ana", "emails.work": "ana@acme.example", "name.givenName": "Ana", "department": "R&D", "manager": "m1",
		}),
	})
	require.NoError(t, err)
	_, err = app.Update(t.Context(), target.UpdateRequest{
		Ref: target.Ref{ID: a.ID}, Set: target.Attrs(map[string]string{"title": "<Engineer>", "name.givenName": "An"}), Clear: []string{"department"},
	})
	require.NoError(t, err)
	_, err = app.Enable(t.Context(), target.StateRequest{Ref: target.Ref{ID: a.ID}})
	require.NoError(t, err)
	var bodies []string
	for _, r := range fake.Requests() {
		bodies = append(bodies, r.Method+" "+kindOf(r.Path)+" "+string(r.Body))
	}
	require.Len(t, bodies, 3)
	assert.JSONEq(t, `{
		"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "`+enterprise+`"],
		"externalId": "E1~admin", "userName": "ana", "active": false, "name": {"givenName": "Ana"},
		"emails": [{"type": "work", "value": "ana@acme.example", "primary": true}],
		"`+enterprise+`": {"department": "R&D", "manager": {"value": "m1"}}
	}`, strings.TrimPrefix(bodies[0], "POST /Users "))
	assert.JSONEq(t, `{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [
		{"op": "replace", "path": "name.givenName", "value": "An"},
		{"op": "replace", "path": "title", "value": "<Engineer>"},
		{"op": "remove", "path": "`+enterprise+`:department"}
	]}`, strings.TrimPrefix(bodies[1], "PATCH /Users/ "))
	assert.JSONEq(t, `{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
		"Operations": [{"op": "replace", "path": "active", "value": true}]}`, strings.TrimPrefix(bodies[2], "PATCH /Users/ "))
}

// TestWhatIsSoIsNotWritten: where the user has to be read, nothing is written that it
// has.
func TestWhatIsSoIsNotWritten(t *testing.T) {
	app, fake := start(t, service{profile: scimtarget.RFC()})
	id := fake.AddUser(ana())
	_, err := app.Update(t.Context(), target.UpdateRequest{
		Ref: target.Ref{ID: id}, Set: target.Attrs(map[string]string{"emails.work": "ana@acme.example", "title": "Engineer"}),
		Clear: []string{"phoneNumbers.mobile"},
	})
	require.NoError(t, err)
	requests := fake.Requests()
	require.Len(t, requests, 1)
	assert.Equal(t, http.MethodGet, requests[0].Method)
}

func TestSeveralElementsOfAType(t *testing.T) {
	app, fake := start(t, service{profile: scimtarget.RFC()})
	user := ana()
	user["emails"] = []any{
		map[string]any{"type": "work", "value": "old@acme.example"},
		map[string]any{"type": "work", "value": "main@acme.example", "primary": true},
	}
	id := fake.AddUser(user)
	set := func(value string) {
		a, err := app.Update(t.Context(), target.UpdateRequest{Ref: target.Ref{ID: id}, Set: target.Attrs(map[string]string{"emails.work": value})})
		require.NoError(t, err)
		assert.Equal(t, value, a.Attributes.Get("emails.work"))
	}
	set("new@acme.example")
	assert.Equal(t, []any{
		map[string]any{"type": "work", "value": "old@acme.example"},
		map[string]any{"type": "work", "value": "new@acme.example", "primary": true},
	}, fake.User(id)["emails"], "the primary one is meant, and the other stays")
	a, err := app.Update(t.Context(), target.UpdateRequest{Ref: target.Ref{ID: id}, Clear: []string{"emails.work"}})
	require.NoError(t, err)
	assert.False(t, a.Attributes.Has("emails.work"), "none is left that would be read")
}

// TestPrimaryAndSets: the other kinds of paths.
func TestPrimaryAndSets(t *testing.T) {
	attributes := []scimtarget.Attribute{
		{Name: "userName"},
		{Name: "mail", Path: `emails[type eq "work" and primary eq true].value`},
		{Name: "roles"},
		{Name: "country", Path: "addresses.work.country"},
		{Name: "badge", Path: foreign + ":badge"},
		{Name: "floor", Path: foreign + ":floor", Type: "integer"},
		{Name: "vip", Path: foreign + ":vip", Type: "boolean"},
		{Name: "since", Path: foreign + ":since", Type: "dateTime"},
		{Name: "tags", Path: foreign + ":tags", Multi: true},
	}
	for _, m := range []scimtarget.Method{scimtarget.Patch, scimtarget.Put} {
		app, fake := start(t, service{
			profile: altered(scimtarget.RFC(), func(p *scimtarget.Profile) { p.Users = m }), attributes: attributes,
		})
		set := target.AttrsOf(map[string][]string{
			"userName": {"ana"}, "mail": {"ana@acme.example"}, "roles": {"admin", "editor"}, "country": {"PT"}, "badge": {"007"},
			"floor": {"-3"}, "vip": {"false"}, "since": {"2026-01-02T03:04:05Z"}, "tags": {"b", "a"},
		})
		a, err := app.Create(t.Context(), target.CreateRequest{Key: target.Key{Identity: "E1"}, State: target.Enabled, Attributes: set})
		require.NoError(t, err)
		assert.Equal(t, set, a.Attributes)
		stored := fake.User(a.ID)
		assert.Equal(t, map[string]any{
			"badge": "007", "floor": -3.0, "vip": false, "since": "2026-01-02T03:04:05Z", "tags": []any{"a", "b"},
		}, stored[foreign])
		assert.Contains(t, stored["schemas"], any(foreign))
		assert.Equal(t, []any{map[string]any{"type": "work", "primary": true, "value": "ana@acme.example"}}, stored["emails"])
		assert.Equal(t, []any{map[string]any{"type": "work", "country": "PT", "primary": true}}, stored["addresses"])

		change := target.AttrsOf(map[string][]string{
			"mail": {"new@acme.example"}, "roles": {"editor", "owner"}, "country": {"BR"}, "floor": {"7"}, "vip": {"true"}, "tags": {"a", "c"},
		})
		a, err = app.Update(t.Context(), target.UpdateRequest{Ref: target.Ref{ID: a.ID}, Set: change, Clear: []string{"badge"}})
		require.NoError(t, err)
		assert.Equal(t, set.Merge(change).Without("badge"), a.Attributes)
		assert.Equal(t, []any{map[string]any{"value": "editor"}, map[string]any{"value": "owner"}}, fake.User(a.ID)["roles"])

		a, err = app.Update(t.Context(), target.UpdateRequest{
			Ref: target.Ref{ID: a.ID}, Clear: []string{"mail", "roles", "country", "floor", "vip", "since", "tags"},
		})
		require.NoError(t, err)
		assert.Equal(t, target.Attrs(map[string]string{"userName": "ana"}), a.Attributes)
		assert.NotContains(t, fake.User(a.ID), "roles")
	}
}

// TestValuesThatWouldNotComeBack are refused before anything is sent.
func TestValuesThatWouldNotComeBack(t *testing.T) {
	app, fake := start(t, service{profile: scimtarget.RFC(), attributes: []scimtarget.Attribute{
		{Name: "userName"},
		{Name: "title"},
		{Name: "floor", Path: foreign + ":floor", Type: "integer"},
		{Name: "vip", Path: foreign + ":vip", Type: "boolean"},
		{Name: "since", Path: foreign + ":since", Type: "dateTime"},
		{Name: "weight", Path: foreign + ":weight", Type: "decimal"},
		{Name: "photo", Path: foreign + ":photo", Type: "binary"},
		{Name: "fixed", Path: foreign + ":fixed", ReadOnly: true},
		{Name: "password"},
	}})
	for name, values := range map[string][]string{
		"title": {"a\x00b", "\xff"}, "floor": {"007", "1.5", "x", "9223372036854775808"}, "vip": {"True", "yes"},
		"since": {"2026-01-02", "2026-01-02T03:04:05+01:00", "2026-01-02T03:04:05.500000Z"}, "weight": {"1.50", "NaN", "1e3", "-0"},
		"photo": {"****", "YWI"}, "fixed": {"x"}, "unheard": {"x"},
	} {
		for _, v := range values {
			set := target.Attrs(map[string]string{"userName": "ana"}).With(name, v)
			_, err := app.Create(t.Context(), target.CreateRequest{Key: target.Key{Identity: "E1"}, State: target.Enabled, Attributes: set})
			assert.Equal(t, target.Permanent, target.ClassOf(err), "%s=%q", name, v)
			assert.Equal(t, name, target.FieldOf(err))
			_, err = app.Update(t.Context(), target.UpdateRequest{Ref: target.Ref{ID: "x"}, Set: set.Without("userName")})
			assert.Equal(t, name, target.FieldOf(err))
		}
	}
	assert.Empty(t, fake.Requests())

	_, err := app.Create(t.Context(), target.CreateRequest{
		Key: target.Key{Identity: "E1"}, State: target.Enabled, Attributes: target.Attrs(map[string]string{"userName": "ana"}),
		Secrets: map[string]target.Secret{"password": target.NewSecret("hunter2")},
	})
	require.NoError(t, err)
	assert.Contains(t, string(fake.Requests()[0].Body), "hunter2")
	_, err = app.Create(t.Context(), target.CreateRequest{
		Key: target.Key{Identity: "E2"}, State: target.Enabled, Attributes: target.Attrs(map[string]string{"userName": "bo"}),
		Secrets: map[string]target.Secret{"title": target.NewSecret("hunter2")},
	})
	assert.Equal(t, "title", target.FieldOf(err))
	assert.NotContains(t, err.Error(), "hunter2")
}
