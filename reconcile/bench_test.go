package reconcile_test

import (
	"fmt"
	"testing"

	"github.com/provision-go/provision/internal/proof"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// population makes n people with 12 attributes and 3 entitlements, and their
// accounts, of which some percent have another title. With more, accounts carry
// an attribute that no rule owns.
func population(b *testing.B, n, percent int, more bool) reconcile.Input {
	b.Helper()
	desired := make([]target.Desired, n)
	accounts := make([]target.Account, n)
	var build target.AttrBuilder
	roles := []target.Entitlement{{Kind: "group", Name: "all"}, {Kind: "group", Name: "engineering"}, {Kind: "role", Name: "editor"}}
	for i := range n {
		id := fmt.Sprintf("E%07d", i)
		build.Add("userName", id+"@acme.example")
		build.Add("displayName", "Person "+id)
		build.Add("title", "Engineer")
		build.Add("department", "Engineering")
		build.Add("manager", fmt.Sprintf("E%07d", i/8))
		for k := range 7 {
			build.Add(fmt.Sprintf("extra%d", k), "some value of a common length")
		}
		desired[i] = target.Desired{
			Key: target.Key{Identity: id}, State: target.Enabled, Phase: target.Active,
			Attributes: build.Build(), Entitlements: roles,
		}
		accounts[i] = target.Account{
			ID: id, Key: desired[i].Key, State: target.Enabled, Attributes: desired[i].Attributes, Entitlements: roles,
		}
		if more {
			accounts[i].Attributes = accounts[i].Attributes.With("locale", "en")
		}
		if i%100 < percent {
			accounts[i].Attributes = accounts[i].Attributes.With("title", "Junior")
		}
	}
	can := able()
	owned := owning()
	for k := range 7 {
		name := fmt.Sprintf("extra%d", k)
		can.Attributes = append(can.Attributes, target.AttributeSpec{Name: name})
		owned.Attributes = append(owned.Attributes, target.OwnedAttribute{Name: name})
	}
	listable := able()
	listable.Attributes[4].Ref = false
	return reconcile.Input{
		Target: "app", Capabilities: can, Owned: owned, At: day, History: reconcile.History{Runs: 1, People: n},
		Scope: reconcile.Whole(desired, proof.Complete{People: n, Read: true}, collect(b, listable, accounts, listed())),
	}
}

func BenchmarkCompute(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		for _, kind := range []struct {
			name    string
			percent int
			more    bool
		}{{"unchanged", 0, false}, {"foreign", 0, true}, {"changed", 2, true}} {
			if n > 100_000 && kind.name != "unchanged" {
				continue
			}
			b.Run(fmt.Sprintf("%s/%d", kind.name, n), func(b *testing.B) {
				in := population(b, n, kind.percent, kind.more)
				b.ReportAllocs()
				b.ResetTimer()
				for b.Loop() {
					p, err := reconcile.Compute(in)
					if err != nil || p.Unchanged != n-n/100*kind.percent {
						b.Fatal(err, p.Unchanged)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/account")
			})
		}
	}
}
