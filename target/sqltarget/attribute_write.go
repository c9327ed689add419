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
	// refs are the values that refer to accounts.
	refs []writtenValue
}

// writtenValue is a value that is sent for an attribute.
type writtenValue struct {
	at    *attribute
	value any
}

// put adds the values of an attribute; none empties it. id is the column of native
// ids.
func (c *changes) put(at *attribute, values []string, id *column) error {
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
	if err := c.refer(at, values, id); err != nil {
		return err
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
	c.assignments = append(c.assignments, assignment{column: at.column, value: v})
	if v != nil {
		c.written = append(c.written, writtenValue{at, v})
	}
	return nil
}

// refer notes the accounts that an attribute refers to.
func (c *changes) refer(at *attribute, values []string, id *column) error {
	if !at.Ref {
		return nil
	}
	for _, value := range values {
		v, err := id.encode(value)
		if err != nil {
			return target.InvalidError(at.Name, errDangling)
		}
		c.refs = append(c.refs, writtenValue{at, v})
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

// prepare turns the attributes of a request into changes.
func (t *Target) prepare(set target.Attributes, empty []string) (*changes, error) {
	c := &changes{members: map[string]any{}}
	for name, values := range set.All() {
		at, err := t.writable(name)
		if err != nil {
			return nil, err
		}
		if slices.Contains(empty, name) {
			continue // emptied below
		}
		if err := c.put(at, values, t.m.accounts.id); err != nil {
			return nil, err
		}
	}
	for _, name := range slices.Compact(slices.Sorted(slices.Values(empty))) {
		at, err := t.writable(name)
		if err != nil {
			return nil, err
		}
		if err := c.put(at, nil, t.m.accounts.id); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// refer fails unless all accounts that are referred to are there: a reference out
// of the rows of Where must not be written, and a database without a foreign key
// would take any.
func (t *Target) refer(ctx context.Context, refs []writtenValue) error {
	a := &t.m.accounts
	for _, r := range refs {
		s := t.d.statement().sql("SELECT 1 FROM ").table(a.table, "")
		there, err := t.any(ctx, s.where().equal("", a.id.name, r.value).confined("", a.where))
		switch {
		case err != nil:
			return err
		case !there:
			return target.InvalidError(r.at.Name, errDangling)
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
