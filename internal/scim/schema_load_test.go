package scim_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/scim"
)

// The documents have no member that Schema lacks, and lose nothing in it.
func TestSchemaDocumentsAreComplete(t *testing.T) {
	for file, s := range map[string]*scim.Schema{"user": scim.UserType().Core, "group": scim.GroupType().Core, "enterprise_user": scim.EnterpriseSchema()} {
		text, err := os.ReadFile("schemas/" + file + ".json")
		require.NoError(t, err)
		var want struct {
			Schemas []string
			scim.Schema
		}
		d := json.NewDecoder(bytes.NewReader(text))
		d.DisallowUnknownFields()
		require.NoError(t, d.Decode(&want))
		assert.Equal(t, want.ID, s.ID)
		own := s.Attributes[len(s.Attributes)-len(want.Attributes):]
		assert.Equal(t, want.Attributes, own)
		for _, a := range own {
			assert.NotEmpty(t, a.Description, a.Name)
			assert.Equal(t, a.Type == scim.Complex, len(a.SubAttributes) > 0, a.Name)
			for _, sub := range a.SubAttributes {
				assert.NotEmpty(t, sub.Description, a.Name+"."+sub.Name)
			}
		}
	}
}

func TestTypes(t *testing.T) {
	u, g := scim.UserType(), scim.GroupType()
	for _, common := range []string{"schemas", "ID", "externalid", "meta"} {
		assert.NotNil(t, u.Core.Attribute(common), common)
		assert.NotNil(t, g.Core.Attribute(common), common)
	}
	assert.True(t, u.Core.Attribute("externalId").CaseExact)
	assert.False(t, u.Core.Attribute("userName").CaseExact)
	assert.True(t, g.Core.Attribute("displayName").Required, "erratum 5368")
	assert.Equal(t, []string{"Group"}, u.Core.Attribute("groups").Sub("$ref").ReferenceTypes, "erratum 8471")
	assert.Equal(t, scim.Never, u.Core.Attribute("password").Returned)
	assert.Equal(t, scim.Immutable, g.Core.Attribute("members").Sub("display").Mutability, "erratum 6011")
	assert.NotSame(t, u.Core, scim.UserType().Core)
}

func TestParseSchema(t *testing.T) {
	s, err := scim.ParseSchema([]byte(`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Schema"],"id":"urn:acme:User","meta":{},
		"attributes":[{"name":"a"},{"name":"b","type":"complex","multiValued":true,"subAttributes":[{"name":"$ref","type":"reference"}]}]}`))
	require.NoError(t, err)
	assert.Equal(t, "User", s.Name)
	assert.Equal(t, scim.Attribute{Name: "a", Type: scim.String, Mutability: scim.ReadWrite, Returned: scim.Default, Uniqueness: scim.None}, s.Attributes[0])
	assert.True(t, s.Attribute("B").Sub("$REF").CaseExact)

	for document, want := range map[string]string{
		`[]`:                            "parse schema",
		`{"id":7}`:                      "parse schema",
		`{"id":"x"}`:                    "not a URN",
		`{"id":"urn:x"}`:                "schema urn:x: no attributes",
		`{"attributes":[{"name":"a"}]}`: "not a URN",
		`{"id":"urn:x","attributes":[{"name":"a b"}]}`:                                                                  `attribute "a b"`,
		`{"id":"urn:x","attributes":[{"name":"a"},{"name":"A"}]}`:                                                       "attribute A: there are two",
		`{"id":"urn:x","attributes":[{"name":"a","type":"text"}]}`:                                                      `attribute a: type "text" is unknown; use one of string`,
		`{"id":"urn:x","attributes":[{"name":"a","mutability":"never"}]}`:                                               "attribute a: mutability",
		`{"id":"urn:x","attributes":[{"name":"a","type":"complex"}]}`:                                                   "attribute a: a complex",
		`{"id":"urn:x","attributes":[{"name":"a","subAttributes":[{"name":"b"}]}]}`:                                     "attribute a: subAttributes",
		`{"id":"urn:x","attributes":[{"name":"a","type":"complex","subAttributes":[{"name":"b","returned":"often"}]}]}`: "attribute a.b: returned",
		`{"id":"urn:x","attributes":[{"name":"a","type":"complex","subAttributes":[{"name":"b","type":"complex"}]}]}`:   "attribute a.b: a sub-attribute",
	} {
		_, err := scim.ParseSchema([]byte(document))
		require.Error(t, err, document)
		assert.Contains(t, err.Error(), want)
		assert.False(t, strings.Contains(err.Error(), "%!"))
	}
}
