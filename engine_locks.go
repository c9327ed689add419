package provision

import (
	"sync"

	"github.com/provision-go/provision/target"
)

// accountLocks keep two runs of one engine from writing to one account at the
// same time. The zero value is ready.
type accountLocks struct {
	mu   sync.Mutex
	held map[accountName]*accountLock
}

// accountName is an account of any target.
type accountName struct {
	target string
	key    target.Key
}

type accountLock struct {
	mu    sync.Mutex
	users int
}

// lock waits for an account and returns how to let it go. The zero key, which
// belongs to nobody, is never waited for.
func (l *accountLocks) lock(name string, key target.Key) func() {
	if key.IsZero() {
		return func() {}
	}
	at := accountName{name, key}
	l.mu.Lock()
	if l.held == nil {
		l.held = map[accountName]*accountLock{}
	}
	one := l.held[at]
	if one == nil {
		one = &accountLock{}
		l.held[at] = one
	}
	one.users++
	l.mu.Unlock()

	one.mu.Lock()
	return func() {
		one.mu.Unlock()
		l.mu.Lock()
		defer l.mu.Unlock()
		if one.users--; one.users == 0 {
			delete(l.held, at)
		}
	}
}
