package scimclient

import (
	"context"
	"errors"
	"fmt"

	"github.com/provision-go/provision/internal/fetch"
)

// errNoCursor is a sign that the service provider does not know cursors.
var errNoCursor = errors.New("no cursor")

// byCursor reads the list with cursors (RFC 9865, section 2). With trying, an answer
// that names no cursor is an error.
func (l *listing) byCursor(ctx context.Context, trying bool) error {
	p, err := l.c.page(ctx, l.endpoint, l.parameters("cursor", ""), 0)
	if trying && (err != nil || p.next == "") {
		return marked(errors.Join(err, errNoCursor), errNoCursor)
	}
	if err != nil {
		return err
	}
	return l.follow(ctx, p)
}

// follow reads the list from a first page on, by the cursors that pages name.
func (l *listing) follow(ctx context.Context, p page) error {
	l.unsortable = true // a cursor is about the order that it began with
	const most = 1000   // pages in a row without a resource
	used := map[string]bool{}
	least := int64(unstated)
	for at, empty := 0, 0; ; {
		if err := l.take(p.rows); err != nil {
			return err
		}
		at += len(p.rows)
		if empty++; len(p.rows) > 0 {
			empty = 0
		}
		if p.total > int64(len(p.rows)) && (least == unstated || p.total < least) {
			least = p.total
		}
		switch {
		case p.next == "" && int64(len(l.pass)) < least:
			return missing(p, len(l.pass), least, errMoved)
		case p.next == "":
			return nil
		case used[p.next]:
			return p.fail(fetch.BadContent, fmt.Errorf("%w: a cursor comes twice", ErrIncomplete))
		case empty > most:
			return p.fail(fetch.BadContent, fmt.Errorf("%w: %d pages in a row are empty", ErrIncomplete, most))
		}
		used[p.next] = true
		next, err := l.c.page(ctx, l.endpoint, l.parameters("cursor", p.next), at)
		if e, ok := errors.AsType[*Error](err); ok && e.ScimType == "expiredCursor" {
			return marked(err, errMoved)
		}
		if err != nil {
			return err
		}
		p = next
	}
}
