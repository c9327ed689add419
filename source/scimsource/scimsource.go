package scimsource

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/scim"
	"github.com/provision-go/provision/internal/scimclient"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/scimidentity"
)

// Source reads from one service provider. It is safe for concurrent use.
type Source struct {
	cfg      Config
	client   *scimclient.Client
	custom   scimidentity.Custom
	filter   *scim.Filter // of users, or nil
	filtered []string     // the attributes that it looks at
}

var _ source.Source = (*Source)(nil)

// Name returns Config.Name.
func (s *Source) Name() string { return s.cfg.Name }

// Close closes the connections that nobody uses. The source may still be used.
func (s *Source) Close() { s.client.Close() }

// Format writes the name, for every verb.
func (s *Source) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "scimsource.Source(%s)", s.cfg.Name)
}

// Identities yields all users as they arrive, page by page; with an ID other than ByID
// after all have arrived, because managers are known by their id. The groups are read
// before. A list that cannot be read to its end ends with an error that wraps
// [source.ErrIncomplete] or says why the system could not be read.
func (s *Source) Identities(ctx context.Context) iter.Seq2[source.Identity, error] {
	return func(yield func(source.Identity, error) bool) {
		err := s.identities(ctx, yield)
		if err != nil && !errors.Is(err, errLeft) {
			yield(source.Identity{}, incomplete(err))
		}
	}
}

// errLeft: nobody wants more.
var errLeft = errors.New("left")

func (s *Source) identities(ctx context.Context, yield func(source.Identity, error) bool) error {
	groups, err := s.groups(ctx)
	if err != nil {
		return fmt.Errorf("list groups: %w", err)
	}
	take := func(i source.Identity) error {
		if !yield(i, nil) {
			return errLeft
		}
		return nil
	}
	if s.cfg.ID == ByID {
		return s.users(ctx, groups, func(i source.Identity, _ string) error { return take(i) })
	}
	var all []source.Identity
	ids := map[string]string{} // of identities, by those of users
	err = s.users(ctx, groups, func(i source.Identity, id string) error {
		all = append(all, i)
		ids[id] = i.ID
		return nil
	})
	if err != nil {
		return err
	}
	for n := range all {
		all[n].Manager.ID = ids[all[n].Manager.ID]
		if err := take(all[n]); err != nil {
			return err
		}
	}
	return nil
}

// users reads all users and gives them on, with their SCIM id.
func (s *Source) users(ctx context.Context, groups memberships, take func(i source.Identity, id string) error) error {
	people, stated := 0, 0
	for r, err := range s.client.List(ctx, "/Users", s.query()) {
		if err != nil {
			return fmt.Errorf("list users: %w", err)
		}
		if s.unclear(&r) {
			if err := take(nobody(&r), ""); err != nil {
				return err
			}
			continue
		}
		if !s.wanted(&r) {
			continue
		}
		people++
		if _, ok := r.Object["active"].(bool); ok {
			stated++
		}
		if err := take(s.identity(&r, groups), r.ID); err != nil {
			return err
		}
	}
	if people > 0 && stated == 0 && !s.cfg.ActiveOptional {
		return fmt.Errorf("list users: %w: none of %d users says whether it is active; if the service provider never does, set ActiveOptional", source.ErrBadContent, people)
	}
	return nil
}

// query is what users are asked for by.
func (s *Source) query() scimclient.Query { return scimclient.Query{Filter: s.cfg.Filter} }

// wanted reports whether a user satisfies the filter.
func (s *Source) wanted(r *scimclient.Resource) bool {
	return s.filter == nil || scim.Matches(s.filter, r.Object)
}

// unclear reports whether nobody knows if a user satisfies the filter.
func (s *Source) unclear(r *scimclient.Resource) bool {
	return slices.ContainsFunc(s.filtered, func(name string) bool {
		return slices.ContainsFunc(r.Odd, func(odd string) bool { return odd == name || strings.HasPrefix(odd, name+".") })
	})
}

// nobody stands for a user of whom nobody knows whether they satisfy the filter:
// nothing is given to them, and no absence is proved.
func nobody(r *scimclient.Resource) source.Identity {
	return source.Identity{Findings: []source.Finding{{
		Code: source.CodeNoID, Message: "whether the user with id " + r.ID + " satisfies the filter cannot be understood",
	}}}
}

// whole is an error that is also [source.ErrIncomplete].
type whole struct{ error }

func (w whole) Unwrap() []error { return []error{w.error, source.ErrIncomplete} }

// incomplete says of a list that is not whole what package source calls it.
func incomplete(err error) error {
	if errors.Is(err, scimclient.ErrIncomplete) {
		return whole{err}
	}
	return err
}
