package provision

import (
	"fmt"
	"time"

	"github.com/provision-go/provision/target"
)

// The breaker: after breakAfter failed calls in a row the target rests for
// breakFor, then one call may try. After breakTimes such tries in vain nothing
// more is sent in this run.
const (
	breakAfter = 10
	breakFor   = 30 * time.Second
	breakTimes = 3
	// parkAfter is how many calls in a row may be told to wait longer than
	// Retry.MaxWait before nobody else asks.
	parkAfter = 3
	// growAfter is how many answers in a row allow one more call at once, after a
	// target asked for fewer.
	growAfter = 10
)

// pace says how many calls a target gets, and when: it slows down as a whole
// when the target asks one call to wait, and rests when the target is down.
type pace struct {
	width     int       // calls at once, at most
	limit     int       // calls at once, for now
	notBefore time.Time // nothing is sent before
	failures  int       // in a row
	tries     int       // single tries in vain since the breaker opened
	open      bool      // the breaker is open
	since     time.Time // with open: what was sent before says nothing new
	parked    int       // in a row
	answers   int       // in a row
}

func newPace(width int) pace { return pace{width: width, limit: width} }

// opens returns how long nothing may be sent; 0: now, negative: not before one
// of the calls under way has ended.
func (p *pace) opens(now time.Time, running int) time.Duration {
	limit := p.limit
	if p.open {
		limit = 1
	}
	if running >= limit {
		return -1
	}
	return max(p.notBefore.Sub(now), 0)
}

// note learns from what an attempt heard. It returns an error if nothing more
// may be sent in this run.
func (p *pace) note(a *attempt, now time.Time) error {
	if a.answered {
		p.worked()
	}
	if a.failed == nil {
		return nil
	}
	class := target.ClassOf(a.failed)
	wait := target.RetryAfter(a.failed)
	if class == target.Throttled || class == target.Transient {
		if a.parked {
			p.parked++
			if p.parked >= parkAfter {
				return &stopError{cause: StopAsked, wait: wait, err: a.failed}
			}
		} else if wait > 0 {
			p.hold(now.Add(wait))
		}
	}
	switch class {
	case target.Throttled:
		p.limit = max(p.limit/2, 1)
		p.answers = 0
	case target.NotSent, target.Transient, target.Unclear:
		return p.missed(a, now)
	case target.Fatal:
		return &stopError{cause: StopCredentials, err: fmt.Errorf("target unusable: %w", a.failed)}
	case target.Exists, target.Conflict, target.NotFound, target.Permanent:
		p.worked()
	}
	return nil
}

func (p *pace) hold(until time.Time) {
	if until.After(p.notBefore) {
		p.notBefore = until
	}
}

// worked notes that the target does its work.
func (p *pace) worked() {
	p.failures, p.tries, p.parked, p.open = 0, 0, 0, false
	if p.limit < p.width {
		if p.answers++; p.answers >= growAfter {
			p.answers = 0
			p.limit++
		}
	}
}

// missed notes a call that got no useful answer.
func (p *pace) missed(a *attempt, now time.Time) error {
	p.failures++
	p.answers = 0
	switch {
	case !p.open && p.failures < breakAfter:
		return nil
	case p.open && a.sent.Before(p.since):
		return nil
	case p.open:
		if p.tries++; p.tries >= breakTimes {
			return &stopError{
				cause: StopDown, err: fmt.Errorf("quarantined: %d calls in a row failed: %w", p.failures, a.failed),
			}
		}
	}
	p.open = true
	p.since = now.Add(breakFor)
	p.hold(p.since)
	return nil
}
