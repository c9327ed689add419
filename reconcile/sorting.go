package reconcile

// sortRuns sorts a list that consists of a few parts in order, as everything does
// that was made by walking along the keys: it merges the parts. Equal elements
// keep their order. The list is used up.
func sortRuns[T any](list []*T, compare func(a, b *T) int) []*T {
	var starts []int
	for i := range list {
		if i == 0 || compare(list[i-1], list[i]) > 0 {
			starts = append(starts, i)
		}
	}
	if len(starts) < 2 {
		return list
	}
	spare := make([]*T, len(list))
	for len(starts) > 1 {
		next := starts[:0]
		for i := 0; i < len(starts); i += 2 {
			from, middle, to := starts[i], len(list), len(list)
			if i+1 < len(starts) {
				middle = starts[i+1]
			}
			if i+2 < len(starts) {
				to = starts[i+2]
			}
			mergeRuns(spare[from:to], list[from:middle], list[middle:to], compare)
			next = append(next, from)
		}
		starts, list, spare = next, spare, list
	}
	return list
}

func mergeRuns[T any](out, a, b []*T, compare func(a, b *T) int) {
	for i := range out {
		if len(b) == 0 || len(a) > 0 && compare(a[0], b[0]) <= 0 {
			out[i], a = a[0], a[1:]
		} else {
			out[i], b = b[0], b[1:]
		}
	}
}
