package sqltarget

import (
	"context"
	"slices"

	"github.com/provision-go/provision/target"
)

// blame finds the attribute because of which the database refused a write. It
// goes by what the server names beside its message, and otherwise looks which of
// the values that were sent is in the way. It never guesses: without an answer the
// error names no field. id is that of the row that was written, nil for a new one.
func (t *Target) blame(ctx context.Context, err error, written []writtenValue, id any) error {
	r, ok := t.d.refusal(err)
	if !ok {
		return err
	}
	class := target.ClassOf(err)
	for i := range written {
		w := &written[i]
		guilty := r.column != "" && r.column == w.at.column.name
		switch {
		case r.unique:
			guilty = t.taken(ctx, &r, w, id)
		case r.foreign:
			guilty = t.dangling(ctx, &r, w)
		}
		if guilty {
			return &target.Error{Class: class, Field: w.at.Name, Err: err}
		}
	}
	return err
}

// taken reports whether a unique index that the server names is about this
// attribute alone or, if it names none, whether another row has the value.
func (t *Target) taken(ctx context.Context, r *refusal, w *writtenValue, id any) bool {
	a := &t.m.accounts
	for i := range a.table.unique {
		x := &a.table.unique[i]
		if r.constraint != "" && r.constraint != x.name || !x.about(w.at.column, a.where) {
			continue
		}
		if r.constraint != "" {
			return true
		}
		if x.partial {
			continue
		}
		// Not confined to Where, unless the index is: the row that is in the way may be
		// another tenant's. Nothing of it is read.
		s := t.d.statement().sql("SELECT 1 FROM ").table(a.table, "").where()
		s.same(w.at.column, x.folds(w.at.column), w.value)
		s.confined("", slices.DeleteFunc(slices.Clone(a.where), func(f fixed) bool { return !x.has(f.column) }))
		if id != nil {
			s.where().column("", a.id.name).sql(" <> ").value(id)
		}
		if there, err := t.any(ctx, s.sql(" LIMIT 1")); err == nil && there {
			return true
		}
	}
	return false
}

// dangling reports whether a foreign key that the server names is that of the
// attribute or, if it names none, whether the row that the value points at is
// missing.
func (t *Target) dangling(ctx context.Context, r *refusal, w *writtenValue) bool {
	for _, f := range t.m.accounts.table.foreign {
		if f.column != w.at.column.name || r.constraint != "" && r.constraint != f.name || f.refersTo == "" {
			continue
		}
		if r.constraint != "" {
			return true
		}
		s := t.d.statement().sql("SELECT 1 FROM ").table(&table{schema: f.schema, name: f.table}, "")
		s.where().equal("", f.refersTo, w.value)
		if there, err := t.any(ctx, s.sql(" LIMIT 1")); err == nil && !there {
			return true
		}
	}
	return false
}
