//go:build !race

package peers_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/elimity-com/scim"
	"github.com/elimity-com/scim/errors"
	"github.com/elimity-com/scim/filter"
	"github.com/elimity-com/scim/optional"
	"github.com/elimity-com/scim/schema"
)

type object = map[string]any

// store keeps resources in memory, in the order in which they were made.
type store struct {
	core       schema.Schema
	extensions []schema.Schema
	unique     string // attribute that no two of them share, apart from case
	members    *store // where members have to be; nil: this store has none
	groups     *store // that have these resources as members
	silent     bool   // a PATCH that worked shows nothing
	loose      bool   // members need not exist, and are there twice if they are added twice
	versions   bool   // resources have versions, and If-Match is heard
	deaf       bool   // a remove with a filter is answered as if it were done
	lenient    bool   // a remove whose filter matches nothing is done

	mu   sync.Mutex
	all  []*record
	last int
}

type record struct {
	id            string
	o             object
	made, changed time.Time
	version       int
}

func (s *store) find(id string) *record {
	for _, r := range s.all {
		if r.id == id {
			return r
		}
	}
	return nil
}

func (s *store) has(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.find(id) != nil
}

// values are what all resources have at an attribute.
func (s *store) values(name string) []any {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []any
	for _, r := range s.all {
		out = append(out, r.o[name])
	}
	return out
}

func (s *store) shown(r *record) scim.Resource {
	o := cloned(r.o)
	delete(o, "password")
	made, changed := r.made, r.changed
	out := scim.Resource{ID: r.id, Attributes: o, Meta: scim.Meta{Created: &made, LastModified: &changed}}
	if x, ok := o["externalId"].(string); ok {
		out.ExternalID = optional.NewString(x)
	}
	if s.versions {
		out.Meta.Version = r.tag()
	}
	return out
}

func (r *record) tag() string { return fmt.Sprintf(`W/"%d"`, r.version) }

// outdated reports whether a request is about another version; the library does not ask.
func (s *store) outdated(r *http.Request, id string) bool {
	have, want := s.find(id), r.Header.Get("If-Match")
	return s.versions && want != "" && have != nil && want != have.tag()
}

// Create stores a resource.
func (s *store) Create(_ *http.Request, o scim.ResourceAttributes) (scim.Resource, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := cloned(o)
	if s.unique == "userName" && next["active"] == nil {
		next["active"] = true
	}
	if err := s.valid(next, nil); err != nil {
		return scim.Resource{}, err
	}
	s.last++
	r := &record{id: fmt.Sprintf("%s-%04d", s.core.Name.Value(), s.last), o: next, made: time.Now(), changed: time.Now()}
	s.all = append(s.all, r)
	return s.shown(r), nil
}

func (s *store) valid(o object, self *record) error {
	for _, r := range s.all {
		if r != self && s.unique != "" && fold(r.o[s.unique]) == fold(o[s.unique]) {
			return errors.ScimErrorUniqueness
		}
	}
	if s.members == nil || s.loose {
		return nil
	}
	members, _ := o["members"].([]any)
	for _, m := range members {
		id, _ := m.(object)["value"].(string)
		if !s.members.has(id) && s.find(id) == nil {
			return errors.ScimErrorInvalidValue
		}
	}
	return nil
}

// Get returns one.
func (s *store) Get(_ *http.Request, id string) (scim.Resource, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.find(id); r != nil {
		return s.shown(r), nil
	}
	return scim.Resource{}, errors.ScimErrorResourceNotFound(id)
}

// GetAll returns a page.
func (s *store) GetAll(_ *http.Request, p scim.ListRequestParams) (scim.Page, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []scim.Resource
	for _, r := range s.all {
		shown := s.shown(r)
		if p.FilterValidator != nil {
			o := cloned(r.o)
			o["id"] = r.id
			if p.FilterValidator.PassesFilter(o) != nil {
				continue
			}
		}
		out = append(out, shown)
	}
	total := len(out)
	from := min(p.StartIndex-1, total)
	return scim.Page{TotalResults: total, Resources: out[from:min(from+p.Count, total)]}, nil
}

// Replace puts one in the place of another.
func (s *store) Replace(req *http.Request, id string, o scim.ResourceAttributes) (scim.Resource, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.outdated(req, id) {
		return scim.Resource{}, errors.ScimError{Status: http.StatusPreconditionFailed}
	}
	return s.change(id, cloned(o))
}

func (s *store) change(id string, next object) (scim.Resource, error) {
	r := s.find(id)
	if r == nil {
		return scim.Resource{}, errors.ScimErrorResourceNotFound(id)
	}
	if err := s.valid(next, r); err != nil {
		return scim.Resource{}, err
	}
	r.o, r.changed = next, time.Now()
	r.version++
	return s.shown(r), nil
}

// Patch applies operations, all or none.
func (s *store) Patch(req *http.Request, id string, ops []scim.PatchOperation) (scim.Resource, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.outdated(req, id) {
		return scim.Resource{}, errors.ScimError{Status: http.StatusPreconditionFailed}
	}
	r := s.find(id)
	if r == nil {
		return scim.Resource{}, errors.ScimErrorResourceNotFound(id)
	}
	next := cloned(r.o)
	for _, op := range ops {
		if err := s.apply(next, op); err != nil {
			return scim.Resource{}, err
		}
	}
	shown, err := s.change(id, next)
	if err == nil && s.silent {
		return scim.Resource{}, nil
	}
	return shown, err
}

// Delete removes one, also from the groups that it is in.
func (s *store) Delete(req *http.Request, id string) error {
	s.mu.Lock()
	if s.outdated(req, id) {
		s.mu.Unlock()
		return errors.ScimError{Status: http.StatusPreconditionFailed}
	}
	n := len(s.all)
	s.all = slices.DeleteFunc(s.all, func(r *record) bool { return r.id == id })
	gone := len(s.all) < n
	s.mu.Unlock()
	if !gone {
		return errors.ScimErrorResourceNotFound(id)
	}
	if s.groups != nil {
		s.groups.forget(id)
	}
	return nil
}

func (s *store) forget(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.all {
		members, _ := r.o["members"].([]any)
		r.o["members"] = slices.DeleteFunc(slices.Clone(members), func(m any) bool { return m.(object)["value"] == id })
	}
}

// passes evaluates the filter of a path on one element.
func passes(e any, f filter.Validator) bool {
	o, ok := e.(object)
	return ok && f.PassesFilter(o) == nil
}

// cloned copies attributes as deep as they go.
func cloned(o object) object {
	out := maps.Clone(o)
	for k, v := range out {
		out[k] = copied(v)
	}
	return out
}

func copied(v any) any {
	switch v := v.(type) {
	case object:
		return cloned(v)
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = copied(v[i])
		}
		return out
	}
	return v
}
