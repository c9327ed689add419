package scimtarget_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/scimfake"
	"github.com/provision-go/provision/provisiontest"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/scimtarget"
)

// TestStorm: whatever fails around the target, nobody gets two accounts, keeps what was
// to be taken, or loses what was not.
func TestStorm(t *testing.T) {
	versions, put, users := scimtarget.RFC(), scimtarget.RFC(), scimtarget.RFC()
	versions.Versions, put.Users, put.Groups.Update, users.Groups.Members = true, scimtarget.Put, scimtarget.Put, scimtarget.OnUsers
	for name, s := range map[string]service{
		"rfc":      {profile: scimtarget.RFC()},
		"versions": {profile: versions, quirks: scimfake.Quirks{Versions: true, PatchReply: http.StatusNoContent}},
		"put":      {profile: put, quirks: scimfake.Quirks{NoPatch: true, NoGroupPatch: true}},
		"users":    {profile: users, quirks: scimfake.Quirks{UserGroups: true, HideMembers: true, CreateReply: "empty"}},
	} {
		t.Run(name, func(t *testing.T) {
			provisiontest.Storm(t, provisiontest.StormConfig{Seeds: 25, Target: func(name string) target.Target {
				fake := &scimfake.Server{Quirks: s.quirks}
				for _, g := range []string{"engineering", "sales", "money"} {
					fake.AddGroup(scimfake.Object{"displayName": g})
				}
				app, err := scimtarget.New(scimtarget.Config{
					Name: name, BaseURL: "https://crm.example/scim/v2", Profile: s.profile, Groups: true, Delete: true, ReadAttempts: 1,
					Transport: transport(func(r *http.Request) (*http.Response, error) {
						if err := r.Context().Err(); err != nil {
							return nil, err
						}
						if r.Body == nil {
							r.Body = http.NoBody
						}
						rec := httptest.NewRecorder()
						fake.ServeHTTP(rec, r)
						return rec.Result(), nil
					}),
					Attributes: []scimtarget.Attribute{
						{Name: "userName"},
						{Name: "displayName"},
						{Name: "title"},
						{Name: "manager"},
						{Name: "handle", Path: "nickName", Unique: true},
					},
				})
				require.NoError(t, err)
				return app
			}})
		})
	}
}
