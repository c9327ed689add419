package sqlstore

import (
	"context"
	"strings"
)

// Schema returns the statements that make the tables, to be put into a product's
// migrations. They do nothing where the tables exist. Times are microseconds since
// 1970 in UTC; what cannot be text in every database is encoded, beginning with the
// character U+0001.
func (c Config) Schema() ([]string, error) {
	c, err := c.checked()
	if err != nil {
		return nil, err
	}
	words := []string{"{text}", "TEXT", "{small}", "INTEGER", "{end}", " WITHOUT ROWID"}
	if c.Dialect == PostgreSQL {
		// Equal and ordered by bytes, whatever the locale of the database.
		words = []string{"{text}", `text COLLATE "C"`, "{small}", "smallint", "{end}", ""}
	}
	r := strings.NewReplacer(append(words, c.names()...)...)
	var out []string
	for statement := range strings.SplitSeq(schema, ";\n") {
		if s := strings.TrimSpace(statement); s != "" {
			out = append(out, r.Replace(s))
		}
	}
	return out, nil
}

// names are pairs for a strings.Replacer. An index is made where its table is, and
// SQLite has its schema on the other name.
func (c Config) names() []string {
	var pairs []string
	schema := ""
	if c.Schema != "" {
		schema = `"` + c.Schema + `".`
	}
	for _, table := range []string{"tenants", "resources", "terms", "members"} {
		name := `"` + c.Prefix + table + `"`
		on := schema + name
		if c.Dialect == SQLite {
			on = name
		}
		pairs = append(pairs, "{"+table+"}", schema+name, "{on "+table+"}", on)
	}
	index := ""
	if c.Dialect == SQLite {
		index = schema
	}
	for _, name := range []string{"resources_order", "resources_deleted", "terms_holder", "terms_resource", "members_member"} {
		pairs = append(pairs, "{"+name+"}", index+`"`+c.Prefix+name+`"`)
	}
	return pairs
}

const schema = `
CREATE TABLE IF NOT EXISTS {tenants} (
	tenant {text} NOT NULL PRIMARY KEY,
	sequence bigint NOT NULL
){end};
CREATE TABLE IF NOT EXISTS {resources} (
	tenant {text} NOT NULL,
	id {text} NOT NULL,
	type {text} NOT NULL,
	sequence bigint NOT NULL,
	version bigint NOT NULL,
	created bigint NOT NULL,
	modified bigint NOT NULL,
	deleted bigint,
	body text NOT NULL,
	PRIMARY KEY (tenant, id)
);
CREATE INDEX IF NOT EXISTS {resources_order} ON {on resources} (tenant, type, sequence, deleted);
CREATE INDEX IF NOT EXISTS {resources_deleted} ON {on resources} (tenant, deleted) WHERE deleted IS NOT NULL;
CREATE TABLE IF NOT EXISTS {terms} (
	tenant {text} NOT NULL,
	type {text} NOT NULL,
	name {text} NOT NULL,
	value {text} NOT NULL,
	id {text} NOT NULL,
	holder {small} NOT NULL,
	PRIMARY KEY (tenant, type, name, value, id)
){end};
CREATE UNIQUE INDEX IF NOT EXISTS {terms_holder} ON {on terms} (tenant, type, name, value) WHERE holder = 1;
CREATE INDEX IF NOT EXISTS {terms_resource} ON {on terms} (tenant, id);
CREATE TABLE IF NOT EXISTS {members} (
	tenant {text} NOT NULL,
	group_id {text} NOT NULL,
	member_id {text} NOT NULL,
	type {text} NOT NULL,
	display {text} NOT NULL,
	PRIMARY KEY (tenant, group_id, member_id)
){end};
CREATE INDEX IF NOT EXISTS {members_member} ON {on members} (tenant, member_id, group_id);
`

// Create makes the tables where there are none. Calling it again does nothing, and
// it alters no table.
func (s *Store) Create(ctx context.Context) error {
	statements, err := s.cfg.Schema()
	if err != nil {
		return err
	}
	return s.write(ctx, "create the tables", func(tx *transaction) error {
		// Two processes may do so at once, and PostgreSQL fails then, IF NOT EXISTS
		// or not.
		if s.cfg.Dialect == PostgreSQL {
			if _, err := tx.exec("SELECT pg_advisory_xact_lock(7026368)"); err != nil {
				return err
			}
		}
		for _, statement := range statements {
			if _, err := tx.exec(statement); err != nil {
				return err
			}
		}
		return nil
	})
}
