package provisiontest_test

// plantedAmongTenants are bugs that mix up tenants. Engines share nothing, so a bug has to
// make them share something first; the store of the storm has one table for all.
func plantedAmongTenants() []planted {
	return []planted{
		{
			name: "tenant-ignored-in-the-journal", file: "provisiontest/storm_store.go",
			old: "if row.tenant == tenant && !yield(", new: "if !yield(",
			tests: "TestStormOfTenants", in: "./provisiontest",
		},
		{
			name: "one-lease-for-all-tenants", file: "provisiontest/storm_store.go",
			old: "leased := tenant", new: "leased := tenant[:0]",
			tests: "TestStormOfTenants", in: "./provisiontest",
		},
		{
			name: "limits-count-all-tenants", file: "engine.go",
			old: "remembered.of(t.Name()) // so", new: "remembered.of(t.Name()).recent = recentOfAll // so",
			add:   "\nvar recentOfAll = map[reconcile.Action]*recentKeys{}\n",
			tests: "TestStormOfTenants", in: "./provisiontest",
		},
		{
			name: "one-tenant-writes-at-a-time", file: "engine.go",
			old: "turn: make(chan struct{}, 1),", new: "turn: turnOfAll(),",
			add:   "\nvar turnOfAll = sync.OnceValue(func() chan struct{} { return make(chan struct{}, 1) })\n",
			tests: "TestATenantWithAHundredTimesTheVolume", in: ".",
		},
	}
}
