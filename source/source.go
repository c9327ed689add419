package source

import (
	"context"
	"errors"
	"iter"
)

// Sentinel errors of this package. Compare with [errors.Is].
var (
	// ErrNotFound says that the source knows nobody by that ID now. It is a
	// hint, not proof: access is never removed because of it.
	ErrNotFound = errors.New("identity not found")
	// ErrListOnly says that the source cannot read one person. [Read] then looks
	// through the list.
	ErrListOnly = errors.New("source can only be listed")
	// ErrCursorExpired says that the source no longer accepts a [Cursor]. The
	// cure is a full read.
	ErrCursorExpired = errors.New("cursor expired")
)

// A Source is a system of record. Implementations are safe for concurrent use
// and honour the cancellation of ctx.
type Source interface {
	// Name identifies the source in findings, plans and explanations. It does
	// not change over time and is not empty.
	Name() string

	// Identities yields every identity, in any order. An error is yielded at
	// most once and last. A sequence that ends without an error is complete: a
	// connector that lost a page must yield an error instead of ending. It
	// stops reading when the loop is left, and may be ranged over again.
	//
	// An explicit end of employment or a deletion that the source reports is a
	// yielded identity with an ended [Status], not an absence. A row that
	// cannot be attributed to anybody is an Identity with an empty ID and at
	// least one Finding: it blocks every proof of absence in that snapshot.
	Identities(ctx context.Context) iter.Seq2[Identity, error]

	// Identity reads one person as the source knows them now. It returns an
	// error wrapping [ErrNotFound] for an unknown id and [ErrListOnly] if the
	// source has no such call; embed [ListOnly] for that.
	Identity(ctx context.Context, id string) (Identity, error)
}

// A Cursor is a position in a source's feed of changes. It is opaque: never
// parse it, never build it. The zero Cursor means "from the beginning".
type Cursor string

// A Delta says that a person changed. It carries the person as the source gave
// them, and the position after the change. A Delta whose Identity has an empty
// ID only moves the cursor.
type Delta struct {
	Identity Identity
	Cursor   Cursor
}

// A DeltaSource also tells what changed since a cursor. Deltas are hints to
// look at a person again: they may come twice or late, and a full read heals
// what they miss. The last Cursor may be stored once everything before it has
// been applied. An outdated cursor yields an error wrapping [ErrCursorExpired].
type DeltaSource interface {
	Source
	Changes(ctx context.Context, since Cursor) iter.Seq2[Delta, error]
}

// ListOnly is embedded by sources that cannot read one person.
type ListOnly struct{}

// Identity returns an error wrapping [ErrListOnly].
func (ListOnly) Identity(context.Context, string) (Identity, error) {
	return Identity{}, ErrListOnly
}
