package scim_test

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/scim"
)

// RFC 7644, section 3.5.1.
func TestReplace(t *testing.T) {
	const ent, acme = scim.EnterpriseURN, "urn:acme:scim:2.0:User"
	for _, test := range []struct{ name, old, changed, want string }{
		{name: "what is left out is gone", old: `"userName":"a","title":"t","emails":[{"value":"e"}],"` + ent + `":{"department":"d"}`, changed: `"userName":"b"`, want: `"userName":"b"`},
		{name: "readOnly stays", old: `"id":"1","meta":{"version":"3"},"userName":"a","groups":[{"value":"g"}],"` + acme + `":{"score":"9"}`, changed: `"userName":"b"`, want: `"id":"1","meta":{"version":"3"},"userName":"b","groups":[{"value":"g"}],"` + acme + `":{"score":"9"}`},
		{name: "what nobody can read stays", old: `"userName":"a","password":"p"`, changed: `"userName":"a"`, want: `"userName":"a","password":"p"`},
		{name: "and can be replaced", old: `"userName":"a","password":"p"`, changed: `"userName":"a","password":"q"`, want: `"userName":"a","password":"q"`},
		{name: "what is immutable stays", old: `"userName":"a","` + acme + `":{"origin":"o"}`, changed: `"userName":"b"`, want: `"userName":"b","` + acme + `":{"origin":"o"}`},
		{name: "the same immutable value", old: `"userName":"a","` + acme + `":{"origin":"o"}`, changed: `"userName":"b","` + acme + `":{"origin":"o"}`, want: `"userName":"b","` + acme + `":{"origin":"o"}`},
		{name: "an immutable value that was not there", old: `"userName":"a"`, changed: `"userName":"a","` + acme + `":{"origin":"o"}`, want: `"userName":"a","` + acme + `":{"origin":"o"}`},
		{name: "another immutable value", old: `"userName":"a","` + acme + `":{"origin":"o"}`, changed: `"userName":"b","` + acme + `":{"origin":"x"}`, want: "!mutability " + acme + ":origin"},
		{name: "an immutable sub-attribute", old: `"userName":"a","` + acme + `":{"desk":{"floor":1,"code":"c"}}`, changed: `"userName":"a","` + acme + `":{"desk":{"floor":2}}`, want: `"userName":"a","` + acme + `":{"desk":{"floor":2,"code":"c"}}`},
		{name: "another immutable sub-attribute", old: `"userName":"a","` + acme + `":{"desk":{"floor":1,"code":"c"}}`, changed: `"userName":"a","` + acme + `":{"desk":{"floor":1,"code":"x"}}`, want: "!mutability " + acme + ":desk"},
		{name: "the name of a manager stays with them", old: `"userName":"a","` + ent + `":{"manager":{"value":"7","displayName":"B"}}`, changed: `"userName":"b","` + ent + `":{"manager":{"value":"7"}}`, want: `"userName":"b","` + ent + `":{"manager":{"value":"7","displayName":"B"}}`},
		{name: "and is not another's", old: `"userName":"a","` + ent + `":{"manager":{"value":"7","displayName":"B"}}`, changed: `"userName":"b","` + ent + `":{"manager":{"value":"8"}}`, want: `"userName":"b","` + ent + `":{"manager":{"value":"8"}}`},
		{name: "elements are removed and added", old: `"userName":"a","emails":[{"value":"x"},{"value":"y"}]`, changed: `"userName":"a","emails":[{"value":"y"},{"value":"z"}]`, want: `"userName":"a","emails":[{"value":"y"},{"value":"z"}]`},
	} {
		t.Run(test.name, func(t *testing.T) {
			kind := typeOf(t, "user")
			old, changed := decode(t, "{"+test.old+"}"), decode(t, "{"+test.changed+"}")
			got, err := scim.Replace(kind, old, changed)
			assert.Empty(t, cmp.Diff(decode(t, "{"+test.old+"}"), old), "the old resource was altered")
			assert.Empty(t, cmp.Diff(decode(t, "{"+test.changed+"}"), changed), "the new resource was altered")
			if test.want[0] == '!' {
				requireError(t, err, test.want[1:])
				return
			}
			require.NoError(t, err)
			schemas := []any{scim.UserURN}
			for _, urn := range []string{ent, acme} {
				if got[urn] != nil {
					schemas = append(schemas, urn)
				}
			}
			assert.Equal(t, schemas, got["schemas"], "the schemas are those that have data")
			delete(got, "schemas")
			requireJSON(t, "{"+test.want+"}", got)
		})
	}
}

// TestRestore: what is stored as JSON is the same when it is read again, decimals too.
func TestRestore(t *testing.T) {
	t.Parallel()
	m := maker{rand.New(rand.NewPCG(23, 0))}
	kind := typeOf(t, "user")
	decimals := 0
	for range 500 {
		o := m.resource(t, kind)
		text, err := json.Marshal(o)
		require.NoError(t, err)
		got, err := scim.Restore(kind, text)
		require.NoError(t, err)
		require.Empty(t, cmp.Diff(o, got))
		if v, ok := object(got["urn:acme:scim:2.0:User"])["ratio"]; ok {
			require.IsType(t, 1.5, v)
			decimals++
		}
	}
	assert.Greater(t, decimals, 50)
	_, err := scim.Restore(kind, []byte(`{"a":1,"A":2}`))
	requireError(t, err, "invalidSyntax ")
}
