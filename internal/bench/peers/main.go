// Command peers measures what others use for a comparison like ours, and prints
// the ratio of its time to ours. It is a module of its own outside go.work: what
// it links is large, and neither users nor contributors should have to fetch it
// for anything else.
//
// external-dns compares DNS records that should exist with those that do. A
// person is a TXT record here: entitlements are its targets, state and attributes
// its provider-specific properties. What external-dns leaves out (reasons, holds,
// guards, entitlements as changes of their own) is in our time.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"sigs.k8s.io/external-dns/endpoint"
	"sigs.k8s.io/external-dns/plan"

	"github.com/provision-go/provision/internal/bench/measure"
	"github.com/provision-go/provision/internal/bench/people"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

// run measures both on the same people, in turns. What counts is CPU time.
func run(ctx context.Context) error {
	c := people.Company{Size: 100_000, Seed: 1}
	found := c.Found()
	in, err := c.Sides(ctx)
	if err != nil {
		return err
	}
	want, have := c.Entries(c.Sorted(), c.Sorted())
	desired, current := records(want), records(have)
	times, err := measure.Rounds(5,
		measure.Side{Name: "compute", Run: func() error { return found.Compute(in) }},
		measure.Side{Name: "external-dns", Run: func() error {
			p := plan.Plan{Current: current, Desired: desired, ManagedRecords: []string{endpoint.RecordTypeTXT}}
			return check(found, p.Calculate().Changes)
		}},
	)
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "compute %v, external-dns %v CPU for %d people\n", times[0].CPU, times[1].CPU, c.Size)
	_, err = fmt.Println(float64(times[1].CPU) / float64(times[0].CPU))
	return err
}

func records(list []people.Entry) []*endpoint.Endpoint {
	out := make([]*endpoint.Endpoint, len(list))
	for i := range list {
		e := &list[i]
		r := endpoint.NewEndpoint(e.Key+".people.example", endpoint.RecordTypeTXT, e.Entitlements...)
		r.ProviderSpecific = append(r.ProviderSpecific, endpoint.ProviderSpecificProperty{Name: "state", Value: e.State})
		for k, name := range e.Names {
			r.ProviderSpecific = append(r.ProviderSpecific, endpoint.ProviderSpecificProperty{Name: name, Value: e.Values[k]})
		}
		out[i] = r
	}
	return out
}

var errWrong = errors.New("external-dns found something else")

func check(found *people.Found, c *plan.Changes) error {
	if len(c.Create) != found.Joiners || len(c.UpdateNew) != found.Leavers+found.Movers || len(c.Delete) != 0 {
		return fmt.Errorf("%w: %d creates, %d updates, %d deletes for %+v", errWrong, len(c.Create), len(c.UpdateNew), len(c.Delete), *found)
	}
	return nil
}
