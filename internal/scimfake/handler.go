package scimfake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// ServeHTTP answers below any path: what counts is what follows /Users and /Groups.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	s.log = append(s.log, Request{r.Method, r.URL.Path, r.URL.RawQuery, r.Header.Clone(), body})
	status := 0
	if s.Before != nil {
		status = s.Before(r, body)
	}
	rec := &recorder{header: http.Header{}}
	if status != 0 {
		s.fail(rec, &fault{status, ""})
	} else if f := s.admit(r, body); f != nil {
		s.fail(rec, f)
	} else {
		s.route(rec, r, body)
	}
	lose := s.Lose != nil && s.Lose(r)
	s.mu.Unlock()
	if lose {
		panic(http.ErrAbortHandler) //nolint:forbidigo // it is how a handler breaks a connection
	}
	maps.Copy(w.Header(), rec.header)
	w.WriteHeader(rec.status)
	_, _ = w.Write(rec.body.Bytes()) // the client's trouble
}

type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }

func (s *Server) admit(r *http.Request, body []byte) *fault {
	q := &s.Quirks
	switch {
	case q.Token != "" && r.Header.Get("Authorization") != "Bearer "+q.Token:
		return &fault{http.StatusUnauthorized, ""}
	case q.UserAgent && (r.Header.Get("User-Agent") == "" || strings.HasPrefix(r.Header.Get("User-Agent"), "Go-http-client")):
		return &fault{http.StatusForbidden, ""}
	case q.NoWriting && r.Method != http.MethodGet:
		return &fault{http.StatusForbidden, ""}
	case q.MaxBody > 0 && len(body) > q.MaxBody:
		return &fault{http.StatusRequestEntityTooLarge, ""}
	}
	return nil
}

func (s *Server) route(w http.ResponseWriter, r *http.Request, body []byte) {
	path := r.URL.Path
	if strings.HasSuffix(path, "/Bulk") && s.Quirks.Bulk > 0 && r.Method == http.MethodPost {
		s.bulk(w, r, body)
		return
	}
	at, in := strings.LastIndex(path, "/Users"), &s.users
	if g := strings.LastIndex(path, "/Groups"); g >= 0 && !s.Quirks.NoGroups {
		at, in = g, &s.groups
	}
	if at < 0 || strings.HasSuffix(path, "/") || strings.Contains(path, "//") {
		s.fail(w, &fault{http.StatusNotFound, ""})
		return
	}
	_, id, one := strings.Cut(path[at+1:], "/")
	if !one {
		switch r.Method {
		case http.MethodGet:
			s.list(w, r, *in)
		case http.MethodPost:
			s.create(w, in, body)
		default:
			s.fail(w, &fault{http.StatusMethodNotAllowed, ""})
		}
		return
	}
	x := find(*in, id)
	if x == nil {
		s.fail(w, &fault{http.StatusNotFound, ""})
		return
	}
	if match := r.Header.Get("If-Match"); s.Quirks.Versions && match != "" && match != x.etag() {
		s.fail(w, &fault{http.StatusPreconditionFailed, ""})
		return
	}
	s.one(w, r, in, x, body)
}

func (x *resource) etag() string { return fmt.Sprintf(`W/"%d"`, x.version) }

func (s *Server) one(w http.ResponseWriter, r *http.Request, in *[]*resource, x *resource, body []byte) {
	users := in == &s.users
	switch {
	case r.Method == http.MethodGet:
		s.show(w, http.StatusOK, in, x, r)
	case r.Method == http.MethodDelete:
		s.remove(in, x)
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodPut:
		s.change(w, r, in, x, body, s.replace)
	case r.Method == http.MethodPatch && !(users && s.Quirks.NoPatch) && !(!users && s.Quirks.NoGroupPatch):
		s.change(w, r, in, x, body, s.patch)
	default:
		s.fail(w, &fault{http.StatusMethodNotAllowed, ""})
	}
}

// change makes a change as a whole or not at all.
func (s *Server) change(w http.ResponseWriter, r *http.Request, in *[]*resource, x *resource, body []byte, do func(bool, Object, []byte) (Object, *fault)) {
	users := in == &s.users
	next, f := do(users, clone(x.o), body)
	if f == nil {
		f = s.valid(in, next, x)
	}
	if f != nil {
		s.fail(w, f)
		return
	}
	x.o = next
	x.version++
	if users && s.Quirks.InactiveDeletes && next["active"] == false {
		s.remove(in, x)
	}
	switch {
	case users && s.Quirks.Patch500 && r.Method == http.MethodPatch:
		s.fail(w, &fault{http.StatusInternalServerError, ""})
	case s.Quirks.PatchReply == http.StatusNoContent && r.Method == http.MethodPatch:
		w.WriteHeader(http.StatusNoContent)
	default:
		s.show(w, http.StatusOK, in, x, r)
	}
}

func (s *Server) remove(in *[]*resource, x *resource) {
	if in == &s.users && s.Quirks.DeleteDisables {
		x.o["active"] = false
		return
	}
	*in = slices.DeleteFunc(*in, func(r *resource) bool { return r == x })
	for _, g := range s.groups {
		g.o["members"] = slices.DeleteFunc(elements(g.o["members"]), func(m any) bool { return part(m, "value") == x.id() })
	}
}

func (s *Server) create(w http.ResponseWriter, in *[]*resource, body []byte) {
	o := Object{}
	if err := json.Unmarshal(body, &o); err != nil {
		s.fail(w, bad("invalidSyntax"))
		return
	}
	users := in == &s.users
	core := "urn:ietf:params:scim:schemas:core:2.0:Group"
	if users {
		core = "urn:ietf:params:scim:schemas:core:2.0:User"
	}
	if !slices.Contains(elements(o["schemas"]), any(core)) {
		s.fail(w, bad("invalidSyntax"))
		return
	}
	delete(o, "id")
	if f := s.valid(in, o, nil); f != nil {
		s.fail(w, f)
		return
	}
	if users && s.Quirks.CreatesEnabled || users && o["active"] == nil {
		o["active"] = true
	}
	o["id"] = s.nextID()
	if users && s.Quirks.IDIsExternalID {
		o["id"] = o["externalId"]
	}
	x := &resource{o: o, version: 1}
	*in = append(*in, x)
	if s.Quirks.CreateReply != "nowhere" {
		w.Header().Set("Location", "https://elsewhere.example/scim/v2/"+map[bool]string{true: "Users", false: "Groups"}[users]+"/"+x.id())
	}
	switch s.Quirks.CreateReply {
	case "empty", "nowhere":
		w.WriteHeader(http.StatusCreated)
	case "slim":
		s.write(w, http.StatusCreated, Object{"schemas": o["schemas"], "id": x.id()})
	default:
		s.show(w, http.StatusCreated, in, x, nil)
	}
}

// valid checks what a resource is to be.
func (s *Server) valid(in *[]*resource, o Object, self *resource) *fault {
	name := "displayName"
	if in == &s.users {
		name = "userName"
	}
	own, _ := o[name].(string)
	if own == "" {
		return bad("invalidValue")
	}
	for _, r := range *in {
		if other, _ := r.o[name].(string); r != self && strings.EqualFold(own, other) {
			status := s.Quirks.Duplicate
			if status == 0 {
				status = http.StatusConflict
			}
			return &fault{status, "uniqueness"}
		}
	}
	if in == &s.users {
		return s.validUser(o, self)
	}
	return s.validMembers(o, self)
}

func (s *Server) validUser(o Object, self *resource) *fault {
	if s.Quirks.NoExternalID {
		delete(o, "externalId")
	}
	if self != nil && s.Quirks.FixedExternalID && self.o["externalId"] != o["externalId"] {
		return bad("mutability")
	}
	if active := o["active"]; active != nil && active != true && active != false {
		return bad("invalidValue")
	}
	for name, v := range o {
		if !multi(name) {
			continue
		}
		primaries := 0
		for _, e := range elements(v) {
			if part(e, "primary") == true {
				primaries++
			}
		}
		if primaries > 1 || s.Quirks.OneElement && len(elements(v)) > 1 {
			return bad("invalidValue")
		}
	}
	return nil
}

func (s *Server) validMembers(o Object, self *resource) *fault {
	var before []any
	if self != nil {
		before = elements(self.o["members"])
	}
	for _, m := range elements(o["members"]) {
		id, _ := part(m, "value").(string)
		known := slices.ContainsFunc(before, func(b any) bool { return part(b, "value") == id })
		if !known && !s.Quirks.AnyMember && find(s.users, id) == nil && find(s.groups, id) == nil {
			if s.Quirks.MemberMissing404 {
				return &fault{http.StatusNotFound, ""}
			}
			return bad("invalidValue")
		}
	}
	return nil
}

// replace is a PUT: what is left out is gone.
func (s *Server) replace(_ bool, old Object, body []byte) (Object, *fault) {
	o := Object{}
	if err := json.Unmarshal(body, &o); err != nil || len(elements(o["schemas"])) == 0 {
		return nil, bad("invalidSyntax")
	}
	if id := o["id"]; id != nil && id != old["id"] {
		return nil, bad("mutability")
	}
	o["id"] = old["id"]
	delete(o, "meta")
	delete(o, "groups")
	if p := old["password"]; p != nil && o["password"] == nil {
		o["password"] = p
	}
	return o, nil
}
