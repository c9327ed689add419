package memtarget_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

func request(id string) target.CreateRequest {
	return target.CreateRequest{
		Key: target.Key{Identity: id}, State: target.Enabled,
		Attributes: target.Attrs(map[string]string{"userName": "user-" + id}),
	}
}

func create(t *testing.T, m *memtarget.Target, id string) target.Account {
	t.Helper()
	a, err := m.Create(t.Context(), request(id))
	require.NoError(t, err)
	return a
}

func TestStrictness(t *testing.T) {
	ctx := t.Context()
	m := memtarget.New("app", &memtarget.Config{UniqueKeys: true})
	a := create(t, m, "E1")
	for name, c := range map[string]struct {
		req   target.CreateRequest
		class target.Class
		field string
	}{
		"same name, other case": {target.CreateRequest{
			State:      target.Enabled,
			Attributes: target.Attrs(map[string]string{"userName": "USER-e1"}),
		}, target.Exists, "userName"},
		"same key":     {target.CreateRequest{State: target.Enabled, Key: a.Key}, target.Exists, ""},
		"no state":     {target.CreateRequest{}, target.Permanent, ""},
		"unknown":      {target.CreateRequest{State: target.Enabled, Attributes: target.Attrs(map[string]string{"shoe": "1"})}, target.Permanent, "shoe"},
		"read only":    {target.CreateRequest{State: target.Enabled, Attributes: target.Attrs(map[string]string{"lastLogin": "1"})}, target.Permanent, "lastLogin"},
		"two values":   {target.CreateRequest{State: target.Enabled, Attributes: target.AttrsOf(map[string][]string{"title": {"a", "b"}})}, target.Permanent, "title"},
		"dangling":     {target.CreateRequest{State: target.Enabled, Attributes: target.Attrs(map[string]string{"manager": "nobody"})}, target.Permanent, "manager"},
		"other secret": {target.CreateRequest{State: target.Enabled, Secrets: map[string]target.Secret{"pin": target.NewSecret("1")}}, target.Permanent, "pin"},
	} {
		_, err := m.Create(ctx, c.req)
		require.Error(t, err, name)
		assert.Equal(t, c.class, target.ClassOf(err), name)
		assert.Equal(t, c.field, target.FieldOf(err), name)
	}
	_, err := m.Update(ctx, target.UpdateRequest{Ref: target.Ref{ID: a.ID}, Clear: []string{"lastLogin"}})
	assert.Equal(t, "lastLogin", target.FieldOf(err))
	_, err = m.Update(ctx, target.UpdateRequest{Ref: target.Ref{ID: a.ID}, SetKey: target.Key{Identity: "E2"}})
	assert.ErrorIs(t, err, target.ErrConflict, "it has a key")
	_, err = m.Update(ctx, target.UpdateRequest{Ref: target.Ref{ID: a.ID}, Set: target.Attrs(map[string]string{"userName": "USER-E1"})})
	assert.NoError(t, err, "its own value")
	assert.Len(t, m.All(), 1)

	group := target.Entitlement{Kind: "group", Name: "staff"}
	grant := target.GrantRequest{Ref: target.Ref{ID: a.ID}, Entitlement: group}
	assert.ErrorIs(t, m.Grant(ctx, grant), target.ErrNotFound)
	m.AddEntitlements(group)
	grant.EntitlementID = "e99"
	assert.ErrorIs(t, m.Grant(ctx, grant), target.ErrNotFound)
	grant.EntitlementID = "e1"
	require.NoError(t, m.Grant(ctx, grant))
	require.NoError(t, m.Revoke(ctx, target.GrantRequest{Ref: grant.Ref, Entitlement: target.Entitlement{Kind: "group", Name: "never was"}}))
}

func TestSecretsAreNotKept(t *testing.T) {
	m := memtarget.New("app", nil)
	req := request("E1")
	req.Secrets = map[string]target.Secret{"password": target.NewSecret("canary-hunter2")}
	req.Attributes = req.Attributes.With("password", "canary-too")
	a, err := m.Create(t.Context(), req)
	require.NoError(t, err)
	assert.Equal(t, []string{"password"}, m.Secrets(a.ID))
	assert.Nil(t, m.Secrets("nobody"))
	assert.False(t, a.Attributes.Has("password"), "never read back")
	stored, ok := m.Account(a.ID)
	require.True(t, ok)
	assert.Equal(t, "canary-too", stored.Attributes.Get("password"), "but stored, for tests to see")
	assert.NotContains(t, fmt.Sprintf("%+v", m.Calls()), "hunter2")
	assert.Equal(t, "canary-hunter2", req.Secrets["password"].Reveal(), "the request is the caller's")
}

func TestVersions(t *testing.T) {
	ctx := t.Context()
	m := memtarget.New("app", nil)
	a := create(t, m, "E1")
	same, err := m.Enable(ctx, target.StateRequest{Ref: target.Ref{ID: a.ID}, Version: a.Version})
	require.NoError(t, err)
	assert.Equal(t, a.Version, same.Version, "nothing changed")
	m.OpenSessions(a.ID, 2)
	require.NoError(t, m.EndSessions(ctx, target.SessionsRequest{Ref: target.Ref{ID: a.ID}}))
	after, _ := m.Account(a.ID)
	assert.Equal(t, a.Version, after.Version, "sessions are no part of the account")
	err = m.Delete(ctx, target.StateRequest{Ref: target.Ref{ID: a.ID}, Version: "0"})
	assert.ErrorIs(t, err, target.ErrConflict)
}

func TestSessionsAndThings(t *testing.T) {
	ctx := t.Context()
	m := memtarget.New("app", nil)
	a, b := create(t, m, "E1"), create(t, m, "E2")
	m.OpenSessions(a.ID, 3)
	m.OpenSessions("nobody", 3)
	assert.Equal(t, 3, m.Sessions(a.ID))
	_, err := m.Disable(ctx, target.StateRequest{Ref: target.Ref{ID: a.ID}})
	require.NoError(t, err)
	assert.Equal(t, 3, m.Sessions(a.ID), "disabling alone ends none")
	require.NoError(t, m.EndSessions(ctx, target.SessionsRequest{Ref: target.Ref{ID: a.ID}}))
	assert.Zero(t, m.Sessions(a.ID))
	assert.Zero(t, m.Sessions("nobody"))

	m.Own(a.ID, "doc1", "doc2")
	m.Own(b.ID, "doc0")
	self := target.Ref{ID: a.ID}
	require.NoError(t, m.Handover(ctx, target.HandoverRequest{From: self, To: self}))
	assert.Len(t, m.Owned(a.ID), 2)
	require.NoError(t, m.Handover(ctx, target.HandoverRequest{From: self, To: target.Ref{ID: b.ID}}))
	assert.Empty(t, m.Owned(a.ID))
	assert.Equal(t, []string{"doc0", "doc1", "doc2"}, m.Owned(b.ID))
	assert.Nil(t, m.Owned("nobody"))
}

func TestFaults(t *testing.T) {
	ctx := t.Context()
	boom := errors.New("boom")
	m := memtarget.New("app", nil)
	a, b := create(t, m, "E1"), create(t, m, "E2")
	disable := func(x target.Account) error {
		_, err := m.Disable(ctx, target.StateRequest{Ref: target.Ref{ID: x.ID}})
		return err
	}

	m.FailNext("Disable", boom)
	require.ErrorIs(t, disable(a), boom)
	got, _ := m.Account(a.ID)
	assert.Equal(t, target.Enabled, got.State, "without effect")
	require.NoError(t, disable(a))

	m.FailAlways("Disable", boom)
	require.ErrorIs(t, disable(a), boom)
	require.ErrorIs(t, disable(a), boom)
	m.Repair()
	require.NoError(t, disable(a))

	m.Inject(memtarget.Fault{Key: b.Key, Err: boom, Times: 2})
	require.NoError(t, disable(a), "another account")
	require.ErrorIs(t, disable(b), boom)
	require.ErrorIs(t, disable(b), boom)
	require.NoError(t, disable(b))

	m.Inject(memtarget.Fault{Method: "Create", AfterCommit: true, Times: 1})
	_, err := m.Create(ctx, request("E3"))
	require.Error(t, err)
	assert.Equal(t, target.Unclear, target.ClassOf(err))
	assert.Len(t, m.ByKey(target.Key{Identity: "E3"}), 1, "done all the same")

	m.Inject(memtarget.Fault{Method: "Create", AfterCommit: true, Err: boom, Times: 1})
	_, err = m.Create(ctx, target.CreateRequest{})
	assert.NotErrorIs(t, err, boom, "what is refused is refused")
}

func TestListingFaults(t *testing.T) {
	ctx := t.Context()
	boom := errors.New("boom")
	m := memtarget.New("app", nil)
	for _, id := range []string{"E1", "E2", "E3"} {
		create(t, m, id)
	}
	m.Inject(memtarget.Fault{Method: "Accounts", After: 2, Err: boom, Times: 1})
	n := 0
	for _, err := range m.Accounts(ctx) {
		if err != nil {
			require.ErrorIs(t, err, boom)
			break
		}
		n++
	}
	assert.Equal(t, 2, n, "it dies after two")

	m.Inject(memtarget.Fault{Method: "Accounts", After: 1, Times: 1})
	s, err := target.Collect(ctx, m)
	require.NoError(t, err)
	assert.Equal(t, 1, s.Len(), "a connector that loses a page")

	ctx, cancel := context.WithCancel(ctx)
	for _, err := range m.Accounts(ctx) {
		cancel()
		if err != nil {
			assert.ErrorIs(t, err, context.Canceled)
			cancel = nil
		}
	}
	assert.Nil(t, cancel, "a cancelled listing ends with its error")
	_, err = m.Create(ctx, request("E9"))
	assert.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, target.NotSent, target.ClassOf(err))
}

func TestLaggingReads(t *testing.T) {
	ctx := t.Context()
	m := memtarget.New("app", nil)
	old := create(t, m, "E1")
	m.LagReads()
	a := create(t, m, "E2")
	require.NoError(t, m.Delete(ctx, target.StateRequest{Ref: target.Ref{ID: old.ID}}))
	found, err := m.Find(ctx, target.Find{Key: a.Key})
	require.NoError(t, err)
	assert.Empty(t, found)
	found, err = m.Find(ctx, target.Find{Attribute: "userName", Value: "user-e1"})
	require.NoError(t, err)
	assert.Len(t, found, 1)
	found, err = m.Find(ctx, target.Find{ID: a.ID})
	require.NoError(t, err)
	assert.Len(t, found, 1, "a native id is read through")
	s, err := target.Collect(ctx, m)
	require.NoError(t, err)
	assert.Equal(t, old.ID, s.Managed()[0].ID)
	_, err = m.Create(ctx, request("E2"))
	assert.ErrorIs(t, err, target.ErrExists, "writes see the truth")
	m.SettleReads()
	found, err = m.Find(ctx, target.Find{Key: a.Key})
	require.NoError(t, err)
	assert.Len(t, found, 1)
}

func TestOutsideHands(t *testing.T) {
	m := memtarget.New("app", nil)
	role := target.Entitlement{Kind: "role", Name: "auditor"}
	id := m.Put(target.Account{State: target.Disabled, Entitlements: []target.Entitlement{role, role}})
	m.OpenSessions(id, 1)
	m.Put(target.Account{ID: id, State: target.Enabled, Key: target.Key{Identity: "E1"}})
	got, ok := m.Account(id)
	require.True(t, ok)
	assert.Equal(t, target.Account{ID: id, State: target.Enabled, Key: target.Key{Identity: "E1"}, Version: "2"}, got)
	assert.Equal(t, 1, m.Sessions(id), "they outlive the change")
	m.Put(target.Account{ID: "a2", State: target.Enabled})
	assert.Equal(t, "a3", m.Put(target.Account{State: target.Enabled}), "a2 is taken")
	s, err := target.Collect(t.Context(), m)
	require.NoError(t, err)
	assert.Equal(t, []target.Held{{Entitlement: role, ID: "e1"}}, s.Catalogue())
	m.Remove(id)
	m.Remove("nobody")
	_, ok = m.Account(id)
	assert.False(t, ok)
	assert.Empty(t, m.ByKey(target.Key{Identity: "E1"}))
	assert.Len(t, m.All(), 2)
}

func TestCallsAndHook(t *testing.T) {
	var mu sync.Mutex
	var before []string
	m := memtarget.New("app", &memtarget.Config{OnCall: func(_ context.Context, c memtarget.Call) {
		mu.Lock()
		defer mu.Unlock()
		before = append(before, c.Method)
	}})
	a := create(t, m, "E1")
	_, _ = m.Find(t.Context(), target.Find{ID: a.ID})
	err := m.Delete(t.Context(), target.StateRequest{Ref: target.Ref{ID: "nobody"}})
	require.ErrorIs(t, err, target.ErrNotFound)
	for range m.Accounts(t.Context()) { //nolint:errcheck // only the call counts
		break
	}
	assert.Equal(t, "Create Find Delete Accounts", strings.Join(before, " "))
	calls := m.Calls()
	require.Len(t, calls, 4)
	assert.Equal(t, "E1", calls[0].Ref.Key.Identity)
	assert.Equal(t, target.Find{ID: a.ID}, calls[1].Request)
	assert.ErrorIs(t, calls[2].Err, target.ErrNotFound)
	assert.Len(t, m.Writes(), 2)
	m.ForgetCalls()
	assert.Empty(t, m.Calls())
}

func TestFindAsksForOneThing(t *testing.T) {
	m := memtarget.New("app", nil)
	for _, by := range []target.Find{{}, {ID: "a", Attribute: "email"}, {Key: target.Key{Identity: "E1"}, Attribute: "email"}} {
		_, err := m.Find(t.Context(), by)
		assert.Equal(t, target.Permanent, target.ClassOf(err))
	}
	a := create(t, m, "E1")
	b := create(t, m, "E2")
	for _, x := range []target.Account{a, b} {
		_, err := m.Update(t.Context(), target.UpdateRequest{Ref: target.Ref{ID: x.ID}, Set: target.Attrs(map[string]string{"email": "Shared@x"})})
		require.NoError(t, err)
	}
	found, err := m.Find(t.Context(), target.Find{Attribute: "email", Value: "shared@X"})
	require.NoError(t, err)
	assert.Len(t, found, 2, "two hits are told, not resolved")
}

// TestManyWriters is for the race detector.
func TestManyWriters(t *testing.T) {
	m := memtarget.New("app", nil)
	m.AddEntitlements(target.Entitlement{Kind: "group", Name: "staff"})
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			a, err := m.Create(t.Context(), request(fmt.Sprint("E", i)))
			if err != nil {
				t.Error(err)
				return
			}
			_ = m.Grant(t.Context(), target.GrantRequest{Ref: target.Ref{ID: a.ID}, Entitlement: target.Entitlement{Kind: "group", Name: "staff"}})
			m.LagReads()
			_, _ = target.Collect(t.Context(), m)
			m.SettleReads()
		})
	}
	wg.Wait()
	assert.Len(t, m.All(), 16)
	for _, a := range m.All() {
		assert.Len(t, a.Entitlements, 1)
	}
}
