package scimserver_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source/scimserver"
)

// A hundred writers each add one member to one group, and take another out: nothing of
// that is lost.
func TestConcurrentMembers(t *testing.T) {
	c := newClient(t, nil)
	const writers = 100
	var old, fresh []string
	for n := range writers {
		old = append(old, c.user(fmt.Sprint("old", n)))
		fresh = append(fresh, c.user(fmt.Sprint("new", n)))
	}
	team := c.group("team", old...)
	var wait sync.WaitGroup
	status := make([]int, writers)
	for n := range writers {
		wait.Go(func() {
			status[n] = c.send("PATCH", "/Groups/"+team, patch(
				`{"op":"add","path":"members","value":[{"value":"`+fresh[n]+`"}]},{"op":"remove","path":"members[value eq \"`+old[n]+`\"]"}`)).status
		})
	}
	wait.Wait()
	a := c.must(200, "GET", "/Groups/"+team, "")
	var members []string
	for _, m := range a.body["members"].([]any) {
		members = append(members, m.(map[string]any)["value"].(string))
	}
	assert.ElementsMatch(t, fresh, members)
	for n := range status {
		assert.Equal(t, 200, status[n])
	}
	assert.Equal(t, fmt.Sprintf(`W/"%d"`, writers+1), a.header.Get("ETag"))
}

// Of many who create one user, one succeeds.
func TestConcurrentCreates(t *testing.T) {
	c := newClient(t, nil)
	status := make([]int, 50)
	var wait sync.WaitGroup
	for n := range status {
		wait.Go(func() { status[n] = c.send("POST", "/Users", `{"userName":"ana"}`).status })
	}
	wait.Wait()
	count := map[int]int{}
	for _, s := range status {
		count[s]++
	}
	assert.Equal(t, map[int]int{201: 1, 409: 49}, count)
}

func TestPreconditions(t *testing.T) {
	c := newClient(t, nil)
	created := c.must(201, "POST", "/Users", `{"userName":"ana"}`)
	one, tag := "/Users/"+created.id(), created.header.Get("ETag")
	assert.Equal(t, tag, created.body["meta"].(map[string]any)["version"])
	assert.Equal(t, 304, c.send("GET", one, "", "If-None-Match: "+tag).status)
	assert.Equal(t, 304, c.send("GET", one, "", `If-None-Match: "0", `+strings.TrimPrefix(tag, "W/")).status)
	c.must(200, "PATCH", one, patch(`{"op":"replace","path":"title","value":"x"}`), "If-Match: "+tag)
	isError(t, c.send("PATCH", one, patch(`{"op":"replace","path":"title","value":"y"}`), "If-Match: "+tag), 412, "")
	isError(t, c.send("PUT", one, `{"userName":"ana"}`, "If-Match: "+tag), 412, "")
	isError(t, c.send("DELETE", one, "", "If-Match: "+tag), 412, "")
	now := c.must(200, "GET", one, "", "If-None-Match: "+tag)
	assert.Equal(t, "x", now.str("title"))

	// Joining a group shows on the user.
	c.group("team", created.id())
	joined := c.must(200, "GET", one, "", "If-None-Match: "+now.header.Get("ETag"))
	assert.NotEqual(t, now.header.Get("ETag"), joined.header.Get("ETag"))
	c.must(200, "PUT", one, `{"userName":"ana"}`, "If-Match: "+joined.header.Get("ETag"))
	c.must(204, "DELETE", one, "", "If-Match: *")
}

func TestNothingChanges(t *testing.T) {
	var hints []string
	c := newClient(t, func(cfg *scimserver.Config) {
		cfg.Changed = func(_ context.Context, change scimserver.Change) { hints = append(hints, change.IdentityID) }
	})
	ana := c.must(201, "POST", "/Users", `{"userName":"ana","emails":[{"value":"a","type":"work"}]}`)
	one := "/Users/" + ana.id()
	bo := c.user("bo")
	team := c.group("team", ana.id(), bo)
	hints = nil
	for _, again := range []struct{ method, path, body string }{
		{"PUT", one, ana.text},
		{"PATCH", one, patch(`{"op":"replace","path":"userName","value":"ana"}`)},
		{"PATCH", one, patch(`{"op":"add","path":"emails","value":[{"value":"a","type":"work"}]}`)},
		{"PATCH", one, patch(`{"op":"remove","path":"title"}`)},
		{"PATCH", "/Groups/" + team, patch(`{"op":"add","path":"members","value":[{"value":"` + bo + `"}]}`)},
		{"PATCH", "/Groups/" + team, patch(`{"op":"replace","path":"members","value":[{"value":"` + bo + `"},{"value":"` + ana.id() + `"}]}`)},
		{"PUT", "/Groups/" + team, `{"displayName":"team","members":[{"value":"` + bo + `"},{"value":"` + ana.id() + `"}]}`},
	} {
		before := c.must(200, "GET", again.path, "")
		a := c.must(200, again.method, again.path, again.body)
		assert.Equal(t, before.text, a.text, again.body)
	}
	assert.Empty(t, hints)
}

// Who is looked at again after a push.
func TestChanged(t *testing.T) {
	var hints []string
	c := newClient(t, func(cfg *scimserver.Config) {
		cfg.Changed = func(_ context.Context, change scimserver.Change) {
			assert.Equal(t, "acme", change.Tenant)
			hints = append(hints, change.IdentityID)
		}
	})
	told := func(want ...string) {
		t.Helper()
		assert.ElementsMatch(t, want, hints)
		hints = nil
	}
	ana := c.user("ana")
	told(ana)
	bo := c.user("bo")
	hints = nil
	inner := c.group("inner", ana)
	told(ana)
	outer := c.group("outer", inner, bo)
	told(ana, bo)
	c.must(200, "PATCH", "/Groups/"+outer, patch(`{"op":"replace","path":"displayName","value":"Outer"}`))
	told(ana, bo)
	c.must(200, "PATCH", "/Groups/"+outer, patch(`{"op":"add","path":"externalId","value":"7"}`))
	told()
	c.must(200, "PATCH", "/Groups/"+outer, patch(`{"op":"remove","path":"members[value eq \"`+bo+`\"]"}`))
	told(bo)
	c.must(204, "DELETE", "/Groups/"+inner, "")
	told(ana)
	c.must(204, "DELETE", "/Users/"+bo, "")
	told(bo)
}

func TestNestedGroups(t *testing.T) {
	c := newClient(t, nil)
	ana := c.user("ana")
	inner := c.group("inner", ana)
	outer := c.group("outer", inner)
	// Groups may be in each other.
	c.must(200, "PATCH", "/Groups/"+inner, patch(`{"op":"add","path":"members","value":[{"value":"`+outer+`"}]}`))
	groups := c.must(200, "GET", "/Users/"+ana, "").body["groups"].([]any)
	require.Len(t, groups, 2)
	assert.Equal(t, map[string]any{"value": inner, "display": "inner", "type": "direct", "$ref": "https://app.example/scim/v2/Groups/" + inner}, groups[0])
	assert.Equal(t, map[string]any{"value": outer, "display": "outer", "type": "indirect", "$ref": "https://app.example/scim/v2/Groups/" + outer}, groups[1])
	members := c.must(200, "GET", "/Groups/"+outer, "").body["members"].([]any)
	assert.Equal(t, []any{map[string]any{"value": inner, "type": "Group", "$ref": "https://app.example/scim/v2/Groups/" + inner}}, members)
	isError(t, c.send("PATCH", "/Groups/"+outer, patch(`{"op":"add","path":"members","value":[{"value":"`+outer+`"}]}`)), 400, "invalidValue")
}

func TestBulk(t *testing.T) {
	c := newClient(t, nil)
	ana := c.user("ana")
	bulk := func(fail int, operations ...string) []any {
		t.Helper()
		a := c.must(200, "POST", "/Bulk", fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"failOnErrors":%d,"Operations":[%s]}`, fail, strings.Join(operations, ",")))
		assert.Equal(t, []any{"urn:ietf:params:scim:api:messages:2.0:BulkResponse"}, a.body["schemas"])
		return a.body["Operations"].([]any)
	}
	get := func(one any, name string) string { s, _ := one.(map[string]any)[name].(string); return s }

	list := bulk(0,
		`{"method":"POST","path":"/Groups","bulkId":"g","data":{"displayName":"team","members":[{"value":"bulkId:bo"},{"value":"`+ana+`"}]}}`,
		`{"method":"POST","path":"/Users","bulkId":"bo","data":{"userName":"bo"}}`,
		`{"method":"post","path":"/Users","bulkId":"again","data":{"userName":"ANA"}}`,
		`{"method":"PATCH","path":"/Users/bulkId:bo","data":{"Operations":[{"op":"add","path":"title","value":"x"}]}}`,
		`{"method":"DELETE","path":"/Users/`+ana+`","version":"W/\"9\""}`,
		`{"method":"DELETE","path":"/Users/nobody"}`,
	)
	require.Len(t, list, 6)
	for n, status := range []string{"201", "201", "409", "200", "412", "404"} {
		assert.Equal(t, status, get(list[n], "status"), "%v", list[n])
	}
	assert.Equal(t, "g", get(list[0], "bulkId"))
	team := strings.TrimPrefix(get(list[0], "location"), "https://app.example/scim/v2")
	assert.Len(t, c.must(200, "GET", team, "").body["members"], 2)
	response := list[2].(map[string]any)["response"].(map[string]any)
	assert.Equal(t, "uniqueness", response["scimType"])
	assert.Equal(t, "409", response["status"])

	list = bulk(0,
		`{"method":"POST","path":"/Groups","bulkId":"a","data":{"displayName":"a","members":[{"value":"bulkId:b"}]}}`,
		`{"method":"POST","path":"/Groups","bulkId":"b","data":{"displayName":"b","members":[{"value":"bulkId:a"}]}}`,
		`{"method":"POST","path":"/Groups","bulkId":"c","data":{"displayName":"c","members":[{"value":"bulkId:nothing"}]}}`,
	)
	for _, one := range list {
		assert.Equal(t, "409", get(one, "status"))
	}

	list = bulk(1,
		`{"method":"POST","path":"/Users","bulkId":"1","data":{"userName":"bo"}}`,
		`{"method":"POST","path":"/Users","bulkId":"2","data":{"userName":"cy"}}`,
	)
	require.Len(t, list, 1, "the first failure ends it")
	assert.EqualValues(t, 0, c.must(200, "GET", `/Users?filter=userName eq "cy"`, "").body["totalResults"])

	for _, body := range map[string]string{
		"no operations": `{}`, "no bulkId": `{"Operations":[{"method":"POST","path":"/Users","data":{}}]}`,
		"method": `{"Operations":[{"method":"GET","path":"/Users"}]}`,
	} {
		isError(t, c.send("POST", "/Bulk", body), 400, "invalidSyntax")
	}
}

func TestMe(t *testing.T) {
	var me string
	c := newClient(t, func(cfg *scimserver.Config) {
		inner := cfg.Authorize
		cfg.Authorize = func(r *http.Request) (scimserver.Client, error) {
			client, err := inner(r)
			client.User = me
			return client, err
		}
	})
	me = c.user("ana")
	a := c.must(200, "GET", "/Me", "")
	assert.Equal(t, "https://app.example/scim/v2/Users/"+me, a.header.Get("Location"))
	c.must(200, "PATCH", "/Me", patch(`{"op":"replace","path":"title","value":"x"}`))
}
