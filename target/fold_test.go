package target_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/target"
)

func TestFoldIsASCIIOnly(t *testing.T) {
	assert.Equal(t, "ana.k@acme.example", target.Fold("Ana.K@ACME.example"))
	assert.Equal(t, "[`z{@", target.Fold("[`Z{@"))
	for _, pair := range [][2]string{
		{"K@x", "\u212A@x"}, // Kelvin sign
		{"s", "ſ"}, {"i", "ı"}, {"i", "İ"}, {"a", "а"}, {"é", "É"}, {"a", "ab"},
	} {
		assert.False(t, target.FoldEqual(pair[0], pair[1]), pair)
		assert.NotEqual(t, target.Fold(pair[0]), target.Fold(pair[1]), pair)
	}
	assert.True(t, target.FoldEqual("BO@acme", "bo@ACME"))
	assert.True(t, target.FoldEqual("", ""))
}

func FuzzFold(f *testing.F) {
	f.Add("Ana", "aNA")
	f.Add("K", "\u212A")
	f.Fuzz(func(t *testing.T, a, b string) {
		assert.Equal(t, target.Fold(a) == target.Fold(b), target.FoldEqual(a, b))
		assert.Equal(t, target.Fold(a), target.Fold(target.Fold(a)))
		assert.Len(t, target.Fold(a), len(a))
	})
}

func TestAttributeSpecEqual(t *testing.T) {
	exact, fold := target.AttributeSpec{}, target.AttributeSpec{CaseFold: true}
	assert.True(t, exact.Equal([]string{"a", "b"}, []string{"b", "a", "a"}))
	assert.True(t, exact.Equal(nil, []string{""}))
	assert.False(t, exact.Equal([]string{"a"}, []string{"A"}))
	assert.True(t, fold.Equal([]string{"a"}, []string{"A"}))
	assert.True(t, fold.Equal([]string{"a", "B", "b"}, []string{"b", "A"}))
	assert.False(t, fold.Equal([]string{"a"}, nil))
	assert.False(t, fold.Equal([]string{"k"}, []string{"\u212A"}))
}

func TestWords(t *testing.T) {
	type all struct {
		State    target.State
		Phase    target.Phase
		Strength target.Strength
		Class    target.Class
	}
	for i := range 12 {
		in := all{target.State(i), target.Phase(i), target.Strength(i), target.Class(i)}
		for _, v := range []struct {
			valid bool
			text  string
			read  func(string) error
			in    json.Marshaler
		}{
			{i < 5, in.State.String(), func(s string) error { return in.State.UnmarshalText([]byte(s)) }, nil},
			{i < 7, in.Phase.String(), func(s string) error { return in.Phase.UnmarshalText([]byte(s)) }, nil},
			{i < 3, in.Strength.String(), func(s string) error { return in.Strength.UnmarshalText([]byte(s)) }, nil},
			{i < 9, in.Class.String(), func(s string) error { return in.Class.UnmarshalText([]byte(s)) }, nil},
		} {
			assert.Equal(t, v.valid, v.read(v.text) == nil, v.text)
		}
		assert.Equal(t, all{target.State(i), target.Phase(i), target.Strength(i), target.Class(i)}, in, "reading changes nothing")
	}
	text, err := json.Marshal(all{target.Deleted, target.PreHire, target.IfEmpty, target.NotFound})
	require.NoError(t, err)
	assert.Equal(t, `{"State":"deleted","Phase":"prehire","Strength":"if-empty","Class":"not-found"}`, string(text))
	_, err = json.Marshal(target.State(9))
	assert.ErrorContains(t, err, "state 9")
	assert.Equal(t, "Class(99)", target.Class(99).String())
}
