package main

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"net/url"

	"github.com/provision-go/provision/source"
)

// peopleAPI is a source.Source over an HTTP API that lists workers page by page.
type peopleAPI struct {
	URL    string
	Token  string
	Client *http.Client
}

var _ source.Source = (*peopleAPI)(nil)

// Name identifies the source in plans and findings.
func (s *peopleAPI) Name() string { return "people-api" }

// Identities reads page after page. A page that is lost, or a cursor that comes
// twice, ends in an error: source.Pages sees to that.
func (s *peopleAPI) Identities(ctx context.Context) iter.Seq2[source.Identity, error] {
	return source.Pages(ctx, func(ctx context.Context, cursor string) (source.Page[source.Identity], error) {
		var answer struct {
			Workers []worker `json:"workers"`
			Next    string   `json:"next"`
			Total   int      `json:"total"`
		}
		if err := s.get(ctx, "/v1/workers?cursor="+url.QueryEscape(cursor), &answer); err != nil {
			return source.Page[source.Identity]{}, err
		}
		page := source.Page[source.Identity]{Next: answer.Next, Total: answer.Total}
		for _, w := range answer.Workers {
			page.Items = append(page.Items, w.identity())
		}
		return page, nil
	})
}

// Identity reads one person.
func (s *peopleAPI) Identity(ctx context.Context, id string) (source.Identity, error) {
	var w worker
	if err := s.get(ctx, "/v1/workers/"+url.PathEscape(id), &w); err != nil {
		return source.Identity{}, err
	}
	return w.identity(), nil
}

func (s *peopleAPI) get(ctx context.Context, path string, answer any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+path, http.NoBody)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+s.Token)
	resp, err := s.Client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
		return json.NewDecoder(resp.Body).Decode(answer)
	case http.StatusNotFound:
		return fmt.Errorf("GET %s: %w", req.URL.Path, source.ErrNotFound)
	default:
		return fmt.Errorf("GET %s: %s", req.URL.Path, resp.Status)
	}
}
