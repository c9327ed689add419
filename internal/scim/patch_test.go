package scim_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/scim"
)

// apply applies operations to a resource, both as JSON.
func apply(t *testing.T, kind *scim.ResourceType, rules scim.Rules, resource, operations string) (scim.Object, bool, error) {
	t.Helper()
	o, err := scim.Restore(kind, []byte(resource))
	require.NoError(t, err)
	untouched, err := scim.Restore(kind, []byte(resource))
	require.NoError(t, err)
	raw, err := scim.Decode([]byte(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[` + operations + `]}`))
	require.NoError(t, err)
	request, err := scim.ParsePatch(kind, raw, rules, scim.Limits{})
	if err != nil {
		return nil, false, err
	}
	out, changed, err := scim.Patch(kind, o, request, rules)
	assert.Empty(t, cmp.Diff(untouched, o), "the resource itself was altered")
	return out, changed, err
}

const (
	engineer = `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"1","userName":"ana","title":"Engineer","name":{"givenName":"Ana"},
		"emails":[{"value":"w","type":"work","primary":true},{"value":"h","type":"home"}]}`
	team = `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"id":"2","displayName":"t","members":[{"value":"a"},{"value":"b"},{"value":"c"}]}`
)

// What RFC 7644, section 3.5.2, says, and what identity providers send. at is what is
// at a name afterwards, as JSON; nothing: the operation changes nothing.
func TestPatch(t *testing.T) {
	const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	for _, test := range []struct {
		name, op         string
		group            bool
		at, want         string
		lenient, unheard string // errors: of lenient rules, of strict ones
	}{
		{name: "add replaces a single value", op: `{"op":"add","path":"title","value":"x"}`, at: "title", want: `"x"`},
		{name: "add what is there", op: `{"op":"add","path":"title","value":"Engineer"}`},
		{name: "add an element that is there", op: `{"op":"add","path":"emails","value":[{"value":"h","type":"home"}]}`},
		{
			name: "add to an element that is there what it does not say", op: `{"op":"add","path":"emails","value":[{"value":"H","type":"home","display":"d"}]}`, at: "emails",
			want: `[{"value":"w","type":"work","primary":true},{"value":"h","type":"home","display":"d"}]`,
		},
		{
			name: "second primary demotes the first", op: `{"op":"add","path":"emails","value":[{"value":"n","primary":true}]}`, at: "emails",
			want: `[{"value":"w","type":"work","primary":false},{"value":"h","type":"home"},{"value":"n","primary":true}]`,
		},
		{name: "replace acts as add", op: `{"op":"replace","path":"nickName","value":"x"}`, at: "nickName", want: `"x"`},
		{name: "replace merges an object", op: `{"op":"replace","value":{"name":{"familyName":"Silva"}}}`, at: "name", want: `{"givenName":"Ana","familyName":"Silva"}`},
		{name: "remove a sub-attribute", op: `{"op":"remove","path":"name.givenName"}`, at: "name", want: `null`},
		{name: "remove by filter", op: `{"op":"remove","path":"emails[type eq \"home\"]"}`, at: "emails", want: `[{"value":"w","type":"work","primary":true}]`},
		{
			name: "elements that become the same", op: `{"op":"replace","path":"emails[value eq \"h\"]","value":{"value":"w","type":"work","display":"d"}}`, at: "emails",
			want: `[{"value":"w","type":"work","primary":true,"display":"d"}]`,
		},
		{
			name: "of elements that become the same one is primary", op: `{"op":"add","path":"emails","value":[{"value":"first","type":"work"}]},
				{"op":"remove","path":"emails[type eq \"home\"]"},{"op":"add","path":"emails","value":[{"value":"p","type":"work","primary":true}]},{"op":"replace","path":"emails.value","value":"x"}`, at: "emails",
			want: `[{"value":"x","type":"work","primary":true}]`,
		},
		{
			name: "all elements primary", op: `{"op":"replace","path":"emails.primary","value":true}`, at: "emails",
			want: `[{"value":"w","type":"work","primary":true},{"value":"h","type":"home","primary":false}]`, unheard: "invalidValue",
		},
		{name: "remove a part of all elements", op: `{"op":"remove","path":"emails.type"}`, at: "emails", want: `[{"value":"w","primary":true},{"value":"h"}]`},
		{name: "remove a part of no element", op: `{"op":"remove","path":"phoneNumbers.value"}`},
		{name: "remove what is not there", op: `{"op":"remove","path":"nickName"}`},
		{name: "remove without path", op: `{"op":"remove"}`, lenient: "noTarget", unheard: "noTarget"},
		{name: "remove what is required", op: `{"op":"remove","path":"userName"}`, lenient: "mutability", unheard: "mutability"},
		{name: "write what is read-only", op: `{"op":"replace","path":"groups","value":[]}`, lenient: "mutability", unheard: "mutability"},
		{name: "null unassigns", op: `{"op":"replace","path":"title","value":null}`, at: "title", want: `null`},
		{name: "empty array unassigns", op: `{"op":"replace","path":"emails","value":[]}`, at: "emails", want: `null`},
		{name: "unknown operation", op: `{"op":"move","path":"title"}`, lenient: "invalidSyntax", unheard: "invalidSyntax"},
		{name: "nothing of two", op: `{"op":"replace","path":"title","value":"x"},{"op":"remove"}`, lenient: "noTarget", unheard: "noTarget"},
		{name: "operators in any case", op: `{"op":"Replace","path":"TITLE","value":"x"}`, at: "title", want: `"x"`},

		{
			name: "Entra: replace in an element", op: `{"op":"Replace","path":"emails[type eq \"work\"].value","value":"n"}`, at: "emails",
			want: `[{"value":"n","type":"work","primary":true},{"value":"h","type":"home"}]`,
		},
		{
			name: "Entra: add where nothing matches", op: `{"op":"Add","path":"phoneNumbers[type eq \"mobile\"].value","value":"1"}`, at: "phoneNumbers",
			want: `[{"type":"mobile","value":"1"}]`, unheard: "noTarget",
		},
		{
			name: "Entra: dotted names", op: `{"op":"replace","value":{"name.familyName":"S","` + enterprise + `:employeeNumber":"7"}}`, at: enterprise,
			want: `{"employeeNumber":"7"}`, unheard: "invalidSyntax",
		},
		{name: "Entra: text for a boolean", op: `{"op":"Replace","path":"active","value":"False"}`, at: "active", want: `false`, unheard: "invalidValue"},
		{name: "Entra: manager as text", op: `{"op":"Add","path":"` + enterprise + `:manager","value":"9"}`, at: enterprise, want: `{"manager":{"value":"9"}}`, unheard: "invalidValue"},
		{name: "Entra: unknown attribute", op: `{"op":"Add","path":"urn:ietf:params:scim:schemas:core:2.0:User:role","value":"x"}`, unheard: "invalidPath"},
		{name: "Okta: same id in the value", group: true, op: `{"op":"replace","value":{"id":"2","displayName":"n"}}`, at: "displayName", want: `"n"`},
		{name: "Okta: another id in the value", group: true, op: `{"op":"replace","value":{"id":"3","displayName":"n"}}`, lenient: "mutability", unheard: "mutability"},
		{
			name: "Okta: remove and add", group: true, op: `{"op":"remove","path":"members[value eq \"a\"]"},{"op":"add","path":"members","value":[{"value":"d"}]}`, at: "members",
			want: `[{"value":"b"},{"value":"c"},{"value":"d"}]`,
		},

		{name: "members: only those named", group: true, op: `{"op":"Remove","path":"members","value":[{"$ref":null,"value":"b"}]}`, at: "members", want: `[{"value":"a"},{"value":"c"}]`},
		{name: "members: one object", group: true, op: `{"op":"remove","path":"members","value":{"value":"b"}}`, at: "members", want: `[{"value":"a"},{"value":"c"}]`},
		{name: "members: nobody named", group: true, op: `{"op":"remove","path":"members","value":[]}`},
		{name: "members: somebody else", group: true, op: `{"op":"remove","path":"members","value":[{"value":"x"}]}`},
		{name: "members: all", group: true, op: `{"op":"remove","path":"members"}`, at: "members", want: `null`},
		{name: "members: another value of one", group: true, op: `{"op":"replace","path":"members[value eq \"a\"].value","value":"z"}`, lenient: "mutability", unheard: "mutability"},
		{name: "members: the same value of one", group: true, op: `{"op":"replace","path":"members[value eq \"a\"].value","value":"a"}`},
		{
			name: "members: a name where there is none", group: true, op: `{"op":"add","path":"members[value eq \"a\"].display","value":"A"}`, at: "members",
			want: `[{"value":"a","display":"A"},{"value":"b"},{"value":"c"}]`,
		},
		{name: "members: again", group: true, op: `{"op":"add","path":"members","value":[{"value":"a"},{"value":"c"}]}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			kind, resource := scim.UserType(), engineer
			if test.group {
				kind, resource = scim.GroupType(), team
			}
			for _, with := range []struct {
				rules scim.Rules
				fails string
			}{{scim.Lenient(), test.lenient}, {scim.Strict(), test.unheard}} {
				out, changed, err := apply(t, kind, with.rules, resource, test.op)
				if with.fails != "" {
					var told *scim.Error
					require.ErrorAs(t, err, &told)
					assert.Equal(t, with.fails, told.Type, "%v", err)
					continue
				}
				require.NoError(t, err)
				assert.Equal(t, test.at != "", changed)
				if test.at == "" {
					before, err := scim.Restore(kind, []byte(resource))
					require.NoError(t, err)
					assert.Empty(t, cmp.Diff(before, out))
					continue
				}
				got, err := json.Marshal(out[test.at])
				require.NoError(t, err)
				assert.JSONEq(t, test.want, string(got))
			}
		})
	}
}

func BenchmarkPatchMembers(b *testing.B) {
	list := make([]any, 10_000)
	for n := range list {
		list[n] = scim.Object{"value": string(rune('a'+n%26)) + string(rune('0'+n/26%10)) + string(rune('A'+n/260))}
	}
	kind, rules := scim.GroupType(), scim.Lenient()
	o := scim.Object{"schemas": []any{kind.Core.ID}, "id": "1", "displayName": "t", "members": list}
	raw, err := scim.Decode([]byte(`{"Operations":[{"op":"add","path":"members","value":[{"value":"new"}]}]}`))
	require.NoError(b, err)
	for b.Loop() {
		request, err := scim.ParsePatch(kind, raw, rules, scim.Limits{})
		require.NoError(b, err)
		_, changed, err := scim.Patch(kind, o, request, rules)
		require.NoError(b, err)
		require.True(b, changed)
	}
}
