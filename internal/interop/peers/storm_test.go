//go:build !race

package peers_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/provisiontest"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/scimtarget"
)

// TestStorm: faults at every call, lost answers, crashes, and yet nobody has two accounts
// or what is not theirs.
func TestStorm(t *testing.T) {
	t.Parallel()
	for name, v := range variants() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			provisiontest.Storm(t, provisiontest.StormConfig{Seeds: 10, Target: func(name string) target.Target {
				users, groups := stores(v.alter)
				for _, g := range []string{"engineering", "sales", "money"} {
					_, err := groups.Create(nil, map[string]any{"displayName": g})
					require.NoError(t, err)
				}
				service := elimity(t, users, groups)
				app, err := scimtarget.New(scimtarget.Config{
					Name: name, BaseURL: "https://crm.example/scim/v2", Profile: v.profile, Groups: true, Delete: true, ReadAttempts: 1,
					Transport: transport(func(r *http.Request) (*http.Response, error) {
						if err := r.Context().Err(); err != nil {
							return nil, err
						}
						if r.Body == nil {
							r.Body = http.NoBody
						}
						rec := httptest.NewRecorder()
						service.ServeHTTP(rec, r)
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

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
