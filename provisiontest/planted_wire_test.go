package provisiontest_test

// plantedOnTheWire are bugs that faults of a network show.
func plantedOnTheWire() []planted {
	return []planted{
		{
			name: "cut-listing-is-whole", file: "internal/fetch/body.go",
			old: "		c.err = c.x.broken(err)\n", new: "		c.err = io.EOF\n",
			tests: "TestWireCutListings", in: "./internal/fetch",
		},
		{
			name: "bomb-without-a-limit", file: "internal/fetch/body.go",
			old: "	c.read += int64(n)\n", new: "	c.read += int64(min(n, 0))\n",
			tests: "TestWireGzipBomb", in: "./internal/fetch",
		},
		{
			name: "every-caller-renews", file: "internal/fetch/sender.go",
			old: "if s.renewed.Load() != renewals {", new: "if s.renewed.Load() < 0 {",
			tests: "TestWireTokensExpire", in: ".",
		},
		{
			name: "wait-in-a-header-not-read", file: "target/http.go",
			old: `resp.Header.Get("Retry-After"), resp`, new: `resp.Header.Get("Retry-Before"), resp`,
			tests: "TestWireStorm", in: ".",
		},
		{
			name: "wait-until-a-date-is-none", file: "internal/retryafter/retryafter.go",
			old: "return min(max(until.Sub(now), 0), Max), true", new: "return min(max(until.Sub(now), 0), 0), true",
			tests: "TestWireStorm", in: ".",
		},
		{
			name: "one-waits-and-the-others-go-on", file: "execution_pace.go",
			old: "			p.hold(now.Add(wait))", new: "			_ = wait",
			tests: "TestWireStorm", in: ".",
		},
		{
			name: "cursor-may-come-twice", file: "source/pages.go",
			old: "case p.seen[next]:", new: "case p.seen[next] && p.elements == 0:",
			tests: "TestPages|TestPagesRunaway", in: "./source",
		},
		{
			name: "lost-connection-means-not-sent", file: "target/classify.go",
			old: "if errors.Is(err, syscall.ECONNREFUSED) ||", new: "if err.Error() != \"\" || errors.Is(err, syscall.ECONNREFUSED) ||",
			tests: "TestWireSocketCreateIsReadBack", in: ".",
		},
		{
			name: "unlisted-account-is-not-looked-for", file: "execution_unlisted.go",
			old: "return !a.intent && x.heardOf", new: "return false && x.heardOf",
			tests: "TestWireEmptyListingMakesNoDouble", in: ".",
		},
		{
			name: "years-waited-for-while-reading-back", file: "execution_verify.go",
			old: "a.parked = target.RetryAfter(err) > x.config.Retry.maxWait()", new: "a.parked = false",
			tests: "TestWireYearsWhileReadingBack", in: ".",
		},
	}
}
