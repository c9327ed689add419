package provision

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// Replay computes the plan of the run again, from nothing but the bundle: no source,
// target, journal or clock. Set is the rule set; nil stands for the one in the bundle, and
// for a redacted bundle it must be nil: there the rules have spoken already. The plan is
// that of the run, byte for byte as JSON. It is never applied: Apply refuses it with
// ErrReplayed.
//
// The error wraps ErrOtherRules if the set has another hash than the run's (see
// Compare), ErrNoRules, ErrRedacted, or, together with the plan, ErrReplayDiffers: then
// this version of the module decides otherwise than the one that made the run.
func (b *Bundle) Replay(set *rules.Set) (*Plan, error) {
	if set != nil && set.Hash() != b.content.Rules.Hash {
		return nil, fmt.Errorf("replay: %w: the run had %s, and these are %s", ErrOtherRules, b.content.Rules.Hash, set.Hash())
	}
	plan, err := b.replay(set)
	if err != nil {
		return nil, fmt.Errorf("replay: %w", err)
	}
	got, err := plan.MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("replay: %w", err)
	}
	if !bytes.Equal(got, b.content.Plan) {
		return plan, fmt.Errorf("replay: %w", ErrReplayDiffers)
	}
	return plan, nil
}

// replay plans with a set; nil is that of the bundle.
func (b *Bundle) replay(set *rules.Set) (*Plan, error) {
	c := &b.content
	if c.Redacted {
		if set != nil {
			return nil, fmt.Errorf("%w: no rules can decide on it; replay it without a rule set", ErrRedacted)
		}
		return c.replayRedacted()
	}
	hash := c.Rules.Hash
	if set != nil {
		hash = set.Hash()
	} else {
		var err error
		if set, err = c.Rules.build(); err != nil {
			return nil, err
		}
	}
	people := make([]*source.Identity, len(c.People))
	byID := make(map[string]*source.Identity, len(c.People))
	var undecided []*source.Identity // whom the rules are asked about
	for i := range c.People {
		var err error
		if people[i], err = c.People[i].identity(); err != nil {
			return nil, err
		}
		byID[people[i].ID] = people[i]
		if !c.People[i].Decided {
			undecided = append(undecided, people[i])
		}
	}
	plans := make([]*reconcile.Plan, len(c.Targets))
	for i := range c.Targets {
		t := &c.Targets[i]
		if !slices.Contains(set.Targets(), t.Target) {
			return nil, fmt.Errorf("%w: the rules say nothing about %q", ErrUnknownTarget, t.Target)
		}
		in, err := t.input(t.decide(set, undecided))
		if err != nil {
			return nil, err
		}
		if in.History.Rules == c.Rules.Hash {
			in.History.Rules = hash // other rules are compared as if they had been in force before
		}
		in.Rules, in.Owned = hash, set.Owned(t.Target)
		in.Because = func(change *reconcile.Change) []string {
			if byID[change.Key.Identity] == nil {
				return nil
			}
			return append(terminationWords(t.History.Terminated, change), because(set, byID[change.Key.Identity], t.At, change)...)
		}
		in.Candidates = func(key target.Key, attribute string) []string {
			if byID[key.Identity] == nil {
				return nil
			}
			return set.Candidates(rules.Person{Identity: byID[key.Identity]}, t.At, t.Target, key.Slot, attribute)
		}
		if plans[i], err = t.plan(in); err != nil {
			return nil, err
		}
	}
	return c.join(plans)
}

// plan computes the plan of a target, or of an undo on it.
func (t *targetInput) plan(in reconcile.Input) (*reconcile.Plan, error) {
	if t.Undo != nil {
		return reconcile.Undo(in, *t.Undo)
	}
	return reconcile.Compute(in)
}

// decide asks the rules about everybody whom the bundle has. What was wanted of
// others, such as of those whom the source gave twice, is as it was.
func (t *targetInput) decide(set *rules.Set, people []*source.Identity) []target.Desired {
	asked := make(map[string]bool, len(people))
	for _, i := range people {
		asked[i.ID] = true
	}
	// An engine without targets is enough to ask rules.
	e := &Engine{config: Config{Rules: set}, owned: map[string]target.Owned{}}
	for _, name := range set.Targets() {
		e.owned[name] = set.Owned(name)
	}
	desired := e.decideAll(people, t.At)[t.Target]
	for i := range t.Desired {
		if !asked[t.Desired[i].Key.Identity] {
			desired = append(desired, t.Desired[i])
		}
	}
	return desired
}

// join puts the plans of all targets together as the engine did, with what the source
// and the targets noticed.
func (c *bundleContent) join(plans []*reconcile.Plan) (*Plan, error) {
	var recorded Plan
	if err := recorded.UnmarshalJSON(c.Plan); err != nil {
		return nil, err
	}
	plan := &Plan{Identity: c.Identity, Unread: recorded.Unread, Quarantined: recorded.Quarantined, replayed: true}
	noticed := map[string][]target.Finding{}
	for _, f := range recorded.Findings {
		name, ofTarget := strings.CutPrefix(f.Origin, "target ")
		switch {
		case ofTarget:
			noticed[name] = append(noticed[name], target.Finding{
				Target: name, Code: f.Code, Key: f.Key, Account: f.Account, Field: f.Field, Message: f.Message,
			})
		case !f.fromPlan():
			plan.Findings = append(plan.Findings, f)
		}
	}
	for _, tp := range plans {
		plan.add(tp, noticed[tp.Target])
	}
	return plan, nil
}
