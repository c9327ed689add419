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
	// used again.
	ID string
	// Sequence orders the resources of a tenant by when they were created. The store
	// gives it when it first puts the resource: greater than all before, never
	// changed.
	Sequence int64
	// Version is 1 for a new resource and grows by one with each put.
	Version int64
	Created time.Time // UTC, to the microsecond
	// Modified is when the resource was put last.
	Modified time.Time
	// Deleted is when it was deleted; the zero time if it was not. A store keeps
	// deleted resources until they are purged, since who was deleted has to lose
	// their access wherever it is; it shows them with Query.Deleted only.
	Deleted time.Time
	// Body is a JSON object: the attributes of the resource without id, meta, the
	// members of a group and the groups of a user.
	Body []byte
	// Terms are what resources are found by.
	Terms []Term
}

// A Term is a value by which resources are found, folded where case does not
// count: {"username", "ana@acme.example"}. A name occurs several times if an
// attribute has several values.
type Term struct {
	Name, Value string
	// Unique: no two resources of one type in one tenant have it, deleted ones aside.
	Unique bool
}

// A Member is a user or a group in a group.
type Member struct {
	ID      string
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
	// IDs wants only these; nil: all.
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
	// Total asks how many there are in all, whatever After, Offset and Limit.
	Total bool
}

// A Page is the answer to a [Query].
type Page struct {
	Resources []Resource
	Total     int // if it was asked for
}

// A Commit is written as a whole or not at all.
type Commit struct {
	// Put are resources to be stored. The store sets Sequence of new ones.
	Put []Put
	// Join adds members to groups, and Leave takes them out. Joining twice changes
	// what Display is; leaving twice does nothing. A member that joins exists when
	// the commit is written: [ErrNoMember]. Whether it is a user or a group the store
	// finds out by its ID; the Type of a member that joins says nothing.
	Join  []Membership
	Leave []Membership // only the IDs count
	// Gone are IDs of users and groups that leave all groups, and of groups that all
	// members leave.
	Gone []string
}

// Put is a resource to be stored. Expect is the version that the store must have at
// that moment, 0 if it must have none: [ErrConflict].
type Put struct {
	Resource Resource
	Expect   int64
}

// A Store keeps users and groups of many tenants. Implementations are safe for
// concurrent use and honour the cancellation of ctx. No tenant sees anything of
// another. Package storetest says whether one keeps the contract.
type Store interface {
	// Get returns a resource, [ErrNotFound] if it does not exist or was deleted.
	Get(ctx context.Context, tenant string, t Type, id string) (Resource, error)
	// List returns a page of resources.
	List(ctx context.Context, tenant string, q Query) (Page, error)
	// Members returns the members of groups, by group, ordered by ID.
	Members(ctx context.Context, tenant string, groups []string) (map[string][]Member, error)
	// MemberOf returns the IDs of the groups that have each of some members, by
	// member, ordered by ID.
	MemberOf(ctx context.Context, tenant string, members []string) (map[string][]string, error)
	// Commit writes. Its errors wrap ErrConflict, ErrTaken (as a *TakenError) and
	// ErrNoMember (as a *MemberError); after any error nothing was written, or nobody
	// knows.
	Commit(ctx context.Context, tenant string, c Commit) error
	// Purge forgets the resources that were deleted before an instant, and returns
	// how many.
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
