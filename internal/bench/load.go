package main

import (
	"context"

	"go.yaml.in/yaml/v4"

	"github.com/provision-go/provision/internal/bench/fifty"
	"github.com/provision-go/provision/internal/bench/measure"
	"github.com/provision-go/provision/rules"
)

// loadFifty measures how long it takes from the bytes of a file with fifty rules
// to a set that decides: read, check every key, parse and check every condition,
// compile, hash. The limit parses the same bytes as YAML into a tree of nodes, and
// knows nothing about rules. What counts is CPU time.
func loadFifty(_ context.Context, r *results) error {
	const times = 50
	data := fifty.File()
	often := func(name string, load func() error) measure.Side {
		return measure.Side{Name: name, Run: func() error {
			for range times {
				if err := load(); err != nil {
					return err
				}
			}
			return nil
		}}
	}
	sides := []measure.Side{
		often("load", func() error {
			_, err := rules.Build(rules.File(fifty.Name, data))
			return err
		}),
		often("yaml", func() error {
			var root yaml.Node
			return yaml.Unmarshal(data, &root)
		}),
	}
	took, err := measure.Rounds(steady, sides...)
	if err != nil {
		return err
	}
	r.each(took, times, sides)
	r.note("%d bytes", len(data))
	r.set("load-50", ratio(took[0].CPU, took[1].CPU))
	return nil
}
