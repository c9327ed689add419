package main

import (
	"testing"

	"github.com/provision-go/provision/internal/bench/fifty"
	"github.com/provision-go/provision/rules"
)

// BenchmarkLoadFifty reads and builds the fifty rules of load-50.
func BenchmarkLoadFifty(b *testing.B) {
	data := fifty.File()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := rules.Build(rules.File(fifty.Name, data)); err != nil {
			b.Fatal(err)
		}
	}
}
