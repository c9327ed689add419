package provisiontest_test

// plantedOfLeavers are bugs in what becomes of the accounts of people who leave.
func plantedOfLeavers() []planted {
	return []planted{
		{
			name: "wrong-year-deletes-at-first-sight", file: "reconcile/retention.go",
			old: "	case !known:\n", new: "	case !known && w == nil:\n",
			tests: "TestAWrongYearDeletesNothingAtFirstSight", in: ".",
		},
		{
			name: "day-before-a-delete-goes-on", file: "reconcile/compute.go", old: "	p.unretained()\n", new: "",
			tests: "TestTheDayBeforeADeleteBeginsAnew", in: ".",
		},
		{
			name: "leavers-take-over", file: "reconcile/leaver.go", old: "ends[to], p.hasLeft(to), !there", new: "ends[to], !there",
			tests: "TestWhatALeaverOwnsGoesToNobodyWhoHasLeft", in: ".",
		},
		{
			name: "owed-to-the-manager-of-then", file: "reconcile/leaver.go", old: "cmp.Or(d.Handover, o.To)", new: "cmp.Or(o.To, d.Handover)",
			tests: "TestWhatALeaverOwnsGoesToNobodyWhoHasLeft", in: ".",
		},
		{
			name: "line-of-managers-ends", file: "reconcile/leaver.go", old: "d.Phase == target.Left && !d.Handover.IsZero()", new: "d.Phase == target.Left && to.IsZero()",
			tests: "TestWhatALeaverOwnsGoesToNobodyWhoHasLeft", in: ".",
		},
		{
			name: "handover-lost-by-a-leave", file: "journal_state_target.go",
			old: "		past.Left, past.Phase = true, target.PhaseUnknown\n", new: "",
			tests: "TestWhoLeavesOutOfALeaveHandsOver", in: ".",
		},
		{
			name: "ended-in-a-leave-is-no-departure", file: "journal_state_target.go",
			old: "		past.Left = past.HasLeft() // done", new: "		// done",
			tests: "TestAReturnFromALeaveAfterADepartureIsARehire", in: ".",
		},
		{
			name: "no-disable-no-departure", file: "reconcile/leaver.go",
			old: "	if (open || w.known && ", new: "	if (w.known && ",
			tests: "TestALeaverWhoseAccountCannotBeDisabled", in: ".",
		},
		{
			name: "complete-with-an-open-account", file: "departure_report.go",
			old: "d.Open, d.Complete, d.Verified = true, false, false", new: "d.Open = true",
			tests: "TestALeaverWhoseAccountCannotBeDisabled", in: ".",
		},
		{
			name: "second-departure-is-the-first", file: "journal_state_leaving.go",
			old: "	past.Phase, past.Left, past.ClosedAt = e.Phase, false, time.Time{}\n", new: "	past.ClosedAt = time.Time{}\n",
			tests: "TestALeaverWhoseAccountCannotBeDisabled", in: ".",
		},
		{
			name: "handed-over-without-a-limit", file: "reconcile/guard.go",
			old: "			limits[a] = limits[Disable] //", new: "			//",
			tests: "TestManyLeaversWhereNothingCanBeDisabled", in: ".",
		},
		{
			name: "unknown-leaver-owes-nothing", file: "apply_target.go",
			old: "				departs[run[i].Account] = true // the same", new: "				// the same",
			tests: "TestAFirstRunWhereNothingCanBeDisabled", in: ".",
		},
		{
			name: "old-plan-brings-back", file: "apply_leaving.go",
			old: "if !past.HasLeft() || t.outdated(k.Identity, r.plan) ||", new: "if !past.HasLeft() ||",
			tests: "TestAnOldPlanBringsNobodyBack", in: ".",
		},
		{
			name: "back-elsewhere-is-back-here", file: "plan_whole.go",
			old: "	if scope.Parts().Whole {\n		e.everLeft", new: "	if false {\n		e.everLeft",
			tests: "TestTerminateNowWhereNothingCanBeDisabled", in: ".",
		},
	}
}
