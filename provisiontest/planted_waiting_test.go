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
			name: "rejection-ends-a-first-run", file: "journal_state_guards.go",
			old: "		t.kept[change] = true\n	}\n", new: "		t.kept[change] = true\n	} else {\n		delete(t.kept, change)\n	}\n",
			tests: "TestARejectionDoesNotEndWhatAFirstRunHeld", in: ".",
		},
		{
			name: "silence-ends-a-first-run", file: "desk.go",
			old: "if t.kept[change] && (wanted[change] || !told && unsure(p, old.Hold.Change.Key)) {", new: "if t.kept[change] && (wanted[change] || !told && p == nil) {",
			tests: "TestWhatAFirstRunHeldOutlivesAReadThatSaysNothing", in: ".",
		},
		{
			name: "silence-settles-an-undo", file: "journal_state_undone.go",
			old: " && !unsure(r.plan, u.key)", new: "",
			tests: "TestWhatWasUndoneOutlivesAReadThatSaysNothing", in: ".",
		},
		{
			name: "broken-read-tries-rules", file: "journal_state_guards.go",
			old: "!end.Broken && tried(end)", new: "!end.Broken",
			tests: "TestChangedRulesAreTriedOnAReadThatIsBelieved|TestAFirstRunReadsSomebody", in: ".",
		},
		{
			name: "release-accepts-every-clock", file: "apply_release.go",
			old: "(v.Guard != reconcile.GuardClock || t.goesBy(&v))", new: "(t.goesBy(&v) || t.runs > 0)",
			tests: "TestAReleaseAcceptsOneClock", in: ".",
		},
		{
			name: "adoption-of-any-account", file: "reconcile/standing.go",
			old: "if a.Key.IsZero() && slices.ContainsFunc(c.Names, func(n Name) bool { return !n.isOf(a) }) {", new: "if false {",
			tests: "TestAnAdoptionIsOfWhatWasRecognised", in: ".",
		},
		{
			name: "approval-outlives-its-hold", file: "journal_state.go",
			old: "if d, ok := s.decisions[e.Change]; ok && !d.Rejected {", new: "if d, ok := s.decisions[e.Change]; ok && d.Rejected {",
			tests: "TestAnApprovalEndsWithItsHold", in: ".",
		},
	}
}
