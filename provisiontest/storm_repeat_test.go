package provisiontest_test

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/provisiontest"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// told writes down what all targets of a storm are told to write.
type told struct {
	mu    sync.Mutex
	made  int
	calls []string
}

func (l *told) note(call string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls = append(l.calls, call)
}

// talker is a target that writes down what it is told.
type talker struct {
	target.Target
	who string
	log *told
}

func (l *told) target(name string) target.Target {
	app := memtarget.New(name, nil)
	for _, group := range []string{"engineering", "sales", "money"} {
		app.AddEntitlements(target.Entitlement{Kind: "group", Name: group})
	}
	l.made++
	return &talker{app, name + strconv.Itoa(l.made), l}
}

func (t *talker) Create(ctx context.Context, req target.CreateRequest) (target.Account, error) {
	t.log.note(t.who + " create " + req.Key.Identity)
	return t.Target.Create(ctx, req)
}

func (t *talker) Update(ctx context.Context, req target.UpdateRequest) (target.Account, error) {
	t.log.note(t.who + " update " + req.Ref.ID)
	return t.Target.Update(ctx, req)
}

func (t *talker) Disable(ctx context.Context, req target.StateRequest) (target.Account, error) {
	t.log.note(t.who + " disable " + req.Ref.ID)
	return t.Target.Disable(ctx, req)
}

// A seed ends the same way each time, with two tenants as with one: they do the same to
// their systems, as long as one call is made at once. Two repetitions that are due at one
// instant may change places.
func TestStormRepeats(t *testing.T) {
	for _, seed := range []string{"1014", "1128", "1266", "1296"} {
		for _, tenants := range []int{0, 100} {
			t.Run(seed+" "+strconv.Itoa(tenants), func(t *testing.T) {
				t.Setenv("PROVISION_STORM_SEED", seed)
				once, again := &told{}, &told{}
				for _, log := range []*told{once, again} {
					provisiontest.Storm(t, provisiontest.StormConfig{Tenants: tenants, Target: log.target})
				}
				require.Greater(t, len(once.calls), 10)
				assert.Equal(t, 1+tenants/100, once.made)
				slices.Sort(once.calls)
				slices.Sort(again.calls)
				assert.Equal(t, once.calls, again.calls)
			})
		}
	}
}
