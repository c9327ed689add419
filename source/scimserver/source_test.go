package scimserver_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/scimserver"
	"github.com/provision-go/provision/source/sourcetest"
)

const badge = `{"id":"urn:acme:scim:2.0:User","name":"Acme","description":"","attributes":[
	{"name":"badge","type":"string","multiValued":true,"description":"","required":false,"caseExact":false,"mutability":"readWrite","returned":"default","uniqueness":"none"}]}`

func serve(t *testing.T, change func(*scimserver.Config)) (*client, *scimserver.Server) {
	c := newClient(t, change)
	return c, c.server.(*scimserver.Server)
}

func TestSource(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	c, server := serve(t, func(cfg *scimserver.Config) {
		cfg.Now = func() time.Time { return now }
		cfg.Extensions = [][]byte{[]byte(badge)}
		cfg.Custom = map[string]string{"badge": "urn:acme:scim:2.0:User:badge", "phone": "phoneNumbers"}
	})
	boss := c.user("boss")
	ana := c.must(201, "POST", "/Users", `{"userName":"ana","externalId":"00u1","displayName":"Ana Silva","title":"Engineer","nickName":"Ani","userType":"Employee","timezone":"Europe/Berlin",
		"name":{"givenName":"Ana","familyName":"Silva","formatted":"Ana Silva"},
		"emails":[{"value":"ana@home.example","type":"home"},{"value":"ana@acme.example","type":"work","primary":true}],
		"addresses":[{"type":"home","locality":"Secret"},{"type":"work","locality":"Berlin","region":"BE","country":"DE"}],
		"phoneNumbers":[{"value":"+49 1"}],
		"urn:acme:scim:2.0:User":{"badge":["b1","b2"]},
		"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":"7","department":"R&D","division":"Div","costCenter":"CC","organization":"Acme GmbH","manager":{"value":"`+boss+`"}}}`).id()
	team := c.group("Team", ana)
	off := c.must(201, "POST", "/Users", `{"userName":"off","active":false,"emails":[{"value":"off@acme.example"}]}`).id()
	gone := c.user("gone")
	now = now.Add(time.Hour)
	c.must(204, "DELETE", "/Users/"+gone, "")

	s := server.Source("acme")
	snapshot, err := source.Collect(t.Context(), s)
	require.NoError(t, err)
	require.Empty(t, cmp.Diff([]source.Finding(nil), snapshot.Findings()))
	want := source.Identity{
		ID: ana, Kind: source.KindDirectoryUser, AlternateIDs: []source.AlternateID{{Type: "scim:externalId", Value: "00u1"}},
		Name:        source.Name{Formatted: "Ana Silva", Given: "Ana", Family: "Silva", Preferred: "Ani"},
		DisplayName: "Ana Silva", Username: "ana", WorkEmail: "ana@acme.example", PersonalEmail: "ana@home.example",
		JobTitle: "Engineer", EmploymentTypeRaw: "Employee", EmployeeNumber: "7",
		Department: source.Named("R&D"), Division: source.Named("Div"), CostCenter: source.Named("CC"), LegalEntity: source.Named("Acme GmbH"),
		Location: source.Location{City: "Berlin", Region: "BE", Country: "DE", TimeZone: "Europe/Berlin"},
		Manager:  source.Manager{ID: boss}, Groups: []source.Group{{ID: team, Name: "Team", Type: "group"}},
		Status: source.Active, StatusRaw: "active", Custom: map[string][]string{"badge": {"b1", "b2"}, "phone": {"+49 1"}},
		UpdatedAt: now.Add(-time.Hour),
	}
	got := *snapshot.Find(ana)
	got.Location.Zone = nil
	assert.Empty(t, cmp.Diff(want, got))
	assert.Equal(t, source.Suspended, snapshot.Find(off).Status)
	assert.Equal(t, "off@acme.example", snapshot.Find(off).WorkEmail)
	assert.NotNil(t, snapshot.Find(off).Groups, "who is in no group is known to be in none")
	deleted := snapshot.Find(gone)
	assert.Equal(t, source.Deleted, deleted.Status)
	assert.True(t, deleted.TerminatedAt.Equal(now))

	for _, id := range []string{ana, off, gone, boss} {
		one, err := s.Identity(t.Context(), id)
		require.NoError(t, err)
		clean := source.Clean(one)
		assert.Empty(t, cmp.Diff(*snapshot.Find(id), clean, cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })))
	}
	_, err = s.Identity(t.Context(), "nobody")
	require.ErrorIs(t, err, source.ErrNotFound)
	_, err = server.Source("globex").Identity(t.Context(), ana)
	require.ErrorIs(t, err, source.ErrNotFound)

	n, err := server.Purge(t.Context(), "acme", now.Add(time.Second))
	require.NoError(t, err)
	assert.Equal(t, 1, n)
	_, err = s.Identity(t.Context(), gone)
	require.ErrorIs(t, err, source.ErrNotFound)
}

// unread is a store whose second page of a list fails.
type unread struct{ scimserver.Store }

func (u unread) List(ctx context.Context, tenant string, q scimserver.Query) (scimserver.Page, error) {
	if q.After > 0 {
		return scimserver.Page{}, errors.New("connection reset")
	}
	return u.Store.List(ctx, tenant, q)
}

func TestConformance(t *testing.T) {
	const users = 501 // more than a page
	store := scimserver.NewMemory()
	c, server := serve(t, func(cfg *scimserver.Config) { cfg.Store = store })
	ids := make([]string, users)
	for n := range ids {
		ids[n] = c.user(fmt.Sprint("u", n))
	}
	_, broken := serve(t, func(cfg *scimserver.Config) { cfg.Store = unread{store} })
	sourcetest.Run(t, func(*testing.T) source.Source { return server.Source("acme") }, &sourcetest.Options{
		WantIDs: ids, Broken: func(*testing.T) source.Source { return broken.Source("acme") },
	})
}

// Many users come page by page, each once.
func TestSourcePages(t *testing.T) {
	c, server := serve(t, nil)
	const users = 1203
	for n := range users {
		c.user(fmt.Sprint("u", n))
	}
	snapshot, err := source.Collect(t.Context(), server.Source("acme"))
	require.NoError(t, err)
	assert.Equal(t, users, snapshot.Len())
}

// By externalId, somebody who is deleted and created again is the same person.
func TestByExternalID(t *testing.T) {
	c, server := serve(t, func(cfg *scimserver.Config) {
		cfg.IdentityID = scimserver.ByExternalID
		cfg.Inactive = source.Terminated
	})
	s := server.Source("acme")
	isError(t, c.send("POST", "/Users", `{"userName":"ana"}`), 400, "invalidValue")
	first := c.must(201, "POST", "/Users", `{"userName":"ana","externalId":"E1"}`).id()
	isError(t, c.send("POST", "/Users", `{"userName":"other","externalId":"E1"}`), 409, "uniqueness")
	bo := c.must(201, "POST", "/Users", `{"userName":"bo","externalId":"E2","active":false,"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":"`+first+`"}}`).id()
	status := func(id string) source.Status {
		t.Helper()
		snapshot, err := source.Collect(t.Context(), s)
		require.NoError(t, err)
		require.Equal(t, 2, snapshot.Len())
		one, err := s.Identity(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, snapshot.Find(id).Status, one.Status)
		return one.Status
	}
	assert.Equal(t, source.Active, status("E1"))
	assert.Equal(t, source.Terminated, status("E2"))
	one, err := s.Identity(t.Context(), "E2")
	require.NoError(t, err)
	assert.Equal(t, "E1", one.Manager.ID)
	assert.Equal(t, []source.AlternateID{{Type: "scim:id", Value: bo}}, one.AlternateIDs)

	c.must(204, "DELETE", "/Users/"+first, "")
	assert.Equal(t, source.Deleted, status("E1"))
	again := c.must(201, "POST", "/Users", `{"userName":"ana","externalId":"E1"}`).id()
	assert.NotEqual(t, first, again)
	assert.Equal(t, source.Active, status("E1"))
	c.must(204, "DELETE", "/Users/"+again, "")
	assert.Equal(t, source.Deleted, status("E1"))
}

func TestConfig(t *testing.T) {
	_, err := scimserver.New(scimserver.Config{
		BaseURL: "ftp://x", Profile: 99, PatchReply: 201, IdentityID: 9, Inactive: source.Retired,
		Limits: scimserver.Limits{Page: -1, Body: -1}, Extensions: [][]byte{[]byte("{")}, Custom: map[string]string{"x": "nothing"},
	})
	require.Error(t, err)
	for _, field := range []string{"BaseURL", "Authorize", "Profile", "PatchReply", "IdentityID", "Inactive", "Limits.Page", "Limits.Body", "Extensions[0]"} {
		assert.Contains(t, err.Error(), field)
	}
	cfg := config(t)
	cfg.Custom = map[string]string{"x": "nothing", "y": "name"}
	_, err = scimserver.New(cfg)
	require.ErrorContains(t, err, "Custom[x]")
	require.ErrorContains(t, err, "Custom[y]")
}
