package target_test

import (
	"context"
	"errors"
	"iter"
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/time/rate"

	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// methods are the methods of Target by what they do. TestMethodsAreKnown fails
// when the interface gets one that is missing here.
func methods() (plain, reads, writes []string) {
	return []string{"Name", "Capabilities"},
		[]string{"Accounts", "Entitlements", "Find"},
		[]string{
			"Create", "Update", "Disable", "Enable", "Delete", "EnsureEntitlement", "Grant", "Revoke",
			"EndSessions", "Handover",
		}
}

func TestMethodsAreKnown(t *testing.T) {
	plain, reads, writes := methods()
	known := slices.Concat(plain, reads, writes)
	var got []string
	for m := range reflect.TypeFor[target.Target]().Methods() {
		got = append(got, m.Name)
	}
	assert.ElementsMatch(t, known, got, "decide what every decorator does with a new method")
}

// invoke calls a method with a context and a zero request, and reads a listing
// to its end.
func invoke(t *testing.T, tg target.Target, method string) error {
	t.Helper()
	m := reflect.ValueOf(tg).MethodByName(method)
	args := []reflect.Value{reflect.ValueOf(context.Background())}
	if m.Type().NumIn() > 1 {
		args = append(args, reflect.Zero(m.Type().In(1)))
	}
	out := m.Call(args)
	switch last := out[len(out)-1].Interface().(type) {
	case iter.Seq2[target.Account, error]:
		for _, err := range last {
			if err != nil {
				return err
			}
		}
	case iter.Seq2[target.Held, error]:
		for _, err := range last {
			if err != nil {
				return err
			}
		}
	case error:
		return last
	}
	return nil
}

func TestReadOnlyGuardsEveryWrite(t *testing.T) {
	m := memtarget.New("app", nil)
	guard := target.ReadOnly(m)
	assert.Equal(t, "app", guard.Name())
	assert.Equal(t, m.Capabilities(), guard.Capabilities())
	_, reads, writes := methods()
	for _, name := range writes {
		assert.ErrorIs(t, invoke(t, guard, name), target.ErrReadOnly, name)
	}
	assert.Empty(t, m.Calls(), "a write reached the target")
	for _, name := range reads {
		assert.NotErrorIs(t, invoke(t, guard, name), target.ErrReadOnly, name)
	}
	assert.Len(t, m.Calls(), len(reads))
}

func TestRateLimitedGuardsEveryCall(t *testing.T) {
	m := memtarget.New("app", nil)
	shut := target.RateLimited(m, rate.NewLimiter(1, 0))
	_, reads, writes := methods()
	for _, name := range slices.Concat(reads, writes) {
		err := invoke(t, shut, name)
		assert.Equal(t, target.NotSent, target.ClassOf(err), "%s: %v", name, err)
	}
	assert.Empty(t, m.Calls(), "a call reached the target without a token")

	limiter := rate.NewLimiter(0.000001, 20)
	open := target.RateLimited(m, limiter)
	for _, name := range slices.Concat(reads, writes) {
		_ = invoke(t, open, name)
	}
	assert.Len(t, m.Calls(), len(reads)+len(writes))
	assert.InDelta(t, 20-len(reads)-len(writes), limiter.Tokens(), 0.1, "one token per call")
	assert.Same(t, m, target.RateLimited(m, nil))
}

func TestObservedSeesEveryCall(t *testing.T) {
	m := memtarget.New("app", nil)
	boom := errors.New("boom")
	_, reads, writes := methods()
	var seen []target.Call
	eye := target.Observed(m, func(c target.Call) { seen = append(seen, c) })
	for _, name := range slices.Concat(reads, writes) {
		m.FailNext(name, boom)
		require.ErrorIs(t, invoke(t, eye, name), boom)
		require.Len(t, seen, 1, name)
		assert.Equal(t, name, seen[0].Method)
		assert.Equal(t, "app", seen[0].Target)
		assert.ErrorIs(t, seen[0].Err, boom)
		assert.False(t, seen[0].Start.IsZero())
		seen = nil
	}
	assert.Same(t, m, target.Observed(m, nil))
}

func TestObservedDescribesTheCall(t *testing.T) {
	ctx := context.Background()
	m := memtarget.New("app", nil)
	var last target.Call
	eye := target.Observed(m, func(c target.Call) { last = c })

	a, err := eye.Create(ctx, target.CreateRequest{Key: key("E1"), State: target.Enabled})
	require.NoError(t, err)
	assert.Equal(t, target.Ref{ID: a.ID, Key: key("E1")}, last.Ref)

	group := target.Entitlement{Kind: "group", Name: "staff"}
	_, err = eye.EnsureEntitlement(ctx, target.EnsureRequest{Entitlement: group})
	require.NoError(t, err)
	assert.Equal(t, group, last.Entitlement)
	require.NoError(t, eye.Grant(ctx, target.GrantRequest{Ref: target.Ref{ID: a.ID}, Entitlement: group}))
	assert.Equal(t, target.Ref{ID: a.ID}, last.Ref)

	_, err = eye.Find(ctx, target.Find{Key: key("E1")})
	require.NoError(t, err)
	assert.Equal(t, 1, last.Count)

	m.Put(target.Account{State: target.Enabled})
	for range eye.Accounts(ctx) { //nolint:errcheck // left at once
		break
	}
	assert.Equal(t, 1, last.Count, "the reader stopped after one")
	assert.NoError(t, last.Err)
}
