package provision

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

var errRedactKey = errors.New("the key is shorter than 16 bytes, so values could be guessed")

// Redact returns a bundle that can be given to somebody who must not know whom it is
// about: to find out why a plan is as it is. Every value that names or reaches a person,
// or that an account has, is replaced by a hash under the key: identities, labels, native
// ids, attributes, actors. Equal values stay equal, also those that differ in ASCII case
// only, so that unique values and references survive. Identities and native ids have
// their rank in front of the hash, because much in a plan goes by their order; apart from it,
// one key gives equal hashes in all bundles. What is left: names of targets, attributes and entitlements, states, dates,
// counts, policy and reasons. People as the source has them, rule files, what people
// wrote, and texts of errors and findings are left out; what the rules wanted of
// everybody is kept in their place.
//
// The plan in it is made from the hashes, without the words of the rules. A redacted
// bundle replays without rules; its plan is masked and cannot be applied, and Compare
// refuses it.
//
// The key must have 16 bytes at least. Who has it can check guesses.
func (b *Bundle) Redact(key []byte) (*Bundle, error) {
	if len(key) < 16 {
		return nil, fmt.Errorf("redact: %w", errRedactKey)
	}
	if b.content.Redacted {
		return b, nil
	}
	r := &redaction{key: slices.Clone(key), sealed: map[string]string{}}
	r.people.seen, r.accounts.seen = map[string]bool{}, map[string]bool{}
	if _, err := r.bundle(&b.content); err != nil {
		return nil, fmt.Errorf("redact: %w", err)
	}
	r.people.settle()
	r.accounts.settle()
	out, err := r.bundle(&b.content)
	if err != nil {
		return nil, fmt.Errorf("redact: %w", err)
	}
	return out, nil
}

// redaction is one redacting of a bundle.
type redaction struct {
	key    []byte
	sealed map[string]string // hashes of sensitive names → their values

	people, accounts ranks
}

// hashLetters is the alphabet of hashes: hardly any digits, so that case tells much.
const hashLetters = "abcdefghijklmnopqrstuvwxyz234567"

// text hashes a value. Values that are equal without ASCII case get hashes that are.
func (r *redaction) text(v string) string {
	if v == "" {
		return ""
	}
	fold := target.Fold(v)
	out := []byte("x" + base32.NewEncoding(hashLetters).WithPadding(base32.NoPadding).EncodeToString(r.sum("fold", fold)[:15]))
	if fold == v {
		return string(out)
	}
	exact := r.sum("exact", v)
	for i := 1; i < len(out); i++ {
		if exact[i]&1 == 1 && out[i] >= 'a' {
			out[i] -= 'a' - 'A'
		}
	}
	return string(out)
}

func (r *redaction) sum(what, v string) []byte {
	m := hmac.New(sha256.New, r.key)
	m.Write([]byte("provision redact 1 " + what + "\x00" + v))
	return m.Sum(nil)
}

func (r *redaction) texts(list []string) []string {
	out := make([]string, len(list))
	for i := range list {
		out[i] = r.text(list[i])
	}
	return out
}

func (r *redaction) idOf(k target.Key) target.Key {
	return target.Key{Identity: r.identity(k.Identity), Slot: k.Slot}
}

func (r *redaction) identity(id string) string { return r.people.rank(id) + r.text(id) }

func (r *redaction) account(id string) string { return r.accounts.rank(id) + r.text(id) }

// ranks keep the order of what is hashed: much in a plan goes by the order of keys. They
// are known once everything was seen.
type ranks struct {
	seen  map[string]bool
	order map[string]int // nil: still looking
}

func (k *ranks) rank(id string) string {
	if id == "" {
		return ""
	}
	if k.order == nil {
		k.seen[id] = true
		return ""
	}
	return fmt.Sprintf("%0*d", len(strconv.Itoa(len(k.order))), k.order[id])
}

func (k *ranks) settle() {
	k.order = make(map[string]int, len(k.seen))
	for i, id := range slices.Sorted(maps.Keys(k.seen)) {
		k.order[id] = i
	}
}

// values hashes the values of an attribute; references stay references.
func (r *redaction) values(ref bool, list []string) []string {
	if !ref {
		return r.texts(list)
	}
	out := make([]string, len(list))
	for i, text := range list {
		at, err := target.ParseRef(text)
		if err != nil {
			out[i] = r.text(text)
			continue
		}
		out[i] = target.Ref{ID: r.account(at.ID), Key: r.idOf(at.Key)}.Text()
	}
	return out
}

func (r *redaction) attributes(can target.Capabilities, a target.Attributes) target.Attributes {
	out := map[string][]string{}
	for name, values := range a.All() {
		spec, _ := can.Attribute(name)
		out[name] = r.values(spec.Ref, values)
	}
	return target.AttrsOf(out)
}

// bundle redacts the inputs and plans with them.
func (r *redaction) bundle(c *bundleContent) (*Bundle, error) {
	out := &Bundle{content: bundleContent{
		Module: c.Module, Redacted: true, Identity: r.identity(c.Identity),
		Rules: rulesJSON{Name: c.Rules.Name, Hash: c.Rules.Hash}, Run: c.Run, Started: c.Started, Finished: c.Finished,
	}}
	people := make(map[string]*source.Identity, len(c.People))
	for i := range c.People {
		p, err := c.People[i].identity()
		if err != nil {
			return nil, err
		}
		people[p.ID] = p
	}
	var set *rules.Set
	if built, err := c.Rules.build(); err == nil {
		set = built
	}
	for i := range c.Targets {
		out.content.Targets = append(out.content.Targets, r.target(&c.Targets[i], set, people))
	}
	var was Plan
	if err := was.UnmarshalJSON(c.Plan); err != nil {
		return nil, err
	}
	if err := r.plan(&out.content, c, &was); err != nil {
		return nil, err
	}
	if err := out.check(); err != nil {
		return nil, err
	}
	return out, nil
}

// plan makes the plan of the redacted inputs. IDs of changes are hashes of what is now
// hashed, so decisions are made to name the new ones.
func (r *redaction) plan(out, c *bundleContent, was *Plan) error {
	ids := map[string]string{}
	for i, old := range was.Targets {
		t := &out.Targets[i]
		for _, pass := range []func(*reconcile.Plan){
			func(p *reconcile.Plan) { r.match(old, p, ids); r.decide(t, &c.Targets[i], ids) },
			func(p *reconcile.Plan) { r.release(t, &c.Targets[i], old, p, ids) },
		} {
			in, err := t.input(t.Desired)
			if err != nil {
				return err
			}
			p, err := t.planRedacted(in, c.Rules.Hash)
			if err != nil {
				return err
			}
			pass(p)
		}
	}
	for i := range c.Results {
		x := c.Results[i]
		x.Change, x.Key, x.Account, x.Error = ids[x.Change], r.idOf(x.Key), r.account(x.Account), ""
		out.Results = append(out.Results, x)
	}
	noted := &Plan{Identity: out.Identity, Quarantined: was.Quarantined}
	for _, f := range was.Findings {
		if !f.fromPlan() {
			noted.Findings = append(noted.Findings, Finding{
				Origin: f.Origin, Code: f.Code, Identity: r.identity(f.Identity), Key: r.idOf(f.Key), Account: r.account(f.Account),
				Field: f.Field, Line: f.Line, Column: f.Column, Count: f.Count, Message: "(redacted)",
			})
		}
	}
	for _, u := range was.Unread {
		noted.Unread = append(noted.Unread, Unread{Target: u.Target, Err: errNotShown})
	}
	var err error
	if out.Plan, err = noted.MarshalJSON(); err != nil {
		return err
	}
	plan, err := out.replayRedacted()
	if err != nil {
		return err
	}
	out.Plan, err = plan.MarshalJSON()
	return err
}

var errNotShown = errors.New("(redacted)")

// replayRedacted plans with what the rules wanted.
func (c *bundleContent) replayRedacted() (*Plan, error) {
	plans := make([]*reconcile.Plan, len(c.Targets))
	for i := range c.Targets {
		t := &c.Targets[i]
		in, err := t.input(t.Desired)
		if err != nil {
			return nil, err
		}
		plan, err := t.planRedacted(in, c.Rules.Hash)
		if err != nil {
			return nil, err
		}
		plans[i] = plan.Redacted()
	}
	return c.join(plans)
}

func (t *targetInput) planRedacted(in reconcile.Input, hash string) (*reconcile.Plan, error) {
	in.Rules = hash
	names := map[string][]string{}
	for _, n := range t.Candidates {
		names[n.Key.String()+" "+n.Attribute] = n.Values
	}
	in.Candidates = func(key target.Key, attribute string) []string { return names[key.String()+" "+attribute] }
	return t.plan(in)
}

// match finds out which change of the plan as it was has become which.
func (r *redaction) match(was, now *reconcile.Plan, ids map[string]string) {
	byContent := map[string]string{}
	for name, f := range fatesIn(now) {
		byContent[name] = f.change.ID
	}
	for _, f := range fatesIn(was) {
		c := *f.change
		c.Key, c.Account, c.HandoverTo, c.Fields = r.idOf(c.Key), r.account(c.Account), r.idOf(c.HandoverTo), r.fields(c.Fields)
		if c.Undoes != "" {
			c.Undoes = r.text(c.Undoes)
		}
		if id, ok := byContent[contentOf(&c)]; ok {
			ids[f.change.ID] = id
		}
	}
}

func (r *redaction) fields(list []reconcile.FieldChange) []reconcile.FieldChange {
	if list == nil {
		return nil
	}
	out := slices.Clone(list)
	for i := range out {
		f := &out[i]
		f.Before, f.After = r.sorted(f.Ref, f.Before), r.sorted(f.Ref, f.After)
	}
	return out
}

// sorted hashes values that are kept as a sorted list.
func (r *redaction) sorted(ref bool, list []string) []string {
	if list == nil {
		return nil
	}
	out := r.values(ref, list)
	slices.Sort(out)
	return out
}

// decide has approvals, and what was undone, name the new changes. Those of changes that
// the plan does not have decide nothing in it.
func (r *redaction) decide(t, was *targetInput, ids map[string]string) {
	for _, a := range was.Approvals {
		id, ok := ids[a.Change]
		if !ok {
			continue
		}
		a.Change, a.Identity, a.Actor, a.Reason = id, r.identity(a.Identity), r.text(a.Actor), ""
		t.Approvals = append(t.Approvals, a)
	}
	slices.SortFunc(t.Approvals, func(a, b reconcile.Approval) int { return strings.Compare(a.Change, b.Change) })
	for change, f := range was.History.Failed {
		if id, ok := ids[change]; ok {
			if t.History.Failed == nil {
				t.History.Failed = map[string]reconcile.Failure{}
			}
			t.History.Failed[id] = f
		}
	}
	for change := range was.History.Kept {
		if id, ok := ids[change]; ok {
			if t.History.Kept == nil {
				t.History.Kept = map[string]bool{}
			}
			t.History.Kept[id] = true
		}
	}
	for change, u := range was.History.Undone {
		if id, ok := ids[change]; ok {
			if t.History.Undone == nil {
				t.History.Undone = map[string]reconcile.Undone{}
			}
			t.History.Undone[id] = reconcile.Undone{Actor: r.text(u.Actor), At: u.At}
		}
	}
}

// release has releases name the new plan.
func (r *redaction) release(t, was *targetInput, old, now *reconcile.Plan, ids map[string]string) {
	for _, x := range was.Releases {
		changes := x.Changes
		x.Changes = nil
		for _, change := range changes {
			if id, ok := ids[change]; ok {
				x.Changes = append(x.Changes, id)
			}
		}
		slices.Sort(x.Changes)
		switch x.Fingerprint {
		case "":
			if x.Changes == nil {
				continue
			}
		case old.Fingerprint:
			x.Fingerprint = now.Fingerprint
		case old.Guarded:
			x.Fingerprint = now.Guarded
		default:
			x.Fingerprint = ""
			if x.Changes == nil {
				continue
			}
		}
		x.Actor, x.Reason = r.text(x.Actor), ""
		t.Releases = append(t.Releases, x)
	}
}
