package provision

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"runtime/debug"
	"slices"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// Errors of bundles.
var (
	// ErrNotRecorded says that a plan did not keep what it was made from: Config.Record
	// was not set, or the plan was stored and read, or redacted.
	ErrNotRecorded = errors.New("the plan did not keep what it was made from; set Config.Record, and bundle the plan that Engine.Plan returned")
	// ErrReplayed says that a plan comes out of a bundle. It is for reading; what is to
	// be applied has to be planned anew.
	ErrReplayed = errors.New("the plan was replayed from a bundle")
	// ErrNoRules says that a bundle holds no rules that can be built: they have parts that
	// no file can hold, such as functions. Give the rule set itself.
	ErrNoRules = errors.New("the bundle holds no rules that can be built; give the rule set")
	// ErrRedacted says that a bundle was redacted, so that rules have nothing to decide
	// on.
	ErrRedacted = errors.New("the bundle is redacted")
	// ErrReplayDiffers says that a replay gave another plan than the recorded one.
	ErrReplayDiffers = errors.New("the replay gives another plan than the one that was recorded")
)

// A Bundle is one run in one file: what it read, remembered and was told (people,
// accounts, history, approvals, policy, capabilities), its rules, its plan, and what
// became of it. It shows months later why the run did what it did, without the systems
// that it read: see [Bundle.Replay]. It holds personal data, sensitive attributes
// included, unless it is redacted; secrets are never in it. [Plan.Bundle] and
// [ReadBundle] make one. It is immutable and safe for concurrent use.
type Bundle struct{ content bundleContent }

// Bundle puts the plan, what it was made from, and what became of it into a bundle. The
// report may be nil: nothing was applied. The error wraps ErrNotRecorded, or says what
// cannot be written down, such as a limit that is no number.
func (p *Plan) Bundle(report *Report) (*Bundle, error) {
	if !p.recorded {
		return nil, fmt.Errorf("bundle: %w", ErrNotRecorded)
	}
	plan, err := p.MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("bundle: %w", err)
	}
	c := bundleContent{Module: moduleVersion(), Plan: plan, Identity: p.Identity}
	for _, i := range p.people {
		person := newIdentityJSON(i.Identity)
		person.Decided = i.decided
		c.People = append(c.People, person)
	}
	for _, tp := range p.Targets {
		in, what := tp.Input()
		if in == nil {
			return nil, fmt.Errorf("bundle: %s: %w", tp.Target, ErrNotRecorded)
		}
		c.Targets = append(c.Targets, newTargetInput(in, what))
	}
	if report != nil {
		c.report(report)
	}
	c.Rules = p.rules
	b := &Bundle{content: c}
	if err := b.check(); err != nil {
		return nil, err
	}
	return b, nil
}

// check finds out what JSON cannot hold before anybody relies on it.
func (b *Bundle) check() error {
	if _, err := b.bytes(); err != nil {
		return fmt.Errorf("bundle: %w", err)
	}
	return nil
}

// RulesHash returns the hash of the rules of the run.
func (b *Bundle) RulesHash() string { return b.content.Rules.Hash }

// RulesFile returns the rules as a rule file; nil if they have parts that no file can
// hold, or if the bundle is redacted. The slice is the caller's.
func (b *Bundle) RulesFile() []byte { return []byte(b.content.Rules.File) }

// Module returns the version of this module that made the bundle; "" if the program
// does not know it.
func (b *Bundle) Module() string { return b.content.Module }

// Redacted reports whether the bundle was made by Redact.
func (b *Bundle) Redacted() bool { return b.content.Redacted }

// Run returns the id of the run; "" if nothing was applied.
func (b *Bundle) Run() string { return b.content.Run }

// Started and Finished are those of the run; zero if nothing was applied.
func (b *Bundle) Started() time.Time { return b.content.Started }

// Finished is when the run ended.
func (b *Bundle) Finished() time.Time { return b.content.Finished }

// Results returns what became of the changes, in the order of the report. Read only.
func (b *Bundle) Results() []BundledResult { return b.content.Results }

// Plan returns the plan of the run, as it was stored. It cannot be applied: Apply
// refuses it with ErrReplayed.
func (b *Bundle) Plan() (*Plan, error) {
	p := &Plan{}
	if err := p.UnmarshalJSON(b.content.Plan); err != nil {
		return nil, err
	}
	p.replayed = true
	return p, nil
}

// A BundledResult is what became of one change of a plan.
type BundledResult struct {
	Target      string             `json:"target"`
	Change      string             `json:"change"` // its ID
	Action      reconcile.Action   `json:"action"`
	Key         target.Key         `json:"key,omitzero"`
	Account     string             `json:"account,omitempty"` // native id
	Entitlement target.Entitlement `json:"entitlement,omitzero"`
	Outcome     Outcome            `json:"outcome"`
	Attempts    int                `json:"attempts,omitempty"`
	Class       target.Class       `json:"class,omitzero"`
	Error       string             `json:"error,omitempty"`
	LeftOut     []string           `json:"leftOut,omitempty"`
	Verified    Verified           `json:"verified,omitzero"`
	Started     time.Time          `json:"started,omitzero"`
	Took        time.Duration      `json:"took,omitempty"` // nanoseconds
}

func (c *bundleContent) report(r *Report) {
	c.Run, c.Started, c.Finished = r.Run, r.Started, r.Finished
	c.Results = make([]BundledResult, 0, len(r.Results))
	for i := range r.Results {
		x := &r.Results[i]
		out := BundledResult{
			Target: x.Target, Change: x.Change.ID, Action: x.Change.Action, Key: x.Change.Key, Account: x.Account,
			Entitlement: x.Change.Entitlement, Outcome: x.Outcome, Attempts: x.Attempts, Error: errorText(x),
			LeftOut: x.LeftOut, Verified: x.Verified, Started: x.Started, Took: x.Took,
		}
		if x.Outcome == Failed || x.Outcome == Unconfirmed {
			out.Class = x.Class
		}
		c.Results = append(c.Results, out)
	}
}

// modulePath is how this module is named in a build.
const modulePath = "github.com/provision-go/provision"

// moduleVersion is the version of this module in the program that runs.
func moduleVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	if info.Main.Path == modulePath {
		return info.Main.Version
	}
	at := slices.IndexFunc(info.Deps, func(m *debug.Module) bool { return m.Path == modulePath })
	if at < 0 {
		return ""
	}
	return info.Deps[at].Version
}

// record has a plan keep what it is made from. What is wanted of people of whom nothing
// but a decision of somebody is known rests on more than the rules.
func (e *Engine) record(plan *Plan, people []*source.Identity, decided func(id string) bool) {
	if !e.config.Record {
		return
	}
	plan.recorded, plan.rules = true, e.rulesFile()
	for _, i := range people {
		plan.people = append(plan.people, recordedPerson{i, decided(i.ID)})
	}
}

// recordedPerson is somebody for whom a plan was made.
type recordedPerson struct {
	*source.Identity
	decided bool // what is wanted of them is kept, not decided again
}

// ownHistory is a history with maps of its own: what a plan keeps must not change any more.
// The caller holds e.mu.
func ownHistory(h reconcile.History) reconcile.History {
	v := reflect.ValueOf(&h).Elem()
	for _, f := range v.Fields() {
		if f.Kind() == reflect.Map && !f.IsNil() {
			own := reflect.MakeMapWithSize(f.Type(), f.Len())
			for entries := f.MapRange(); entries.Next(); {
				own.SetMapIndex(entries.Key(), entries.Value())
			}
			f.Set(own)
		}
	}
	return h
}

// newRulesJSON writes rules down: as a file if that builds the same rules again.
func newRulesJSON(set *rules.Set) rulesJSON {
	out := rulesJSON{Name: set.Name(), Hash: set.Hash()}
	spec := set.Spec()
	text, err := spec.Format()
	if err != nil {
		return out
	}
	file := rulesJSON{Name: out.Name, Hash: out.Hash, File: string(text)}
	for name, zone := range spec.Zones {
		file.Zones = append(file.Zones, zoneJSON{Name: name, Zone: zone.String()})
	}
	slices.SortFunc(file.Zones, func(a, b zoneJSON) int { return cmp.Compare(a.Name, b.Name) })
	if spec.Tenant != nil {
		file.Tenant = spec.Tenant.String()
	}
	if again, err := file.build(); err != nil || again.Hash() != set.Hash() {
		return out
	}
	return file
}

// build makes the rules again. Their hash may be another one than it was: what goes into it
// may change with the version of the module.
func (r *rulesJSON) build() (*rules.Set, error) {
	if r.File == "" {
		return nil, ErrNoRules
	}
	spec := rules.File("bundle:"+r.Name, []byte(r.File))
	for _, z := range r.Zones {
		zone, err := time.LoadLocation(z.Zone)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrNoRules, err)
		}
		if spec.Zones == nil {
			spec.Zones = map[string]*time.Location{}
		}
		spec.Zones[z.Name] = zone
	}
	if r.Tenant != "" {
		zone, err := time.LoadLocation(r.Tenant)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrNoRules, err)
		}
		spec.Tenant = zone
	}
	set, err := rules.Build(spec)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoRules, err)
	}
	return set, nil
}
