package provision

import (
	"context"
	"iter"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// A Journal is a durable, append-only log of one tenant's runs. Everything an
// engine remembers between runs is a fold of its entries, so a store has to do
// two things only. Implementations are safe for concurrent use, also by several
// processes if they claim so. A kind of entry that a store does not know is kept
// like any other. provisiontest.Journal checks all of it.
type Journal interface {
	// Append adds entries in order, all or none, and returns once they are
	// durable. It assigns Position, leaves the caller's entries as they are, and does
	// not keep the slice: the caller uses it again. What a [Fence] does not admit is
	// refused, with an error that wraps [ErrFenced], and then nothing is added.
	Append(ctx context.Context, entries ...Entry) error
	// Entries yields the entries after a position, in order; after 0, all. An error
	// is yielded at most once and last. Entries that are appended meanwhile may be
	// left out, and then the ones after them are left out as well: whoever reads on from
	// the last position that they have seen misses nothing. A store whose positions come
	// from a sequence or the like must keep other writers waiting, also those without an
	// Epoch, from when it takes a position until its transaction has ended. A store that
	// was compacted begins with a Compacted entry, for everybody who asks for what comes
	// before it.
	Entries(ctx context.Context, after uint64) iter.Seq2[Entry, error]
}

// Entry is one line of a journal. Its Kind says which fields are set, besides
// Position, At, Kind and Target; see the kinds.
type Entry struct {
	Position uint64    `json:"position"` // from 1, increasing; assigned by the journal
	At       time.Time `json:"at"`
	Kind     EntryKind `json:"kind"`
	Run      string    `json:"run,omitempty"`
	Target   string    `json:"target,omitempty"`

	// The change concerned, as far as the kind says.
	Change      string             `json:"change,omitempty"`
	Key         target.Key         `json:"key,omitzero"`
	Account     string             `json:"account,omitempty"` // native id
	Entitlement target.Entitlement `json:"entitlement,omitzero"`
	To          target.Key         `json:"to,omitzero"`    // handover: who gets it
	Text        string             `json:"text,omitempty"` // RunBegin: the actor; Happened: an error, without values
	Action      reconcile.Action   `json:"action,omitzero"`
	Phase       target.Phase       `json:"phase,omitzero"`
	Outcome     Outcome            `json:"outcome,omitzero"`
	// Class is what the target said: Happened and Failing that failed or are unconfirmed.
	Class target.Class `json:"class,omitzero"`
	// NotBefore is until when the target asked to wait, a day at most: Happened and
	// Failing. Zero: it did not, or for no longer than a run waits.
	NotBefore time.Time `json:"notBefore,omitzero"`
	// Written are the values that an update wrote, as imprints: Happened.
	Written []FieldMark `json:"written,omitempty"`
	// Names are the values of unique attributes that a create chose, or that the
	// account of a delete has: Intent, Happened. Keyed hashes with Config.Masking.
	Names []reconcile.Name `json:"names,omitempty"`
	// Fields are what an update or an adoption wrote: Intent, Happened. Values are in it
	// only if Config.KeepValues says so, and never sensitive ones. Config.Masking has hashes
	// in their place.
	Fields []reconcile.FieldChange `json:"fields,omitempty"`
	// Undo: RunBegin, Intent and Happened of a run that takes another one back.
	Undo *Undo `json:"undo,omitempty"`

	// Row is a row of a source: Linked.
	Row *SourceRow `json:"row,omitempty"`
	// Rules are the IDs of rules: Protecting.
	Rules []string `json:"rules,omitempty"`

	Hold     *Pending  `json:"hold,omitempty"`     // Holding
	Decision *Decision `json:"decision,omitempty"` // Deciding, Releasing, Terminating, Reinstating, Resuming
	End      *RunTotal `json:"end,omitempty"`      // RunBegin, RunEnd, Seen, Reading
	Alarm    *Alarm    `json:"alarm,omitempty"`    // Alarming; nil: nothing is doubted any more
	// MaskedBy names the key with which values are hashed: RunBegin. "": they are not.
	MaskedBy string `json:"maskedBy,omitempty"`
	// From is the first position that an entry of the run may have: RunBegin.
	From uint64 `json:"from,omitempty"`
	// Epoch is under which lease an entry was written; 0: under none, by a [Desk].
	Epoch uint64 `json:"epoch,omitempty"`
	Lease *Lease `json:"lease,omitempty"` // Leased; Compacted: the last one before it
	Fold  *Fold  `json:"fold,omitempty"`  // Compacted
}

// SourceRow is a row of a source: a person as that source knows them.
type SourceRow struct {
	Source string `json:"source"` // its name
	ID     string `json:"id"`
}

// Undo says what an entry takes back.
type Undo struct {
	Run    string `json:"run"`              // that is taken back
	Actor  string `json:"actor,omitempty"`  // who takes it back
	Change string `json:"change,omitempty"` // that is taken back: not with RunBegin
	Redo   string `json:"redo,omitempty"`   // the change that would do it again
}

// FieldMark says that a value was written to a field, and not which.
type FieldMark struct {
	Field   string `json:"field"`
	Imprint string `json:"imprint"` // see reconcile.Masks.Imprint
}

// RunTotal is what a run on one target leaves behind for the next.
type RunTotal struct {
	// PlannedAt is when the plan was made; a plan that is applied again is
	// recognised by it.
	PlannedAt time.Time    `json:"plannedAt"`
	Whole     bool         `json:"whole,omitempty"`   // the plan was for everybody
	People    int          `json:"people,omitempty"`  // in the source's read
	Managed   int          `json:"managed,omitempty"` // accounts with our key, after the run
	Proved    bool         `json:"proved,omitempty"`  // the read can prove an absence
	Missing   []target.Key `json:"missing,omitempty"` // keys of people whom the read did not list
	// Retained and Unretained are those of the plan: RunBegin.
	Retained   []target.Key `json:"retained,omitempty"`
	Unretained []target.Key `json:"unretained,omitempty"`
	// Identity is the only person the run was about, who was in the source.
	Identity string `json:"identity,omitempty"`
	// Broken: more than a tenth of the changes were not even tried.
	Broken bool `json:"broken,omitempty"`
	// Rules is the hash of the rules, if the run could remove something under them, and
	// has read somebody or found no account at all, and which masks it was under.
	Rules string `json:"rules,omitempty"`
	// Filled and Members are those of the plan; Alarms is what was doubted in the run.
	Filled  map[string]int             `json:"filled,omitempty"`
	Members map[target.Entitlement]int `json:"members,omitempty"`
	Alarms  []reconcile.Verdict        `json:"alarms,omitempty"`
	// Tried is how many changes the target was asked for, and Failed how many of
	// them failed or are unconfirmed.
	Tried  int `json:"tried,omitempty"`
	Failed int `json:"failed,omitempty"`
	// Stopped is why nothing more was sent to the target; "": that did not happen.
	// NotBefore is until when it asked to wait, if it did.
	Stopped   StopCause `json:"stopped,omitempty"`
	NotBefore time.Time `json:"notBefore,omitzero"`
}

// EntryKind is what an entry says.
type EntryKind string

// The kinds of entry.
const (
	// RunBegin: a run starts on a target. Run, Text, and End with PlannedAt, Whole,
	// Identity, Retained and Unretained, unless its plan is out of date or an undo.
	RunBegin EntryKind = "run-begin"
	// Holding: a change is held, by a run or by [Desk.Submit]; the last one for a
	// Change counts. Run if by one, Change, Key, Action, Hold.
	Holding EntryKind = "holding"
	// Lifted: a change is no longer held. Run if by one, Change, Key.
	Lifted EntryKind = "lifted"
	// Owing: a disable is about to leave this step undone. Run, Change, Action, Key,
	// Account, To, Phase.
	Owing EntryKind = "owing"
	// Dropped: a step that was owed no longer applies. Run, Action, Key, Account.
	Dropped EntryKind = "dropped"
	// Protecting: from now on these conditions of the rules protect an account; without
	// Rules, none does any more. Run, Key, Rules.
	Protecting EntryKind = "protecting"
	// Intent: a call is about to be made. Run, the change with its Phase.
	Intent EntryKind = "intent"
	// Happened: a change ended that was intended, or that was so already. As Intent,
	// with Outcome and Text. Run is that of the Intent, also where a later run has found
	// out how a call ended whose process died.
	Happened EntryKind = "happened"
	// Failing: a change failed in a run before a call was made for it, written at the
	// run's end. As Happened.
	Failing EntryKind = "failing"
	// Seen: the source lists somebody again who was missing or, with the Phase Active, has
	// somebody as employed who had left, and whose account is open. Written before a run does
	// anything, because it may not come to its end. Run, Key, End with PlannedAt and Whole, and
	// with the key in Missing if it is told late: a later read may have missed them.
	Seen EntryKind = "seen"
	// Reading: a run has read the source, and the target could not be read, so it plans
	// nothing there. Run, End with PlannedAt, Whole and Identity.
	Reading EntryKind = "reading"
	// RunEnd: a run ended on a target. Run, End.
	RunEnd EntryKind = "run-end"
	// Settled: the rules no longer want what somebody took back, so it is not held any
	// longer if they want it again. Run, Change, Key.
	Settled EntryKind = "settled"
	// Terminating: somebody ended a person's access at once, on every target. Run, Key
	// without a slot, Decision with actor and reason. The first one counts until a
	// Reinstating.
	Terminating EntryKind = "terminating"
	// Reinstating: somebody took a Terminating back. Key without a slot, Decision.
	Reinstating EntryKind = "reinstating"
	// Departing: the rules say that somebody has left, and no step of a run need show it.
	// What was approved for them is void. Run, Key, Account if it was closed already.
	Departing EntryKind = "departing"
	// Linked: a row of a source belongs to a person, or to nobody any more. Key without a
	// slot, Row.
	Linked EntryKind = "linked"
	// Deciding: somebody approved or rejected a change; the last one counts. Change,
	// Key, Action, Phase, Decision.
	Deciding EntryKind = "deciding"
	// Releasing: somebody released what the guards hold. Decision.
	Releasing EntryKind = "releasing"
	// Alarming: a whole plan doubts the read or the clock, or no longer. Run if by
	// one, Alarm.
	Alarming EntryKind = "alarming"
	// Lapsed: what was released or approved is not planned any more. Run if by one,
	// Change, Key.
	Lapsed EntryKind = "lapsed"
	// Resuming: somebody ended the quarantine of a target. Decision.
	Resuming EntryKind = "resuming"
	// Leased: an engine has the tenant to itself until a time. It takes the next Epoch,
	// or renews or gives back its own. Epoch, Lease.
	Leased EntryKind = "leased"
	// Compacted stands for every entry up to its own position: whoever reads it forgets
	// what it knew and goes on from Fold. Fold, Epoch, Lease.
	Compacted EntryKind = "compacted"
)
