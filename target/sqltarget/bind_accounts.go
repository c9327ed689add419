package sqltarget

import (
	"cmp"
	"maps"
	"slices"
	"unicode"

	"github.com/provision-go/provision/target"
)

// accounts looks up the table of accounts.
func (b *binder) accounts(a *accounts, t *table) {
	cfg := &b.cfg.Accounts
	a.table, a.newID = t, cfg.NewID
	a.where = b.where(t, fixedValues(b.cfg.Where))
	a.id = b.identity(t, cfg.ID, cfg.NewID != nil)
	b.primary(t, a.id, a.where)
	used := newUses(b, t)
	used.add("the id", cfg.ID)
	for _, f := range a.where {
		used.add("Where", f.column)
	}
	if cfg.Key != "" {
		a.key = b.columnOf(t, cfg.Key, "text", kindText, kindPadded)
		used.add("the key", cfg.Key)
		a.uniqueKey = b.unique(t, a.where, a.key, false)
	}
	b.state(&a.state, t, &cfg.State)
	used.add("the state", cfg.State.Column)
	used.add("the state", cfg.State.DisabledAt)
	if cfg.Version != "" {
		a.version = b.columnOf(t, cfg.Version, "an integer", kindInteger)
		used.add("the version", cfg.Version)
		if a.version != nil && a.version.null {
			b.fail(t, "column %q may be NULL, and a version must not", cfg.Version)
		}
	}
	if cfg.Extra != "" {
		a.extra = b.columnOf(t, cfg.Extra, "JSON", b.d.objects...)
		used.add("Extra", cfg.Extra)
	}
	for i := range cfg.Attributes {
		a.attributes = append(a.attributes, attribute{Attribute: cfg.Attributes[i]})
		at := &a.attributes[i]
		b.attribute(at, t, a.where, a.id)
		if !at.ReadOnly { // several may read one column
			used.add("attribute "+at.Name, at.Column)
		}
	}
	used.complete()
}

// attribute looks up where an attribute is.
func (b *binder) attribute(at *attribute, t *table, where []fixed, id *column) {
	if at.Column == "" {
		at.inside, at.kind = true, at.Type.inside()
		at.column = &column{name: at.Name, kind: at.kind, null: true, top: unicode.MaxRune}
		return
	}
	if at.Ref {
		at.column = b.same(t, at.Column, id)
	} else {
		at.column = b.column(t, at.Column)
	}
	if at.column == nil {
		return
	}
	var ok bool
	if at.kind, ok = at.column.kind.as(at.Type); !ok {
		b.fail(t, "column %q of attribute %s is of type %s, which does not go with its Type", at.Column, at.Name, at.column.declared)
	}
	if at.Encode != nil && !at.column.kind.isText() {
		b.fail(t, "column %q is of type %s, want text for what Encode returns", at.Column, at.column.declared)
	}
	if at.column.filled >= filledAlways && !at.ReadOnly {
		b.fail(t, "column %q is made by the database; set ReadOnly on attribute %s", at.Column, at.Name)
	}
	if at.CaseFold && !at.column.kind.isText() {
		b.fail(t, "column %q is of type %s, which has no case; drop CaseFold on attribute %s", at.Column, at.column.declared, at.Name)
	}
	if at.Unique {
		b.unique(t, where, at.column, at.CaseFold)
	}
}

// inside is the kind of a value in Extra.
func (t Type) inside() kind {
	switch t {
	case Bool:
		return kindBool
	case Integer:
		return kindInteger
	case Date:
		return kindDate
	default:
		return kindText
	}
}

// state looks up the column that tells enabled from disabled.
func (b *binder) state(s *state, t *table, cfg *State) {
	if cfg.DisabledAt != "" {
		s.column, s.at = b.columnOf(t, cfg.DisabledAt, "a timestamp", kindTimestamp), true
		if s.column != nil && !s.column.null {
			b.fail(t, "column %q must allow NULL, which means enabled", cfg.DisabledAt)
		}
		return
	}
	if cfg.Column == "" {
		return
	}
	s.column = b.columnOf(t, cfg.Column, "text, boolean or integer", kindText, kindPadded, kindBool, kindInteger)
	if s.column == nil {
		return
	}
	enabled, disabled := cfg.Enabled, cfg.Disabled
	if s.column.kind == kindBool {
		enabled, disabled = cmp.Or(enabled, "true"), cmp.Or(disabled, "false")
	}
	if enabled == "" || disabled == "" || enabled == disabled {
		b.fail(t, "column %q needs different values for Enabled and Disabled", cfg.Column)
		return
	}
	s.reads = map[string]target.State{}
	s.enabled = b.stateValue(s, t, enabled, target.Enabled)
	s.disabled = b.stateValue(s, t, disabled, target.Disabled)
	s.closed = append(s.closed, s.disabled)
	for _, value := range slices.Sorted(maps.Keys(cfg.Also)) {
		closed := cfg.Also[value] == target.Disabled
		if value == "" {
			s.reads[""], s.closedNull = cfg.Also[value], closed
			continue
		}
		if v := b.stateValue(s, t, value, cfg.Also[value]); closed {
			s.closed = append(s.closed, v)
		}
	}
}

// stateValue notes what a value counts as, and returns it as a parameter.
func (b *binder) stateValue(s *state, t *table, value string, counts target.State) any {
	v, err := s.column.encode(value)
	if err != nil {
		b.fail(t, "column %q cannot hold the state %q: %w", s.column.name, value, err)
	}
	if s.column.noCase {
		value = target.Fold(value)
	}
	s.reads[value] = counts
	return v
}
