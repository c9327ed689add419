package provision

// leased folds that an engine took, renewed or gave back the tenant.
func (s *state) leased(e *Entry) {
	if e.Lease != nil {
		s.epoch, s.lease = e.Epoch, *e.Lease
	}
}
