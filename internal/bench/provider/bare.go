package provider

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// User is a user as encoding/json sees one whose shape is known beforehand.
type User struct {
	Schemas     []string   `json:"schemas"`
	ID          string     `json:"id,omitempty"`
	ExternalID  string     `json:"externalId"`
	UserName    string     `json:"userName"`
	Name        Name       `json:"name"`
	DisplayName string     `json:"displayName"`
	Title       string     `json:"title"`
	Active      bool       `json:"active"`
	Emails      []Email    `json:"emails"`
	Enterprise  Enterprise `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"`
	Meta        *Meta      `json:"meta,omitempty"`
}

// Name is the name of a user.
type Name struct {
	Formatted  string `json:"formatted"`
	FamilyName string `json:"familyName"`
	GivenName  string `json:"givenName"`
}

// Email is an address of a user.
type Email struct {
	Value   string `json:"value"`
	Type    string `json:"type"`
	Primary bool   `json:"primary"`
}

// Enterprise is the enterprise extension of a user.
type Enterprise struct {
	EmployeeNumber string `json:"employeeNumber"`
	Department     string `json:"department"`
	CostCenter     string `json:"costCenter"`
}

// Meta is what the server says of a user.
type Meta struct {
	ResourceType string `json:"resourceType"`
	Created      string `json:"created"`
	LastModified string `json:"lastModified"`
	Location     string `json:"location"`
	Version      string `json:"version"`
}

// List is a page of users.
type List struct {
	Schemas      []string `json:"schemas"`
	TotalResults int      `json:"totalResults"`
	ItemsPerPage int      `json:"itemsPerPage"`
	StartIndex   int      `json:"startIndex"`
	Resources    []*User  `json:"Resources"`
}

// Patch is a PATCH.
type Patch struct {
	Schemas    []string `json:"schemas"`
	Operations []struct {
		Op    string `json:"op"`
		Path  string `json:"path"`
		Value any    `json:"value"`
	} `json:"Operations"`
}

// Bare is a handler that does nothing but decode and encode. It has the users that a
// service provider holds, finds them by id and by the whole text of a filter, and
// lists them from any index; it checks nothing and keeps nothing.
type Bare struct {
	users    []*User
	byID     map[string]*User
	byFilter map[string]*User
}

// NewBare makes the users from the answer of a service provider.
func NewBare(users []*User) *Bare {
	b := &Bare{users: users, byID: map[string]*User{}, byFilter: map[string]*User{}}
	for _, u := range users {
		b.byID[u.ID] = u
		b.byFilter[byUserName(u)], b.byFilter[byExternalID(u)] = u, u
	}
	return b
}

// ServeHTTP answers.
func (b *Bare) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var answer any
	status := http.StatusOK
	id := strings.TrimPrefix(r.URL.Path, "/scim/v2/Users/")
	switch r.Method {
	case http.MethodPost:
		created := &User{}
		if !decode(w, r, created) {
			return
		}
		created.ID, created.Meta = b.users[0].ID, b.users[0].Meta
		answer, status = created, http.StatusCreated
	case http.MethodPatch:
		var patch Patch
		if !decode(w, r, &patch) {
			return
		}
		changed := *b.byID[id]
		changed.Title, _ = patch.Operations[0].Value.(string)
		answer = &changed
	default:
		if answer = b.byID[id]; b.byID[id] == nil {
			answer = b.list(r)
		}
	}
	body, err := json.Marshal(answer)
	if err != nil {
		http.Error(w, "cannot be encoded", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/scim+json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client sees what is missing
}

func (b *Bare) list(r *http.Request) *List {
	q := r.URL.Query()
	out := &List{Schemas: []string{"urn:ietf:params:scim:api:messages:2.0:ListResponse"}, StartIndex: 1}
	if filter := q.Get("filter"); filter != "" {
		out.TotalResults, out.Resources = 1, []*User{b.byFilter[filter]}
	} else {
		start, _ := strconv.Atoi(q.Get("startIndex"))
		count, _ := strconv.Atoi(q.Get("count"))
		out.TotalResults, out.StartIndex, out.Resources = len(b.users), start, b.users[start-1:start-1+count]
	}
	out.ItemsPerPage = len(out.Resources)
	return out
}

func decode(w http.ResponseWriter, r *http.Request, into any) bool {
	text, err := io.ReadAll(r.Body)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		http.Error(w, "cannot be decoded", http.StatusBadRequest)
		return false
	}
	return true
}
