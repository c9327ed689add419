package sqltarget

import (
	"context"
	"database/sql"
	"errors"

	"github.com/provision-go/provision/target"
)

// Delete removes the row with its memberships and sessions.
func (t *Target) Delete(ctx context.Context, req target.StateRequest) error {
	if !t.m.cfg.Delete {
		return target.ErrUnsupported
	}
	a := &t.m.accounts
	return t.transact(ctx, req.Ref, func(x *transaction, id any) error {
		for i := range t.m.kinds {
			k := &t.m.kinds[i]
			if err := x.deleteRows(k.members, k.account, k.confined, id); err != nil {
				return err
			}
		}
		for _, r := range t.m.sessions {
			if err := x.deleteRows(r.table, r.account, r.confined, id); err != nil {
				return err
			}
		}
		s := t.d.statement().sql("DELETE FROM ").table(a.table, "").where().equal("", a.id.name, id).confined("", a.where)
		if a.version != nil && req.Version != "" {
			v, err := a.version.encode(req.Version)
			if err != nil {
				return target.ErrConflict
			}
			s.where().equal("", a.version.name, v)
		}
		n, err := x.exec(s, a.table)
		if err != nil || n > 0 {
			return err
		}
		there, err := x.exists(id)
		switch {
		case err != nil:
			return err
		case there:
			return target.ErrConflict
		}
		return target.ErrNotFound
	})
}

// EndSessions deletes the rows of Config.Sessions.
func (t *Target) EndSessions(ctx context.Context, req target.SessionsRequest) error {
	if len(t.m.sessions) == 0 {
		return target.ErrUnsupported
	}
	return t.transact(ctx, req.Ref, func(x *transaction, id any) error {
		for _, r := range t.m.sessions {
			if err := x.deleteRows(r.table, r.account, r.confined, id); err != nil {
				return err
			}
		}
		return x.need(id)
	})
}

// Handover gives the rows of Config.Handover to another account.
func (t *Target) Handover(ctx context.Context, req target.HandoverRequest) error {
	if len(t.m.handover) == 0 {
		return target.ErrUnsupported
	}
	a := &t.m.accounts
	to, err := t.accountID(ctx, req.To.ID)
	if err != nil {
		return err
	}
	return t.transact(ctx, req.From, func(x *transaction, id any) error {
		for _, r := range t.m.handover {
			s := t.d.statement().update(r.table, []assignment{{column: r.account, value: to}})
			s.within(r.account.name, id, a).confined("", r.confined)
			if _, err := x.exec(s, r.table); err != nil {
				return err
			}
		}
		if err := x.need(id); err != nil {
			return err
		}
		return x.need(to)
	})
}

// transaction is several statements that take effect together or not at all.
type transaction struct {
	ctx context.Context //nolint:containedctx // of the one call that it belongs to
	t   *Target
	tx  *sql.Tx
}

// transact runs a transaction about one account.
func (t *Target) transact(ctx context.Context, ref target.Ref, do func(x *transaction, id any) error) error {
	if err := ctx.Err(); err != nil {
		return target.Fail(target.NotSent, err)
	}
	a := &t.m.accounts
	id, err := t.accountID(ctx, ref.ID)
	if err != nil {
		return err
	}
	tx, err := t.run.db.BeginTx(ctx, nil)
	if err != nil {
		return t.classify(&unsentError{err}, a.table.label(), noEffect)
	}
	defer tx.Rollback()
	if err := do(&transaction{ctx, t, tx}, id); err != nil {
		return err
	}
	return t.classify(tx.Commit(), a.table.label(), anyEffect)
}

// exec runs a statement and returns the number of rows. Nothing of it has taken
// effect before the commit, so no error leaves a doubt.
func (x *transaction) exec(s *statement, at *table) (int64, error) {
	result, err := x.tx.ExecContext(x.ctx, s.text.String(), s.args...)
	if err != nil {
		return 0, x.t.classify(err, at.label(), noEffect)
	}
	n, err := result.RowsAffected()
	return n, x.t.classify(err, at.label(), noEffect)
}

// deleteRows deletes what belongs to an account.
func (x *transaction) deleteRows(from *table, account *column, confined []fixed, id any) error {
	s := x.t.d.statement().sql("DELETE FROM ").table(from, "")
	s.within(account.name, id, &x.t.m.accounts).confined("", confined)
	_, err := x.exec(s, from)
	return err
}

// exists reports whether there is an account with the id.
func (x *transaction) exists(id any) (bool, error) {
	a := &x.t.m.accounts
	s := x.t.d.statement().sql("SELECT 1 FROM ").table(a.table, "").where().equal("", a.id.name, id).confined("", a.where)
	var one int
	err := x.tx.QueryRowContext(x.ctx, s.text.String(), s.args...).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, x.t.classify(err, a.table.label(), noEffect)
}

func (x *transaction) need(id any) error {
	there, err := x.exists(id)
	if err == nil && !there {
		return target.ErrNotFound
	}
	return err
}
