package reconcile

import (
	"iter"
	"time"

	"github.com/provision-go/provision/target"
)

// A Plan is what would be done on one target. It is data, complete and
// applicable as JSON ("format": 1); use Redacted before showing it to people
// who must not see personal data. Secrets are never in it.
type Plan struct {
	Target string    `json:"target"`
	At     time.Time `json:"at"`
	Rules  string    `json:"rules,omitempty"` // hash of the rule set
	Whole  bool      `json:"whole,omitempty"` // a whole population, not one person
	Mode   Mode      `json:"mode,omitzero"`
	// Masked: made by Redacted, for display. It cannot be applied.
	Masked bool `json:"masked,omitempty"`
	// Fingerprint identifies what the plan would do, held or not: equal
	// changes, equal fingerprint. A release of it is good for this plan alone:
	// after one change more or less it is another. What Mode omits is no part of
	// it.
	Fingerprint string `json:"fingerprint"`
	// Guarded identifies the changes that the guards hold, or would hold if they
	// were not released: equal target, rules and guarded changes, equal value,
	// whatever else the plan does. "" if the guards hold nothing. A release of it is
	// good in every plan in which the guards hold exactly these changes. In a whole
	// plan it also names what the guards doubt: see Verdict.Alarm.
	Guarded string `json:"guarded,omitempty"`
	// Approved are the IDs of changes that an approval lifted a hold from, sorted.
	// They count for the guards after all others.
	Approved []string `json:"approved,omitempty"`
	// Undo is the run that the plan takes back; "" in any other plan. See [Undo].
	Undo string `json:"undo,omitempty"`
	// Released are the IDs of changes that a release names by ID, sorted: no guard
	// holds them. They count all the same.
	Released []string `json:"released,omitempty"`
	Position uint64   `json:"position,omitempty"` // journal position at planning
	ReadFrom uint64   `json:"readFrom,omitempty"` // see History.ReadFrom

	Changes  []Change  `json:"changes,omitempty"` // to be run, sorted by (action, key, …)
	Holds    []Hold    `json:"holds,omitempty"`   // must not run yet, same order
	Omitted  []Change  `json:"omitted,omitempty"` // what Mode leaves out, same order
	Findings []Finding `json:"findings,omitempty"`
	Guards   []Verdict `json:"guards,omitempty"` // sorted by guard, then action; only what occurs

	// Claims are the grants that take seats, in the order in which they are served:
	// those that nothing else holds get one while there are any. Budgets say how many
	// there are. Both are empty in a plan for one person, which cannot count them.
	Claims  []Claim  `json:"claims,omitempty"`
	Budgets []Budget `json:"budgets,omitempty"`

	// Scheduled counts what time alone will bring, by action; First is when the
	// first of each is due. Next is the earliest of all; zero if nothing is.
	Scheduled []Scheduled `json:"scheduled,omitempty"`
	Next      time.Time   `json:"next,omitzero"`

	Unchanged int `json:"unchanged,omitempty"` // accounts with our key that are as wanted
	Managed   int `json:"managed,omitempty"`   // accounts with our key
	Orphans   int `json:"orphans,omitempty"`   // accounts without a key that nobody claims
	// Undecided counts the people for whom the rules could not decide whether they
	// have an account here: nothing is planned for them, so a plan that has nothing
	// else to do is not yet all that is wanted. Somebody for whom only an entitlement
	// is open is not counted, but in a finding (CodeUndecided) like them.
	Undecided int `json:"undecided,omitempty"`
	// Missing are the keys that Whole found absent from the source, sorted. A run
	// remembers them.
	Missing []target.Key `json:"missing,omitempty"`
	// Protected are the accounts that rules protect by a condition, with their rules,
	// also of people whom Whole found absent. Sorted; a run remembers them.
	Protected []Protected `json:"protected,omitempty"`
	// Left are people who have left and of whom no step need show it: the account was
	// closed before they left, or something is approved for them. A run remembers them.
	// Sorted. Where the read or the clock is doubted there are none.
	Left []Departed `json:"left,omitempty"`
	// Back are the accounts of people who had left and are employed, which are open: nobody
	// closed them, or somebody else has opened them. A run remembers them. Sorted; as Left,
	// none where the read or the clock is doubted.
	Back []target.Key `json:"back,omitempty"`
	// Unclosed are the accounts of people who have left that are open, and that the target
	// cannot disable. Sorted.
	Unclosed []Departed `json:"unclosed,omitempty"`
	// Losing are of History.Losing those that the plan does not revoke and of which
	// nobody can say that they are over, sorted: their times of grace go on.
	Losing []Loss `json:"losing,omitempty"`
	// Retained are the accounts that this plan is the first to see closed while their time
	// of retention is over: a run remembers when, and a later plan deletes them. Unretained
	// are those of History.Retained that are open again, or whose people have not left.
	// Both are sorted.
	Retained   []target.Key `json:"retained,omitempty"`
	Unretained []target.Key `json:"unretained,omitempty"`
	// Unsure are of History.Waiting those of which nobody can say now what is wanted,
	// sorted: the person is not listed, or something about them is undecided. That the
	// plan lacks a change of theirs does not mean that it is over.
	Unsure []target.Key `json:"unsure,omitempty"`
	// People is the number of identities in the source's read; 0 in a plan for
	// one person. Proved says that the read can prove an absence.
	People int  `json:"people,omitempty"`
	Proved bool `json:"proved,omitempty"`
	// Filled says for how many people the source filled each field, as in
	// Input.Filled, and Members how many accounts hold an entitlement, as far as a
	// plan for one person has to know. A run remembers them. Both are empty in a
	// plan for one person.
	Filled  map[string]int             `json:"filled,omitempty"`
	Members map[target.Entitlement]int `json:"members,omitempty"`

	// Masks say which values are hidden where the plan is shown, and are part of every
	// Change.ID. Their key is not stored with the plan.
	Masks Masks `json:"masks,omitzero"`

	input *Input // kept: see Input.Keep
	what  *Undoing
}

// All yields every change of the plan: those to be run, then those that are held, then
// those that Mode leaves out. Read only.
func (p *Plan) All() iter.Seq[*Change] {
	return func(yield func(*Change) bool) {
		for i := range p.Changes {
			if !yield(&p.Changes[i]) {
				return
			}
		}
		for i := range p.Holds {
			if !yield(&p.Holds[i].Change) {
				return
			}
		}
		for i := range p.Omitted {
			if !yield(&p.Omitted[i]) {
				return
			}
		}
	}
}

// Departed names somebody who has left by an account of theirs, whether or not it is there.
type Departed struct {
	Key     target.Key `json:"key"`
	Account string     `json:"account,omitempty"` // native id, if it is there; in Plan.Left, if it is closed as well
}

// A Hold is a change that must not run yet, with every reason why.
type Hold struct {
	Change  Change       `json:"change"`
	Reasons []HoldReason `json:"reasons"` // sorted; never empty
}

// HoldKind is why a change must not run yet.
type HoldKind uint8

// The kinds of hold.
const (
	NeedsApproval HoldKind = iota + 1 // somebody must approve it
	InGrace                           // until a time that is known; nothing else ends it
	Guarded                           // too many of its kind
	NeedsProof                        // an absence that is not proved
	InConflict                        // contradiction that a person must solve
	NeedsSeat                         // all seats are taken, or they cannot be counted
	Parked                            // it failed; until a later try, or for good until somebody approves one
)

// HoldReason is one reason to hold a change. An approval of Change lifts the
// reasons NeedsApproval, those InConflict that say so with Approvable, and those
// Parked if it was given after Since; a
// release of Plan.Guarded, or of Plan.Fingerprint, lifts Guarded from all changes
// at once. Time, also of what is Parked, and evidence lift the rest, in a later plan; a seat that another
// change gives up, because somebody rejects it, is given at once.
type HoldReason struct {
	Kind       HoldKind  `json:"kind"`
	Text       string    `json:"text"`
	By         string    `json:"by,omitempty"`   // NeedsApproval: who
	Days       int       `json:"days,omitempty"` // NeedsApproval: how long an approval is good for; 0: for as long as it is wanted
	Until      time.Time `json:"until,omitzero"` // InGrace: the end; Parked: the next try, zero for none by itself
	Since      time.Time `json:"since,omitzero"` // Parked: when it failed last
	Change     string    `json:"change"`         // ID of the change to approve: its own, or one that it needs
	Approvable bool      `json:"approvable,omitempty"`
	Denied     bool      `json:"denied,omitempty"` // NeedsApproval: somebody has said no, for a time
	// Lasting: Guarded by a first run, which later plans keep up until it is released.
	Lasting bool `json:"lasting,omitempty"`
}

// A Verdict is what a guard found: for one action, one entitlement, or the read or
// the clock as a whole.
type Verdict struct { //nolint:recvcheck // fmt prints values, too, with String
	Guard       Guard              `json:"guard,omitzero"`
	Action      Action             `json:"action,omitzero"`      // GuardAction, GuardEntitlement
	Entitlement target.Entitlement `json:"entitlement,omitzero"` // GuardEntitlement
	Field       string             `json:"field,omitempty"`      // GuardFields: which, as source.Fields names it
	Missing     []string           `json:"missing,omitempty"`    // GuardSentinels: who, sorted
	Changes     []string           `json:"changes,omitempty"`    // IDs, sorted: GuardKept; revokes whose grace a first run begins
	At          time.Time          `json:"at,omitzero"`          // GuardClock: the time that is doubted
	Last        time.Time          `json:"last,omitzero"`        // GuardClock: of the last whole run, or of a later one for one person
	// Count is how many accounts this plan affects: those of changes that nothing
	// but a guard holds. What follows a disable counts with the disable. GuardKept:
	// changes. GuardFields, GuardPeople: how many people there are now.
	// GuardSentinels: how many are missing.
	Count  int   `json:"count"`
	Recent int   `json:"recent,omitempty"` // in the last 24 hours
	Of     int   `json:"of"`               // managed accounts; members; GuardFields, GuardPeople: people before
	Limit  Limit `json:"limit"`            // that applied
	// Held: at least one change waits for a release; in a whole plan, also whenever
	// the read or the clock is doubted.
	Held    bool   `json:"held,omitempty"`
	Release bool   `json:"release,omitempty"` // held, but released
	Text    string `json:"text,omitempty"`    // why, when it is not the limit: "first run"
}

// Scheduled counts changes of one action that time alone will bring.
type Scheduled struct {
	Action Action    `json:"action"`
	Count  int       `json:"count"`
	First  time.Time `json:"first"`
}

// A Finding is something that a person should look at; never a write.
type Finding struct {
	Code    string     `json:"code"` // one of the Code… constants, or of a target.Note
	Key     target.Key `json:"key,omitzero"`
	Account string     `json:"account,omitempty"` // native id
	Label   string     `json:"label,omitempty"`
	Field   string     `json:"field,omitempty"`
	Count   int        `json:"count,omitempty"` // how many people or accounts it stands for; 0 and 1 are one
	Message string     `json:"message"`
}
