package provisiontest_test

// plantedInWaiting are bugs in what waits for a person, and in what ends that.
func plantedInWaiting() []planted {
	return []planted{
		{
			name: "run-for-everybody-ignored", file: "journal_state_one.go",
			old: "if !plan.Whole && t.everybodySince(plan) {", new: "if !plan.Whole && t == nil && t.everybodySince(plan) {",
			tests: "TestAPersonsPlanIsOlderThanARunForEverybody", in: ".",
		},
		{
			name: "release-accepts-every-clock", file: "apply_release.go",
			old: "(v.Guard != reconcile.GuardClock || t.goesBy(&v))", new: "(t.goesBy(&v) || t.runs > 0)",
			tests: "TestAReleaseAcceptsOneClock", in: ".",
		},
	}
}
