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
// processes if they claim so.
type Journal interface {
	// Append adds entries in order, all or none, and returns once they are
	// durable. It assigns Position.
	Append(ctx context.Context, entries ...Entry) error
	// Entries yields the entries after a position, in order. An error is yielded
	// at most once and last.
	Entries(ctx context.Context, after uint64) iter.Seq2[Entry, error]
}

// Entry is one line of a journal. Kind says which fields are set.
type Entry struct {
	Position uint64    `json:"position"` // from 1, increasing; assigned by the journal
	At       time.Time `json:"at"`
	Kind     EntryKind `json:"kind"`
	Run      string    `json:"run,omitempty"`
	Target   string    `json:"target,omitempty"`

	// Intent, Happened, Owing, Dropped, Lifted, Deciding: the change concerned.
	Change      string             `json:"change,omitempty"`
	Key         target.Key         `json:"key,omitzero"`
	Account     string             `json:"account,omitempty"` // native id
	Entitlement target.Entitlement `json:"entitlement,omitzero"`
	To          target.Key         `json:"to,omitzero"`    // handover
	Text        string             `json:"text,omitempty"` // an error, without values
	Action      reconcile.Action   `json:"action,omitzero"`
	Phase       target.Phase       `json:"phase,omitzero"`
	Outcome     Outcome            `json:"outcome,omitzero"`

	Hold     *Pending  `json:"hold,omitempty"`     // Holding
	Decision *Decision `json:"decision,omitempty"` // Deciding, Releasing
	End      *RunTotal `json:"end,omitempty"`      // RunEnd
}

// RunTotal is what a run on one target leaves behind for the next.
type RunTotal struct {
	// PlannedAt is when the plan was made; a plan that is applied again is
	// recognised by it.
	PlannedAt time.Time    `json:"plannedAt"`
	Whole     bool         `json:"whole,omitempty"`
	People    int          `json:"people,omitempty"`
	Managed   int          `json:"managed,omitempty"`
	Proved    bool         `json:"proved,omitempty"`
	Missing   []target.Key `json:"missing,omitempty"`
	// Identity is the only person the run was about, who was in the source.
	Identity string `json:"identity,omitempty"`
	// Broken: more than a tenth of the changes were not even tried.
	Broken bool `json:"broken,omitempty"`
}

// EntryKind is what an entry says.
type EntryKind string

// The kinds of entry.
const (
	RunBegin  EntryKind = "run-begin" // a run starts on a target
	Holding   EntryKind = "holding"   // a change is held in this run
	Owing     EntryKind = "owing"     // a disable is about to leave this undone
	Dropped   EntryKind = "dropped"   // an obligation no longer applies
	Lifted    EntryKind = "lifted"    // a change is no longer held
	Intent    EntryKind = "intent"    // a call is about to be made
	Happened  EntryKind = "happened"  // a change ended
	RunEnd    EntryKind = "run-end"   // a run ended on a target
	Deciding  EntryKind = "deciding"  // somebody approved or rejected a change
	Releasing EntryKind = "releasing" // somebody released a plan's guards
)
