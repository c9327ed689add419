package reconcile_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

func TestStanding(t *testing.T) {
	key := target.Key{Identity: "E1"}
	eng := target.Entitlement{Kind: "group", Name: "engineering"}
	fields := []reconcile.FieldChange{
		{Name: "title", Before: []string{"Engineer"}, After: []string{"Lead"}},
		{Name: "userName", Before: []string{"Ana"}, After: []string{"bo"}, CaseFold: true},
	}
	account := func(change func(*target.Account)) *target.Account {
		a := &target.Account{ID: "a1", Key: key, State: target.Enabled}
		change(a)
		return a
	}
	with := func(values map[string]string, k target.Key) *target.Account {
		return account(func(a *target.Account) { a.Attributes, a.Key = target.Attrs(values), k })
	}
	state := func(s target.State) *target.Account { return account(func(a *target.Account) { a.State = s }) }
	holding := account(func(a *target.Account) { a.Entitlements = []target.Entitlement{eng} })
	plain := state(target.Enabled)
	other := account(func(a *target.Account) { a.Key.Identity = "E2" })
	elsewhere := account(func(a *target.Account) { a.ID = "a2" })
	newer := account(func(a *target.Account) { a.Version = "W/9" })
	before, after := map[string]string{"title": "Engineer", "userName": "ana"}, map[string]string{"title": "Lead", "userName": "BO"}
	half, neither := map[string]string{"title": "Lead", "userName": "ana"}, map[string]string{"title": "Queen", "userName": "ana"}

	const open, so, stale = reconcile.Open, reconcile.AlreadySo, reconcile.Stale
	create := reconcile.Change{Action: reconcile.Create, Key: key, To: target.Enabled}
	update := reconcile.Change{Action: reconcile.Update, Key: key, Account: "a1", Fields: fields}
	later := reconcile.Change{Action: reconcile.Update, Key: key, Fields: fields}
	adopt := reconcile.Change{Action: reconcile.Adopt, Key: key, Account: "a1", Fields: fields}
	disable := reconcile.Change{Action: reconcile.Disable, Key: key, Account: "a1", From: target.Enabled, To: target.Disabled, Version: "W/1"}
	enable := reconcile.Change{Action: reconcile.Enable, Key: key, Account: "a1", From: target.Disabled, To: target.Enabled}
	remove := reconcile.Change{Action: reconcile.Delete, Key: key, Account: "a1", From: target.Disabled, To: target.Deleted}
	grant := reconcile.Change{Action: reconcile.Grant, Key: key, Account: "a1", Entitlement: eng}
	revoke := reconcile.Change{Action: reconcile.Revoke, Key: key, Account: "a1", Entitlement: eng}
	sessions := reconcile.Change{Action: reconcile.EndSessions, Key: key, Account: "a1"}
	handover := reconcile.Change{Action: reconcile.Handover, Key: key, Account: "a1", HandoverTo: target.Key{Identity: "E2"}}
	ensure := reconcile.Change{Action: reconcile.CreateEntitlement, Entitlement: eng}

	for _, c := range []struct {
		name   string
		change reconcile.Change
		now    *target.Account
		want   reconcile.Standing
	}{
		{"create, nobody there", create, nil, open},
		{"create, there already", create, plain, so},
		{"create, somebody else's account", create, other, stale},
		{"update, as before", update, with(before, key), open},
		{"update, as after, case aside", update, with(after, key), so},
		{"update, half done", update, with(half, key), open},
		{"update, somebody else wrote", update, with(neither, key), stale},
		{"update, gone", update, nil, stale},
		{"update, another account", update, elsewhere, stale},
		{"update, another key", update, with(before, target.Key{Identity: "E2"}), stale},
		{"update of an account made in the plan", later, with(before, key), open},
		{"adopt, no key yet", adopt, with(before, target.Key{}), open},
		{"adopt, no key yet, values there", adopt, with(after, target.Key{}), open},
		{"adopt, somebody else wrote", adopt, with(neither, target.Key{}), stale},
		{"adopt, done", adopt, with(after, key), so},
		{"adopt, key there and values not", adopt, with(before, key), open},
		{"adopt, taken by another", adopt, with(before, target.Key{Identity: "E2"}), stale},
		{"adopt, gone", adopt, nil, stale},
		{"disable, enabled", disable, plain, open},
		{"disable, another version", disable, newer, open},
		{"disable, disabled", disable, state(target.Disabled), so},
		{"disable, gone", disable, nil, so},
		{"disable, no state", disable, state(target.Undecided), stale},
		{"disable, another account", disable, elsewhere, stale},
		{"enable, disabled", enable, state(target.Disabled), open},
		{"enable, enabled", enable, plain, so},
		{"enable, gone", enable, nil, stale},
		{"delete, disabled", remove, state(target.Disabled), open},
		{"delete, opened again", remove, plain, stale},
		{"delete, gone", remove, nil, so},
		{"grant, not held", grant, plain, open},
		{"grant, held", grant, holding, so},
		{"grant, gone", grant, nil, stale},
		{"revoke, held", revoke, holding, open},
		{"revoke, not held", revoke, plain, so},
		{"revoke, gone", revoke, nil, so},
		{"revoke, account of somebody else by now", revoke, other, stale},
		{"sessions", sessions, plain, open},
		{"sessions, gone", sessions, nil, so},
		{"handover", handover, state(target.Disabled), open},
		{"handover, gone", handover, nil, stale},
		{"entitlement", ensure, nil, open},
	} {
		assert.Equal(t, c.want, c.change.Standing(c.now), c.name)
	}
}
