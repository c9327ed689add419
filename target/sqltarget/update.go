package sqltarget

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/provision-go/provision/target"
)

// Update writes attributes, and a key on an account that has none.
func (t *Target) Update(ctx context.Context, req target.UpdateRequest) (target.Account, error) {
	a := &t.m.accounts
	if err := ctx.Err(); err != nil {
		return target.Account{}, target.Fail(target.NotSent, err)
	}
	if !req.SetKey.IsZero() && a.key == nil {
		return target.Account{}, target.ErrUnsupported
	}
	c, err := t.prepare(req.Set, req.Clear)
	if err != nil {
		return target.Account{}, err
	}
	if err := t.refer(ctx, c.refs); err != nil {
		return target.Account{}, notSent(err)
	}
	w := write{ref: req.Ref, version: req.Version, list: c.assignments, members: c.members, written: c.written}
	if !req.SetKey.IsZero() {
		v, err := a.keyValue(req.SetKey)
		if err != nil {
			return target.Account{}, err
		}
		w.list = append(w.list, assignment{column: a.key, value: v})
		// Only where there is none yet; '' is none as well.
		w.only = func(s *statement) {
			s.where().sql("(").column("", a.key.name).sql(" IS NULL OR ").equal("", a.key.name, "").sql(")")
		}
	}
	done, now, err := t.write(ctx, w)
	switch {
	case err != nil:
		return target.Account{}, err
	case done:
		return now.account, nil
	case req.SetKey.IsZero():
		return t.unmoved(now)
	case now.account.Key != req.SetKey:
		return target.Account{}, target.ErrConflict
	}
	// It has the key already: the attributes are left to do.
	w.list, w.only = c.assignments, nil
	done, now, err = t.write(ctx, w)
	if err != nil || done {
		return now.account, err
	}
	return t.unmoved(now)
}

// unmoved follows an UPDATE that met no row, although the row is there and
// nothing is in the way. MySQL counts no row if all values were so already; for
// the others somebody was quicker.
func (t *Target) unmoved(now row) (target.Account, error) {
	if !t.d.returning {
		return now.account, nil
	}
	return target.Account{}, target.ErrConflict
}

// write is an UPDATE of one account.
type write struct {
	ref     target.Ref
	version string
	list    []assignment
	members map[string]any
	only    func(*statement) // further conditions; may be nil
	written []writtenValue
}

// write runs an UPDATE. done is false if it met no row, and then the row is as it
// is now: there, and of the version that was asked for.
func (t *Target) write(ctx context.Context, w write) (bool, row, error) {
	a := &t.m.accounts
	id, err := t.accountID(ctx, w.ref.ID)
	if err != nil {
		return false, row{}, err
	}
	list := slices.Clone(w.list)
	if len(w.members) > 0 {
		merge, err := t.merge(w.members)
		if err != nil {
			return false, row{}, target.Fail(target.Permanent, err)
		}
		list = append(list, merge)
	}
	done, now := false, row{}
	if len(list) > 0 {
		inOrder(list)
		if done, now, err = t.update(ctx, id, list, w); err != nil {
			return false, row{}, t.blame(ctx, err, w.written, id)
		}
	}
	if done && t.d.returning && !a.table.triggered {
		held := []row{now}
		err := t.readHeld(ctx, held, func(s *statement) { s.where().equal("u", a.id.name, id) })
		if err != nil {
			err = target.Fail(target.Unclear, err) // it is written
		}
		return true, held[0], err
	}
	found, err := t.find(ctx, target.Find{ID: w.ref.ID})
	switch {
	case err != nil && done:
		return true, row{}, target.Fail(target.Unclear, err) // it is written
	case err != nil:
		return false, row{}, err
	case len(found) == 0:
		return false, row{}, target.ErrNotFound
	case !done && a.version != nil && w.version != "" && w.version != found[0].account.Version:
		return false, row{}, target.ErrConflict
	case !done && len(w.members) > 0 && found[0].garbled:
		return false, row{}, target.Fail(target.Permanent, errGarbled)
	}
	return done || len(list) == 0, found[0], nil
}

// update runs the statement.
func (t *Target) update(ctx context.Context, id any, list []assignment, w write) (bool, row, error) {
	a := &t.m.accounts
	if a.version != nil {
		list = append(list, assignment{column: a.version, write: func(s *statement) {
			s.column("", a.version.name).sql(" + 1")
		}})
	}
	s := t.d.statement().update(a.table, list)
	s.where().equal("", a.id.name, id).confined("", a.where)
	if a.version != nil && w.version != "" {
		v, err := a.version.encode(w.version)
		if err != nil {
			return false, row{}, target.ErrConflict
		}
		s.where().equal("", a.version.name, v)
	}
	if w.only != nil {
		w.only(s)
	}
	if len(w.members) > 0 {
		fmt.Fprintf(&s.where().text, t.d.object, t.d.name(a.extra.name))
	}
	if t.d.returning {
		t.columns(s.sql(" RETURNING "))
		rows, err := t.writeAccounts(ctx, s)
		if err != nil || len(rows) == 0 {
			return false, row{}, err
		}
		return true, rows[0], nil
	}
	result, err := t.run.exec(ctx, s)
	if err != nil {
		return false, row{}, t.classify(err, a.table.label(), anyEffect)
	}
	n, err := result.RowsAffected()
	return n > 0, row{}, t.classify(err, a.table.label(), anyEffect)
}

// writeAccounts runs a statement that returns the rows it has written.
func (t *Target) writeAccounts(ctx context.Context, s *statement) ([]row, error) {
	var list []row
	read := t.reader()
	err := t.run.query(ctx, s, func(rows *sql.Rows) error {
		r, err := read.scan(rows)
		list = append(list, r)
		return err
	})
	return list, t.classify(err, t.m.accounts.table.label(), anyEffect)
}
