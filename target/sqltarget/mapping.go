package sqltarget

import (
	"maps"
	"slices"

	"github.com/provision-go/provision/target"
)

// mapping is a Config together with the tables and columns that it names.
type mapping struct {
	cfg      Config
	accounts accounts
	kinds    []entitlements
	sessions []rows
	handover []rows
}

// fixed is a column with the value that confines a statement.
type fixed struct {
	column string
	value  any
	at     *column // in the table that is confined
}

// fixedValues are the columns of several Where, sorted.
func fixedValues(wheres ...map[string]any) []fixed {
	all := map[string]any{}
	for _, w := range wheres {
		maps.Copy(all, w)
	}
	list := make([]fixed, 0, len(all))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		list = append(list, fixed{column: name, value: all[name]})
	}
	return list
}

// accounts is the table of accounts.
type accounts struct {
	table      *table
	where      []fixed
	id         *column
	newID      func() string
	key        *column // nil: no keys
	uniqueKey  bool
	state      state
	version    *column // nil: no versions
	extra      *column // nil: none
	attributes []attribute
}

// attribute is an attribute and where it is.
type attribute struct {
	Attribute
	column *column // of its own, or a description of the JSON member's values
	kind   kind
	inside bool // a member of Extra
}

func (a *accounts) attribute(name string) *attribute {
	for i := range a.attributes {
		if a.attributes[i].Name == name {
			return &a.attributes[i]
		}
	}
	return nil
}

// entitlements is one kind of entitlement.
type entitlements struct {
	Entitlements
	table *table // nil: names are in the table of members
	where []fixed
	id    *column
	name  *column

	members     *table
	account     *column
	entitlement *column
	unique      bool // no membership can be there twice
	// confined are the columns of Where that the table of members has too.
	confined []fixed
}

// rows are rows of another table that belong to accounts.
type rows struct {
	table    *table
	account  *column
	confined []fixed
}

func (m *mapping) kind(name string) *entitlements {
	for i := range m.kinds {
		if m.kinds[i].Kind == name {
			return &m.kinds[i]
		}
	}
	return nil
}

// capabilities follow from the configuration.
func (m *mapping) capabilities() target.Capabilities {
	a := &m.accounts
	keys, states := a.key != nil, a.state.column != nil
	c := target.Capabilities{
		Keys: keys, SetKey: keys, FindKey: keys,
		Create: true, Update: true, Disable: states, Enable: states, CreateDisabled: states,
		Delete: m.cfg.Delete, IdempotentCreate: a.uniqueKey, Versions: a.version != nil,
		EndSessions: len(m.sessions) > 0, Handover: len(m.handover) > 0,
	}
	for i := range a.attributes {
		at := &a.attributes[i]
		c.Attributes = append(c.Attributes, target.AttributeSpec{
			Name: at.Name, Multi: at.Multi, CaseFold: at.CaseFold, ReadOnly: at.ReadOnly, WriteOnly: at.WriteOnly,
			Unique: at.Unique, Ref: at.Ref, Sensitive: at.Sensitive,
		})
		if !at.inside && !at.WriteOnly {
			c.Find = append(c.Find, at.Name)
		}
	}
	for i := range m.kinds {
		k := &m.kinds[i]
		c.Entitlements = append(c.Entitlements, target.EntitlementSpec{
			Kind: k.Kind, Grant: true, Revoke: true, Ensure: k.Ensure, List: k.table != nil,
		})
	}
	return c
}
