package scimserver_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// The check of shapes finds what it is there for: each row breaks something that is in
// order before.
func TestShapesAreChecked(t *testing.T) {
	c := newClient(t, nil)
	team := c.group("team", c.user("ana"))
	for _, row := range []struct{ path, old, now string }{
		{"/Users/nobody", `"status":"404"`, `"status":404`},
		{"/Users/nobody", `"detail"`, `"trace":"x","detail"`},
		{"/Users/nobody", `"detail"`, `"scimType":"notFound","detail"`},
		{"/Users", `"totalResults":1`, `"totalResults":"1"`},
		{"/Users", `"itemsPerPage":1`, `"itemsPerPage":100`},
		{"/Users", `"startIndex":1`, `"startIndex":1.5`},
		{"/Users", `,"startIndex":1`, `,"startIndex":1,"page":1`},
		{"/Users", `"resourceType":"User"`, `"resourceType":"Users"`},
		{"/Users", `"location":"https://app.example`, `"location":"`},
		{"/Users", `"userName":"ana"`, `"userName":"ana","title":null`},
		{"/Users", `"userName":"ana"`, `"userName":"ana","name":{}`},
		{"/Users", `"userName":"ana"`, `"userName":"ana","password":"x"`},
		{"/Users", `"userName":"ana"`, `"userName":"ana","active":"true"`},
		{"/Users", `core:2.0:User"]`, `core:2.0:User","` + enterpriseURN + `"]`},
		{"/Groups/" + team, `"version":"W/\"1\""`, `"version":"1"`},
		{"/Groups/" + team, `"version":"W/\"1\""`, `"version":"W/\"2\""`},
		{"/Groups/" + team, `"$ref":"https://app.example`, `"$ref":"`},
		{"/ServiceProviderConfig", `"maxResults":200`, `"maxResults":"200"`},
		{"/ServiceProviderConfig", `"primary":true`, `"primary":true,"documentationUri":""`},
		{"/ServiceProviderConfig", `"etag":{"supported":true},`, ``},
		{"/ResourceTypes", `"endpoint":"/Users"`, `"endpoint":"Users"`},
		{"/Schemas", `"uniqueness":"server"`, `"uniqueness":"some"`},
		{"/Schemas", `"caseExact":true,`, ``},
		{"/Schemas", `"multiValued":false`, `"multivalued":false`},
	} {
		r := httptest.NewRequest(http.MethodGet, base+row.path, http.NoBody)
		a := c.must(map[bool]int{true: 404, false: 200}[strings.Contains(row.path, "nobody")], "GET", row.path, "")
		broken := strings.Replace(a.text, row.old, row.now, 1)
		assert.NotEqual(t, a.text, broken, row.old)
		assert.NotEmpty(t, malformed(r, a.status, a.header, broken), "%s: %s", row.path, row.now)
	}
}
