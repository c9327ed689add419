package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// body ends an answer that stalls or trickles. Only the time that is spent
// waiting for it counts, not what the reader does in between.
type body struct {
	io.ReadCloser

	caller context.Context // which may end
	ctx    context.Context // of the attempt, which this type ends
	cancel context.CancelCauseFunc
	idle   time.Duration // the longest wait for the next bytes
	left   time.Duration // for the whole body
	timer  *time.Timer
}

var errStalled = errors.New("stalled")

func (b *body) Read(p []byte) (int, error) {
	wait := min(b.idle, b.left)
	if b.timer == nil {
		b.timer = time.AfterFunc(wait, func() { b.cancel(errStalled) })
	} else {
		b.timer.Reset(wait)
	}
	begin := time.Now()
	n, err := b.ReadCloser.Read(p)
	b.timer.Stop()
	b.left -= time.Since(begin)
	if err != nil && err != io.EOF { //nolint:errorlint // io.Reader returns it as it is
		switch cause := context.Cause(b.ctx); {
		case b.caller.Err() != nil:
			err = b.caller.Err()
		case cause == nil:
		case !errors.Is(cause, errStalled):
			err = cause
		case wait < b.idle:
			err = fmt.Errorf("the body took too long: %w", errStalled)
		default:
			err = fmt.Errorf("no more of the body within %s: %w", b.idle, errStalled)
		}
	}
	return n, err
}

func (b *body) Close() error {
	err := b.ReadCloser.Close()
	if b.timer != nil {
		b.timer.Stop()
	}
	b.cancel(nil)
	return err
}

// capped counts what is read of an answer and ends one that is too large. It
// gives errors of its own kind, and remembers the first: what decodes the answer
// may hide it.
type capped struct {
	x     *exchange
	read  int64
	limit int64 // of the whole
	until int64 // for now
	err   error
}

func (c *capped) Read(p []byte) (int, error) {
	if c.err != nil {
		return 0, c.err
	}
	if c.read > c.until {
		c.err = c.x.fail(BadContent, "a value in the answer is larger than %d bytes", c.x.client.cfg.MaxBody)
		return 0, c.err
	}
	n, err := c.x.response.Body.Read(p)
	c.read += int64(n)
	if c.read > c.limit {
		c.err = c.x.fail(BadContent, "the answer is larger than %d bytes", c.limit)
		return 0, c.err
	}
	if err == nil || err == io.EOF {
		c.err = err
	} else {
		c.err = c.x.broken(err)
	}
	return n, c.err
}
