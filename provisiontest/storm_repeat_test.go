package provisiontest_test

import (
	"context"
	"fmt"
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

// A seed goes the same way each time, call by call, with two tenants as with one, with one
// system as with two, and however many calls are made at once.
func TestStormRepeats(t *testing.T) {
	for _, seed := range []int{1014, 1015, 1016, 1127, 1128, 1129, 1266, 1267, 1296, 2003, 62294} {
		for _, tenants := range []int{0, 100} {
			t.Run(fmt.Sprint(seed, " ", tenants), func(t *testing.T) {
				t.Setenv("PROVISION_STORM_SEED", strconv.Itoa(seed))
				once, again := &told{}, &told{}
				for _, log := range []*told{once, again} {
					provisiontest.Storm(t, provisiontest.StormConfig{Tenants: tenants, Target: log.target})
				}
				systems := 1
				if seed%4 == 3 {
					systems = 2
				}
				assert.Equal(t, systems*(1+tenants/100), once.made)
				require.Greater(t, len(once.calls), 10)
				assert.Equal(t, once.calls, again.calls)
			})
		}
	}
}
