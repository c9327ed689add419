package main

import "testing"

// BenchmarkDecideFifty decides the fifty rules of decide-50-rules for one person.
func BenchmarkDecideFifty(b *testing.B) {
	d, err := newDeciding(decided)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		d.ours(n % decided)
	}
}
