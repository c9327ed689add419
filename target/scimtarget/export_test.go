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
