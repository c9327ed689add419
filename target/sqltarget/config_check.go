package sqltarget

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/provision-go/provision/target"
)

// defaults returns the configuration with its defaults filled in, and nothing
// that the caller may change later.
func (cfg Config) defaults() Config {
	cfg.Accounts.ID = cmp.Or(cfg.Accounts.ID, "id")
	cfg.Accounts.Attributes = slices.Clone(cfg.Accounts.Attributes)
	cfg.Accounts.State.Also = maps.Clone(cfg.Accounts.State.Also)
	cfg.Entitlements = slices.Clone(cfg.Entitlements)
	for i := range cfg.Entitlements {
		e := &cfg.Entitlements[i]
		if e.Table != "" {
			e.ID, e.Name = cmp.Or(e.ID, "id"), cmp.Or(e.Name, "name")
		}
		e.Where = maps.Clone(e.Where)
	}
	cfg.Sessions, cfg.Handover = slices.Clone(cfg.Sessions), slices.Clone(cfg.Handover)
	cfg.Where = maps.Clone(cfg.Where)
	if cfg.Page == 0 {
		cfg.Page = 1000
	}
	return cfg
}

// check finds what is wrong with a configuration before any database is asked.
func (cfg Config) check() error {
	var c configCheck
	c.need("Name", cfg.Name)
	if _, ok := cfg.Dialect.data(); !ok {
		c.fail("Dialect: want PostgreSQL, MySQL or SQLite")
	}
	if cfg.Page < 0 {
		c.fail("Page: want a positive number")
	}
	c.where("Where", cfg.Where)
	c.accounts(&cfg.Accounts)
	c.state(&cfg.Accounts.State)
	kinds := map[string]bool{}
	for i := range cfg.Entitlements {
		e := &cfg.Entitlements[i]
		if kinds[e.Kind] {
			c.fail("Entitlements: kind %q is there twice", e.Kind)
		}
		kinds[e.Kind] = true
		c.entitlements(e)
	}
	c.rows("Sessions", cfg.Sessions)
	c.rows("Handover", cfg.Handover)
	return errors.Join(c.errs...)
}

type configCheck struct{ errs []error }

func (c *configCheck) fail(format string, args ...any) {
	c.errs = append(c.errs, fmt.Errorf(format, args...))
}

// need fails unless there is an identifier.
func (c *configCheck) need(field, name string) {
	if name == "" {
		c.fail("%s: must be set", field)
	}
	c.name(field, name)
}

// name fails if a database could not have such an identifier.
func (c *configCheck) name(field, name string) {
	if strings.ContainsRune(name, 0) {
		c.fail("%s: %q holds a character that no name can have", field, name)
	}
}

func (c *configCheck) table(field, name string) {
	c.need(field, name)
	if schema, rest, ok := strings.Cut(name, "."); ok && (schema == "" || rest == "" || strings.Contains(rest, ".")) {
		c.fail(`%s: %q: want "table" or "schema.table"`, field, name)
	}
}

func (c *configCheck) where(field string, where map[string]any) {
	for _, column := range slices.Sorted(maps.Keys(where)) {
		c.need(field, column)
	}
}

func (c *configCheck) accounts(a *Accounts) {
	c.table("Accounts.Table", a.Table)
	c.name("Accounts.ID", a.ID)
	c.name("Accounts.Key", a.Key)
	c.name("Accounts.Version", a.Version)
	c.name("Accounts.Extra", a.Extra)
	known := map[string]bool{}
	for i := range a.Attributes {
		at := &a.Attributes[i]
		if at.Name == "" || known[at.Name] {
			c.fail("Accounts.Attributes: %q is there twice or has no name", at.Name)
		}
		known[at.Name] = true
		c.attribute(at, a.Extra)
	}
}

func (c *configCheck) attribute(at *Attribute, extra string) {
	c.name("attribute "+at.Name, at.Column)
	if at.Type > Date {
		c.fail("attribute %s: there is no type %d", at.Name, at.Type)
	}
	for _, wrong := range []struct {
		is   bool
		what string
	}{
		{at.Column == "" && extra == "", "needs a Column, or Accounts.Extra to be in"},
		{at.Column != "" && at.Multi, "has a column, which cannot hold several values"},
		{at.Column == "" && at.Unique, "needs a Column to be Unique"},
		{at.ReadOnly && at.WriteOnly, "can neither be read nor written"},
		{at.Encode != nil && !at.WriteOnly, "has Encode, so it must be WriteOnly"},
		{at.Ref && at.Type != Auto, "is a Ref, so it has the type of the native id"},
	} {
		if wrong.is {
			c.fail("attribute %s: %s", at.Name, wrong.what)
		}
	}
}

func (c *configCheck) state(s *State) {
	c.name("Accounts.State", s.Column)
	c.name("Accounts.State", s.DisabledAt)
	if s.Column != "" && s.DisabledAt != "" {
		c.fail("Accounts.State: want either Column or DisabledAt")
	}
	if s.Column == "" && (s.Enabled != "" || s.Disabled != "" || len(s.Also) > 0) {
		c.fail("Accounts.State: the values need a Column")
	}
	if s.Column != "" && s.Enabled == s.Disabled && s.Enabled != "" {
		c.fail("Accounts.State: Enabled and Disabled are the same")
	}
	for _, value := range slices.Sorted(maps.Keys(s.Also)) {
		if state := s.Also[value]; state != target.Enabled && state != target.Disabled {
			c.fail("Accounts.State.Also: %q counts as %s, want enabled or disabled", value, state)
		}
		if value != "" && (value == s.Enabled || value == s.Disabled) {
			c.fail("Accounts.State.Also: %q is named twice", value)
		}
	}
}

func (c *configCheck) entitlements(e *Entitlements) {
	if e.Kind == "" || strings.Contains(e.Kind, ":") || target.Fold(e.Kind) != e.Kind {
		c.fail("Entitlements: kind %q: want one word in lower case", e.Kind)
	}
	field := "Entitlements " + e.Kind
	if e.Table == "" {
		if e.ID != "" || e.Name != "" || e.NewID != nil || e.Ensure || e.Shared || len(e.Where) > 0 {
			c.fail("%s: ID, Name, NewID, Ensure, Shared and Where need a Table", field)
		}
	} else {
		c.table(field, e.Table)
	}
	if e.Shared && e.Ensure {
		c.fail("%s: one tenant must not add to a Shared table; drop Ensure", field)
	}
	c.name(field, e.ID)
	c.name(field, e.Name)
	c.where(field, e.Where)
	c.table(field+": Members.Table", e.Members.Table)
	c.need(field+": Members.Account", e.Members.Account)
	c.need(field+": Members.Entitlement", e.Members.Entitlement)
}

func (c *configCheck) rows(field string, list []Rows) {
	for _, r := range list {
		c.table(field+": Table", r.Table)
		c.need(field+": Account", r.Account)
	}
}
