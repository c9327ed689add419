package reconcile_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// owned makes the unique values of a world its own.
func owned(a target.Attributes, prefix string) target.Attributes {
	for _, name := range []string{"userName", "emails"} {
		values := a.Values(name)
		for i := range values {
			values[i] = prefix + values[i]
		}
		a = a.With(name, values...)
	}
	return a
}

// large is many small worlds side by side, under the policy of the first: enough
// people for several goroutines.
func large(seed uint64, worlds int) *world {
	var all *world
	for n := range worlds {
		w := dice{rand.New(rand.NewPCG(seed+uint64(n), 7))}.world()
		for w.one {
			seed++
			w = dice{rand.New(rand.NewPCG(seed+uint64(n), 7))}.world()
		}
		prefix := fmt.Sprintf("W%04d-", n)
		own := func(k target.Key) target.Key {
			if k.Identity != "" {
				k.Identity = prefix + k.Identity
			}
			return k
		}
		for i := range w.desired {
			d := &w.desired[i]
			d.Key = own(d.Key)
			d.Attributes = owned(d.Attributes, prefix)
		}
		for i := range w.accounts {
			a := &w.accounts[i]
			a.ID, a.Key = prefix+a.ID, own(a.Key)
			a.Attributes = owned(a.Attributes, prefix)
		}
		past := map[target.Key]reconcile.Past{}
		for k, p := range w.history.Accounts {
			past[own(k)] = p
		}
		retained := map[target.Key]time.Time{}
		for k, since := range w.history.Retained {
			retained[own(k)] = since
		}
		w.history.Accounts, w.history.Retained = past, retained
		for i := range w.history.Owed {
			o := &w.history.Owed[i]
			o.Key, o.Account = own(o.Key), prefix+o.Account
		}
		if all == nil {
			all = w
			continue
		}
		all.desired = append(all.desired, w.desired...)
		all.accounts = append(all.accounts, w.accounts...)
		all.history.Owed = append(all.history.Owed, w.history.Owed...)
		maps.Copy(all.history.Accounts, past)
		maps.Copy(all.history.Retained, retained)
	}
	return all
}

// TestComputeOnAnyNumberOfProcessors: how the work is divided is nobody's
// business.
func TestComputeOnAnyNumberOfProcessors(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(before)
	w := large(1, 2000)
	in := w.input(t)
	runtime.GOMAXPROCS(1)
	alone := compute(t, in)
	require.Greater(t, len(w.accounts), 3*1024, "enough for several to divide")
	want := bytesOf(t, alone)
	for _, n := range []int{2, 5} {
		runtime.GOMAXPROCS(n)
		require.Equal(t, want, bytesOf(t, compute(t, in)), "%d processors", n)
	}
	rand.New(rand.NewPCG(1, 3)).Shuffle(len(w.desired), func(i, j int) { w.desired[i], w.desired[j] = w.desired[j], w.desired[i] })
	require.Equal(t, want, bytesOf(t, compute(t, w.input(t))), "shuffled")
}
