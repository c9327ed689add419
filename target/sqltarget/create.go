package sqltarget

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/provision-go/provision/target"
)

// Create inserts a row. If there is one already with this key and everything that
// is asked for, an earlier attempt has made it, and it is returned.
func (t *Target) Create(ctx context.Context, req target.CreateRequest) (target.Account, error) {
	if err := ctx.Err(); err != nil {
		return target.Account{}, target.Fail(target.NotSent, err)
	}
	list, c, err := t.newRow(req)
	if err != nil {
		return target.Account{}, err
	}
	made, err := t.insert(ctx, list, c.refs)
	if err == nil {
		return made, nil
	}
	if target.ClassOf(err) != target.Exists {
		return target.Account{}, t.blame(ctx, err, c.written, nil)
	}
	if !req.Key.IsZero() && t.m.accounts.key != nil {
		found, findErr := t.find(ctx, target.Find{Key: req.Key})
		if findErr == nil && len(found) == 1 && t.made(&found[0].account, &req) {
			return found[0].account, nil
		}
		if findErr == nil && len(found) > 0 {
			return target.Account{}, err // the key is taken: no attribute is to blame
		}
	}
	return target.Account{}, t.blame(ctx, err, c.written, nil)
}

// made reports whether an account is what a request asks for.
func (t *Target) made(a *target.Account, req *target.CreateRequest) bool {
	if a.State != req.State {
		return false
	}
	for name, values := range req.Attributes.All() {
		spec, _ := t.caps.Attribute(name)
		if !spec.WriteOnly && !spec.Equal(a.Attributes.Values(name), values) {
			return false
		}
	}
	return true
}

// newRow are the columns of a new row.
func (t *Target) newRow(req target.CreateRequest) ([]assignment, *changes, error) {
	a := &t.m.accounts
	state, err := a.state.assignment(req.State)
	if err != nil {
		return nil, nil, err
	}
	c, err := t.prepare(req.Attributes, nil)
	if err != nil {
		return nil, nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(req.Secrets)) {
		at, err := t.writable(name)
		switch {
		case err != nil:
			return nil, nil, err
		case !at.WriteOnly:
			return nil, nil, target.InvalidError(name, errSecret)
		case req.Attributes.Has(name):
			return nil, nil, target.InvalidError(name, errSingle)
		}
		if err := c.put(at, []string{req.Secrets[name].Reveal()}, a.id); err != nil {
			return nil, nil, err
		}
	}
	list := c.assignments
	if err := a.required(&list); err != nil {
		return nil, nil, err
	}
	for _, f := range a.where {
		list = append(list, assignment{column: f.at, value: f.value})
	}
	list = append(list, state...)
	if a.key != nil {
		v, err := a.keyValue(req.Key)
		if err != nil {
			return nil, nil, err
		}
		list = append(list, assignment{column: a.key, value: v})
	}
	if a.version != nil {
		list = append(list, assignment{column: a.version, value: int64(1)})
	}
	if a.extra != nil {
		v, err := a.newExtra(c.members)
		if err != nil {
			return nil, nil, err
		}
		list = append(list, assignment{column: a.extra, value: v})
	}
	if a.newID != nil {
		v, err := a.id.encode(a.newID())
		if err != nil {
			return nil, nil, target.Fail(target.Permanent, fmt.Errorf("the native id that NewID made: %w", err))
		}
		list = append(list, assignment{column: a.id, value: v})
	}
	inOrder(list)
	return list, c, nil
}

// required adds what NOT NULL columns get when the request has no value for them.
func (a *accounts) required(list *[]assignment) error {
	for i := range a.attributes {
		at := &a.attributes[i]
		given := func(x assignment) bool { return x.column == at.column }
		if at.inside || at.ReadOnly || at.column.null || at.column.filled != filledNot || slices.ContainsFunc(*list, given) {
			continue
		}
		v, err := at.column.empty()
		if err != nil || at.Unique {
			return target.InvalidError(at.Name, errEmptyNot)
		}
		*list = append(*list, assignment{column: at.column, value: v})
	}
	return nil
}

// keyValue is what the column of keys holds.
func (a *accounts) keyValue(key target.Key) (any, error) {
	v, err := a.key.empty()
	if !key.IsZero() {
		v, err = a.key.encode(key.String())
	}
	if err != nil {
		return nil, target.Fail(target.Permanent, fmt.Errorf("the key: %w", err))
	}
	return v, nil
}
