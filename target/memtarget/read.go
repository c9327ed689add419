package memtarget

import (
	"context"
	"errors"
	"iter"
	"maps"
	"slices"

	"github.com/provision-go/provision/target"
)

var errFind = errors.New("want exactly one of ID, Key and Attribute")

// Accounts yields every account in the order of creation, as they all were when
// the sequence began.
func (t *Target) Accounts(ctx context.Context) iter.Seq2[target.Account, error] {
	return func(yield func(target.Account, error) bool) {
		list(ctx, t, "Accounts", func(s *store) []target.Account {
			accounts := make([]target.Account, 0, len(s.accounts))
			for _, id := range s.order {
				a := s.visible(s.accounts[id])
				if t.cfg.MembersOnEntitlement {
					a.Entitlements = nil
				}
				accounts = append(accounts, a)
			}
			return accounts
		}, yield)
	}
}

// Entitlements yields the catalogue of the kinds that can be listed, sorted.
func (t *Target) Entitlements(ctx context.Context) iter.Seq2[target.Held, error] {
	return func(yield func(target.Held, error) bool) {
		list(ctx, t, "Entitlements", t.catalogue, yield)
	}
}

func (t *Target) catalogue(s *store) []target.Held {
	var list []target.Held
	at := map[target.Entitlement]int{}
	for _, e := range slices.SortedFunc(maps.Keys(s.held), target.Entitlement.Compare) {
		if spec, ok := t.caps.Kind(e.Kind); ok && spec.List {
			at[e] = len(list)
			list = append(list, target.Held{Entitlement: e, ID: s.held[e]})
		}
	}
	if t.cfg.MembersOnEntitlement {
		for _, id := range s.order {
			for _, e := range s.accounts[id].account.Entitlements {
				if i, ok := at[e]; ok {
					list[i].Members = append(list[i].Members, id)
				}
			}
		}
	}
	return list
}

// Find reads accounts. A native id is read through; searches by key and value
// lag when reads do, see [Target.LagReads].
func (t *Target) Find(ctx context.Context, by target.Find) ([]target.Account, error) {
	call := Call{Method: "Find", Ref: target.Ref{ID: by.ID, Key: by.Key}, Request: by}
	return run(ctx, t, call, func() ([]target.Account, error) {
		s, ids := &t.store, []string(nil)
		if by.ID == "" {
			s = t.readable()
		}
		switch {
		case by.ID != "" && by.Key.IsZero() && by.Attribute == "":
			ids = []string{by.ID}
		case by.ID == "" && !by.Key.IsZero() && by.Attribute == "":
			if !t.caps.FindKey {
				return nil, target.ErrUnsupported
			}
			ids = s.lookup("", by.Key.String())
		case by.ID == "" && by.Key.IsZero() && by.Attribute != "":
			if !slices.Contains(t.caps.Find, by.Attribute) {
				return nil, target.ErrUnsupported
			}
			ids = s.lookup(by.Attribute, by.Value)
		default:
			return nil, target.Fail(target.Permanent, errFind)
		}
		var found []target.Account
		for _, id := range ids {
			if st := s.accounts[id]; st != nil {
				found = append(found, s.visible(st))
			}
		}
		return found, nil
	})
}

// readable is what lists and searches see.
func (t *Target) readable() *store {
	if t.lagging != nil {
		return t.lagging
	}
	return &t.store
}

// list runs one listing: everything is copied at its start.
func list[T any](ctx context.Context, t *Target, method string, read func(*store) []T, yield func(T, error) bool) {
	var none T
	call := Call{Method: method}
	if t.cfg.OnCall != nil {
		t.cfg.OnCall(ctx, call)
	}
	t.mu.Lock()
	fault := t.fault(call)
	all := read(t.readable())
	t.mu.Unlock()
	end := func(err error) {
		call.Err = err
		t.mu.Lock()
		t.calls = append(t.calls, call)
		t.mu.Unlock()
	}
	if fault != nil {
		all = all[:min(fault.After, len(all))]
	}
	for _, one := range all {
		if err := ctx.Err(); err != nil {
			end(err)
			yield(none, err)
			return
		}
		if !yield(one, nil) {
			end(nil)
			return
		}
	}
	err := ctx.Err()
	if err == nil && fault != nil {
		err = fault.Err
	}
	end(err)
	if err != nil {
		yield(none, err)
	}
}
