package mapping_test

import (
	"testing"

	"github.com/provision-go/provision/rules/internal/mapping"
)

// Everything here runs once per attribute for each person of a large company.
func benchmark(b *testing.B, apply func() string) {
	b.Helper()
	b.ReportAllocs()
	for b.Loop() {
		if apply() == "" {
			b.Fatal("missing")
		}
	}
}

func BenchmarkASCII(b *testing.B) {
	b.Run("plain", func(b *testing.B) { benchmark(b, func() string { return mapping.ASCII("Anne-Marie Smith") }) })
	b.Run("accents", func(b *testing.B) { benchmark(b, func() string { return mapping.ASCII("Łukasz Søren Straße") }) })
}

func BenchmarkSlug(b *testing.B) {
	b.Run("plain", func(b *testing.B) { benchmark(b, func() string { return mapping.Slug("Anne-Marie Smith") }) })
	b.Run("accents", func(b *testing.B) { benchmark(b, func() string { return mapping.Slug("Łukasz Søren Straße") }) })
}

func BenchmarkTitle(b *testing.B) {
	benchmark(b, func() string { return mapping.Title("ANNE-MARIE O'NEIL") })
}

func BenchmarkE164(b *testing.B) {
	b.Run("national", func(b *testing.B) { benchmark(b, func() string { return mapping.E164("030 123456", "DE") }) })
	b.Run("international", func(b *testing.B) { benchmark(b, func() string { return mapping.E164("+49 (0)30 123456", "DE") }) })
}

func BenchmarkCountry(b *testing.B) {
	b.Run("3", func(b *testing.B) { benchmark(b, func() string { return mapping.Country3("US") }) })
	b.Run("2", func(b *testing.B) { benchmark(b, func() string { return mapping.Country2("USA") }) })
}

func BenchmarkFormatDate(b *testing.B) {
	benchmark(b, func() string { return mapping.FormatDate(2026, 3, 5, "DD.MM.YYYY") })
}
