package jsonscan

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// build makes of JSON what encoding/json makes of it.
func build(s *Scanner) (any, error) {
	switch s.Peek() {
	case '{':
		members := map[string]any{}
		err := s.Members(func(key []byte) error {
			name := string(bytes.ToValidUTF8(key, nil))
			v, err := build(s)
			members[name] = v
			return err
		})
		return members, err
	case '[':
		elements := []any{}
		err := s.Elements(func() error {
			v, err := build(s)
			elements = append(elements, v)
			return err
		})
		return elements, err
	}
	v, err := s.Value()
	switch v.Kind {
	case Null:
		return nil, err
	case Boolean:
		return v.Text() == "true", err
	case Number:
		return json.Number(v.Text()), err
	default:
		return v.Text(), err
	}
}

// FuzzScanner compares the scanner with encoding/json: the same texts are accepted,
// and they mean the same.
func FuzzScanner(f *testing.F) {
	for _, seed := range []string{
		`{"a":"b","c":[1,-2.5e+3,true,false,null,{}],"é":"\u00e9\"\\\/\b\f\n\r\t"}`, ` [ ] `, `""`, `0`, `-0.0`, `01`, `1.`, `.5`,
		`{"a":}`, `{"a" 1}`, `[1,]`, `{,}`, `"\x"`, "\"\x01\"", "\"\xff\"", `"\ud800"`, `"\ud83d\ude00"`, `nul`, `tru`, `{"a":1}x`, ``,
		`{"data":[{"fields":{"eeid":"42"}}],"meta":{"totalItems":1}}`, "[\"\u2028\"]", `"a\"`, `1e`, `--1`, `+1`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if strings.Count(string(data), "[")+strings.Count(string(data), "{") > deepest/2 {
			return // the scanner is less patient
		}
		s := Scanner{data: data}
		got, err := build(&s)
		if err == nil {
			err = s.End()
		}
		if valid := json.Valid(data); valid != (err == nil) {
			t.Fatalf("encoding/json says valid: %t, the scanner says %v, to %q", valid, err, data)
		}
		skipping := Scanner{data: data}
		skipped := skipping.Skip()
		if skipped == nil {
			skipped = skipping.End()
		}
		if (skipped == nil) != (err == nil) {
			t.Fatalf("skipping says %v, reading says %v, to %q", skipped, err, data)
		}
		if err != nil || !utf8Keys(data) {
			return
		}
		decoder := json.NewDecoder(bytes.NewReader(data))
		decoder.UseNumber()
		var want any
		if decoder.Decode(&want) != nil {
			return
		}
		assert.Equal(t, want, got)
	})
}

// utf8Keys says whether the text is UTF-8. In keys that are not, the two differ in
// what stands for the damage, and no key of ours is.
func utf8Keys(data []byte) bool { return bytes.Equal(bytes.ToValidUTF8(data, nil), data) }

func TestScannerDepth(t *testing.T) {
	deep := Scanner{data: []byte(strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000))}
	assert.ErrorIs(t, deep.Skip(), ErrJSON)
}
