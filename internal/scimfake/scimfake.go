// Package scimfake is a SCIM service provider for tests. It understands what this
// module sends and little else: what it does not know is refused, so that a client
// cannot send nonsense unnoticed. It shares no code with what it tests.
//
// Without [Quirks] it does what the RFCs demand. Each quirk is a deviation of some
// real service.
package scimfake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Object is a JSON object.
type Object = map[string]any

// Quirks are how a service deviates.
type Quirks struct {
	Token     string // bearer token that is demanded, if any
	UserAgent bool   // a User-Agent is demanded (GitHub)

	// Writing users.
	PatchReply       int    // status of a PATCH that worked: 200 (default) or 204
	Patch500         bool   // a PATCH of a user is done and answered with 500 (imulab)
	NoPatch          bool   // PATCH of users is 405 (PUT-only services)
	NoFilterPaths    bool   // paths with filters are 400 (GitHub organisations)
	NoReplaceMissing bool   // replace of what is not there is 400 noTarget
	NoRemoveMissing  bool   // remove of what is not there is 400 noTarget
	Duplicate        int    // status for a name that is taken; default 409
	NoScimType       bool   // errors have no scimType
	CreateReply      string // "", "empty": no body, "nowhere": neither body nor Location, "slim": id alone
	NoExternalID     bool   // externalId is dropped
	FixedExternalID  bool   // externalId cannot be changed
	CreatesEnabled   bool   // active is ignored in a POST
	InactiveDeletes  bool   // active false removes the user (GitHub organisations)
	DeleteDisables   bool   // DELETE sets active to false (Slack)
	IDIsExternalID   bool   // id is the externalId (GitLab)
	OneElement       bool   // emails and the like have one element at most (AWS)
	NoWriting        bool   // every write is 403

	// Bulk requests: operations in one; 0: there are none. BulkReply is what the answer has:
	// "": what RFC 7644 demands, "shown": resources too, "reversed": the operations from the
	// last to the first, "cut": all but the last operation, which is done.
	Bulk      int
	BulkReply string

	// Reading.
	Versions      bool     // ETag and If-Match
	Filters       []string // attributes that can be filtered by; nil: all
	UnknownFilter string   // what a filter by another one gets: "" 400, "everything" or "nothing"
	ExactFilter   bool     // values compare with case (scimmy)
	RawEscapes    bool     // escapes in values are not undone (elimity)
	StringActive  bool     // active is sent as "True" (old Entra-style services)
	FlatNames     bool     // "name.formatted" in place of name (GitLab)
	ContentType   string   // default application/scim+json

	// Groups.
	NoGroups         bool
	HideMembers      bool // groups show no members (AWS)
	UserGroups       bool // users list their groups
	UserGroupIDs     bool // with UserGroups: by id alone
	NoMemberFilter   bool // members.value cannot be filtered by
	AnyMember        bool // members need not exist (pyscim, scimmy)
	DuplicateMembers bool // a member that is added twice is there twice (pyscim, scimmy)
	AddReplaces      bool // members that are added take the place of all others
	MaxChanges       int  // more member changes than these are 400 (AWS)
	MaxBody          int  // larger requests are 413
	RemoveByValue    bool // members are removed by value arrays only (old Entra-style services)
	WipeByValue      bool // a value array removes all members (pyscim)
	NoGroupPatch     bool // PATCH of groups is 405
	MemberMissing404 bool // a member that does not exist is 404 and not 400

	// Paging.
	MaxPage  int  // default 1000
	Cursor   bool // pages by cursor alone (AWS)
	Unpaged  bool // startIndex and count are ignored (Google)
	PageSums bool // totalResults is the size of the page (pyscim)
	Shuffled bool // each page is of another order, unless sortBy asks for one (imulab, in memory)
}

// Server is the service. It is safe for concurrent use.
type Server struct {
	Quirks Quirks
	// Before may answer a request by itself: a status that is not 0. The request is
	// not done then. It is called with the lock held.
	Before func(r *http.Request, body []byte) int
	// Lose breaks the connection after a request was done.
	Lose func(r *http.Request) bool

	mu     sync.Mutex
	users  []*resource
	groups []*resource
	last   int
	lists  int
	log    []Request
}

// Request is one that was received.
type Request struct {
	Method, Path, Query string
	Header              http.Header
	Body                []byte
}

type resource struct {
	o       Object
	version int
}

func (r *resource) id() string { s, _ := r.o["id"].(string); return s }

// Requests returns what was received since the last call.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	log := s.log
	s.log = nil
	return log
}

// AddUser puts a user there, and returns its id.
func (s *Server) AddUser(o Object) string { return s.put(&s.users, o) }

// AddGroup puts a group there, and returns its id.
func (s *Server) AddGroup(o Object) string { return s.put(&s.groups, o) }

func (s *Server) put(to *[]*resource, o Object) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	o = clone(o)
	r := &resource{o: o}
	if r.id() == "" {
		o["id"] = s.nextID()
	}
	*to = append(*to, r)
	return r.id()
}

func (s *Server) nextID() string {
	s.last++
	return fmt.Sprintf("id-%d", s.last)
}

// User returns a user as it is stored, nil if there is none.
func (s *Server) User(id string) Object { return s.get(s.users, id) }

// Group returns a group as it is stored, nil if there is none.
func (s *Server) Group(id string) Object { return s.get(s.groups, id) }

func (s *Server) get(in []*resource, id string) Object {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := find(in, id); r != nil {
		return clone(r.o)
	}
	return nil
}

// Users returns how many users there are.
func (s *Server) Users() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.users)
}

func find(in []*resource, id string) *resource {
	for _, r := range in {
		if r.id() == id {
			return r
		}
	}
	return nil
}

// clone copies a JSON value, and gives it the types of decoded JSON.
func clone(o Object) Object {
	out := Object{}
	if b, err := json.Marshal(o); err == nil {
		_ = json.Unmarshal(b, &out) // it was just written
	}
	return out
}

// fault is an answer that is an error.
type fault struct {
	status int
	kind   string
}

func bad(kind string) *fault { return &fault{http.StatusBadRequest, kind} }

func (s *Server) contentType() string {
	if s.Quirks.ContentType != "" {
		return s.Quirks.ContentType
	}
	return "application/scim+json"
}

func (s *Server) fail(w http.ResponseWriter, f *fault) {
	body := Object{
		"schemas": []string{"urn:ietf:params:scim:api:messages:2.0:Error"}, "status": strconv.Itoa(f.status),
		"detail": "no: the secret value was refused",
	}
	if f.kind == "uniqueness" {
		body["detail"] = "a user like the secret value already exists"
	}
	if f.kind != "" && !s.Quirks.NoScimType {
		body["scimType"] = f.kind
	}
	s.write(w, f.status, body)
}

func (s *Server) write(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", s.contentType())
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client's trouble
}

// multi are the attributes with several values.
func multi(name string) bool {
	return slices.Contains([]string{"emails", "phoneNumbers", "ims", "photos", "addresses", "roles", "entitlements", "members", "groups"}, name)
}

// key finds the member of an object whatever its case.
func key(o Object, name string) string {
	for k := range o {
		if strings.EqualFold(k, name) {
			return k
		}
	}
	return name
}
