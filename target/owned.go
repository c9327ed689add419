package target

// Strength says how insistent the rules are about an attribute.
type Strength uint8

// The strengths. The zero value is Always.
const (
	Always     Strength = iota // differs → update
	CreateOnly                 // written at the create, then left alone
	IfEmpty                    // written while the account has no value
)

// OwnedAttribute is an attribute that the rules have a say in.
type OwnedAttribute struct {
	Name     string
	Strength Strength
}

// Owned is what the rules may touch on a target; everything else never is. It
// belongs to the rule set, not to each account.
type Owned struct {
	Attributes   []OwnedAttribute // sorted by name
	Entitlements []Entitlement    // every value that some rule can give, sorted
	Slots        []string         // every slot that the rules know, sorted

	Protect []string // identities whose accounts are protected, also when nobody lists them; sorted
	Grace   []Grace  // sorted by entitlement
	Budgets []Budget // in the order of their rules
	Duties  []Duties // in the order of their rules
	Unique  []Unique // sorted by slot and attribute
	Rehires []Rehire // sorted by slot
}

// Grace is for how long an entitlement is kept after no rule gives it any more.
// Leavers have none.
type Grace struct {
	Entitlement Entitlement
	Days        int
	Rule        string // ID of the rule that says so
}

// Duties are entitlements of one account of which nobody shall have two: one is not
// granted before the others that the account holds are taken.
type Duties struct {
	Slot         string
	Rule         string
	Entitlements []Entitlement
	Approvable   bool // somebody may approve that two of them meet
}

// Budget bounds how many accounts of a target hold one of the entitlements.
// What is above it is held back, never taken.
type Budget struct {
	Rule         string
	Entitlements []Entitlement // they share the seats
	Seats        int
}

// Unique is an attribute whose value is chosen once, when an account is made, from
// candidates that the rules give in order: the first that is neither taken on the
// target nor reserved.
type Unique struct {
	Slot      string
	Attribute string
	Rule      string
	// NeverReuse is for how many days after an account is gone its value is not
	// given to anybody else.
	NeverReuse int
}

// Rehire says what happens to the account of somebody who left and comes back.
type Rehire struct {
	Slot string
	Rule string
	// Hold: enabling the account again needs an approval. Otherwise only if it was
	// closed more than Within days ago; 0 = however long ago.
	Hold   bool
	Within int
}
