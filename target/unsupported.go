package target

import (
	"context"
	"iter"
)

// Unsupported answers the optional methods of [Target]: Entitlements with an empty
// catalogue, all others with [ErrUnsupported]. Embed it and override what the
// system can do. The zero value is ready.
type Unsupported struct{}

// Delete returns ErrUnsupported.
func (Unsupported) Delete(context.Context, StateRequest) error { return ErrUnsupported }

// Entitlements yields nothing: an empty catalogue.
func (Unsupported) Entitlements(context.Context) iter.Seq2[Held, error] {
	return func(func(Held, error) bool) {}
}

// EnsureEntitlement returns ErrUnsupported.
func (Unsupported) EnsureEntitlement(context.Context, EnsureRequest) (Held, error) {
	return Held{}, ErrUnsupported
}

// Grant returns ErrUnsupported.
func (Unsupported) Grant(context.Context, GrantRequest) error { return ErrUnsupported }

// Revoke returns ErrUnsupported.
func (Unsupported) Revoke(context.Context, GrantRequest) error { return ErrUnsupported }

// EndSessions returns ErrUnsupported.
func (Unsupported) EndSessions(context.Context, SessionsRequest) error { return ErrUnsupported }

// Handover returns ErrUnsupported.
func (Unsupported) Handover(context.Context, HandoverRequest) error { return ErrUnsupported }
