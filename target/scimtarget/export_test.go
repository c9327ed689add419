package scimtarget

// Waiting is how many changes of members wait for a request.
func (t *Target) Waiting() int { return waiting(t.changes) }

// BulkWaiting is how many writes wait for a bulk request.
func (t *Target) BulkWaiting() int { return waiting(t.bulk) }

func waiting[C, R any](q *queues[C, R]) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := 0
	for _, in := range q.byName {
		n += len(in.waiting)
	}
	return n
}

// Looking is how many looks at an account wait for the next reading of all groups.
func (t *Target) Looking() int {
	t.rosters.mu.Lock()
	defer t.rosters.mu.Unlock()
	if t.rosters.next == nil {
		return 0
	}
	return len(t.rosters.next.callers)
}
