package reconcile

import (
	"cmp"

	"github.com/provision-go/provision/target"
)

// A Change is one intended write on one account: one call, one result. It is
// data: it can be stored, shown, approved and applied by another process.
//
// Its precondition is its own Before side: an Update expects the Before values
// of its Fields (or After ones), a state change expects From, a Grant expects an
// account, and Version must still match where the target has versions.
// [Change.Standing] checks it against an account as read now.
type Change struct {
	// ID is a hash of target, key, account (but for a Grant), action, state,
	// fields, names of secrets, entitlement, handover and rules, of whether a
	// removal is from somebody who has left, and of what it undoes.
	ID        string     `json:"id"`
	Action    Action     `json:"action"`
	Target    string     `json:"target"`
	Key       target.Key `json:"key,omitzero"`      // zero for CreateEntitlement
	Account   string     `json:"account,omitempty"` // native id; "" for a Create and what follows it
	Label     string     `json:"label,omitempty"`   // what people recognise
	Situation Situation  `json:"situation,omitzero"`
	Reason    Reason     `json:"reason,omitzero"`
	Because   []string   `json:"because,omitempty"` // words behind it, for people

	From target.State `json:"from,omitzero"` // Create: only To; Enable, Disable, Delete, Adopt: both
	To   target.State `json:"to,omitzero"`
	// Phase is to be remembered when it is done. It is unknown for what else is done
	// to an account of unknown past whose state is yet to be written.
	Phase  target.Phase  `json:"phase,omitzero"`
	Fields []FieldChange `json:"fields,omitempty"`
	// Secrets are attributes whose value is obtained at the call, sorted.
	Secrets []string `json:"secrets,omitempty"`
	// Names are what a Delete sets free of the attributes in Owned.Unique, sorted; of an
	// Adopt, what the account was recognised by.
	Names []Name `json:"names,omitempty"`

	Entitlement   target.Entitlement `json:"entitlement,omitzero"`    // Grant, Revoke, CreateEntitlement
	EntitlementID string             `json:"entitlementId,omitempty"` // native id; "" if unknown or not yet made
	// Privileged: a Revoke of what Policy.Privileged lists. It comes before all
	// other revokes.
	Privileged bool `json:"privileged,omitempty"`
	// Urgent: taken from somebody who was terminated at once. It counts for the guards,
	// but neither they nor approvals and denials hold it.
	Urgent     bool       `json:"urgent,omitempty"`
	HandoverTo target.Key `json:"handoverTo,omitzero"`
	Version    string     `json:"version,omitempty"`
	// Undoes is the ID of the change that this one takes back, in a plan of [Undo]; it is
	// part of ID. Redo is the ID that the change would have that brings it about again:
	// see History.Undone.
	Undoes string `json:"undoes,omitempty"`
	Redo   string `json:"redo,omitempty"`
	Needs  []Need `json:"needs,omitempty"` // sorted
}

// FieldChange is one attribute before and after. No values after means that it
// is emptied.
type FieldChange struct {
	Name      string   `json:"name"`
	Before    []string `json:"before,omitempty"`
	After     []string `json:"after,omitempty"`
	Ref       bool     `json:"ref,omitempty"`       // the values are keys, to be translated at the call
	Sensitive bool     `json:"sensitive,omitempty"` // masked when shown
	CaseFold  bool     `json:"caseFold,omitempty"`  // values that differ only in ASCII case are equal
	// Masked: the values are hashes, made by Masks. Such a field is never written.
	Masked bool `json:"masked,omitempty"`
}

// A Need is a change that has to be done first. With a Field it is needed only
// for the reference in that field: if it fails or is not run, because it is held
// or omitted, the field is left out and the rest is done. An Update whose every
// field would be left out like that is held itself. A Need without a Field never
// points from a change that may run to one that is held or omitted.
type Need struct {
	Change string `json:"change"`
	Field  string `json:"field,omitempty"`
}

// Standing is how a change relates to an account as it is now.
type Standing uint8

// The standings.
const (
	Open      Standing = iota + 1 // to be done
	AlreadySo                     // the account is as it would be afterwards
	Stale                         // the account is neither as before nor as after
)

// Compare orders changes as a plan lists them: what removes access first,
// privileged entitlements before others, then by key.
func (c *Change) Compare(o *Change) int {
	// Nearly always the first three tell.
	if d := cmp.Compare(c.Action, o.Action); d != 0 {
		return d
	}
	if d := compareBool(o.Privileged, c.Privileged); d != 0 {
		return d
	}
	if d := c.Key.Compare(o.Key); d != 0 {
		return d
	}
	return cmp.Or(
		cmp.Compare(c.Account, o.Account),
		c.Entitlement.Compare(o.Entitlement),
		compareFields(c.Fields, o.Fields),
		c.HandoverTo.Compare(o.HandoverTo),
		cmp.Compare(c.ID, o.ID),
	)
}
