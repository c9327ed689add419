package scimserver_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Filters by operator and type (RFC 7644, section 3.4.2.2). Names are those of the
// users that match; a scimType instead means 400.
func TestFiltersConform(t *testing.T) {
	c := newClient(t, nil)
	ana := c.must(201, "POST", "/Users", `{"userName":"Ana","externalId":"E1","active":true,"title":"CEO","profileUrl":"https://a.example/Ana",
		"name":{"givenName":"Ana","familyName":"Silva"},"emails":[{"value":"ana@acme.example","type":"work","primary":true},{"value":"a@home.example","type":"home"}],
		"x509Certificates":[{"value":"aGVsbG8="}],"`+enterpriseURN+`":{"department":"Sales","manager":{"value":"m1"}}}`)
	c.must(201, "POST", "/Users", `{"userName":"bo","externalId":"e1","active":false,"title":"",
		"emails":[{"value":"bo@acme.example","type":"home"}],"`+enterpriseURN+`":{"department":"Ops"}}`)
	c.must(201, "POST", "/Users", `{"userName":"cy"}`)
	created := ana.body["meta"].(map[string]any)["created"].(string)
	all, none := []string{"Ana", "bo", "cy"}, []string{}
	for _, row := range []struct {
		filter   string
		names    []string
		scimType string
	}{
		{filter: `userName eq "ana"`, names: []string{"Ana"}},
		{filter: `userName ne "ana"`, names: []string{"bo", "cy"}},
		{filter: `userName co "N"`, names: []string{"Ana"}},
		{filter: `userName sw "A"`, names: []string{"Ana"}},
		{filter: `userName ew "O"`, names: []string{"bo"}},
		{filter: `userName gt "ana"`, names: []string{"bo", "cy"}},
		{filter: `userName ge "ana"`, names: all},
		{filter: `userName lt "BO"`, names: []string{"Ana"}},
		{filter: `userName le "BO"`, names: []string{"Ana", "bo"}},
		{filter: `userName pr`, names: all},
		{filter: `externalId eq "E1"`, names: []string{"Ana"}},
		{filter: `externalId co "e"`, names: []string{"bo"}},
		{filter: `externalId ne "E1"`, names: []string{"bo", "cy"}},
		{filter: `title pr`, names: []string{"Ana"}},
		{filter: `title eq null`, names: []string{"bo", "cy"}},
		{filter: `title ne null`, names: []string{"Ana"}},
		{filter: `not (title pr)`, names: []string{"bo", "cy"}},
		{filter: `title gt "A"`, names: []string{"Ana"}},
		{filter: `active eq true`, names: []string{"Ana"}},
		{filter: `active eq false`, names: []string{"bo"}},
		{filter: `active ne true`, names: []string{"bo", "cy"}},
		{filter: `active eq "True"`, names: []string{"Ana"}},
		{filter: `active gt true`, scimType: "invalidFilter"},
		{filter: `active co "t"`, scimType: "invalidFilter"},
		{filter: `name.familyName eq "SILVA"`, names: []string{"Ana"}},
		{filter: `name pr`, names: []string{"Ana"}},
		{filter: `name eq "Ana"`, scimType: "invalidFilter"},
		{filter: `emails pr`, names: []string{"Ana", "bo"}},
		{filter: `emails eq "BO@acme.example"`, names: []string{"bo"}},
		{filter: `emails co "home.example"`, names: []string{"Ana"}},
		{filter: `emails.value sw "ana@"`, names: []string{"Ana"}},
		{filter: `emails.type eq "home"`, names: []string{"Ana", "bo"}},
		{filter: `emails[type eq "home" and value ew "acme.example"]`, names: []string{"bo"}},
		{filter: `emails.type eq "home" and emails.value ew "acme.example"`, names: []string{"Ana", "bo"}},
		{filter: `emails[primary eq true]`, names: []string{"Ana"}},
		{filter: `emails[type eq "work"].value eq "ana@acme.example"`, names: []string{"Ana"}},
		{filter: `emails[not (type eq "work")]`, names: []string{"Ana", "bo"}},
		{filter: `emails[type eq "other"]`, names: none},
		{filter: enterpriseURN + `:department eq "sales"`, names: []string{"Ana"}},
		{filter: enterpriseURN + `:manager.value eq "m1"`, names: []string{"Ana"}},
		{filter: enterpriseURN + `:department pr`, names: []string{"Ana", "bo"}},
		{filter: userURN + `:userName eq "bo"`, names: []string{"bo"}},
		{filter: userURN + `:name.givenName eq "ana"`, names: []string{"Ana"}},
		{filter: `schemas eq "` + enterpriseURN + `"`, names: []string{"Ana", "bo"}},
		{filter: `profileUrl eq "https://a.example/Ana"`, names: []string{"Ana"}},
		{filter: `profileUrl eq "https://a.example/ana"`, names: none},
		{filter: `x509Certificates.value eq "aGVsbG8="`, names: []string{"Ana"}},
		{filter: `id eq "` + ana.id() + `"`, names: []string{"Ana"}},
		{filter: `id ne "` + ana.id() + `"`, names: []string{"bo", "cy"}},
		{filter: `meta.created ge "` + created + `"`, names: all},
		{filter: `meta.created lt "` + created + `"`, names: none},
		{filter: `meta.lastModified gt "2011-05-13T04:42:34Z"`, names: all},
		{filter: `meta.lastModified gt "2011-05-13T06:42:34+02:00" and meta.lastModified lt "2999-01-01T00:00:00Z"`, names: all},
		{filter: `meta.lastModified gt "2011-05-13T06:42:34%2B02:00"`, names: all},
		{filter: `meta.lastModified gt "yesterday"`, scimType: "invalidFilter"},
		{filter: `meta.lastModified co "2026"`, scimType: "invalidFilter"},
		{filter: `meta.resourceType eq "User"`, names: all},
		{filter: `meta.resourceType eq "Group"`, names: none},
		{filter: `userName eq "ana" or userName eq "bo" and active eq true`, names: []string{"Ana"}},
		{filter: `(userName eq "ana" or userName eq "bo") and active eq false`, names: []string{"bo"}},
		{filter: `not (userName eq "ana" or userName eq "bo")`, names: []string{"cy"}},
		{filter: `not(userName eq "ana")`, names: []string{"bo", "cy"}},
		{filter: `USERNAME EQ "ana" OR userName Eq "cy"`, names: []string{"Ana", "cy"}},
		{filter: `title pr and userName pr`, names: []string{"Ana"}},
		{filter: ` userName  eq  "ana" `, names: []string{"Ana"}},
		{filter: `userName eq "\u0061na"`, names: []string{"Ana"}},
		{filter: `userName eq "a\"b"`, names: none},
		{filter: `userName eq "ana;x"`, names: none},
		{filter: `not (userName eq "ana;x")`, names: all},
		// Without quotes, as WSO2's suite and Microsoft's documentation have it.
		{filter: `userName eq ana`, names: []string{"Ana"}},
		{filter: `userName EQ ana and emails.type eq work`, names: []string{"Ana"}},
		{filter: `userName ne ana`, names: []string{"bo", "cy"}},
		{filter: enterpriseURN + `:department sw Sa`, names: []string{"Ana"}},
		{filter: enterpriseURN + `:employeeNumber ne 12345`, names: all},
		{filter: `externalId eq E1`, names: []string{"Ana"}},
		{filter: `emails.value eq bo@acme.example`, names: []string{"bo"}},
		{filter: `userName pr ana`, scimType: "invalidFilter"},
		{filter: `userName ssw ana`, scimType: "invalidFilter"},
		{filter: `userName eq`, scimType: "invalidFilter"},
		{filter: `userName`, scimType: "invalidFilter"},
		{filter: `eq "a"`, scimType: "invalidFilter"},
		{filter: `userName foo "a"`, scimType: "invalidFilter"},
		{filter: `userName eq "a`, scimType: "invalidFilter"},
		{filter: `(userName eq "a"`, scimType: "invalidFilter"},
		{filter: `userName eq "a")`, scimType: "invalidFilter"},
		{filter: `emails[type eq "work"`, scimType: "invalidFilter"},
		{filter: `userName eq "a" and`, scimType: "invalidFilter"},
		{filter: `userName eq "a" userName eq "b"`, scimType: "invalidFilter"},
		{filter: `not userName eq "a"`, scimType: "invalidFilter"},
		{filter: `urn:nobody:userName eq "a"`, scimType: "invalidFilter"},
		{filter: `password eq "a"`, scimType: "invalidFilter"},
	} {
		a := c.send("GET", "/Users?filter="+row.filter, "")
		if row.scimType != "" {
			isError(t, a, 400, row.scimType)
			isError(t, c.send("POST", "/Users/.search", fmt.Sprintf(`{"filter":%q}`, row.filter)), 400, row.scimType)
			continue
		}
		if assert.Equal(t, 200, a.status, "%s: %s", row.filter, a.text) {
			assert.Equal(t, row.names, userNames(a), row.filter)
			assert.EqualValues(t, len(row.names), a.body["totalResults"], row.filter)
		}
	}
}

// Pages (RFC 7644, section 3.4.2.4).
func TestPagesConform(t *testing.T) {
	c := newClient(t, nil)
	for n := range 7 {
		c.user(fmt.Sprint("u", n))
	}
	for _, row := range []struct {
		query        string
		names        []string
		start, total int
	}{
		{"", []string{"u0", "u1", "u2", "u3", "u4", "u5", "u6"}, 1, 7},
		{"count=3", []string{"u0", "u1", "u2"}, 1, 7},
		{"startIndex=6&count=3", []string{"u5", "u6"}, 6, 7},
		{"startIndex=7", []string{"u6"}, 7, 7},
		{"startIndex=8", []string{}, 8, 7},
		{"startIndex=20&count=5", []string{}, 20, 7},
		{"startIndex=9007199254740991&count=5", []string{}, 9007199254740991, 7},
		{"startIndex=0&count=1", []string{"u0"}, 1, 7},
		{"startIndex=-5&count=1", []string{"u0"}, 1, 7},
		{"count=0", []string{}, 1, 7},
		{"count=-1", []string{}, 1, 7},
		{"count=2147483647", []string{"u0", "u1", "u2", "u3", "u4", "u5", "u6"}, 1, 7},
		{`count=0&filter=userName sw "u"`, []string{}, 1, 7},
		{`startIndex=3&count=2&filter=userName sw "u"`, []string{"u2", "u3"}, 3, 7},
		{`startIndex=2&count=2&filter=userName eq "u1"`, []string{}, 2, 1},
		{"startIndex=2&count=2&sortBy=userName&sortOrder=descending", []string{"u5", "u4"}, 2, 7},
		{"startIndex=&count=", []string{"u0", "u1", "u2", "u3", "u4", "u5", "u6"}, 1, 7},
	} {
		a := c.must(200, "GET", "/Users?"+row.query, "")
		assert.Equal(t, row.names, userNames(a), row.query)
		assert.EqualValues(t, row.total, a.body["totalResults"], row.query)
		assert.EqualValues(t, row.start, a.body["startIndex"], row.query)
	}
	for _, query := range []string{`filter=userName eq "%zz"`, "count=3&filter=%", "attributes=%zz", "sortBy=%E"} {
		isError(t, c.send("GET", "/Users?"+query, ""), 400, "invalidSyntax")
	}
	for _, query := range []string{"count=x", "startIndex=1.5", "count=1e3", "startIndex=99999999999999999999"} {
		isError(t, c.send("GET", "/Users?"+query, ""), 400, "invalidValue")
	}
}

// Order (RFC 7644, section 3.4.2.3): what has no value comes last, and first if the
// order is descending.
func TestOrderConforms(t *testing.T) {
	c := newClient(t, nil)
	c.must(201, "POST", "/Users", `{"userName":"b","title":"x","active":true,"name":{"familyName":"Z"},"emails":[{"value":"1"},{"value":"9","primary":true}]}`)
	c.must(201, "POST", "/Users", `{"userName":"C","title":"X","active":false,"name":{"familyName":"y"},"emails":[{"value":"5"}]}`)
	c.must(201, "POST", "/Users", `{"userName":"a"}`)
	for query, names := range map[string][]string{
		"sortBy=userName":                                   {"a", "b", "C"},
		"sortBy=USERNAME&sortOrder=Ascending":               {"a", "b", "C"},
		"sortBy=userName&sortOrder=descending":              {"C", "b", "a"},
		"sortBy=name.familyName":                            {"C", "b", "a"},
		"sortBy=name.familyName&sortOrder=descending":       {"a", "b", "C"},
		"sortBy=emails":                                     {"C", "b", "a"},
		"sortBy=emails.value":                               {"C", "b", "a"},
		"sortBy=active":                                     {"C", "b", "a"},
		"sortBy=title":                                      {"b", "C", "a"},
		"sortBy=meta.created":                               {"b", "C", "a"},
		"sortBy=meta.created&sortOrder=descending":          {"a", "C", "b"},
		"sortBy=" + userURN + ":userName":                   {"a", "b", "C"},
		"sortBy=" + enterpriseURN + ":department":           {"b", "C", "a"},
		"sortOrder=descending":                              {"b", "C", "a"},
		"sortBy=userName&attributes=title&count=2":          {"", ""},
		`sortBy=userName&filter=not (userName eq "b")`:      {"a", "C"},
		"sortBy=userName&sortOrder=descending&startIndex=3": {"a"},
	} {
		assert.Equal(t, names, userNames(c.must(200, "GET", "/Users?"+query, "")), query)
	}
}

// Which attributes an answer has (RFC 7644, section 3.9).
func TestAttributesConform(t *testing.T) {
	c := newClient(t, nil)
	id := c.must(201, "POST", "/Users", `{"userName":"ana","title":"x","name":{"givenName":"A","familyName":"B"},"emails":[{"value":"v","type":"work"}],"`+
		enterpriseURN+`":{"department":"d","costCenter":"c"}}`).id()
	for query, names := range map[string][]string{
		"attributes=userName":                             {"userName"},
		"attributes=userName,title":                       {"userName", "title"},
		"attributes=userName&attributes=title":            {"userName", "title"},
		"attributes=%20userName%20,%20title%20":           {"userName", "title"},
		"attributes=name.givenName":                       {"name"},
		"attributes=" + userURN + ":userName":             {"userName"},
		"attributes=" + enterpriseURN:                     {enterpriseURN},
		"attributes=" + enterpriseURN + ":department":     {enterpriseURN},
		"attributes=nobody":                               {},
		"attributes=password":                             {},
		"attributes=meta.location":                        {"meta"},
		"attributes=":                                     {"userName", "title", "name", "emails", enterpriseURN, "meta"},
		"excludedAttributes=title,meta":                   {"userName", "name", "emails", enterpriseURN},
		"excludedAttributes=id,schemas":                   {"userName", "title", "name", "emails", enterpriseURN, "meta"},
		"excludedAttributes=" + enterpriseURN:             {"userName", "title", "name", "emails", "meta"},
		"excludedAttributes=emails.type,name":             {"userName", "title", "emails", enterpriseURN, "meta"},
		"attributes=title&excludedAttributes=userName":    {"title"},
		"attributes=userName&excludedAttributes=userName": {"userName"},
	} {
		for _, a := range []map[string]any{
			c.must(200, "GET", "/Users/"+id+"?"+query, "").body,
			c.must(200, "GET", "/Users?"+query, "").resources()[0].(map[string]any),
			c.must(200, "PUT", "/Users/"+id+"?"+query, c.must(200, "GET", "/Users/"+id, "").text).body,
		} {
			got := []string{}
			for name := range a {
				if name != "id" && name != "schemas" {
					got = append(got, name)
				}
			}
			assert.ElementsMatch(t, names, got, query)
			assert.Equal(t, id, a["id"], query)
			assert.NotEmpty(t, a["schemas"], query)
		}
	}
	for _, attributes := range []string{`["userName"]`, `"userName"`} {
		a := c.must(200, "POST", "/.search", `{"attributes":`+attributes+`}`)
		assert.NotContains(t, a.text, "title")
		assert.Equal(t, []string{"ana"}, userNames(a))
	}
	assert.NotContains(t, c.must(200, "POST", "/Users/.search", `{"excludedAttributes":["title"]}`).text, "title")
}
