package scimserver

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/scim"
)

// An exchange is one request with what is known about it.
type exchange struct {
	*Server
	w      http.ResponseWriter
	r      *http.Request
	client Client
	conduct
}

// answer finds out who asks, and what for.
func (s *Server) answer(w http.ResponseWriter, r *http.Request) (reply, error) {
	x, err := s.enter(w, r)
	if err != nil {
		return reply{}, err
	}
	segments := x.segments()
	switch {
	case len(segments) == 0:
		return x.only(x.searchAll, http.MethodGet)
	case len(segments) == 1:
		switch segments[0] {
		case ".search":
			return x.only(x.searchAll, http.MethodPost)
		case "Bulk":
			return x.only(x.bulk, http.MethodPost)
		case "Me":
			return x.me()
		}
	}
	switch segments[0] {
	case "ServiceProviderConfig", "ResourceTypes", "Schemas":
		return x.only(func() (reply, error) { return x.discovery(segments) }, http.MethodGet)
	}
	for _, t := range s.types {
		if "/"+segments[0] != t.Endpoint {
			continue
		}
		switch {
		case len(segments) == 1:
			return x.collection(t)
		case len(segments) == 2 && segments[1] == ".search":
			return x.only(func() (reply, error) { return x.search(t) }, http.MethodPost)
		case len(segments) == 2:
			return x.one(t, segments[1])
		}
	}
	return reply{}, refuse(http.StatusNotFound, "", "there is no such endpoint")
}

// enter asks who sends the request.
func (s *Server) enter(w http.ResponseWriter, r *http.Request) (*exchange, error) {
	client, err := s.cfg.Authorize(r)
	if err == nil && client.Tenant == "" {
		err = field("Authorize", "Client.Tenant is empty")
	}
	if err != nil {
		return nil, s.stranger(r, err)
	}
	x := &exchange{Server: s, w: w, r: r, client: client}
	if x.client.Profile == ProfileDefault {
		x.client.Profile = s.cfg.Profile
	}
	x.conduct = x.client.Profile.conduct()
	x.rules.MaxOperations = s.cfg.Limits.Operations
	if s.cfg.PatchReply != 0 {
		x.userReply, x.groupReply = s.cfg.PatchReply, s.cfg.PatchReply
	}
	x.client.BaseURL = strings.TrimRight(x.client.BaseURL, "/")
	if x.client.BaseURL == "" {
		x.client.BaseURL = s.cfg.BaseURL
	}
	return x, nil
}

// stranger is what somebody is told who was not let in.
func (s *Server) stranger(r *http.Request, err error) error {
	s.tell(r, err)
	switch {
	case errors.Is(err, ErrForbidden):
		return refuse(http.StatusForbidden, "", "the credentials do not permit this")
	case errors.Is(err, ErrUnavailable):
		return &problem{
			err:    &scim.Error{Status: http.StatusServiceUnavailable, Detail: "credentials cannot be checked now"},
			header: map[string]string{"Retry-After": "5"},
		}
	}
	return &problem{
		err:    &scim.Error{Status: http.StatusUnauthorized, Detail: "credentials are missing or wrong"},
		header: map[string]string{"WWW-Authenticate": `Bearer realm="SCIM"`},
	}
}

// segments are the parts of the path below the base address. A slash at the end and
// double slashes are no parts: clients join addresses carelessly.
func (x *exchange) segments() []string {
	parts, below := split(x.r.URL.Path), x.path
	if x.client.BaseURL != x.cfg.BaseURL {
		if u, err := url.Parse(x.client.BaseURL); err == nil {
			below = split(u.Path)
		}
	}
	if len(below) > 0 && len(parts) >= len(below) && slices.Equal(parts[:len(below)], below) {
		parts = parts[len(below):]
	}
	return parts
}

func split(path string) []string {
	return slices.DeleteFunc(strings.Split(path, "/"), func(s string) bool { return s == "" })
}

// only answers the methods that an endpoint has. HEAD is GET without the body.
func (x *exchange) only(do func() (reply, error), methods ...string) (reply, error) {
	method := x.r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	if slices.Contains(methods, method) {
		return do()
	}
	return reply{}, &problem{
		err:    &scim.Error{Status: http.StatusMethodNotAllowed, Detail: "the endpoint does not have this method"},
		header: map[string]string{"Allow": strings.Join(methods, ", ")},
	}
}

// collection answers /Users and /Groups.
func (x *exchange) collection(t *resources) (reply, error) {
	if x.r.Method == http.MethodPost {
		return x.withBody(func(body scim.Object) (reply, error) { return x.create(t, body) })
	}
	if x.r.Method == http.MethodGet || x.r.Method == http.MethodHead {
		return x.list(t)
	}
	return x.only(nil, http.MethodGet, http.MethodPost)
}

// one answers /Users/ID and /Groups/ID.
func (x *exchange) one(t *resources, id string) (reply, error) {
	match := precondition(x.r.Header.Values("If-Match"))
	switch x.r.Method {
	case http.MethodGet, http.MethodHead:
		return x.get(t, id)
	case http.MethodPut:
		return x.withBody(func(body scim.Object) (reply, error) { return x.replace(t, id, match, body) })
	case http.MethodPatch:
		return x.withBody(func(body scim.Object) (reply, error) { return x.patch(t, id, match, body) })
	case http.MethodDelete:
		return x.remove(t, id, match)
	}
	return x.only(nil, http.MethodGet, http.MethodPut, http.MethodPatch, http.MethodDelete)
}

// me answers for the user who asks, under the same address as theirs (RFC 7644,
// section 3.11).
func (x *exchange) me() (reply, error) {
	if x.client.User == "" {
		return reply{}, refuse(http.StatusNotImplemented, "", "/Me is not available with these credentials")
	}
	return x.one(x.kind(User), x.client.User)
}
