package memtarget

import (
	"maps"
	"slices"
	"strconv"

	"github.com/provision-go/provision/target"
)

// store is the content of a target.
type store struct {
	caps     target.Capabilities
	accounts map[string]*stored
	order    []string // native ids as they were added
	held     map[target.Entitlement]string
	// index finds accounts by attribute (those that are unique or searchable) and
	// value, and under the name "" by the text of their key.
	index    map[string]map[string][]string
	lastID   int
	lastHeld int
}

// stored is one account. A change makes a new one, so a copied store stays as it
// is.
type stored struct {
	account  target.Account // Attributes with those that are never read back
	version  int
	sessions int
	owned    []string
	secrets  []string // names of the secrets given at the create
}

func newStore(caps target.Capabilities) store {
	s := store{
		caps: caps, accounts: map[string]*stored{}, held: map[target.Entitlement]string{},
		index: map[string]map[string][]string{"": {}},
	}
	for _, name := range caps.Find {
		s.index[name] = map[string][]string{}
	}
	for _, spec := range caps.Attributes {
		if spec.Unique {
			s.index[spec.Name] = map[string][]string{}
		}
	}
	return s
}

func (s *store) clone() *store {
	c := *s
	c.accounts = maps.Clone(s.accounts)
	c.order = slices.Clone(s.order)
	c.held = maps.Clone(s.held)
	c.index = map[string]map[string][]string{}
	for name, values := range s.index {
		c.index[name] = map[string][]string{}
		for v, ids := range values {
			c.index[name][v] = slices.Clone(ids)
		}
	}
	return &c
}

// put stores an account under its native id, or under a new one.
func (s *store) put(st stored) *stored {
	if st.account.ID == "" {
		for {
			s.lastID++
			st.account.ID = "a" + strconv.Itoa(s.lastID)
			if s.accounts[st.account.ID] == nil {
				break
			}
		}
	}
	id := st.account.ID
	if old := s.accounts[id]; old != nil {
		st.version = old.version
		s.unindex(old)
	} else {
		s.order = append(s.order, id)
	}
	st.version++
	st.account.Version = ""
	if s.caps.Versions {
		st.account.Version = strconv.Itoa(st.version)
	}
	slices.SortFunc(st.account.Entitlements, target.Entitlement.Compare)
	st.account.Entitlements = slices.Compact(st.account.Entitlements)
	s.accounts[id] = &st
	s.reindex(&st)
	return &st
}

func (s *store) remove(id string) {
	if old := s.accounts[id]; old != nil {
		s.unindex(old)
		delete(s.accounts, id)
		s.order = slices.DeleteFunc(s.order, func(o string) bool { return o == id })
	}
}

func (s *store) reindex(st *stored) {
	s.eachIndexed(st, func(values map[string][]string, v string) {
		values[v] = append(values[v], st.account.ID)
	})
}

func (s *store) unindex(st *stored) {
	s.eachIndexed(st, func(values map[string][]string, v string) {
		values[v] = slices.DeleteFunc(values[v], func(id string) bool { return id == st.account.ID })
		if len(values[v]) == 0 {
			delete(values, v)
		}
	})
}

func (s *store) eachIndexed(st *stored, do func(values map[string][]string, v string)) {
	for name, values := range s.index {
		if name == "" {
			if !st.account.Key.IsZero() {
				do(values, st.account.Key.String())
			}
			continue
		}
		for _, v := range s.folded(name, st.account.Attributes.Values(name)) {
			do(values, v)
		}
	}
}

// folded returns the values as they are compared.
func (s *store) folded(name string, values []string) []string {
	if spec, _ := s.caps.Attribute(name); spec.CaseFold {
		for i, v := range values {
			values[i] = target.Fold(v)
		}
		slices.Sort(values)
		values = slices.Compact(values)
	}
	return values
}

// lookup returns the native ids of the accounts with a value.
func (s *store) lookup(name, value string) []string {
	return s.index[name][s.folded(name, []string{value})[0]]
}

// visible is an account as the target shows it.
func (s *store) visible(st *stored) target.Account {
	a := st.account
	a.Entitlements = slices.Clone(a.Entitlements)
	for _, spec := range s.caps.Attributes {
		if spec.WriteOnly {
			a.Attributes = a.Attributes.Without(spec.Name)
		}
	}
	if !s.caps.Keys {
		a.Key = target.Key{}
	}
	return a
}

// ensure makes an entitlement exist and returns its native id.
func (s *store) ensure(e target.Entitlement) string {
	id, ok := s.held[e]
	if !ok {
		s.lastHeld++
		id = "e" + strconv.Itoa(s.lastHeld)
		s.held[e] = id
	}
	return id
}
