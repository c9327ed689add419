package target_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/target"
)

func TestAttributesReadBack(t *testing.T) {
	long := strings.Repeat("x", 20000) // a length of three bytes
	a := target.AttrsOf(map[string][]string{
		"title": {"Engineer"}, "groups": {"b", "a", "b", "", "\x00\xff"}, "empty": {""}, "none": nil, "": {"x"}, "long": {long},
	})
	assert.Equal(t, 3, a.Len())
	assert.Equal(t, []string{"groups", "long", "title"}, a.Names())
	assert.Equal(t, []string{"\x00\xff", "a", "b"}, a.Values("groups"))
	assert.Equal(t, "\x00\xff", a.Get("groups"))
	assert.Equal(t, long, a.Get("long"))
	assert.True(t, a.Has("title"))
	for _, name := range []string{"empty", "none", "", "zzz", "a"} {
		assert.False(t, a.Has(name), name)
		assert.Empty(t, a.Get(name))
		assert.Nil(t, a.Values(name))
	}
	assert.Equal(t, `b="1" c="2","3"`, target.AttrsOf(map[string][]string{"b": {"1"}, "c": {"3", "2"}}).String())
}

func TestAttributesZero(t *testing.T) {
	var zero target.Attributes
	assert.Equal(t, zero, target.Attrs(nil))
	assert.Equal(t, zero, target.Attrs(map[string]string{"a": ""}))
	assert.True(t, zero.IsZero())
	assert.Zero(t, zero.Len())
	assert.Nil(t, zero.Names())
	assert.Equal(t, zero, zero.Without("a"))
	assert.Equal(t, target.Attrs(map[string]string{"a": "1"}), zero.With("a", "1"))
	assert.Equal(t, zero, zero.With("a"))
	assert.Empty(t, zero.String())
}

func TestAttributesCopiesDiffer(t *testing.T) {
	a := target.Attrs(map[string]string{"a": "1", "b": "2"})
	assert.Equal(t, target.Attrs(map[string]string{"a": "9", "b": "2"}), a.With("a", "9"))
	assert.Equal(t, target.Attrs(map[string]string{"b": "2"}), a.With("a", ""))
	assert.Equal(t, a, a.With("a", "1"))
	assert.Equal(t, a, a.With("c"))
	assert.Equal(t, target.Attrs(map[string]string{"a": "1"}), a.Without("b", "c"))
	assert.Equal(t, a, a.Without("c"))
	assert.Equal(t, target.Attrs(map[string]string{"a": "1", "b": "3", "c": "4"}),
		a.Merge(target.Attrs(map[string]string{"b": "3", "c": "4"})))
	assert.Equal(t, a, a.Merge(target.Attributes{}))
	assert.Equal(t, a, target.Attributes{}.Merge(a))
	assert.Equal(t, "1", a.Get("a"), "the original stays")
}

func TestDiff(t *testing.T) {
	a := target.AttrsOf(map[string][]string{"a": {"1"}, "b": {"2"}, "d": {"4", "5"}})
	b := target.AttrsOf(map[string][]string{"b": {"2"}, "c": {"3"}, "d": {"4"}})
	assert.Equal(t, []target.Difference{
		{Name: "a", A: []string{"1"}},
		{Name: "c", B: []string{"3"}},
		{Name: "d", A: []string{"4", "5"}, B: []string{"4"}},
	}, slices.Collect(target.Diff(a, b)))
	assert.Empty(t, slices.Collect(target.Diff(a, a)))
	for range target.Diff(a, b) {
		break
	}
	for range a.All() {
		break
	}
}

func TestCovers(t *testing.T) {
	a := target.Attrs(map[string]string{"a": "1", "b": "2", "d": "4"})
	assert.True(t, a.Covers(a))
	assert.True(t, a.Covers(target.Attributes{}))
	assert.True(t, a.Covers(target.Attrs(map[string]string{"b": "2"})))
	assert.True(t, a.Covers(target.Attrs(map[string]string{"a": "1", "d": "4"})))
	for name, value := range map[string]string{"b": "3", "c": "3", "e": "5", "0": "0"} {
		assert.False(t, a.Covers(target.Attrs(map[string]string{name: value})), name)
	}
	assert.False(t, target.Attributes{}.Covers(a))
}

func TestAttributesJSON(t *testing.T) {
	a := target.AttrsOf(map[string][]string{"b": {"<x>", "y"}, "a": {`"q"`}, "raw": {"\xff\x00", "text"}})
	text, err := json.Marshal(a)
	require.NoError(t, err)
	assert.Equal(t, `{"a":"\"q\"","b":["\u003cx\u003e","y"],"raw":["text",{"base64":"/wA="}]}`, string(text))
	var back target.Attributes
	require.NoError(t, json.Unmarshal(text, &back))
	assert.Equal(t, a, back)

	text, err = json.Marshal(target.Attributes{})
	require.NoError(t, err)
	assert.Equal(t, "{}", string(text))
	require.NoError(t, json.Unmarshal([]byte("null"), &back))
	assert.True(t, back.IsZero())

	_, err = json.Marshal(target.Attrs(map[string]string{"\xff": "x"}))
	require.ErrorContains(t, err, "UTF-8")
	for _, bad := range []string{
		`[]`, `{"a":1}`, `{"a":true}`, `{"a":null}`, `{"a":[null]}`, `{"a":[["x"]]}`, `{"a":{}}`, `{"a":{"base64":"?"}}`, `{"a":{"base64":1}}`,
	} {
		assert.Error(t, json.Unmarshal([]byte(bad), &back), bad)
	}
}

func FuzzAttributes(f *testing.F) {
	f.Add("title", "Engineer", "title", "engineer")
	f.Add("a", "", "", "x")
	f.Add("a", "b\x01c", "ab", "\x01c")
	f.Add("n", strings.Repeat("v", 127), "n", strings.Repeat("v", 128))
	f.Fuzz(func(t *testing.T, n1, v1, n2, v2 string) {
		want := map[string][]string{}
		for _, p := range [][2]string{{n1, v1}, {n2, v2}, {n2, v1}} {
			if p[0] != "" && p[1] != "" && !slices.Contains(want[p[0]], p[1]) {
				want[p[0]] = append(want[p[0]], p[1])
			}
		}
		for _, values := range want {
			slices.Sort(values)
		}
		a := target.AttrsOf(map[string][]string{n1: {v1}}).With("zz")
		var b target.AttrBuilder
		for range 2 { // the builder is used again
			b.Add(n2, v2, v1)
			b.Add(n1, v1)
			a = b.Build()
		}
		got := maps.Collect(a.All())
		if len(want) == 0 {
			assert.True(t, a.IsZero())
			return
		}
		assert.Equal(t, want, got)
		assert.Equal(t, a, target.AttrsOf(want))
		if text, err := json.Marshal(a); err == nil {
			var back target.Attributes
			require.NoError(t, json.Unmarshal(text, &back))
			assert.Equal(t, a, back)
		}
	})
}

// TestAttributesAgainstMaps compares with the obvious, slow way.
func TestAttributesAgainstMaps(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	random := func() map[string][]string {
		m := map[string][]string{}
		for range r.IntN(6) {
			name := string(rune('a' + r.IntN(5)))
			for range r.IntN(3) {
				m[name] = append(m[name], strings.Repeat("v", 1+r.IntN(2)*130)+string(rune('0'+r.IntN(3))))
			}
			if len(m[name]) == 0 {
				delete(m, name)
				continue
			}
			slices.Sort(m[name])
			m[name] = slices.Compact(m[name])
		}
		return m
	}
	same := func(x, y map[string][]string) bool { return maps.EqualFunc(x, y, slices.Equal) }
	for range 2000 {
		x, y := random(), random()
		a, b := target.AttrsOf(x), target.AttrsOf(y)
		require.Equal(t, same(x, y), a == b)
		require.Equal(t, a == b, a.Equal(b))
		merged, covers := maps.Clone(x), true
		for name, values := range y {
			merged[name] = values
			covers = covers && slices.Equal(x[name], values)
		}
		require.Equal(t, target.AttrsOf(merged), a.Merge(b))
		require.Equal(t, covers, a.Covers(b))
		patched := a
		for d := range target.Diff(a, b) {
			require.Equal(t, x[d.Name], d.A)
			require.Equal(t, y[d.Name], d.B)
			patched = patched.With(d.Name, d.B...)
		}
		require.Equal(t, b, patched, "what differs turns a into b")
	}
}

func twelve(i int) target.Attributes {
	m := map[string]string{}
	for n := range 12 {
		m[fmt.Sprintf("attribute%02d", n)] = fmt.Sprintf("value %d", (i*7+n)%1000)
	}
	return target.Attrs(m)
}

// The figures to watch: equal pairs cost a comparison of memory, and looking at
// a few desired attributes allocates nothing.
func BenchmarkAttributes(b *testing.B) {
	const n = 100_000
	left, right := make([]target.Attributes, n), make([]target.Attributes, n)
	desired := make([]target.Attributes, n)
	for i := range n {
		left[i], right[i] = twelve(i), twelve(i)
		desired[i] = left[i].Without("attribute00", "attribute05", "attribute11")
	}
	b.Run("equal", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if left[i%n] != right[i%n] {
				b.Fatal("differ")
			}
		}
	})
	b.Run("covers", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if !left[i%n].Covers(desired[i%n]) {
				b.Fatal("differ")
			}
		}
	})
	b.Run("build", func(b *testing.B) {
		b.ReportAllocs()
		var build target.AttrBuilder
		names := left[0].Names()
		for b.Loop() {
			for _, name := range names {
				build.Add(name, "some value")
			}
			build.Build()
		}
	})
}
