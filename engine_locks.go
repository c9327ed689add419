package provision

import (
	"context"
	"sync"

	"github.com/provision-go/provision/target"
)

// accountLocks keep two runs of one engine from writing to one account at the
// same time. The zero value is ready.
type accountLocks struct {
	mu     sync.Mutex
	held   map[accountName]*accountLock
	unused []*accountLock
}

// accountName is an account of any target.
type accountName struct {
	target string
	key    target.Key
}

type accountLock struct {
	token chan struct{} // holds one while the account is taken
	users int
}

// fewLocks is how many locks that nobody uses are kept for other accounts.
const fewLocks = 64

// lock waits for an account and returns how to let it go. The zero key, which
// belongs to nobody, is never waited for.
func (l *accountLocks) lock(name string, key target.Key) func() {
	unlock, _ := l.lockUntil(context.Background(), name, key) // which never ends
	return unlock
}

// lockUntil waits no longer than ctx.
func (l *accountLocks) lockUntil(ctx context.Context, name string, key target.Key) (func(), error) {
	if key.IsZero() {
		return func() {}, nil
	}
	at := accountName{name, key}
	one := l.join(at)
	select {
	case one.token <- struct{}{}:
		return func() { l.letGo(at, one) }, nil
	case <-ctx.Done():
		l.leave(at, one)
		return func() {}, ctx.Err()
	}
}

// tryLock is lock, unless it would have to wait: then it returns false.
func (l *accountLocks) tryLock(name string, key target.Key) (func(), bool) {
	if key.IsZero() {
		return func() {}, true
	}
	at := accountName{name, key}
	one := l.join(at)
	select {
	case one.token <- struct{}{}:
		return func() { l.letGo(at, one) }, true
	default:
		l.leave(at, one)
		return nil, false
	}
}

// letGo ends that an account is held.
func (l *accountLocks) letGo(at accountName, one *accountLock) {
	<-one.token
	l.leave(at, one)
}

func (l *accountLocks) join(at accountName) *accountLock {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held == nil {
		l.held = map[accountName]*accountLock{}
	}
	one := l.held[at]
	if n := len(l.unused); one == nil && n > 0 {
		one, l.unused = l.unused[n-1], l.unused[:n-1]
	} else if one == nil {
		one = &accountLock{token: make(chan struct{}, 1)}
	}
	l.held[at] = one
	one.users++
	return one
}

func (l *accountLocks) leave(at accountName, one *accountLock) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if one.users--; one.users > 0 {
		return
	}
	delete(l.held, at)
	if len(l.unused) < fewLocks {
		l.unused = append(l.unused, one)
	}
}
