package scimtarget

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"slices"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/internal/scim"
	"github.com/provision-go/provision/internal/scimclient"
)

// clone returns a copy that shares nothing.
func (p Profile) clone() Profile {
	p.Attributes, p.Filters = slices.Clone(p.Attributes), slices.Clone(p.Filters)
	return p
}

// defaults returns the configuration with its defaults filled in, and nothing that
// the caller may change later.
func (cfg Config) defaults() Config {
	if reflect.ValueOf(cfg.Profile).IsZero() {
		cfg.Profile = RFC()
	}
	cfg.Profile = cfg.Profile.clone()
	if cfg.Attributes == nil {
		cfg.Attributes = cfg.Profile.Attributes
	}
	if cfg.Attributes == nil {
		cfg.Attributes = Standard()
	}
	cfg.Attributes = slices.Clone(cfg.Attributes)
	cfg.Header = cfg.Header.Clone()
	cfg.Profile.Groups.MaxChanges = cmp.Or(cfg.Profile.Groups.MaxChanges, 100)
	return cfg
}

// check finds what is wrong with a configuration, and the places of its attributes.
func (cfg Config) check(users *scim.ResourceType) ([]place, error) {
	var c configCheck
	if cfg.Name == "" {
		c.fail("Name: must be set")
	}
	if u, err := url.Parse(cfg.BaseURL); cfg.BaseURL == "" || err != nil || u.Host == "" {
		c.fail("BaseURL: want an address such as https://app.example/scim/v2")
	}
	p := &cfg.Profile
	for _, wrong := range []struct {
		is   bool
		what string
	}{
		{cfg.Groups && !p.Groups.Supported, "Groups: the service has none, says the profile " + p.Name},
		{cfg.Delete && !p.Delete, "Delete: the service does not remove users, says the profile " + p.Name},
		{p.Key > NoKey, "Profile.Key: want ExternalID, UserName, NativeID or NoKey"},
		{p.Users > Put, "Profile.Users: want Patch or Put"},
		{p.Groups.Update > Put, "Profile.Groups.Update: want Patch or Put"},
		{p.Groups.Members > ByFilter, "Profile.Groups.Members: want OnGroups, OnUsers or ByFilter"},
		{p.Bulk < 0, "Profile.Bulk: want a positive number, or 0"},
		{p.Groups.MaxChanges < 0, "Profile.Groups.MaxChanges: want a positive number"},
		{p.PageSize < 0, "Profile.PageSize: want a positive number"},
		{p.Rate < 0 || p.Burst < 0, "Profile.Rate, Profile.Burst: want positive numbers"},
		{cfg.Timeout < 0, "Timeout: want a positive time"},
		{cfg.ReadAttempts < 0, "ReadAttempts: want a positive number"},
		{cfg.MaxBody < 0, "MaxBody: want a positive number"},
		{cfg.Connections < 0, "Connections: want a positive number"},
	} {
		if wrong.is {
			c.fail("%s", wrong.what)
		}
	}
	places := c.attributes(cfg.Attributes, users)
	if p.Key == UserName && !slices.ContainsFunc(places, func(p place) bool { return p.login() }) {
		c.fail("Attributes: the profile keeps the key in userName, which is not among them")
	}
	return places, errors.Join(c.errs...)
}

type configCheck struct{ errs []error }

func (c *configCheck) fail(format string, args ...any) {
	c.errs = append(c.errs, fmt.Errorf(format, args...))
}

func (c *configCheck) attributes(list []Attribute, users *scim.ResourceType) []place {
	var places []place
	names, at := map[string]bool{}, map[string]string{}
	for _, a := range list {
		if a.Name == "" || names[a.Name] {
			c.fail("Attributes: %q is there twice or has no name", a.Name)
			continue
		}
		names[a.Name] = true
		p, err := find(users, a)
		if err != nil {
			c.fail("Attributes: %s: %w", a.Name, err)
			continue
		}
		if p.spec.ReadOnly && p.spec.WriteOnly {
			c.fail("Attributes: %s can neither be read nor written", a.Name)
		}
		if other, twice := at[p.where()]; twice {
			c.fail("Attributes: %s and %s are at the same place", other, a.Name)
		}
		at[p.where()] = a.Name
		places = append(places, p)
	}
	return places
}

// where is the place as text, the same for the same place.
func (p *place) where() string {
	text := p.path() + "[" + p.bracket() + "]"
	if p.sub != nil {
		text += "." + p.sub.Name
	}
	return text
}

func (p *place) login() bool { return p.urn == "" && p.attr.Name == "userName" }

// client is what the client of the service is told.
func (cfg Config) client(users *scim.ResourceType) scimclient.Config {
	p := &cfg.Profile
	return scimclient.Config{
		System: cfg.Name, Base: cfg.BaseURL, Auth: cfg.Auth, Header: cfg.Header,
		Users: users, Groups: scim.GroupType(),
		Paging: p.Paging, PageSize: p.PageSize, Careful: p.Careful, Rate: p.Rate, Burst: p.Burst,
		Attempts: cfg.ReadAttempts, MaxBody: cfg.MaxBody, Connections: cfg.Connections,
		Timeouts: fetch.Timeouts{Answer: cfg.Timeout},
		Private:  cfg.Private, Transport: cfg.Transport,
	}
}
