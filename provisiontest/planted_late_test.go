package provisiontest_test

// plantedInTimes are bugs in what is believed of plans that come late and of clocks that are
// wrong.
func plantedInTimes() []planted {
	return []planted{
		{
			name: "late-read-of-one-is-the-last", file: "journal_state_one.go",
			old: "!known || !r.at.After(e.End.PlannedAt) {", new: "!known || r.position > 0 {",
			tests: "TestALatePlanForOneForgetsNoRead", in: ".",
		},
		{
			name: "late-plan-hears-of-one", file: "apply_unread.go",
			old: "		if !whole {\n			late = t.readSince(", new: "		if whole {\n			late = t.readSince(",
			tests: "TestALatePlanForOneF.*", in: ".",
		},
		{
			name: "late-plan-finds-the-missing", file: "apply_target.go",
			old: "	late := r.late(t)\n", new: "	late := r.plan.Whole && r.late(t)\n",
			tests: "TestALatePlanForOneFindsNobodyWhoIsMissing", in: ".",
		},
		{
			name: "late-sighting-is-lost", file: "journal_state_one.go",
			old: "return !t.accounts[e.Key].MissingSince.After(e.End.PlannedAt)", new: "return false",
			tests: "TestWhoWasSeenIsNotMissingFromBefore", in: ".",
		},
		{
			name: "late-sighting-counts-again", file: "journal_state_one.go",
			old: "if missed && !t.accounts[k].MissingSince.Before(at) {", new: "if missed && t == nil {",
			tests: "TestALateSightingCountsOnce", in: ".",
		},
		{
			name: "seen-since-and-missing-all-the-same", file: "journal_state_one.go",
			old: "case plan.Whole && slices.ContainsFunc(", new: "case plan.Whole && r.at.After(plan.At) && slices.ContainsFunc(",
			tests: "TestWhoWasSeenSinceIsNotTakenForMissing", in: ".",
		},
		{
			name: "seen-while-a-run-misses-them", file: "journal_state_one.go",
			old: "if k.Identity == id {", new: "if k.Identity == \"\" {",
			tests: "TestWhoIsSeenWhileARunMissesThem", in: ".",
		},
		{
			name: "seen-while-an-account-was-looked-at", file: "execution_attempt.go",
			old: "!x.intend(ctx, a) || x.tooLate(a) {", new: "!x.intend(ctx, a) {",
			tests: "TestWhoIsSeenBeforeTheCallKeepsTheirAccess", in: ".",
		},
		{
			name: "missed-by-a-clock-ahead", file: "journal_state_target.go",
			old: "if past.MissingSince.IsZero() || past.MissingSince.After(at) {", new: "if past.MissingSince.IsZero() {",
			tests: "TestWhoIsMissedByAClockAheadIsMissing", in: ".",
		},
		{
			name: "seen-by-a-clock-behind", file: "journal_state_one.go",
			old: "	if !late {\n		return true\n", new: "	if t == nil {\n		return true\n",
			tests: "TestWhoIsSeenByAClockBehindIsSeen", in: ".",
		},
		{
			name: "late-plan-for-one-takes", file: "journal_state_one.go",
			old: "if !plan.Whole && t.everybodySince(plan) {", new: "if plan.Whole && t.everybodySince(plan) {",
			tests: "TestALatePlanForOneTakesNothing", in: ".",
		},
		{
			name: "lease-counts-by-a-clock-set-back", file: "engine_lease.go",
			old: "!t.told.IsZero() && passed.After(now) {", new: "t.told.IsZero() && passed.After(now) {",
			tests: "TestALeaseOutlivesAClockSetBack", in: ".",
		},
		{
			name: "wait-by-a-clock-ahead", file: "journal_state_clock.go", old: "if until.Sub(now) > day {", new: "if false {",
			tests: "TestTimesByAClockThatWasWrong", in: ".",
		},
		{
			name: "begun-by-a-clock-ahead", file: "journal_state_clock.go", old: "		if at.After(now) {", new: "		if false {",
			tests: "TestGraceByAClockThatWasWrong", in: ".",
		},
		{
			name: "tried-while-nothing-ran", file: "journal_state_failing.go", old: "f.Since.Add(gap - min(max(gap, 0), triedWithin))",
			new: "f.Since.Add(gap - gap)", tests: "TestTimesByAClockThatWasWrong", in: ".",
		},
		{
			name: "released-and-done-counts-for-nothing", file: "apply_guard.go",
			old: "return t.spent[id] <= r.plan.Position })", new: "return true })",
			tests: "TestWhatIsReleasedCountsWhoeverDoesIt", in: ".",
		},
		{
			name: "settled-by-a-clock-behind-is-long-ago", file: "journal_recent.go",
			old: "if at.UnixNano() < old.at {", new: "if false {",
			tests: "TestALimitOutlivesASettlementByAClockBehind", in: ".",
		},
		{
			name: "unconfirmed-is-not-told", file: "apply_target.go",
			old: "if alone && (r.identity == \"\" || failed != nil) {", new: "if failed != nil || alone && r.identity == \"\" {",
			tests: "TestOtherRunsHearWhatAJournalCannotConfirm", in: ".",
		},
		{
			name: "half-a-run-is-a-run", file: "undo_journal.go", old: "return r.from > 0 && r.from <= r.gone }", new: "return false }",
			tests: "TestUndoOfARunThatWasHalfCompacted", in: ".",
		},
	}
}
