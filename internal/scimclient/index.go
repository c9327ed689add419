package scimclient

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/provision-go/provision/internal/fetch"
)

// walk is how far a list was read by index.
type walk struct {
	l           *listing
	page        page
	asked       int    // pages
	position    int    // resources that came, the same one twice included
	wide        bool   // pages have more than one resource
	first, last string // ids of the first one and of that at position
	// total is what the service provider last said, and believed whether it is more
	// than the size of a page; least is the smallest one since then.
	total, least int64
	believed     bool
}

// byIndex reads the list with startIndex.
func (l *listing) byIndex(ctx context.Context) error {
	w := walk{l: l, total: unstated, least: unstated}
	for {
		// The last resource is asked for again where it has something to say: whether
		// resources moved, and whether anything follows. Pages of one have no room.
		overlap := 0
		if w.wide && (l.careful || !w.believed) {
			overlap = 1
		}
		v := l.parameters("startIndex", strconv.Itoa(w.position+1-overlap))
		p, err := l.c.page(ctx, l.endpoint, v, w.position-overlap)
		if err != nil {
			return refusedIndex(err)
		}
		if w.asked++; w.asked == 1 && p.next != "" && l.c.cfg.Paging == Auto {
			return l.follow(ctx, p)
		}
		w.page = p
		if err := w.continues(overlap); err != nil {
			return err
		}
		if err := w.take(p.rows[overlap:]); err != nil {
			return err
		}
		if w.believe(); w.ends(len(p.rows) - overlap) {
			return w.complete()
		}
	}
}

// refusedIndex gives cursors a chance if it may be the index that the service
// provider does not want.
func refusedIndex(err error) error {
	e, ok := errors.AsType[*Error](err)
	if ok && e.ScimType != "invalidFilter" && (e.Status == http.StatusBadRequest || e.Status == http.StatusNotImplemented) {
		return marked(err, errNoIndex)
	}
	return err
}

// continues checks that a page goes on where the one before it ended.
func (w *walk) continues(overlap int) error {
	rows := w.page.rows
	switch {
	case w.asked == 1, len(rows) == 0 && !w.wide && !w.believed:
		return nil
	case len(rows) == 0:
		return w.moved("it ends before resource %d, which was there", w.position+1-overlap)
	case overlap == 1 && rows[0].ID == w.last:
		return nil
	case rows[0].ID == w.first:
		if w.asked == 2 && w.total == int64(w.position) {
			w.l.settled = w.position
		}
		err := fmt.Errorf("%w: startIndex %d gets the beginning again; set Paging to ByCursor, or to Unpaged if there are no pages", ErrIncomplete, w.position+1-overlap)
		return marked(w.page.fail(fetch.BadContent, err), errNoIndex)
	case overlap == 1:
		return w.moved("resource %d is another one than before", w.position)
	case w.page.total != unstated && w.page.total < w.total:
		return w.moved("totalResults went from %d to %d", w.total, w.page.total)
	}
	return nil
}

// take yields what is new.
func (w *walk) take(rows []Resource) error {
	before := len(w.l.pass)
	if err := w.l.take(rows); err != nil {
		return err
	}
	if len(rows) == 0 {
		return nil
	}
	if w.position == 0 {
		w.first = rows[0].ID
	}
	w.position += len(rows)
	w.wide = w.wide || len(rows) > 1
	w.last = rows[len(rows)-1].ID
	if len(w.l.pass) == before {
		return w.moved("a page came again")
	}
	return nil
}

// believe takes the total of a page for that of the list if it is not the size of
// the page.
func (w *walk) believe() {
	if w.page.total == unstated {
		return
	}
	w.total = w.page.total
	if w.total > int64(len(w.page.rows)) && w.total >= int64(w.position) {
		w.believed = true
	}
	if w.believed && (w.least == unstated || w.total < w.least) {
		w.least = w.total
	}
	w.l.told = told{total: max(w.total, 0), believed: w.believed}
	if w.believed {
		w.l.told.total = w.least
	}
}

// ends says whether a page that has so many new resources is the last one.
func (w *walk) ends(fresh int) bool {
	switch {
	case fresh == 0:
		return true
	case w.believed:
		return int64(w.position) >= w.total
	case w.asked > 1:
		return false
	default:
		return !w.l.careful && fresh < w.l.size && w.total == int64(fresh)
	}
}

// complete says whether all that should have come has come.
func (w *walk) complete() error {
	have := len(w.l.pass)
	switch {
	case w.believed && int64(have) < w.least:
		return missing(w.page, have, w.least, errMoved)
	case !w.believed && have < w.position:
		return w.moved("a resource came twice, and how many there are is not said")
	}
	return nil
}

// moved is the error of a list that did not stay the same.
func (w *walk) moved(format string, args ...any) error {
	err := fmt.Errorf("%w: it changes while it is read: "+format, append([]any{ErrIncomplete}, args...)...)
	return marked(w.page.fail(fetch.Transient, err), errMoved)
}
