package scim_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/scim"
)

// named reads names of attributes, separated by spaces.
func named(t *testing.T, kind *scim.ResourceType, names string) []scim.Path {
	t.Helper()
	var paths []scim.Path
	for name := range strings.FieldsSeq(names) {
		p, err := scim.ParseAttribute(name, kind)
		require.NoError(t, err)
		paths = append(paths, p)
	}
	return paths
}

const projected = `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"1","externalId":"x","userName":"ana","password":"p",
	"name":{"givenName":"A","familyName":"S"},"emails":[{"value":"w","type":"work"},{"value":"h"}],
	"meta":{"resourceType":"User","version":"1"},
	"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"d","manager":{"value":"7","displayName":"B"}},
	"urn:acme:scim:2.0:User":{"badge":1,"note":"n"}}`

func TestProject(t *testing.T) {
	const ent, acme, schemas = scim.EnterpriseURN, "urn:acme:scim:2.0:User", `"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"1"`
	for _, test := range []struct{ name, attributes, excluded, want string }{
		{
			name: "7643 2.2 by default: never and on request are left out",
			want: `{` + schemas + `,"externalId":"x","userName":"ana","name":{"givenName":"A","familyName":"S"},"emails":[{"value":"w","type":"work"},{"value":"h"}],
				"meta":{"resourceType":"User","version":"1"},"` + ent + `":{"department":"d","manager":{"value":"7","displayName":"B"}},"` + acme + `":{"badge":1}}`,
		},
		{name: "7643 2.2 never, though asked for", attributes: "password", want: `{` + schemas + `}`},
		{name: "7643 2.2 on request", attributes: acme + ":note", want: `{` + schemas + `,"` + acme + `":{"note":"n"}}`},
		{name: "7643 2.2 always, though excluded", excluded: "id schemas userName externalId password name emails meta " + ent + " " + acme, want: `{` + schemas + `}`},
		{name: "7644 3.9 one", attributes: "userName", want: `{` + schemas + `,"userName":"ana"}`},
		{name: "7644 3.9 in any case", attributes: "USERNAME urn:ietf:params:scim:schemas:core:2.0:user:externalid", want: `{` + schemas + `,"userName":"ana","externalId":"x"}`},
		{name: "7644 3.9 a sub-attribute", attributes: "name.givenName", want: `{` + schemas + `,"name":{"givenName":"A"}}`},
		{name: "7644 3.9 a sub-attribute of each element that has it", attributes: "emails.type", want: `{` + schemas + `,"emails":[{"type":"work"}]}`},
		{name: "7644 3.9 the whole and a part", attributes: "name name.givenName", want: `{` + schemas + `,"name":{"givenName":"A","familyName":"S"}}`},
		{name: "7644 3.10 of an extension", attributes: ent + ":department", want: `{` + schemas + `,"` + ent + `":{"department":"d"}}`},
		{name: "7644 3.10 a sub-attribute of an extension", attributes: ent + ":manager.value", want: `{` + schemas + `,"` + ent + `":{"manager":{"value":"7"}}}`},
		{name: "7644 3.10 an extension as a whole", attributes: ent, want: `{` + schemas + `,"` + ent + `":{"department":"d","manager":{"value":"7","displayName":"B"}}}`},
		{name: "what is not there", attributes: "title", want: `{` + schemas + `}`},
		{name: "7644 3.9 excluded", excluded: "name emails meta " + ent + " " + acme, want: `{` + schemas + `,"externalId":"x","userName":"ana"}`},
		{
			name: "7644 3.9 a sub-attribute excluded", excluded: "name.familyName emails.value meta.version " + ent + ":manager.displayName " + acme,
			want: `{` + schemas + `,"externalId":"x","userName":"ana","name":{"givenName":"A"},"emails":[{"type":"work"}],"meta":{"resourceType":"User"},
				"` + ent + `":{"department":"d","manager":{"value":"7"}}}`,
		},
		{name: "both: of what is asked for", attributes: "name userName", excluded: "name.givenName", want: `{` + schemas + `,"userName":"ana","name":{"familyName":"S"}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			kind := typeOf(t, "user")
			o, before := decode(t, projected), decode(t, projected)
			got := scim.Project(kind, o, named(t, kind, test.attributes), named(t, kind, test.excluded))
			requireJSON(t, test.want, got)
			assert.Empty(t, cmp.Diff(before, o), "the resource was altered")
		})
	}
}

// TestProjectProperties: attributes and excludedAttributes share out a resource:
// whatever is asked for by name and whatever is left when that is excluded is the
// whole, and nothing comes of its own.
func TestProjectProperties(t *testing.T) {
	t.Parallel()
	m := maker{rand.New(rand.NewPCG(17, 0))}
	kind := typeOf(t, "user")
	all := attributes(kind)
	for range 500 {
		o := m.resource(t, kind)
		var paths []scim.Path
		for name, a := range all {
			if a.Returned != scim.Request && m.IntN(3) == 0 {
				paths = append(paths, named(t, kind, name)...)
			}
		}
		if paths == nil {
			continue
		}
		whole := scim.Project(kind, o, nil, nil)
		asked, rest := scim.Project(kind, o, paths, nil), scim.Project(kind, o, nil, paths)
		require.NotContains(t, whole, "password")
		for name, v := range whole {
			x, has := asked[name]
			y, also := rest[name]
			switch {
			case name == "id" || name == "schemas":
				require.True(t, has && also)
			case strings.HasPrefix(name, "urn:"):
				require.Len(t, v, len(object(x))+len(object(y)), name)
			default:
				require.NotEqual(t, has, also, name)
				require.True(t, scim.Same(v, x) || scim.Same(v, y), name)
			}
		}
		for _, part := range []scim.Object{asked, rest} {
			for name := range part {
				require.Contains(t, whole, name)
			}
			require.True(t, scim.Same(part, scim.Project(kind, part, nil, nil)), "leaving out twice is leaving out once")
		}
	}
}

func object(v any) scim.Object {
	o, _ := v.(scim.Object)
	return o
}
