package knit

import (
	"context"
	"errors"
	"time"
)

// ErrConflict says that the state of an integration is no longer the one that a
// [Commit] was made for.
var ErrConflict = errors.New("state changed meanwhile")

// A State is what a [Store] keeps about one integration beside its records.
type State struct {
	// Version is 0 for an integration of which nothing was ever written, and grows by
	// one with each commit.
	Version int64
	// Body is a JSON object, nil with version 0. It means nothing to a store.
	Body []byte
}

// A Record is a person as a [Store] keeps them. What a store returns is not changed by
// the connector, and the other way round.
type Record struct {
	// ID has 1 to 255 bytes and is unique in an integration.
	ID string
	// At is when Knit last said something of a person who is there; the zero time if it
	// never did. Times are in UTC, to the millisecond.
	At time.Time
	// Ended is when Knit said that the person is gone; the zero time if they are not.
	Ended time.Time
	// Body is a JSON object in UTF-8, nil if there is nothing but the ID. It means
	// nothing to a store.
	Body []byte
}

// A Commit is written as a whole or not at all, in the order of its fields.
type Commit struct {
	// Expect is the version that the state must have: [ErrConflict]. The state is
	// written with version Expect + 1.
	Expect int64
	State  []byte
	// Drop removes the records whose Ended is zero and whose At is before it. The zero
	// time removes none.
	Drop time.Time
	// Purge removes the records whose Ended is not zero and before it. The zero time
	// removes none.
	Purge time.Time
	// Put are records to be stored, each ID once, in the place of those that there are.
	Put []Record
	// Forget removes the marks that were set before it. The zero time removes none.
	Forget time.Time
	// Mark are marks to be set, with the time Marked. Setting one twice keeps the first
	// time.
	Mark   []string
	Marked time.Time
}

// A Store keeps what Knit has pushed, for many integrations. A product backs it with
// its database: a row for each state, a table of records and one of marks, all three
// by integration. Implementations are safe for concurrent use and honour the
// cancellation of ctx. An integration is any text and need not be announced; none sees
// anything of another. What a commit wrote is seen by every call that begins after it
// returned, and by no call in part.
//
// Package storetest says whether a store keeps the contract.
type Store interface {
	// State returns the state of an integration, the zero State if there is none.
	State(ctx context.Context, integration string) (State, error)
	// Records returns the records of these IDs, those that there are, in any order.
	Records(ctx context.Context, integration string, ids []string) ([]Record, error)
	// List returns at most limit records whose ID is greater than after, ordered by the
	// bytes of their ID. Fewer than limit say that there are no more. Whoever lists from
	// the last ID of each page sees every record once that was there all the time.
	List(ctx context.Context, integration, after string, limit int) ([]Record, error)
	// Marks returns those of some marks that are set, in any order.
	Marks(ctx context.Context, integration string, marks []string) ([]string, error)
	// Commit writes. After an error that does not wrap [ErrConflict] nothing was
	// written, or nobody knows.
	Commit(ctx context.Context, integration string, c Commit) error
}
