package provision

import (
	"context"
	"crypto/rand"
	"log/slog"
	"slices"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// Config says what an [Engine] works with. Source, Targets and Rules must be
// set; everything else has a default.
type Config struct {
	Source  source.Source
	Targets []target.Target
	Rules   *rules.Set

	// Policy is how plans react, on every target. Defaults to the zero Policy,
	// which is the careful one.
	Policy reconcile.Policy
	// Policies replaces Policy on the targets it names. Defaults to none.
	Policies map[string]reconcile.Policy

	// Journal remembers what was done, held, approved and owed, who is missing
	// since when, and how much was removed in 24 hours. Defaults to a
	// [MemoryJournal], which forgets when the process ends: then nobody who is
	// missing ever counts as gone, steps that a leaver is owed are lost, and every
	// process begins with a first run, which holds removals other than those of
	// proven leavers. A program that runs by schedule needs one that lasts, such as
	// a [FileJournal]. With a target that cannot store keys it must be set.
	Journal Journal

	// Concurrency is how many writes run at once on one target. Two writes never
	// run at once on one account. With 1 each change is done before the next begins, in
	// the order of the plan as far as nothing has to wait. Defaults to 4.
	Concurrency int
	// Rates limits the calls on the targets it names, reads included; see
	// [target.RateLimited]. A target that answers "too many" slows down by itself.
	// Defaults to none.
	Rates map[string]Rate
	// CallTimeout bounds one call on a target, except the listings of a whole plan. A
	// call that goes on for 10 seconds after its context has ended is given up: it
	// counts as Unconfirmed and is not repeated in this run. Defaults to 30 seconds.
	CallTimeout time.Duration
	// Retry says how a failed call is repeated. Defaults to the zero Retry, whose
	// fields say their own defaults.
	Retry Retry
	// Lease is for how long this engine has the tenant to itself while it applies. It
	// renews that while it runs and gives it back at the end; after a crash the next
	// engine waits until it is over. No call on a target may take longer than what is left
	// of it. It counts by Clock, so the clocks of a tenant's engines must agree to within a
	// tenth of it. Defaults to three times CallTimeout.
	Lease time.Duration
	// LeaseWait is how long Apply waits for another engine before it fails with
	// ErrBusy; less than 0: not at all. Defaults to a little more than Lease, so that what
	// a crash left is waited for, also if a clock was wrong.
	LeaseWait time.Duration
	// Secrets obtains the value of a secret attribute, such as an initial
	// password, at the call that writes it. Defaults to none: a create that needs
	// one then fails.
	Secrets func(ctx context.Context, req SecretRequest) (target.Secret, error)

	// KeepValues has the journal keep, of the attributes that a run overwrites, what
	// they were before and what was written, so that [Engine.Undo] can restore them.
	// They are personal data for as long as the journal is kept; values of attributes
	// that are Sensitive are never in it. With Masking, only of those in Masking.Plain.
	// Defaults to false: then Undo says which attributes it cannot restore.
	KeepValues bool

	// Record has every plan keep what it was made from, so that [Plan.Bundle] can put a
	// run into one file that can be replayed. It costs the memory of what was read, for as
	// long as the plan lives. Defaults to false.
	Record bool

	// MaskKey is the key by which explanations write a value that names or reaches
	// a person, as a short keyed hash: the same value is recognised wherever the key
	// is the same; and from which the key of Masking is derived. Use one for each tenant. Defaults to a random key of the engine.
	MaskKey []byte

	// Masking has the journal, redacted plans and reports as JSON hold keyed hashes instead
	// of values. MaskKey must be set then. Defaults to nil: values are written down as the
	// fields above say.
	Masking *Masking

	// Clock tells the time that plans are made for. Defaults to time.Now.
	// Waiting between attempts does not use it. A decision at a [Desk] counts from
	// its own time on, so the clocks of both must agree.
	Clock func() time.Time
	// Logger receives what happens, without values of attributes. Defaults to
	// silence.
	Logger *slog.Logger
	// OnProgress is called after every change that was to be run, one call at a
	// time within an Apply. It holds up the target's other changes while it runs.
	// Panics are recovered and logged. Defaults to none.
	OnProgress func(Progress)
	// OnHold is called for every change that a run newly holds, once it is durable on
	// the desk, one call at a time within an Apply: once as long as the change stays
	// on the desk, also over restarts. Somebody may be asked to decide then. A process
	// that dies just before the call never makes it, and what [Desk.Submit] put on the
	// desk is not told: [Desk.Pending] is what counts. ctx ends with the run or after
	// CallTimeout, and the run goes on then. Panics are recovered and logged. Defaults
	// to none.
	OnHold func(ctx context.Context, held Pending)
}

// Rate is how fast a target may be called: a token bucket.
type Rate struct {
	PerSecond float64 // must be more than 0
	Burst     int     // calls that may be made at once; defaults to 1
}

// SecretRequest says which secret is asked for.
type SecretRequest struct {
	Target    string
	Key       target.Key
	Attribute string
}

// Retry says how a failed call is repeated within a run: after a wait with full jitter
// between zero and a bound that doubles from Base to Max. A target's own
// Retry-After wins, up to MaxWait; a longer one parks the change until then, for a
// day at most.
//
// What has failed in a run is tried again by later runs, after 5 minutes, 30
// minutes, 2, 6 and 12 hours, then daily up to 28 days; until then plans hold it as
// reconcile.Parked. After that it is a dead letter, which waits for [Desk.Approve].
// What ends the access of a leaver is tried by every run. A target that is sick as a
// whole goes into quarantine instead: see [Quarantined].
type Retry struct {
	Attempts int           // in all; defaults to 5
	Base     time.Duration // defaults to 500 ms
	Max      time.Duration // defaults to 30 s
	MaxWait  time.Duration // longest Retry-After that is waited for; defaults to 15 min
}

// Progress is one step of an Apply.
type Progress struct {
	Target string
	Done   int // changes finished on this target, this one included
	Total  int // changes to be run on this target
	Result Result
}

func (c Config) withDefaults() Config {
	if c.Journal == nil {
		c.Journal = &MemoryJournal{}
	}
	if c.Concurrency <= 0 {
		c.Concurrency = 4
	}
	if len(c.MaskKey) == 0 {
		c.MaskKey = make([]byte, 32)
		_, _ = rand.Read(c.MaskKey) // it never fails
	}
	if c.CallTimeout <= 0 {
		c.CallTimeout = 30 * time.Second
	}
	if c.Lease <= 0 {
		c.Lease = 3 * c.CallTimeout
	}
	if c.LeaseWait == 0 {
		c.LeaseWait = c.Lease + 4*leaseLook
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	c.Targets = slices.Clone(c.Targets)
	return c
}
