package memtarget

import (
	"slices"

	"github.com/provision-go/provision/target"
)

// Put places an account as it is, past all checks, faults and the log: what
// somebody else did to the system. Without a native id it gets one; otherwise it
// replaces the account that has it. Its entitlements join the catalogue. It
// returns the native id.
func (t *Target) Put(a target.Account) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	a.Entitlements = slices.Clone(a.Entitlements)
	for _, e := range a.Entitlements {
		t.store.ensure(e)
	}
	next := stored{account: a}
	if old := t.store.accounts[a.ID]; old != nil {
		next.sessions, next.owned, next.secrets = old.sessions, old.owned, old.secrets
	}
	return t.store.put(next).account.ID
}

// Remove takes an account away, as somebody else would.
func (t *Target) Remove(id string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.store.remove(id)
}

// AddEntitlements puts entitlements into the catalogue.
func (t *Target) AddEntitlements(list ...target.Entitlement) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, e := range list {
		t.store.ensure(e)
	}
}

// Account returns an account as stored, with attributes that are never read
// back, and whether there is one.
func (t *Target) Account(id string) (target.Account, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	st := t.store.accounts[id]
	if st == nil {
		return target.Account{}, false
	}
	a := st.account
	a.Entitlements = slices.Clone(a.Entitlements)
	return a, true
}

// ByKey returns the accounts with a key, as stored. More than one is a mistake
// of somebody.
func (t *Target) ByKey(key target.Key) []target.Account {
	var found []target.Account
	for _, a := range t.All() {
		if a.Key == key {
			found = append(found, a)
		}
	}
	return found
}

// All returns every account as stored, in the order of creation.
func (t *Target) All() []target.Account {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := make([]target.Account, 0, len(t.store.accounts))
	for _, id := range t.store.order {
		a := t.store.accounts[id].account
		a.Entitlements = slices.Clone(a.Entitlements)
		all = append(all, a)
	}
	return all
}

// OpenSessions opens n more sessions for an account.
func (t *Target) OpenSessions(id string, n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.alterQuietly(id, func(st *stored) { st.sessions += n })
}

// Sessions returns the number of open sessions of an account.
func (t *Target) Sessions(id string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if st := t.store.accounts[id]; st != nil {
		return st.sessions
	}
	return 0
}

// Own makes an account the owner of things.
func (t *Target) Own(id string, things ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.alterQuietly(id, func(st *stored) { st.owned = slices.Concat(st.owned, things) })
}

// Owned returns what an account owns.
func (t *Target) Owned(id string) []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if st := t.store.accounts[id]; st != nil {
		return slices.Clone(st.owned)
	}
	return nil
}

// Secrets returns the names of the secrets that an account was created with.
// Their values are not kept.
func (t *Target) Secrets(id string) []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if st := t.store.accounts[id]; st != nil {
		return slices.Clone(st.secrets)
	}
	return nil
}
