package sqltarget

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/provision-go/provision/target"
)

var errNoRow = errors.New("the row that was inserted cannot be read")

// insert runs an INSERT and returns the account as it is stored.
func (t *Target) insert(ctx context.Context, list []assignment, refs []writtenValue) (target.Account, error) {
	a := &t.m.accounts
	s := t.d.statement()
	if len(refs) == 0 {
		s.insert(a.table, list)
	} else {
		s.insertIf(a.table, list)
	}
	for _, r := range refs {
		s.where().value(r.value).sql(" IN (SELECT ").column("", a.id.name).sql(" FROM ").table(a.table, "")
		s.filtered = false
		s.where().equal("", a.id.name, r.value).confined("", a.where).sql(")")
	}
	verbatim := t.verbatim(list)
	if t.d.returning && !verbatim {
		made, err := t.writeAccounts(ctx, t.columns(s.sql(" RETURNING ")))
		if err != nil || len(made) == 0 {
			return target.Account{}, t.notInserted(ctx, err, refs)
		}
		if a.table.triggered {
			return t.readBack(ctx, made[0].account.ID)
		}
		return made[0].account, nil
	}
	result, err := t.run.exec(ctx, s)
	if err != nil {
		return target.Account{}, t.classify(err, a.table.label(), anyEffect)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return target.Account{}, t.notInserted(ctx, t.classify(err, a.table.label(), anyEffect), refs)
	}
	id, err := insertedID(result, a.id, list)
	if err != nil {
		return target.Account{}, t.classify(err, a.table.label(), anyEffect)
	}
	if verbatim {
		return t.sent(id, list)
	}
	return t.readBack(ctx, id)
}

// readBack reads an account that was inserted.
func (t *Target) readBack(ctx context.Context, id string) (target.Account, error) {
	found, err := t.find(ctx, target.Find{ID: id})
	if err == nil && len(found) != 1 {
		err = errNoRow
	}
	if err != nil {
		return target.Account{}, target.Fail(target.Unclear, err)
	}
	return found[0].account, nil
}

// notInserted is the error of an INSERT without a row: somebody who is referred to
// is not there.
func (t *Target) notInserted(ctx context.Context, err error, refs []writtenValue) error {
	if err == nil {
		err = t.refer(ctx, refs)
	}
	if err == nil { // they are there by now
		err = target.Fail(target.Transient, errDangling)
	}
	return err
}

// insertedID is the native id of a new row: the one that was sent, or the number
// that the database made.
func insertedID(result sql.Result, id *column, list []assignment) (string, error) {
	for _, a := range list {
		if a.column == id {
			return fmt.Sprint(a.value), nil
		}
	}
	n, err := result.LastInsertId()
	return strconv.FormatInt(n, 10), err
}

// verbatim reports whether a new row is what is sent, so that it need not be read:
// SQLite without triggers alters nothing, and what is not sent is NULL or the id.
func (t *Target) verbatim(list []assignment) bool {
	if !t.m.accounts.table.verbatim {
		return false
	}
	for _, c := range t.selected {
		i := slices.IndexFunc(list, func(a assignment) bool { return a.column == c.column })
		switch {
		case i >= 0 && list[i].write != nil:
			return false
		case i < 0 && c.filled != filledNot && (c.column != t.m.accounts.id || c.filled != filledIncrement):
			return false
		}
	}
	return true
}

// sent is the account of a row that is stored as it was sent.
func (t *Target) sent(id string, list []assignment) (target.Account, error) {
	r := t.reader()
	for i, c := range t.selected {
		var value any
		if c.column == t.m.accounts.id {
			value = id
		}
		for _, a := range list {
			if a.column == c.column {
				value = a.value
			}
		}
		if err := r.cells[i].Scan(value); err != nil {
			return target.Account{}, target.Fail(target.Unclear, err)
		}
	}
	made, err := r.row()
	return made.account, err
}
