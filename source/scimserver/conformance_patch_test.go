package scimserver_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const patchStart = `{"userName":"ana","title":"CEO","active":true,"name":{"givenName":"Ana","familyName":"Silva"},
	"emails":[{"value":"w@a.example","type":"work","primary":true},{"value":"h@a.example","type":"home"}],"roles":[{"value":"admin"}],
	"` + enterpriseURN + `":{"department":"Sales","employeeNumber":"7"}}`

// Operations of a PATCH (RFC 7644, sections 3.5.2.1 to 3.5.2.3), in the default
// profile. want is what attributes are afterwards, nil for none.
func TestPatchConforms(t *testing.T) {
	work := map[string]any{"value": "w@a.example", "type": "work", "primary": true}
	home := map[string]any{"value": "h@a.example", "type": "home"}
	for _, row := range []struct {
		section, operations string
		scimType            string
		want                map[string]any
	}{
		// Adding.
		{section: "3.5.2.1", operations: `{"op":"add","path":"nickName","value":"A"}`, want: map[string]any{"nickName": "A"}},
		{section: "3.5.2.1", operations: `{"op":"add","value":{"nickName":"A","title":"CTO"}}`, want: map[string]any{"nickName": "A", "title": "CTO"}},
		{section: "3.5.2.1", operations: `{"op":"add","path":"title","value":"CTO"}`, want: map[string]any{"title": "CTO"}},
		{
			section: "3.5.2.1", operations: `{"op":"add","path":"emails","value":[{"value":"o@a.example","type":"other"}]}`,
			want: map[string]any{"emails": []any{work, home, map[string]any{"value": "o@a.example", "type": "other"}}},
		},
		{
			section: "3.5.2.1", operations: `{"op":"add","value":{"emails":[{"value":"o@a.example","type":"other"}]}}`,
			want: map[string]any{"emails": []any{work, home, map[string]any{"value": "o@a.example", "type": "other"}}},
		},
		{
			section: "3.5.2.1", operations: `{"op":"add","path":"emails","value":{"value":"o@a.example"}}`,
			want: map[string]any{"emails": []any{work, home, map[string]any{"value": "o@a.example"}}},
		},
		{
			section: "3.5.2.1", operations: `{"op":"add","path":"name","value":{"middleName":"B"}}`,
			want: map[string]any{"name": map[string]any{"givenName": "Ana", "familyName": "Silva", "middleName": "B"}},
		},
		{
			section: "3.5.2.1", operations: `{"op":"add","path":"name.middleName","value":"B"}`,
			want: map[string]any{"name": map[string]any{"givenName": "Ana", "familyName": "Silva", "middleName": "B"}},
		},
		{
			section: "3.5.2.1", operations: `{"op":"add","path":"emails[type eq \"home\"].display","value":"x"}`,
			want: map[string]any{"emails": []any{work, map[string]any{"value": "h@a.example", "type": "home", "display": "x"}}},
		},
		{
			section: "3.5.2", operations: `{"op":"add","path":"emails","value":[{"value":"n@a.example","primary":true}]}`,
			want: map[string]any{"emails": []any{map[string]any{"value": "w@a.example", "type": "work", "primary": false}, home, map[string]any{"value": "n@a.example", "primary": true}}},
		},
		{
			section: "3.5.2.1", operations: `{"op":"add","path":"` + enterpriseURN + `:costCenter","value":"C"}`,
			want: map[string]any{enterpriseURN: map[string]any{"department": "Sales", "employeeNumber": "7", "costCenter": "C"}},
		},
		{
			section: "3.5.2.1", operations: `{"op":"add","path":"` + enterpriseURN + `","value":{"costCenter":"C"}}`,
			want: map[string]any{enterpriseURN: map[string]any{"department": "Sales", "employeeNumber": "7", "costCenter": "C"}},
		},
		{section: "3.5.2.1", operations: `{"op":"add","path":"` + userURN + `:nickName","value":"A"}`, want: map[string]any{"nickName": "A"}},
		{section: "3.5.2.1", operations: `{"op":"add","path":"password","value":"s3cret"}`, want: map[string]any{"password": nil}},
		{section: "3.5.2.1", operations: `{"op":"add","path":"nickName"}`, scimType: "invalidValue"},
		{section: "3.5.2.1", operations: `{"op":"add","value":"x"}`, scimType: "invalidValue"},
		// Removing.
		{section: "3.5.2.2", operations: `{"op":"remove","path":"title"}`, want: map[string]any{"title": nil}},
		{section: "3.5.2.2", operations: `{"op":"remove","path":"nickName"}`, want: map[string]any{"nickName": nil}},
		{section: "3.5.2.2", operations: `{"op":"remove","path":"name.familyName"}`, want: map[string]any{"name": map[string]any{"givenName": "Ana"}}},
		{section: "3.5.2.2", operations: `{"op":"remove","path":"emails"}`, want: map[string]any{"emails": nil}},
		{section: "3.5.2.2", operations: `{"op":"remove","path":"emails[type eq \"work\"]"}`, want: map[string]any{"emails": []any{home}}},
		{section: "3.5.2.2", operations: `{"op":"remove","path":"emails[type eq \"work\" and value ew \"example\"]"}`, want: map[string]any{"emails": []any{home}}},
		{section: "3.5.2.2", operations: `{"op":"remove","path":"emails[value pr]"}`, want: map[string]any{"emails": nil}},
		{section: "3.5.2.2", operations: `{"op":"remove","path":"emails[type eq \"home\"].type"}`, want: map[string]any{"emails": []any{work, map[string]any{"value": "h@a.example"}}}},
		{section: "3.5.2.2", operations: `{"op":"remove","path":"emails","value":[{"value":"h@a.example","type":"home"}]}`, want: map[string]any{"emails": []any{work}}},
		{section: "3.5.2.2", operations: `{"op":"remove","path":"` + enterpriseURN + `:department"}`, want: map[string]any{enterpriseURN: map[string]any{"employeeNumber": "7"}}},
		{section: "3.5.2.2", operations: `{"op":"remove","path":"` + enterpriseURN + `"}`, want: map[string]any{enterpriseURN: nil, "schemas": []any{userURN}}},
		{section: "3.5.2.2", operations: `{"op":"remove"}`, scimType: "noTarget"},
		{section: "3.5.2.2", operations: `{"op":"remove","path":"userName"}`, scimType: "mutability"},
		{section: "3.5.2.2", operations: `{"op":"remove","path":"id"}`, scimType: "mutability"},
		{section: "3.5.2.2", operations: `{"op":"remove","path":"meta"}`, scimType: "mutability"},
		{section: "3.5.2.2", operations: `{"op":"remove","path":"groups"}`, scimType: "mutability"},
		// Replacing.
		{section: "3.5.2.3", operations: `{"op":"replace","path":"title","value":"CTO"}`, want: map[string]any{"title": "CTO"}},
		{section: "3.5.2.3", operations: `{"op":"replace","path":"nickName","value":"A"}`, want: map[string]any{"nickName": "A"}},
		{section: "3.5.2.3", operations: `{"op":"replace","path":"active","value":false}`, want: map[string]any{"active": false}},
		{section: "3.5.2.3", operations: `{"op":"replace","value":{"active":false}}`, want: map[string]any{"active": false}},
		{section: "3.5.2.3", operations: `{"op":"replace","path":"name.givenName","value":"B"}`, want: map[string]any{"name": map[string]any{"givenName": "B", "familyName": "Silva"}}},
		{section: "3.5.2.3", operations: `{"op":"replace","path":"name","value":{"givenName":"B"}}`, want: map[string]any{"name": map[string]any{"givenName": "B", "familyName": "Silva"}}},
		{section: "3.5.2.3", operations: `{"op":"replace","path":"emails","value":[{"value":"n"}]}`, want: map[string]any{"emails": []any{map[string]any{"value": "n"}}}},
		{
			section: "3.5.2.3", operations: `{"op":"replace","path":"emails[type eq \"work\"].value","value":"n"}`,
			want: map[string]any{"emails": []any{map[string]any{"value": "n", "type": "work", "primary": true}, home}},
		},
		{
			section: "3.5.2.3", operations: `{"op":"replace","path":"emails[type eq \"work\"]","value":{"value":"n","type":"work"}}`,
			want: map[string]any{"emails": []any{map[string]any{"value": "n", "type": "work"}, home}},
		},
		{
			section: "3.5.2", operations: `{"op":"replace","path":"emails[type eq \"home\"].primary","value":true}`,
			want: map[string]any{"emails": []any{map[string]any{"value": "w@a.example", "type": "work", "primary": false}, map[string]any{"value": "h@a.example", "type": "home", "primary": true}}},
		},
		{
			section: "3.5.2.3", operations: `{"op":"replace","path":"` + enterpriseURN + `:manager","value":{"value":"m"}}`,
			want: map[string]any{enterpriseURN: map[string]any{"department": "Sales", "employeeNumber": "7", "manager": map[string]any{"value": "m"}}},
		},
		{section: "3.5.2.3", operations: `{"op":"replace","path":"title","value":null}`, want: map[string]any{"title": nil}},
		{section: "3.5.2.3", operations: `{"op":"replace","path":"emails","value":[]}`, want: map[string]any{"emails": nil}},
		{section: "3.5.2.3", operations: `{"op":"replace","path":"userName","value":null}`, scimType: "invalidValue"},
		{section: "3.5.2.3", operations: `{"op":"replace","path":"userName","value":""}`, scimType: "invalidValue"},
		{section: "3.5.2.3", operations: `{"op":"replace","path":"id","value":"x"}`, scimType: "mutability"},
		{section: "3.5.2.3", operations: `{"op":"replace","path":"groups","value":[]}`, scimType: "mutability"},
		{section: "3.5.2.3", operations: `{"op":"replace","path":"meta.created","value":"2020-01-01T00:00:00Z"}`, scimType: "mutability"},
		{section: "3.5.2.3", operations: `{"op":"replace","path":"active","value":"perhaps"}`, scimType: "invalidValue"},
		{section: "3.5.2.3", operations: `{"op":"replace","path":"name","value":3}`, scimType: "invalidValue"},
		// The message, and several operations.
		{section: "3.5.2", operations: `{"op":"move","path":"title","value":"x"}`, scimType: "invalidSyntax"},
		{section: "3.5.2", operations: `{"path":"title","value":"x"}`, scimType: "invalidSyntax"},
		{section: "3.5.2", operations: `"x"`, scimType: "invalidSyntax"},
		{section: "3.5.2", operations: ``, scimType: "invalidSyntax"},
		{section: "3.5.2", operations: `{"op":"replace","path":7,"value":"x"}`, scimType: "invalidPath"},
		{section: "3.5.2", operations: `{"op":"replace","path":"emails[type eq","value":"x"}`, scimType: "invalidFilter"},
		{section: "3.5.2", operations: `{"op":"replace","path":"title..x","value":"x"}`, scimType: "invalidPath"},
		{section: "3.5.2", operations: `{"op":"replace","path":"title x","value":"x"}`, scimType: "invalidPath"},
		{section: "3.5.2", operations: `{"op":"replace","path":"title","value":"x"},{"op":"remove","path":"userName"}`, scimType: "mutability"},
		{
			section: "3.5.2", operations: `{"op":"add","path":"nickName","value":"A"},{"op":"replace","path":"nickName","value":"B"},{"op":"remove","path":"title"}`,
			want: map[string]any{"nickName": "B", "title": nil},
		},
	} {
		t.Run(row.section+" "+row.operations, func(t *testing.T) {
			c := newClient(t, nil)
			ana := c.must(201, "POST", "/Users", patchStart)
			one := "/Users/" + ana.id()
			a := c.send("PATCH", one, patch(row.operations))
			now := c.must(200, "GET", one, "")
			if row.scimType != "" {
				isError(t, a, 400, row.scimType)
				assert.Equal(t, ana.text, now.text, "nothing of it is done")
				return
			}
			require.Equal(t, 200, a.status, a.text)
			assert.Equal(t, a.text, now.text)
			for name, value := range row.want {
				assert.Equal(t, value, now.body[name], name)
			}
			// Again: nothing changes any more.
			again := c.must(200, "PATCH", one, patch(row.operations))
			assert.Equal(t, now.body["emails"], again.body["emails"])
		})
	}
}

// Members of groups (RFC 7643, section 4.2; RFC 7644, section 3.5.2).
func TestPatchMembersConforms(t *testing.T) {
	for _, row := range []struct {
		operations string // A, B and N are users; A and B are members
		want       []string
		status     int
	}{
		{`{"op":"add","path":"members","value":[{"value":"N"}]}`, []string{"A", "B", "N"}, 200},
		{`{"op":"add","path":"members","value":{"value":"N"}}`, []string{"A", "B", "N"}, 200},
		{`{"op":"add","path":"members","value":[{"value":"A"},{"value":"N"},{"value":"N"}]}`, []string{"A", "B", "N"}, 200},
		{`{"op":"add","value":{"members":[{"value":"N","display":"n","$ref":"https://elsewhere.example/N","type":"User"}]}}`, []string{"A", "B", "N"}, 200},
		{`{"op":"remove","path":"members"}`, nil, 200},
		{`{"op":"remove","path":"members[value eq \"A\"]"}`, []string{"B"}, 200},
		{`{"op":"remove","path":"members[value eq \"A\" or value eq \"B\"]"}`, nil, 200},
		{`{"op":"remove","path":"members[value eq \"N\"]"}`, []string{"A", "B"}, 200},
		{`{"op":"remove","path":"members","value":[{"value":"A"}]}`, []string{"B"}, 200},
		{`{"op":"Remove","path":"members","value":[{"$ref":null,"value":"A"}]}`, []string{"B"}, 200},
		{`{"op":"remove","path":"members","value":[]}`, []string{"A", "B"}, 200},
		{`{"op":"replace","path":"members","value":[{"value":"N"}]}`, []string{"N"}, 200},
		{`{"op":"replace","path":"members","value":[]}`, nil, 200},
		{`{"op":"replace","value":{"displayName":"new","members":[{"value":"A"}]}}`, []string{"A"}, 200},
		{`{"op":"remove","path":"members[value eq \"A\"]"},{"op":"add","path":"members","value":[{"value":"N"}]}`, []string{"B", "N"}, 200},
		{`{"op":"add","path":"members","value":[{"value":"nobody"}]}`, []string{"A", "B"}, 400},
		{`{"op":"add","path":"members","value":[{"display":"who"}]}`, []string{"A", "B"}, 400},
	} {
		t.Run(row.operations, func(t *testing.T) {
			c := newClient(t, nil)
			ids := map[string]string{"A": c.user("a"), "B": c.user("b"), "N": c.user("n")}
			names := map[any]string{}
			operations := row.operations
			for name, id := range ids {
				names[id] = name
				operations = strings.ReplaceAll(operations, `"value":"`+name+`"`, `"value":"`+id+`"`)
				operations = strings.ReplaceAll(operations, `value eq \"`+name+`\"`, `value eq \"`+id+`\"`)
			}
			team := c.group("team", ids["A"], ids["B"])
			a := c.must(row.status, "PATCH", "/Groups/"+team, patch(operations))
			var got []string
			members, _ := c.must(200, "GET", "/Groups/"+team, "").body["members"].([]any)
			for _, m := range members {
				m := m.(map[string]any)
				got = append(got, names[m["value"]])
				assert.Equal(t, "User", m["type"])
				assert.Equal(t, "https://app.example/scim/v2/Users/"+m["value"].(string), m["$ref"])
			}
			assert.ElementsMatch(t, row.want, got, a.text)
		})
	}
}
