package scim_test

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/scim"
)

// bodies are what fuzzing of resources starts from: group or not, and the text.
func bodies() map[string]bool {
	const schemas = `"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User","urn:acme:scim:2.0:User"]`
	return map[string]bool{
		engineer: false, team: true,
		`{` + schemas + `,"userName":"ana","NAME":{"GIVENNAME":"A","familyName":null},"emails":[{"value":"A","type":"work","primary":"True"},{"value":"a","type":"Work"}],"active":"False"}`:    false,
		`{"userName":"ana","name.givenName":"A","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager":"7","roles":["a","b"],"x509Certificates":[{"value":"YWI="}]}`:              false,
		`{` + schemas + `,"userName":"ana","urn:acme:scim:2.0:User":{"badge":3.0,"ratio":2,"since":"2026-01-02T03:04:05.5+01:00","vip":true,"tags":["a","A"],"origin":"o","desk":{"floor":1}}}`: false,
		`{"displayName":"g","members":[{"value":"1"},{"value":"1","type":"User","$ref":null},"2"],"externalId":7}`:                                                                              true,
	}
}

// kindsOf are the types that a target of fuzzing is about: of groups or not.
func kindsOf(f *testing.F) map[bool]*scim.ResourceType {
	f.Helper()
	return map[bool]*scim.ResourceType{true: scim.GroupType(), false: typeOf(f, "user")}
}

func rulesOf(strict bool) scim.Rules {
	if strict {
		return scim.Strict()
	}
	return scim.Lenient()
}

// FuzzAccept: a body is refused with an error of SCIM, or becomes a canonical resource
// that stays what it is.
func FuzzAccept(f *testing.F) {
	for body, group := range bodies() {
		f.Add(body, group, true)
		f.Add(body, group, false)
	}
	kinds := kindsOf(f)
	f.Fuzz(func(t *testing.T, body string, group, strict bool) {
		raw, err := scim.Decode([]byte(body))
		if err != nil {
			told(t, err, scim.InvalidSyntax)
			return
		}
		kind, untouched := kinds[group], deep(raw)
		o, err := scim.Accept(kind, raw, rulesOf(strict))
		require.Empty(t, cmp.Diff(untouched, any(raw)), "the body was altered")
		if err != nil {
			told(t, err, scim.InvalidValue, scim.InvalidSyntax)
			return
		}
		canonical(t, kind, o)
		for _, name := range []string{"id", "meta", "groups"} {
			require.NotContains(t, o, name, "clients do not write this")
		}
		same, err := scim.Replace(kind, o, o)
		require.NoError(t, err)
		require.True(t, scim.Same(o, same), "a PUT of what is there changes it: %v\n%v", o, same)
	})
}

// FuzzPatch: a PATCH is refused as a whole, or makes a canonical resource of one.
func FuzzPatch(f *testing.F) {
	operations := []string{
		`[{"op":"add","path":"emails[type eq \"work\"].value","value":"n"},{"op":"remove","path":"name.givenName"}]`,
		`[{"op":"Replace","value":{"name.familyName":"S","active":"False","emails":[{"value":"p","primary":true}]}}]`,
		`[{"op":"remove","path":"members","value":[{"value":"a"}]},{"op":"add","path":"members","value":[{"value":"d"}]}]`,
		`[{"op":"replace","path":"emails.value","value":"x"},{"op":"add","path":"urn:acme:scim:2.0:User:tags","value":["A","b"]}]`,
		`[{"op":"remove","path":"urn:acme:scim:2.0:User"},{"op":"add","path":"urn:acme:scim:2.0:User:desk.floor","value":1}]`,
		`[{"op":"add","path":"password","value":"x"},{"op":"replace","path":"emails","value":null}]`,
	}
	for body, group := range bodies() {
		for _, ops := range operations {
			f.Add(body, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":`+ops+`}`, group, false)
			f.Add(body, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":`+ops+`}`, group, true)
		}
	}
	kinds := kindsOf(f)
	f.Fuzz(func(t *testing.T, body, message string, group, strict bool) {
		raw, err := scim.Decode([]byte(body))
		if err != nil {
			return
		}
		kind, r := kinds[group], rulesOf(strict)
		o, err := scim.Accept(kind, raw, scim.Lenient())
		if err != nil {
			return
		}
		o["id"] = "1"
		if raw, err = scim.Decode([]byte(message)); err != nil {
			return
		}
		untouched := deep(raw)
		request, err := scim.ParsePatch(kind, raw, r, scim.Limits{})
		require.Empty(t, cmp.Diff(untouched, any(raw)), "the message was altered")
		if err != nil {
			var e *scim.Error
			require.ErrorAs(t, err, &e)
			assert.Contains(t, []int{400, 413}, e.Status)
			return
		}
		out, err := patches(t, kind, o, request, r)
		require.Empty(t, cmp.Diff(untouched, any(raw)), "the message was altered")
		require.Equal(t, "1", out["id"])
		if err == nil && again(request) {
			before := maps.Clone(out)
			_, changed, err := scim.Patch(kind, out, request, r)
			require.NoError(t, err)
			require.False(t, changed, "again it is another")
			require.Empty(t, cmp.Diff(before, out))
		}
	})
}
