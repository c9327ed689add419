package bamboohr

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/source"
)

// question is the body of
// https://documentation.bamboohr.com/reference/get-data-from-dataset-v2.
type question struct {
	Fields   []string `json:"fields"`
	Filter   string   `json:"filter,omitempty"`
	OrderBy  string   `json:"orderBy"`
	Page     int      `json:"page"`
	PageSize int      `json:"pageSize"`
}

// dataPages is what is known about the pages of one read.
type dataPages struct {
	begun           time.Time // by the server's clock, when the first page was asked for
	pageSize, total int
	several         bool
}

// rows asks for a page of the dataset. The pages have numbers and no memory: what
// lies between two of them moves when somebody is deleted. They are sorted by the
// key, so that whoever is added comes last, and settled looks for deletions.
func (r *reading) rows(ctx context.Context, cursor string, ids []string) (source.Page[source.Identity], error) {
	var page source.Page[source.Identity]
	q := question{OrderBy: "eeid asc", Page: 1, PageSize: r.cfg.PageSize}
	if cursor != "" {
		q.Page, _ = strconv.Atoi(cursor) // written below
	}
	if len(ids) > 0 {
		// "in" takes a single value on every type of field; which one eeid has, the
		// documentation leaves open.
		q.Filter = "eeid in ('" + ids[0] + "')"
	}
	for n := range r.columns {
		q.Fields = append(q.Fields, r.columns[n].name)
	}
	body, err := json.Marshal(q)
	if err != nil {
		return page, err
	}
	asked := time.Now()
	answer, err := r.client.Read(ctx, fetch.Request{Path: "/v2/datasets/employee/data", Body: body})
	if err != nil {
		return page, err
	}
	e, err := r.page(answer.Body)
	if err != nil {
		return page, answer.Fail(fetch.BadContent, err)
	}
	// The server says when it answered; what it saw may be as old as the question.
	seen := r.serverTime(answer.Header).Add(-time.Since(asked))
	if err := r.pages.count(q.Page, &e, seen); err != nil {
		return page, err
	}
	page = source.Page[source.Identity]{Items: e.people, Total: e.total}
	if q.Page < e.totalPages {
		page.Next = strconv.Itoa(q.Page + 1)
	}
	return page, nil
}

// refusesFilter reports whether the dataset does not take the filter for one person,
// which the documentation permits without showing it for this field.
func (s *Source) refusesFilter(err error) bool {
	refused, ok := errors.AsType[*fetch.Error](err)
	return ok && s.cfg.Strategy == Dataset && refused.Status == http.StatusUnprocessableEntity
}

// count checks that a page is the one that was asked for, and whole.
func (p *dataPages) count(asked int, e *envelope, seen time.Time) error {
	if asked == 1 {
		p.begun, p.pageSize, p.total = seen, e.pageSize, e.total
	}
	pages := 0
	if e.pageSize > 0 {
		pages = (e.total + e.pageSize - 1) / e.pageSize
	}
	want := max(min(e.pageSize, e.total-(asked-1)*e.pageSize), 0)
	switch {
	case e.pageSize == 0:
		return fmt.Errorf("%w: it does not say how large a page is", source.ErrIncomplete)
	case e.page != asked:
		return fmt.Errorf("%w: asked for page %d, page %d came", source.ErrIncomplete, asked, e.page)
	case e.pageSize != p.pageSize:
		return fmt.Errorf("%w: the pages have %d and %d people", source.ErrIncomplete, p.pageSize, e.pageSize)
	case e.total < p.total:
		return fmt.Errorf("%w: there were %d people and are %d now", source.ErrIncomplete, p.total, e.total)
	case max(e.totalPages, 1) != max(pages, 1):
		return fmt.Errorf("%w: %d people do not fill %d pages of %d", source.ErrIncomplete, e.total, e.totalPages, e.pageSize)
	case len(e.people) != want:
		return fmt.Errorf("%w: page %d has %d people instead of %d", source.ErrIncomplete, asked, len(e.people), want)
	}
	p.total, p.several = e.total, p.several || asked > 1
	return nil
}

// settled makes sure that nobody who was listed was deleted while the pages of the
// dataset were read. Everybody behind them has moved by one place, and somebody over
// the edge of a page that was read already; the total may say nothing, if somebody
// else was added.
func (r *reading) settled(ctx context.Context) error {
	if !r.pages.several {
		return nil
	}
	deleted, err := r.changed(ctx, r.pages.begun.Add(-overlap), "deleted")
	if err != nil {
		return fmt.Errorf("look for deletions: %w", err)
	}
	for _, c := range deleted.changes {
		if r.known[c.id] {
			return fmt.Errorf("%w: employee %s was deleted while the pages were read, which moves the others; read again",
				source.ErrIncomplete, c.id)
		}
	}
	return nil
}

// serverTime returns the instant of an answer by the server's clock, so that nothing
// depends on ours.
func (s *Source) serverTime(h http.Header) time.Time {
	if t, err := http.ParseTime(h.Get("Date")); err == nil {
		return t
	}
	return s.cfg.Clock().Add(-skew)
}
