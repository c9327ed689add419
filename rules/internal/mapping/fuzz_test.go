package mapping_test

import "testing"

func FuzzMapping(f *testing.F) {
	f.Add("Łukasz Søren Straße Đorđe Ægir ılık", "-", 2, 3)
	f.Add("o'brien-smith, DELL’ACQUA", ", ", 1, -1)
	f.Add("Ana@ACME.example", "@", 0, 64)
	f.Add("+49 (0)30/123456", "IT", 4, 10)
	f.Add("0049 30 123456", "DE", 4, 10)
	f.Add("YYYY-MM-D", "0", 2026, 2)
	f.Add("e\u0301\xff", "\xff", -1, 300)
	f.Add("DE", "", 7, 7)
	f.Fuzz(func(t *testing.T, a, b string, m, n int) {
		if broken := laws(a, b, m, n); broken != "" {
			t.Fatal(broken)
		}
	})
}
