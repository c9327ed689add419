package scimserver_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source/scimserver"
)

// Creating and replacing (RFC 7643, section 2.2; RFC 7644, sections 3.3 and 3.5.1). The
// rows say what a resource has afterwards; nil is nothing.
func TestCreateConforms(t *testing.T) {
	for _, row := range []struct {
		section, path, body string
		status              int
		scimType            string
		want                map[string]any
	}{
		{section: "7644 3.3", path: "/Users", body: `{"schemas":["` + userURN + `"],"userName":"a"}`, status: 201, want: map[string]any{"userName": "a", "active": nil}},
		{section: "7643 3.1", path: "/Users", body: `{"userName":"a","id":"mine","meta":{"created":"2001-01-01T00:00:00Z","resourceType":"Group"}}`, status: 201, want: map[string]any{"userName": "a"}},
		{section: "7643 4.1.2", path: "/Users", body: `{"userName":"a","groups":[{"value":"x"}]}`, status: 201, want: map[string]any{"groups": nil}},
		{section: "7643 4.1.1", path: "/Users", body: `{"userName":"a","password":"t1meMa$heen"}`, status: 201, want: map[string]any{"password": nil}},
		{
			section: "7643 2.1", path: "/Users", body: `{"USERNAME":"a","Emails":[{"VALUE":"x@y.example","Type":"work"}]}`, status: 201,
			want: map[string]any{"userName": "a", "emails": []any{map[string]any{"value": "x@y.example", "type": "work"}}},
		},
		{
			section: "7643 2.5", path: "/Users", body: `{"userName":"a","name":null,"emails":[],"title":null,"addresses":null,"` + enterpriseURN + `":null}`, status: 201,
			want: map[string]any{"name": nil, "emails": nil, "title": nil, "addresses": nil, enterpriseURN: nil},
		},
		{section: "7643 2.5", path: "/Users", body: `{"userName":"a","name":{"givenName":null},"` + enterpriseURN + `":{}}`, status: 201, want: map[string]any{"name": nil, enterpriseURN: nil}},
		{
			section: "7643 3", path: "/Users", body: `{"schemas":["` + userURN + `"],"userName":"a","` + enterpriseURN + `":{"department":"x"}}`, status: 201,
			want: map[string]any{"schemas": []any{userURN, enterpriseURN}, enterpriseURN: map[string]any{"department": "x"}},
		},
		{section: "7643 3", path: "/Users", body: `{"schemas":["` + userURN + `","` + enterpriseURN + `"],"userName":"a"}`, status: 201, want: map[string]any{"schemas": []any{userURN}}},
		{
			section: "7643 3.3", path: "/Users", body: `{"schemas":["` + userURN + `"],"` + userURN + `":{"userName":"a","emails":[{"value":"b@c.example"}]}}`, status: 201,
			want: map[string]any{"userName": "a", userURN: nil, "emails": []any{map[string]any{"value": "b@c.example"}}},
		},
		{
			section: "7643 4.3", path: "/Users", body: `{"userName":"a","` + enterpriseURN + `":{"manager":{"value":"7","displayName":"readOnly"}}}`, status: 201,
			want: map[string]any{enterpriseURN: map[string]any{"manager": map[string]any{"value": "7"}}},
		},
		{
			section: "7643 2.4", path: "/Users", body: `{"userName":"a","emails":[{"value":"1","primary":true},{"value":"2","primary":true}]}`, status: 201,
			want: map[string]any{"emails": []any{map[string]any{"value": "1", "primary": false}, map[string]any{"value": "2", "primary": true}}},
		},
		{
			section: "7643 4.1.2", path: "/Users", body: `{"userName":"a","phoneNumbers":[{"value":"tel:+1-201-555-0123","type":"pager"},{"value":"5","type":"ours"}]}`, status: 201,
			want: map[string]any{"phoneNumbers": []any{map[string]any{"value": "tel:+1-201-555-0123", "type": "pager"}, map[string]any{"value": "5", "type": "ours"}}},
		},
		{section: "7643 2.3.6", path: "/Users", body: `{"userName":"a","x509Certificates":[{"value":"aGVsbG8="}]}`, status: 201},
		{section: "7643 2.3.6", path: "/Users", body: `{"userName":"a","x509Certificates":[{"value":"no base64!"}]}`, status: 400, scimType: "invalidValue"},
		{section: "7643 2.3.7", path: "/Users", body: `{"userName":"a","profileUrl":"https://a.example/x","photos":[{"value":"https://a.example/p","type":"photo"}]}`, status: 201},
		{section: "7643 4.1.1", path: "/Users", body: `{"displayName":"nobody"}`, status: 400, scimType: "invalidValue"},
		{section: "7643 4.1.1", path: "/Users", body: `{"userName":""}`, status: 400, scimType: "invalidValue"},
		{section: "7643 4.1.1", path: "/Users", body: `{"userName":null}`, status: 400, scimType: "invalidValue"},
		{section: "7644 3.12", path: "/Users", body: `{"userName":"a","emails":"x","name":[]}`, status: 201, want: map[string]any{"emails": []any{map[string]any{"value": "x"}}, "name": nil}},
		{section: "7644 3.12", path: "/Users", body: `{"userName":{"a":1}}`, status: 400, scimType: "invalidValue"},
		{section: "7644 3.12", path: "/Users", body: `{"userName":"a","active":"perhaps"}`, status: 400, scimType: "invalidValue"},
		{section: "7644 3.12", path: "/Users", body: `{"userName":"a","userName":"b"}`, status: 400, scimType: "invalidSyntax"},
		{section: "7644 3.3", path: "/Users", body: `{"userName":"TAKEN"}`, status: 409, scimType: "uniqueness"},
		{section: "7643 4.2", path: "/Groups", body: `{"schemas":["` + groupURN + `"],"displayName":"g","members":[]}`, status: 201, want: map[string]any{"displayName": "g", "members": nil}},
		{section: "7643 4.2", path: "/Groups", body: `{"schemas":["` + groupURN + `"]}`, status: 400, scimType: "invalidValue"},
		{section: "7643 4.2", path: "/Groups", body: `{"displayName":"g","members":[{"value":"nobody"}]}`, status: 400, scimType: "invalidValue"},
	} {
		t.Run(row.section+" "+row.body, func(t *testing.T) {
			c := newClient(t, nil)
			c.user("taken")
			a := c.send("POST", row.path, row.body)
			require.Equal(t, row.status, a.status, a.text)
			assert.Equal(t, row.scimType, a.str("scimType"), a.text)
			if row.status == 201 {
				assert.NotEmpty(t, a.header.Get("Location"))
				assert.NotContains(t, a.header.Get("Location"), "mine")
				meta := a.body["meta"].(map[string]any)
				assert.Equal(t, meta["created"], meta["lastModified"])
				assert.Equal(t, a.text, c.must(200, "GET", row.path+"/"+a.id(), "").text, "what is read is what was answered")
			}
			for name, value := range row.want {
				assert.Equal(t, value, a.body[name], name)
			}
		})
	}
}

func TestReplaceConforms(t *testing.T) {
	const start = `{"userName":"ana","externalId":"E1","title":"CEO","active":true,"name":{"givenName":"Ana"},"emails":[{"value":"a","type":"work"}],"` +
		enterpriseURN + `":{"department":"Sales"}}`
	for _, row := range []struct {
		section, body string
		status        int
		scimType      string
		want          map[string]any
	}{
		{
			section: "3.5.1", body: `{"schemas":["` + userURN + `"],"userName":"ana"}`, status: 200,
			want: map[string]any{"title": nil, "externalId": nil, "name": nil, "emails": nil, enterpriseURN: nil, "schemas": []any{userURN}},
		},
		{section: "3.5.1", body: `{"userName":"bo","id":"other","meta":{"version":"x"},"groups":[]}`, status: 200, want: map[string]any{"userName": "bo"}},
		{section: "3.5.1", body: `{"title":"CTO"}`, status: 400, scimType: "invalidValue"},
		{section: "3.5.1", body: `{"userName":"taken"}`, status: 409, scimType: "uniqueness"},
		{section: "3.5.1", body: `{"userName":"ANA"}`, status: 200, want: map[string]any{"userName": "ANA"}},
		{section: "3.5.1", body: `{"userName":"ana","active":"False"}`, status: 200, want: map[string]any{"active": false}},
		{section: "3.5.1", body: `{`, status: 400, scimType: "invalidSyntax"},
	} {
		t.Run(row.section+" "+row.body, func(t *testing.T) {
			c := newClient(t, nil)
			c.user("taken")
			ana := c.must(201, "POST", "/Users", start)
			one := "/Users/" + ana.id()
			a := c.send("PUT", one, row.body)
			require.Equal(t, row.status, a.status, a.text)
			assert.Equal(t, row.scimType, a.str("scimType"))
			now := c.must(200, "GET", one, "")
			if row.status == 200 {
				assert.Equal(t, ana.id(), a.id())
				assert.Equal(t, a.text, now.text)
				assert.Equal(t, ana.body["meta"].(map[string]any)["created"], a.body["meta"].(map[string]any)["created"])
				assert.NotEqual(t, ana.header.Get("ETag"), a.header.Get("ETag"))
			} else {
				assert.Equal(t, ana.text, now.text)
			}
			for name, value := range row.want {
				assert.Equal(t, value, now.body[name], name)
			}
		})
	}
	c := newClient(t, nil)
	isError(t, c.send("PUT", "/Users/nobody", `{"userName":"x"}`), 404, "")
}

// An immutable attribute keeps its first value (RFC 7643, section 2.2).
func TestImmutable(t *testing.T) {
	const urn = "urn:acme:params:scim:schemas:2.0:User"
	for _, profile := range []scimserver.Profile{scimserver.Lenient, scimserver.RFC} {
		c := newClient(t, func(cfg *scimserver.Config) {
			cfg.Profile = profile
			cfg.Extensions = [][]byte{[]byte(`{"id":"` + urn + `","name":"A","description":"d","attributes":[{"name":"code","type":"string","description":"d","mutability":"immutable"},
				{"name":"count","type":"integer","description":"d"},{"name":"share","type":"decimal","description":"d"},{"name":"since","type":"dateTime","description":"d"}]}`)}
		})
		body := func(code string) string {
			return `{"schemas":["` + userURN + `","` + urn + `"],"userName":"ana","` + urn + `":{` + code + `"count":3,"share":2.5,"since":"2026-01-31T08:00:00+02:00"}}`
		}
		ana := c.must(201, "POST", "/Users", body(""))
		one := "/Users/" + ana.id()
		assert.Equal(t, map[string]any{"count": 3.0, "share": 2.5, "since": "2026-01-31T08:00:00+02:00"}, ana.body[urn])
		c.must(200, "PUT", one, body(`"code":"7",`))
		c.must(200, "PUT", one, body(`"code":"7",`))
		isError(t, c.send("PUT", one, body(`"code":"8",`)), 400, "mutability")
		assert.Equal(t, "7", c.must(200, "PUT", one, body("")).body[urn].(map[string]any)["code"], "it cannot be taken away")
		isError(t, c.send("PATCH", one, patch(`{"op":"replace","path":"`+urn+`:code","value":"8"}`)), 400, "mutability")
		isError(t, c.send("PATCH", one, patch(`{"op":"remove","path":"`+urn+`:code"}`)), 400, "mutability")
	}
}

// What is deleted is gone for clients (RFC 7644, section 3.6).
func TestDeleteConforms(t *testing.T) {
	c := newClient(t, nil)
	ana := c.user("ana")
	team := c.group("team", ana)
	c.must(204, "DELETE", "/Users/"+ana, "")
	for _, method := range []string{"GET", "DELETE"} {
		isError(t, c.send(method, "/Users/"+ana, ""), 404, "")
	}
	isError(t, c.send("PUT", "/Users/"+ana, `{"userName":"ana"}`), 404, "")
	isError(t, c.send("PATCH", "/Users/"+ana, patch(`{"op":"add","path":"title","value":"x"}`)), 404, "")
	assert.EqualValues(t, 0, c.must(200, "GET", "/Users", "").body["totalResults"])
	assert.EqualValues(t, 0, c.must(200, "GET", `/Users?filter=userName eq "ana"`, "").body["totalResults"])
	assert.NotContains(t, c.must(200, "GET", "/Groups/"+team, "").text, ana)
	assert.NotEqual(t, ana, c.user("ana"), "the name is free, the id is not")
	c.must(204, "DELETE", "/Groups/"+team, "")
	isError(t, c.send("GET", "/Groups/"+team, ""), 404, "")
}

// Header fields are made of nothing that a client sends (RFC 9110, section 5.5).
func TestHeaderInjection(t *testing.T) {
	c := newClient(t, nil)
	const evil = "x\r\nInjected: 1\r\n\r\n<script>"
	check := func(a answer) {
		t.Helper()
		assert.Empty(t, a.header.Get("Injected"))
		for name, values := range a.header {
			assert.NotContains(t, strings.Join(values, ""), "Injected", name)
			assert.NotContains(t, strings.Join(values, ""), "\n", name)
		}
	}
	check(c.send("GET", "/Users/"+evil, ""))
	check(c.send("GET", "/Schemas/"+evil, ""))
	check(c.send("GET", "/"+evil, ""))
	check(c.send("GET", "/Users?cursor="+evil, ""))
	check(c.send("GET", `/Users?filter=userName eq "`+evil+`"`, ""))
	check(c.send("GET", "/Users?attributes="+evil, ""))
	a := c.must(201, "POST", "/Users", `{"userName":"x\r\nInjected: 1","externalId":"\r\nInjected: 2","id":"\r\nInjected: 3"}`)
	check(a)
	check(c.send("PUT", "/Users/"+a.id(), `{"userName":"y\r\nInjected: 1"}`))
	check(c.send("PATCH", "/Users/"+a.id(), patch(`{"op":"replace","path":"x\r\nInjected: 1","value":"y"}`)))
	check(c.send("POST", "/Bulk", `{"Operations":[{"method":"DELETE","path":"/Users/x\r\nInjected: 1","version":"W/\"1\r\nInjected: 2\""}]}`))
	check(c.send("GET", "/Users/"+a.id(), "", "If-None-Match: \"x\r\nInjected: 1\""))
}

// Instants are written to the microsecond and mean what the clock said (RFC 7643,
// section 2.3.5).
func TestInstantsConform(t *testing.T) {
	for _, micro := range []int{0, 1, 10, 999, 1000, 100_000, 120_000, 123_456, 999_999} {
		for _, day := range []string{"2026-01-02T03:04:05Z", "1999-12-31T23:59:59+05:30", "2028-02-29T00:00:00-08:00"} {
			now, err := time.Parse(time.RFC3339, day)
			require.NoError(t, err)
			now = now.Add(time.Duration(micro)*time.Microsecond + 789)
			c := newClient(t, func(cfg *scimserver.Config) { cfg.Now = func() time.Time { return now } })
			meta := c.must(201, "POST", "/Users", `{"userName":"ana"}`).body["meta"].(map[string]any)
			assert.Equal(t, now.UTC().Truncate(time.Microsecond).Format(time.RFC3339Nano), meta["created"])
			assert.Equal(t, meta["created"], meta["lastModified"])
		}
	}
}
