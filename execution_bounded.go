package provision

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// hangs is how long a call may go on after its context has ended before nobody
// waits for it any more.
const hangs = 10 * time.Second

// errHangs says that a call did not end with its context. What it still does nobody
// knows, so its class is Unclear.
var errHangs = errors.New("the call did not end with its context, and goes on")

// bounded runs somebody else's function under a timeout, 0 for none, and returns
// what it does.
// A panic in it becomes an error. Nobody waits for it longer than hangs after its
// context has ended: then it goes on by itself, and what it returns is lost.
func bounded[T any](ctx context.Context, limit time.Duration, f func(context.Context) (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	var cancel context.CancelFunc
	if limit > 0 {
		ctx, cancel = context.WithTimeout(ctx, limit)
	} else {
		ctx, cancel = context.WithCancel(ctx)
	}
	done := make(chan answer, 1)
	go func() {
		var a answer
		defer cancel()
		defer func() {
			if reason := recover(); reason != nil {
				a.err = &panicError{reason: reason}
			}
			done <- a
		}()
		a.value, a.err = f(ctx)
	}()
	select {
	case a := <-done:
		return a.value, a.err
	case <-ctx.Done():
	}
	timer := time.NewTimer(hangs)
	defer timer.Stop()
	select {
	case a := <-done:
		return a.value, a.err
	case <-timer.C:
		var none T
		return none, fmt.Errorf("%w: %w", errHangs, context.Cause(ctx))
	}
}
