package source

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"

	"github.com/provision-go/provision/internal/excerpt"
)

// Filter returns a source without the rows for which keep is false. It is for
// rows that are no people at all, such as test entries and shared mailboxes.
// Whoever is filtered out is absent, and absent people lose their access: who
// gets access is for rules to say, not for a filter. keep must answer the same
// for the same row every time; it must not change the identity. Rows without an
// ID always pass, because they stand for somebody unknown.
//
// Reading one person who is filtered out gives [ErrNotFound]. If s is a
// [DeltaSource], so is the result.
func Filter(s Source, keep func(*Identity) bool) Source {
	return wrap(s, func(i Identity) (Identity, bool) { return i, i.ID == "" || keep(&i) })
}

// Map returns a source whose identities have passed through f, for whatever a
// connector does not do: a custom mapping, a correction. f gets a copy whose
// slices and map are shared: replace them, do not write to them. It must be safe
// for concurrent use.
//
// If f returns nil Findings, those of the connector are kept: they tell a date
// that was not understood from one that is not there. f may add some, and leave
// out what it has put right where the right value is none: a slice that is empty
// without being nil drops them all. A field that f fills needs no such care.
//
// Nobody is ever dropped: if f fails, the person stays present with nothing but
// their ID, so that nothing is decided, and a [CodeBadRow] finding holds the
// error. The same happens if f changes the ID. Rows without an ID pass
// unchanged. If s is a [DeltaSource], so is the result.
func Map(s Source, f func(Identity) (Identity, error)) Source {
	return wrap(s, func(i Identity) (Identity, bool) {
		if i.ID == "" {
			return i, true
		}
		mapped, err := f(i)
		if err == nil && mapped.ID != i.ID {
			err = fmt.Errorf("the mapping changes the ID to %q", excerpt.Of(mapped.ID))
		}
		if err == nil {
			if mapped.Findings == nil {
				mapped.Findings = i.Findings
			}
			return mapped, true
		}
		bare := Identity{ID: i.ID, Findings: slices.Clip(i.Findings)}
		bare.Findings = append(bare.Findings, Finding{
			Identity: i.ID, Code: CodeBadRow, Message: "the mapping failed, nothing is decided: " + strconv.Quote(err.Error()),
		})
		return bare, true
	})
}

// wrap returns a DeltaSource exactly if s is one, so that asking for it tells
// the truth.
func wrap(s Source, through func(Identity) (Identity, bool)) Source {
	w := &wrapped{s, through}
	if feed, ok := s.(DeltaSource); ok {
		return &wrappedDelta{w, feed}
	}
	return w
}

type wrapped struct {
	inner   Source
	through func(Identity) (Identity, bool)
}

func (w *wrapped) Name() string { return w.inner.Name() }

func (w *wrapped) Identities(ctx context.Context) iter.Seq2[Identity, error] {
	return func(yield func(Identity, error) bool) {
		for i, err := range w.inner.Identities(ctx) {
			if err != nil {
				yield(Identity{}, err)
				return
			}
			if out, keep := w.through(i); keep && !yield(out, nil) {
				return
			}
		}
	}
}

func (w *wrapped) Identity(ctx context.Context, id string) (Identity, error) {
	i, err := w.inner.Identity(ctx, id)
	if err != nil {
		return Identity{}, err
	}
	out, keep := w.through(i)
	if !keep {
		return Identity{}, fmt.Errorf("%w: %q is filtered out", ErrNotFound, id)
	}
	return out, nil
}

type wrappedDelta struct {
	*wrapped
	feed DeltaSource
}

func (w *wrappedDelta) Changes(ctx context.Context, since Cursor) iter.Seq2[Delta, error] {
	return func(yield func(Delta, error) bool) {
		for d, err := range w.feed.Changes(ctx, since) {
			if err != nil {
				yield(Delta{}, err)
				return
			}
			out, keep := w.through(d.Identity)
			if !keep {
				out = Identity{} // the position still counts
			}
			if !yield(Delta{Identity: out, Cursor: d.Cursor}, nil) {
				return
			}
		}
	}
}
