package scimsource

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/provision-go/provision/internal/scimclient"
	"github.com/provision-go/provision/source"
)

func isMembers(path string) bool { return path == "members" || strings.HasPrefix(path, "members.") }

// errMembers: who is in a group cannot be understood, so nobody knows who is not.
func errMembers(id string) error {
	return fmt.Errorf("%w: the members of group %s are not a list of references", source.ErrBadContent, id)
}

// Identity reads one user, and with GroupMembers all groups. That there is nobody is
// said only after a look at the list: see the package documentation. More than one
// user with an ID is an error.
func (s *Source) Identity(ctx context.Context, id string) (source.Identity, error) {
	r, err := s.user(ctx, id)
	if err != nil {
		return source.Identity{}, incomplete(fmt.Errorf("read user %s: %w", id, err))
	}
	groups, err := s.groups(ctx)
	if err != nil {
		return source.Identity{}, incomplete(fmt.Errorf("read user %s: list groups: %w", id, err))
	}
	i := s.identity(&r, groups)
	if s.cfg.ID != ByID && i.Manager.ID != "" {
		if i.Manager.ID, err = s.manager(ctx, i.Manager.ID); err != nil {
			return source.Identity{}, fmt.Errorf("read user %s: manager: %w", id, err)
		}
	}
	return i, nil
}

// user returns the user with an ID, or [source.ErrNotFound].
func (s *Source) user(ctx context.Context, id string) (scimclient.Resource, error) {
	if id == "" {
		return scimclient.Resource{}, source.ErrNotFound
	}
	if s.cfg.ID == ByID {
		return s.byID(ctx, id)
	}
	q := scimclient.Query{Filter: s.cfg.ID.attribute() + " eq " + scimclient.Quote(id)}
	found, err := s.client.Find(ctx, "/Users", q)
	found, unique := s.named(found, id)
	switch {
	case err != nil && !filterRefused(err):
		return scimclient.Resource{}, err
	case unique:
		return found[0], nil
	case len(found) > 1:
		return scimclient.Resource{}, errAmbiguous(len(found), s.cfg.ID.attribute())
	}
	return s.listed(ctx, id)
}

// byID reads the user with an id.
func (s *Source) byID(ctx context.Context, id string) (scimclient.Resource, error) {
	r, err := s.client.Get(ctx, "/Users", id, scimclient.Query{})
	status := scimclient.StatusOf(err)
	switch {
	case err == nil && r.ID != id:
		return r, fmt.Errorf("%w: the answer is about a user with another id", source.ErrBadContent)
	case err == nil && s.unclear(&r):
		return r, fmt.Errorf("%w: whether the user satisfies the filter cannot be understood", source.ErrBadContent)
	case err == nil && !s.wanted(&r):
		return r, source.ErrNotFound
	case status != http.StatusNotFound && status != http.StatusGone:
		return r, err
	}
	// A service that is not there answers so as well.
	for _, wrong := range s.client.List(ctx, "/Users", scimclient.Query{PageSize: 1}) {
		if wrong != nil {
			return r, fmt.Errorf("%w; and the list of users: %w", err, wrong)
		}
		break
	}
	return r, source.ErrNotFound
}

// listed looks for a user in the list of all.
func (s *Source) listed(ctx context.Context, id string) (scimclient.Resource, error) {
	var all []scimclient.Resource
	for r, err := range s.client.List(ctx, "/Users", s.query()) {
		if err != nil {
			return r, err
		}
		if s.idOf(&r) == id && s.unclear(&r) {
			return r, fmt.Errorf("%w: whether the user satisfies the filter cannot be understood", source.ErrBadContent)
		}
		if s.idOf(&r) == id && s.wanted(&r) {
			all = append(all, r)
		}
	}
	switch len(all) {
	case 0:
		return scimclient.Resource{}, source.ErrNotFound
	case 1:
		return all[0], nil
	}
	return all[0], errAmbiguous(len(all), s.cfg.ID.attribute())
}

// named keeps the users who have exactly an ID, and says whether it is one.
func (s *Source) named(found []scimclient.Resource, id string) ([]scimclient.Resource, bool) {
	var out []scimclient.Resource
	for n := range found {
		if s.idOf(&found[n]) == id && s.wanted(&found[n]) {
			out = append(out, found[n])
		}
	}
	return out, len(out) == 1
}

// manager returns the ID of the identity of a manager, "" for one who does not exist.
func (s *Source) manager(ctx context.Context, id string) (string, error) {
	r, err := s.byID(ctx, id)
	if errors.Is(err, source.ErrNotFound) {
		return "", nil
	}
	return s.idOf(&r), err
}

// filterRefused reports whether a service provider does not want to filter so.
func filterRefused(err error) bool {
	switch scimclient.StatusOf(err) {
	case http.StatusBadRequest, http.StatusNotImplemented, http.StatusMethodNotAllowed:
		return true
	}
	return false
}

func errAmbiguous(n int, attribute string) error {
	return fmt.Errorf("%w: %d users have this %s", source.ErrBadContent, n, attribute)
}
