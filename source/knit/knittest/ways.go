package knittest

import (
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// Twice delivers every push twice.
func Twice(pushes []Push) []Push {
	var all []Push
	for _, p := range pushes {
		all = append(all, p, p)
	}
	return all
}

// Shuffled delivers in another order, the ends of syncs included.
func Shuffled(seed uint64) Way {
	return func(pushes []Push) []Push {
		pushes = slices.Clone(pushes)
		rand.New(rand.NewPCG(seed, 0)).Shuffle(len(pushes), func(a, b int) { //nolint:gosec // an order, no secret
			pushes[a], pushes[b] = pushes[b], pushes[a]
		})
		return pushes
	}
}

// Without loses the pushes that are of one of the types, such as "record.deleted".
func Without(types ...string) Way {
	return func(pushes []Push) []Push {
		return slices.DeleteFunc(slices.Clone(pushes), func(p Push) bool { return slices.Contains(types, p.Event.Type) })
	}
}

// Cut loses all but the first n pushes.
func Cut(n int) Way {
	return func(pushes []Push) []Push { return slices.Clone(pushes[:min(n, len(pushes))]) }
}

// Lose loses the n-th push, from 0.
func Lose(n int) Way {
	return func(pushes []Push) []Push { return slices.Delete(slices.Clone(pushes), n, n+1) }
}

// Altered changes pushes; what is changed in their body is not signed anew.
func Altered(alter func(*Push)) Way {
	return func(pushes []Push) []Push {
		pushes = slices.Clone(pushes)
		for n := range pushes {
			pushes[n].Header = pushes[n].Header.Clone()
			alter(&pushes[n])
		}
		return pushes
	}
}

// Rewritten changes events before they are signed, as Knit itself could.
func (s *Server) Rewritten(alter func(*Event)) Way {
	return func(pushes []Push) []Push {
		var events []Event
		for _, p := range pushes {
			alter(&p.Event)
			events = append(events, p.Event)
		}
		return s.Pushes(events)
	}
}

// Resigned replaces text in bodies and signs them anew.
func (s *Server) Resigned(old, by string) Way {
	return Altered(func(p *Push) {
		p.Body = []byte(strings.ReplaceAll(string(p.Body), old, by))
		p.Signature = Sign(s.cfg.APIKey, p.Body)
	})
}

// Later moves the moments at which events were triggered.
func (s *Server) Later(by time.Duration) Way {
	return s.Rewritten(func(e *Event) { e.At = e.At.Add(by) })
}

// Batched delivers as lists of n events. The vendor does not document them.
func (s *Server) Batched(n int) Way {
	return func(pushes []Push) []Push {
		var all []Push
		for some := range slices.Chunk(pushes, n) {
			batch := some[0]
			var bodies []string
			for _, p := range some {
				bodies = append(bodies, string(p.Body))
			}
			batch.Body = []byte("[" + strings.Join(bodies, ",") + "]")
			batch.Signature = Sign(s.cfg.APIKey, batch.Body)
			batch.Event.Type = "batch"
			all = append(all, batch)
		}
		return all
	}
}
