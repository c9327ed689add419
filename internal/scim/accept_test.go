package scim_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/scim"
)

func decode(t testing.TB, text string) scim.Object {
	t.Helper()
	o, err := scim.Decode([]byte(text))
	require.NoError(t, err)
	return o
}

// typeOf makes what a name of a test case says: "user" with an extension of every
// type, or "group".
func typeOf(t testing.TB, name string) *scim.ResourceType {
	t.Helper()
	if name == "group" {
		return scim.GroupType()
	}
	s, err := scim.ParseSchema([]byte(`{"id":"urn:acme:scim:2.0:User","name":"Acme","attributes":[
		{"name":"badge","type":"integer"},{"name":"ratio","type":"decimal"},{"name":"since","type":"dateTime"},
		{"name":"vip","type":"boolean"},{"name":"tags","multiValued":true},{"name":"origin","mutability":"immutable"},
		{"name":"score","mutability":"readOnly"},{"name":"note","returned":"request"},
		{"name":"desk","type":"complex","subAttributes":[{"name":"floor","type":"integer","required":true},{"name":"code","mutability":"immutable"}]}]}`))
	require.NoError(t, err)
	u := scim.UserType()
	u.Extensions = append(u.Extensions, scim.Extension{Schema: s})
	return u
}

const user = `"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"ana"`

func TestAccept(t *testing.T) {
	const core, ent, acme = scim.UserURN, scim.EnterpriseURN, "urn:acme:scim:2.0:User"
	cases := []struct {
		name, kind, body string
		lenient, strict  string // what comes out beside schemas and userName; or !scimType at
	}{
		{name: "7643 2.1 names have any case", body: `{` + user + `,"NAME":{"GIVENNAME":"A"}}`, lenient: `{"name":{"givenName":"A"}}`},
		{name: "7643 3.1 id and meta are the server's", body: `{` + user + `,"id":"7","meta":{"version":"x"},"groups":[]}`, lenient: `{}`},
		{name: "7643 3.3 extension data", body: `{` + user + `,"` + strings.ToUpper(ent) + `":{"DEPARTMENT":"x"}}`, lenient: `{"` + ent + `":{"department":"x"}}`},
		{name: "7643 2.5 null and empty", body: `{` + user + `,"title":null,"emails":[],"name":{"givenName":null},"` + ent + `":{"manager":{}}}`, lenient: `{}`},
		{name: "7643 2.5 null extension", body: `{` + user + `,"` + ent + `":null}`, lenient: `{}`},
		{name: "7643 2.4 canonical types are suggestions", body: `{` + user + `,"emails":[{"value":"a","type":"lab"}]}`, lenient: `{"emails":[{"value":"a","type":"lab"}]}`},
		{
			name: "7643 2.4 same type and value once", body: `{` + user + `,"emails":[{"value":"A","type":"work"},{"value":"a","type":"Work","primary":true},{"value":"a","type":"home"}]}`,
			lenient: `{"emails":[{"value":"a","type":"Work","primary":true},{"value":"a","type":"home"}]}`,
		},
		{
			name: "7643 2.4 addresses have no value", body: `{` + user + `,"addresses":[{"locality":"x","type":"work"},{"type":"work","locality":"x"},{"type":"work"}]}`,
			lenient: `{"addresses":[{"locality":"x","type":"work"},{"type":"work"}]}`,
		},
		{
			name: "7643 2.4 one primary", body: `{` + user + `,"emails":[{"value":"a","primary":true},{"value":"b","primary":true}]}`,
			lenient: `{"emails":[{"value":"a","primary":false},{"value":"b","primary":true}]}`, strict: "!invalidValue emails",
		},
		{
			name: "7643 2.4 elements that become the same when one is primary", body: `{` + user + `,"addresses":[{"locality":"x","primary":false},{"locality":"x","primary":true},{"locality":"y","primary":true}]}`,
			lenient: `{"addresses":[{"locality":"x","primary":false},{"locality":"y","primary":true}]}`, strict: "!invalidValue addresses",
		},
		{
			name: "7643 2.4 the same value twice, one primary", body: `{` + user + `,"emails":[{"value":"a","primary":true},{"value":"a","primary":false,"display":"d"}]}`,
			lenient: `{"emails":[{"value":"a","primary":true,"display":"d"}]}`,
		},
		{
			name: "7643 2.3 types", body: `{` + user + `,"` + acme + `":{"badge":3.0,"ratio":2,"since":"2026-01-02T03:04:05.5+01:00","vip":true,"tags":["a","A","b"]}}`,
			lenient: `{"` + acme + `":{"badge":3,"ratio":2,"since":"2026-01-02T03:04:05.5+01:00","vip":true,"tags":["a","b"]}}`,
		},
		{name: "7643 2.3.5 date", body: `{` + user + `,"` + acme + `":{"since":"yesterday"}}`, lenient: "!invalidValue urn:acme:scim:2.0:User:since"},
		{name: "7643 2.3.6 binary", body: `{` + user + `,"x509Certificates":[{"value":"a*"}]}`, lenient: "!invalidValue x509Certificates.value"},
		{name: "7643 2.3.7 reference", body: `{` + user + `,"profileUrl":"../any thing"}`, lenient: `{"profileUrl":"../any thing"}`},
		{name: "7643 2.3 large integer", body: `{` + user + `,"` + acme + `":{"badge":12345678901234567890}}`, lenient: "!invalidValue urn:acme:scim:2.0:User:badge"},
		{name: "7643 2.2 required", body: `{"schemas":["` + core + `"],"title":"x"}`, lenient: "!invalidValue userName"},
		{name: "7643 4.1.1 userName is not empty", body: `{"schemas":["` + core + `"],"userName":""}`, lenient: "!invalidValue userName"},
		{name: "7643 2.2 required sub-attribute", body: `{` + user + `,"` + acme + `":{"desk":{"code":"x"}}}`, lenient: "!invalidValue urn:acme:scim:2.0:User:desk.floor"},
		{name: "wrong type", body: `{` + user + `,"name":"Ana"}`, lenient: "!invalidValue name"},
		{name: "text with a zero byte", body: `{` + user + `,"title":"\u0000"}`, lenient: "!invalidValue title"},
		{name: "values stay as sent", body: `{` + user + `,"emails":[{"value":" A@X "}],"title":""}`, lenient: `{"emails":[{"value":" A@X "}],"title":""}`},
		{name: "AWS: no schemas", body: `{"userName":"ana"}`, lenient: `{}`, strict: "!invalidValue schemas"},
		{name: "schemas not an array", body: `{"schemas":{"a":1},"userName":"ana"}`, lenient: "!invalidValue schemas"},
		{
			name: "Entra: schema of Active Directory", kind: "group", body: `{"schemas":["` + scim.GroupURN + `","http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],"displayName":"g"}`,
			lenient: `{"displayName":"g"}`, strict: "!invalidValue schemas",
		},
		{name: "Entra: string boolean", body: `{` + user + `,"active":"False"}`, lenient: `{"active":false}`, strict: "!invalidValue active"},
		{name: "Entra: manager is a string", body: `{` + user + `,"` + ent + `":{"manager":"ID2"}}`, lenient: `{"` + ent + `":{"manager":{"value":"ID2"}}}`, strict: "!invalidValue " + ent + ":manager"},
		{name: "Entra: roles are strings", body: `{` + user + `,"roles":["a","a","b"]}`, lenient: `{"roles":[{"value":"a"},{"value":"b"}]}`, strict: "!invalidValue roles"},
		{name: "GitLab: dotted keys", body: `{` + user + `,"name":{"givenName":"A"},"name.formatted":"A B"}`, lenient: `{"name":{"givenName":"A","formatted":"A B"}}`, strict: "!invalidSyntax "},
		{
			name: "Entra: URN keys", body: `{` + user + `,"` + ent + `:employeeNumber":"7","` + core + `:displayName":"A","` + ent + `:manager.value":"ID2"}`,
			lenient: `{"displayName":"A","` + ent + `":{"employeeNumber":"7","manager":{"value":"ID2"}}}`, strict: "!invalidSyntax ",
		},
		{name: "core schema as an object", body: `{` + user + `,"` + core + `":{"displayName":"A"}}`, lenient: `{"displayName":"A"}`},
		{name: "the same twice under two names", body: `{` + user + `,"displayName":"A","` + core + `:displayName":"B"}`, lenient: "!invalidSyntax displayName", strict: "!invalidSyntax "},
		{name: "dotted sub-attribute twice", body: `{` + user + `,"name":{"givenName":"A"},"name.givenName":"B"}`, lenient: "!invalidSyntax name.givenName", strict: "!invalidSyntax "},
		{name: "single where several may be", body: `{` + user + `,"emails":{"value":"a"},"title":["x"]}`, lenient: `{"emails":[{"value":"a"}],"title":"x"}`, strict: "!invalidValue emails"},
		{name: "numbers as strings", body: `{` + user + `,"title":5,"` + acme + `":{"badge":"12","ratio":"1.5"}}`, lenient: `{"title":"5","` + acme + `":{"badge":12,"ratio":1.5}}`, strict: "!invalidValue title"},
		{name: "unknown attribute", body: `{` + user + `,"shoe":5,"urn:x:y":{"a":1}}`, lenient: `{}`, strict: "!invalidSyntax "},
		{name: "unknown sub-attribute", body: `{` + user + `,"name":{"nick":1}}`, lenient: `{}`, strict: "!invalidSyntax name"},
		{
			name: "scimgateway: nulls", body: `{"userName":"ana","active":true,"name":{"givenName":null},"title":"","emails":null,"phoneNumbers":null}`,
			lenient: `{"active":true,"title":""}`, strict: "!invalidValue schemas",
		},
		{
			name: "members once", kind: "group", body: `{"schemas":["` + scim.GroupURN + `"],"displayName":"g","members":[{"value":"1"},{"value":"1","type":"User","$ref":null},{"value":"2"}]}`,
			lenient: `{"displayName":"g","members":[{"value":"1","type":"User"},{"value":"2"}]}`,
		},
	}
	for _, c := range cases {
		for rules, want := range map[*scim.Rules]string{new(scim.Lenient()): c.lenient, new(scim.Strict()): c.strict} {
			name := "lenient"
			if *rules == scim.Strict() {
				name = "strict"
			}
			if want == "" {
				want = c.lenient
			}
			t.Run(c.name+"/"+name, func(t *testing.T) {
				rt := typeOf(t, c.kind)
				raw := decode(t, c.body)
				got, err := scim.Accept(rt, raw, *rules)
				require.Empty(t, cmp.Diff(decode(t, c.body), raw), "the input changed")
				if kind, bad := strings.CutPrefix(want, "!"); bad {
					requireError(t, err, kind)
					return
				}
				require.NoError(t, err)
				again, err := scim.Accept(rt, got, *rules)
				require.NoError(t, err)
				require.Empty(t, cmp.Diff(got, again), "accepted again")
				schemas := []any{rt.Core.ID}
				for _, e := range rt.Extensions {
					if got[e.Schema.ID] != nil {
						schemas = append(schemas, e.Schema.ID)
					}
				}
				require.Equal(t, schemas, got["schemas"])
				delete(got, "schemas")
				if c.kind == "" {
					require.Equal(t, "ana", got["userName"])
					delete(got, "userName")
				}
				requireJSON(t, want, got)
			})
		}
	}
}

// requireError wants an Error of 400 with a scimType and an attribute.
func requireError(t testing.TB, err error, want string) {
	t.Helper()
	var e *scim.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, want, strings.TrimPrefix(e.Type+" "+e.At, "!"))
	assert.Equal(t, 400, e.Status)
	assert.NotEmpty(t, e.Detail)
}

func requireJSON(t testing.TB, want string, got any) {
	t.Helper()
	text, err := json.Marshal(got)
	require.NoError(t, err)
	require.JSONEq(t, want, string(text))
}

func TestAcceptLimits(t *testing.T) {
	many := func(n int, element string) string {
		return `[` + strings.TrimSuffix(strings.Repeat(element+",", n), ",") + `]`
	}
	r := scim.Lenient()
	_, err := scim.Accept(scim.UserType(), decode(t, `{"userName":"a","emails":`+many(1001, `{"value":"x"}`)+`}`), r)
	requireError(t, err, "invalidValue emails")
	_, err = scim.Accept(scim.GroupType(), decode(t, `{"displayName":"a","members":`+many(1001, `{"value":"x"}`)+`}`), r)
	require.NoError(t, err)
	r.MaxMembers = 1000
	_, err = scim.Accept(scim.GroupType(), decode(t, `{"displayName":"a","members":`+many(1001, `{"value":"x"}`)+`}`), r)
	requireError(t, err, "invalidValue members")
	_, err = scim.Accept(scim.UserType(), decode(t, `{"userName":"a","title":"`+strings.Repeat("x", 65537)+`"}`), r)
	requireError(t, err, "invalidValue title")
	_, err = scim.Accept(scim.UserType(), decode(t, `{"userName":"a","x509Certificates":[{"value":"`+strings.Repeat("xxxx", 65536)+`"}]}`), r)
	require.NoError(t, err)
}

func TestCheckID(t *testing.T) {
	require.NoError(t, scim.CheckID(scim.Object{}, "7"))
	require.NoError(t, scim.CheckID(scim.Object{"ID": "7"}, "7"))
	requireError(t, scim.CheckID(scim.Object{"ID": "8"}, "7"), "mutability id")
}
