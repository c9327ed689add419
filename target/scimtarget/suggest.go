package scimtarget

import (
	"context"
	"fmt"

	"github.com/provision-go/provision/internal/scim"
	"github.com/provision-go/provision/internal/scimclient"
)

// A Suggestion is a profile that fits better what a service says about itself.
type Suggestion struct {
	// Profile is that of the target, without what the service says it cannot do, and with
	// bulk requests if it says that it has them: the first one that is refused shows
	// whether it does. What else it says it can do is in Notes alone: services claim
	// versions and filters that they ignore.
	Profile Profile
	// Notes say what was altered, and what else somebody should look at.
	Notes []string
}

func (s *Suggestion) note(format string, args ...any) {
	s.Notes = append(s.Notes, fmt.Sprintf(format, args...))
}

// Suggest asks the service what it says about itself (RFC 7644, section 4): for whoever
// sets a connection up. Nothing else depends on it. Of what cannot be read the error
// says why, and the rest is good to use.
func (t *Target) Suggest(ctx context.Context) (Suggestion, error) {
	f, err := t.client.Discover(ctx)
	s := Suggestion{Profile: t.profile.clone()}
	s.writing(f)
	s.reading(f)
	for i := range t.places {
		if p := &t.places[i]; !known(f.Schemas, p) {
			s.note("the schemas of the service do not have %s, for the attribute %s", p.full(), p.spec.Name)
		}
	}
	return s, classify(err, false)
}

func (s *Suggestion) writing(f scimclient.Features) {
	p := &s.Profile
	if f.Patch == scimclient.No && (p.Users == Patch || p.Groups.Update == Patch) {
		p.Users, p.Groups.Update = Put, Put
		s.note("it has no PATCH: users and groups are replaced")
	}
	s.bulk(f)
	switch {
	case f.ETag == scimclient.No && p.Versions:
		p.Versions = false
		s.note("it has no versions")
	case f.ETag == scimclient.Yes && !p.Versions:
		s.note("it says that it has versions: try Profile.Versions")
	}
}

// mostBulk is how many writes a suggested bulk request has at most: a service works on all
// of them before it answers.
const mostBulk = 100

func (s *Suggestion) bulk(f scimclient.Features) {
	p := &s.Profile
	most := int(min(f.BulkOperations, mostBulk))
	switch {
	case f.Bulk == scimclient.No && p.Bulk > 0:
		p.Bulk = 0
		s.note("it has no bulk requests")
	case f.Bulk != scimclient.Yes || most < 2:
	case p.Bulk == 0:
		p.Bulk = most
		s.note("it has bulk requests: %d writes go in one", most)
	case p.Bulk > most:
		p.Bulk = most
		s.note("a bulk request has %d writes at most", most)
	}
}

func (s *Suggestion) reading(f scimclient.Features) {
	p := &s.Profile
	if f.Filter == scimclient.No && (len(p.Filters) > 0 || p.Groups.FindByName) {
		p.Filters, p.Groups.FindByName = nil, false
		s.note("it has no filters: accounts and groups are found by listing")
	}
	if f.Index == scimclient.No && f.Cursor == scimclient.Yes && p.Paging == PagingAuto {
		p.Paging = ByCursor
		s.note("it has pages by cursor alone")
	}
	most := f.MaxPageSize
	if most == 0 {
		most = f.MaxResults
	}
	if most > 0 && (p.PageSize == 0 && most < 100 || int64(p.PageSize) > most) {
		p.PageSize = int(most)
		s.note("a page has %d resources at most", most)
	}
}

// known reports whether schemas have an attribute, or say nothing about it.
func known(schemas map[string]*scim.Schema, p *place) bool {
	urn := p.urn
	if urn == "" {
		urn = scim.UserURN
	}
	s := schemas[urn]
	switch {
	case s == nil:
		return len(schemas) == 0
	case s.Attribute(p.attr.Name) == nil:
		return false
	}
	return p.sub == nil || s.Attribute(p.attr.Name).Sub(p.sub.Name) != nil
}
