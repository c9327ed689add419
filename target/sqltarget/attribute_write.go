package sqltarget

import (
	"context"
	"errors"
	"slices"

	"github.com/provision-go/provision/target"
)

var (
	errUnknown  = errors.New("no such attribute")
	errReadOnly = errors.New("cannot be written")
	errSecret   = errors.New("is a secret, and the attribute is not WriteOnly")
	errSingle   = errors.New("holds one value only")
	errDangling = errors.New("refers to an account that does not exist")
	errGarbled  = errors.New("the column of extra attributes holds no JSON object")
)

// changes are attributes as they are written: values for columns, and members of
// Extra.
type changes struct {
	assignments []assignment
	members     map[string]any
	// written are the attributes with a column, for what the database may refuse.
	written []writtenValue
}

// writtenValue is a value that is sent for an attribute.
type writtenValue struct {
	at    *attribute
	value any
}

// put adds the values of an attribute; none empties it.
func (c *changes) put(at *attribute, values []string) error {
	if len(values) > 1 && !at.Multi {
		return target.InvalidError(at.Name, errSingle)
	}
	if at.Encode != nil {
		stored := make([]string, len(values))
		for i, v := range values {
			var err error
			if stored[i], err = at.Encode(v); err != nil {
				return target.InvalidError(at.Name, err)
			}
		}
		values = stored
	}
	if at.inside {
		v, err := at.jsonValue(values)
		if err != nil {
			return target.InvalidError(at.Name, err)
		}
		c.members[at.Name] = v
		return nil
	}
	v, err := at.value(values)
	if err != nil {
		return target.InvalidError(at.Name, err)
	}
	c.assignments = append(c.assignments, assignment{column: at.column.name, value: v})
	if v != nil {
		c.written = append(c.written, writtenValue{at, v})
	}
	return nil
}

// value is the parameter for the values of an attribute with a column.
func (at *attribute) value(values []string) (any, error) {
	if len(values) == 0 || values[0] == "" {
		return at.column.empty()
	}
	return at.column.encodeAs(at.kind, values[0])
}

// writable finds the attribute of a name in a request.
func (t *Target) writable(name string) (*attribute, error) {
	at := t.m.accounts.attribute(name)
	switch {
	case at == nil:
		return nil, target.InvalidError(name, errUnknown)
	case at.ReadOnly:
		return nil, target.InvalidError(name, errReadOnly)
	}
	return at, nil
}

// prepare turns the attributes of a request into changes. It reads accounts that
// are referred to: a reference out of the rows of Where must not be written, and a
// database without a foreign key would take any.
func (t *Target) prepare(ctx context.Context, set target.Attributes, empty []string) (*changes, error) {
	c := &changes{members: map[string]any{}}
	for name, values := range set.All() {
		at, err := t.writable(name)
		if err != nil {
			return nil, err
		}
		if slices.Contains(empty, name) {
			continue // emptied below
		}
		if err := c.put(at, values); err != nil {
			return nil, err
		}
		if at.Ref {
			if err := t.refer(ctx, at, values); err != nil {
				return nil, err
			}
		}
	}
	for _, name := range slices.Compact(slices.Sorted(slices.Values(empty))) {
		at, err := t.writable(name)
		if err != nil {
			return nil, err
		}
		if err := c.put(at, nil); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// refer fails unless there are accounts with these native ids.
func (t *Target) refer(ctx context.Context, at *attribute, ids []string) error {
	for _, id := range ids {
		there, err := t.exists(ctx, id)
		switch {
		case err != nil:
			return notSent(err)
		case !there:
			return target.InvalidError(at.Name, errDangling)
		}
	}
	return nil
}

// notSent is the error of a read before a write: the write was not sent.
func notSent(err error) error {
	if class := target.ClassOf(err); class == target.Unclear || class == target.Transient {
		return target.Fail(target.NotSent, err)
	}
	return err
}
