package provision

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// Errors of an Engine.
var (
	// ErrConfig says that a Config cannot be used.
	ErrConfig = errors.New("configuration")
	// ErrMasked says that a plan was made for display, by Redacted. A Desk refuses
	// it, too.
	ErrMasked = errors.New("the plan is masked for display")
	// ErrOtherPolicy says that a stored plan was made in another mode than the
	// engine's policy has now.
	ErrOtherPolicy = errors.New("the plan was made in another mode")
	// ErrOtherRules says that a stored plan was made with other rules.
	ErrOtherRules = errors.New("the plan was made with other rules")
	// ErrForecast says that a plan was made for a time that has not come yet.
	ErrForecast = errors.New("the plan is a forecast")
	// ErrUnknownTarget says that a plan, or ApplyOptions, names a target that is not
	// configured.
	ErrUnknownTarget = errors.New("unknown target")
)

// An Engine plans and applies for one tenant. It is safe for concurrent use.
type Engine struct {
	config Config
	byName map[string]target.Target

	owned map[string]target.Owned // what the rules own, by target
	masks map[string]reconcile.Masks
	// rulesFile writes the rules down once: every recorded plan has them.
	rulesFile func() rulesJSON

	mu    sync.RWMutex // guards state and what follows it, up to inFlight
	state *state
	// touched is when runs for one person last wrote to an account, for the whole
	// runs that were planned before.
	touched map[accountName]time.Time
	// catalogues are the entitlements of each target as last read, so that one
	// person does not cost a listing.
	catalogues map[string]keptCatalogue
	// protected are the accounts that the rules protected when their people were
	// last read.
	protected map[accountName]bool
	// leaving is when the rules first said of somebody that they have left.
	leaving map[string]time.Time
	// announced are changes that are about to be told to Config.OnHold.
	announced map[heldName]bool
	// protecting are the IDs of the rules that protect accounts by a condition.
	protecting map[string]bool
	inFlight   inFlight
	// naming are the names that runs under way are about to give.
	naming map[naming]target.Key
	whole  atomic.Int32 // whole runs under way, 0 or 1
	active atomic.Int32 // runs under way
	// running are the runs under way, by id.
	running map[string]bool
	turn    chan struct{} // holds one token while a whole run writes
	locks   accountLocks
	holder  string
	term    *term // under mu; the last lease that was taken
}

// New returns an engine. It does no I/O; its error wraps ErrConfig and joins
// everything that is wrong.
func New(config Config) (*Engine, error) {
	var problems []error
	problem := func(format string, args ...any) {
		problems = append(problems, fmt.Errorf("%w: "+format, append([]any{ErrConfig}, args...)...))
	}
	if config.Source == nil {
		problem("Source is not set")
	}
	if config.Rules == nil {
		problem("Rules is not set")
	}
	if len(config.Targets) == 0 {
		problem("Targets is empty")
	}
	byName := make(map[string]target.Target, len(config.Targets))
	for i, t := range config.Targets {
		if t == nil {
			problem("Targets[%d] is nil", i)
			continue
		}
		if _, twice := byName[t.Name()]; twice {
			problem("two targets are named %q", t.Name())
		}
		byName[t.Name()] = t
		if config.Journal == nil && !t.Capabilities().Keys {
			problem("target %q cannot store keys, so Journal must be set: who has which account is only written there", t.Name())
		}
		if config.Rules != nil && !slices.Contains(config.Rules.Targets(), t.Name()) {
			problem("the rules say nothing about target %q", t.Name())
		}
	}
	if config.Rules != nil {
		for _, name := range config.Rules.Targets() {
			if _, ok := byName[name]; !ok {
				problem("the rules speak of target %q, which is not in Targets", name)
			}
		}
	}
	for name := range config.Policies {
		if _, ok := byName[name]; !ok {
			problem("Policies names target %q, which is not in Targets", name)
		}
	}
	for name, r := range config.Rates {
		if _, ok := byName[name]; !ok {
			problem("Rates names target %q, which is not in Targets", name)
		}
		if r.PerSecond <= 0 {
			problem("Rates[%q].PerSecond is %v, not more than 0", name, r.PerSecond)
		}
	}
	if err := config.Masking.check(config.MaskKey, slices.Collect(maps.Keys(byName))); err != nil {
		problems = append(problems, fmt.Errorf("%w: %w", ErrConfig, err))
	}
	if len(problems) > 0 {
		slices.SortFunc(problems, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
		return nil, errors.Join(problems...)
	}
	config = config.withDefaults()
	remembered := newState()
	owned := make(map[string]target.Owned, len(config.Targets))
	masks := make(map[string]reconcile.Masks, len(config.Targets))
	for i, t := range config.Targets {
		owned[t.Name()] = config.Rules.Owned(t.Name())
		masks[t.Name()] = config.Masking.masks(config.MaskKey, t.Name())
		remembered.of(t.Name()) // so that whoever only reads later need not write
		if r, limited := config.Rates[t.Name()]; limited {
			t = target.RateLimited(t, rate.NewLimiter(rate.Limit(r.PerSecond), max(r.Burst, 1)))
			config.Targets[i], byName[t.Name()] = t, t
		}
	}
	protecting := map[string]bool{}
	for _, p := range config.Rules.Spec().Protect {
		protecting[p.ID] = !p.When.IsZero()
	}
	return &Engine{
		protecting: protecting, masks: masks,
		config: config, byName: byName, owned: owned, state: remembered, touched: map[accountName]time.Time{},
		catalogues: map[string]keptCatalogue{}, protected: map[accountName]bool{}, inFlight: inFlight{},
		leaving: map[string]time.Time{}, announced: map[heldName]bool{},
		naming: map[naming]target.Key{}, running: map[string]bool{}, turn: make(chan struct{}, 1),
		holder:    newHolder(),
		rulesFile: sync.OnceValue(func() rulesJSON { return newRulesJSON(config.Rules) }),
	}, nil
}

func (e *Engine) policy(name string) reconcile.Policy {
	if p, ok := e.config.Policies[name]; ok {
		return p
	}
	return e.config.Policy
}

// catchUp brings what the engine remembers up to the journal's end.
func (e *Engine) catchUp(ctx context.Context) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.state.catchUp(ctx, e.config.Journal); err != nil {
		return err
	}
	return e.sameMasks()
}

// readFrom is where the journal goes on, for what is about to read the source.
func (e *Engine) readFrom() uint64 {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.state.position + 1
}

// Plan reads the source and every target and computes what would be done now. It
// writes nothing anywhere. If the source cannot be read there is no plan; a
// target that cannot be read is listed in Plan.Unread and the others are
// planned.
func (e *Engine) Plan(ctx context.Context) (*Plan, error) { return e.PlanAt(ctx, e.config.Clock()) }

// PlanAt is a forecast: what would be done at another instant if nothing else
// changed. A plan for the future is for reading; Apply refuses it.
func (e *Engine) PlanAt(ctx context.Context, at time.Time) (*Plan, error) {
	if err := e.catchUp(ctx); err != nil {
		return nil, err
	}
	e.forgetTouched()
	from := e.readFrom()
	people, err := e.readSource(ctx)
	if err != nil {
		return nil, err
	}
	return e.planWhole(ctx, people, at, from)
}

// forgetTouched drops what no plan still in use can have missed.
func (e *Engine) forgetTouched() {
	e.mu.Lock()
	defer e.mu.Unlock()
	limit := e.config.Clock().Add(-window)
	maps.DeleteFunc(e.touched, func(_ accountName, when time.Time) bool { return when.Before(limit) })
}

// Sync plans and applies.
func (e *Engine) Sync(ctx context.Context) (*Report, error) {
	plan, err := e.Plan(ctx)
	if err != nil {
		return nil, err
	}
	return e.Apply(ctx, plan, nil)
}

// SyncOne plans and applies for one person: it reads that person from the
// source, and what belongs to them from every target. Somebody whom the source
// does not know is left alone, because that proves nothing; the report says so
// in a finding. Use it when an event hints that a person changed; a Sync at
// regular intervals has to stand beside it, because events get lost and only a
// whole read can show who is missing.
//
// Calls for one person wait for each other, so the last one works on what the
// source says last. Before the first complete Sync removals are held, except
// those of proven leavers.
func (e *Engine) SyncOne(ctx context.Context, identityID string) (*Report, error) {
	unlock, err := e.locks.lockUntil(ctx, "", target.Key{Identity: identityID})
	if err != nil {
		return nil, fmt.Errorf("wait for another run of %s: %w", identityID, err)
	}
	defer unlock()
	plan, err := e.PlanOne(ctx, identityID)
	if err != nil {
		return nil, err
	}
	return e.Apply(ctx, plan, nil)
}
