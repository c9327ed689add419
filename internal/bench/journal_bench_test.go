package main

import "testing"

func BenchmarkJournalFile(b *testing.B) {
	r := &results{values: map[string]float64{}}
	for range b.N {
		if err := journalFile(b.Context(), r); err != nil {
			b.Fatal(err)
		}
	}
}
