package target

import "slices"

// Capabilities say what a target can do. It is plain data, the same at every
// call. The zero value means: cannot. targettest fails when a claim and the
// behaviour disagree, in either direction.
type Capabilities struct {
	// Attributes are the attributes accounts can carry. The planner refuses
	// rules for any other.
	Attributes []AttributeSpec
	// Keys: the target stores the correlation key on the account. If not, the
	// journal keeps key ↔ id links.
	Keys bool
	// SetKey: Update can stamp a key on an account that has none (adoption).
	SetKey bool
	// Find lists the attributes that Find can search by; FindKey says that it
	// can search by key. Finding by native id is compulsory.
	Find    []string
	FindKey bool

	Create  bool
	Update  bool
	Disable bool
	Enable  bool
	Delete  bool
	// CreateDisabled: Create can make an account that is not enabled yet.
	CreateDisabled bool
	// IdempotentCreate: two creates with one IdempotencyKey make one account.
	IdempotentCreate bool
	// Versions: accounts carry a Version, and writes with an outdated one fail
	// with ErrConflict.
	Versions bool

	// Entitlements are the kinds that accounts can hold.
	Entitlements []EntitlementSpec
	EndSessions  bool
	Handover     bool
}

// AttributeSpec describes one attribute of a target.
type AttributeSpec struct {
	Name      string
	Multi     bool // may hold several values, as a set
	CaseFold  bool // values that differ only in ASCII case are equal
	ReadOnly  bool // never written
	WriteOnly bool // never read back, so never compared
	Unique    bool // no two accounts share a value
	Ref       bool // holds a reference to another account
	Sensitive bool // masked wherever it is shown
}

// EntitlementSpec describes one kind of entitlement of a target.
type EntitlementSpec struct {
	Kind   string
	Grant  bool
	Revoke bool
	Ensure bool // EnsureEntitlement can create missing ones
	List   bool // Entitlements lists what exists
}

// Attribute returns the description of an attribute.
func (c Capabilities) Attribute(name string) (AttributeSpec, bool) {
	for _, a := range c.Attributes {
		if a.Name == name {
			return a, true
		}
	}
	return AttributeSpec{}, false
}

// Kind returns the description of a kind of entitlement.
func (c Capabilities) Kind(kind string) (EntitlementSpec, bool) {
	for _, e := range c.Entitlements {
		if e.Kind == kind {
			return e, true
		}
	}
	return EntitlementSpec{}, false
}

// clone returns a copy that shares no slices.
func (c Capabilities) clone() Capabilities {
	c.Attributes = slices.Clone(c.Attributes)
	c.Find = slices.Clone(c.Find)
	c.Entitlements = slices.Clone(c.Entitlements)
	return c
}
