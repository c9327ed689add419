package target

import "context"

// ReadOnly refuses every write with [ErrReadOnly] and never lets it reach t.
// Capabilities stay those of t: a plan made with a reading credential is the
// whole plan, and it is the writing that fails.
func ReadOnly(t Target) Target { return &readOnly{t} }

type readOnly struct{ Target }

func (*readOnly) Create(context.Context, CreateRequest) (Account, error) {
	return Account{}, ErrReadOnly
}

func (*readOnly) Update(context.Context, UpdateRequest) (Account, error) {
	return Account{}, ErrReadOnly
}

func (*readOnly) Disable(context.Context, StateRequest) (Account, error) {
	return Account{}, ErrReadOnly
}

func (*readOnly) Enable(context.Context, StateRequest) (Account, error) {
	return Account{}, ErrReadOnly
}

func (*readOnly) Delete(context.Context, StateRequest) error { return ErrReadOnly }

func (*readOnly) EnsureEntitlement(context.Context, EnsureRequest) (Held, error) {
	return Held{}, ErrReadOnly
}

func (*readOnly) Grant(context.Context, GrantRequest) error { return ErrReadOnly }

func (*readOnly) Revoke(context.Context, GrantRequest) error { return ErrReadOnly }

func (*readOnly) EndSessions(context.Context, SessionsRequest) error { return ErrReadOnly }

func (*readOnly) Handover(context.Context, HandoverRequest) error { return ErrReadOnly }
