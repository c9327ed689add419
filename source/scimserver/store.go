package scimserver

import (
	"context"
	"errors"
	"time"
)

// Sentinel errors of a [Store]; the server compares with [errors.Is].
var (
	// ErrNotFound: there is no such resource, or it was deleted.
	ErrNotFound = errors.New("no such resource")
	// ErrConflict: the resource is no longer at the version that was expected.
	ErrConflict = errors.New("resource changed meanwhile")
	// ErrTaken: another resource has a unique term; see [TakenError].
	ErrTaken = errors.New("value is taken")
	// ErrNoMember: who was to join a group does not exist; see [MemberError].
	ErrNoMember = errors.New("no such member")
)

// Type is a kind of resource.
type Type string

// The kinds of resources.
const (
	User  Type = "User"
	Group Type = "Group"
)

// A Resource is a user or a group as a [Store] keeps it. The body means nothing to
// a store. What a store returns is not changed by the server, and the other way
// round.
type Resource struct {
	Type Type
	// ID is made by the server, unique among users and groups together, and never
	// used again. It has 1 to 255 bytes of plain text. Whoever asks for other IDs
	// may send anything: a store answers that there is none.
	ID string
	// Sequence orders the resources of a tenant by when they were created. The store
	// gives it when it first puts the resource: greater than all before, never
	// changed.
	Sequence int64
	// Version is 1 for a new resource and grows by one with each put. The store sets
	// it, as Put.Expect says.
	Version int64
	// Created is when it was put first; later puts do not change it. Times are in
	// UTC, to the microsecond.
	Created time.Time
	// Modified is when the resource was put last, as the server says.
	Modified time.Time
	// Deleted is when it was deleted; the zero time if it was not. A store keeps
	// deleted resources until they are purged, since who was deleted has to lose
	// their access wherever it is; it shows them with Query.Deleted only. What is
	// deleted is never put again: [ErrConflict].
	Deleted time.Time
	// Body is a JSON object in UTF-8: the attributes of the resource without id,
	// meta, the members of a group and the groups of a user.
	Body []byte
	// Terms are what the resource is found by, in no order. They are written and not
	// read: what a store returns has none.
	Terms []Term
}

// A Term is a value by which resources are found, folded where case does not
// count: {"username", "ana@acme.example"}. A name occurs several times if an
// attribute has several values. Terms are equal if their bytes are. The server
// chooses names; a value is any text of any length.
type Term struct {
	Name, Value string
	// Unique: no two resources of one type in one tenant have it as a unique term,
	// deleted ones aside.
	Unique bool
}

// A Member is a user or a group in a group.
type Member struct {
	ID string
	// Type is that of the resource. In Commit.Join it may be "" if the server does
	// not know.
	Type    Type
	Display string // as the client sent it, or ""
}

// Membership is a member in a group.
type Membership struct {
	Group  string // ID
	Member Member
}

// A Query asks for resources of one type, in the order of their Sequence.
type Query struct {
	Type Type
	// Terms must all be on a resource. Unique does not count. None: all resources.
	Terms []Term
	// IDs wants only these, those that there are; nil: all.
	IDs []string
	// Member, if not "", wants groups that have this member.
	Member string
	// Deleted wants the deleted ones too.
	Deleted bool
	// After leaves out those up to a Sequence, and Offset as many of the rest.
	After  int64
	Offset int
	// Limit is how many are wanted at most: 0 for none, which asks for the total.
	Limit int
	// Total asks how many there are in all, whatever After, Offset and Limit. They
	// may be counted a moment before the page is read.
	Total bool
}

// A Page is the answer to a [Query].
type Page struct {
	Resources []Resource
	Total     int // if it was asked for
}

// A Commit is written as a whole or not at all.
type Commit struct {
	// Put are resources to be stored, each of them once: [ErrConflict]. New ones get
	// their Sequence in this order. What is unique has to be so when all is written:
	// two resources can swap a value.
	Put []Put
	// Gone are IDs of users and groups that leave all groups, and of groups that all
	// members leave.
	Gone []string
	// Leave takes members out of groups, after Gone; only the IDs count. Leaving
	// twice does nothing.
	Leave []Membership
	// Join adds members to groups, after Leave. Joining twice changes what Display
	// is. The group exists when the commit is written, [ErrNotFound], and so does
	// the member, with the same type if one is given: [ErrNoMember]. What is put here
	// counts, and what is deleted here does not.
	Join []Membership
}

// Put is a resource to be stored. Expect is the version that the store must have at
// that moment, 0 if it must have none, also none that was deleted or is of another
// type: [ErrConflict]. It is stored with version Expect + 1, whatever its Version
// and Sequence say.
type Put struct {
	Resource Resource
	Expect   int64
}

// A Store keeps users and groups of many tenants. Implementations are safe for
// concurrent use and honour the cancellation of ctx. A tenant is any text, and need
// not be announced. No tenant sees anything of another: the same ID may be in two.
// What a commit wrote is seen by every call that begins after it returned, and by no
// call in part.
//
// Whoever lists with Query.After, from the last Sequence of each page, sees every
// resource once that was there all the time, whatever is created and deleted
// meanwhile: a resource never turns up behind one with a greater Sequence that was
// already to be seen.
//
// Package storetest says whether a store keeps the contract.
type Store interface {
	// Get returns a resource, [ErrNotFound] if it does not exist or was deleted.
	Get(ctx context.Context, tenant string, t Type, id string) (Resource, error)
	// List returns a page of resources.
	List(ctx context.Context, tenant string, q Query) (Page, error)
	// Members returns the members of groups, by group, ordered by the bytes of their
	// ID. Groups without members are not in the map. The caller may change the result.
	Members(ctx context.Context, tenant string, groups []string) (map[string][]Member, error)
	// MemberOf returns the IDs of the groups that have each of some members, by
	// member, ordered by their bytes. Who is in none is not in the map. The caller may
	// change the result.
	MemberOf(ctx context.Context, tenant string, members []string) (map[string][]string, error)
	// Commit writes. Its errors wrap ErrConflict, ErrTaken (as a *TakenError),
	// ErrNoMember (as a *MemberError) and ErrNotFound, and then nothing was written;
	// if several apply, any of them. After any other error nothing was written, or
	// nobody knows.
	Commit(ctx context.Context, tenant string, c Commit) error
	// Purge forgets the resources that were deleted before an instant, with their
	// memberships if they have any left, and returns how many.
	Purge(ctx context.Context, tenant string, before time.Time) (int, error)
}

// TakenError says which unique term another resource has. It wraps [ErrTaken].
type TakenError struct{ Name string }

func (e *TakenError) Error() string { return e.Name + ": " + ErrTaken.Error() }

// Unwrap returns ErrTaken.
func (e *TakenError) Unwrap() error { return ErrTaken }

// MemberError says who cannot join because they do not exist. It wraps
// [ErrNoMember].
type MemberError struct{ ID string }

func (e *MemberError) Error() string { return ErrNoMember.Error() + ": " + e.ID }

// Unwrap returns ErrNoMember.
func (e *MemberError) Unwrap() error { return ErrNoMember }
