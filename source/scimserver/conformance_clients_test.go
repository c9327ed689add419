package scimserver_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source/scimserver"
)

// What identity providers send that is not quite SCIM, in the default profile, and what
// becomes of it. Where each comes from is said in package scim, type Rules.
func TestLenientInput(t *testing.T) {
	const email = `[{"value":"w@a.example","type":"work"}]`
	for _, row := range []struct {
		name, body string // POST to /Users
		operations string // then PATCH
		want       map[string]any
	}{
		{name: "no schemas", body: `{"userName":"a"}`, want: map[string]any{"schemas": []any{userURN}}},
		{name: "schemas is null", body: `{"schemas":null,"userName":"a"}`, want: map[string]any{"schemas": []any{userURN}}},
		{name: "schemas is a text", body: `{"schemas":"` + userURN + `","userName":"a"}`, want: map[string]any{"schemas": []any{userURN}}},
		{
			name: "unknown schema", body: `{"schemas":["` + userURN + `","http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group","urn:x:y"],"userName":"a","urn:x:y":{"z":1}}`,
			want: map[string]any{"schemas": []any{userURN}, "urn:x:y": nil},
		},
		{name: "unknown attribute", body: `{"userName":"a","favourite":"blue","name":{"givenName":"A","nick":"x"}}`, want: map[string]any{"favourite": nil, "name": map[string]any{"givenName": "A"}}},
		{name: "boolean as text", body: `{"userName":"a","active":"True"}`, want: map[string]any{"active": true}},
		{name: "primary as text", body: `{"userName":"a","emails":[{"value":"v","primary":"true"}]}`, want: map[string]any{"emails": []any{map[string]any{"value": "v", "primary": true}}}},
		{
			name: "nulls", body: `{"userName":"a","active":null,"name":{"givenName":null,"familyName":null},"title":"","emails":null,"phoneNumbers":null,"addresses":[null],"manager":null}`,
			want: map[string]any{"active": nil, "name": nil, "emails": nil, "phoneNumbers": nil, "addresses": nil},
		},
		{
			name: "one instead of several", body: `{"userName":"a","emails":{"value":"v"},"roles":"admin"}`,
			want: map[string]any{"emails": []any{map[string]any{"value": "v"}}, "roles": []any{map[string]any{"value": "admin"}}},
		},
		{name: "several instead of one", body: `{"userName":["a"]}`, want: map[string]any{"userName": "a"}},
		{
			name: "number as text", body: `{"userName":"a","externalId":12345,"` + enterpriseURN + `":{"employeeNumber":701984}}`,
			want: map[string]any{"externalId": "12345", enterpriseURN: map[string]any{"employeeNumber": "701984"}},
		},
		{name: "manager as text", body: `{"userName":"a","` + enterpriseURN + `":{"manager":"m1"}}`, want: map[string]any{enterpriseURN: map[string]any{"manager": map[string]any{"value": "m1"}}}},
		{name: "manager as empty text", body: `{"userName":"a","` + enterpriseURN + `":{"manager":""}}`, want: map[string]any{enterpriseURN: nil}},
		{
			name: "dotted names in a body", body: `{"userName":"a","name.givenName":"A","` + enterpriseURN + `:department":"d"}`,
			want: map[string]any{"name": map[string]any{"givenName": "A"}, enterpriseURN: map[string]any{"department": "d"}},
		},
		{
			name: "dotted names without a path", body: `{"userName":"a"}`,
			operations: `{"op":"replace","value":{"displayName":"v","name.givenName":"g","name.familyName":"f","` + enterpriseURN + `:employeeNumber":"7","emails[type eq \"work\"].value":"w"}}`,
			want: map[string]any{
				"displayName": "v", "name": map[string]any{"givenName": "g", "familyName": "f"}, enterpriseURN: map[string]any{"employeeNumber": "7"},
				"emails": []any{map[string]any{"value": "w", "type": "work"}},
			},
		},
		{
			name: "the URN of the core as a prefix", body: `{"userName":"a"}`, operations: `{"op":"Add","value":{"` + userURN + `:title":"x","` + userURN + `":{"nickName":"n"}}}`,
			want: map[string]any{"title": "x", "nickName": "n"},
		},
		{
			name: "capital operations", body: `{"userName":"a"}`, operations: `{"op":"Replace","path":"active","value":"False"},{"op":"ADD","path":"Title","value":"x"}`,
			want: map[string]any{"active": false, "title": "x"},
		},
		{
			name: "value of one in an array", body: `{"userName":"a"}`, operations: `{"op":"replace","path":"active","value":[false]},{"op":"replace","path":"title","value":["x"]}`,
			want: map[string]any{"active": false, "title": "x"},
		},
		{
			name: "capital sub-attribute", body: `{"userName":"a","emails":` + email + `}`, operations: `{"op":"Replace","path":"emails[type eq \"work\"].Value","value":"n"}`,
			want: map[string]any{"emails": []any{map[string]any{"value": "n", "type": "work"}}},
		},
		{
			name: "brackets that match nothing", body: `{"userName":"a","emails":` + email + `}`,
			operations: `{"op":"Add","path":"phoneNumbers[type eq \"mobile\"].value","value":"1"},{"op":"Replace","path":"emails[type eq \"other\"].value","value":"o"},{"op":"remove","path":"ims[type eq \"x\"]"}`,
			want: map[string]any{
				"phoneNumbers": []any{map[string]any{"type": "mobile", "value": "1"}},
				"emails":       []any{map[string]any{"value": "w@a.example", "type": "work"}, map[string]any{"value": "o", "type": "other"}},
			},
		},
		{
			name: "quoted boolean in brackets", body: `{"userName":"a","roles":[{"value":"r","primary":true}]}`, operations: `{"op":"Replace","path":"roles[primary eq \"True\"].value","value":"n"}`,
			want: map[string]any{"roles": []any{map[string]any{"value": "n", "primary": true}}},
		},
		{
			name: "manager by path", body: `{"userName":"a"}`, operations: `{"op":"Add","path":"` + enterpriseURN + `:manager","value":"m"}`,
			want: map[string]any{enterpriseURN: map[string]any{"manager": map[string]any{"value": "m"}}},
		},
		{
			name: "manager by object", body: `{"userName":"a"}`, operations: `{"op":"replace","path":"` + enterpriseURN + `:manager","value":{"$ref":null,"value":"m"}}`,
			want: map[string]any{enterpriseURN: map[string]any{"manager": map[string]any{"value": "m"}}},
		},
		{
			name: "manager taken away", body: `{"userName":"a","` + enterpriseURN + `":{"manager":{"value":"m"}}}`, operations: `{"op":"replace","path":"` + enterpriseURN + `:manager","value":""}`,
			want: map[string]any{enterpriseURN: nil},
		},
		{
			name: "null takes away", body: `{"userName":"a","name":{"givenName":"A"},"emails":` + email + `}`, operations: `{"op":"replace","value":{"name":null,"emails":null}}`,
			want: map[string]any{"name": nil, "emails": nil},
		},
		{
			name: "readOnly among the rest", body: `{"userName":"a"}`, operations: `{"op":"replace","value":{"title":"x","groups":[],"meta":{"version":"7"},"schemas":["` + userURN + `"]}}`,
			want: map[string]any{"title": "x", "groups": nil},
		},
		{
			name: "unknown path", body: `{"userName":"a"}`, operations: `{"op":"replace","path":"favourite","value":"x"},{"op":"replace","path":"` + enterpriseURN + `:shoe","value":"9"},{"op":"add","path":"title","value":"x"}`,
			want: map[string]any{"title": "x", "favourite": nil, enterpriseURN: nil},
		},
		{name: "empty path", body: `{"userName":"a"}`, operations: `{"op":"replace","path":"","value":{"title":"x"}}`, want: map[string]any{"title": "x"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			for _, profile := range []scimserver.Profile{scimserver.ProfileDefault, scimserver.Entra, scimserver.Okta} {
				c := newClient(t, func(cfg *scimserver.Config) { cfg.Profile = profile })
				a := c.must(201, "POST", "/Users", row.body)
				if row.operations != "" {
					a = c.must(200, "PATCH", "/Users/"+a.id(), patch(row.operations))
				}
				for name, value := range row.want {
					assert.Equal(t, value, a.body[name], name)
				}
			}
		})
	}
	c := newClient(t, nil)
	id := c.user("a")
	c.must(200, "PATCH", "/Users/"+id, `{"Operations":[{"op":"replace","path":"title","value":"x"}]}`)
	c.must(200, "PATCH", "/Users/"+id, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":{"op":"replace","path":"title","value":"y"}}`)
	c.must(200, "PATCH", "/Users/"+id, `{"operations":[{"OP":"replace","PATH":"title","Value":"z"}]}`)
	assert.Equal(t, "z", c.must(200, "GET", "/Users/"+id, "").str("title"))
}

// A test that an identity provider runs before it trusts a service: Okta's
// specification test, by what it asks for.
func TestOktaSpecification(t *testing.T) {
	c := newClient(t, nil)
	c.must(201, "POST", "/Users", `{"schemas":["`+userURN+`"],"userName":"first@acme.example","name":{"givenName":"F","familyName":"L"},"emails":[{"primary":true,"value":"first@acme.example","type":"work"}],"active":true}`)
	list := c.must(200, "GET", "/Users?count=1&startIndex=1", "")
	require.Len(t, list.resources(), 1)
	first := list.resources()[0].(map[string]any)
	assert.Equal(t, true, first["active"])
	assert.NotEmpty(t, first["emails"].([]any)[0].(map[string]any)["value"])
	c.must(200, "GET", "/Users/"+first["id"].(string), "")
	none := c.must(200, "GET", `/Users?filter=userName eq "nobody@acme.example"`, "")
	assert.EqualValues(t, 0, none.body["totalResults"])
	isError(t, c.send("GET", "/Users/010101001010101011001010101011", ""), 404, "")
	const body = `{"schemas":["` + userURN + `"],"userName":"Runscope300@acme.example","name":{"givenName":"R","familyName":"S"},
		"emails":[{"primary":true,"value":"runscope300@acme.example","type":"work"}],"displayName":"R S","active":true,"locale":"en-US","externalId":"00u1","groups":[],"password":"1mz050nq"}`
	made := c.must(201, "POST", "/Users", body)
	assert.Equal(t, "User", made.body["meta"].(map[string]any)["resourceType"])
	assert.Equal(t, "Runscope300@acme.example", made.str("userName"))
	isError(t, c.send("POST", "/Users", body), 409, "uniqueness")
	assert.Equal(t, []string{"Runscope300@acme.example"}, userNames(c.must(200, "GET", `/Users?filter=userName eq "runscope300@ACME.example"&startIndex=1&count=100`, "")))
	merged := made.text[:len(made.text)-1] + `,"title":"x"}` // Okta sends back what it has read
	put := c.must(200, "PUT", "/Users/"+made.id(), merged)
	assert.Equal(t, "x", put.str("title"))
	assert.Equal(t, false, c.must(200, "PATCH", "/Users/"+made.id(), patch(`{"op":"replace","value":{"active":false}}`)).body["active"])
	assert.Equal(t, false, c.must(200, "GET", "/Users/"+made.id(), "").body["active"])
	c.must(200, "GET", "/Groups?count=100&startIndex=1", "")
	team := c.group("Team")
	c.must(200, "PATCH", "/Groups/"+team, patch(`{"op":"replace","value":{"id":"`+team+`","displayName":"Renamed"}}`))
	isError(t, c.send("PATCH", "/Groups/"+team, patch(`{"op":"replace","value":{"id":"other","displayName":"x"}}`)), 400, "mutability")
	c.must(204, "DELETE", "/Groups/"+team, "")
}
