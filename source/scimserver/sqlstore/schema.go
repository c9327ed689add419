package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// tables are what a store keeps. A tenant is known by a number and a resource by its
// sequence in it. What somebody is found by is kept as a digest of name and value,
// which has one length whatever the value, and no value in clear twice.
//
// No index of terms and members begins with the tenant: a planner that thinks little of
// a list would read all that the tenant has instead.
const tables = `
CREATE TABLE IF NOT EXISTS @tenants (
	tenant {number},
	digest {key} NOT NULL UNIQUE,
	name {bytes},
	sequence {int} NOT NULL
);
CREATE TABLE IF NOT EXISTS @resources (
	tenant {int} NOT NULL,
	sequence {int} NOT NULL,
	kind {key} NOT NULL,
	id {key} NOT NULL,
	version {int} NOT NULL,
	created {int} NOT NULL,
	modified {int} NOT NULL,
	deleted {int},
	body {text} NOT NULL,
	PRIMARY KEY (tenant, sequence),
	UNIQUE (tenant, id)
);
CREATE INDEX IF NOT EXISTS @resources_all ON @resources (tenant, kind, sequence);
CREATE INDEX IF NOT EXISTS @resources_live ON @resources (tenant, kind, sequence, deleted) WHERE deleted IS NULL;
CREATE INDEX IF NOT EXISTS @resources_deleted ON @resources (tenant, deleted) WHERE deleted IS NOT NULL;
CREATE TABLE IF NOT EXISTS @terms (
	tenant {int} NOT NULL,
	digest {key} NOT NULL,
	resource {int} NOT NULL,
	name {key} NOT NULL,
	holds {bool} NOT NULL,
	PRIMARY KEY (digest, tenant, resource)
){clustered};
CREATE UNIQUE INDEX IF NOT EXISTS @terms_held ON @terms (digest, tenant) WHERE holds;
CREATE INDEX IF NOT EXISTS @terms_resource ON @terms (resource, tenant);
CREATE TABLE IF NOT EXISTS @members (
	tenant {int} NOT NULL,
	group_id {key} NOT NULL,
	member_id {key} NOT NULL,
	kind {key} NOT NULL,
	display {bytes},
	PRIMARY KEY (group_id, tenant, member_id)
){clustered};
CREATE INDEX IF NOT EXISTS @members_member ON @members (member_id, tenant, group_id)`

// Schema returns the statements that make the tables and indexes of a store, for
// those who keep their migrations themselves. They do nothing to what is there
// already. Prefix is as in [Config].
func Schema(d Dialect, prefix string) ([]string, error) {
	s, err := New(nil, Config{Dialect: d, Prefix: prefix})
	if err != nil {
		return nil, err
	}
	return s.schema(), nil
}

func (s *Store) schema() []string {
	text := s.d.types.Replace(strings.ReplaceAll(strings.TrimSpace(tables), "@", s.prefix))
	return strings.Split(text, ";\n")
}

// CreateTables makes the tables and indexes that are missing, all or none. Several
// processes may do so at once.
func (s *Store) CreateTables(ctx context.Context) error {
	err := s.retried(ctx, func() error {
		return s.transaction(ctx, func(c conn) error {
			if s.d.schemaLock != "" {
				if err := s.each(ctx, c, nil, s.d.schemaLock, s.prefix); err != nil {
					return err
				}
			}
			for _, statement := range s.schema() {
				if _, err := s.exec(ctx, c, statement); err != nil {
					return err
				}
			}
			return nil
		})
	})
	if err != nil {
		return fmt.Errorf("scim store: create tables: %w", err)
	}
	return nil
}

// checkPrefix says what is wrong with the beginning of the names of tables. Such
// names need no quotes anywhere.
func checkPrefix(prefix string) error {
	if len(prefix) > 40 {
		return errors.New("is longer than 40 bytes")
	}
	for i, c := range []byte(prefix) {
		if c != '_' && (c < 'a' || c > 'z') && (i == 0 || c < '0' || c > '9') {
			return errors.New("has lower-case letters, digits and underscores only, and begins with no digit")
		}
	}
	return nil
}
