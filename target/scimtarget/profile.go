package scimtarget

import "github.com/provision-go/provision/internal/scimclient"

// A Profile is what is known of a service. The functions of this package that return
// one make a new one at each call, so it can be altered; a profile that is written down
// from nothing can do nothing that it does not say:
//
//	p := scimtarget.RFC()
//	p.Users = scimtarget.Put
//	p.Filters = []string{"userName"}
type Profile struct {
	// Name of the profile, for people.
	Name string

	// Key is where the service keeps the key of an account. Defaults to ExternalID.
	Key KeyIn
	// KeyFixed: the key cannot be altered once an account is there, so accounts
	// cannot be adopted.
	KeyFixed bool
	// Attributes are what is mapped when Config.Attributes is nil. Defaults to
	// Standard.
	Attributes []Attribute
	// Filters are the attributes of users by which the service can be searched,
	// such as "userName", "externalId", "emails". An account that has to be found by
	// its key or by a unique attribute that is not among them is found by listing
	// everybody, which is slow, and safe with a service that answers a filter that it
	// does not know with nothing.
	Filters []string

	// Users is how users are updated. Defaults to Patch.
	Users Method
	// WholeArrays: PATCH knows no paths with a filter, so an attribute with several
	// values is replaced as a whole, together with the values that others wrote.
	WholeArrays bool
	// Versions: users have versions, and a write with an outdated one is refused with
	// 412 (RFC 7644, section 3.14).
	Versions bool
	// Disable: active can be set to false, and the account is kept.
	Disable bool
	// CreateDisabled: a user can be created with active false.
	CreateDisabled bool
	// Delete: DELETE removes a user. It is used only if Config.Delete says so.
	Delete bool

	// Groups is how groups work; the zero value is that there are none.
	Groups GroupProfile

	// Paging is how lists are read. Defaults to PagingAuto.
	Paging Paging
	// PageSize is how many resources a page is asked for. Defaults to 100.
	PageSize int
	// Careful has pages by index overlap by one user, and short lists end with a look
	// whether more follows, so that users who move because others are deleted at the
	// same time are not lost. It is for services whose totalResults or order is wrong,
	// and for those with many writers; it costs a request in a hundred, and one for
	// each short list.
	Careful bool
	// Bulk is how many writes one bulk request carries (RFC 7644, section 3.7). The first
	// write is sent alone, and what is called for meanwhile shares the next request, of
	// which one is under way at a time. What opens or closes an account, gives it its key,
	// or takes it out of a group is always sent alone. Of writes that such an answer does
	// not show, accounts are returned as they were sent. A service that refuses is sent
	// single requests. Defaults to none. It saves requests where they are counted; a service
	// that works long on each write is quicker without.
	Bulk int
	// Rate is how many requests per second the service accepts, reads included, and
	// Burst how many at once. Requests wait for it. Defaults to no limit; a service
	// that answers 429 is heard anyway.
	Rate  float64
	Burst int
}

// A GroupProfile is how the groups of a service work.
type GroupProfile struct {
	// Supported: the service has groups.
	Supported bool
	// Create: groups can be created.
	Create bool
	// Members is where the service says who is in a group. Defaults to OnGroups.
	Members MembersIn
	// Update is how members are changed. Defaults to Patch. With Put a group is read,
	// altered and put back, so members that others add at the same moment may be lost.
	// Where Members is OnGroups, the first addition by Patch to a group that has members is
	// looked at, and a service that takes it for all members is treated as if this were Put.
	Update Method
	// RemoveByValue removes members with a path "members" and a list of values, as
	// Microsoft Entra does, instead of a path members[value eq "…"]. Some services
	// then remove all members, so it is only for those that know no other form.
	RemoveByValue bool
	// MaxChanges is how many members one request adds or removes. Defaults to 100.
	MaxChanges int
	// LooseMembers: the service takes members that do not exist, so the user is read
	// before it becomes one.
	LooseMembers bool
	// FindByName: groups can be searched by displayName. Else a group is found by
	// listing all.
	FindByName bool
	// Exclude: the parameter excludedAttributes is understood, so that members that
	// nobody needs are not sent.
	Exclude bool
}

// KeyIn is where a service keeps the key of an account.
type KeyIn uint8

// The places of a key.
const (
	// ExternalID keeps the key in externalId (RFC 7643, section 3.1).
	ExternalID KeyIn = iota
	// UserName takes the userName for the key: it is then the identity of the person
	// in the source. Every account of the service counts as managed, and whoever is
	// not in the source as somebody who is gone.
	UserName
	// NativeID: the service makes the externalId of a create the id of the user, and
	// shows no other. Every account counts as managed, as with UserName.
	NativeID
	// NoKey: the service keeps no key. The engine's journal does.
	NoKey
)

// Method is how a resource is updated.
type Method uint8

// The methods.
const (
	Patch Method = iota // PATCH, RFC 7644, section 3.5.2
	Put                 // read, alter, PUT, section 3.5.1
)

// MembersIn is where a service says who is in a group.
type MembersIn uint8

// The places of memberships.
const (
	// OnGroups: groups list their members. Of one account that is looked at alone,
	// all groups are read.
	OnGroups MembersIn = iota
	// OnUsers: users list their groups (RFC 7643, section 4.1.2, "groups").
	OnUsers
	// ByFilter: neither does. Users are searched by groups.value, with a request for
	// each group, and groups by members.value.
	ByFilter
)

// Paging is how lists are read.
type Paging = scimclient.Paging

// The ways to read lists.
const (
	PagingAuto = scimclient.Auto     // by index, going on by cursor if the answer names one
	ByIndex    = scimclient.ByIndex  // startIndex and count, RFC 7644, section 3.4.2.4
	ByCursor   = scimclient.ByCursor // cursor and count, RFC 9865
	Unpaged    = scimclient.Unpaged  // one request without either
)
