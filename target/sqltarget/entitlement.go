package sqltarget

import (
	"context"
	"database/sql"
	"fmt"
	"iter"

	"github.com/provision-go/provision/target"
)

// Entitlements yields the rows of the tables of entitlements. Who holds them is
// said by the accounts.
func (t *Target) Entitlements(ctx context.Context) iter.Seq2[target.Held, error] {
	return func(yield func(target.Held, error) bool) {
		for i := range t.m.kinds {
			k := &t.m.kinds[i]
			if k.table == nil {
				continue
			}
			// Read to its end before anything is yielded: no statement stays open.
			list, err := t.catalogue(ctx, k, nil)
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(target.Held{}, err)
				return
			}
			for _, held := range list {
				if !yield(held, nil) {
					return
				}
			}
		}
		if err := ctx.Err(); err != nil {
			yield(target.Held{}, err)
		}
	}
}

// catalogue reads entitlements of a kind, those of one name if it is not nil.
func (t *Target) catalogue(ctx context.Context, k *entitlements, name *string) ([]target.Held, error) {
	s := t.d.statement().sql("SELECT ").column("", k.id.name).sql(", ").column("", k.name.name)
	s.sql(" FROM ").table(k.table, "").confined("", k.where)
	if name != nil {
		v, err := k.name.encode(*name)
		if err != nil || *name == "" {
			return nil, nil //nolint:nilerr // no row can have it
		}
		s.where().equal("", k.name.name, v)
	}
	s.sql(" ORDER BY ").column("", k.id.name)
	var list []target.Held
	id, text := cell{kind: k.id.kind}, cell{kind: k.name.kind}
	err := t.read(ctx, k.table, s, func(rows *sql.Rows) error {
		err := rows.Scan(&id, &text)
		// The database may take more names for equal than we do.
		if name == nil || text.text == *name {
			list = append(list, target.Held{ID: id.text, Entitlement: target.Entitlement{Kind: k.Kind, Name: text.text}})
		}
		return err
	})
	return list, err
}

// EnsureEntitlement inserts a row unless there is one of this name.
func (t *Target) EnsureEntitlement(ctx context.Context, req target.EnsureRequest) (target.Held, error) {
	if err := ctx.Err(); err != nil {
		return target.Held{}, target.Fail(target.NotSent, err)
	}
	k := t.m.kind(req.Entitlement.Kind)
	if k == nil || !k.Ensure {
		return target.Held{}, target.ErrUnsupported
	}
	name := req.Entitlement.Name
	v, err := k.nameValue(k.name, name)
	if err != nil {
		return target.Held{}, err
	}
	list, err := t.catalogue(ctx, k, &name)
	if err != nil {
		return target.Held{}, notSent(err)
	}
	if len(list) > 0 {
		return list[0], nil
	}
	row := []assignment{{column: k.name, value: v}}
	for _, f := range k.where {
		row = append(row, assignment{column: f.at, value: f.value})
	}
	if k.NewID != nil {
		id, err := k.id.encode(k.NewID())
		if err != nil {
			return target.Held{}, target.Fail(target.Permanent, fmt.Errorf("the native id that NewID made: %w", err))
		}
		row = append(row, assignment{column: k.id, value: id})
	}
	_, refused := t.run.exec(ctx, t.d.statement().insert(k.table, row))
	refused = t.classify(refused, k.table.label(), anyEffect)
	if refused != nil && target.ClassOf(refused) != target.Exists {
		return target.Held{}, refused
	}
	// It is there now, by us or by somebody who was quicker.
	switch list, err = t.catalogue(ctx, k, &name); {
	case err != nil:
		return target.Held{}, target.Fail(target.Unclear, err)
	case len(list) > 0:
		return list[0], nil
	case refused != nil:
		return target.Held{}, refused // another name that the database takes for equal
	}
	return target.Held{}, target.Fail(target.Unclear, errNoRow)
}

// nameValue is the parameter for a name.
func (k *entitlements) nameValue(c *column, name string) (any, error) {
	v, err := c.encode(name)
	if name == "" {
		err = errEmptyNot
	}
	if err != nil {
		return nil, target.Fail(target.Permanent, fmt.Errorf("the name of a %s: %w", k.Kind, err))
	}
	return v, nil
}
