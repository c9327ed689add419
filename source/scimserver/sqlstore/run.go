package sqlstore

import (
	"context"
	"database/sql"
	"hash/maphash"
	"math/rand/v2"
	"time"
)

// How often what somebody else was faster with is tried, and how long the first and
// the longest wait in between is. Full jitter: any shorter one is as likely.
const (
	attempts = 12
	minDelay = 4 * time.Millisecond
	maxDelay = 500 * time.Millisecond
)

// retried does something until it is done, or fails for another reason than that
// somebody else was faster.
func (s *Store) retried(ctx context.Context, do func() error) error {
	delay := minDelay
	for attempt := 1; ; attempt++ {
		err := do()
		if err == nil || attempt == attempts || !s.lost(err) {
			return err
		}
		timer := time.NewTimer(rand.N(delay)) //nolint:gosec // a delay is no secret
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return s.blame(ctx, err)
		}
		delay = min(2*delay, maxDelay)
	}
}

// transaction does something as a whole or not at all.
func (s *Store) transaction(ctx context.Context, do func(conn) error) error {
	tx, err := s.db.BeginTx(ctx, &sql.TxOptions{Isolation: s.d.isolation})
	if err != nil {
		return s.blame(ctx, err)
	}
	defer tx.Rollback() // no harm after a commit
	if err := do(tx); err != nil {
		return err
	}
	return s.blame(ctx, tx.Commit())
}

// write does something in a transaction, in the turn of the tenant in this process.
// What is right does not depend on the turn: the row of the tenant is locked as well.
func (s *Store) write(ctx context.Context, tenant string, do func(conn) error) error {
	slot := s.slots[maphash.String(s.seed, tenant)%uint64(len(s.slots))]
	select {
	case slot <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-slot }()
	return s.retried(ctx, func() error { return s.transaction(ctx, do) })
}
