package targettest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/provision-go/provision/target"
)

// mutants are mistakes that connectors make.
func mutants() []mutation {
	return slices.Concat(readMutants(), createMutants(), writeMutants(), entitlementMutants())
}

func without(list iter.Seq2[target.Account, error], drop func(i int, a target.Account) bool) iter.Seq2[target.Account, error] {
	return func(yield func(target.Account, error) bool) {
		i := 0
		for a, err := range list {
			i++
			if !drop(i, a) && !yield(a, err) {
				return
			}
		}
	}
}

func readMutants() []mutation {
	return []mutation{
		{
			name: "capabilities that contradict themselves", fails: []string{"Capabilities/sound"}, says: "need Keys",
			breed: func(m *mutant) {
				m.caps = func(c target.Capabilities) target.Capabilities { c.Keys = false; return c }
			},
		},
		{
			name: "a claim that is not kept", fails: []string{"Capabilities/claims"}, says: "claims Delete, but",
			breed: func(m *mutant) {
				m.remove = target.Unsupported{}.Delete
			},
		},
		{
			name: "a capability that is not claimed", fails: []string{"Capabilities/claims"}, says: "does not claim Handover, but it works",
			breed: func(m *mutant) {
				m.caps = func(c target.Capabilities) target.Capabilities { c.Handover = false; return c }
			},
		},
		{
			name: "an impossible search that finds nothing", fails: []string{"Capabilities/claims"}, says: "Find by displayName",
			breed: func(m *mutant) {
				m.find = func(ctx context.Context, by target.Find) ([]target.Account, error) {
					found, err := m.Target.Find(ctx, by)
					if errors.Is(err, target.ErrUnsupported) {
						err = nil
					}
					return found, err
				}
			},
		},
		{
			name: "a lost page", fails: []string{"Accounts/complete"}, says: "lacks",
			breed: func(m *mutant) {
				m.accounts = func(_ context.Context, list iter.Seq2[target.Account, error]) iter.Seq2[target.Account, error] {
					return without(list, func(i int, _ target.Account) bool { return i > 2 })
				}
			},
		},
		{
			name: "attributes that nobody declared", fails: []string{"Accounts/complete"}, says: "no declared attribute",
			breed: func(m *mutant) {
				m.caps = func(c target.Capabilities) target.Capabilities { c.Attributes = c.Attributes[:1]; return c }
			},
		},
		{
			name: "a password is read back", fails: []string{"Accounts/complete"}, says: "never read back",
			breed: func(m *mutant) {
				m.caps = func(c target.Capabilities) target.Capabilities { c.Attributes[0].WriteOnly = true; return c }
			},
		},
		{
			name: "the case is folded without a claim", fails: []string{"Find/attribute"}, says: "does not claim CaseFold",
			breed: func(m *mutant) {
				m.caps = func(c target.Capabilities) target.Capabilities { c.Attributes[0].CaseFold = false; return c }
			},
		},
		{
			name: "an error that does not say unsupported", fails: []string{"Capabilities/claims"}, says: "so it has to return ErrUnsupported",
			breed: func(m *mutant) {
				m.caps = func(c target.Capabilities) target.Capabilities { c.EndSessions = false; return c }
				m.sessions = func(context.Context, target.SessionsRequest) error { return errors.New("405") }
			},
		},
		{
			name: "versions that are not claimed", fails: []string{"Capabilities/claims"}, says: "claims Versions: false",
			breed: func(m *mutant) {
				m.caps = func(c target.Capabilities) target.Capabilities { c.Versions = false; return c }
			},
		},
		{
			name: "a page twice", fails: []string{"Accounts/complete"}, says: "twice",
			breed: func(m *mutant) {
				m.accounts = func(_ context.Context, list iter.Seq2[target.Account, error]) iter.Seq2[target.Account, error] {
					return func(yield func(target.Account, error) bool) {
						for a, err := range list {
							if !yield(a, err) || !yield(a, err) {
								return
							}
						}
					}
				}
			},
		},
		{
			name: "a listing that can be read once", fails: []string{"Accounts/break"}, says: "lacks accounts",
			breed: func(m *mutant) {
				read := false
				m.accounts = func(_ context.Context, list iter.Seq2[target.Account, error]) iter.Seq2[target.Account, error] {
					if read {
						return func(func(target.Account, error) bool) {}
					}
					read = true
					return list
				}
			},
		},
		{
			name: "an error after the reader has stopped", fails: []string{"Accounts/break"}, says: "had stopped",
			breed: func(m *mutant) {
				m.accounts = func(ctx context.Context, list iter.Seq2[target.Account, error]) iter.Seq2[target.Account, error] {
					return func(yield func(target.Account, error) bool) {
						list(yield)
						if err := ctx.Err(); err != nil {
							yield(target.Account{}, err)
						}
					}
				}
			},
		},
		{
			name: "cancelling looks complete", fails: []string{"Accounts/cancel"}, says: "looks complete",
			breed: func(m *mutant) {
				m.accounts = func(ctx context.Context, list iter.Seq2[target.Account, error]) iter.Seq2[target.Account, error] {
					return without(list, func(int, target.Account) bool { return ctx.Err() != nil })
				}
			},
		},
		{
			name: "an account without a state", fails: []string{"Accounts/collect"}, says: "neither enabled nor disabled",
			breed: func(m *mutant) {
				m.accounts = func(_ context.Context, list iter.Seq2[target.Account, error]) iter.Seq2[target.Account, error] {
					return func(yield func(target.Account, error) bool) {
						for a, err := range list {
							a.State = target.Undecided
							if !yield(a, err) {
								return
							}
						}
					}
				}
			},
		},
		{
			name: "a search that ignores what it is asked", fails: []string{"Find/id", "Find/key", "Find/none"}, says: "Find",
			breed: func(m *mutant) {
				m.find = func(context.Context, target.Find) ([]target.Account, error) { return m.All(), nil }
			},
		},
		{
			name: "a search that minds the case", fails: []string{"Find/attribute"}, says: "PERSON",
			breed: func(m *mutant) {
				m.find = func(ctx context.Context, by target.Find) ([]target.Account, error) {
					found, err := m.Target.Find(ctx, by)
					return slices.DeleteFunc(found, func(a target.Account) bool {
						return by.Attribute != "" && a.Attributes.Get(by.Attribute) != by.Value
					}), err
				}
			},
		},
		{
			name: "nobody found is an error", fails: []string{"Find/none"}, says: "is no error",
			breed: func(m *mutant) {
				m.find = func(ctx context.Context, by target.Find) ([]target.Account, error) {
					found, err := m.Target.Find(ctx, by)
					if err == nil && len(found) == 0 {
						err = target.ErrNotFound
					}
					return found, err
				}
			},
		},
		{
			name: "a failing system looks empty", fails: []string{"Errors/broken"}, says: "looks complete",
			broken: func(m *mutant) {
				m.accounts = func(_ context.Context, list iter.Seq2[target.Account, error]) iter.Seq2[target.Account, error] {
					return func(func(target.Account, error) bool) {}
				}
			},
		},
		{
			name: "an error without a class", fails: []string{"Errors/broken"}, says: "without a class",
			broken: func(m *mutant) {
				m.update = func(context.Context, target.UpdateRequest) (target.Account, error) {
					return target.Account{}, errors.New("500")
				}
			},
		},
		{
			name: "a failing system has nobody", fails: []string{"Errors/broken"}, says: "no such account",
			broken: func(m *mutant) {
				m.remove = func(context.Context, target.StateRequest) error { return target.ErrNotFound }
			},
		},
	}
}

func createMutants() []mutation {
	return []mutation{
		{
			name: "the key is forgotten", fails: []string{"Create/readback"}, says: "key is",
			breed: func(m *mutant) {
				m.create = func(ctx context.Context, r target.CreateRequest) (target.Account, error) {
					r.Key = target.Key{}
					return m.Target.Create(ctx, r)
				}
			},
		},
		{
			name: "an account is taken over", fails: []string{"Create/exists"}, says: "taken over",
			breed: func(m *mutant) {
				m.create = func(ctx context.Context, r target.CreateRequest) (target.Account, error) {
					a, err := m.Target.Create(ctx, r)
					if errors.Is(err, target.ErrExists) {
						found, err := m.Target.Find(ctx, target.Find{Attribute: "userName", Value: r.Attributes.Get("userName")})
						return found[0], err
					}
					return a, err
				}
			},
		},
		{
			name: "a clash without a field", fails: []string{"Create/exists"}, says: `names the field ""`,
			breed: func(m *mutant) {
				m.create = func(ctx context.Context, r target.CreateRequest) (target.Account, error) {
					a, err := m.Target.Create(ctx, r)
					if errors.Is(err, target.ErrExists) {
						err = target.ErrExists
					}
					return a, err
				}
			},
		},
		{
			name: "a clash counts as permanent", fails: []string{"Create/exists", "Concurrency/create"}, says: "of class permanent",
			breed: func(m *mutant) {
				m.create = func(ctx context.Context, r target.CreateRequest) (target.Account, error) {
					a, err := m.Target.Create(ctx, r)
					if errors.Is(err, target.ErrExists) {
						err = target.InvalidError("userName", errors.New("taken"))
					}
					return a, err
				}
			},
		},
		{
			name: "the idempotency key is ignored", fails: []string{"Create/repeat"}, says: "already exists",
			breed: func(m *mutant) {
				m.create = func(ctx context.Context, r target.CreateRequest) (target.Account, error) {
					r.IdempotencyKey = ""
					return m.Target.Create(ctx, r)
				}
			},
		},
		{
			name: "everybody starts enabled", fails: []string{"Create/disabled"}, says: "state is enabled",
			breed: func(m *mutant) {
				m.create = func(ctx context.Context, r target.CreateRequest) (target.Account, error) {
					r.State = target.Enabled
					return m.Target.Create(ctx, r)
				}
			},
		},
		{
			name: "references are keys", fails: []string{"References/native"}, says: "want the native id",
			breed: func(m *mutant) {
				m.find = func(ctx context.Context, by target.Find) ([]target.Account, error) {
					found, err := m.Target.Find(ctx, by)
					for i := range found {
						if id := found[i].Attributes.Get("manager"); id != "" {
							boss, _ := m.Account(id)
							found[i].Attributes = found[i].Attributes.With("manager", boss.Key.String())
						}
					}
					return found, err
				}
			},
		},
	}
}

func writeMutants() []mutation {
	return []mutation{
		{
			name: "an update replaces everything", fails: []string{"Update/absolute", "Update/repeat"}, says: "",
			breed: func(m *mutant) {
				calls := 0
				m.update = func(ctx context.Context, r target.UpdateRequest) (target.Account, error) {
					calls++
					r.Clear = []string{"email"}
					if calls > 1 {
						return target.Account{}, target.ErrConflict
					}
					return m.Target.Update(ctx, r)
				}
			},
		},
		{
			name: "nothing is ever emptied", fails: []string{"Update/clear"}, says: "displayName is",
			breed: func(m *mutant) {
				m.update = func(ctx context.Context, r target.UpdateRequest) (target.Account, error) {
					r.Clear = nil
					return m.Target.Update(ctx, r)
				}
			},
		},
		{
			name: "an update overwrites a newer version", fails: []string{"Update/conflict"}, says: "want an error of class conflict",
			breed: func(m *mutant) {
				m.update = func(ctx context.Context, r target.UpdateRequest) (target.Account, error) {
					r.Version = ""
					return m.Target.Update(ctx, r)
				}
			},
		},
		{
			name: "a clash in an update is a conflict", fails: []string{"Update/exists"}, says: "of class conflict, want exists",
			breed: func(m *mutant) {
				m.update = func(ctx context.Context, r target.UpdateRequest) (target.Account, error) {
					a, err := m.Target.Update(ctx, r)
					if errors.Is(err, target.ErrExists) {
						err = target.ErrConflict
					}
					return a, err
				}
			},
		},
		{
			name:  "an update makes what it does not find",
			fails: []string{"Update/notfound"}, says: "want an error of class not-found",
			breed: func(m *mutant) {
				m.update = func(ctx context.Context, r target.UpdateRequest) (target.Account, error) {
					a, err := m.Target.Update(ctx, r)
					if errors.Is(err, target.ErrNotFound) {
						return target.Account{ID: m.Put(target.Account{ID: r.Ref.ID, State: target.Enabled})}, nil
					}
					return a, err
				}
			},
		},
		{
			name: "any attribute goes", fails: []string{"Errors/permanent"}, says: "not declared succeeded",
			breed: func(m *mutant) { m.update = dropErrors(m.Target.Update) },
		},
		{
			name: "a key is not stamped", fails: []string{"SetKey/readback"}, says: "key is",
			breed: func(m *mutant) {
				m.update = func(ctx context.Context, r target.UpdateRequest) (target.Account, error) {
					r.SetKey = target.Key{}
					return m.Target.Update(ctx, r)
				}
			},
		},
		{
			name: "disabling twice fails and takes the groups", fails: []string{"Disable/repeat"}, says: "took",
			breed: func(m *mutant) {
				m.disable = func(ctx context.Context, r target.StateRequest) (target.Account, error) {
					a, err := m.Target.Disable(ctx, r)
					a.Entitlements = nil
					if err == nil {
						m.Put(a)
					}
					return a, err
				}
			},
		},
		{
			name: "enabling an enabled account fails", fails: []string{"Enable/repeat"}, says: "already active",
			breed: func(m *mutant) {
				m.enable = func(ctx context.Context, r target.StateRequest) (target.Account, error) {
					if a, _ := m.Account(r.Ref.ID); a.State == target.Enabled {
						return a, target.Fail(target.Permanent, errors.New("already active"))
					}
					return m.Target.Enable(ctx, r)
				}
			},
		},
		{
			name: "disabling minds no version", fails: []string{"Disable/conflict"}, says: "outdated",
			breed: func(m *mutant) {
				m.disable = func(ctx context.Context, r target.StateRequest) (target.Account, error) {
					r.Version = ""
					return m.Target.Disable(ctx, r)
				}
			},
		},
		{
			name: "disabling nobody works", fails: []string{"Disable/notfound"}, says: "does not exist succeeded",
			breed: func(m *mutant) { m.disable = dropErrors(m.Target.Disable) },
		},
		{
			name: "deleting hides only", fails: []string{"Delete/gone"}, says: "still has",
			breed: func(m *mutant) {
				m.remove = func(ctx context.Context, r target.StateRequest) error {
					_, err := m.Target.Disable(ctx, r)
					return err
				}
			},
		},
		{
			name: "updates land on the wrong account", fails: []string{"Concurrency/update"}, says: "Find after Update",
			breed: func(m *mutant) {
				m.update = func(ctx context.Context, r target.UpdateRequest) (target.Account, error) {
					r.Ref.ID = m.All()[0].ID
					return m.Target.Update(ctx, r)
				}
			},
		},
		{
			name: "sessions go on", fails: []string{"EndSessions/repeat"}, says: "sessions are open",
			breed: func(m *mutant) {
				m.sessions = func(context.Context, target.SessionsRequest) error { return nil }
			},
		},
		{
			name: "a handover to nobody", fails: []string{"Handover/repeat"}, says: "has to fail",
			breed: func(m *mutant) {
				m.handovers = func(context.Context, target.HandoverRequest) error { return nil }
			},
		},
	}
}

func dropErrors[Req, Res any](call func(context.Context, Req) (Res, error)) func(context.Context, Req) (Res, error) {
	return func(ctx context.Context, r Req) (Res, error) {
		res, _ := call(ctx, r)
		return res, nil
	}
}

func entitlementMutants() []mutation {
	return []mutation{
		{
			name: "holding it already is an error", fails: []string{"Grant/repeat"}, says: "already a member",
			breed: func(m *mutant) {
				m.grant = func(ctx context.Context, r target.GrantRequest) error {
					if a, _ := m.Account(r.Ref.ID); slices.Contains(a.Entitlements, r.Entitlement) {
						return target.Fail(target.Permanent, errors.New("already a member"))
					}
					return m.Target.Grant(ctx, r)
				}
			},
		},
		{
			name: "a grant to nobody works", fails: []string{"Grant/notfound"}, says: "does not exist succeeded",
			breed: func(m *mutant) {
				m.grant = func(ctx context.Context, r target.GrantRequest) error {
					_ = m.Target.Grant(ctx, r)
					return nil
				}
			},
		},
		{
			name: "a revoke takes everything", fails: []string{"Revoke/repeat"}, says: "after Revoke of another",
			breed: func(m *mutant) {
				m.revoke = func(ctx context.Context, r target.GrantRequest) error {
					a, _ := m.Account(r.Ref.ID)
					a.Entitlements = nil
					m.Put(a)
					return nil
				}
			},
		},
		{
			name: "native ids that change", fails: []string{"Entitlements/catalogue"}, says: "is now",
			breed: func(m *mutant) {
				reads := 0
				m.held = func(_ context.Context, list iter.Seq2[target.Held, error]) iter.Seq2[target.Held, error] {
					reads++
					return func(yield func(target.Held, error) bool) {
						for h, err := range list {
							h.ID = fmt.Sprint(h.ID, reads)
							if !yield(h, err) {
								return
							}
						}
					}
				}
			},
		},
		{
			name: "a cancelled catalogue looks complete", fails: []string{"Entitlements/cancel"}, says: "looks complete",
			breed: func(m *mutant) {
				m.held = func(_ context.Context, list iter.Seq2[target.Held, error]) iter.Seq2[target.Held, error] { return list }
			},
		},
		{
			name: "a second group of one name", fails: []string{"Entitlements/ensure"}, says: "twice",
			breed: func(m *mutant) {
				n := 0
				m.ensured = func(ctx context.Context, r target.EnsureRequest) (target.Held, error) {
					n++
					h, err := m.Target.EnsureEntitlement(ctx, r)
					h.ID = fmt.Sprint("g", n)
					return h, err
				}
			},
		},
	}
}
