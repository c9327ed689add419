package successfactors

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/source"
)

// A reading is one read, of everybody or of a few people. It belongs to one
// goroutine.
type reading struct {
	*Source
	today source.Date
	begun time.Time // by the server's clock, when the first answer came
	session

	texts  map[string]string // that many people have
	buffer []person          // of the present page
	parts  []source.Identity // of the present person

	decided                int // employments whose status is understood
	addressed, unaddressed int
	emailTypes             map[string]bool // of people without a work address
	users                  map[string]string
	waiting                []source.Identity // whose managers are not resolved
}

func (s *Source) reading() *reading {
	return &reading{
		Source: s, today: source.DateOf(s.cfg.Clock().UTC()), session: session{cookies: map[string]string{}},
		texts: map[string]string{}, emailTypes: map[string]bool{}, users: map[string]string{},
	}
}

// A session is what the server knows a reading by: it keeps the snapshot (SAP note
// 3308165).
type session struct {
	cookies map[string]string // values by name
	csrf    string
}

// sessionKey is where a request has its session.
type sessionKey struct{}

// withSession adds the session to the credentials of requests, so that it is kept as
// secret.
func withSession(authorize func(context.Context, *http.Request) error) func(context.Context, *http.Request) error {
	return func(ctx context.Context, request *http.Request) error {
		if s, ok := ctx.Value(sessionKey{}).(*session); ok {
			for _, name := range slices.Sorted(maps.Keys(s.cookies)) {
				request.AddCookie(&http.Cookie{Name: name, Value: s.cookies[name], Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode})
			}
			if s.csrf != "" {
				request.Header.Set("X-CSRF-Token", s.csrf)
			}
		}
		return authorize(ctx, request)
	}
}

// get asks, and once more with a new token if the present one is refused by another
// status than 401, which package fetch knows by itself.
func (r *reading) get(ctx context.Context, request fetch.Request) (fetch.Answer, error) {
	ctx = context.WithValue(ctx, sessionKey{}, &r.session)
	asked := r.cfg.Clock()
	answer, err := r.client.Read(ctx, request)
	refused, ok := errors.AsType[*fetch.Error](err)
	if ok && refused.Kind == fetch.Unauthorized && refused.Status != http.StatusUnauthorized && r.renew != nil {
		if err := r.renew(ctx); err != nil {
			return answer, fmt.Errorf("renew the token: %w", err)
		}
		answer, err = r.client.Read(ctx, request)
	}
	if err != nil {
		return answer, err
	}
	r.keep(answer.Header)
	if r.begun.IsZero() {
		r.begun = asked.Add(-skew)
		if t, err := http.ParseTime(answer.Header.Get("Date")); err == nil {
			r.begun = t.Add(-r.cfg.Clock().Sub(asked))
		}
	}
	return answer, nil
}

func (s *session) keep(h http.Header) {
	for _, c := range (&http.Response{Header: h}).Cookies() {
		if s.cookies[c.Name] = c.Value; c.MaxAge < 0 || c.Value == "" {
			delete(s.cookies, c.Name)
		}
	}
	if token := h.Get("X-CSRF-Token"); token != "" && !strings.EqualFold(token, "required") {
		s.csrf = token
	}
}

// pages asks for people page by page, and has each page looked at as a whole.
func (r *reading) pages(ctx context.Context, q question, look func(people []person) error) error {
	seen := map[string]bool{}
	pages := source.Pages(ctx, func(ctx context.Context, next string) (source.Page[struct{}], error) {
		var none source.Page[struct{}]
		request := fetch.Request{Path: "/PerPerson", Next: next}
		if next == "" {
			request.Query = r.query(q)
		}
		answer, err := r.get(ctx, request)
		if err != nil {
			return none, err
		}
		p, err := r.page(answer.Body)
		if err != nil {
			return none, answer.Fail(fetch.BadContent, err)
		}
		if again(seen, p.people) {
			return none, fmt.Errorf("%w: a page came twice", source.ErrIncomplete)
		}
		if len(p.people) == 0 && p.next != "" {
			return none, fmt.Errorf("%w: a page with more behind it is empty", source.ErrIncomplete)
		}
		if err := look(p.people); err != nil {
			return none, err
		}
		none.Items, none.Next = make([]struct{}, len(p.people)), p.next
		if q.all && r.cfg.Count {
			if next == "" && !p.counted {
				return none, fmt.Errorf("%w: it was asked how many people there are, and is not said", source.ErrIncomplete)
			}
			none.Total = p.total
		}
		return none, nil
	})
	for _, err := range pages {
		if err != nil {
			return err
		}
	}
	return nil
}

// again reports whether everybody on a page came before, and takes note of them: then
// the page stands in the place of another one.
func again(seen map[string]bool, people []person) bool {
	fresh := len(people) == 0
	for n := range people {
		id := people[n].id
		fresh = fresh || id == "" || !seen[id]
		seen[id] = true
	}
	return !fresh
}
