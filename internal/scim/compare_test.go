package scim_test

import (
	"cmp"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/scim"
)

// RFC 7644, section 3.4.2.3.
func TestCompare(t *testing.T) {
	const acme = "urn:acme:scim:2.0:User"
	for _, test := range []struct {
		name, by, a, b string
		want           int
	}{
		{name: "text, whatever its case", by: "userName", a: `{"userName":"ana"}`, b: `{"userName":"BEA"}`, want: -1},
		{name: "text that differs in case", by: "userName", a: `{"userName":"ana"}`, b: `{"userName":"ANA"}`},
		{name: "text where case counts", by: "externalId", a: `{"externalId":"ana"}`, b: `{"externalId":"BEA"}`, want: 1},
		{name: "a prefix", by: "title", a: `{"title":"a"}`, b: `{"title":"ab"}`, want: -1},
		{name: "no value comes last", by: "title", a: `{"userName":"a"}`, b: `{"title":"z"}`, want: 1},
		{name: "neither has one", by: "title", a: `{"userName":"a"}`, b: `{"userName":"b"}`},
		{name: "false before true", by: "active", a: `{"active":false}`, b: `{"active":true}`, want: -1},
		{name: "numbers", by: acme + ":badge", a: `{"` + acme + `":{"badge":9}}`, b: `{"` + acme + `":{"badge":10}}`, want: -1},
		{name: "whole and not", by: acme + ":ratio", a: `{"` + acme + `":{"ratio":2}}`, b: `{"` + acme + `":{"ratio":1.5}}`, want: 1},
		{name: "dates by the instant", by: acme + ":since", a: `{"` + acme + `":{"since":"2026-11-29T09:30:00+01:00"}}`, b: `{"` + acme + `":{"since":"2026-11-29T09:00:00Z"}}`, want: -1},
		{name: "a sub-attribute", by: "name.familyName", a: `{"name":{"familyName":"b"}}`, b: `{"name":{"familyName":"a"}}`, want: 1},
		{name: "a complex value by its value", by: scim.EnterpriseURN + ":manager", a: `{"` + scim.EnterpriseURN + `":{"manager":{"value":"1"}}}`, b: `{"` + scim.EnterpriseURN + `":{"manager":{"value":"2"}}}`, want: -1},
		{name: "the primary of several", by: "emails", a: `{"emails":[{"value":"a"},{"value":"z","primary":true}]}`, b: `{"emails":[{"value":"m"}]}`, want: 1},
		{name: "else the first", by: "emails.value", a: `{"emails":[{"value":"a"},{"value":"z"}]}`, b: `{"emails":[{"value":"m"},{"value":"b"}]}`, want: -1},
		{name: "a complex value without value", by: "name", a: `{"name":{"familyName":"b"}}`, b: `{"name":{"familyName":"a"}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			kind := typeOf(t, "user")
			by, err := scim.ParseAttribute(test.by, kind)
			require.NoError(t, err)
			a, err := scim.Restore(kind, []byte(test.a))
			require.NoError(t, err)
			b, err := scim.Restore(kind, []byte(test.b))
			require.NoError(t, err)
			assert.Equal(t, test.want, cmp.Compare(scim.Compare(a, b, by.Attr), 0))
			assert.Equal(t, -test.want, cmp.Compare(scim.Compare(b, a, by.Attr), 0))
		})
	}
}

// TestCompareOrders: by whatever attribute, it is an order: nothing comes before
// itself, and what comes before something comes before all that comes after it.
func TestCompareOrders(t *testing.T) {
	t.Parallel()
	m := maker{rand.New(rand.NewPCG(19, 0))}
	kind := typeOf(t, "user")
	differ := 0
	for name := range attributes(kind) {
		by, err := scim.ParseAttribute(name, kind)
		require.NoError(t, err)
		for range 30 {
			a, b, c := m.resource(t, kind), m.resource(t, kind), m.resource(t, kind)
			x, y := scim.Compare(a, b, by.Attr), scim.Compare(b, c, by.Attr)
			require.Zero(t, scim.Compare(a, a, by.Attr))
			require.Equal(t, -cmp.Compare(x, 0), cmp.Compare(scim.Compare(b, a, by.Attr), 0), name)
			if x <= 0 && y <= 0 {
				z := scim.Compare(a, c, by.Attr)
				require.LessOrEqual(t, z, 0, "%s: %v\n%v\n%v", name, a, b, c)
				require.Equal(t, x == 0 && y == 0, z == 0, name)
			}
			if x != 0 {
				differ++
			}
		}
	}
	assert.Greater(t, differ, 200)
}
