package provision

import (
	"sync"

	"github.com/provision-go/provision/target"
)

// accountIDs remembers, for one run, which account belongs to which key. It is
// safe for concurrent use.
type accountIDs struct {
	mu    sync.Mutex
	byKey map[target.Key]accountID
}

type accountID struct {
	id   string // "" = looked for, not there
	made bool   // created in this run
}

func newAccountIDs(n int) *accountIDs { return &accountIDs{byKey: make(map[target.Key]accountID, n)} }

func (m *accountIDs) add(k target.Key, id string, created bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.byKey[k] = accountID{id, created}
}

// note remembers what was found for a key, unless it is known better.
func (m *accountIDs) note(k target.Key, id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.byKey[k].id == "" {
		m.byKey[k] = accountID{id: id}
	}
}

func (m *accountIDs) drop(k target.Key) { m.add(k, "", false) }

func (m *accountIDs) get(k target.Key) (string, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, ok := m.byKey[k]
	return a.id, ok
}

// isNew reports whether the account of a key was created in this run.
func (m *accountIDs) isNew(k target.Key) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.byKey[k].made
}

// versions remembers what our own writes made of the versions of accounts. It is
// safe for concurrent use.
type versions struct {
	mu   sync.Mutex
	byID map[string]string // "" = written, version not told
}

func newVersions() *versions { return &versions{byID: map[string]string{}} }

func (v *versions) set(id, version string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.byID[id] = version
}

func (v *versions) get(id string) (string, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	version, ok := v.byID[id]
	return version, ok
}
