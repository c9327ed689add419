package reconcile_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/reconcile"
)

// FuzzStoredPlan: a stored plan is read as it was stored or not at all, and
// nothing in it can move a terminal. Masked plans are among the seeds, because
// their content is not bound to its fingerprint: it can be anything.
func FuzzStoredPlan(f *testing.F) {
	for seed := range uint64(8) {
		d := dice{rand.New(rand.NewPCG(seed, 11))}
		p := compute(f, d.world().input(f))
		f.Add([]byte(bytesOf(f, p)))
		f.Add([]byte(bytesOf(f, p.Redacted())))
	}
	for _, s := range []string{
		``, `null`, `{}`, `{"format":1}`, `{"format":2}`, `{"format":1,"masked":true}`, `{"format":1,"nope":1}`, `{"format":1}{"format":1}`,
		`{"format":1,"masked":true,"changes":[{"action":"create","target":"\u001b[31m","key":"E1~admin","needs":[{"change":"x"}]}]}`,
		`{"format":1,"masked":true,"holds":[{"change":{"action":"disable","label":"a\u202eb\n"},"reasons":[{"kind":"grace","until":"2026-03-01T00:00:00Z"}]}]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		kept := reconcile.Plan{Target: "kept"}
		p := kept
		if err := json.Unmarshal(b, &p); err != nil {
			assert.Equal(t, kept, p, "an error changes nothing")
			return
		}
		stored := bytesOf(t, &p)
		var again reconcile.Plan
		require.NoError(t, json.Unmarshal([]byte(stored), &again), "%s", stored)
		assert.Equal(t, stored, bytesOf(t, &again))
		text := p.String()
		assert.Equal(t, text, again.String())
		for line := range strings.Lines(text) {
			assert.False(t, strings.ContainsFunc(strings.TrimSuffix(line, "\n"), func(r rune) bool { return !unicode.IsPrint(r) }), "%q", line)
		}
		shown := p.Redacted()
		assert.True(t, shown.Masked)
		assert.Equal(t, stored, bytesOf(t, &p), "Redacted altered the plan")
		run, held := shown.Lift(day, nil, nil)
		assert.Empty(t, run, "a masked plan cannot be applied")
		assert.LessOrEqual(t, len(held), len(p.Changes)+len(p.Holds))
	})
}

// FuzzWords: the words of the closed lists are read as they are written, and
// nothing else is.
func FuzzWords(f *testing.F) {
	for _, s := range []string{"", "create", "end-sessions", "joiner", "confirmed", "approval", "full", "Create", "Action(99)", "hold"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, word string) {
		check := func(unmarshal func([]byte) error, marshal func() ([]byte, error)) {
			t.Helper()
			before, before2 := marshal()
			err := unmarshal([]byte(word))
			after, err2 := marshal()
			if err != nil {
				assert.Equal(t, before, after, "an error changes nothing")
				assert.Equal(t, before2, err2)
				return
			}
			require.NoError(t, err2)
			assert.Equal(t, word, string(after))
		}
		var action reconcile.Action
		var reason reconcile.Reason
		var situation reconcile.Situation
		var hold reconcile.HoldKind
		var mode reconcile.Mode
		var reaction reconcile.Reaction
		check(action.UnmarshalText, func() ([]byte, error) { return action.MarshalText() })
		check(reason.UnmarshalText, func() ([]byte, error) { return reason.MarshalText() })
		check(situation.UnmarshalText, func() ([]byte, error) { return situation.MarshalText() })
		check(hold.UnmarshalText, func() ([]byte, error) { return hold.MarshalText() })
		check(mode.UnmarshalText, func() ([]byte, error) { return mode.MarshalText() })
		check(reaction.UnmarshalText, func() ([]byte, error) { return reaction.MarshalText() })
	})
}
