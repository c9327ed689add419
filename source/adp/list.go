package adp

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/internal/jsonscan"
	"github.com/provision-go/provision/source"
)

// A reading is one read, of everybody or of one person. It belongs to one goroutine.
type reading struct {
	*Source
	today  source.Date
	texts  map[string]string // that many workers have
	worker worker            // the present one
}

func (s *Source) reading() *reading {
	return &reading{Source: s, today: source.DateOf(s.cfg.Clock().UTC()), texts: map[string]string{}}
}

// errMoved says that people moved while the list was read.
var errMoved = errors.New("people moved in the list while it was read")

// everybody reads the list until it stays still.
func (s *Source) everybody(ctx context.Context) ([]source.Identity, error) {
	for n := 1; ; n++ {
		l := &listing{reading: s.reading(), places: map[string]int{}, total: -1}
		err := l.read(ctx)
		switch {
		case err == nil:
			return l.people, nil
		case !errors.Is(err, errMoved):
			return nil, err
		case n >= s.cfg.Readings:
			return nil, fmt.Errorf("%w: %w, %d times in a row", source.ErrIncomplete, err, n)
		}
	}
}

// A listing is the list as far as it was read.
type listing struct {
	*reading
	people []source.Identity
	places map[string]int // in people, by ID
	rows   int            // so far, each place of the list counted once
	last   string         // ID of the last row
	total  int            // -1 if it was not stated
	pages  int
}

// read reads page after page. The end is an answer without workers, 204 or an empty
// list; behind a full page it is a page with nobody but the one who is known already.
func (l *listing) read(ctx context.Context) error {
	full := false
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		skip := l.rows
		if full {
			skip--
		}
		p, err := l.ask(ctx, skip)
		if err != nil {
			return fmt.Errorf("page %d: %w", l.pages+1, err)
		}
		l.pages++
		if err := l.count(p.total); err != nil {
			return fmt.Errorf("page %d: %w", l.pages, err)
		}
		rows := p.people
		if full {
			if len(rows) == 0 || rows[0].ID != l.last {
				return fmt.Errorf("page %d: %w", l.pages, errMoved)
			}
			rows = rows[1:]
		}
		if len(rows) == 0 {
			return l.complete()
		}
		if err := l.add(rows); err != nil {
			return fmt.Errorf("page %d: %w", l.pages, err)
		}
		full = len(p.people) >= l.cfg.PageSize
	}
}

// ask reads the page that begins behind so many rows.
func (l *listing) ask(ctx context.Context, skip int) (page, error) {
	query := "?$top=" + strconv.Itoa(l.cfg.PageSize) + "&$skip=" + strconv.Itoa(skip)
	if !l.cfg.NoTotals {
		query += "&count=true"
	}
	if l.selects != "" {
		query += "&" + l.selects
	}
	// The dollar sign goes as it is; Query would escape it.
	answer, err := l.client.Read(ctx, fetch.Request{Path: "/hr/v2/workers", Next: query, Header: l.header()})
	if nothing(err) {
		return page{total: -1}, nil
	}
	if err != nil {
		return page{}, err
	}
	p, err := l.page(answer.Body)
	if err != nil {
		return page{}, answer.Fail(fetch.BadContent, err)
	}
	return p, nil
}

// count takes note of the total that a page states.
func (l *listing) count(total int) error {
	switch {
	case total < 0:
	case l.total >= 0 && total != l.total:
		return fmt.Errorf("%w: ADP counted %d and then %d (see Config.NoTotals)", errMoved, l.total, total)
	default:
		l.total = total
	}
	return nil
}

// add takes the rows of a page. Somebody who is known already moved to this page, and
// is taken as they are now; two rows of one page with one ID stay two, for the caller to
// see that they contradict each other.
func (l *listing) add(rows []source.Identity) error {
	fresh := false
	start := len(l.people)
	for _, i := range rows {
		at, known := l.places[i.ID]
		switch {
		case i.ID == "":
			fresh = true
			l.people = append(l.people, i)
		case known && at < start:
			l.people[at] = i
		default:
			fresh = true
			l.places[i.ID] = len(l.people)
			l.people = append(l.people, i)
		}
	}
	l.rows += len(rows)
	l.last = rows[len(rows)-1].ID
	if !fresh {
		return fmt.Errorf("%w: a page came twice", source.ErrIncomplete)
	}
	return nil
}

// complete looks for what makes a list unfit to act on.
func (l *listing) complete() error {
	switch {
	case len(l.people) == 0:
		// A company has somebody. Of a client that may see nobody ADP says the same.
		return fmt.Errorf("%w: nobody is listed; look at the scopes and the role of the client", source.ErrIncomplete)
	case l.total > len(l.people):
		return fmt.Errorf("%w: %d different people came, ADP counts %d (see Config.NoTotals)", errMoved, len(l.people), l.total)
	}
	return nil
}

// A page is one answer.
type page struct {
	people []source.Identity
	total  int // -1 if it is not stated
}

// page takes an answer apart. What it does not know it skips.
func (r *reading) page(body []byte) (page, error) {
	p, listed := page{total: -1}, false
	var refused refusal
	s := jsonscan.New(body)
	err := s.Members(func(key []byte) error {
		switch name := string(key); {
		case name == "workers" && (s.Peek() == '[' || s.Peek() == '{'):
			listed = true
			p.people = make([]source.Identity, 0, r.cfg.PageSize)
			return each(&s, func() error {
				i, err := r.row(&s)
				p.people = append(p.people, i)
				return err
			})
		case name == "meta":
			return object(&s, func(key string) error {
				if key != "totalNumber" {
					return s.Skip()
				}
				return total(&s, &p.total)
			})
		case name == "confirmMessage":
			return refused.read(&s, 0)
		}
		return s.Skip()
	})
	if err == nil {
		err = s.End()
	}
	if err == nil && !listed {
		err = errors.New("there is no list of workers in it" + refused.after())
	}
	return p, err
}

func total(s *jsonscan.Scanner, into *int) error {
	v, err := s.Value()
	if err != nil || v.Kind == jsonscan.Null {
		return err
	}
	n, err := strconv.Atoi(v.Text())
	if err != nil || n < 0 {
		return errors.New("totalNumber is no number")
	}
	*into = n
	return nil
}
