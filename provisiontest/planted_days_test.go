package provisiontest_test

// plantedOverDays are bugs that show when days pass: in what is remembered, doubted and
// decided.
func plantedOverDays() []planted {
	return []planted{
		{
			name: "overtaken-engine-writes", file: "journal_fence.go",
			old: "case e.Epoch != 0 && e.Epoch != f.Epoch:", new: "case e.Epoch == 1<<63:",
			tests: "TestAPausedEngineWakesUp", in: ".",
		},
		{
			name: "lease-of-the-dead-lasts", file: "engine_lease.go",
			old: "|| dead(held)", new: "|| dead(held) && false",
			tests: "TestALeaseByAWrongClock", in: ".",
		},
		{
			name: "people-approve-themselves", file: "desk_allowed.go",
			old: `if who != "" && target.FoldEqual(`, new: `if who == "" && target.FoldEqual(`,
			tests: "TestNobodyApprovesThemselves", in: ".",
		},
		{
			name: "people-reinstate-themselves", file: "departure.go",
			old: "err = ErrSelfApproval; !st.ownPerson(&by, identityID)", new: "err = ErrSelfApproval; true",
			tests: "TestNobodyReinstatesThemselves", in: ".",
		},
		{
			name: "release-is-about-everything", file: "desk.go",
			old:   "			for _, change := range changes {\n				guards = append(guards, t.pending[change])\n			}\n",
			new:   "			for _, p := range t.pending {\n				guards = append(guards, p)\n			}\n",
			tests: "TestAReleaseIsAboutWhatTheGuardsHold", in: ".",
		},
		{
			name: "under-way-counts-twice", file: "apply_guard.go",
			old: "done == nil || !done.has(key", new: "true || !done.has(key",
			tests: "TestWhatIsUnderWayCountsOnce", in: ".",
		},
		{
			name: "done-counts-twice", file: "apply_release.go",
			old: "				out[f]++\n", new: "				out[f] = 0\n",
			tests: "TestAPlanAppliedAgainCountsWhatItDidOnce", in: ".",
		},
		{
			name: "release-accepts-another-alarm", file: "desk_alarm.go",
			old: `name != "" && a.Guarded == name {`, new: `name != "" && (a.Guarded == name || a.Plan == name) {`,
			tests: "TestAReleaseAcceptsNoOtherAlarm", in: ".",
		},
		{
			name: "approval-beats-termination", file: "departure_overtaken.go",
			old: "case r.hasLeft(c):", new: "case false && r.hasLeft(c):",
			tests: "TestFault36TerminationWinsOverApproval", in: ".",
		},
		{
			name: "late-event-brings-back", file: "reconcile/departed.go",
			old: "return left.UTC(), until.UTC(), until.After(p.in.At)", new: "return left.UTC(), until.UTC(), false",
			tests: "TestWhoHasLeftDoesNotComeBackByALateEvent", in: ".",
		},
		{
			name: "clock-is-believed", file: "reconcile/guard_alarm.go",
			old: "	out = append(out, p.clock()...)\n", new: "	_ = p.clock()\n",
			tests: "TestAWrongClock", in: ".",
		},
		{
			name: "clock-of-one-is-none", file: "reconcile/guard_alarm.go",
			old: "if alone := p.in.History.LastAlone; alone.After(last) {", new: "if alone := p.in.History.LastAlone; alone.Before(last) {",
			tests: "TestAClockBehindARunForOne", in: ".",
		},
		{
			name: "events-hide-a-clock-ahead", file: "reconcile/guard_alarm.go",
			old: "case gap >= 0 && at.After(last.Add(gap)):", new: "case gap >= 0 && at.After(latest.Add(gap)):",
			tests: "TestEventsDoNotHideACronThatDidNotRun", in: ".",
		},
		{
			name: "column-may-vanish", file: "reconcile/guard_alarm.go",
			old: "if before >= smallColumn && limit", new: "if before < 0 && limit",
			tests: "TestAColumnThatVanishesFromAnExport", in: ".",
		},
		{
			name: "sentinel-may-be-missing", file: "reconcile/guard_alarm.go",
			old: "if len(missing) == 0 {", new: "if len(missing) >= 0 {",
			tests: "TestSentinels", in: ".",
		},
		{
			name: "first-run-heals-by-itself", file: "reconcile/guard_kept.go",
			old: "if m.c.Action.Removes() && p.in.History.Kept[m.c.ID] {", new: "if m.c.Action == 0 && p.in.History.Kept[m.c.ID] {",
			tests: "TestWhatAFirstRunHeldStaysHeld", in: ".",
		},
		{
			name: "value-that-is-not-kept-is-written-for-ever", file: "reconcile/kept.go",
			old: "if len(p.in.History.NotKept) == 0 {", new: "if len(p.in.History.NotKept) >= 0 {",
			tests: "TestFault19ValueThatTheTargetDoesNotKeep", in: ".",
		},
		{
			name: "compaction-forgets-what-is-owed", file: "journal_dump.go",
			old: "t.owed, t.forgot = d.Owed, d.Forgot", new: "t.forgot = d.Forgot",
			tests: "TestEveryFieldOfStateIsInTheDump", in: ".",
		},
		{
			name: "taker-stops-the-run", file: "apply_told.go",
			old: `"OnProgress failed", "target", p.Target, "error", &panicError{reason: reason})
`, new: `"OnProgress failed", "target", p.Target, "error", &panicError{reason: reason})
			panic(reason)
`,
			tests: "TestResultsThatNobodyTakes", in: ".",
		},
		{
			name: "forged-compaction-is-believed", file: "journal_seal.go",
			old: "covered = covered || heads[0].compacted == tree.compacted", new: "covered = true",
			tests: "TestVerifyJournalFindsAForgedCompaction", in: ".",
		},
		{
			name: "old-seal-hides-the-rest", file: "journal_seal.go",
			old: "			heads = heads[1:]\n", new: "			heads = nil\n",
			tests: "TestASealFromBeforeACompactionHidesNothing", in: ".",
		},
		{
			name: "sensitive-only-as-it-is", file: "display.go",
			old: "range written(v) {", new: "range []string{v} {",
			tests: "TestSensitiveValuesAsTargetsWriteThem", in: ".",
		},
		{
			name: "seal-is-not-compared", file: "journal_seal.go",
			old: "if tree.root() != heads[0].root {", new: "if tree.size < 0 {",
			tests: "TestVerifyJournalFindsWhatWasAltered", in: ".",
		},
		{
			name: "forecast-closes-what-is-let-be", file: "forecast_walk.go",
			old: " || d.State == target.None && d.Phase != target.Left && w.leftAlone(l):", new: ":",
			tests: "TestForecastOfAccountsThatRulesWantForATime", in: ".",
		},
		{
			name: "forecast-takes-while-unclear", file: "forecast_walk.go",
			old: "			if until.Before(at) {\n", new: "			if until.IsZero() {\n",
			tests: "TestForecastOfAccountsThatRulesWantForATime", in: ".",
		},
		{
			name: "forecast-forgets-what-the-closed-hold", file: "forecast_walk.go",
			old: "|| !l.open && len(taken) == 0 {", new: "|| !l.open {",
			tests: "TestForecastOfAccountsThatRulesWantForATime", in: ".",
		},
	}
}
