package provision

import (
	"context"
	"fmt"
	"testing"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// idle is a target that does nothing, so that what is measured is ours.
func idle() *fake { return &fake{caps: memtarget.Everything()} }

func BenchmarkExecution(b *testing.B) {
	for _, c := range []struct {
		name string
		make func(n int) []reconcile.Change
	}{
		{"creates", func(n int) []reconcile.Change {
			changes := make([]reconcile.Change, n)
			for i := range changes {
				changes[i] = creating(fmt.Sprint("E", i))
			}
			return changes
		}},
		{"creates-and-grants", func(n int) []reconcile.Change {
			changes := make([]reconcile.Change, 0, n)
			for i := range n / 2 {
				changes = append(changes, creating(fmt.Sprint("E", i)))
			}
			for i := range n / 2 {
				g := granting(fmt.Sprint("E", i), "g", need(changes[i].ID))
				g.EntitlementID = "g1"
				changes = append(changes, g)
			}
			return changes
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			changes := c.make(b.N + 2)
			x := &execution{
				target: idle(), config: Config{}.withDefaults(), changes: changes, fresh: true,
				record: func(context.Context, ...Entry) error { return nil },
				spent:  func(string) bool { return false },
				known:  func(target.Key) (string, bool) { return "", false },
			}
			b.ReportAllocs()
			b.ResetTimer()
			for _, r := range x.do(b.Context()) {
				if r.Outcome != Done {
					b.Fatalf("%s: %v: %v", r.Change.ID, r.Outcome, r.Err)
				}
			}
		})
	}
}
