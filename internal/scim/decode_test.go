package scim_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/scim"
)

func TestDecode(t *testing.T) {
	got, err := scim.Decode([]byte("\xef\xbb\xbf" + ` { "a" : [ 1 , -2.5e1 , "\u00e9\ud83d\ude00\n\/", true , false , null , { } , [ ] ] , "b":9223372036854775807,"c":9223372036854775808,"d":1e999 } `))
	require.NoError(t, err)
	require.Equal(t, scim.Object{
		"a": []any{int64(1), -25.0, "é😀\n/", true, false, nil, scim.Object{}, []any{}},
		"b": int64(9223372036854775807), "c": json.Number("9223372036854775808"), "d": json.Number("1e999"),
	}, got)
}

func TestDecodeRefuses(t *testing.T) {
	for name, body := range map[string]string{
		"empty": "", "array": `[]`, "string": `"a"`, "open": `{"a":1`, "trailing": `{} {}`, "comma": `{"a":1,}`, "no colon": `{"a" 1}`,
		"twice": `{"a":1,"a":2}`, "twice in another case": `{"a":{"Value":1,"value":2}}`, "name": `{a:1}`, "word": `{"a":nul}`,
		"not UTF-8": "{\"a\":\"\xff\"}", "half a pair": `{"a":"\ud800"}`, "half a pair and text": `{"a":"\ud800\u0041"}`, "low half": `{"a":"\udc00"}`,
		"escape": `{"a":"\x"}`, "short escape": `{"a":"\u12"}`, "control": "{\"a\":\"\n\"}", "plus": `{"a":+1}`, "zero": `{"a":01}`, "dot": `{"a":1.}`, "exponent": `{"a":1e}`,
		"minus": `{"a":-}`, "deep": `{"a":` + strings.Repeat("[", 100_000) + `}`, "backslash at the end": `{"a":"\`,
		"17th of 20": `{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":1,"k":1,"l":1,"m":1,"n":1,"o":1,"p":1,"q":1,"Q":1}`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := scim.Decode([]byte(body))
			requireError(t, err, "invalidSyntax ")
		})
	}
}

// What is accepted means what encoding/json reads.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{`{}`, `{"a":[1,2.5,"x\n",null,true]}`, `{"a":{"b":-0}}`, `{"a":"\ud83d\ude00"}`, `{"a":1e3}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := scim.Decode(body)
		if err != nil {
			return
		}
		body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
		if !json.Valid(body) || !utf8.Valid(body) {
			t.Fatalf("accepted what is not JSON: %q", body)
		}
		var want any
		d := json.NewDecoder(bytes.NewReader(body))
		d.UseNumber()
		if err := d.Decode(&want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(numbers(want), numbers(got)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// numbers turns all numbers into float64 or their text.
func numbers(v any) any {
	switch v := v.(type) {
	case int64:
		return float64(v)
	case json.Number:
		if f, err := v.Float64(); err == nil {
			return f
		}
		return string(v)
	case []any:
		out := make([]any, len(v))
		for n := range v {
			out[n] = numbers(v[n])
		}
		return out
	case scim.Object:
		out := scim.Object{}
		for name := range v {
			out[name] = numbers(v[name])
		}
		return out
	}
	return v
}

func BenchmarkDecode(b *testing.B) {
	body := []byte(`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"ana@acme.example","externalId":"E1","name":{"givenName":"Ana","familyName":"Silva"},
		"emails":[{"value":"ana@acme.example","type":"work","primary":true}],"active":true,"displayName":"Ana Silva","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"R&D","employeeNumber":"1","manager":{"value":"2"}}}`)
	b.Run("ours", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _ = scim.Decode(body)
		}
	})
	b.Run("encoding/json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var o scim.Object
			_ = json.Unmarshal(body, &o)
		}
	})
	t, r := scim.UserType(), scim.Lenient()
	raw, _ := scim.Decode(body)
	b.Run("accept", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _ = scim.Accept(t, raw, r)
		}
	})
}
