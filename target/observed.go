package target

import (
	"context"
	"iter"
	"time"
)

// A Call is one call of a target that has ended.
type Call struct {
	Target string
	Method string // name of the method, such as "Grant"
	// Ref is the account concerned, as the request had it; after a Create, with
	// the native id that was given. Handover: the account that gives.
	Ref         Ref
	Entitlement Entitlement // with Grant, Revoke and EnsureEntitlement
	// Count is the number of accounts or entries that were read.
	Count    int
	Start    time.Time
	Duration time.Duration
	Err      error
}

// Observed calls fn after every call, for metrics and traces. fn must be safe for
// concurrent use, and what it does takes part in the call's time. Values of
// attributes are not shown to it. The Duration of a listing lasts until its
// reader is done, and includes the reader's own work. A nil fn changes nothing.
func Observed(t Target, fn func(Call)) Target {
	if fn == nil {
		return t
	}
	return &observed{t, fn}
}

type observed struct {
	Target
	fn func(Call)
}

func (t *observed) begin(method string, ref Ref) Call {
	return Call{Target: t.Name(), Method: method, Ref: ref, Start: time.Now()}
}

func (t *observed) end(c Call, err error) {
	c.Duration, c.Err = time.Since(c.Start), err
	t.fn(c)
}

// watch passes a listing on and counts it.
func watch[T any](t *observed, method string, inner iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		c := t.begin(method, Ref{})
		var failed error
		defer func() { t.end(c, failed) }()
		for one, err := range inner {
			if err != nil {
				failed = err
			} else {
				c.Count++
			}
			if !yield(one, err) {
				return
			}
		}
	}
}

func (t *observed) Accounts(ctx context.Context) iter.Seq2[Account, error] {
	return watch(t, "Accounts", t.Target.Accounts(ctx))
}

func (t *observed) Find(ctx context.Context, by Find) ([]Account, error) {
	c := t.begin("Find", Ref{ID: by.ID, Key: by.Key})
	found, err := t.Target.Find(ctx, by)
	c.Count = len(found)
	t.end(c, err)
	return found, err
}

func (t *observed) Create(ctx context.Context, req CreateRequest) (Account, error) {
	c := t.begin("Create", Ref{Key: req.Key})
	a, err := t.Target.Create(ctx, req)
	c.Ref.ID = a.ID
	t.end(c, err)
	return a, err
}

func (t *observed) Update(ctx context.Context, req UpdateRequest) (Account, error) {
	c := t.begin("Update", req.Ref)
	a, err := t.Target.Update(ctx, req)
	t.end(c, err)
	return a, err
}

func (t *observed) Disable(ctx context.Context, req StateRequest) (Account, error) {
	c := t.begin("Disable", req.Ref)
	a, err := t.Target.Disable(ctx, req)
	t.end(c, err)
	return a, err
}

func (t *observed) Enable(ctx context.Context, req StateRequest) (Account, error) {
	c := t.begin("Enable", req.Ref)
	a, err := t.Target.Enable(ctx, req)
	t.end(c, err)
	return a, err
}

func (t *observed) Delete(ctx context.Context, req StateRequest) error {
	c := t.begin("Delete", req.Ref)
	err := t.Target.Delete(ctx, req)
	t.end(c, err)
	return err
}

func (t *observed) Entitlements(ctx context.Context) iter.Seq2[Held, error] {
	return watch(t, "Entitlements", t.Target.Entitlements(ctx))
}

func (t *observed) EnsureEntitlement(ctx context.Context, req EnsureRequest) (Held, error) {
	c := t.begin("EnsureEntitlement", Ref{})
	c.Entitlement = req.Entitlement
	h, err := t.Target.EnsureEntitlement(ctx, req)
	t.end(c, err)
	return h, err
}

func (t *observed) Grant(ctx context.Context, req GrantRequest) error {
	c := t.begin("Grant", req.Ref)
	c.Entitlement = req.Entitlement
	err := t.Target.Grant(ctx, req)
	t.end(c, err)
	return err
}

func (t *observed) Revoke(ctx context.Context, req GrantRequest) error {
	c := t.begin("Revoke", req.Ref)
	c.Entitlement = req.Entitlement
	err := t.Target.Revoke(ctx, req)
	t.end(c, err)
	return err
}

func (t *observed) EndSessions(ctx context.Context, req SessionsRequest) error {
	c := t.begin("EndSessions", req.Ref)
	err := t.Target.EndSessions(ctx, req)
	t.end(c, err)
	return err
}

func (t *observed) Handover(ctx context.Context, req HandoverRequest) error {
	c := t.begin("Handover", req.From)
	err := t.Target.Handover(ctx, req)
	t.end(c, err)
	return err
}
