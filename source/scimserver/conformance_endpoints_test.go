package scimserver_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Every address and method that is or is not there (RFC 7644, section 3.2). A row is
// one request; what it must be answered is in the section that the row names.
func TestEndpoints(t *testing.T) {
	c := newClient(t, nil)
	ana := c.user("ana")
	for _, row := range []struct {
		section, method, path, body string
		status                      int
		scimType, allow             string
	}{
		{section: "4", method: "GET", path: "/ServiceProviderConfig", status: 200},
		{section: "4", method: "GET", path: "/ServiceProviderConfig/", status: 200},
		{section: "4", method: "GET", path: "/ServiceProviderConfig/x", status: 404},
		{section: "4", method: "GET", path: "/ResourceTypes/User", status: 200},
		{section: "4", method: "GET", path: "/ResourceTypes/Device", status: 404},
		{section: "4", method: "GET", path: "/ResourceTypes/User/", status: 200},
		{section: "4", method: "GET", path: "/Schemas/" + userURN, status: 200},
		{section: "4", method: "GET", path: "/Schemas/" + strings.ToLower(userURN), status: 200},
		{section: "4", method: "GET", path: "/Schemas/" + enterpriseURN, status: 200},
		{section: "4", method: "GET", path: "/Schemas/" + configURN, status: 200},
		{section: "4", method: "GET", path: "/Schemas/urn:nobody", status: 404},
		{section: "4", method: "GET", path: "/Schemas?filter=id pr", status: 403},
		{section: "4", method: "GET", path: `/ResourceTypes?filter=name eq "User"`, status: 403},
		{section: "4", method: "GET", path: `/ServiceProviderConfig?filter=patch pr`, status: 403},
		{section: "4", method: "GET", path: "/Schemas?attributes=id&sortBy=id&startIndex=2", status: 200},
		{section: "4", method: "POST", path: "/ServiceProviderConfig", body: "{}", status: 405, allow: "GET"},
		{section: "4", method: "PUT", path: "/ResourceTypes", body: "{}", status: 405, allow: "GET"},
		{section: "4", method: "PATCH", path: "/Schemas", body: "{}", status: 405, allow: "GET"},
		{section: "4", method: "DELETE", path: "/Schemas/" + userURN, status: 405, allow: "GET"},
		{section: "3.2", method: "GET", path: "/Users/", status: 200},
		{section: "3.2", method: "GET", path: "//Users//" + ana + "/", status: 200},
		{section: "3.2", method: "GET", path: "/v2/Users", status: 404},
		{section: "3.2", method: "GET", path: "/Users/" + ana + "/name", status: 404},
		{section: "3.12", method: "GET", path: "/0e2ad8f0-4a3f-4c53-95d5-7a3b7d0f9a01", status: 404},
		{section: "3.12", method: "GET", path: "/Users/9876543210123456", status: 404},
		{section: "3.12", method: "GET", path: "/Groups/" + ana, status: 404},
		{section: "3.2", method: "PUT", path: "/Users", body: "{}", status: 405, allow: "GET, POST"},
		{section: "3.2", method: "PATCH", path: "/Users", body: "{}", status: 405, allow: "GET, POST"},
		{section: "3.2", method: "DELETE", path: "/Groups", status: 405, allow: "GET, POST"},
		{section: "3.2", method: "POST", path: "/Groups/" + ana, body: "{}", status: 405, allow: "GET, PUT, PATCH, DELETE"},
		{section: "3.2", method: "OPTIONS", path: "/Users", status: 405, allow: "GET, POST"},
		{section: "3.2", method: "TRACE", path: "/Users/" + ana, status: 405, allow: "GET, PUT, PATCH, DELETE"},
		{section: "3.4.3", method: "GET", path: "/Users/.search", status: 405, allow: "POST"},
		{section: "3.4.3", method: "GET", path: "/.search", status: 405, allow: "POST"},
		{section: "3.4.3", method: "POST", path: "/.search", body: `{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]}`, status: 200},
		{section: "3.4.3", method: "POST", path: "/Users/.search", body: `{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"filter":"userName pr"}`, status: 200},
		{section: "3.4.3", method: "POST", path: "/Groups/.search", body: `{"count":"x"}`, status: 400, scimType: "invalidValue"},
		{section: "3.4.3", method: "POST", path: "/Users/.search", body: `{"filter":3}`, status: 400, scimType: "invalidSyntax"},
		{section: "3.7", method: "GET", path: "/Bulk", status: 405, allow: "POST"},
		{section: "3.11", method: "GET", path: "/Me", status: 501},
		{section: "3.3", method: "POST", path: "/Users", status: 400, scimType: "invalidSyntax"},
		{section: "3.3", method: "POST", path: "/Users", body: "[]", status: 400, scimType: "invalidSyntax"},
		{section: "3.3", method: "POST", path: "/Users", body: `"x"`, status: 400, scimType: "invalidSyntax"},
		{section: "3.5.1", method: "PUT", path: "/Users/" + ana, status: 400, scimType: "invalidSyntax"},
		{section: "3.5.2", method: "PATCH", path: "/Users/" + ana, status: 400, scimType: "invalidSyntax"},
		{section: "3.6", method: "DELETE", path: "/Users/nobody", status: 404},
	} {
		t.Run(row.method+" "+row.path, func(t *testing.T) {
			c := *c
			c.t = t
			a := c.send(row.method, row.path, row.body)
			assert.Equal(t, row.status, a.status, "RFC 7644, section %s: %s", row.section, a.text)
			assert.Equal(t, row.allow, a.header.Get("Allow"))
			assert.Equal(t, row.scimType, a.str("scimType"))
		})
	}
}

// HEAD is GET without a body (RFC 9110, section 9.3.2).
func TestHead(t *testing.T) {
	c := newClient(t, nil)
	for _, path := range []string{"/Users", "/Users/" + c.user("ana"), "/ServiceProviderConfig", "/Schemas", "/Users/nobody"} {
		get, head := c.send("GET", path, ""), c.send("HEAD", path, "")
		assert.Equal(t, get.status, head.status, path)
		assert.Empty(t, head.text)
		assert.Equal(t, get.header, head.header, path)
	}
}

// Media types (RFC 7644, sections 3.1 and 8.1).
func TestMediaTypes(t *testing.T) {
	c := newClient(t, nil)
	n := 0
	for header, status := range map[string]int{
		"": 201, "application/scim+json": 201, "application/json": 201, "application/json; charset=utf-8": 201,
		"application/scim+json;charset=UTF-8": 201, "APPLICATION/SCIM+JSON": 201, "application/json; charset=utf-16": 415,
		"text/plain": 415, "application/xml": 415, "application/x-www-form-urlencoded": 415, "multipart/form-data; boundary=x": 415, ";;": 415,
	} {
		n++
		r := httptest.NewRequest(http.MethodPost, base+"/Users", strings.NewReader(fmt.Sprintf(`{"userName":"user%d"}`, n)))
		r.Header.Set("Authorization", "Bearer acme")
		if header != "" {
			r.Header.Set("Content-Type", header)
		}
		assert.Equal(t, status, c.do(r).status, header)
	}
	for _, accept := range []string{"application/scim+json", "application/json", "*/*", "text/html", "application/json;q=0.5"} {
		c.must(200, "GET", "/Users", "", "Accept: "+accept)
	}
}
