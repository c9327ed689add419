package scimclient

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strconv"

	"github.com/provision-go/provision/internal/fetch"
)

// passes is how often a list that changes while it is read is begun in all.
const passes = 3

// List yields all resources below an endpoint, such as "/Users", page by page. The
// sequence is complete or ends with an error, once and last; it may be ranged over
// again. Who is there from the beginning to the end is in it once. Who is created,
// changed or deleted meanwhile is in it as before or as after, or not.
//
// What answers say about themselves is not believed without a second look, because
// service providers exist that are wrong:
//
//   - totalResults is believed when it is greater than the page that states it;
//     otherwise it may be the size of the page, and the list goes on until nothing
//     follows its last resource.
//   - A page may have fewer resources than asked for, or more.
//   - A page that begins like the list itself means that startIndex is ignored. Then
//     the first page has to be all.
//   - Resources that come twice are yielded once if there are as many different ones
//     as there should be. Otherwise others are missing in their place.
//
// When resources went missing, the list is read again from the beginning, three
// times in all; resources that were yielded already are not yielded again. Then it is
// asked for in the order of ids, because service providers exist whose pages come in
// another order each time unless somebody asks for one (imulab). One that refuses that,
// or has fewer resources then, is not asked so again.
func (c *Client) List(ctx context.Context, endpoint string, q Query) iter.Seq2[Resource, error] {
	return c.list(ctx, endpoint, q, c.cfg.Careful)
}

func (c *Client) list(ctx context.Context, endpoint string, q Query, careful bool) iter.Seq2[Resource, error] {
	return func(yield func(Resource, error) bool) {
		l := &listing{c: c, endpoint: endpoint, query: q, size: q.PageSize, careful: careful, yield: yield}
		if l.size <= 0 {
			l.size = c.cfg.PageSize
		}
		if err := l.read(ctx); err != nil && !errors.Is(err, errLeft) {
			yield(Resource{}, err)
		}
	}
}

// listing is one reading of a list.
type listing struct {
	c        *Client
	endpoint string
	query    Query
	size     int
	careful  bool
	yield    func(Resource, error) bool

	yielded map[string]bool // by earlier passes
	pass    map[string]bool // seen by this one
	told    told            // in this one
	sorted  bool            // this pass asks for the order of ids
	// unsortable: the order of ids is not asked for any more.
	unsortable bool
	settled    int // how many resources a first page had that says it is all
}

// errLeft: nobody wants more. errMoved is wrapped when resources moved or went
// missing, so that another pass may be complete. errNoIndex is wrapped when the
// service provider ignores or refuses startIndex.
var (
	errLeft    = errors.New("left")
	errMoved   = errors.New("moved")
	errNoIndex = errors.New("no index")
)

func (l *listing) read(ctx context.Context) error {
	var err error
	var before told // by the service provider, in its own order
	for n := range passes {
		l.sorted = n > 0 && !l.unsortable
		l.begin()
		err = l.once(ctx)
		if l.sorted && (refusedSort(err) || err == nil && !l.agrees(before)) {
			l.sorted, l.unsortable = false, true
			l.begin()
			err = l.once(ctx)
		}
		if !errors.Is(err, errMoved) {
			break
		}
		if !l.sorted {
			before = l.told
		}
	}
	return shown(err)
}

// told is what a service provider says about how many resources there are.
type told struct {
	total    int64 // 0: nothing
	believed bool  // it is not the size of a page
}

// agrees reports whether a list in the order of ids has what there was without it: a
// service provider may leave out what it cannot sort.
func (l *listing) agrees(before told) bool {
	for id := range l.yielded {
		if !l.pass[id] {
			return false
		}
	}
	have := int64(len(l.pass))
	return have == before.total || have > before.total && before.believed
}

// refusedSort reports whether a service provider may not want to sort.
func refusedSort(err error) bool {
	switch StatusOf(err) {
	case http.StatusBadRequest, http.StatusForbidden, http.StatusMethodNotAllowed, http.StatusUnprocessableEntity,
		http.StatusInternalServerError, http.StatusNotImplemented:
		return true
	}
	return false
}

// begin begins a pass.
func (l *listing) begin() {
	if len(l.pass) > 0 && l.yielded == nil {
		l.yielded = map[string]bool{}
	}
	for id := range l.pass {
		l.yielded[id] = true
	}
	l.pass, l.told = map[string]bool{}, told{}
}

// once reads the list from its beginning.
func (l *listing) once(ctx context.Context) error {
	switch l.c.cfg.Paging {
	case ByCursor:
		return l.byCursor(ctx, false)
	case Unpaged:
		return l.unpaged(ctx)
	default:
	}
	l.settled = 0
	err := l.byIndex(ctx)
	if !errors.Is(err, errNoIndex) {
		return err
	}
	if l.c.cfg.Paging == Auto {
		// If it has cursors, it says so now; otherwise what was found out stays.
		l.begin()
		if instead := l.byCursor(ctx, true); !errors.Is(instead, errNoCursor) {
			return instead
		}
	}
	if l.settled > 0 {
		return l.settle(ctx, err)
	}
	return err
}

// settle says whether a first page that says it is the whole list is that, where
// nothing can be asked for behind it: the total stays the same when a smaller page is
// asked for, so it is not the size of the page; or the page does, so there are no
// pages. Otherwise what is wrong stays wrong.
func (l *listing) settle(ctx context.Context, wrong error) error {
	if l.settled > l.size {
		return nil // no smaller page will come
	}
	v := l.parameters("startIndex", "1")
	v.Set("count", "1")
	p, err := l.c.page(ctx, l.endpoint, v, 0)
	switch {
	case err != nil:
		return err
	case p.total == int64(l.settled), len(p.rows) == l.settled:
		return nil
	}
	return wrong
}

// unpaged reads the list as one answer.
func (l *listing) unpaged(ctx context.Context) error {
	p, err := l.c.page(ctx, l.endpoint, l.query.parameters(), 0)
	if err != nil {
		return err
	}
	if err := l.take(p.rows); err != nil {
		return err
	}
	if int64(len(l.pass)) < p.total {
		return missing(p, len(l.pass), p.total, nil)
	}
	if len(l.pass) < len(p.rows) && p.total == unstated {
		return p.fail(fetch.BadContent, fmt.Errorf("%w: a resource comes twice, and how many there are is not said", ErrIncomplete))
	}
	return nil
}

// take yields the resources that were not yielded.
func (l *listing) take(rows []Resource) error {
	for n := range rows {
		id := rows[n].ID
		if l.pass[id] {
			continue
		}
		l.pass[id] = true
		if !l.yielded[id] && !l.yield(rows[n], nil) {
			return errLeft
		}
	}
	return nil
}

// parameters are those of the query and of a page.
func (l *listing) parameters(name, value string) url.Values {
	v := l.query.parameters()
	v.Set(name, value)
	v.Set("count", strconv.Itoa(l.size))
	if l.sorted && name == "startIndex" {
		v.Set("sortBy", "id")
	}
	return v
}

// missing is the error of a list that has fewer resources than it says. why is
// errMoved if another pass may help.
func missing(p page, have int, want int64, why error) error {
	err := fmt.Errorf("%w: %d of %d resources came", ErrIncomplete, have, want)
	return marked(p.fail(fetch.BadContent, err), why)
}

// mark is an error with a sign for this package.
type mark struct {
	err  error
	sign error
}

func (m *mark) Error() string        { return m.err.Error() }
func (m *mark) Unwrap() error        { return m.err }
func (m *mark) Is(target error) bool { return target == m.sign }

func marked(err, sign error) error {
	if sign == nil {
		return err
	}
	return &mark{err, sign}
}

// shown takes the sign away.
func shown(err error) error {
	if m, ok := errors.AsType[*mark](err); ok {
		return m.err
	}
	return err
}
