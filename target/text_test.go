package target_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/target"
)

func TestKeyText(t *testing.T) {
	for k, text := range map[target.Key]string{
		{}:                               "",
		key("E11"):                       "E11",
		{Identity: "E11", Slot: "admin"}: "E11~admin",
		key("a~b"):                       "a~~b",
		{Identity: "~", Slot: "x"}:       "~~~x",
		{Identity: "a~", Slot: "b c"}:    "a~~~b c",
	} {
		assert.Equal(t, text, k.String())
		back, err := target.ParseKey(text)
		require.NoError(t, err)
		assert.Equal(t, k, back)
	}
	for _, bad := range []string{"~", "~x", "a~", "a~b~c", "a~b~~c"} {
		_, err := target.ParseKey(bad)
		assert.Error(t, err, bad)
		var k target.Key
		assert.Error(t, k.UnmarshalText([]byte(bad)), bad)
	}
	text, err := json.Marshal(map[target.Key]target.Key{key("a~b"): {Identity: "E1", Slot: "x"}})
	require.NoError(t, err)
	assert.Equal(t, `{"a~~b":"E1~x"}`, string(text))
	var back map[target.Key]target.Key
	require.NoError(t, json.Unmarshal(text, &back))
	assert.Equal(t, target.Key{Identity: "E1", Slot: "x"}, back[key("a~b")])
	assert.Negative(t, key("E1").Compare(target.Key{Identity: "E1", Slot: "a"}))
	assert.Negative(t, key("E1").Compare(key("E2")))
}

func FuzzKey(f *testing.F) {
	f.Add("E11", "admin")
	f.Add("~", "")
	f.Add("a~~", "b")
	f.Fuzz(func(t *testing.T, identity, slot string) {
		k := target.Key{Identity: identity, Slot: slot}
		back, err := target.ParseKey(k.String())
		if err == nil {
			assert.Equal(t, k.String(), back.String())
		}
		if stored := target.StoredKey(k.String()); stored != k && identity != "" && slot == "" {
			t.Errorf("%q reads back as %q", k, stored)
		}
		parsed, err := target.ParseKey(identity)
		if err == nil {
			assert.Equal(t, identity, parsed.String(), "a text has one key")
		}
	})
}

func TestEntitlementText(t *testing.T) {
	e := target.Entitlement{Kind: "group", Name: "a:b"}
	assert.Equal(t, "group:a:b", e.String())
	var back target.Entitlement
	require.NoError(t, back.UnmarshalText([]byte("group:a:b")))
	assert.Equal(t, e, back)
	require.NoError(t, back.UnmarshalText(nil))
	assert.Equal(t, target.Entitlement{}, back)
	text, err := json.Marshal(e)
	require.NoError(t, err)
	assert.Equal(t, `"group:a:b"`, string(text))
	for _, bad := range []string{"group", "group:", ":x", ":"} {
		assert.Error(t, back.UnmarshalText([]byte(bad)), bad)
	}
}

func TestReferenceText(t *testing.T) {
	for ref, text := range map[target.Ref]string{
		{ID: "7", Key: key("E1")}: "E1",
		{ID: "7"}:                 "~7",
		{ID: "~7"}:                "~:~7",
		{ID: ":7"}:                "~::7",
		{ID: "7", Key: target.Key{Identity: "~7", Slot: "x"}}: "~~7~x",
	} {
		assert.Equal(t, text, ref.Text())
		back, err := target.ParseRef(text)
		require.NoError(t, err)
		if ref.Key.IsZero() {
			assert.Equal(t, target.Ref{ID: ref.ID}, back)
		} else {
			assert.Equal(t, target.Ref{Key: ref.Key}, back)
		}
	}
	for _, bad := range []string{"", "~", "a~b~c"} {
		_, err := target.ParseRef(bad)
		assert.Error(t, err, bad)
	}
}

// FuzzReference: a native id and a key never read the same.
func FuzzReference(f *testing.F) {
	f.Add("7", "E1", "")
	f.Add("~", "~", "x")
	f.Add("~x", "~x", "")
	f.Fuzz(func(t *testing.T, id, identity, slot string) {
		k := target.Key{Identity: identity, Slot: slot}
		if id == "" || identity == "" || target.StoredKey(k.String()) != k {
			t.Skip()
		}
		byID, byKey := target.Ref{ID: id}.Text(), target.Ref{ID: id, Key: k}.Text()
		assert.NotEqual(t, byID, byKey)
		back, err := target.ParseRef(byID)
		require.NoError(t, err)
		assert.Equal(t, target.Ref{ID: id}, back)
		back, err = target.ParseRef(byKey)
		require.NoError(t, err)
		assert.Equal(t, target.Ref{Key: k}, back)
	})
}

func TestReferencesBecomeKeys(t *testing.T) {
	ids := map[string]target.Key{"7": key("E1"), "8": {}}
	native := target.AttrsOf(map[string][]string{"manager": {"7", "8", "9"}, "title": {"7"}})
	refs := []string{"manager", "assistant"}
	keyed, unknown := target.KeyReferences(native, refs, func(id string) (target.Key, bool) {
		k, ok := ids[id]
		return k, ok
	})
	assert.Equal(t, target.AttrsOf(map[string][]string{"manager": {"E1", "~8", "~9"}, "title": {"7"}}), keyed)
	assert.Equal(t, []string{"9"}, unknown)

	caps := target.Capabilities{Attributes: []target.AttributeSpec{{Name: "a"}, {Name: "manager", Ref: true}}}
	assert.Equal(t, []string{"manager"}, caps.References())
	_, ok := caps.Attribute("b")
	assert.False(t, ok)
	_, ok = caps.Kind("group")
	assert.False(t, ok)
}

func TestUnsupported(t *testing.T) {
	var u target.Unsupported
	ctx := t.Context()
	_, err := u.EnsureEntitlement(ctx, target.EnsureRequest{})
	for _, err := range []error{
		err, u.Delete(ctx, target.StateRequest{}), u.Grant(ctx, target.GrantRequest{}), u.Revoke(ctx, target.GrantRequest{}),
		u.EndSessions(ctx, target.SessionsRequest{}), u.Handover(ctx, target.HandoverRequest{}),
	} {
		assert.ErrorIs(t, err, target.ErrUnsupported)
	}
	for range u.Entitlements(ctx) { //nolint:errcheck // there is nothing
		t.Error("an empty catalogue")
	}
}
