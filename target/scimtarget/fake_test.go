package scimtarget_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/scimfake"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/scimtarget"
)

// service is a profile and the fake that it is made for.
type service struct {
	name    string
	profile scimtarget.Profile
	quirks  scimfake.Quirks
	// attributes replace those of the profile.
	attributes []scimtarget.Attribute
}

func altered(p scimtarget.Profile, alter func(*scimtarget.Profile)) scimtarget.Profile {
	alter(&p)
	p.Rate = 0 // no test waits for a limit
	return p
}

func same(p scimtarget.Profile) scimtarget.Profile {
	return altered(p, func(*scimtarget.Profile) {})
}

func bulky(most int) scimtarget.Profile {
	return altered(scimtarget.RFC(), func(p *scimtarget.Profile) { p.Bulk = most })
}

// services are the profiles with fakes that deviate as the services do, and the
// deviations of servers that have no profile.
func services() []service {
	exact := scimtarget.Standard()
	exact[0].CaseExact = true
	return []service{
		{name: "rfc", profile: scimtarget.RFC()},
		{name: "rfc, no bodies", profile: scimtarget.RFC(), quirks: scimfake.Quirks{PatchReply: http.StatusNoContent, CreateReply: "empty"}},
		{name: "rfc, nothing shown", profile: scimtarget.RFC(), quirks: scimfake.Quirks{CreateReply: "nowhere"}},
		{name: "rfc, an id shown", profile: scimtarget.RFC(), quirks: scimfake.Quirks{CreateReply: "slim"}},
		{
			name: "rfc, versions", profile: altered(scimtarget.RFC(), func(p *scimtarget.Profile) { p.Versions = true }),
			quirks: scimfake.Quirks{Versions: true},
		},
		{
			name: "rfc, versions, no bodies", profile: altered(scimtarget.RFC(), func(p *scimtarget.Profile) { p.Versions = true }),
			quirks: scimfake.Quirks{Versions: true, PatchReply: http.StatusNoContent},
		},
		{name: "rfc, strict paths", profile: scimtarget.RFC(), quirks: scimfake.Quirks{NoReplaceMissing: true, NoRemoveMissing: true}},
		{name: "rfc, bulk", profile: bulky(50), quirks: scimfake.Quirks{Bulk: 50}},
		{name: "rfc, bulk, shown", profile: bulky(50), quirks: scimfake.Quirks{Bulk: 3, BulkReply: "shown"}},
		{name: "rfc, bulk, none", profile: bulky(50)},
		{
			name: "put only", profile: altered(scimtarget.RFC(), func(p *scimtarget.Profile) {
				p.Users, p.Groups.Update = scimtarget.Put, scimtarget.Put
			}),
			quirks: scimfake.Quirks{NoPatch: true, NoGroupPatch: true},
		},
		{
			name: "put only, versions", profile: altered(scimtarget.RFC(), func(p *scimtarget.Profile) {
				p.Users, p.Groups.Update, p.Versions = scimtarget.Put, scimtarget.Put, true
			}),
			quirks: scimfake.Quirks{NoPatch: true, NoGroupPatch: true, Versions: true},
		},
		{
			name:    "groups on users",
			profile: altered(scimtarget.RFC(), func(p *scimtarget.Profile) { p.Groups.Members = scimtarget.OnUsers }),
			quirks:  scimfake.Quirks{UserGroups: true, HideMembers: true},
		},
		{
			name:    "group ids on users",
			profile: altered(scimtarget.RFC(), func(p *scimtarget.Profile) { p.Groups.Members = scimtarget.OnUsers }),
			quirks:  scimfake.Quirks{UserGroups: true, UserGroupIDs: true},
		},
		{
			name: "no key", profile: altered(scimtarget.RFC(), func(p *scimtarget.Profile) { p.Key = scimtarget.NoKey }),
			quirks: scimfake.Quirks{NoExternalID: true},
		},
		{
			name: "imulab", profile: scimtarget.RFC(),
			quirks: scimfake.Quirks{Patch500: true, ContentType: "text/plain; charset=utf-8", Shuffled: true},
		},
		{
			name:    "pyscim",
			profile: altered(scimtarget.RFC(), func(p *scimtarget.Profile) { p.Groups.LooseMembers = true }),
			quirks: scimfake.Quirks{
				PatchReply: http.StatusNoContent, AnyMember: true, DuplicateMembers: true, WipeByValue: true, PageSums: true,
			},
		},
		{
			name:       "scimmy",
			profile:    altered(scimtarget.RFC(), func(p *scimtarget.Profile) { p.Groups.LooseMembers = true }),
			quirks:     scimfake.Quirks{ExactFilter: true, AnyMember: true, DuplicateMembers: true},
			attributes: exact,
		},
		{name: "members replaced", profile: scimtarget.RFC(), quirks: scimfake.Quirks{AddReplaces: true}},
		{name: "members replaced, bulk", profile: bulky(50), quirks: scimfake.Quirks{AddReplaces: true, Bulk: 50}},
		{name: "elimity", profile: scimtarget.RFC(), quirks: scimfake.Quirks{RawEscapes: true}},
		{
			name: "sgateway", profile: scimtarget.RFC(),
			quirks: scimfake.Quirks{Filters: []string{"userName"}, UnknownFilter: "everything"},
		},
		{name: "pranems", profile: scimtarget.RFC(), quirks: scimfake.Quirks{Duplicate: http.StatusBadRequest, NoScimType: true}},
		{name: "entra-style", profile: scimtarget.EntraStyle(), quirks: scimfake.Quirks{RemoveByValue: true, StringActive: true}},
		{
			name: "aws-identity-center", profile: scimtarget.AWSIdentityCenter(), quirks: scimfake.Quirks{
				Cursor: true, MaxPage: 100, HideMembers: true, OneElement: true, MaxChanges: 100, MemberMissing404: true,
				Filters: []string{"userName", "externalId", "groups", "displayName", "members", "id"},
			},
		},
		{
			name: "github-enterprise", profile: scimtarget.GitHubEnterprise(), quirks: scimfake.Quirks{
				UserAgent: true, Filters: []string{"userName", "externalId", "displayName"},
			},
		},
		{
			name: "github-organization", profile: scimtarget.GitHubOrganization(), quirks: scimfake.Quirks{
				UserAgent: true, NoFilterPaths: true, InactiveDeletes: true, NoGroups: true,
				Filters: []string{"id", "userName", "emails", "externalId"},
			},
		},
		{
			name: "gitlab", profile: scimtarget.GitLab(), quirks: scimfake.Quirks{
				IDIsExternalID: true, FlatNames: true, PatchReply: http.StatusNoContent, FixedExternalID: true, NoGroups: true,
				Filters: []string{"id"},
			},
		},
		{name: "slack", profile: same(scimtarget.Slack()), quirks: scimfake.Quirks{DeleteDisables: true}},
		{name: "atlassian", profile: scimtarget.Atlassian(), quirks: scimfake.Quirks{Filters: []string{"userName", "externalId", "displayName"}}},
		{name: "google-cloud-identity", profile: scimtarget.GoogleCloudIdentity(), quirks: scimfake.Quirks{Unpaged: true}},
		{name: "databricks", profile: scimtarget.Databricks()},
		{name: "snowflake", profile: scimtarget.Snowflake(), quirks: scimfake.Quirks{OneElement: true}},
		{name: "miro", profile: same(scimtarget.Miro()), quirks: scimfake.Quirks{MaxBody: 1000}},
		{
			name: "keycloak", profile: scimtarget.Keycloak(),
			quirks: scimfake.Quirks{Filters: []string{"userName"}, UnknownFilter: "nothing", MaxPage: 100},
		},
		{name: "okta", profile: scimtarget.Okta(), quirks: scimfake.Quirks{Token: "s3cret"}},
	}
}

// start runs a fake and returns a target for it.
func start(t testing.TB, s service, alter ...func(*scimtarget.Config)) (*scimtarget.Target, *scimfake.Server) {
	t.Helper()
	fake := &scimfake.Server{Quirks: s.quirks}
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	cfg := scimtarget.Config{
		Name: "crm", BaseURL: server.URL + "/scim/v2", Private: true, Profile: s.profile, Attributes: s.attributes,
		Groups: s.profile.Groups.Supported, Delete: s.profile.Delete, Auth: scimtarget.Bearer("s3cret"), ReadAttempts: 1,
	}
	for _, f := range alter {
		f(&cfg)
	}
	app, err := scimtarget.New(cfg)
	require.NoError(t, err)
	t.Cleanup(app.Close)
	return app, fake
}

// person is the n-th account, with a value for every attribute that the target has.
func person(app target.Target, n int) target.CreateRequest {
	values := map[string]string{}
	for _, a := range app.Capabilities().Attributes {
		switch {
		case a.Ref, a.Multi, a.ReadOnly:
		case a.Name == "userName", a.Name == "emails.work":
			values[a.Name] = fmt.Sprintf("Person%d@acme.example", n)
		default:
			values[a.Name] = fmt.Sprintf("%s “%d”", a.Name, n)
		}
	}
	return target.CreateRequest{
		Key:   target.Key{Identity: fmt.Sprintf("E%d", n), Slot: []string{"", "admin"}[n%2]},
		State: target.Enabled, Attributes: target.Attrs(values),
	}
}
