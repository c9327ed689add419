package target_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/target"
)

// FuzzEntitlement: a text is one entitlement or an error, and one entitlement has
// one text.
func FuzzEntitlement(f *testing.F) {
	for _, s := range []string{"", "group:engineering", "group:a:b", ":", "group:", ":x", "group", "::", "g:\x00\xff"} {
		f.Add(s, "group", "a:b")
	}
	f.Fuzz(func(t *testing.T, text, kind, name string) {
		e, err := target.ParseEntitlement(text)
		if err == nil {
			assert.Equal(t, text, e.String())
		} else {
			assert.Zero(t, e)
		}
		if kind != "" && name != "" && !strings.Contains(kind, ":") {
			want := target.Entitlement{Kind: kind, Name: name}
			got, err := target.ParseEntitlement(want.String())
			require.NoError(t, err)
			assert.Equal(t, want, got)
		}
		kept := target.Entitlement{Kind: "group", Name: "kept"}
		if kept.UnmarshalText([]byte(text)) != nil {
			assert.Equal(t, target.Entitlement{Kind: "group", Name: "kept"}, kept, "an error changes nothing")
		} else {
			assert.Equal(t, e, kept)
		}
	})
}

// FuzzReferenceText: what is read as a reference is written so that it is read
// as the same again, and never as somebody else.
func FuzzReferenceText(f *testing.F) {
	for _, s := range []string{"", "E1", "~7", "~:~7", "~::", "~:", "~", "~~", "~~7~x", "a~b~c", "a~~", "~~~"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		ref, err := target.ParseRef(text)
		if err != nil {
			assert.Zero(t, ref)
			return
		}
		assert.NotEqual(t, ref.ID == "", ref.Key.IsZero(), "a native id or a key")
		assert.Equal(t, text, ref.Text(), "a reference has one text")
	})
}

// FuzzKeyText: what a system stores as key is read back by its text, whoever
// wrote it.
func FuzzKeyText(f *testing.F) {
	for _, s := range []string{"", "E1", "E1~admin", "a~~b", "~", "~~", "~~~", "a~", "~a", "a~b~c", "\x00\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		k, err := target.ParseKey(text)
		if err == nil {
			assert.Equal(t, text, k.String())
			assert.Equal(t, k, target.StoredKey(text))
			return
		}
		assert.Zero(t, k)
		stored := target.StoredKey(text)
		assert.Empty(t, stored.Identity, "a text that is no key is nobody's")
		assert.NotEmpty(t, stored.Slot, "and is not nothing either")
	})
}

// FuzzAttributesJSON: stored attributes are read as they were written, or not at
// all.
func FuzzAttributesJSON(f *testing.F) {
	for _, s := range []string{
		`{}`, `null`, `{"title":"Clerk"}`, `{"a":["x","y"]}`, `{"a":{"base64":"/w=="}}`, `{"a":[{"base64":"/w=="},"b"]}`,
		`{"a":null}`, `{"a":[null]}`, `{"a":1}`, `{"a":{}}`, `{"a":[]}`, `{"":"x"}`, `{"a":"","a":"b"}`, `{"a":[ "x" , "x" ]}`, `[`, `{"a":"\ud800"}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		kept := target.Attrs(map[string]string{"title": "kept"})
		a := kept
		if err := a.UnmarshalJSON(b); err != nil {
			assert.Equal(t, kept, a, "an error changes nothing")
			return
		}
		stored, err := json.Marshal(a)
		require.NoError(t, err)
		var again target.Attributes
		require.NoError(t, json.Unmarshal(stored, &again))
		assert.True(t, a.Equal(again), "%s", stored)
		twice, err := json.Marshal(again)
		require.NoError(t, err)
		assert.Equal(t, string(stored), string(twice), "equal attributes have equal bytes")
	})
}
