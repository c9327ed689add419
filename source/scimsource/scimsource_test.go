package scimsource_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/scimserver"
	"github.com/provision-go/provision/source/scimsource"
	"github.com/provision-go/provision/source/sourcetest"
)

func TestConformance(t *testing.T) {
	for name, c := range map[string]struct {
		alter func(*scimsource.Config)
		want  []string
	}{
		"id":         {func(*scimsource.Config) {}, []string{"1", "2", "3", "4", "5"}},
		"externalId": {func(c *scimsource.Config) { c.ID = scimsource.ByExternalID }, []string{"e1", "e2", "e3", "e4", "e5"}},
		"userName":   {func(c *scimsource.Config) { c.ID = scimsource.ByUserName }, []string{"user1", "user2", "user3", "user4", "user5"}},
		"groups":     {func(c *scimsource.Config) { c.Groups = scimsource.GroupMembers }, []string{"1", "2", "3", "4", "5"}},
	} {
		t.Run(name, func(t *testing.T) {
			spoiled := func(answer string, status int) func(t *testing.T) source.Source {
				return func(t *testing.T) source.Source {
					return open(t, &provider{users: people(), before: func(w http.ResponseWriter, r *http.Request) bool {
						if !r.URL.Query().Has("startIndex") || r.URL.Query().Get("startIndex") == "1" {
							return false
						}
						w.WriteHeader(status)
						_, _ = io.WriteString(w, answer)
						return true
					}}, c.alter)
				}
			}
			sourcetest.Run(t, func(t *testing.T) source.Source { return open(t, &provider{users: people()}, c.alter) }, &sourcetest.Options{
				WantIDs:  c.want,
				Broken:   spoiled("", 500),
				LostPage: spoiled(`{"totalResults":5,"Resources":[{"id":"5","userName":"user5","active":true}]}`, 200),
				BrokenWays: map[string]func(t *testing.T) source.Source{
					"half a body": spoiled(`{"totalResults":5,"Resources":[{"id":"3"`, 200), "no list": spoiled(`{}`, 200),
					"HTML": spoiled(`<html>sign in</html>`, 200), "401": spoiled("", 401), "429": spoiled("", 429),
				},
			})
		})
	}
}

func TestFaults(t *testing.T) {
	for name, alter := range map[string]func(*scimsource.Config){
		"users":      func(*scimsource.Config) {},
		"groups":     func(c *scimsource.Config) { c.Groups = scimsource.GroupMembers },
		"externalId": func(c *scimsource.Config) { c.ID = scimsource.ByExternalID },
	} {
		t.Run(name, func(t *testing.T) {
			sourcetest.Faults(t, sourcetest.FaultOptions{
				Fake: func() http.Handler {
					return &provider{users: people(), groups: []string{`{"id":"g1","displayName":"Team","members":[{"value":"1"}]}`}}
				},
				Source: func(t *testing.T, through http.RoundTripper) source.Source {
					cfg := scimsource.Config{BaseURL: "https://app.example/scim/v2", Transport: through}
					alter(&cfg)
					s, err := scimsource.New(cfg)
					require.NoError(t, err)
					return s
				},
				Columns: []string{"active"},
			})
		})
	}
}

func TestWhatIsRead(t *testing.T) {
	users := []string{
		`{"id":"1","externalId":"e1","userName":"ana","name":{"givenName":"Ana","familyName":"Silva"},"active":"True","title":"Engineer","userType":"Employee",
			"emails":[{"value":"ana@home.example","type":"home"},{"value":"ana@acme.example","primary":true}],"meta":{"lastModified":"2026-03-01T08:00:00Z"},
			"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":701984,"department":"R&D","manager":"2"},
			"urn:acme:scim:2.0:User":{"badge":["b1","b2"]},"groups":[{"value":"g9","display":"Nine"},{"value":"g8"}]}`,
		`{"id":"2","externalId":"e2","userName":"boss","active":true}`,
		`{"id":"3","externalId":"e3","userName":"off","active":false}`,
		`{"id":"4","userName":"new","active":true}`,
		`{"id":"5","externalId":"e5","userName":"odd","active":"perhaps","title":[1,2]}`,
		`{"id":"6","externalId":"e6","userName":"unsaid"}`,
	}
	groups := []string{
		`{"id":"g1","displayName":"Team","members":[{"value":"1","$ref":"../Users/1"},{"value":"1"}]}`,
		`{"id":"g2","displayName":"All","members":[{"value":"g1","type":"Group"},{"value":"3"}]}`,
		`{"id":"g3","members":[{"value":"g2"},{"value":"g3"}]}`, `{"id":"g4","displayName":"Empty"}`,
	}
	alter := func(c *scimsource.Config) {
		c.Extensions = [][]byte{[]byte(`{"id":"urn:acme:scim:2.0:User","name":"Acme","description":"","attributes":[{"name":"badge","type":"string","multiValued":true}]}`)}
		c.Custom = map[string]string{"badge": "urn:acme:scim:2.0:User:badge"}
		c.ID = scimsource.ByExternalID
		c.Inactive = source.Terminated
		c.Groups = scimsource.GroupMembers
	}
	s := open(t, &provider{users: users, groups: groups}, alter)
	snapshot, err := source.Collect(t.Context(), s)
	require.NoError(t, err)
	want := source.Identity{
		ID: "e1", Kind: source.KindDirectoryUser, AlternateIDs: []source.AlternateID{{Type: "scim:id", Value: "1"}},
		Name: source.Name{Given: "Ana", Family: "Silva"}, Username: "ana", WorkEmail: "ana@acme.example", PersonalEmail: "ana@home.example",
		JobTitle: "Engineer", EmploymentTypeRaw: "Employee", EmployeeNumber: "701984", Department: source.Named("R&D"),
		Manager: source.Manager{ID: "e2"}, Status: source.Active, StatusRaw: "active", Custom: map[string][]string{"badge": {"b1", "b2"}},
		UpdatedAt: time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC),
		Groups: []source.Group{
			{ID: "g2", Name: "All", Type: "group"}, {ID: "g1", Name: "Team", Type: "group"}, {ID: "g3", Name: "g3", Type: "group"},
		},
	}
	require.Empty(t, cmp.Diff(want, *snapshot.Find("e1")))
	one, err := source.Read(t.Context(), s, "e1")
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(want, one))
	require.Equal(t, source.Terminated, snapshot.Find("e3").Status)
	require.Len(t, snapshot.Find("e3").Groups, 2)
	for id, message := range map[string]string{"e5": "active is neither true nor false", "e6": "active is missing"} {
		require.Equal(t, source.Unknown, snapshot.Find(id).Status)
		require.Equal(t, message, snapshot.Find(id).Findings[0].Message)
	}
	require.Equal(t, "title", snapshot.Find("e5").Findings[1].Field)
	require.Equal(t, 1, snapshot.Proof().Lost, "the user without an externalId is somebody")
	require.Contains(t, snapshot.Findings()[0].Message, "the user with id 4 has no externalId")

	s = open(t, &provider{users: users, groups: groups}, func(c *scimsource.Config) {
		c.Groups, c.ActiveOptional = scimsource.UserGroups, true
	})
	snapshot, err = source.Collect(t.Context(), s)
	require.NoError(t, err)
	require.Equal(t, []source.Group{{ID: "g9", Name: "Nine", Type: "group"}, {ID: "g8", Name: "g8", Type: "group"}}, snapshot.Find("1").Groups)
	require.Equal(t, []source.AlternateID{{Type: "scim:externalId", Value: "e1"}}, snapshot.Find("1").AlternateIDs)
	require.Equal(t, "2", snapshot.Find("1").Manager.ID)
	require.Equal(t, source.Active, snapshot.Find("6").Status)
	require.Equal(t, source.Unknown, snapshot.Find("5").Status, "a value that is not understood is not an absent one")
	require.Equal(t, source.Suspended, snapshot.Find("3").Status)
}

// One user is deleted and another one created between two pages, so that the total
// stays. Without a second look, the third user would be passed over.
func TestSomebodyMovesMeanwhile(t *testing.T) {
	p := &provider{users: people()}
	p.before = func(_ http.ResponseWriter, _ *http.Request) bool {
		if len(p.asked) == 2 {
			p.users = append(p.users[1:], `{"id":"6","userName":"user6","active":true}`)
		}
		return false
	}
	snapshot, err := source.Collect(t.Context(), open(t, p))
	require.NoError(t, err)
	for _, id := range []string{"2", "3", "4", "5"} {
		require.NotNil(t, snapshot.Find(id), id)
	}
}

func TestFilter(t *testing.T) {
	users := []string{
		`{"id":"1","userName":"a","active":true,"userType":"Employee"}`, `{"id":"2","userName":"b","active":true,"userType":"Bot"}`,
		`{"id":"3","userName":"c","active":true,"userType":{"x":1}}`, `{"id":"4","userName":"d","active":true}`,
	}
	s := open(t, &provider{users: users, filter: "all"}, func(c *scimsource.Config) { c.Filter = `userType eq "employee"` })
	snapshot, err := source.Collect(t.Context(), s)
	require.NoError(t, err)
	require.Equal(t, 1, snapshot.Len())
	require.NotNil(t, snapshot.Find("1"))
	require.Equal(t, 1, snapshot.Proof().Lost)
	_, err = s.Identity(t.Context(), "2")
	require.ErrorIs(t, err, source.ErrNotFound)
	_, err = s.Identity(t.Context(), "3")
	require.ErrorIs(t, err, source.ErrBadContent)
}

// Nobody is believed only after a look at the list.
func TestNobodyIsBelievedLate(t *testing.T) {
	by := func(c *scimsource.Config) { c.ID = scimsource.ByExternalID }
	for _, filter := range []string{"", "refuse", "nobody", "all"} {
		p := &provider{users: append(people(), `{"id":"6","externalId":"twin","active":true}`, `{"id":"7","externalId":"twin","active":true}`), filter: filter}
		s := open(t, p, by)
		i, err := s.Identity(t.Context(), "e4")
		require.NoError(t, err, filter)
		require.Equal(t, "e4", i.ID)
		require.Equal(t, source.Suspended, i.Status)
		require.Equal(t, "e1", i.Manager.ID)
		_, err = s.Identity(t.Context(), `e"9`)
		require.ErrorIs(t, err, source.ErrNotFound)
		_, err = s.Identity(t.Context(), "twin")
		require.ErrorIs(t, err, source.ErrBadContent, filter)
		require.ErrorContains(t, err, "2 users have this externalId")
	}
	// A whole service that is gone is not a person who is.
	s := open(t, http.NotFoundHandler())
	_, err := s.Identity(t.Context(), "1")
	require.Error(t, err)
	require.NotErrorIs(t, err, source.ErrNotFound)
	_, err = open(t, &provider{users: people()}).Identity(t.Context(), "9")
	require.ErrorIs(t, err, source.ErrNotFound)
}

func TestActiveVanishes(t *testing.T) {
	users := []string{`{"id":"1","userName":"a"}`, `{"id":"2","userName":"b"}`}
	_, err := source.Collect(t.Context(), open(t, &provider{users: users}))
	require.ErrorIs(t, err, source.ErrBadContent)
	require.ErrorContains(t, err, "none of 2 users says whether it is active")
	snapshot, err := source.Collect(t.Context(), open(t, &provider{users: users}, func(c *scimsource.Config) { c.ActiveOptional = true }))
	require.NoError(t, err)
	require.Equal(t, source.Active, snapshot.Find("1").Status)
	snapshot, err = source.Collect(t.Context(), open(t, &provider{}))
	require.NoError(t, err)
	require.Equal(t, 0, snapshot.Len())
}

func TestGroupsThatCannotBeRead(t *testing.T) {
	by := func(c *scimsource.Config) { c.Groups = scimsource.GroupMembers }
	p := &provider{users: people(), before: func(w http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/Groups") {
			w.WriteHeader(http.StatusForbidden)
			return true
		}
		return false
	}}
	_, err := source.Collect(t.Context(), open(t, p, by))
	require.ErrorIs(t, err, source.ErrForbidden)
	require.ErrorContains(t, err, "list groups: scim: GET ")
	_, err = source.Collect(t.Context(), open(t, &provider{users: people(), groups: []string{`{"id":"g1","members":[["1"]]}`}}, by))
	require.ErrorIs(t, err, source.ErrBadContent)
	require.ErrorContains(t, err, "the members of group g1 are not a list of references")
}

// A token that expires in the middle of a list is renewed, and the list goes on.
func TestTokenExpiresMeanwhile(t *testing.T) {
	var issued, requests atomic.Int32
	tokens := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, fmt.Sprintf(`{"access_token":"token-%d","expires_in":3600}`, issued.Add(1)))
	}))
	t.Cleanup(tokens.Close)
	p := &provider{users: people(), before: func(w http.ResponseWriter, r *http.Request) bool {
		valid := "Bearer token-1"
		if requests.Add(1) > 2 {
			valid = "Bearer token-2"
		}
		if r.Header.Get("Authorization") != valid {
			w.WriteHeader(http.StatusUnauthorized)
			return true
		}
		return false
	}}
	with := func(c *scimsource.Config) {
		c.Auth = scimsource.ClientCredentials(scimsource.Credentials{
			TokenURL: tokens.URL, ID: "client", Secret: scimsource.NewSecret("hunter2"), Private: true,
		})
	}
	snapshot, err := source.Collect(t.Context(), open(t, p, with))
	require.NoError(t, err)
	require.Equal(t, 5, snapshot.Len())
	require.EqualValues(t, 2, issued.Load())
}

// Our own server is one more service provider.
func TestAgainstOurServer(t *testing.T) {
	server, err := scimserver.New(scimserver.Config{
		BaseURL:   "https://app.example/scim/v2",
		Authorize: func(*http.Request) (scimserver.Client, error) { return scimserver.Client{Tenant: "acme"}, nil },
	})
	require.NoError(t, err)
	post := func(path, body string) string {
		w := httptest.NewRecorder()
		server.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "POST", "/scim/v2"+path, strings.NewReader(body)))
		require.Equal(t, 201, w.Code, w.Body)
		location := w.Header().Get("Location")
		return location[strings.LastIndexByte(location, '/')+1:]
	}
	var ids []string
	for n := range 25 {
		active := `"active":true`
		if n%5 == 0 {
			active = `"active":false`
		}
		ids = append(ids, post("/Users", `{"userName":"user`+string('a'+rune(n))+`","externalId":"e`+string('a'+rune(n))+`",`+active+`}`))
	}
	post("/Groups", `{"displayName":"Team","members":[{"value":"`+ids[3]+`"},{"value":"`+ids[4]+`"}]}`)
	for _, paging := range []scimsource.Paging{scimsource.Auto, scimsource.ByIndex, scimsource.ByCursor} {
		s := open(t, server, func(c *scimsource.Config) { c.Paging, c.PageSize, c.Groups = paging, 7, scimsource.GroupMembers })
		snapshot, err := source.Collect(t.Context(), s)
		require.NoError(t, err)
		require.Equal(t, 25, snapshot.Len())
		require.Equal(t, source.Suspended, snapshot.Find(ids[5]).Status)
		require.Len(t, snapshot.Find(ids[3]).Groups, 1)
		one, err := source.Read(t.Context(), s, ids[3])
		require.NoError(t, err)
		require.Empty(t, cmp.Diff(*snapshot.Find(ids[3]), one))
	}
	s := open(t, server, func(c *scimsource.Config) { c.ID = scimsource.ByExternalID })
	one, err := source.Read(t.Context(), s, "ec")
	require.NoError(t, err)
	require.Equal(t, "userc", one.Username)
}

func TestConfiguration(t *testing.T) {
	for want, alter := range map[string]func(*scimsource.Config){
		"field BaseURL: wanted an address that begins with https://": func(c *scimsource.Config) { c.BaseURL = "" },
		"field BaseURL: wanted https; http needs Private":            func(c *scimsource.Config) { c.BaseURL = "http://app.example" },
		"field Auth: the token is empty":                             func(c *scimsource.Config) { c.Auth = scimsource.Bearer("") },
		"field Auth: oauth: field TokenURL: empty": func(c *scimsource.Config) {
			c.Auth = scimsource.ClientCredentials(scimsource.Credentials{ID: "x"})
		},
		"field Header: Authorization belongs into Auth": func(c *scimsource.Config) { c.Header = http.Header{"authorization": {"Bearer hunter2"}} },
		"ID: 9 is none":              func(c *scimsource.Config) { c.ID = 9 },
		"Groups: 9 is none":          func(c *scimsource.Config) { c.Groups = 9 },
		"field Paging: 9 is none":    func(c *scimsource.Config) { c.Paging = 9 },
		"field PageSize: negative":   func(c *scimsource.Config) { c.PageSize = -1 },
		"Inactive: is Suspended, On": func(c *scimsource.Config) { c.Inactive = source.Active },
		"Filter: ":                   func(c *scimsource.Config) { c.Filter = "nothing eq 1" },
		"Custom[badge]: ":            func(c *scimsource.Config) { c.Custom = map[string]string{"badge": "nothing"} },
		"Extensions[0]: ":            func(c *scimsource.Config) { c.Extensions = [][]byte{[]byte("{}")} },
	} {
		cfg := scimsource.Config{BaseURL: "https://app.example/scim/v2"}
		alter(&cfg)
		_, err := scimsource.New(cfg)
		require.ErrorContains(t, err, want)
		require.NotContains(t, err.Error(), "hunter2")
	}
}

func TestReachesNoPrivateAddress(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("reached") }))
	t.Cleanup(server.Close)
	s, err := scimsource.New(scimsource.Config{BaseURL: server.URL})
	require.NoError(t, err)
	_, err = source.Collect(context.Background(), s)
	require.ErrorContains(t, err, "127.0.0.1 is private")
}
