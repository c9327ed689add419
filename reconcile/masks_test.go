package reconcile_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

const masksKey = "0123456789abcdef"

func TestMasksTellEqualValuesAndNothingElse(t *testing.T) {
	m, other := reconcile.NewMasks([]byte(masksKey), "title"), reconcile.NewMasks([]byte("another key of 16"), "title")
	assert.Equal(t, m.Value("phone", "1"), m.Value("phone", "1"))
	different := map[string]bool{}
	for _, hash := range []string{
		m.Value("phone", "1"), m.Value("phone", "2"), m.Value("phon", "e1"), m.Value("fax", "1"), m.Label("1"), other.Value("phone", "1"), other.Label("1"),
	} {
		assert.True(t, strings.HasPrefix(hash, "hmac:") && len(hash) == len("hmac:")+22, hash)
		different[hash] = true
	}
	assert.Len(t, different, 7)
	assert.NotEqual(t, m.ID, other.ID)
	assert.Equal(t, m.Label("ana@acme.example"), m.Label(" ANA@acme.example "))
	assert.NotContains(t, fmt.Sprintf("%v %+v %#v", m, m, m), masksKey, "whoever prints a plan does not print the key")

	assert.False(t, m.Hides("title"))
	assert.True(t, m.Hides("phone"))
	assert.Equal(t, reconcile.Name{Attribute: "title", Value: "x"}, m.Name(reconcile.Name{Attribute: "title", Value: "x"}))
	secret := reconcile.NameOf(target.AttributeSpec{Name: "title", Sensitive: true}, "x")
	assert.Contains(t, m.Name(secret).Value, "hmac:", "what is sensitive is never plain")
	var none reconcile.Masks
	assert.Equal(t, secret, none.Name(secret))
	assert.False(t, none.Hides("phone"))
	assert.False(t, none.Locked())

	f := reconcile.FieldChange{Name: "aliases", Before: []string{"B", "a", "b"}, CaseFold: true}
	masked := m.Field(f)
	assert.Len(t, masked.Before, 2, "a set, folded")
	assert.True(t, m.Equal(&masked, []string{"b", "A"}, masked.Before))
	assert.False(t, m.Equal(&masked, []string{"b"}, masked.Before))
	assert.True(t, m.Equal(&masked, nil, masked.After))
}

// Masks hide whatever attribute is not called plain, and of two names that begin alike
// only the one that is.
func TestMasksHideEveryAttribute(t *testing.T) {
	names := []string{""}
	for _, a := range memtarget.Everything().Attributes {
		names = append(names, a.Name, a.Name+"2")
	}
	require.Contains(t, names, "title")
	for _, plain := range names {
		m := reconcile.NewMasks([]byte(masksKey), plain)
		for _, name := range names {
			assert.Equal(t, name != plain, m.Hides(name), "%q where %q is plain", name, plain)
			f := m.Field(reconcile.FieldChange{Name: name, Before: []string{"was so"}, After: []string{"is so"}})
			assert.Equal(t, name != plain, f.Masked)
			assert.Equal(t, name == plain, f.Before[0] == "was so" && f.After[0] == "is so")
			assert.Equal(t, name == plain, m.Name(reconcile.Name{Attribute: name, Value: "x"}).Value == "x")
		}
	}
}

// Redacted hides in a copy; what is applied stays, and its key is in no file.
func TestRedactedUnderMasks(t *testing.T) {
	can := target.Capabilities{Keys: true, Create: true, Disable: true, Attributes: []target.AttributeSpec{{Name: "userName", Unique: true}, {Name: "title"}}}
	key := target.Key{Identity: "E1"}
	in := reconcile.Input{
		Target: "app", Capabilities: can, Masks: reconcile.NewMasks([]byte(masksKey), "title"),
		Owned: target.Owned{Attributes: []target.OwnedAttribute{{Name: "title"}, {Name: "userName"}}},
		Scope: reconcile.One([]target.Desired{{
			Key: key, State: target.Enabled, Label: "ana@acme.example",
			Attributes: target.Attrs(map[string]string{"userName": "ana@acme.example", "title": "Lead"}),
		}}, nil, nil, nil),
		Because: func(*reconcile.Change) []string { return []string{"rule for ana@acme.example"} },
	}
	plan, err := reconcile.Compute(in)
	require.NoError(t, err)
	before, err := json.Marshal(plan)
	require.NoError(t, err)
	assert.NotContains(t, string(before), masksKey)
	shown, err := json.Marshal(plan.Redacted())
	require.NoError(t, err)
	assert.NotContains(t, string(shown), "ana@")
	assert.Contains(t, string(shown), "Lead")
	after, err := json.Marshal(plan)
	require.NoError(t, err)
	assert.Equal(t, string(before), string(after))
	assert.Contains(t, plan.String(), "ana@acme.example", "the text is for whoever may see it")

	var stored reconcile.Plan
	require.NoError(t, json.Unmarshal(before, &stored))
	assert.True(t, stored.Masks.Locked())
	unlocked, err := stored.Unlock(in.Masks)
	require.NoError(t, err)
	assert.False(t, unlocked.Masks.Locked())
	assert.True(t, stored.Masks.Locked(), "the plan that was read stays as it is")
	_, err = stored.Unlock(reconcile.NewMasks([]byte("another key of 16")))
	require.Error(t, err)

	in.Masks = reconcile.Masks{}
	open, err := reconcile.Compute(in)
	require.NoError(t, err)
	all := slices.Concat(open.Changes, plan.Changes)
	for i := range open.Holds {
		all = append(all, open.Holds[i].Change, plan.Holds[i].Change)
	}
	ids := map[string]bool{}
	for i := range all {
		ids[all[i].ID] = true
	}
	assert.Len(t, ids, len(all), "an ID holds the key")
	assert.NotEmpty(t, all)
}
