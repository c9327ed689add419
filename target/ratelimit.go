package target

import (
	"context"
	"fmt"
	"iter"

	"golang.org/x/time/rate"
)

// RateLimited makes every call wait for one token of l, reads included; a nil l
// means no limit. A listing takes one token when it begins: a connector that
// fetches pages waits for its own limiter, or for the same one, between them. A
// wait that is cancelled or cannot end in time is an error of class [NotSent].
// Several targets may share one limiter.
func RateLimited(t Target, l *rate.Limiter) Target {
	if l == nil {
		return t
	}
	return &rateLimited{t, l}
}

type rateLimited struct {
	Target
	limiter *rate.Limiter
}

func (t *rateLimited) wait(ctx context.Context) error {
	if err := t.limiter.Wait(ctx); err != nil {
		return Fail(NotSent, fmt.Errorf("rate limit of %s: %w", t.Name(), err))
	}
	return nil
}

func (t *rateLimited) Accounts(ctx context.Context) iter.Seq2[Account, error] {
	return func(yield func(Account, error) bool) {
		if err := t.wait(ctx); err != nil {
			yield(Account{}, err)
			return
		}
		t.Target.Accounts(ctx)(yield)
	}
}

func (t *rateLimited) Find(ctx context.Context, by Find) ([]Account, error) {
	if err := t.wait(ctx); err != nil {
		return nil, err
	}
	return t.Target.Find(ctx, by)
}

func (t *rateLimited) Create(ctx context.Context, req CreateRequest) (Account, error) {
	if err := t.wait(ctx); err != nil {
		return Account{}, err
	}
	return t.Target.Create(ctx, req)
}

func (t *rateLimited) Update(ctx context.Context, req UpdateRequest) (Account, error) {
	if err := t.wait(ctx); err != nil {
		return Account{}, err
	}
	return t.Target.Update(ctx, req)
}

func (t *rateLimited) Disable(ctx context.Context, req StateRequest) (Account, error) {
	if err := t.wait(ctx); err != nil {
		return Account{}, err
	}
	return t.Target.Disable(ctx, req)
}

func (t *rateLimited) Enable(ctx context.Context, req StateRequest) (Account, error) {
	if err := t.wait(ctx); err != nil {
		return Account{}, err
	}
	return t.Target.Enable(ctx, req)
}

func (t *rateLimited) Delete(ctx context.Context, req StateRequest) error {
	if err := t.wait(ctx); err != nil {
		return err
	}
	return t.Target.Delete(ctx, req)
}

func (t *rateLimited) Entitlements(ctx context.Context) iter.Seq2[Held, error] {
	return func(yield func(Held, error) bool) {
		if err := t.wait(ctx); err != nil {
			yield(Held{}, err)
			return
		}
		t.Target.Entitlements(ctx)(yield)
	}
}

func (t *rateLimited) EnsureEntitlement(ctx context.Context, req EnsureRequest) (Held, error) {
	if err := t.wait(ctx); err != nil {
		return Held{}, err
	}
	return t.Target.EnsureEntitlement(ctx, req)
}

func (t *rateLimited) Grant(ctx context.Context, req GrantRequest) error {
	if err := t.wait(ctx); err != nil {
		return err
	}
	return t.Target.Grant(ctx, req)
}

func (t *rateLimited) Revoke(ctx context.Context, req GrantRequest) error {
	if err := t.wait(ctx); err != nil {
		return err
	}
	return t.Target.Revoke(ctx, req)
}

func (t *rateLimited) EndSessions(ctx context.Context, req SessionsRequest) error {
	if err := t.wait(ctx); err != nil {
		return err
	}
	return t.Target.EndSessions(ctx, req)
}

func (t *rateLimited) Handover(ctx context.Context, req HandoverRequest) error {
	if err := t.wait(ctx); err != nil {
		return err
	}
	return t.Target.Handover(ctx, req)
}
