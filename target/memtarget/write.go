package memtarget

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/provision-go/provision/target"
)

var (
	errUnknown  = errors.New("no such attribute")
	errReadOnly = errors.New("cannot be written")
	errSingle   = errors.New("holds one value only")
	errDangling = errors.New("refers to an account that does not exist")
	errState    = errors.New("an account is created enabled or disabled")
	errSlotKey  = errors.New("another account has this key")
)

// Create makes an account.
func (t *Target) Create(ctx context.Context, req target.CreateRequest) (target.Account, error) {
	logged := req
	logged.Secrets = nil
	call := Call{Method: "Create", Ref: target.Ref{Key: req.Key}, Request: logged}
	return run(ctx, t, call, func() (target.Account, error) {
		switch {
		case !t.caps.Create, req.State == target.Disabled && !t.caps.CreateDisabled:
			return target.Account{}, target.ErrUnsupported
		case req.State != target.Enabled && req.State != target.Disabled:
			return target.Account{}, target.Fail(target.Permanent, errState)
		}
		if t.caps.IdempotentCreate && req.IdempotencyKey != "" {
			if st := t.store.accounts[t.once[req.IdempotencyKey]]; st != nil {
				return t.store.visible(st), nil
			}
		}
		if err := t.check("", req.Attributes, nil); err != nil {
			return target.Account{}, err
		}
		for name := range req.Secrets {
			if _, ok := t.caps.Attribute(name); !ok {
				return target.Account{}, target.InvalidError(name, errUnknown)
			}
		}
		if t.cfg.UniqueKeys && !req.Key.IsZero() && len(t.store.lookup("", req.Key.String())) > 0 {
			return target.Account{}, target.ExistsError("", errSlotKey)
		}
		st := t.store.put(stored{
			account: target.Account{Key: t.storable(req.Key), State: req.State, Attributes: req.Attributes},
			secrets: slices.Sorted(maps.Keys(req.Secrets)),
		})
		if req.IdempotencyKey != "" {
			t.once[req.IdempotencyKey] = st.account.ID
		}
		return t.store.visible(st), nil
	})
}

func (t *Target) storable(k target.Key) target.Key {
	if !t.caps.Keys {
		return target.Key{}
	}
	return k
}

// Update writes attributes, and a key on an account that has none.
func (t *Target) Update(ctx context.Context, req target.UpdateRequest) (target.Account, error) {
	return run(ctx, t, Call{Method: "Update", Ref: req.Ref, Request: req}, func() (target.Account, error) {
		if !t.caps.Update || !req.SetKey.IsZero() && !t.caps.SetKey {
			return target.Account{}, target.ErrUnsupported
		}
		return t.change(req.Ref, req.Version, func(st *stored) error {
			if err := t.check(st.account.ID, req.Set, req.Clear); err != nil {
				return err
			}
			if !req.SetKey.IsZero() {
				if !st.account.Key.IsZero() && st.account.Key != req.SetKey {
					return target.ErrConflict
				}
				st.account.Key = req.SetKey
			}
			st.account.Attributes = st.account.Attributes.Merge(req.Set).Without(req.Clear...)
			return nil
		})
	})
}

// Disable makes the account unusable. Its sessions go on until EndSessions.
func (t *Target) Disable(ctx context.Context, req target.StateRequest) (target.Account, error) {
	return t.setState(ctx, "Disable", t.caps.Disable, target.Disabled, req)
}

// Enable makes the account usable.
func (t *Target) Enable(ctx context.Context, req target.StateRequest) (target.Account, error) {
	return t.setState(ctx, "Enable", t.caps.Enable, target.Enabled, req)
}

func (t *Target) setState(
	ctx context.Context, method string, can bool, to target.State, req target.StateRequest,
) (target.Account, error) {
	return run(ctx, t, Call{Method: method, Ref: req.Ref, Request: req}, func() (target.Account, error) {
		if !can {
			return target.Account{}, target.ErrUnsupported
		}
		return t.change(req.Ref, req.Version, func(st *stored) error {
			st.account.State = to
			return nil
		})
	})
}

// Delete removes the account, its memberships and its sessions. References to
// it stay.
func (t *Target) Delete(ctx context.Context, req target.StateRequest) error {
	_, err := run(ctx, t, Call{Method: "Delete", Ref: req.Ref, Request: req}, func() (struct{}, error) {
		if !t.caps.Delete {
			return struct{}{}, target.ErrUnsupported
		}
		if err := t.precondition(req.Ref, req.Version); err != nil {
			return struct{}{}, err
		}
		t.store.remove(req.Ref.ID)
		return struct{}{}, nil
	})
	return err
}

func (t *Target) precondition(ref target.Ref, version string) error {
	st := t.store.accounts[ref.ID]
	switch {
	case st == nil:
		return target.ErrNotFound
	case t.caps.Versions && version != "" && version != st.account.Version:
		return target.ErrConflict
	}
	return nil
}

// change alters a copy of an account and stores it. A change that leaves
// everything as it was does not count as a new version.
func (t *Target) change(ref target.Ref, version string, alter func(*stored) error) (target.Account, error) {
	if err := t.precondition(ref, version); err != nil {
		return target.Account{}, err
	}
	old := t.store.accounts[ref.ID]
	st := *old
	st.account.Entitlements = slices.Clone(st.account.Entitlements)
	if err := alter(&st); err != nil {
		return target.Account{}, err
	}
	a, b := st.account, old.account
	if a.State == b.State && a.Key == b.Key && a.Attributes == b.Attributes &&
		slices.Equal(a.Entitlements, b.Entitlements) {
		return t.store.visible(old), nil
	}
	return t.store.visible(t.store.put(st)), nil
}

// check refuses what a strict system refuses. id is the account that is written,
// "" for a new one.
func (t *Target) check(id string, set target.Attributes, cleared []string) error {
	for _, name := range cleared {
		if err := t.writable(name); err != nil {
			return err
		}
	}
	for name, values := range set.All() {
		if err := t.writable(name); err != nil {
			return err
		}
		spec, _ := t.caps.Attribute(name)
		if len(values) > 1 && !spec.Multi {
			return target.InvalidError(name, errSingle)
		}
		for _, v := range values {
			if spec.Ref && t.store.accounts[v] == nil {
				return target.InvalidError(name, errDangling)
			}
			if !spec.Unique {
				continue
			}
			for _, other := range t.store.lookup(name, v) {
				if other != id {
					return target.ExistsError(name, nil)
				}
			}
		}
	}
	return nil
}

func (t *Target) writable(name string) error {
	spec, ok := t.caps.Attribute(name)
	switch {
	case !ok:
		return target.InvalidError(name, errUnknown)
	case spec.ReadOnly:
		return target.InvalidError(name, errReadOnly)
	}
	return nil
}
