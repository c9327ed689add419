package scimtarget_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/internal/scimfake"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/source/memsource"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/scimtarget"
)

// TestAdoptsWhoIsThere: a user whom somebody else made gets our key, and keeps the
// rest.
func TestAdoptsWhoIsThere(t *testing.T) {
	t.Parallel()
	for _, s := range services() {
		if s.profile.Key != scimtarget.ExternalID || s.quirks.ExactFilter {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			app, fake := start(t, s)
			id := fake.AddUser(scimfake.Object{"userName": "ANA0@acme.example", "active": true, "nickName": "An"})
			staff := memsource.New("people")
			staff.Set(people(1)...)
			engine, err := provision.New(provision.Config{
				Source: staff, Targets: []target.Target{app}, Rules: company(t, app), Clock: func() time.Time { return day(1) },
				Policy:  reconcile.Policy{Adopt: []string{"userName"}, CreateEntitlements: true},
				Journal: &provision.MemoryJournal{},
			})
			require.NoError(t, err)
			report, err := engine.Sync(t.Context())
			require.NoError(t, err)
			require.NoError(t, report.Err())
			assert.Equal(t, 1, fake.Users())
			assert.Equal(t, "E0", fake.User(id)["externalId"])
			assert.Equal(t, "An", fake.User(id)["nickName"])
		})
	}
}

func joiner() target.CreateRequest {
	return target.CreateRequest{
		Key: target.Key{Identity: "E1"}, State: target.Enabled, Attributes: target.Attrs(map[string]string{"userName": "ana"}),
	}
}

// TestKeyThatIsNotKept: without it nobody could tell whose account it is, and each run
// would make another one.
func TestKeyThatIsNotKept(t *testing.T) {
	app, _ := start(t, service{profile: scimtarget.RFC(), quirks: scimfake.Quirks{NoExternalID: true}})
	_, err := app.Create(t.Context(), joiner())
	assert.Equal(t, target.Permanent, target.ClassOf(err))
	assert.ErrorContains(t, err, "externalId")
}

// TestNobodyGetsInEarly: a service that ignores active at the create is told again.
func TestNobodyGetsInEarly(t *testing.T) {
	app, fake := start(t, service{profile: scimtarget.RFC(), quirks: scimfake.Quirks{CreatesEnabled: true}})
	req := joiner()
	req.State = target.Disabled
	a, err := app.Create(t.Context(), req)
	require.NoError(t, err)
	assert.Equal(t, target.Disabled, a.State)
	assert.Equal(t, false, fake.User(a.ID)["active"])

	// One that then fails leaves the doubt to whoever asked.
	fake.Before = func(r *http.Request, _ []byte) int {
		if r.Method == http.MethodPatch {
			return http.StatusServiceUnavailable
		}
		return 0
	}
	req.Key.Identity, req.Attributes = "E2", target.Attrs(map[string]string{"userName": "bo"})
	_, err = app.Create(t.Context(), req)
	assert.Equal(t, target.Unclear, target.ClassOf(err))
}

// TestDisableThatDoesNothing is an error, not a success.
func TestDisableThatDoesNothing(t *testing.T) {
	app, fake := start(t, service{profile: scimtarget.RFC()})
	a, err := app.Create(t.Context(), joiner())
	require.NoError(t, err)
	fake.Before = func(r *http.Request, _ []byte) int {
		if r.Method == http.MethodPatch {
			return http.StatusNoContent
		}
		return 0
	}
	_, err = app.Disable(t.Context(), target.StateRequest{Ref: target.Ref{ID: a.ID}})
	assert.Equal(t, target.Permanent, target.ClassOf(err))
}

// TestRefusedForOtherReasons: a 400 or 409 that no other account explains.
func TestRefusedForOtherReasons(t *testing.T) {
	app, fake := start(t, service{profile: scimtarget.RFC()})
	for status, class := range map[int]target.Class{
		http.StatusBadRequest: target.Permanent, http.StatusForbidden: target.Permanent, http.StatusConflict: target.Exists,
		http.StatusInternalServerError: target.Transient, http.StatusTooManyRequests: target.Throttled,
	} {
		fake.Before = func(r *http.Request, _ []byte) int {
			if r.Method == http.MethodPost {
				return status
			}
			return 0
		}
		_, err := app.Create(t.Context(), joiner())
		assert.Equal(t, class, target.ClassOf(err), "%d: %v", status, err)
		assert.Empty(t, target.FieldOf(err))
	}
	fake.Before = nil
	a, err := app.Create(t.Context(), joiner())
	require.NoError(t, err)
	fake.Before = func(r *http.Request, _ []byte) int {
		if r.Method == http.MethodPatch {
			return http.StatusConflict
		}
		return 0
	}
	_, err = app.Disable(t.Context(), target.StateRequest{Ref: target.Ref{ID: a.ID}})
	assert.Equal(t, target.Conflict, target.ClassOf(err), "somebody else writes at the same moment")
}

// TestUserNameAsKey: the key has to be the user name, and stays it.
func TestUserNameAsKey(t *testing.T) {
	app, _ := start(t, service{profile: altered(scimtarget.RFC(), func(p *scimtarget.Profile) { p.Key = scimtarget.UserName })})
	req := joiner()
	_, err := app.Create(t.Context(), req)
	assert.Equal(t, "userName", target.FieldOf(err))
	req.Key = target.Key{Identity: "ana"}
	a, err := app.Create(t.Context(), req)
	require.NoError(t, err)
	assert.Equal(t, req.Key, a.Key)
	found, err := app.Find(t.Context(), target.Find{Key: req.Key})
	require.NoError(t, err)
	assert.Len(t, found, 1)
	_, err = app.Update(t.Context(), target.UpdateRequest{Ref: target.Ref{ID: a.ID}, Set: target.Attrs(map[string]string{"userName": "bo"})})
	assert.Equal(t, "userName", target.FieldOf(err))
}

// TestProfilesDoNotClaimWhatTheyCannot: a service that removes at "disable" cannot
// disable, and so on.
func TestProfilesDoNotClaimWhatTheyCannot(t *testing.T) {
	org, _ := start(t, service{profile: scimtarget.GitHubOrganization()})
	c := org.Capabilities()
	assert.False(t, c.Disable || c.Enable || c.CreateDisabled, "active false removes the identity")
	assert.Empty(t, c.Entitlements)
	_, err := org.Disable(t.Context(), target.StateRequest{Ref: target.Ref{ID: "x"}})
	require.ErrorIs(t, err, target.ErrUnsupported)

	slack, _ := start(t, service{profile: scimtarget.Slack()})
	assert.False(t, slack.Capabilities().Delete, "DELETE only disables there")

	app, _ := start(t, service{profile: scimtarget.RFC()}, func(cfg *scimtarget.Config) { cfg.Delete = false })
	assert.ErrorIs(t, app.Delete(t.Context(), target.StateRequest{Ref: target.Ref{ID: "x"}}), target.ErrUnsupported, "only by policy")
}
