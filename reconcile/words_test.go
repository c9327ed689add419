package reconcile_test

import (
	"encoding"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/reconcile"
)

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

func timeZone() *time.Location { return time.FixedZone("x", 5*3600) }

type worded interface {
	fmt.Stringer
	encoding.TextMarshaler
}

// Words are stored in plans and journals, so they are fixed here.
func TestWords(t *testing.T) {
	checkWords(t, func(i int) worded { return reconcile.Action(i) }, func(b []byte) (worded, error) {
		var v reconcile.Action
		err := v.UnmarshalText(b)
		return v, err
	}, "", "disable", "end-sessions", "revoke", "handover", "create-entitlement", "adopt", "enable", "create", "update", "grant", "delete")
	checkWords(t, func(i int) worded { return reconcile.Reason(i) }, func(b []byte) (worded, error) {
		var v reconcile.Reason
		err := v.UnmarshalText(b)
		return v, err
	}, "", "joiner", "mover", "leaver", "rehire", "leave", "return", "out of scope", "disappearing", "drift", "adoption", "retention", "undo")
	checkWords(t, func(i int) worded { return reconcile.Situation(i) }, func(b []byte) (worded, error) {
		var v reconcile.Situation
		err := v.UnmarshalText(b)
		return v, err
	}, "", "confirmed", "absent", "found", "ambiguous", "contested", "vanished", "leaver", "expired", "unqualified",
		"undecided", "disappeared", "orphan", "gone")
	checkWords(t, func(i int) worded { return reconcile.HoldKind(i) }, func(b []byte) (worded, error) {
		var v reconcile.HoldKind
		err := v.UnmarshalText(b)
		return v, err
	}, "", "approval", "grace", "guard", "proof", "conflict", "seat", "parked")
	checkWords(t, func(i int) worded { return reconcile.Mode(i) }, func(b []byte) (worded, error) {
		var v reconcile.Mode
		err := v.UnmarshalText(b)
		return v, err
	}, "full", "upsert", "create-only", "observe")
	checkWords(t, func(i int) worded { return reconcile.Reaction(i) }, func(b []byte) (worded, error) {
		var v reconcile.Reaction
		err := v.UnmarshalText(b)
		return v, err
	}, "", "hold", "do", "let")
	assert.Equal(t, "already-so", reconcile.AlreadySo.String())
	assert.Equal(t, "Standing(9)", reconcile.Standing(9).String())
}

func checkWords(t *testing.T, at func(int) worded, read func([]byte) (worded, error), words ...string) {
	t.Helper()
	for i, w := range words {
		v := at(i)
		b, err := v.MarshalText()
		require.NoError(t, err)
		assert.Equal(t, w, string(b))
		assert.Equal(t, w, v.String())
		back, err := read(b)
		require.NoError(t, err)
		assert.Equal(t, v, back)
	}
	_, err := at(len(words)).MarshalText()
	require.Error(t, err)
	assert.Contains(t, at(len(words)).String(), fmt.Sprint("(", len(words), ")"))
	_, err = read([]byte("nonsense"))
	require.ErrorContains(t, err, `"nonsense" is not in the list`)
}
