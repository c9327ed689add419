package provisiontest_test

import "slices"

func plantedBugs() []planted {
	return slices.Concat(plantedInRuns(), plantedInMemory(), plantedInPlans(), plantedElsewhere(), plantedOnTheWire(), plantedOverDays(), plantedAmongTenants(), plantedInPromises(), plantedInTimes(), plantedOfLeavers(), plantedInWaiting())
}

// plantedInRuns are bugs of making calls.
func plantedInRuns() []planted {
	return []planted{
		{
			name: "blind-retry-of-a-create", file: "execution_failure.go",
			old: "	case target.Unclear:\n		if create {", new: "	case target.Unclear:\n		if false && create {",
		},
		{
			name: "blind-retry-after-a-server-error", file: "execution_failure.go",
			old: "if create && !x.can.IdempotentCreate {", new: "if false && !x.can.IdempotentCreate {",
		},
		{
			name: "no-intent-before-the-call", file: "execution_attempt.go",
			old: "if !ok || !x.intend(ctx, a) || x.tooLate(a) {", new: "if !ok || x.tooLate(a) {",
		},
		{
			name: "intent-not-durable-is-ignored", file: "execution_attempt.go",
			old: "		a.halt = err\n		if errors.Is(err, ErrFenced) {", new: "		return true\n		if errors.Is(err, ErrFenced) {",
		},
		{
			name: "unclear-counts-as-done", file: "execution_failure.go",
			old: "		a.unclear = err\n		x.repeat(a, err)\n", new: "		a.end(Done, 0, nil)\n",
		},
		{
			name: "other-rules-accepted", file: "apply.go",
			old: "case tp.Rules != e.config.Rules.Hash():", new: "case false:",
		},
		{name: "forecast-applied", file: "apply.go", old: "case tp.At.After(now):", new: "case false:"},
		{name: "old-proof-accepted", file: "apply_guard.go", old: "		case old:\n", new: "		case false:\n"},
		{name: "lapsed-approval-accepted", file: "apply_guard.go", old: "case r.lapsed(c, now):", new: "case false:"},
	}
}

// plantedInMemory are bugs of what is remembered.
func plantedInMemory() []planted {
	return []planted{
		{
			name: "limit-per-run-not-per-day", file: "journal_state.go",
			old: "return done.since(at.Add(-window))", new: "return 0",
		},
		{
			name: "lost-answers-do-not-count", file: "journal_state.go",
			old: "		s.of(e.Target).suspect(e)\n", new: "",
			tests: "TestTheLimitsOfADay", in: ".",
		},
		{
			name: "owed-steps-forgotten", file: "journal_state.go",
			old: "t.owed = append(t.owed, reconcile.Obligation{", new: "_ = append(t.owed, reconcile.Obligation{",
		},
		{
			name: "spent-is-not-remembered", file: "journal_state_target.go",
			old: "t.spent[e.Change] = e.Position", new: "t.spent[e.Change] = 0",
		},
		{
			name: "presence-does-not-end-an-absence", file: "journal_state_target.go",
			old: "past.MissingSince, past.MissingReads = time.Time{}, 0", new: "past.MissingReads += 0",
		},
		{
			name: "links-ignored", file: "plan_whole.go",
			old: "snap = snap.Link(e.links(t.Name()))", new: "_ = e.links",
		},
		{
			name: "an-approval-is-never-used-up", file: "journal_state.go",
			old: "			delete(s.decisions, e.Change) //", new: "			//",
		},
	}
}

// plantedInPlans are bugs of deciding what may be done.
func plantedInPlans() []planted {
	return []planted{
		{
			name: "not-listed-means-gone", file: "reconcile/disappeared.go",
			old: "		p.doubtAbsence(n)\n", new: "",
		},
		{
			name: "grace-a-day-short", file: "reconcile/disappeared.go",
			old: "end := since.Add(rule.Grace)", new: "end := since.Add(rule.Grace - 24*time.Hour)",
		},
		{
			name: "grace-of-a-revoke-a-day-short", file: "reconcile/grace.go",
			old: "end := since.Add(days(g.Days))", new: "end := since.Add(days(g.Days - 1))",
		},
		{
			name: "undecided-means-no", file: "reconcile/entitlements.go",
			old: "if slices.Contains(w.want.Undecided, e) {", new: "if false {",
		},
		{
			name: "stale-approval-accepted", file: "reconcile/hold.go",
			old: "case a.At.After(at), !a.Expires.IsZero() && !a.Expires.After(at):", new: "case a.At.After(at):",
		},
		{name: "denied-means-approved", file: "reconcile/hold.go", old: "case a.Denied:", new: `case a.Denied && a.Actor == "":`},
		{
			name: "release-of-something-else-accepted", file: "reconcile/hold.go",
			old: "if d.released[guarded] || ", new: "if len(d.released) > 0 || ",
			tests: "TestReleaseOfWhatIsGuarded|TestLiftRelease", in: "./reconcile",
		},
		{
			name: "limit-per-plan", file: "reconcile/guard.go",
			old: "if !v.Limit.exceeded(v.Count+v.Recent, v.Of) {", new: "if !v.Limit.exceeded(v.Count, v.Of) {",
		},
		{name: "protection-ignored", file: "reconcile/work.go", old: "by = p.protector(w.want)", new: "_ = p.protector(w.want)"},
		{
			name: "revoke-before-the-disable", file: "reconcile/leaver.go",
			old: "	p.entitle(w, w.disable)\n}\n\n// names are", new: "	p.entitle(w, nil)\n}\n\n// names are",
			tests: "TestGolden", in: "./reconcile", // a run takes nothing from an open account either
		},
		{
			name: "name-given-again-early", file: "reconcile/name.go",
			old: "u.NeverReuse > 0 && ", new: "u.NeverReuse < 0 && ",
		},
		{
			name: "undecided-person-settled", file: "reconcile/match.go",
			old: "	p.schedule(d, a)\n	if d.State == target.Undecided {\n		p.shut(d, a)\n		return\n	}\n",
			new: "	p.schedule(d, a)\n	if d.State == target.Undecided {\n		d.State = target.None\n	}\n",
		},
	}
}

// plantedElsewhere are bugs of reading, and those that another test shows.
func plantedElsewhere() []planted {
	return []planted{
		{
			name: "not-found-means-terminated", file: "plan_one.go",
			old: "	if errors.Is(err, source.ErrNotFound) {\n",
			new: "	if errors.Is(err, source.ErrNotFound) {\n		identity, err = source.Identity{ID: identityID, Status: source.Terminated}, nil\n	}\n" +
				"	if errors.Is(err, source.ErrNotFound) {\n",
		},
		{
			name: "contested-row-believed", file: "source/collect.go",
			old: "s.contested = append(s.contested, first.ID)", new: "s.identities = append(s.identities, c.people[end-1])",
		},
		{
			name: "failed-listing-believed", file: "target/collect.go",
			old:   "	for a, err := range t.Accounts(ctx) {\n		if err != nil {\n			return err\n",
			new:   "	for a, err := range t.Accounts(ctx) {\n		if err != nil {\n			return nil\n",
			tests: "TestCollectRefusesWhatIsNotWhole", in: "./target",
		},
		{
			name: "version-ignored", file: "execution_call.go", old: "	if !x.can.Versions {\n		return \"\"\n", new: "	if x != nil {\n		return \"\"\n",
			tests: "TestExecutionVersions", in: ".",
		},
		{
			name: "letters-that-look-alike-are-alike", file: "target/fold.go",
			old: "func Fold(s string) string {\n", new: "func Fold(s string) string {\n	s = strings.ToLower(s)\n",
			tests: "TestFoldIsASCIIOnly", in: "./target",
		},
		{
			name: "ambiguous-match-takes-the-first", file: "reconcile/absent.go", old: "if len(hits) > 1 {", new: "if len(hits) > 1000 {",
			tests: "TestGolden", in: "./reconcile",
		},
		{
			name: "breaker-never-opens", file: "execution_pace.go",
			old: "case !p.open && p.failures < breakAfter:", new: "case !p.open:",
			tests: "TestExecutionBreaker", in: ".",
		},
		{
			name: "retry-after-a-refusal", file: "execution_failure.go",
			old: "	case target.Permanent, target.Fatal:\n		x.giveUp(a, err)\n", new: "	case target.Permanent, target.Fatal:\n		x.repeat(a, err)\n",
			tests: "TestExecutionClassMeetsAction", in: ".",
		},
		{
			name: "torn-line-is-damage", file: "journal_file_scan.go", old: "if !torn(text) {", new: "if len(text) > 0 {",
			tests: "TestFileJournalCutsATornTail", in: ".",
		},
		{
			name: "retry-after-ignored", file: "target/classify.go", old: "return max(e.RetryAfter, 0)", new: "return min(e.RetryAfter, 0)",
			tests: "TestExecutionHonoursRetryAfter", in: ".",
		},
		{
			name: "panic-not-recovered", file: "execution_call.go", old: "err = &panicError{reason: reason}", new: "panic(reason)",
			tests: "TestExecutionRecoversPanics", in: ".",
		},
		{
			name: "last-page-lost", file: "source/pages.go",
			old: "case next == \"\" && p.elements < p.total:", new: "case false:",
			tests: "TestPages", in: "./source",
		},
		{
			name: "account-listed-twice-counts-twice", file: "target/collect.go",
			old: "if i, ok := c.index[a.ID]; ok {", new: "if i, ok := c.index[a.ID]; ok && i < 0 {",
			tests: "TestCollect.*", in: "./target",
		},
		{
			name: "account-of-somebody-else-taken", file: "execution_doubt.go",
			old: "case f.Key == a.change.Key && x.can.Keys, !by.Key.IsZero():", new: "case true:",
			tests: "TestExecution.*", in: ".",
		},
		{
			name: "vanished-account-made-again", file: "reconcile/absent.go",
			old: "if n != nil && p.in.Policy.Vanished != DoIt {", new: "if n != nil && p.in.Policy.Vanished == LetIt {",
			tests: "TestGolden", in: "./reconcile",
		},
		{
			name: "any-answer-is-json", file: "internal/fetch/content.go",
			old: "case kind == \"text/html\", kind == \"application/xhtml+xml\":", new: "case kind == \"text/nothing\":",
			tests: "TestAnswersThatAreNotWhatWasAskedFor", in: "./internal/fetch",
		},
		{
			name: "answers-without-a-limit", file: "internal/fetch/body.go",
			old: "if c.read > c.limit {", new: "if c.read < 0 {",
			tests: "TestLimits", in: "./internal/fetch",
		},
		{
			name: "broken-text-kept", file: "source/clean.go",
			old: "	if ascii {\n		return \"\"\n", new: "	if ascii || utf8.ValidString(\"\") {\n		return \"\"\n",
			tests: "TestCollectText", in: "./source",
		},
		{
			name: "redirects-followed", file: "internal/fetch/permit.go",
			old:   "	if err := c.permit(to.URL); err != nil {\n		return fmt.Errorf(\"%w: %w\", errRedirect, err)",
			new:   "	if err := c.permit(to.URL); err != nil && most == 0 {\n		return fmt.Errorf(\"%w: %w\", errRedirect, err)",
			tests: "TestRedirects", in: "./internal/fetch",
		},
		{
			name: "token-never-renewed", file: "internal/fetch/sender.go",
			old: "s.cfg.Renew == nil || x.renewed {", new: "s.cfg.Renew == nil || !x.renewed {",
			tests: "TestRenewsOnce", in: "./internal/fetch",
		},
		{
			name: "broken-dates-are-missing", file: "rules/lifecycle.go",
			old: "case unread != 0 && !i.Status.Ended() && !unread.leftAnyway(v, at, zone):", new: "case false:",
			tests: "TestDatesNotUnderstood", in: "./rules",
		},
	}
}
