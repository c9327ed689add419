package sqltarget

import (
	"context"
	"fmt"

	"github.com/provision-go/provision/target"
)

// state is how rows show whether the account is enabled.
type state struct {
	column *column // nil: all are enabled
	at     bool    // the column is a time, NULL while the account is enabled
	// enabled and disabled are written.
	enabled, disabled any
	// closed are the values that count as disabled; closedNull is whether NULL does.
	closed     []any
	closedNull bool
	reads      map[string]target.State
}

// of returns the state that a value shows.
func (s *state) of(c *cell) target.State {
	switch {
	case s.column == nil:
		return target.Enabled
	case s.at && c.null:
		return target.Enabled
	case s.at:
		return target.Disabled
	}
	text := c.text
	if s.column.noCase {
		text = target.Fold(text)
	}
	if state, ok := s.reads[text]; ok {
		return state
	}
	return target.Enabled
}

// assignment is what an account in a state has.
func (s *state) assignment(to target.State) ([]assignment, error) {
	switch {
	case to != target.Enabled && to != target.Disabled:
		return nil, target.Fail(target.Permanent, fmt.Errorf("an account is created enabled or disabled, not %s", to))
	case s.column == nil && to == target.Disabled:
		return nil, target.ErrUnsupported
	case s.column == nil:
		return nil, nil
	case s.at && to == target.Disabled:
		return []assignment{{column: s.column, write: func(s *statement) { s.sql("CURRENT_TIMESTAMP") }}}, nil
	case s.at:
		return []assignment{{column: s.column}}, nil
	case to == target.Disabled:
		return []assignment{{column: s.column, value: s.disabled}}, nil
	}
	return []assignment{{column: s.column, value: s.enabled}}, nil
}

// appendNot appends the condition that a row is not in a state.
func (s *state) appendNot(to target.State, st *statement) {
	name := st.d.name(s.column.name)
	switch {
	case s.at && to == target.Disabled:
		st.where().sql(name + " IS NULL")
		return
	case s.at:
		st.where().sql(name + " IS NOT NULL")
		return
	}
	in, null := " IN (", s.closedNull
	if to == target.Disabled {
		in, null = " NOT IN (", !s.closedNull
	}
	if null {
		st.where().sql("(" + name + " IS NULL OR " + name + in)
	} else {
		st.where().sql("(" + name + " IS NOT NULL AND " + name + in)
	}
	for i, v := range s.closed {
		if i > 0 {
			st.sql(", ")
		}
		st.value(v)
	}
	st.sql("))")
}

// Disable makes the account unusable.
func (t *Target) Disable(ctx context.Context, req target.StateRequest) (target.Account, error) {
	return t.setState(ctx, req, target.Disabled)
}

// Enable makes the account usable.
func (t *Target) Enable(ctx context.Context, req target.StateRequest) (target.Account, error) {
	return t.setState(ctx, req, target.Enabled)
}

func (t *Target) setState(ctx context.Context, req target.StateRequest, to target.State) (target.Account, error) {
	st := &t.m.accounts.state
	if err := ctx.Err(); err != nil {
		return target.Account{}, target.Fail(target.NotSent, err)
	}
	if st.column == nil {
		return target.Account{}, target.ErrUnsupported
	}
	list, err := st.assignment(to)
	if err != nil {
		return target.Account{}, err
	}
	// A row that is in the state already stays as it is: another word for the same
	// state, and the time at which the account was disabled.
	w := write{ref: req.Ref, version: req.Version, list: list, only: func(s *statement) { st.appendNot(to, s) }}
	done, now, err := t.write(ctx, w)
	switch {
	case err != nil:
		return target.Account{}, err
	case done, now.account.State == to:
		return now.account, nil
	}
	return target.Account{}, target.ErrConflict
}
