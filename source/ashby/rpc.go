package ashby

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/internal/jsonscan"
	"github.com/provision-go/provision/source"
)

const mostPage = 100 // records

// A refusal is an answer with the status 200 that says that the request failed.
type refusal struct{ code, message string }

func (e *refusal) Error() string {
	if e.message == "" || e.message == e.code {
		return e.code
	}
	return e.code + ": " + e.message
}

// An envelope is what lies around the results of every answer.
type envelope struct {
	stated, success bool
	refusal         refusal
	results         bool // there are some
	more            *bool
	next, token     string
}

// call asks one of the procedures, and has take read the results. Whatever its name,
// those that are called here only read.
func (r *reading) call(
	ctx context.Context, procedure string, question map[string]any, take func(*jsonscan.Scanner) error,
) (envelope, error) {
	body, err := json.Marshal(question)
	if err != nil {
		return envelope{}, err
	}
	answer, err := r.client.Read(ctx, fetch.Request{
		Path: "/" + procedure, Body: body, Header: http.Header{"Accept": {"application/json; version=1"}},
	})
	if err != nil {
		return envelope{}, err
	}
	e, err := readEnvelope(answer.Body, take)
	if err != nil {
		// What failed has other results, or none: why it did is worth more.
		skip := func(s *jsonscan.Scanner) error { return s.Skip() }
		if failed, wrong := readEnvelope(answer.Body, skip); wrong == nil && !failed.success {
			e, err = failed, nil
		}
	}
	switch {
	case err != nil:
		return e, answer.Fail(fetch.BadContent, err)
	case !e.success:
		return e, answer.Fail(e.refusal.kind(), &e.refusal)
	}
	return e, nil
}

// kind says what a code means. The vendor has no list of all of them.
func (e *refusal) kind() fetch.Kind {
	switch {
	case strings.HasSuffix(e.code, "_not_found"):
		return fetch.NotFound
	case e.code == "missing_endpoint_permission", e.code == "forbidden":
		return fetch.Forbidden
	case e.code == "unauthorized", e.code == "invalid_api_key":
		return fetch.Unauthorized
	}
	return fetch.Refused
}

// expired reports whether an error says that a token of a sync is of no use any more.
func expired(err error) bool {
	e, ok := errors.AsType[*refusal](err)
	return ok && slices.Contains([]string{
		"sync_token_expired", "sync_token_invalid", "incremental_sync_too_large",
		"next_cursor_expired", "cursor_invalid", "invalid_next_cursor",
	}, e.code)
}

func readEnvelope(body []byte, take func(*jsonscan.Scanner) error) (envelope, error) {
	var e envelope
	s := jsonscan.New(body)
	err := s.Members(func(key []byte) error {
		switch string(key) {
		case "success":
			v, err := s.Value()
			e.stated, e.success = v.Kind == jsonscan.Boolean, v.Kind == jsonscan.Boolean && v.Text() == "true"
			return err
		case "results":
			if s.Peek() == 'n' {
				return s.Skip()
			}
			e.results = true
			return take(&s)
		case "moreDataAvailable":
			v, err := s.Value()
			if more := v.Text() == "true"; v.Kind == jsonscan.Boolean {
				e.more = &more
			}
			return err
		case "nextCursor":
			return text(&s, &e.next)
		case "syncToken":
			return text(&s, &e.token)
		case "errors", "errorInfo":
			return e.refusal.read(&s)
		}
		return s.Skip()
	})
	if err == nil {
		err = s.End()
	}
	switch {
	case err != nil:
	case !e.stated:
		err = errors.New("it does not say whether it succeeded")
	case e.success && !e.results:
		err = errors.New("it has no results")
	case !e.success && e.refusal.code == "":
		e.refusal.code = "the request failed, and it does not say why"
	}
	return e, err
}

// read takes a code and a message, in any of the forms that occur: a text, an object
// with both, or a list of them, of which the first counts. errorInfo wins.
func (e *refusal) read(s *jsonscan.Scanner) error {
	switch s.Peek() {
	case '[':
		return s.Elements(func() error { return e.read(s) })
	case '{':
		var code, message string
		err := s.Members(func(key []byte) error {
			switch string(key) {
			case "code":
				return text(s, &code)
			case "message":
				return text(s, &message)
			}
			return s.Skip()
		})
		if code != "" || message != "" {
			e.code, e.message = excerpt.Of(cmp.Or(code, message)), excerpt.Of(message)
		}
		return err
	}
	var code string
	err := text(s, &code)
	if e.code == "" {
		e.code = excerpt.Of(code)
	}
	return err
}

// text takes a text or a number; anything else is none.
func text(s *jsonscan.Scanner, into *string) error {
	v, err := s.Value()
	if err == nil && (v.Kind == jsonscan.Text || v.Kind == jsonscan.Number) {
		*into = v.Text()
	}
	return err
}

// list reads all pages of a list and calls take with each record. It returns the token
// with which the next sync begins. A page that begins with the record that another one
// began with is a page that came twice, in the place of another.
func list[T any](
	ctx context.Context, r *reading, procedure string, question map[string]any,
	read func(*jsonscan.Scanner) (T, error), key func(*T) string, take func(*T) error,
) (string, error) {
	known, token := map[string]bool{}, ""
	question["limit"] = r.cfg.PageSize
	pages := source.Pages(ctx, func(ctx context.Context, next string) (source.Page[*T], error) {
		var page source.Page[*T]
		if next != "" {
			question["cursor"] = next
		}
		e, err := r.call(ctx, procedure, question, func(s *jsonscan.Scanner) error {
			var err error
			page.Items, err = elements(s, read)
			return err
		})
		if err == nil {
			err = e.paging()
		}
		if err != nil {
			return page, err
		}
		if len(page.Items) > 0 {
			first := key(page.Items[0])
			if known[first] {
				return page, fmt.Errorf("%w: a page came twice", source.ErrIncomplete)
			}
			known[first] = true
		}
		if page.Next = e.next; !*e.more {
			page.Next, token = "", e.token
		}
		return page, nil
	})
	for element, err := range pages {
		if err == nil {
			err = take(element)
		}
		if err != nil {
			return "", fmt.Errorf("%s: %w", procedure, err)
		}
	}
	return token, nil
}

// paging checks that an answer says whether there is more, and where.
func (e *envelope) paging() error {
	switch {
	case e.more == nil:
		return fmt.Errorf("%w: the answer does not say whether there is more", source.ErrIncomplete)
	case *e.more && e.next == "":
		return fmt.Errorf("%w: there is more, and no cursor for it", source.ErrIncomplete)
	}
	return nil
}

func elements[T any](s *jsonscan.Scanner, read func(*jsonscan.Scanner) (T, error)) ([]*T, error) {
	all := make([]T, 0, mostPage)
	if s.Peek() != '[' {
		return nil, errors.New("the results are no list")
	}
	if err := s.Elements(func() error {
		element, err := read(s)
		all = append(all, element)
		return err
	}); err != nil {
		return nil, err
	}
	pointers := make([]*T, len(all))
	for n := range all {
		pointers[n] = &all[n]
	}
	return pointers, nil
}

// info reads one record.
func info[T any](
	ctx context.Context, r *reading, procedure string, question map[string]any, read func(*jsonscan.Scanner) (T, error),
) (T, error) {
	var one T
	_, err := r.call(ctx, procedure, question, func(s *jsonscan.Scanner) error {
		var err error
		one, err = read(s)
		return err
	})
	if err != nil {
		err = fmt.Errorf("%s: %w", procedure, err)
	}
	return one, err
}
