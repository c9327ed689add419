package provision

import (
	"context"
	"iter"
	"sync"

	"github.com/provision-go/provision/target"
)

// fake is a target whose calls are functions, for what memtarget does not do:
// panics, hangs, odd answers. What is not set succeeds.
type fake struct {
	target.Unsupported
	mu     sync.Mutex
	caps   target.Capabilities
	find   func(ctx context.Context, by target.Find) ([]target.Account, error)
	create func(ctx context.Context, req target.CreateRequest) (target.Account, error)
	update func(ctx context.Context, req target.UpdateRequest) (target.Account, error)
	state  func(ctx context.Context, req target.StateRequest) (target.Account, error)
	list   func(ctx context.Context) iter.Seq2[target.Held, error]
}

var _ target.Target = (*fake)(nil)

func (f *fake) Name() string                      { return "app" }
func (f *fake) Capabilities() target.Capabilities { return f.caps }

func (f *fake) Accounts(context.Context) iter.Seq2[target.Account, error] {
	return func(func(target.Account, error) bool) {}
}

func (f *fake) Entitlements(ctx context.Context) iter.Seq2[target.Held, error] {
	if f.list == nil {
		return f.Unsupported.Entitlements(ctx)
	}
	return f.list(ctx)
}

func (f *fake) Find(ctx context.Context, by target.Find) ([]target.Account, error) {
	if f.find == nil {
		return nil, nil
	}
	return f.find(ctx, by)
}

func (f *fake) Create(ctx context.Context, req target.CreateRequest) (target.Account, error) {
	if f.create == nil {
		return target.Account{ID: "id-" + req.Key.String(), Key: req.Key, State: req.State}, nil
	}
	return f.create(ctx, req)
}

func (f *fake) Update(ctx context.Context, req target.UpdateRequest) (target.Account, error) {
	if f.update == nil {
		return target.Account{ID: req.Ref.ID, Key: req.Ref.Key}, nil
	}
	return f.update(ctx, req)
}

func (f *fake) Disable(ctx context.Context, req target.StateRequest) (target.Account, error) {
	if f.state == nil {
		return target.Account{ID: req.Ref.ID, Key: req.Ref.Key, State: target.Disabled}, nil
	}
	return f.state(ctx, req)
}

func (f *fake) Enable(ctx context.Context, req target.StateRequest) (target.Account, error) {
	return target.Account{ID: req.Ref.ID, Key: req.Ref.Key, State: target.Enabled}, nil
}

func (f *fake) Grant(context.Context, target.GrantRequest) error { return nil }
