package scimtarget_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source/scimserver"
	"github.com/provision-go/provision/target/scimtarget"
)

func TestWrongConfigurationsNameTheField(t *testing.T) {
	attribute := func(a scimtarget.Attribute) func(*scimtarget.Config) {
		return func(cfg *scimtarget.Config) { cfg.Attributes = []scimtarget.Attribute{{Name: "userName"}, a} }
	}
	for field, alter := range map[string]func(*scimtarget.Config){
		"Name":                      func(cfg *scimtarget.Config) { cfg.Name = "" },
		"BaseURL":                   func(cfg *scimtarget.Config) { cfg.BaseURL = "" },
		"BaseURL: want":             func(cfg *scimtarget.Config) { cfg.BaseURL = "/scim" },
		"Groups":                    func(cfg *scimtarget.Config) { cfg.Profile, cfg.Groups = scimtarget.GitLab(), true },
		"Delete":                    func(cfg *scimtarget.Config) { cfg.Profile, cfg.Delete = scimtarget.Slack(), true },
		"Profile.Key":               func(cfg *scimtarget.Config) { cfg.Profile.Key = 9 },
		"Profile.Users":             func(cfg *scimtarget.Config) { cfg.Profile.Users = 9 },
		"Profile.Groups.Update":     func(cfg *scimtarget.Config) { cfg.Profile.Groups.Update = 9 },
		"Profile.Groups.Members":    func(cfg *scimtarget.Config) { cfg.Profile.Groups.Members = 9 },
		"Profile.Groups.MaxChanges": func(cfg *scimtarget.Config) { cfg.Profile.Groups.MaxChanges = -1 },
		"Profile.PageSize":          func(cfg *scimtarget.Config) { cfg.Profile.PageSize = -1 },
		"Profile.Rate":              func(cfg *scimtarget.Config) { cfg.Profile.Rate = -1 },
		"Timeout":                   func(cfg *scimtarget.Config) { cfg.Timeout = -1 },
		"ReadAttempts":              func(cfg *scimtarget.Config) { cfg.ReadAttempts = -1 },
		"MaxBody":                   func(cfg *scimtarget.Config) { cfg.MaxBody = -1 },
		"Connections":               func(cfg *scimtarget.Config) { cfg.Connections = -1 },
		"title":                     attribute(scimtarget.Attribute{Name: "title", Path: "no such"}),
		"userName":                  attribute(scimtarget.Attribute{Name: "userName"}),
		"other":                     attribute(scimtarget.Attribute{Name: "other", Path: "username"}),
		"name":                      attribute(scimtarget.Attribute{Name: "name"}),
		"x":                         attribute(scimtarget.Attribute{Name: "x", Path: "active"}),
		"y":                         attribute(scimtarget.Attribute{Name: "y", Path: `emails[type ne "work"].value`}),
		"z":                         attribute(scimtarget.Attribute{Name: "z", Path: `emails[value eq "work"].value`}),
		"badge":                     attribute(scimtarget.Attribute{Name: "badge", Path: "urn:acme:2.0:User:badge", Type: "text"}),
		"custom":                    attribute(scimtarget.Attribute{Name: "custom"}),
		"secret":                    attribute(scimtarget.Attribute{Name: "secret", Path: "password", ReadOnly: true}),
		"Attributes": func(cfg *scimtarget.Config) {
			cfg.Profile.Key, cfg.Attributes = scimtarget.UserName, []scimtarget.Attribute{{Name: "title"}}
		},
	} {
		cfg := scimtarget.Config{Name: "crm", BaseURL: "https://crm.example/scim/v2", Profile: scimtarget.RFC()}
		alter(&cfg)
		_, err := scimtarget.New(cfg)
		assert.ErrorContains(t, err, field)
	}
	for _, p := range scimtarget.Profiles() {
		_, err := scimtarget.New(scimtarget.Config{
			Name: "crm", BaseURL: "https://crm.example/scim/v2", Profile: p, Groups: p.Groups.Supported, Delete: p.Delete,
		})
		require.NoError(t, err, p.Name)
	}
}

// TestAProfileSaysEverything: one that is written down from nothing is not mixed with
// another.
func TestAProfileSaysEverything(t *testing.T) {
	app, err := scimtarget.New(scimtarget.Config{
		Name: "crm", BaseURL: "https://crm.example/scim/v2", Profile: scimtarget.Profile{Key: scimtarget.NoKey},
	})
	require.NoError(t, err)
	c := app.Capabilities()
	assert.False(t, c.Keys || c.Disable || c.CreateDisabled || c.Delete)
}

// TestRate: requests keep the rate of the profile.
func TestRate(t *testing.T) {
	app, fake := start(t, service{profile: altered(scimtarget.RFC(), func(*scimtarget.Profile) {})}, func(cfg *scimtarget.Config) {
		cfg.Profile.Rate, cfg.Profile.Burst = 500, 1
	})
	users, group := crowd(fake, 11)
	begin := time.Now()
	for _, u := range users {
		require.NoError(t, app.Grant(t.Context(), grant(u, group)))
	}
	assert.GreaterOrEqual(t, time.Since(begin), 20*time.Millisecond, "ten waits of 2 ms")
}

// TestConfigurationIsCopied: what the caller alters afterwards alters nothing.
func TestConfigurationIsCopied(t *testing.T) {
	p := scimtarget.RFC()
	app, err := scimtarget.New(scimtarget.Config{Name: "crm", BaseURL: "https://crm.example/scim/v2", Profile: p})
	require.NoError(t, err)
	p.Filters[0] = "title"
	app.Profile().Filters[0] = "title"
	app.Capabilities().Find[0] = "title"
	assert.Equal(t, []string{"userName"}, app.Capabilities().Find)
	assert.Equal(t, scimtarget.RFC().Filters, app.Profile().Filters)
}

// TestSuggest: what a service says about itself takes away, and adds bulk requests alone.
func TestSuggest(t *testing.T) {
	var server *scimserver.Server
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { server.ServeHTTP(w, r) }))
	defer web.Close()
	server, err := scimserver.New(scimserver.Config{
		BaseURL: web.URL + "/scim/v2", Limits: scimserver.Limits{MaxPage: 40, Page: 20},
		Authorize: func(*http.Request) (scimserver.Client, error) { return scimserver.Client{Tenant: "acme"}, nil },
	})
	require.NoError(t, err)
	app, err := scimtarget.New(scimtarget.Config{
		Name: "crm", BaseURL: web.URL + "/scim/v2", Private: true,
		Attributes: append(scimtarget.Standard(), scimtarget.Attribute{Name: "badge", Path: foreign + ":badge"}),
	})
	require.NoError(t, err)
	s, err := app.Suggest(t.Context())
	require.NoError(t, err)
	want := scimtarget.RFC()
	want.PageSize, want.Bulk = 40, 100
	assert.Equal(t, want, s.Profile)
	assert.Len(t, s.Notes, 4, "%q", s.Notes) // bulk, versions, pages, badge

	deaf, fake := start(t, service{profile: scimtarget.RFC()})
	fake.Before = func(*http.Request, []byte) int { return http.StatusNotFound }
	s, err = deaf.Suggest(t.Context())
	require.Error(t, err)
	want.PageSize, want.Bulk = 0, 0
	assert.Equal(t, want, s.Profile)
	assert.Empty(t, s.Notes)
}
