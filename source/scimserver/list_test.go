package scimserver_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source/scimserver"
)

func userNames(a answer) []string {
	names := []string{}
	for _, r := range a.resources() {
		o, _ := r.(map[string]any)
		name, _ := o["userName"].(string)
		if name == "" {
			name, _ = o["displayName"].(string)
		}
		names = append(names, name)
	}
	return names
}

func TestPagesByIndex(t *testing.T) {
	c := newClient(t, func(cfg *scimserver.Config) { cfg.Limits = scimserver.Limits{Page: 3, MaxPage: 4} })
	for n := range 10 {
		c.must(201, "POST", "/Users", fmt.Sprintf(`{"userName":"u%d","title":"t"}`, n))
	}
	for _, filter := range []string{"", "&filter=title pr"} {
		for _, test := range []struct {
			query string
			names []string
			start int
		}{
			{"", []string{"u0", "u1", "u2"}, 1},
			{"startIndex=4", []string{"u3", "u4", "u5"}, 4},
			{"startIndex=9&count=4", []string{"u8", "u9"}, 9},
			{"startIndex=11", []string{}, 11},
			{"startIndex=-5&count=2", []string{"u0", "u1"}, 1},
			{"count=100", []string{"u0", "u1", "u2", "u3"}, 1},
			{"count=0", []string{}, 1},
			{"count=-1", []string{}, 1},
		} {
			a := c.must(200, "GET", "/Users?"+test.query+filter, "")
			assert.Equal(t, test.names, userNames(a), test.query)
			assert.EqualValues(t, 10, a.body["totalResults"])
			assert.EqualValues(t, len(test.names), a.body["itemsPerPage"])
			assert.EqualValues(t, test.start, a.body["startIndex"])
			assert.NotContains(t, a.body, "nextCursor")
		}
	}
}

// Whoever goes on with a cursor sees everybody once who is there all the time, even if
// others come and go.
func TestPagesByCursor(t *testing.T) {
	for name, query := range map[string]string{"all": "", "looked at": "&filter=userName sw \"u\""} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, nil)
			ids := map[string]string{}
			for n := range 10 {
				name := fmt.Sprint("u", n)
				ids[name] = c.user(name)
			}
			var seen []string
			cursor := ""
			for page := 0; ; page++ {
				a := c.must(200, "GET", "/Users?count=3&cursor="+cursor+query, "")
				assert.NotContains(t, a.body, "startIndex")
				seen = append(seen, userNames(a)...)
				cursor = a.str("nextCursor")
				if page == 0 {
					c.must(204, "DELETE", "/Users/"+ids["u1"], "")
					c.user("u-new")
				}
				if cursor == "" {
					break
				}
			}
			assert.Equal(t, []string{"u0", "u1", "u2", "u3", "u4", "u5", "u6", "u7", "u8", "u9", "u-new"}, seen)
		})
	}
	c := newClient(t, nil)
	for n := range 5 {
		c.user(fmt.Sprint("u", n))
	}
	cursor := c.must(200, "GET", "/Users?count=2&cursor", "").str("nextCursor")
	require.NotEmpty(t, cursor)
	isError(t, c.send("GET", "/Users?filter=userName pr&cursor="+cursor, ""), 400, "invalidCursor")
}

func TestSorted(t *testing.T) {
	c := newClient(t, nil)
	for _, body := range []string{
		`{"userName":"c","title":"Beta"}`, `{"userName":"a","title":"alpha"}`, `{"userName":"b"}`, `{"userName":"d","title":"alpha"}`,
	} {
		c.must(201, "POST", "/Users", body)
	}
	assert.Equal(t, []string{"a", "d", "c", "b"}, userNames(c.must(200, "GET", "/Users?sortBy=title", "")))
	assert.Equal(t, []string{"d", "c", "b", "a"}, userNames(c.must(200, "GET", "/Users?sortBy=userName&sortOrder=descending", "")))
	assert.Equal(t, []string{"d", "c"}, userNames(c.must(200, "GET", "/Users?sortBy=title&startIndex=2&count=2", "")))
	first := c.must(200, "GET", "/Users?sortBy=userName&count=3&cursor", "")
	assert.Equal(t, []string{"a", "b", "c"}, userNames(first))
	assert.Equal(t, []string{"d"}, userNames(c.must(200, "GET", "/Users?sortBy=userName&count=3&cursor="+first.str("nextCursor"), "")))
}

func TestFilters(t *testing.T) {
	c := newClient(t, nil)
	ana := c.must(201, "POST", "/Users", `{"userName":"ana","externalId":"E1","emails":[{"value":"a@acme.example","type":"work"},{"value":"ana@home.example","type":"home"}],
		"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Sales"}}`).id()
	c.must(201, "POST", "/Users", `{"userName":"bo","externalId":"e1","active":false}`)
	team := c.group("Team", ana)
	for filter, names := range map[string][]string{
		`userName eq "ANA"`:                                {"ana"},
		`externalId eq "E1"`:                               {"ana"},
		`externalId eq "e1"`:                               {"bo"},
		`id eq "` + ana + `"`:                              {"ana"},
		`emails eq "A@acme.example"`:                       {"ana"},
		`emails.value eq "a@acme.example"`:                 {"ana"},
		`emails[type eq "work" and value co "home"]`:       {},
		`emails.type eq "work" and emails.value co "home"`: {"ana"},
		`emails[type eq "work"].value eq "a@acme.example"`: {"ana"},
		`urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "sales"`: {"ana"},
		`urn:ietf:params:scim:schemas:core:2.0:User:userName eq "bo"`:                      {"bo"},
		`not (userName eq "ana") and active eq false`:                                      {"bo"},
		`userName eq "ana" or userName eq "bo"`:                                            {"ana", "bo"},
		`userName eq "ana" and externalId eq "e1"`:                                         {},
		`groups.value eq "` + team + `"`:                                                   {"ana"},
		`groups pr`:                                                                        {"ana"},
		`meta.lastModified gt "2020-01-01T00:00:00Z"`:                                      {"ana", "bo"},
		`USERNAME EQ "bo"`:                                                                 {"bo"},
	} {
		a := c.must(200, "GET", "/Users?filter="+filter, "")
		assert.Equal(t, names, userNames(a), filter)
		assert.EqualValues(t, len(names), a.body["totalResults"], filter)
	}
	for filter, names := range map[string][]string{
		`displayName eq "team"`: {"Team"}, `members.value eq "` + ana + `"`: {"Team"}, `members eq "` + ana + `"`: {"Team"},
		`id eq "` + team + `" and members eq "` + ana + `"`: {"Team"}, `members eq "x"`: {}, `displayName co "ea"`: {"Team"},
	} {
		assert.Equal(t, names, userNames(c.must(200, "GET", "/Groups?filter="+filter, "")), filter)
	}
	assert.Equal(t, []string{"ana", "bo", "Team"}, userNames(c.must(200, "GET", "/", "")))
	assert.Equal(t, []string{"Team"}, userNames(c.must(200, "GET", `/?filter=displayName eq "team"`, "")))
	assert.Equal(t, []string{"ana"}, userNames(c.must(200, "POST", "/Users/.search", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"filter":"userName eq \"ana\"","attributes":["userName"],"startIndex":1,"count":10}`)))
	assert.Equal(t, []string{"ana"}, userNames(c.must(200, "POST", "/.search", `{"filter":"userName eq \"ana\""}`)))
}

func TestProjection(t *testing.T) {
	c := newClient(t, nil)
	ana := c.must(201, "POST", "/Users", `{"userName":"ana","name":{"givenName":"Ana","familyName":"Silva"},"emails":[{"value":"a@acme.example","type":"work"}],"password":"p4ss"}`)
	assert.NotContains(t, ana.text, "p4ss")
	team := c.group("Team", ana.id())
	keys := func(a answer) []string {
		var names []string
		for name := range a.body {
			names = append(names, name)
		}
		return names
	}
	one := "/Users/" + ana.id()
	assert.ElementsMatch(t, []string{"schemas", "id", "userName", "name", "emails", "groups", "meta"}, keys(c.must(200, "GET", one, "")))
	a := c.must(200, "GET", one+"?attributes=USERNAME,name.familyName", "")
	assert.ElementsMatch(t, []string{"schemas", "id", "userName", "name"}, keys(a))
	assert.Equal(t, map[string]any{"familyName": "Silva"}, a.body["name"])
	assert.ElementsMatch(t, []string{"schemas", "id", "userName", "emails", "meta"}, keys(c.must(200, "GET", one+"?excludedAttributes=name,groups,id", "")))
	assert.ElementsMatch(t, []string{"schemas", "id"}, keys(c.must(200, "GET", one+"?attributes=nothing", "")))
	assert.ElementsMatch(t, []string{"schemas", "id", "groups"}, keys(c.must(200, "GET", one+"?attributes=groups", "")))
	assert.NotContains(t, c.must(200, "GET", "/Groups/"+team+"?excludedAttributes=members", "").text, ana.id())
	a = c.must(200, "PATCH", one+"?attributes=title", patch(`{"op":"add","path":"title","value":"CEO"}`))
	assert.ElementsMatch(t, []string{"schemas", "id", "title"}, keys(a))
	assert.NotContains(t, c.must(200, "GET", "/Users", "").text, "p4ss")
}
