package target

import (
	"context"
	"iter"
)

// A Target is a system that holds accounts. Implementations are safe for
// concurrent use, honour the cancellation of ctx and return errors that
// [ClassOf] understands; an unclassified error counts as [Unclear]: it may or
// may not have happened.
//
// A connector refuses what it does not know rather than ignoring it: an attribute
// that Capabilities does not declare, a kind of entitlement it does not have, and
// a call it does not support are errors of class [Permanent], with the Field
// where there is one. It classifies every error it can; targettest fails one that
// it leaves to the default.
//
// Connectors do not retry writes: the executor does, knowing the action. Every
// write states absolute values, so repeating it is harmless; a repeated
// Disable, Enable, Grant or Revoke succeeds. References in attributes are
// native ids here; [Collect] and the executor translate them.
type Target interface {
	// Name identifies the target in rules, plans and reports. It does not change
	// over time and is not empty.
	Name() string
	// Capabilities says what the target can do. No I/O.
	Capabilities() Capabilities

	// Accounts yields every account, managed or not, in any order. An error is
	// yielded at most once and last; a sequence that ends without one is
	// complete. A connector that lost a page must yield an error.
	Accounts(ctx context.Context) iter.Seq2[Account, error]
	// Find returns the accounts that match, with their entitlements; none is not
	// an error. It reads the target now, not a cache.
	Find(ctx context.Context, by Find) ([]Account, error)

	// Create makes an account and returns it as stored. If one exists that
	// clashes, it returns an error of class [Exists] naming the field, and
	// changes nothing.
	Create(ctx context.Context, req CreateRequest) (Account, error)
	// Update writes the given attributes and no others, and returns the account
	// as stored. ErrNotFound if there is none, ErrConflict if Version is outdated.
	Update(ctx context.Context, req UpdateRequest) (Account, error)
	// Disable makes the account unusable and keeps everything else.
	Disable(ctx context.Context, req StateRequest) (Account, error)
	// Enable makes the account usable again and keeps everything else.
	Enable(ctx context.Context, req StateRequest) (Account, error)

	// The rest is optional: embed [Unsupported] and override.

	// Delete removes the account for good. A missing account is ErrNotFound.
	Delete(ctx context.Context, req StateRequest) error
	// Entitlements yields the catalogue, under the contract of Accounts.
	Entitlements(ctx context.Context) iter.Seq2[Held, error]
	// EnsureEntitlement creates an entitlement unless it exists, and returns it.
	EnsureEntitlement(ctx context.Context, req EnsureRequest) (Held, error)
	// Grant gives an entitlement to an account. Holding it already is success.
	Grant(ctx context.Context, req GrantRequest) error
	// Revoke takes an entitlement from an account. Not holding it is success.
	Revoke(ctx context.Context, req GrantRequest) error
	// EndSessions ends the account's sessions and tokens.
	EndSessions(ctx context.Context, req SessionsRequest) error
	// Handover moves what the account owns to another account.
	Handover(ctx context.Context, req HandoverRequest) error
}

// Find says which accounts are looked for. Exactly one of ID, Key and Attribute
// is set; anything else, and an attribute that Capabilities.Find does not list, is
// an error of class [Permanent]. Values compare as the attribute's CaseFold says.
type Find struct {
	ID        string
	Key       Key
	Attribute string
	Value     string // with Attribute
}

// CreateRequest asks for a new account.
type CreateRequest struct {
	Key        Key
	State      State // Enabled or Disabled
	Attributes Attributes
	// Secrets are values such as an initial password, obtained for this call
	// only. They must not be stored or logged.
	Secrets map[string]Secret
	// IdempotencyKey is the same for every attempt at one change.
	IdempotencyKey string
}

// UpdateRequest asks for attributes of an account to be written.
type UpdateRequest struct {
	Ref   Ref
	Set   Attributes
	Clear []string
	// SetKey, if not zero, is stamped on the account (adoption).
	SetKey  Key
	Version string // precondition; "" = none
}

// StateRequest asks for an account to be enabled, disabled or deleted.
type StateRequest struct {
	Ref     Ref
	Version string // precondition; "" = none
}

// EnsureRequest asks for an entitlement to exist.
type EnsureRequest struct{ Entitlement Entitlement }

// GrantRequest asks for an entitlement to be given or taken. EntitlementID is
// the native id from the catalogue, "" if the target has none.
type GrantRequest struct {
	Ref           Ref
	Entitlement   Entitlement
	EntitlementID string
}

// SessionsRequest asks for an account's sessions to be ended.
type SessionsRequest struct{ Ref Ref }

// HandoverRequest asks for what one account owns to be moved to another.
type HandoverRequest struct{ From, To Ref }
