package workday

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"strconv"
	"time"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/source"
)

// A reading is one read, of everybody or of a few people: all its questions are about
// the same day and the same moment of entry. It belongs to one goroutine.
type reading struct {
	*Source
	today   source.Date
	entered time.Time // zero: now
	common  map[string]string
	buffer  []source.Identity // of the present page
	renewed bool              // new credentials were asked for

	known   map[string]bool // Workday IDs of the people so far
	future  []source.Identity
	unnamed int // people without an ID
	decided int // people of whom the status may be seen
	hidden  int // people of whom nothing may be seen
	total   int // stated
}

// lag is how far behind our clock a list is read, so that nothing is entered any more
// for the moment that it is about, should the clocks differ.
const lag = time.Minute

func (s *Source) reading(whole bool) *reading {
	now := s.cfg.Connection.Clock()
	r := &reading{
		Source: s, today: source.DateOf(now.In(s.zone)), common: map[string]string{}, known: map[string]bool{}, total: -1,
	}
	if whole {
		r.entered = now.Add(-lag).UTC().Truncate(time.Millisecond)
	}
	return r
}

// ask asks a question. The people that it returns are overwritten by the next answer.
func (r *reading) ask(ctx context.Context, q question) ([]source.Identity, results, error) {
	q.entered = r.entered
	people, counted, err := r.try(ctx, q)
	if renew := r.cfg.Connection.Auth.renew; renew != nil && !r.renewed && expired(err) {
		r.renewed = true
		if err := renew(ctx); err != nil {
			return nil, results{}, fmt.Errorf("renew credentials: %w", err)
		}
		return r.try(ctx, q)
	}
	return people, counted, err
}

func (r *reading) try(ctx context.Context, q question) ([]source.Identity, results, error) {
	r.buffer = r.buffer[:0]
	answer, err := r.client.Read(ctx, fetch.Request{
		Path: "/service/{tenant}/Human_Resources/{version}", Args: []string{r.cfg.Connection.Tenant, r.cfg.Version},
		Body: r.envelope(q), ContentType: "text/xml; charset=utf-8", Header: http.Header{"Soapaction": {`""`}}, Want: fetch.XML,
	})
	if err != nil {
		return nil, results{}, err
	}
	d := &document{
		common: r.common, results: results{-1, -1, -1, -1},
		done: func(w *worker) { r.buffer = append(r.buffer, r.identity(w, r.today)) },
	}
	err = r.shape.walk(d, bytes.NewReader(answer.Body))
	switch {
	case err == nil && d.fault.present:
		refused := &fetch.Error{Status: http.StatusOK}
		r.Source.fault(refused, nil, answer.Body)
		return nil, results{}, answer.Fail(refused.Kind, errors.New(refused.Message))
	case err == nil && !d.response:
		err = errors.New("it is no answer to Get_Workers")
	case err == nil && (d.results.total < 0 || d.results.pages < 0):
		err = errors.New("it does not say how many people there are")
	}
	if err != nil {
		return nil, results{}, answer.Fail(fetch.BadContent, err)
	}
	return r.buffer, d.results, nil
}

// pages yields everybody, or those in a window of the transaction log.
func (r *reading) pages(ctx context.Context, w *window) iter.Seq2[source.Identity, error] {
	first, seen := results{total: -1}, map[string]bool{}
	return source.Pages(ctx, func(ctx context.Context, cursor string) (source.Page[source.Identity], error) {
		asked := 1
		if cursor != "" {
			asked, _ = strconv.Atoi(cursor) // written below
		}
		people, counted, err := r.ask(ctx, question{window: w, asOf: r.today, page: asked})
		if err != nil {
			return source.Page[source.Identity]{}, err
		}
		if first.total < 0 {
			first = counted
		}
		if err := counted.check(asked, len(people), first); err != nil {
			return source.Page[source.Identity]{}, err
		}
		before := len(seen)
		for n := range people {
			seen[people[n].ID] = true // all without an ID count as one
		}
		if len(people) > 0 && len(seen) == before {
			return source.Page[source.Identity]{}, fmt.Errorf("%w: page %d has nobody new", source.ErrIncomplete, asked)
		}
		page := source.Page[source.Identity]{Items: people, Total: counted.total}
		if asked < counted.pages {
			page.Next = strconv.Itoa(asked + 1)
		}
		if w == nil {
			r.total = counted.total
		}
		return page, nil
	})
}

// check says whether a page is the one that was asked for, and whole. Everything is
// about one moment: the numbers do not change from page to page.
func (c results) check(asked, people int, first results) error {
	switch {
	case c.page >= 0 && c.page != asked && c.pages > 0:
		return fmt.Errorf("%w: asked for page %d, page %d came", source.ErrIncomplete, asked, c.page)
	case c.total != first.total || c.pages != first.pages:
		return fmt.Errorf("%w: there were %d people on %d pages and are %d on %d now",
			source.ErrIncomplete, first.total, first.pages, c.total, c.pages)
	case c.onPage >= 0 && c.onPage != people:
		return fmt.Errorf("%w: page %d has %d people instead of %d", source.ErrIncomplete, asked, people, c.onPage)
	case c.pages > max(c.total, 1):
		return fmt.Errorf("%w: %d people do not fill %d pages", source.ErrIncomplete, c.total, c.pages)
	case people == 0 && c.total > 0:
		return fmt.Errorf("%w: page %d has nobody", source.ErrIncomplete, asked)
	}
	return nil
}

// meet takes note of somebody. It reports whether they were met before.
func (r *reading) meet(i *source.Identity) bool {
	switch {
	case i.ID == "":
		r.unnamed++
		return false
	case r.known[i.ID]:
		return true
	}
	r.known[i.ID] = true
	if i.StatusRaw != "" {
		r.decided++
	} else {
		r.hidden++
	}
	return false
}

// complete looks, after the last page of everybody, for what makes a list unfit to
// act on.
func (r *reading) complete() error {
	switch {
	case len(r.known)+r.unnamed == 0:
		return fmt.Errorf("%w: nobody is listed; look at the security group of the integration user", source.ErrIncomplete)
	case len(r.known)+r.unnamed < r.total:
		return fmt.Errorf("%w: %d different people came, Workday counts %d", source.ErrIncomplete, len(r.known)+r.unnamed, r.total)
	case r.decided == 0:
		return fmt.Errorf("%w: the integration user may see the status of nobody; look at its security group", source.ErrIncomplete)
	}
	return nil
}

// findings returns what concerns nobody in particular.
func (r *reading) findings() []source.Finding {
	if r.hidden == 0 {
		return nil
	}
	return []source.Finding{{
		Source: r.cfg.Name, Code: source.CodeBadValue, Field: "status",
		Message: fmt.Sprintf("the integration user may not see the status of %d of %d people", r.hidden, len(r.known)),
	}}
}
