package scim_test

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/scim"
)

// deep copies a value as JSON has it.
func deep(v any) any {
	switch v := v.(type) {
	case scim.Object:
		out := make(scim.Object, len(v))
		for name, x := range v {
			out[name] = deep(x)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for n := range v {
			out[n] = deep(v[n])
		}
		return out
	}
	return v
}

// canonical wants a resource to be one: what Accept makes of it is the same, its id
// and what clients cannot write aside; and it survives being stored.
func canonical(t *testing.T, kind *scim.ResourceType, o scim.Object) {
	t.Helper()
	writable := maps.Clone(o)
	for _, name := range []string{"id", "meta", "groups"} {
		delete(writable, name)
	}
	again, err := scim.Accept(kind, writable, scim.Strict())
	require.NoError(t, err, "%v", o)
	if !scim.Same(writable, again) {
		require.Empty(t, cmp.Diff(writable, again), "Accept makes something else of it")
	}
	text, err := json.Marshal(o)
	require.NoError(t, err)
	restored, err := scim.Restore(kind, text)
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(o, restored), "it changes by being stored")
}

// patches checks what holds of every PATCH, and returns what it makes of a resource.
func patches(t *testing.T, kind *scim.ResourceType, o scim.Object, request scim.PatchRequest, r scim.Rules) (scim.Object, error) {
	t.Helper()
	untouched := deep(o)
	out, changed, err := scim.Patch(kind, o, request, r)
	require.Empty(t, cmp.Diff(untouched, any(o)), "the resource itself was altered")
	if err != nil {
		told(t, err, scim.Mutability, scim.NoTarget, scim.InvalidValue)
		assert.False(t, changed)
		require.Empty(t, cmp.Diff(o, out), "an operation failed, and something is changed")
		return o, err
	}
	require.Equal(t, !scim.Same(o, out), changed)
	if !changed {
		require.Empty(t, cmp.Diff(o, out))
	}
	canonical(t, kind, out)
	return out, nil
}

// again says whether a request of one operation must make no difference when it is
// repeated: an addition or a replacement, whose target is still the same.
func again(request scim.PatchRequest) bool {
	for _, op := range request.Operations {
		if op.Kind == scim.Remove || op.Path.Filter != nil {
			return false
		}
	}
	// Of several parts one may undo what another did.
	return len(request.Operations) == 1
}

// maker makes resources and operations from schemas.
type maker struct{ *rand.Rand }

func chance[T any](m maker, from ...T) T { return from[m.IntN(len(from))] }

// value is a canonical value of an attribute, or one element of it.
func (m maker) value(a *scim.Attribute) any {
	switch a.Type {
	case scim.Boolean:
		return m.IntN(2) == 0
	case scim.Integer:
		return int64(m.IntN(3))
	case scim.Decimal:
		return chance(m, 0.5, 1, 2)
	case scim.DateTime:
		return chance(m, "2026-11-29T08:00:00Z", "2026-11-29T09:00:00+01:00", "2027-01-01T00:00:00Z")
	case scim.Binary:
		return chance(m, "YWI=", "YWJj")
	case scim.Complex:
		o := scim.Object{}
		for n := range a.SubAttributes {
			sub := &a.SubAttributes[n]
			if sub.Mutability != scim.ReadOnly && (sub.Required || m.IntN(3) > 0) {
				o[sub.Name] = m.value(sub)
			}
		}
		return o
	}
	return chance(m, "a", "A", "b", "c")
}

func (m maker) values(a *scim.Attribute) any {
	if !a.MultiValued {
		return m.value(a)
	}
	var list []any
	for range m.IntN(4) {
		list = append(list, m.value(a))
	}
	return list
}

// attributes are those that clients may write, with the names that paths have for
// them.
func attributes(kind *scim.ResourceType) map[string]*scim.Attribute {
	all := map[string]*scim.Attribute{}
	add := func(prefix string, list []scim.Attribute) {
		for n := range list {
			if a := &list[n]; a.Mutability != scim.ReadOnly && a.Name != "schemas" {
				all[prefix+a.Name] = a
			}
		}
	}
	add("", kind.Core.Attributes)
	for _, e := range kind.Extensions {
		add(e.Schema.ID+":", e.Schema.Attributes)
	}
	return all
}

func (m maker) resource(t *testing.T, kind *scim.ResourceType) scim.Object {
	t.Helper()
	raw := scim.Object{"userName": "a", "displayName": "g"}
	all := attributes(kind)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if m.IntN(3) == 0 {
			raw[name] = m.values(all[name])
		}
	}
	if kind.Name == "Group" {
		delete(raw, "userName")
	}
	o, err := scim.Accept(kind, raw, scim.Lenient())
	require.NoError(t, err)
	o["id"] = "1"
	return o
}

// operation makes one: on an attribute, on a sub-attribute, on elements that a filter
// chooses, or without a path.
func (m maker) operation(kind *scim.ResourceType) scim.Object {
	all := attributes(kind)
	names := slices.Sorted(maps.Keys(all))
	op := scim.Object{"op": chance(m, "add", "replace", "remove")}
	name := chance(m, names...)
	a := all[name]
	value := m.values(a)
	if m.IntN(5) == 0 && op["op"] != "remove" {
		other := chance(m, names...)
		op["value"] = scim.Object{name: value, other: m.values(all[other])}
		return op
	}
	path := name
	if a.Type == scim.Complex {
		sub := &a.SubAttributes[m.IntN(len(a.SubAttributes))]
		filter := "[" + chance(m, `value eq "a"`, `type eq "a"`, `primary eq true`, `not (type eq "b")`, `type eq "a" and value eq "b"`, `type pr`) + "]"
		switch m.IntN(4) {
		case 0:
			path, value = path+"."+sub.Name, m.value(sub)
		case 1:
			path, value = path+filter, m.value(a)
		case 2:
			path, value = path+filter+"."+sub.Name, m.value(sub)
		}
	}
	op["path"] = path
	if op["op"] != "remove" || m.IntN(4) == 0 {
		op["value"] = value
	}
	return op
}

// TestPatchProperties: whatever a PATCH says, the resource stays as it was or becomes
// a canonical one, all operations count or none, and "changed" is the truth.
func TestPatchProperties(t *testing.T) {
	t.Parallel()
	const seed = 3
	m := maker{rand.New(rand.NewPCG(seed, 0))}
	kinds := []*scim.ResourceType{typeOf(t, "user"), typeOf(t, "group")}
	applied, failed, repeated, refused := 0, 0, 0, 0
	rounds := 4000
	if os.Getenv("PROVISION_STORM") != "" {
		rounds = 200_000
	}
	for n := range rounds {
		kind, r := kinds[m.IntN(2)], chance(m, scim.Strict(), scim.Lenient())
		r.DottedKeys = true // names with the URN of their schema, in a value
		o := m.resource(t, kind)
		var ops []any
		for range 1 + m.IntN(3) {
			ops = append(ops, m.operation(kind))
		}
		request, err := scim.ParsePatch(kind, scim.Object{"schemas": []any{scim.PatchURN}, "Operations": ops}, r, scim.Limits{})
		if err != nil {
			refused++
			continue
		}
		out, err := patches(t, kind, o, request, r)
		if t.Failed() {
			t.Fatalf("seed %d, round %d:\n%v\n%v", seed, n, o, ops)
		}
		if err != nil {
			failed++
			continue
		}
		applied++
		if again(request) {
			_, changed, err := scim.Patch(kind, out, request, r)
			require.NoError(t, err, "%v\n%v", o, ops)
			require.False(t, changed, "seed %d, round %d: again it is another: %v\n%v", seed, n, o, ops)
			repeated++
		}
	}
	t.Logf("applied %d, of which %d again; %d failed, %d refused", applied, repeated, failed, refused)
	assert.Greater(t, applied, rounds/3)
	assert.Greater(t, repeated, rounds/12)
	assert.Greater(t, failed, rounds/12)
}

// TestPatchIsAtomic: an operation that fails leaves nothing of those before it, in
// either order, whatever they are.
func TestPatchIsAtomic(t *testing.T) {
	t.Parallel()
	for _, wrong := range []string{
		`{"op":"remove","path":"userName"}`, `{"op":"replace","path":"emails[type eq \"none\"].value","value":"x"}`,
		`{"op":"remove","path":"emails[value eq \"none\"]"}`, `{"op":"replace","value":{"id":"7"}}`,
	} {
		for _, right := range []string{
			`{"op":"replace","path":"title","value":"x"}`, `{"op":"add","path":"emails","value":[{"value":"n"}]}`, `{"op":"remove","path":"emails[type eq \"home\"]"}`,
			`{"op":"replace","path":"emails[type eq \"work\"].value","value":"x"}`, `{"op":"remove","path":"name"}`, `{"op":"add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department","value":"x"}`,
		} {
			for _, operations := range []string{right + "," + wrong, wrong + "," + right} {
				out, changed, err := apply(t, scim.UserType(), scim.Strict(), engineer, operations)
				told(t, err, scim.Mutability, scim.NoTarget)
				assert.False(t, changed)
				before, err := scim.Restore(scim.UserType(), []byte(engineer))
				require.NoError(t, err)
				assert.Empty(t, cmp.Diff(before, out), operations)
			}
		}
	}
}
