package source

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/provision-go/provision/internal/excerpt"
)

// ErrIncomplete says that a list ended without being complete, or would never
// end: a cursor came twice, or fewer elements arrived than the system stated.
var ErrIncomplete = errors.New("list is incomplete")

// A Page is one answer of an API that is read page by page.
type Page[T any] struct {
	Items []T
	// Next is the cursor of the next page, empty on the last one. It may be
	// anything that fetch understands: a token, an offset, a path.
	Next string
	// Total is how many elements there are on all pages, if the system says so;
	// zero or less means that it does not. The last page that says so counts.
	Total int
}

const (
	maxPages      = 1 << 20
	maxEmptyPages = 1000
)

// Pages yields the elements of all pages in order. It calls fetch with the empty
// cursor first, then with the cursor that the page before it named, one call at
// a time, and only when the loop asks for more.
//
// The sequence ends with an error, once and last, if fetch fails, if ctx has
// ended, or, wrapping [ErrIncomplete], if
//
//   - a cursor comes twice: the next pages would be the same again,
//   - fewer elements arrived than the stated total: a page was lost. More are
//     fine: somebody was added meanwhile, or moved to a later page and comes
//     twice, which [Collect] notices,
//   - 1000 pages in a row are empty or there are more than a million pages.
//
// Errors name the page, counted from 1. The sequence may be ranged over again,
// which starts from the first page.
func Pages[T any](ctx context.Context, fetch func(ctx context.Context, cursor string) (Page[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		p := paging{seen: map[string]bool{}}
		for cursor := ""; ; {
			if err := ctx.Err(); err != nil {
				yield(none, fmt.Errorf("page %d: %w", p.pages+1, err))
				return
			}
			page, err := fetch(ctx, cursor)
			if err != nil {
				yield(none, fmt.Errorf("page %d: %w", p.pages+1, err))
				return
			}
			for _, element := range page.Items {
				if !yield(element, nil) {
					return
				}
			}
			if err := p.count(len(page.Items), page.Total, page.Next); err != nil {
				yield(none, fmt.Errorf("page %d: %w", p.pages, err))
				return
			}
			if page.Next == "" {
				return
			}
			cursor = page.Next
		}
	}
}

// paging is what is known about the pages read so far.
type paging struct {
	pages, elements, total, empty int
	seen                          map[string]bool
}

// count takes note of a page and says whether reading may go on or end.
func (p *paging) count(elements, total int, next string) error {
	p.pages++
	p.elements += elements
	if total > 0 {
		p.total = total
	}
	if p.empty++; elements > 0 {
		p.empty = 0
	}
	switch {
	case next == "" && p.elements < p.total:
		return fmt.Errorf("%w: %d of %d elements arrived", ErrIncomplete, p.elements, p.total)
	case next == "":
		return nil
	case p.seen[next]:
		return fmt.Errorf("%w: the cursor %q came twice", ErrIncomplete, excerpt.Of(next))
	case p.empty >= maxEmptyPages:
		return fmt.Errorf("%w: %d pages in a row are empty", ErrIncomplete, p.empty)
	case p.pages >= maxPages:
		return fmt.Errorf("%w: more than %d pages", ErrIncomplete, maxPages)
	}
	p.seen[next] = true
	return nil
}
