package scim_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/scim"
)

// RFC 7643, section 5, and RFC 9865, section 4.
func TestServiceProviderConfigDocument(t *testing.T) {
	c := scim.ServiceProviderConfig{DocumentationURI: "https://d", BulkOperations: 5, BulkBytes: 6, MaxResults: 200, PageSize: 100, CursorTimeout: time.Minute}
	const head = `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],"patch":{"supported":true},"bulk":{"supported":true,"maxOperations":5,"maxPayloadSize":6},
		"filter":{"supported":true,"maxResults":200},"changePassword":{"supported":false},"sort":{"supported":true},"etag":{"supported":true},
		"authenticationSchemes":[{"type":"oauthbearertoken","name":"OAuth Bearer Token","description":"A bearer token in the Authorization header","specUri":"https://www.rfc-editor.org/info/rfc6750","primary":true}],
		"meta":{"resourceType":"ServiceProviderConfig","location":"https://l"},"pagination":{"cursor":true,"index":true,"defaultPaginationMethod":"index","defaultPageSize":100,"maxPageSize":200`
	requireJSON(t, head+`,"cursorTimeout":60},"documentationUri":"https://d"}`, c.Document("https://l"))
	c.DocumentationURI, c.CursorTimeout = "", 0
	requireJSON(t, head+`}}`, c.Document("https://l"))
}

// RFC 7643, section 6.
func TestResourceTypeDocument(t *testing.T) {
	kind := scim.UserType()
	kind.Description = "People"
	kind.Extensions[0].Required = true
	requireJSON(t, `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],"id":"User","name":"User","endpoint":"/Users","description":"People",
		"schema":"urn:ietf:params:scim:schemas:core:2.0:User","schemaExtensions":[{"schema":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User","required":true}],
		"meta":{"resourceType":"ResourceType","location":"https://l"}}`, kind.Document("https://l"))
	group := scim.GroupType()
	group.Description = ""
	requireJSON(t, `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],"id":"Group","name":"Group","endpoint":"/Groups","schema":"urn:ietf:params:scim:schemas:core:2.0:Group",
		"meta":{"resourceType":"ResourceType","location":"https://l"}}`, group.Document("https://l"))
}

// TestSchemaDocuments: a document says all that a schema does, so that whoever reads it
// gets the same schema, without the attributes that all resources have, externalId aside
// (RFC 7643, sections 3.1 and 7).
func TestSchemaDocuments(t *testing.T) {
	for _, s := range []*scim.Schema{scim.UserType().Core, scim.GroupType().Core, scim.EnterpriseSchema(), typeOf(t, "user").Extensions[1].Schema} {
		t.Run(s.Name, func(t *testing.T) {
			document := s.Document("https://l")
			assert.Equal(t, []any{scim.SchemaURN}, document["schemas"])
			assert.Equal(t, scim.Object{"resourceType": "Schema", "location": "https://l"}, document["meta"])
			text, err := json.Marshal(document)
			require.NoError(t, err)
			got, err := scim.ParseSchema(text)
			require.NoError(t, err)
			var want []scim.Attribute
			for _, a := range s.Attributes {
				if a.Name != "schemas" && a.Name != "id" && a.Name != "meta" {
					want = append(want, a)
				}
			}
			assert.Empty(t, cmp.Diff(want, got.Attributes))
			assert.Equal(t, []string{s.ID, s.Name, s.Description}, []string{got.ID, got.Name, got.Description})
			for _, v := range document["attributes"].([]any) {
				a := v.(scim.Object)
				for _, name := range []string{"name", "type", "multiValued", "description", "required", "caseExact", "mutability", "returned", "uniqueness"} {
					assert.Contains(t, a, name, a["name"])
				}
				assert.Equal(t, a["type"] == "complex", a["subAttributes"] != nil)
			}
		})
	}
}
