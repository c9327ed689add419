package rules

import "github.com/provision-go/provision/target"

// A Spec is a rule set as data: what an engineer writes in Go, and what a rule
// file will hold. Everything in it has a name that plans and explanations quote.
type Spec struct {
	// Name of the rule set. Must not be empty.
	Name    string
	Targets []TargetSpec
	Grants  []Grant
	// Fields declares the custom fields that conditions may use, by name.
	Fields []FieldSpec
}

// A TargetSpec says who has an account on one target, when, and what it holds.
// Two accounts of one person on one target are two TargetSpecs with different
// Slots.
type TargetSpec struct {
	Target string
	Slot   string // "" is the normal account; else lower-case letters, digits, "-"
	// Account says who has an account here. It is about who, not when: statuses
	// and dates belong to Lifecycle, which disables leavers whatever Account says.
	// It must be set; [Everyone] gives an account to every identity. As a rule its
	// ID is "account.target", with "~slot" after the target.
	Account   Cond
	Lifecycle Lifecycle
	// Attributes that the rules have a say in. No two set the same one.
	Attributes []Attribute
	// Label is what people recognise in a plan. Defaults to WorkEmail, then
	// Username, then DisplayName.
	Label Value
}

// A Grant gives entitlements to everybody for whom When is yes. Grants are a
// union without order: what several of them give is given once, and what one
// gives without an approval needs none. An entitlement that no grant gives, but
// one of them cannot decide, is undecided.
type Grant struct {
	ID   string // unique among all rules of the set
	When Cond
	Give []string // "target/kind:name", or "target~slot/kind:name" for a slot
	// Approval, if not empty, names who must approve each grant, such as
	// "manager". Of several that ask, the first by ID does.
	Approval string
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
	Block                  // the account is undecided: nothing is created or changed, except that a leaver is disabled
)

// Lifecycle moves an account through a person's employment. Days are civil days
// in the zone of Clock: a day begins at local midnight, and the last day of work
// is worked to its end.
//
//	                           phase      state
//	status unknown             unknown    undecided
//	a date is not understood   unknown    undecided
//	candidate                  future     none
//	before start − PreHire     future     none
//	until start                pre-hire   disabled, enabled from start − EnableBefore
//	from start                 active     enabled
//	on leave                   on leave   enabled, or disabled with DisableOnLeave
//	suspended                  suspended  disabled
//	after the last day         left       disabled; entitlements revoked
//	last day + DeleteAfter     left       deleted
//
// Dates decide before statuses do, with three exceptions. A status that says
// that the employment is over wins over a last day to come. A pre-hire without a
// start is undecided. And dates and terminations before the present start
// belong to an earlier employment. So a pre-hire whose first day has come is
// active, although HR is late, and somebody active with a start to come is not.
//
// A date is not understood if the source states a hire_date, start_date,
// termination_date, last_day or terminated_at that could not be read: the field
// is missing, and a finding with source.CodeBadValue or source.CodeBadDates names
// it. That counts unless another date overrules it, as start_date does with
// hire_date and last_day with termination_date. A leaver stays one all the same,
// by an ended status or by another end of this employment that has passed, but
// is not deleted meanwhile; a candidate has no account either way. Dates that
// contradict each other, such as an old last day of somebody who was hired
// again, are understood.
//
// In the phase Future an account that exists already is left as it is: it may be
// that of somebody who left and comes back.
//
// The zero value enables on the first day, keeps people on leave enabled,
// disables after the last day and never deletes.
type Lifecycle struct {
	// ID defaults to "lifecycle.target", with "~slot" after the target. Several
	// targets may share one life cycle, and then one ID.
	ID string
	// PreHire is how many days before the start a disabled account is prepared.
	// Defaults to EnableBefore, and so to 0: the account is created on the first
	// day.
	PreHire int
	// EnableBefore is how many days before the start it is enabled. It must not
	// exceed a PreHire that is set. Defaults to 0.
	EnableBefore int
	// Leave says what a leave of absence does. Defaults to KeepEnabled.
	Leave Leave
	// DeleteAfter is how many days after the last day the account is deleted: with
	// a last day of 1 March and 30, on 31 March. An immediate termination after
	// the last day counts as the last day. Somebody without any of these dates is
	// never deleted, nor an account before it has been disabled for a day: a year
	// that was typed wrong must not delete at first sight. Defaults to 0: never.
	DeleteAfter int
	// EndSessions asks for the sessions of an account to be ended whenever it is
	// disabled: of leavers, of people suspended or on leave, and of accounts that
	// nobody is to have any more.
	EndSessions bool
	// Handover asks for what a leaver owns to be moved to the normal account of
	// their manager, if the source names one.
	Handover bool
	// Clock says whose midnight counts. Defaults to the zone of the person's
	// work location, and UTC where that is unknown. See [Clock].
	Clock Clock
}

// Leave says what a leave of absence does to an account.
type Leave uint8

// The reactions to a leave. The zero value is KeepEnabled.
const (
	KeepEnabled Leave = iota
	DisableOnLeave
)
