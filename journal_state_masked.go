package provision

import "fmt"

// noteMasks folds with which key values were hashed last.
func (s *state) noteMasks(e *Entry) {
	if e.MaskedBy != "" {
		s.maskedBy = e.MaskedBy
	}
	if e.Hold != nil && e.Hold.MaskedBy != "" {
		s.maskedBy = e.Hold.MaskedBy
	}
}

// sameMasks refuses to go on with other masks than those that the journal has.
func (s *state) sameMasks(by string) error {
	if s.maskedBy == "" || s.maskedBy == by {
		return nil
	}
	if by == "" {
		return fmt.Errorf("journal: %w: it has hashes by key %s; set Masking and that MaskKey", ErrMaskKey, s.maskedBy)
	}
	return fmt.Errorf("journal: %w: it has hashes by key %s, and MaskKey is %s; use that key or begin a new journal", ErrMaskKey, s.maskedBy, by)
}
