package scimtarget

// Waiting is how many changes of members wait for a request.
func (t *Target) Waiting() int {
	t.changes.mu.Lock()
	defer t.changes.mu.Unlock()
	n := 0
	for _, g := range t.changes.groups {
		n += len(g.waiting)
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
