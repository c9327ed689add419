package provision

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// CodeNotInSource is the code of the finding that SyncOne reports for somebody
// whom the source does not know.
const CodeNotInSource = "not-in-source"

var errNoIdentity = errors.New("the identity is empty")

// PlanOne computes what would be done for one person now, reading that person
// and what belongs to them, and writes nothing. See [Engine.SyncOne].
func (e *Engine) PlanOne(ctx context.Context, identityID string) (*Plan, error) {
	if identityID == "" {
		return nil, fmt.Errorf("plan for one person: %w", errNoIdentity)
	}
	if err := e.catchUp(ctx); err != nil {
		return nil, err
	}
	plan := &Plan{fresh: true, Identity: identityID}
	e.record(plan, nil, nil)
	from := e.readFrom()
	identity, err := source.Read(ctx, e.config.Source, identityID)
	if t, ended := e.termination(identityID); ended && err != nil && ctx.Err() == nil {
		plan.Findings = append(plan.Findings, e.unreadFinding(identityID, err))
		identity, err = terminatedAs(source.Identity{ID: identityID}, t), nil
	}
	if errors.Is(err, source.ErrNotFound) {
		plan.Findings = append(plan.Findings, Finding{
			Origin: fromSource + e.config.Source.Name(), Code: CodeNotInSource, Identity: identityID,
			Message: "the source does not know this person now; that alone changes nothing",
		})
		return plan, nil
	}
	if err != nil {
		return nil, err
	}
	plan.Findings = append(plan.Findings, sourceFindings(identity.Findings)...)
	identity = e.asDecided(identity)
	e.record(plan, []*source.Identity{&identity}, func(string) bool { return e.onlyTerminated(&identity) })
	at := e.config.Clock()
	seen, err := e.lookAt(ctx, &identity, at, from)
	if err != nil {
		return nil, err
	}
	for i, t := range e.config.Targets {
		if seen[i].err != nil {
			plan.Unread = append(plan.Unread, Unread{
				Target: t.Name(), Err: seen[i].err, heard: e.heardOfMissing(t.Name(), at, func(id string) bool { return id == identityID }),
			})
			continue
		}
		plan.add(seen[i].plan, nil)
	}
	plan.Quarantined = e.quarantined()
	return plan, nil
}

// view is one target seen from one person.
type view struct {
	desired  []target.Desired
	accounts []target.Account
	held     []target.Held       // the catalogue, nil if nobody had to know
	refers   map[target.Key]bool // references that were looked up
	taken    map[reconcile.Name]bool
	plan     *reconcile.Plan
	err      error
}

// lookAt reads every target for one person and plans each.
func (e *Engine) lookAt(ctx context.Context, identity *source.Identity, at time.Time, from uint64) ([]view, error) {
	decision := e.config.Rules.Decide(rules.Person{Identity: identity}, at)
	views := make([]view, len(e.config.Targets))
	var all errgroup.Group
	for i, t := range e.config.Targets {
		all.Go(func() error {
			v := &views[i]
			v.desired = decision.For(t.Name())
			e.protectedAsRead(t.Name(), v.desired, func(string) bool { return e.onlyTerminated(identity) })
			defer func() {
				if reason := recover(); reason != nil {
					v.err = fmt.Errorf("read %s: %w", t.Name(), &panicError{reason: reason})
				}
			}()
			if v.accounts, v.err = e.findFor(ctx, t, v.desired); v.err == nil {
				v.held, v.err = e.catalogueFor(ctx, t, v.desired, v.accounts)
			}
			if v.err == nil {
				v.refers, v.err = e.referencesFor(ctx, t, v.desired, v.accounts)
			}
			if v.err == nil {
				v.taken, v.err = e.namesFor(ctx, t, identity, v.desired, v.accounts, at)
			}
			return nil
		})
	}
	_ = all.Wait() // the errors are in views
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for i, t := range e.config.Targets {
		v := &views[i]
		if v.err != nil {
			continue
		}
		var err error
		e.noteProtected(t.Name(), v.desired, at, false)
		e.noteLeaving(v.desired, at)
		v.plan, err = e.compute(t, reconcile.One(v.desired, v.accounts, v.held, v.refers), v.desired, v.taken, at, from, func(id string) *source.Identity {
			if id != identity.ID {
				return nil
			}
			return identity
		}, nil)
		if err != nil {
			return nil, err
		}
	}
	return views, nil
}

// findFor reads the accounts of one person: those with their keys, and where
// there is none, those that could be adopted.
func (e *Engine) findFor(ctx context.Context, t target.Target, desired []target.Desired) ([]target.Account, error) {
	var found []target.Account
	for i := range desired {
		d := &desired[i]
		accounts, err := e.findKey(ctx, t, d.Key)
		if err != nil {
			return nil, err
		}
		if len(accounts) == 0 && (d.State == target.Enabled || d.State == target.Disabled) {
			accounts, err = e.findAdoptable(ctx, t, d)
			if err != nil {
				return nil, err
			}
		}
		found = append(found, accounts...)
	}
	return e.translate(ctx, t, found, desired)
}

// findKey finds the accounts with a key, by the cheapest way that the target
// has.
func (e *Engine) findKey(ctx context.Context, t target.Target, key target.Key) ([]target.Account, error) {
	caps := t.Capabilities()
	if caps.Keys && caps.FindKey {
		return e.find(ctx, t, target.Find{Key: key})
	}
	if id, ok := e.knownID(t.Name(), key); ok {
		accounts, err := e.find(ctx, t, target.Find{ID: id})
		for i := range accounts {
			if !caps.Keys {
				accounts[i].Key = key
			}
		}
		return accounts, err
	}
	if !caps.Keys {
		return nil, nil // no key on the target, none in the journal: not managed
	}
	var accounts []target.Account
	for a, err := range t.Accounts(ctx) {
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", t.Name(), err)
		}
		if a.Key == key {
			accounts = append(accounts, a)
		}
	}
	return accounts, nil
}

// findAdoptable finds accounts without a key that Policy.Adopt would recognise.
func (e *Engine) findAdoptable(ctx context.Context, t target.Target, d *target.Desired) ([]target.Account, error) {
	for _, attribute := range e.policy(t.Name()).Adopt {
		value := d.Attributes.Get(attribute)
		if value == "" {
			continue
		}
		accounts, err := e.find(ctx, t, target.Find{Attribute: attribute, Value: value})
		if err != nil || len(accounts) > 0 {
			return accounts, err
		}
	}
	return nil, nil
}

func (e *Engine) find(ctx context.Context, t target.Target, by target.Find) ([]target.Account, error) {
	accounts, err := bounded(ctx, e.config.CallTimeout, func(ctx context.Context) ([]target.Account, error) { return t.Find(ctx, by) })
	if errors.Is(err, target.ErrNotFound) {
		return nil, nil // none is not an error, however it is said
	}
	if err != nil {
		return nil, fmt.Errorf("find in %s: %w", t.Name(), err)
	}
	if by.ID == "" {
		return accounts, nil
	}
	// An answer about somebody else is no answer.
	return slices.DeleteFunc(slices.Clone(accounts), func(a target.Account) bool { return a.ID != by.ID }), nil
}

// knownID returns the native id that the journal remembers for a key.
func (e *Engine) knownID(name string, key target.Key) (string, bool) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	id, ok := e.state.of(name).ids[key]
	return id, ok
}
