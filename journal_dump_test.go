package provision

import (
	"encoding/json"
	"fmt"
	"iter"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"
	"unsafe"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// TestEveryFieldOfStateIsInTheDump fills a state at random, field by field, and expects
// it back from its dump.
func TestEveryFieldOfStateIsInTheDump(t *testing.T) {
	for seed := range uint64(30) {
		g := &generator{r: rand.New(rand.NewPCG(seed, 3))}
		st := newState()
		g.fill(reflect.ValueOf(st).Elem())
		b, err := json.Marshal(st.dump())
		require.NoError(t, err)
		var d stateDump
		require.NoError(t, json.Unmarshal(b, &d))
		if diff := sameState(st, d.state()); diff != "" {
			t.Fatalf("seed %d: a compaction would lose what the fields below remember. Add each to stateDump or "+
				"targetDump in journal_dump.go, write it in dump, and read it back in state or fill "+
				"(- is what was remembered, + what came back):\n%s", seed, diff)
		}
	}
}

// TestGeneratedStatesDiffer: the generator leaves no field at its zero value, or the
// test above would pass for nothing.
func TestGeneratedStatesDiffer(t *testing.T) {
	for _, of := range []reflect.Type{reflect.TypeFor[state](), reflect.TypeFor[targetState]()} {
		for i := range of.NumField() {
			set := false
			for seed := range uint64(20) {
				g := &generator{r: rand.New(rand.NewPCG(seed, 3))}
				v := reflect.New(of).Elem()
				g.fill(v)
				set = set || !v.Field(i).IsZero()
			}
			require.True(t, set, "teach the generator to fill %s.%s", of.Name(), of.Field(i).Name)
		}
	}
}

// sameState compares two states field by field.
func sameState(a, b *state) string {
	return cmp.Diff(a, b, cmpopts.EquateEmpty(), cmp.Exporter(func(reflect.Type) bool { return true }),
		cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) }),
		cmp.Comparer(func(a, b *recentKeys) bool { return cmp.Equal(a.dump(), b.dump()) }))
}

// generator makes values at random that a journal could have led to.
type generator struct{ r *rand.Rand }

func (g *generator) text() string { return fmt.Sprintf("t%d", g.r.IntN(1e6)) }

func (g *generator) fill(v reflect.Value) {
	if !v.CanSet() { // a field that is not exported
		v = reflect.NewAt(v.Type(), unsafe.Pointer(v.UnsafeAddr())).Elem()
	}
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.Unix(g.r.Int64N(1<<32), g.r.Int64N(1e9)).UTC()))
		return
	case target.Key:
		v.Set(reflect.ValueOf(target.Key{Identity: g.text() + "~", Slot: []string{"", "admin"}[g.r.IntN(2)]}))
		return
	case target.Entitlement:
		v.Set(reflect.ValueOf(target.Entitlement{Kind: "group", Name: g.text() + ":x"}))
		return
	case *recentKeys:
		r := &recentKeys{}
		for range g.r.IntN(20) + 1 {
			r.note(target.Key{Identity: fmt.Sprint("E", g.r.IntN(10))}, time.Unix(g.r.Int64N(50), 0))
		}
		v.Set(reflect.ValueOf(r))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for _, field := range v.Fields() {
			g.fill(field)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		g.fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), g.r.IntN(3)+1, 5))
		for i := range v.Len() {
			g.fill(v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range g.r.IntN(3) + 1 {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			g.fill(key)
			g.fill(value)
			v.SetMapIndex(key, value)
		}
	case reflect.String:
		v.SetString(g.text())
	case reflect.Bool:
		v.SetBool(g.r.IntN(2) == 0)
	case reflect.Uint8: // a word of a closed list
		v.SetUint(uint64(g.r.IntN(4) + 1))
	case reflect.Uint64, reflect.Uint32, reflect.Uint:
		v.SetUint(g.r.Uint64N(1 << 31))
	case reflect.Int64, reflect.Int32, reflect.Int:
		v.SetInt(g.r.Int64N(1 << 30))
	case reflect.Float64:
		v.SetFloat(g.r.Float64())
	default:
		panic("teach the generator about " + v.Type().String())
	}
}

// TestFoldOfACompactedJournal: for entries of every kind at random, and wherever a journal is
// compacted, once or again, a reader remembers the same as from all entries, from the
// beginning or from any position.
func TestFoldOfACompactedJournal(t *testing.T) {
	for seed := range uint64(40) {
		g := &generator{r: rand.New(rand.NewPCG(seed, 9))}
		all := g.entries(300)
		want := folded(t, all, 0, nil)
		first, second := g.r.IntN(150)+1, g.r.IntN(149)+151
		c, err := CompactEntries(each(all[:first]))
		require.NoError(t, err)
		again, err := CompactEntries(each(append([]Entry{throughJSON(t, c)}, all[first:second]...)))
		require.NoError(t, err)
		require.Equal(t, all[second-1].Position, again.Position)
		require.EqualValues(t, second, again.Fold.Entries)
		compacted := append([]Entry{throughJSON(t, again)}, all[second:]...)
		require.Empty(t, sameState(want, folded(t, compacted, 0, nil)), "seed %d", seed)

		// A reader that is on its way, before or after what was compacted.
		for _, at := range []int{first / 2, first, second, 299} {
			st := folded(t, all[:at], 0, nil)
			require.Empty(t, sameState(want, folded(t, compacted, st.position, st)), "seed %d, read up to %d", seed, at)
		}
	}
}

func each(list []Entry) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for _, e := range list {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func throughJSON(t *testing.T, e Entry) Entry {
	t.Helper()
	b, err := json.Marshal(e)
	require.NoError(t, err)
	var out Entry
	require.NoError(t, json.Unmarshal(b, &out))
	return out
}

// folded reads the entries after a position as an engine does.
func folded(t *testing.T, list []Entry, after uint64, st *state) *state {
	t.Helper()
	if st == nil {
		st = newState()
	}
	for _, e := range list {
		if e.Position <= after {
			continue
		}
		if e.Kind == Compacted {
			require.NoError(t, st.restore(&e))
			continue
		}
		st.apply(&e)
	}
	return st
}

// entries are such as a few runs about few people could leave behind, in any order.
func (g *generator) entries(n int) []Entry {
	out := make([]Entry, n)
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	kinds := []EntryKind{RunBegin, Holding, Lifted, Owing, Dropped, Intent, Happened, Happened, Happened, RunEnd, Deciding, Releasing, Leased}
	pick := func(prefix string, n int) string { return fmt.Sprint(prefix, g.r.IntN(n)) }
	for i := range out {
		at = at.Add(time.Duration(g.r.IntN(7200)) * time.Second)
		e := Entry{
			Position: uint64(i+1) * 2, At: at, Kind: kinds[g.r.IntN(len(kinds))], Target: pick("app", 2), Change: pick("c", 30),
			Key: target.Key{Identity: pick("E", 8)}, Account: pick("a", 8), Action: reconcile.Action(g.r.IntN(11) + 1),
			Entitlement: target.Entitlement{Kind: "group", Name: pick("g", 3)}, Phase: target.Phase(g.r.IntN(6) + 1),
			Names: []reconcile.Name{{Attribute: "userName", Value: pick("n", 9)}},
		}
		switch e.Kind {
		case Happened:
			e.Outcome = Outcome(g.r.IntN(8) + 1)
		case Holding:
			e.Hold = &Pending{Target: e.Target, Since: at, Hold: reconcile.Hold{Change: reconcile.Change{
				ID: e.Change, Action: e.Action, Target: e.Target, Key: e.Key, Entitlement: e.Entitlement,
			}}}
		case Deciding, Releasing:
			e.Decision = &Decision{Actor: "cfo", At: at, Expires: at.Add(time.Hour), Rejected: g.r.IntN(2) == 0, Fingerprint: pick("f", 3)}
		case RunEnd:
			e.End = &RunTotal{
				PlannedAt: at, Whole: g.r.IntN(2) == 0, People: g.r.IntN(9), Managed: g.r.IntN(9), Proved: g.r.IntN(2) == 0,
				Missing: []target.Key{{Identity: pick("E", 8)}}, Identity: pick("E", 8), Broken: g.r.IntN(2) == 0,
			}
		case Leased:
			e.Epoch, e.Lease = uint64(i), &Lease{Holder: pick("h", 2), Until: at.Add(time.Minute)}
		default:
		}
		out[i] = e
	}
	return out
}
