package memsource

// A Fault makes a source misbehave. The zero Fault is none.
type Fault struct {
	// After is how many people a list yields before it breaks.
	After int
	// ListErr is the error that a list then ends with.
	ListErr error
	// Truncate makes a list end after After people without an error, as no
	// connector may. It is for tests of whatever must notice that.
	Truncate bool
	// ReadErr is what reading one person fails with. Set it to
	// [source.ErrListOnly] to play a source that can only be listed.
	ReadErr error
}

func (f Fault) hits(n int) bool { return (f.ListErr != nil || f.Truncate) && n >= f.After }

// Break switches a fault on, in place of the one before, for all reads that
// begin from now on. The zero Fault heals the source.
func (s *Source) Break(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = f
}

// Calls returns how often the source was listed, and how often one person was
// read.
func (s *Source) Calls() (lists, reads int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lists, s.reads
}
