package provision

import "sync/atomic"

// turn is held by one goroutine at a time. It waits on a channel and is no mutex because
// what goes on meanwhile may sleep (a journal, a callback), and in a test with a
// clock of its own time passes only while everybody else waits for a channel.
//
// Whoever asks while it is free gets it, before those who wait: handed from one to the
// next in order, it would have every worker sleep before each of its turns.
type turn struct {
	held    atomic.Bool
	waiting atomic.Int32
	again   chan struct{} // somebody who waits may try again
}

func newTurn() turn { return turn{again: make(chan struct{}, 1)} }

func (t *turn) take() {
	for range spins {
		if t.free() {
			return
		}
	}
	t.waiting.Add(1)
	for !t.free() {
		<-t.again
	}
	t.waiting.Add(-1)
}

// spins is how often somebody tries before going to sleep: most turns are over before a
// sleeper would have woken up.
const spins = 500

// free takes the turn if nobody has it.
func (t *turn) free() bool { return !t.held.Load() && t.held.CompareAndSwap(false, true) }

func (t *turn) pass() {
	t.held.Store(false)
	if t.waiting.Load() > 0 {
		select {
		case t.again <- struct{}{}:
		default: // somebody is on the way already
		}
	}
}

// line is a turn that is handed from one to the next in the order in which they came: two
// runs that end at one moment give a lease back in the same way each time.
type line chan struct{}

func newLine() line {
	l := make(line, 1)
	l.pass()
	return l
}

func (l line) take() { <-l }

func (l line) pass() { l <- struct{}{} }
