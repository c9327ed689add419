package provision

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"
)

// ErrBusy says that another engine has the tenant to itself. The text says which one,
// and until when.
var ErrBusy = errors.New("another engine is at work")

// leaseLook is how often it is looked whether another engine has ended.
const leaseLook = 250 * time.Millisecond

// newHolder names an engine, so that people can find it and no other has the name.
func newHolder() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown host"
	}
	return fmt.Sprintf("%s/%d/%s", host, os.Getpid(), rand.Text()[:8])
}

// enter joins the lease that the engine has, or makes ready to take the next one with
// the first entries that are written, for some runs. It brings what is remembered up to
// the journal's end. While another engine has the tenant it waits, and then fails with
// ErrBusy.
func (e *Engine) enter(ctx context.Context, runs int) (*term, error) {
	begin := time.Now()
	var seen Lease
	since := begin
	for {
		t, held, err := e.tryEnter(ctx, runs, func(l Lease) bool { return l == seen && l.Life > 0 && time.Since(since) >= l.Life })
		if err != nil || t != nil {
			return t, err
		}
		if held != seen {
			seen, since = held, time.Now()
		}
		now := e.config.Clock()
		left := e.config.LeaseWait - time.Since(begin)
		if left <= 0 {
			return nil, fmt.Errorf("%w: %s has the tenant until %s", ErrBusy, held.Holder, held.Until.Format(time.RFC3339))
		}
		e.config.Logger.InfoContext(ctx, "waiting for another engine", "holder", held.Holder, "until", held.Until)
		wait := time.NewTimer(min(left, leaseLook, max(held.Until.Sub(now), time.Millisecond)))
		select {
		case <-wait.C:
		case <-ctx.Done():
			wait.Stop()
			return nil, fmt.Errorf("wait for %s: %w", held.Holder, ctx.Err())
		}
	}
}

// tryEnter returns no term while another engine has the tenant. Of its lease dead says
// whether it would have been renewed by now.
func (e *Engine) tryEnter(ctx context.Context, runs int, dead func(Lease) bool) (*term, Lease, error) {
	for {
		e.mu.Lock()
		t := e.term
		joined := t.join(runs)
		e.mu.Unlock()
		if t != nil && !joined {
			// Its last run may be about to give it back.
			t.turn.take()
			t.turn.pass()
		}
		e.mu.Lock()
		if e.term != t && !joined { // another run was quicker
			e.mu.Unlock()
			continue
		}
		err := e.state.catchUp(ctx, e.config.Journal)
		if err == nil {
			err = e.sameMasks()
		}
		held := e.state.lease
		free := held.Holder == e.holder || !held.Until.After(e.config.Clock()) || dead(held)
		if err == nil && !joined && free {
			t = &term{
				journal: e.config.Journal, clock: e.config.Clock, life: e.config.Lease, holder: e.holder,
				turn: newLine(), epoch: e.state.epoch + 1, runs: runs, stop: make(chan struct{}),
			}
			e.term, joined = t, true
		}
		e.mu.Unlock()
		switch {
		case err != nil && joined:
			t.leave(context.WithoutCancel(ctx), runs)
			return nil, held, err
		case err != nil || !joined:
			return nil, held, err
		}
		return t, held, nil
	}
}

// A term is one time for which an engine has the tenant to itself. All runs of the
// engine that overlap share it; what they write carries its epoch.
type term struct {
	journal Journal
	clock   func() time.Time
	life    time.Duration
	holder  string
	epoch   uint64 // 0: it has no lease
	turn    line   // of the one that takes, renews or gives back

	mu      sync.Mutex // guards what follows
	until   time.Time  // zero: not taken yet
	latest  time.Time  // what now said last
	told    time.Time  // when, as a clock that nobody sets has it
	lost    error      // another engine has taken over
	runs    int
	stop    chan struct{} // closed when nobody renews it any more
	renewer sync.WaitGroup
}

// withoutLease is the term of a termination, which waits for nobody: what it writes is
// admitted always, as what a Desk writes. It only takes away, and another engine that
// is at work gives what it should not to nobody who has left once it reads the journal.
func (e *Engine) withoutLease() *term { return &term{journal: e.config.Journal} }

// join adds runs to a term that is not over.
func (t *term) join(runs int) bool {
	if t == nil {
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.runs == 0 || t.lost != nil {
		return false
	}
	t.runs += runs
	return true
}

// rest is for how long the lease lasts; 0 or less if it was not taken yet or is over.
func (t *term) rest() (time.Duration, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.until.IsZero() {
		return 0, t.lost
	}
	return t.until.Sub(t.now()), t.lost
}

// now is the time by the clock. While the term lasts it goes on also if the clock is set
// back, because others count the lease by clocks that are not. The caller holds t.mu.
func (t *term) now() time.Time {
	now := t.clock().Round(0)
	if passed := t.latest.Add(time.Since(t.told)); !t.told.IsZero() && passed.After(now) {
		now = passed
	}
	t.latest, t.told = now, time.Now()
	return now
}

// append writes entries under the lease, which is taken or renewed along with them if
// need be. An error that wraps ErrFenced ends the term for all its runs.
func (t *term) append(ctx context.Context, entries ...Entry) error {
	if t.epoch == 0 {
		return t.write(ctx, entries)
	}
	rest, err := t.rest()
	if err != nil {
		return err
	}
	if rest > t.life/2 {
		return t.write(ctx, entries)
	}
	t.turn.take()
	defer t.turn.pass()
	if rest, err = t.rest(); err != nil {
		return err
	}
	if rest > t.life/2 {
		return t.write(ctx, entries)
	}
	return t.extend(ctx, entries)
}

// extend takes or renews the lease, and writes entries after it. The caller has the
// turn.
func (t *term) extend(ctx context.Context, entries []Entry) error {
	t.mu.Lock()
	until := t.now().Add(t.life)
	t.mu.Unlock()
	all := make([]Entry, 0, len(entries)+1)
	all = append(all, Entry{At: t.clock(), Kind: Leased, Lease: &Lease{Holder: t.holder, Until: until, Life: t.life}})
	if err := t.write(ctx, append(all, entries...)); err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.until.IsZero() && t.runs > 0 {
		t.renewer.Go(func() { t.renew(context.WithoutCancel(ctx)) })
	}
	t.until = until
	return nil
}

func (t *term) write(ctx context.Context, entries []Entry) error {
	for i := range entries {
		entries[i].Epoch = t.epoch
	}
	err := t.journal.Append(ctx, entries...)
	if errors.Is(err, ErrFenced) {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.lost = err
	}
	return err
}

// renew renews the lease at every third of its life, so that a long wait does not
// cost it.
func (t *term) renew(ctx context.Context) {
	tick := time.NewTicker(max(t.life/3, time.Millisecond))
	defer tick.Stop()
	for {
		select {
		case <-t.stop:
			return
		case <-tick.C:
		}
		if rest, err := t.rest(); err != nil || rest > t.life*2/3 {
			continue
		}
		t.turn.take()
		t.mu.Lock()
		over := t.runs == 0 || t.lost != nil
		t.mu.Unlock()
		if !over {
			_ = t.extend(ctx, nil) // if it failed, whoever writes next is told
		}
		t.turn.pass()
	}
}

// within is how long a call on a target may take: less than what is left of the lease,
// which is renewed before if it is no more than wanted.
func (t *term) within(ctx context.Context, wanted time.Duration) (time.Duration, error) {
	if t.epoch == 0 {
		return wanted, nil
	}
	margin := t.life / 10
	rest, err := t.rest()
	if err == nil && rest-margin < wanted && rest < t.life*9/10 {
		t.turn.take()
		if rest, err = t.rest(); err == nil && rest-margin < wanted {
			if err = t.extend(ctx, nil); err == nil {
				rest, err = t.rest()
			}
		}
		t.turn.pass()
	}
	if err != nil {
		return 0, err
	}
	return min(wanted, rest-margin), nil
}

// close writes the last entries of a run. With the last run it gives the lease back.
func (t *term) close(ctx context.Context, entries ...Entry) error {
	if t.epoch == 0 {
		return t.write(ctx, entries)
	}
	return t.end(ctx, 1, entries)
}

// leave ends runs that write nothing more.
func (t *term) leave(ctx context.Context, runs int) {
	if t.epoch == 0 {
		return
	}
	_ = t.end(ctx, runs, nil) // a lease that could not be given back ends by itself
}

func (t *term) end(ctx context.Context, runs int, entries []Entry) error {
	last, err := t.endInTurn(ctx, runs, entries)
	if last {
		t.renewer.Wait()
	}
	return err
}

func (t *term) endInTurn(ctx context.Context, runs int, entries []Entry) (bool, error) {
	t.turn.take()
	defer t.turn.pass()
	t.mu.Lock()
	t.runs -= runs
	last, taken, lost := t.runs == 0, !t.until.IsZero(), t.lost
	if last {
		close(t.stop)
	}
	t.mu.Unlock()
	if lost != nil {
		return last, lost
	}
	if last && taken {
		now := t.clock().Round(0)
		entries = append(slices.Clip(entries), Entry{
			At: now, Kind: Leased, Lease: &Lease{Holder: t.holder},
		})
	}
	if len(entries) == 0 || !taken {
		return last, nil
	}
	return last, t.write(ctx, entries)
}
