package scim_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/scim"
)

// What is written means what encoding/json reads, and is read again as it was.
func FuzzAppendJSON(f *testing.F) {
	for _, s := range []string{"", "Ana", "é 東京 😀", "\"\\\b\f\n\r\t\x00\x1f", "<&>", "\u2028", "a\xffb", "\xc3", strings.Repeat("x", 100) + "\""} {
		f.Add(s, int64(-1), 2.5, true)
	}
	f.Fuzz(func(t *testing.T, s string, n int64, d float64, b bool) {
		o := scim.Object{"a": s, "n": n, "b": b, "list": []any{s, scim.Object{"x": s}, n}, "empty": scim.Object{}}
		if text, err := json.Marshal(d); err == nil && strings.ContainsAny(string(text), ".e") {
			o["d"] = d
		}
		text, err := scim.AppendJSON([]byte("before"), o)
		require.NoError(t, err)
		text = text[len("before"):]
		var read, want any
		require.NoError(t, json.Unmarshal(text, &read), "%s", text)
		plain, err := json.Marshal(o)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(plain, &want))
		assert.Equal(t, want, read)
		for _, decode := range []func([]byte) (scim.Object, error){scim.Decode, scim.DecodeShared} {
			again, err := decode(text)
			require.NoError(t, err)
			if valid := strings.ToValidUTF8(s, "\ufffd"); valid == s {
				assert.Equal(t, o, again)
			}
		}
	})
}

func TestAppendObjectLeavesOut(t *testing.T) {
	text, err := scim.AppendObject(nil, scim.Object{"b": "x", "a": true, "id": "7"}, "id", "meta")
	require.NoError(t, err)
	assert.JSONEq(t, `{"a":true,"b":"x"}`, string(text))
	assert.Equal(t, `{"a":true,"b":"x"}`, string(text), "in the order of names")
}

// Bodies of strangers are bounded: members of one object always, values where strings
// share memory.
func TestDecodeIsBounded(t *testing.T) {
	var members strings.Builder
	for n := range 1001 {
		members.WriteString(`,"n` + strings.Repeat("x", n) + `":1`)
	}
	_, err := scim.Decode([]byte("{" + members.String()[1:] + "}"))
	require.ErrorContains(t, err, "too many members")
	many := []byte(`{"a":[` + strings.Repeat("1,", 500_000) + `1]}`)
	_, err = scim.Decode(many)
	require.NoError(t, err)
	_, err = scim.DecodeShared(many)
	require.ErrorContains(t, err, "too many values")
}
