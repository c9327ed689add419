package scimserver_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source/scimserver"
)

// What clients find out about the service (RFC 7643, sections 5 to 7; RFC 7644, section
// 4). The shape of all of it is checked by malformed.

func idsOf(a answer) []string {
	var ids []string
	for _, r := range a.resources() {
		id, _ := r.(map[string]any)["id"].(string)
		ids = append(ids, id)
	}
	return ids
}

func TestDiscoveryIsComplete(t *testing.T) {
	c := newClient(t, nil)
	config := c.must(200, "GET", "/ServiceProviderConfig", "")
	for _, name := range []string{"patch", "bulk", "filter", "sort", "etag"} {
		assert.Equal(t, true, config.body[name].(map[string]any)["supported"], name)
	}
	assert.Equal(t, []string{"User", "Group"}, idsOf(c.must(200, "GET", "/ResourceTypes", "")))
	schemas := c.must(200, "GET", "/Schemas", "")
	assert.ElementsMatch(t, []string{userURN, groupURN, enterpriseURN, configURN, typeURN, schemaURN}, idsOf(schemas))
	assert.EqualValues(t, 6, schemas.body["totalResults"])
	for _, path := range []string{"/ResourceTypes/", "/Schemas/"} {
		for n, id := range idsOf(c.must(200, "GET", path[:len(path)-1], "")) {
			one := c.must(200, "GET", path+id, "")
			assert.Equal(t, c.must(200, "GET", path[:len(path)-1], "").resources()[n], any(one.body), id)
		}
	}
}

// Each schema that a resource type names is there, and so is each attribute that a
// resource has, so that a client which models resources by their schema reads them.
func TestSchemasDescribeResources(t *testing.T) {
	c := newClient(t, nil)
	names := map[string][]string{}
	for _, s := range c.must(200, "GET", "/Schemas", "").resources() {
		s := s.(map[string]any)
		for _, a := range s["attributes"].([]any) {
			id := s["id"].(string)
			names[id] = append(names[id], a.(map[string]any)["name"].(string))
		}
	}
	for _, rt := range c.must(200, "GET", "/ResourceTypes", "").resources() {
		rt := rt.(map[string]any)
		assert.Contains(t, names, rt["schema"])
		extensions, _ := rt["schemaExtensions"].([]any)
		for _, e := range extensions {
			assert.Contains(t, names, e.(map[string]any)["schema"])
		}
	}
	ana := c.must(201, "POST", "/Users", `{"userName":"ana","externalId":"E1","active":true,"displayName":"A","emails":[{"value":"a@acme.example"}],
		"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Sales"}}`)
	team := c.group("team", ana.id())
	for urn, one := range map[string]answer{userURN: c.must(200, "GET", "/Users/"+ana.id(), ""), groupURN: c.must(200, "GET", "/Groups/"+team, "")} {
		for name := range one.body {
			if !slices.Contains([]string{"schemas", "id", "meta", enterpriseURN}, name) {
				assert.Contains(t, names[urn], name)
			}
		}
	}
}

// attributeOf is an attribute as its schema describes it.
func (c *client) attributeOf(urn, name string) map[string]any {
	c.t.Helper()
	list, _ := c.must(200, "GET", "/Schemas/"+urn, "").body["attributes"].([]any)
	n := slices.IndexFunc(list, func(a any) bool { return a.(map[string]any)["name"] == name })
	require.GreaterOrEqual(c.t, n, 0, name)
	return list[n].(map[string]any)
}

// The schemas say what the server demands.
func TestSchemasSayWhatIsUnique(t *testing.T) {
	lenient, strict := newClient(t, nil), newClient(t, func(cfg *scimserver.Config) {
		cfg.Profile, cfg.IdentityID = scimserver.RFC, scimserver.ByExternalID
	})
	assert.Equal(t, "server", lenient.attributeOf(userURN, "userName")["uniqueness"])
	assert.Equal(t, true, lenient.attributeOf(userURN, "userName")["required"])
	assert.Equal(t, "server", lenient.attributeOf(groupURN, "displayName")["uniqueness"])
	assert.Equal(t, "none", strict.attributeOf(groupURN, "displayName")["uniqueness"])
	assert.Equal(t, "none", lenient.attributeOf(userURN, "externalId")["uniqueness"])
	assert.Equal(t, false, lenient.attributeOf(userURN, "externalId")["required"])
	assert.Equal(t, "server", strict.attributeOf(userURN, "externalId")["uniqueness"])
	assert.Equal(t, true, strict.attributeOf(userURN, "externalId")["required"])
	password := lenient.attributeOf(userURN, "password")
	assert.Equal(t, "writeOnly", password["mutability"])
	assert.Equal(t, "never", password["returned"])
	assert.Equal(t, "readOnly", lenient.attributeOf(userURN, "groups")["mutability"])
}

// An attribute of an extension may be named as one of those that all resources have.
func TestExtensionWithCommonNames(t *testing.T) {
	const urn = "urn:acme:params:scim:schemas:2.0:User"
	c := newClient(t, func(cfg *scimserver.Config) {
		cfg.Extensions = [][]byte{[]byte(`{"id":"` + urn + `","name":"Acme","description":"ours","attributes":[
			{"name":"badge","type":"complex","description":"d","subAttributes":[{"name":"id","type":"string","description":"d"},{"name":"meta","type":"integer","description":"d"}]}]}`)}
	})
	sub := c.attributeOf(urn, "badge")["subAttributes"].([]any)
	require.Len(t, sub, 2)
	assert.Equal(t, "id", sub[0].(map[string]any)["name"])
	a := c.must(201, "POST", "/Users", `{"userName":"ana","`+urn+`":{"badge":{"id":"7","meta":3}}}`)
	assert.Equal(t, map[string]any{"id": "7", "meta": 3.0}, a.body[urn].(map[string]any)["badge"])
}
