package sqltarget

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/provision-go/provision/target"
)

// Target is the target. It is safe for concurrent use.
type Target struct {
	d    dialect
	m    *mapping
	caps target.Capabilities
	run  *runner
	// selected are the columns of an account as they are read.
	selected []selected
}

var _ target.Target = (*Target)(nil)

// Open checks cfg, reads the schema of db, compares the two, reads one account,
// and returns the target. The error joins everything that is wrong. It uses one
// connection at a time, as all methods do, and keeps none.
func Open(ctx context.Context, db *sql.DB, cfg Config) (*Target, error) {
	cfg = cfg.defaults()
	if err := cfg.check(); err != nil {
		return nil, fmt.Errorf("sqltarget: %w", err)
	}
	d, _ := cfg.Dialect.data()
	m, err := bind(ctx, db, &d, cfg)
	if err != nil {
		return nil, fmt.Errorf("sqltarget: %w", err)
	}
	t := &Target{d: d, m: m, caps: m.capabilities()}
	t.run = newRunner(db, &t.d)
	t.selected = m.accounts.selected()
	// A missing permission, and a value of Where that does not fit, show here.
	if _, err := t.page(ctx, nil, 1); err != nil {
		return nil, fmt.Errorf("sqltarget: read %s: %w", m.accounts.table.label(), err)
	}
	return t, nil
}

// Close gives back the prepared statements, at a time when no call is under way.
// The database stays open. Calls that come later prepare none.
func (t *Target) Close() error { return t.run.close() }

// Name returns Config.Name.
func (t *Target) Name() string { return t.m.cfg.Name }

// Capabilities returns what the configuration makes possible. Find works by all
// attributes that have a column and can be read; put an index on those by which
// accounts are adopted.
func (t *Target) Capabilities() target.Capabilities {
	c := t.caps
	c.Attributes, c.Find, c.Entitlements = slices.Clone(c.Attributes), slices.Clone(c.Find), slices.Clone(c.Entitlements)
	return c
}
