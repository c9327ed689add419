package rules

import (
	"time"

	"github.com/provision-go/provision/target"
)

// A Spec is one layer of a rule set as data: what an engineer writes in Go, and
// what a rule file holds (see [File]). Everything in it has a name that plans and
// explanations quote. [Build] puts layers together.
type Spec struct {
	// Name of the rule set; of several layers the last one that has a name gives it.
	Name string
	// Fields declares the custom fields that conditions may use, by name. A later
	// layer may declare more of them.
	Fields []FieldSpec
	// Scope says who is handled at all. Its zero value is everybody.
	Scope Scope
	// Targets with their accounts, life cycles and attributes. A later layer may add
	// attributes to a target of an earlier one: it then leaves Account and Lifecycle
	// at their zero values.
	Targets []TargetSpec
	Grants  []Grant
	Tables  []Table
	Picks   []Pick
	Never   []Never
	// NeverTogether are separations of duties.
	NeverTogether []NeverTogether
	Require       []Requirement
	Budgets       []Budget
	Protect       []Protection

	// Replace names rules of earlier layers whose place the rules of this layer
	// with the same IDs take. A rule with an ID that an earlier layer has, and that
	// is not named here, is an error. Of a Scope the ID is "scope", of an account,
	// a life cycle, an attribute and a table those that their types say.
	Replace []string
	// Off names rules of earlier layers that do not apply: scopes, grants, picks,
	// tables, denials, duties, requirements, budgets, protections and attributes.
	Off []string
	// Final names rules of this layer that later ones may neither replace nor
	// switch off. Of a grant that includes the table that it gives from. Nor may
	// they give what it gives without its approval, or keep it for longer.
	Final []string
	// Later bounds what later layers may hold.
	Later Later
	// Notes are remarks on rules for people, by ID; "" is the layer itself.
	Notes map[string]string

	// Funcs are functions written in Go that the rules of all layers may call.
	Funcs []Func
	// Zones are the time zones that a [Clock] may name, by name. "UTC" needs no
	// entry.
	Zones map[string]*time.Location
	// Tenant is the zone of the clock "tenant".
	Tenant *time.Location

	origin *origin // where it was read
}

// A Scope says who is handled at all. Of everybody else nobody gets an account,
// and what they have is left alone unless Outside says otherwise. A leaver's
// account is closed whatever the scope says.
type Scope struct {
	When    Cond // the zero Cond is everybody
	Outside Outside
}

// Outside says what happens to the account of somebody who leaves the scope.
type Outside uint8

// The reactions. The zero value is HoldOutside.
const (
	HoldOutside    Outside = iota // the plan proposes to disable the account, and waits for a person
	DisableOutside                // the account is disabled, within the limits of the guards
)

// A TargetSpec says who has an account on one target, when, and what it holds.
// Two accounts of one person on one target are two TargetSpecs with different
// Slots.
type TargetSpec struct {
	Target string
	Slot   string // "" is the normal account; else lower-case letters, digits, "-"
	// Account says who has an account here. It is about who, not when: statuses
	// and dates belong to Lifecycle, which disables leavers whatever Account says.
	// It must be set by one layer; [Everyone] gives an account to every identity. As
	// a rule its ID is "account.target", with "~slot" after the target.
	Account   Cond
	Lifecycle Lifecycle
	// Attributes that the rules have a say in. No two set the same one.
	Attributes []Attribute
	// Label is what people recognise in a plan. Defaults to WorkEmail, then
	// Username, then DisplayName. It is a part of the rule of the account.
	Label Value
}

// An Attribute maps a value to an attribute of the target.
type Attribute struct {
	ID        string // defaults to "target.set", with "~slot" after the target
	Set       string // name of the target's attribute
	To        Value
	Apply     target.Strength // defaults to Always
	IfMissing IfMissing       // defaults to Keep
	// When limits the mapping; while it is no or undecided the attribute is left
	// alone. Defaults to always.
	When Cond
	// Pick chooses one of several values instead of To: see [Pick].
	Pick []Choice
	// Unique makes a value that nobody else has instead of To, once, when the account
	// is made; Apply is then CreateOnly, and there is no When. See [Unique].
	Unique *Unique
	// Secret: the value is obtained at the create and never in a plan. To and
	// IfMissing are then not set, and Apply is CreateOnly.
	Secret bool
}

// IfMissing says what happens to an attribute whose value is missing. A list that
// is known to be empty is not missing: it empties the attribute.
type IfMissing uint8

// The reactions. The zero value is Keep.
const (
	Keep  IfMissing = iota // leave what the account has
	Clear                  // empty it
	Block                  // the account is undecided: nothing is created or changed, except that whoever has left, is suspended or on leave is disabled
)

// Unique chooses the value of an attribute once, when an account is made: the
// first candidate that nobody has and that is not reserved. It is never computed
// again: a person who marries keeps the user name.
type Unique struct {
	// Try are the candidates in order. One that is missing is passed over. One with
	// [Counter] in it stands for as many as Max allows, with 2, 3, 4 … in its place.
	Try []Value
	// Max is how many numbers a counter is tried with. Defaults to 50.
	Max int
	// NeverReuse is for how many days after an account was deleted its value is
	// given to nobody else. Defaults to 0: it is free at once.
	NeverReuse int
}
