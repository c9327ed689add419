package targettest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// recorder stands in for a testing.TB.
type recorder struct {
	failures []string
	skipped  string
}

func (*recorder) Helper()                  {}
func (*recorder) Context() context.Context { return context.Background() }

func (r *recorder) Errorf(format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}

func (r *recorder) Skipf(format string, args ...any) {
	r.skipped = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

// play runs one check against a recorder.
func play(c check, newHarness func() Harness) *recorder {
	rec := &recorder{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		var n atomic.Int64
		c.do(begin(rec, newHarness(), &n))
	}()
	<-done
	return rec
}

// mutant is a target with one mistake.
type mutant struct {
	*memtarget.Target
	caps      func(target.Capabilities) target.Capabilities
	accounts  func(context.Context, iter.Seq2[target.Account, error]) iter.Seq2[target.Account, error]
	held      func(context.Context, iter.Seq2[target.Held, error]) iter.Seq2[target.Held, error]
	find      func(context.Context, target.Find) ([]target.Account, error)
	create    func(context.Context, target.CreateRequest) (target.Account, error)
	update    func(context.Context, target.UpdateRequest) (target.Account, error)
	disable   func(context.Context, target.StateRequest) (target.Account, error)
	enable    func(context.Context, target.StateRequest) (target.Account, error)
	remove    func(context.Context, target.StateRequest) error
	grant     func(context.Context, target.GrantRequest) error
	revoke    func(context.Context, target.GrantRequest) error
	ensured   func(context.Context, target.EnsureRequest) (target.Held, error)
	sessions  func(context.Context, target.SessionsRequest) error
	handovers func(context.Context, target.HandoverRequest) error
}

func (m *mutant) Capabilities() target.Capabilities {
	caps := m.Target.Capabilities()
	if m.caps != nil {
		caps.Attributes = slices.Clone(caps.Attributes)
		caps.Entitlements = slices.Clone(caps.Entitlements)
		caps = m.caps(caps)
	}
	return caps
}

func (m *mutant) Accounts(ctx context.Context) iter.Seq2[target.Account, error] {
	if m.accounts != nil {
		return m.accounts(ctx, m.Target.Accounts(context.WithoutCancel(ctx)))
	}
	return m.Target.Accounts(ctx)
}

func (m *mutant) Entitlements(ctx context.Context) iter.Seq2[target.Held, error] {
	if m.held != nil {
		return m.held(ctx, m.Target.Entitlements(context.WithoutCancel(ctx)))
	}
	return m.Target.Entitlements(ctx)
}

func either[Req, Res any](
	ctx context.Context, req Req, wrong, right func(context.Context, Req) (Res, error),
) (Res, error) {
	if wrong != nil {
		return wrong(ctx, req)
	}
	return right(ctx, req)
}

func eitherErr[Req any](ctx context.Context, req Req, wrong, right func(context.Context, Req) error) error {
	if wrong != nil {
		return wrong(ctx, req)
	}
	return right(ctx, req)
}

func (m *mutant) Find(ctx context.Context, by target.Find) ([]target.Account, error) {
	return either(ctx, by, m.find, m.Target.Find)
}

func (m *mutant) Create(ctx context.Context, r target.CreateRequest) (target.Account, error) {
	return either(ctx, r, m.create, m.Target.Create)
}

func (m *mutant) Update(ctx context.Context, r target.UpdateRequest) (target.Account, error) {
	return either(ctx, r, m.update, m.Target.Update)
}

func (m *mutant) Disable(ctx context.Context, r target.StateRequest) (target.Account, error) {
	return either(ctx, r, m.disable, m.Target.Disable)
}

func (m *mutant) Enable(ctx context.Context, r target.StateRequest) (target.Account, error) {
	return either(ctx, r, m.enable, m.Target.Enable)
}

func (m *mutant) Delete(ctx context.Context, r target.StateRequest) error {
	return eitherErr(ctx, r, m.remove, m.Target.Delete)
}

func (m *mutant) Grant(ctx context.Context, r target.GrantRequest) error {
	return eitherErr(ctx, r, m.grant, m.Target.Grant)
}

func (m *mutant) Revoke(ctx context.Context, r target.GrantRequest) error {
	return eitherErr(ctx, r, m.revoke, m.Target.Revoke)
}

func (m *mutant) EnsureEntitlement(ctx context.Context, r target.EnsureRequest) (target.Held, error) {
	return either(ctx, r, m.ensured, m.Target.EnsureEntitlement)
}

func (m *mutant) EndSessions(ctx context.Context, r target.SessionsRequest) error {
	return eitherErr(ctx, r, m.sessions, m.Target.EndSessions)
}

func (m *mutant) Handover(ctx context.Context, r target.HandoverRequest) error {
	return eitherErr(ctx, r, m.handovers, m.Target.Handover)
}

func TestEveryMutantIsCaught(t *testing.T) {
	caught := map[string]bool{}
	for _, kind := range mutants() {
		t.Run(kind.name, func(t *testing.T) {
			for _, name := range kind.fails {
				i := slices.IndexFunc(checks(), func(c check) bool { return c.name == name })
				if i < 0 {
					t.Fatalf("there is no check %q", name)
				}
				caught[name] = true
				got := play(checks()[i], kind.harness)
				if len(got.failures) == 0 {
					t.Errorf("%s passes (skipped: %q)", name, got.skipped)
				}
				if !slices.ContainsFunc(got.failures, func(f string) bool { return strings.Contains(f, kind.says) }) {
					t.Errorf("%s does not say %q: %q", name, kind.says, got.failures)
				}
			}
		})
	}
	for _, c := range checks() {
		if !caught[c.name] {
			t.Errorf("no mutant shows that %s can fail", c.name)
		}
	}
}

type mutation struct {
	name  string
	fails []string // checks that have to notice
	says  string   // in at least one message
	breed func(*mutant)
	// broken breeds the target of Harness.Broken.
	broken func(*mutant)
}

func (k mutation) harness() Harness {
	m := &mutant{Target: memory(nil)}
	if k.breed != nil {
		k.breed(m)
	}
	h := harness(m.Target)
	h.Target = m
	if k.broken != nil {
		h.Broken = func() target.Target {
			b := &mutant{Target: memory(nil)}
			b.FailAlways("", target.Fail(target.Transient, errors.New("down")))
			k.broken(b)
			return b
		}
	}
	return h
}
