package scim_test

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/scim"
)

func TestRead(t *testing.T) {
	const enterprise = `"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"`
	for name, c := range map[string]struct{ answer, want, odd string }{
		"plain": {
			`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"1","userName":"ana","meta":{"version":"W/\"1\"","location":"/Users/1"},"groups":[{"value":"g1"}]}`,
			`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"1","userName":"ana","meta":{"version":"W/\"1\"","location":"/Users/1"},"groups":[{"value":"g1"}]}`, "",
		},
		"no schemas": {
			`{"id":"1",` + enterprise + `:{"department":"R&D"}}`,
			`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User",` + enterprise + `],"id":"1",` + enterprise + `:{"department":"R&D"}}`, "",
		},
		"any case": {
			`{"ID":"1","USERNAME":"ana","Name":{"GIVENNAME":"Ana"},"Emails":[{"VALUE":"a@x","Type":"work"}],` + strings.ToUpper(enterprise) + `:{"Department":"R&D"}}`,
			`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User",` + enterprise + `],"id":"1","userName":"ana","name":{"givenName":"Ana"},"emails":[{"value":"a@x","type":"work"}],` + enterprise + `:{"department":"R&D"}}`, "",
		},
		"other types": {
			`{"id":17,"active":"True","emails":"a@x","title":["CEO"],` + enterprise + `:{"manager":"m1","employeeNumber":701984}}`,
			`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User",` + enterprise + `],"id":"17","active":true,"emails":[{"value":"a@x"}],"title":"CEO",` + enterprise + `:{"manager":{"value":"m1"},"employeeNumber":"701984"}}`, "",
		},
		"dotted names (GitLab)": {
			`{"id":"1","name.formatted":"Ana B","name":{"familyName":"B"},"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department":"R&D"}`,
			`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User",` + enterprise + `],"id":"1","name":{"familyName":"B","formatted":"Ana B"},` + enterprise + `:{"department":"R&D"}}`, "",
		},
		"plain names win": {
			`{"id":"1","name.familyName":"C","name":{"familyName":"B"}}`,
			`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"1","name":{"familyName":"B"}}`, "",
		},
		"unknown stays": {
			`{"id":"1","badge":{"Color":[null,1]},"emails":[{"value":"a@x","verified":true}],"urn:acme:2.0:User":{"x":1},` + enterprise + `:{"floor":3}}`,
			`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User",` + enterprise + `],"id":"1","badge":{"Color":[null,1]},"emails":[{"value":"a@x","verified":true}],"urn:acme:2.0:User":{"x":1},` + enterprise + `:{"floor":3}}`, "",
		},
		"unassigned": {
			`{"id":"1","title":null,"emails":[],"phoneNumbers":[null],"name":{"givenName":null},` + enterprise + `:null}`,
			`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"1"}`, "",
		},
		"values that fit nowhere": {
			`{"id":"1","active":"perhaps","userName":true,"title":["a","b"],"name":"Ana","emails":[{"value":"a@x","primary":"often"},{"value":{}}],` +
				enterprise + `:"x","meta":{"lastModified":"yesterday","created":"2026-11-23T02:06:49Z"}}`,
			`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"1","emails":[{"value":"a@x"}],"meta":{"created":"2026-11-23T02:06:49Z"}}`,
			"active emails.primary emails.value meta.lastModified name title urn:ietf:params:scim:schemas:extension:enterprise:2.0:User userName",
		},
		"the same twice": {
			`{"id":"1","emails":[{"value":"a@x","type":"work"},{"value":"A@x","type":"WORK","primary":true},{"value":"a@x"}]}`,
			`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"1","emails":[{"value":"A@x","type":"WORK","primary":true},{"value":"a@x"}]}`, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			raw, err := scim.Decode([]byte(c.answer))
			require.NoError(t, err)
			got, odd := scim.Read(scim.UserType(), raw)
			want, err := scim.Decode([]byte(c.want))
			require.NoError(t, err)
			require.Empty(t, cmp.Diff(want, got))
			require.Equal(t, c.odd, strings.Join(odd, " "))
			again, _ := scim.Read(scim.UserType(), got)
			require.Empty(t, cmp.Diff(got, again), "what was read is read as it is")
		})
	}
}

func TestReadMembers(t *testing.T) {
	raw, err := scim.Decode([]byte(`{"id":"g","members":[{"value":"1","$ref":"/Users/1"},{"value":"1","display":"Ana"},"2",{"VALUE":"3"}]}`))
	require.NoError(t, err)
	got, odd := scim.Read(scim.GroupType(), raw)
	require.Empty(t, odd)
	require.Equal(t, []any{
		scim.Object{"value": "1", "$ref": "/Users/1", "display": "Ana"}, scim.Object{"value": "2"}, scim.Object{"value": "3"},
	}, got["members"])
}

func TestFilterNames(t *testing.T) {
	f, err := scim.ParseFilter(`not (userName eq "a") and (emails[type eq "work" and value co "x"] or name.givenName pr) and `+
		`urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq "m"`, scim.UserType(), scim.Limits{})
	require.NoError(t, err)
	require.Equal(t, []string{"emails", "name", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager", "userName"}, f.Names())
}

// What the service would send is read as it is, whatever it holds.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"id":"1","active":"True","emails":[{"value":"a"}],"name.formatted":"x"}`))
	f.Add([]byte(`{"ID":1,"members":["1",{"value":"1"}],"meta":{"created":"2026-11-23T02:06:49Z"}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		raw, err := scim.Decode(body)
		if err != nil {
			return
		}
		before, err := json.Marshal(raw)
		require.NoError(t, err)
		for _, rt := range []*scim.ResourceType{scim.UserType(), scim.GroupType()} {
			got, _ := scim.Read(rt, raw)
			after, err := json.Marshal(raw)
			require.NoError(t, err)
			require.Equal(t, string(before), string(after), "what is read is not changed")
			again, odd := scim.Read(rt, maps.Clone(got))
			require.Empty(t, odd, "what was read fits")
			require.Empty(t, cmp.Diff(got, again))
		}
	})
}
