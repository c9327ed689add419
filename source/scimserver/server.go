package scimserver

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/provision-go/provision/internal/scim"
	"github.com/provision-go/provision/source/internal/scimidentity"
)

// A Server is the service provider. It is an [http.Handler], and safe for concurrent
// use.
type Server struct {
	cfg    Config
	path   []string // of BaseURL
	custom scimidentity.Custom
	types  []*resources
	writes writeLocks
}

// resources is a kind of resource, and what the server knows about it beforehand.
type resources struct {
	*scim.ResourceType
	kind Type
	// plain: everything that is stored is returned unless a client asks otherwise.
	plain bool
}

// New checks the configuration. Its error joins everything that is wrong, and names
// the fields.
func New(cfg Config) (*Server, error) {
	cfg, err := cfg.filled()
	user := scim.UserType()
	err = errors.Join(err, cfg.extensions(user))
	var custom scimidentity.Custom
	if err == nil {
		custom, err = scimidentity.ParseCustom(cfg.Custom, user)
	}
	if err != nil {
		return nil, fmt.Errorf("scimserver: %w", err)
	}
	base, err := url.Parse(cfg.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("scimserver: BaseURL: %w", err)
	}
	return &Server{
		cfg: cfg, path: split(base.Path), custom: custom, writes: newWriteLocks(),
		types: []*resources{
			{ResourceType: user, kind: User, plain: plain(user)},
			{ResourceType: scim.GroupType(), kind: Group, plain: plain(scim.GroupType())},
		},
	}, nil
}

// plain reports whether all attributes of a type are returned by default, those aside
// that are not stored.
func plain(t *scim.ResourceType) bool {
	schemas := []*scim.Schema{t.Core}
	for _, e := range t.Extensions {
		schemas = append(schemas, e.Schema)
	}
	for _, s := range schemas {
		for n := range s.Attributes {
			if a := &s.Attributes[n]; !returned(a) && a.Mutability != scim.WriteOnly {
				return false
			}
		}
	}
	return true
}

func returned(a *scim.Attribute) bool {
	for n := range a.SubAttributes {
		if !returned(&a.SubAttributes[n]) {
			return false
		}
	}
	return a.Returned == scim.Default || a.Returned == scim.Always
}

// Purge forgets the users and groups of a tenant that were deleted before an instant,
// and returns how many. From then on the source does not mention them: do it when
// nobody needs to be told any more that they are gone.
func (s *Server) Purge(ctx context.Context, tenant string, before time.Time) (int, error) {
	n, err := s.cfg.Store.Purge(ctx, tenant, before)
	if err != nil {
		return n, fmt.Errorf("purge %s: %w", tenant, err)
	}
	return n, nil
}

// String returns the name. It keeps a printed Server from showing what it is
// configured with.
func (s *Server) String() string { return "scimserver.Server(" + s.cfg.Name + ")" }

// GoString returns what String returns.
func (s *Server) GoString() string { return s.String() }

// kind returns what is known of a kind of resource.
func (s *Server) kind(t Type) *resources {
	for _, r := range s.types {
		if r.kind == t {
			return r
		}
	}
	return nil
}

// now is the time as it is stored.
func (s *Server) now() time.Time { return s.cfg.Now().UTC().Truncate(time.Microsecond) }

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.limitReceiving(w, r)
	answer, err := s.answer(w, r)
	if err != nil {
		answer = s.failed(r, err)
	}
	defer s.limitSending(w, r)()
	answer.write(w, r)
}
