package source

import "context"

// A Wrapper is a source whose people are those of others, under the same IDs or others.
type Wrapper interface {
	// Within returns the source that knows somebody, and their ID there. It returns nil
	// if none of them has such IDs.
	Within(id string) (Source, string)
}

// Provenance returns what several sources say about a person, and which of it counts,
// if a merged source is in s or in what s wraps. Otherwise it returns nothing. It reads
// lists, as [Merged.Provenance] does.
func Provenance(ctx context.Context, s Source, id string) ([]Origin, error) {
	for s != nil {
		if m, ok := s.(interface {
			Provenance(ctx context.Context, id string) ([]Origin, error)
		}); ok {
			return m.Provenance(ctx, id)
		}
		w, ok := s.(Wrapper)
		if !ok {
			return nil, nil
		}
		s, id = w.Within(id)
	}
	return nil, nil
}

// Within returns the source that is wrapped.
func (w *wrapped) Within(id string) (Source, string) { return w.inner, id }

// Within returns the part to which an ID belongs.
func (u *union) Within(id string) (Source, string) {
	p, own := u.part(id)
	return p.Source, own
}
