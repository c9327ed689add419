package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"

	"github.com/provision-go/provision/source"
)

// maxAnswer is more than any answer has.
const maxAnswer = 16 << 20

// peopleAPI is a source.Source over an HTTP API that lists workers page by page.
type peopleAPI struct {
	URL   string
	Token string
	// Client should have a Timeout: it is how long one answer may take.
	Client *http.Client
}

var _ source.Source = (*peopleAPI)(nil)

// Name identifies the source in plans and findings.
func (s *peopleAPI) Name() string { return "people-api" }

// Identities reads page after page. A page that is lost, or a cursor that comes
// twice, ends in an error: source.Pages sees to that.
func (s *peopleAPI) Identities(ctx context.Context) iter.Seq2[source.Identity, error] {
	return source.Pages(ctx, s.page)
}

func (s *peopleAPI) page(ctx context.Context, cursor string) (source.Page[source.Identity], error) {
	var none source.Page[source.Identity]
	var answer struct {
		Workers []worker `json:"workers"`
		Next    *string  `json:"next"`
		Total   *int     `json:"total"`
	}
	if _, err := s.get(ctx, "/v1/workers?cursor="+url.QueryEscape(cursor), &answer); err != nil {
		return none, err
	}
	// Every page has all three. An answer without them, such as {} or an error with
	// status 200, is no empty list. Nor is it a company where nobody works: that is a
	// wrong address, or a permission that is missing.
	if answer.Workers == nil || answer.Next == nil || answer.Total == nil || *answer.Total < 1 {
		return none, fmt.Errorf("list workers: %w: nobody is in it", source.ErrBadContent)
	}
	page := source.Page[source.Identity]{Next: *answer.Next, Total: *answer.Total}
	for _, w := range answer.Workers {
		page.Items = append(page.Items, w.identity())
	}
	return page, nil
}

// Identity reads one person. Only here does a 404 say that somebody is not known.
func (s *peopleAPI) Identity(ctx context.Context, id string) (source.Identity, error) {
	var w worker
	status, err := s.get(ctx, "/v1/workers/"+url.PathEscape(id), &w)
	switch {
	case status == http.StatusNotFound:
		return source.Identity{}, fmt.Errorf("%w: %w", source.ErrNotFound, err)
	case err != nil:
		return source.Identity{}, err
	case w.ID != id:
		return source.Identity{}, fmt.Errorf("%w: it is about somebody else", source.ErrBadContent)
	}
	return w.identity(), nil
}

// get reads an answer to its end and returns its status, 0 if there was none. Why
// something could not be read is in the error, and nothing personal.
func (s *peopleAPI) get(ctx context.Context, path string, answer any) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+path, http.NoBody)
	if err != nil {
		return 0, errors.New("the address of the API is not a URL")
	}
	req.Header.Set("Authorization", "Bearer "+s.Token)
	resp, err := s.Client.Do(req)
	if err != nil {
		return 0, broken(ctx, req, err)
	}
	defer resp.Body.Close()
	if err := refused(req, resp.StatusCode); err != nil {
		return resp.StatusCode, err
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return resp.StatusCode, broken(ctx, req, err)
	}
	// Unlike a Decoder, Unmarshal also refuses what comes after the answer.
	if json.Unmarshal(body, answer) != nil {
		return resp.StatusCode, fmt.Errorf("GET %s: %w: it is not the JSON of this API", req.URL.Path, source.ErrBadContent)
	}
	return resp.StatusCode, nil
}

// broken says that there was no answer, or half of one. The text of net/http's error has
// the whole address; here that would be no secret, with tokens in queries it would.
func broken(ctx context.Context, req *http.Request, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("GET %s: %w", req.URL.Path, ctx.Err())
	}
	return fmt.Errorf("GET %s: %w: %w", req.URL.Path, source.ErrUnavailable, err)
}

// refused says why an answer is none, with the errors that package source has for it.
func refused(req *http.Request, status int) error {
	if status >= 200 && status <= 299 {
		return nil
	}
	err := fmt.Errorf("GET %s: status %d", req.URL.Path, status)
	switch {
	case status == http.StatusUnauthorized:
		return fmt.Errorf("%w: %w", source.ErrUnauthorized, err)
	case status == http.StatusForbidden:
		return fmt.Errorf("%w: %w", source.ErrForbidden, err)
	case status == http.StatusTooManyRequests:
		return fmt.Errorf("%w: %w", source.ErrThrottled, err)
	case status >= http.StatusInternalServerError:
		return fmt.Errorf("%w: %w", source.ErrUnavailable, err)
	}
	return err
}
