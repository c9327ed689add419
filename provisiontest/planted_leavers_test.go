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
	}
}
