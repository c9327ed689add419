// Package manual lets administrators decide about people beside the system of record:
// suspend somebody at once, let somebody work whom the system has as gone, grant
// something for a while.
//
//	people, err := manual.Over(hr, manual.Config{
//		Decisions: func(ctx context.Context) ([]manual.Decision, error) { return db.Decisions(ctx) },
//	})
//
// The decisions stay where the product keeps them, such as in a table behind its admin
// page. They are read anew with each read of the source, so one that is written or
// taken away counts from the next run on; for one person at once, with
// provision.Engine.SyncOne.
//
// # Why it wraps a source
//
// As one of several merged sources it would be the most trusted one, and silent about
// nearly everybody: no departure could be proved any more. Wrapped around the source,
// or around a merged one, it changes only whom a decision concerns.
//
// # What wins
//
// A suspension wins over everything but an end: whoever has left stays gone, and
// nobody who is suspended is reactivated by another decision. A reactivation lasts
// until it expires, which becomes the last day, so that forecasts know it. It does
// not bring back who is dead or was deleted, and it does not begin an employment.
// What decisions change is a finding with the actor, the reason and what the source
// says.
package manual

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/provision-go/provision/source"
)

// Kind is what a decision does.
type Kind uint8

// The kinds of decisions. The zero value is none.
const (
	Suspend    Kind = iota + 1 // bars somebody who is employed
	Reactivate                 // lets somebody work who is suspended, on leave or gone
	Grant                      // gives something that rules know by name
)

// String returns the name of the kind.
func (k Kind) String() string {
	switch k {
	case Suspend:
		return "suspension"
	case Reactivate:
		return "reactivation"
	case Grant:
		return "grant"
	}
	return fmt.Sprintf("kind %d", uint8(k))
}

// A Decision is what somebody decided about a person. One that lacks something leaves
// its person undecided, with a finding: nobody can tell what was meant.
type Decision struct {
	Identity string // source.Identity.ID; must be set
	Kind     Kind
	// Name is what is granted, as rules call it: Grant.
	Name   string
	Actor  string // who decided; must be set
	Reason string // must be set
	// From is when it begins; the zero time is at once. Expires is when it ends; the zero
	// time is never, which a Reactivate must not have.
	From, Expires time.Time
}

// Config says where decisions come from.
type Config struct {
	// Decisions returns all that may count, in any order, also future and expired ones.
	// It is called once for each read, and may be called by several goroutines at once.
	// Its error is the error of the read: without the decisions a suspended person would
	// be back. It is required.
	Decisions func(ctx context.Context) ([]Decision, error)
	// Granted is the name in Identity.Custom under which the names of what is granted
	// are. Everybody has the field, empty if nothing is granted to them. Defaults to
	// "granted".
	Granted string
	// Clock says which decisions count. Defaults to [time.Now].
	Clock func() time.Time
}

// Over returns a source whose people are those of another one, as far as no decision
// says otherwise. If s is a [source.DeltaSource], so is the result; a decision is no
// change of that feed.
func Over(s source.Source, cfg Config) (source.Source, error) {
	switch {
	case s == nil:
		return nil, errors.New("manual: no source")
	case cfg.Decisions == nil:
		return nil, errors.New("manual: no Decisions")
	}
	if cfg.Granted == "" {
		cfg.Granted = "granted"
	}
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	o := &over{inner: s, cfg: cfg}
	if feed, ok := s.(source.DeltaSource); ok {
		return &overDelta{over: o, feed: feed}, nil
	}
	return o, nil
}

type over struct {
	inner source.Source
	cfg   Config
}

// Name is that of the source.
func (o *over) Name() string { return o.inner.Name() }

// Within returns the source that decisions are about.
func (o *over) Within(id string) (source.Source, string) { return o.inner, id }

// load reads the decisions that count now.
func (o *over) load(ctx context.Context) (*desk, error) {
	all, err := o.cfg.Decisions(ctx)
	if err != nil {
		return nil, fmt.Errorf("decisions about people of %s: %w", o.Name(), err)
	}
	d := &desk{source: o.Name(), granted: o.cfg.Granted, now: o.cfg.Clock(), by: map[string][]Decision{}, met: map[string]bool{}}
	for n, one := range all {
		if strings.TrimSpace(one.Identity) == "" {
			return nil, fmt.Errorf("decisions about people of %s: number %d (%s by %q) is about nobody", o.Name(), n+1, one.Kind, one.Actor)
		}
		if !one.From.After(d.now) && (one.Expires.IsZero() || one.Expires.After(d.now)) {
			d.by[one.Identity] = append(d.by[one.Identity], one)
		}
	}
	return d, nil
}

// Identities yields everybody of the source. Decisions about people whom it does not
// list are findings.
func (o *over) Identities(ctx context.Context) iter.Seq2[source.Identity, error] {
	return func(yield func(source.Identity, error) bool) {
		d, err := o.load(ctx)
		if err != nil {
			yield(source.Identity{}, err)
			return
		}
		// One is held back: the last one bears what concerns nobody.
		var last *source.Identity
		for i, err := range source.Map(o.inner, d.apply).Identities(ctx) {
			if err != nil {
				yield(source.Identity{}, err)
				return
			}
			if last != nil && !yield(*last, nil) {
				return
			}
			last = &i
		}
		if last != nil {
			last.Findings = append(slices.Clip(last.Findings), d.unmet()...)
			yield(*last, nil)
		}
	}
}

// Identity reads one person.
func (o *over) Identity(ctx context.Context, id string) (source.Identity, error) {
	d, err := o.load(ctx)
	if err != nil {
		return source.Identity{}, err
	}
	return source.Map(o.inner, d.apply).Identity(ctx, id)
}

type overDelta struct {
	*over
	feed source.DeltaSource
}

// Changes passes the changes of the source through the decisions.
func (o *overDelta) Changes(ctx context.Context, since source.Cursor) iter.Seq2[source.Delta, error] {
	return func(yield func(source.Delta, error) bool) {
		d, err := o.load(ctx)
		if err != nil {
			yield(source.Delta{}, err)
			return
		}
		feed, ok := source.Map(o.feed, d.apply).(source.DeltaSource)
		if !ok {
			yield(source.Delta{}, errors.New("manual: the source lost its changes"))
			return
		}
		for delta, err := range feed.Changes(ctx, since) {
			if !yield(delta, err) || err != nil {
				return
			}
		}
	}
}
