package memtarget

import (
	"context"
	"slices"

	"github.com/provision-go/provision/target"
)

// EnsureEntitlement creates an entitlement unless it exists.
func (t *Target) EnsureEntitlement(ctx context.Context, req target.EnsureRequest) (target.Held, error) {
	return run(ctx, t, Call{Method: "EnsureEntitlement", Request: req}, func() (target.Held, error) {
		if spec, _ := t.caps.Kind(req.Entitlement.Kind); !spec.Ensure {
			return target.Held{}, target.ErrUnsupported
		}
		return target.Held{Entitlement: req.Entitlement, ID: t.store.ensure(req.Entitlement)}, nil
	})
}

// Grant gives an entitlement. Of a kind that can be listed it has to exist, and
// a native id has to be its own; otherwise the error is target.ErrNotFound.
func (t *Target) Grant(ctx context.Context, req target.GrantRequest) error {
	return t.hold(ctx, "Grant", req, func(spec target.EntitlementSpec, list []target.Entitlement) ([]target.Entitlement, error) {
		id, ok := t.store.held[req.Entitlement]
		switch {
		case !spec.Grant:
			return nil, target.ErrUnsupported
		case spec.List && !ok, ok && req.EntitlementID != "" && req.EntitlementID != id:
			return nil, target.ErrNotFound
		}
		t.store.ensure(req.Entitlement)
		return append(list, req.Entitlement), nil
	})
}

// Revoke takes an entitlement.
func (t *Target) Revoke(ctx context.Context, req target.GrantRequest) error {
	return t.hold(ctx, "Revoke", req, func(spec target.EntitlementSpec, list []target.Entitlement) ([]target.Entitlement, error) {
		if !spec.Revoke {
			return nil, target.ErrUnsupported
		}
		return slices.DeleteFunc(list, func(e target.Entitlement) bool { return e == req.Entitlement }), nil
	})
}

func (t *Target) hold(
	ctx context.Context, method string, req target.GrantRequest,
	alter func(target.EntitlementSpec, []target.Entitlement) ([]target.Entitlement, error),
) error {
	_, err := run(ctx, t, Call{Method: method, Ref: req.Ref, Request: req}, func() (target.Account, error) {
		spec, _ := t.caps.Kind(req.Entitlement.Kind)
		return t.change(req.Ref, "", func(st *stored) error {
			list, err := alter(spec, st.account.Entitlements)
			if err != nil {
				return err
			}
			slices.SortFunc(list, target.Entitlement.Compare)
			st.account.Entitlements = slices.Compact(list)
			return nil
		})
	})
	return err
}

// EndSessions ends the account's sessions, see [Target.Sessions].
func (t *Target) EndSessions(ctx context.Context, req target.SessionsRequest) error {
	_, err := run(ctx, t, Call{Method: "EndSessions", Ref: req.Ref, Request: req}, func() (struct{}, error) {
		if !t.caps.EndSessions {
			return struct{}{}, target.ErrUnsupported
		}
		if err := t.precondition(req.Ref, ""); err != nil {
			return struct{}{}, err
		}
		t.alterQuietly(req.Ref.ID, func(st *stored) { st.sessions = 0 })
		return struct{}{}, nil
	})
	return err
}

// Handover moves what the account owns, see [Target.Owned].
func (t *Target) Handover(ctx context.Context, req target.HandoverRequest) error {
	_, err := run(ctx, t, Call{Method: "Handover", Ref: req.From, Request: req}, func() (struct{}, error) {
		if !t.caps.Handover {
			return struct{}{}, target.ErrUnsupported
		}
		from, to := t.store.accounts[req.From.ID], t.store.accounts[req.To.ID]
		if from == nil || to == nil {
			return struct{}{}, target.ErrNotFound
		}
		if req.From.ID != req.To.ID {
			moved := from.owned
			t.alterQuietly(req.From.ID, func(st *stored) { st.owned = nil })
			t.alterQuietly(req.To.ID, func(st *stored) { st.owned = slices.Concat(st.owned, moved) })
		}
		return struct{}{}, nil
	})
	return err
}

// alterQuietly changes what is no part of the account itself, so its version
// stays.
func (t *Target) alterQuietly(id string, alter func(*stored)) {
	if old := t.store.accounts[id]; old != nil {
		st := *old
		alter(&st)
		t.store.accounts[id] = &st
	}
}
