package sqltarget

import (
	"context"
	"database/sql"
	"errors"

	"github.com/provision-go/provision/target"
)

// any reports whether a SELECT finds a row.
func (t *Target) any(ctx context.Context, s *statement) (bool, error) {
	found := false
	err := t.read(ctx, t.m.accounts.table, s, func(*sql.Rows) error {
		found = true
		return nil
	})
	return found, err
}

// accountID is the parameter for a native id. ErrNotFound if no row can have it;
// the database is asked even then, because one that fails must not look empty.
func (t *Target) accountID(ctx context.Context, id string) (any, error) {
	a := &t.m.accounts
	v, err := a.id.encode(id)
	if err == nil && id != "" {
		return v, nil
	}
	if err := t.nothing(ctx); err != nil {
		return nil, err
	}
	return nil, target.ErrNotFound
}

// nothing reads no account.
func (t *Target) nothing(ctx context.Context) error {
	s := t.d.statement().sql("SELECT 1 FROM ").table(t.m.accounts.table, "").where().sql("1 = 0")
	_, err := t.any(ctx, s)
	return err
}

// exists reports whether there is an account with a native id.
func (t *Target) exists(ctx context.Context, id string) (bool, error) {
	v, err := t.accountID(ctx, id)
	if errors.Is(err, target.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	a := &t.m.accounts
	s := t.d.statement().sql("SELECT 1 FROM ").table(a.table, "")
	return t.any(ctx, s.where().equal("", a.id.name, v).confined("", a.where))
}

// need fails unless there is an account with the native id.
func (t *Target) need(ctx context.Context, id string) error {
	there, err := t.exists(ctx, id)
	if err == nil && !there {
		return target.ErrNotFound
	}
	return err
}
