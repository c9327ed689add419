package provision_test

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/source"
)

// wireSource reads the people of a wireAPI as the connectors of this module do.
type wireSource struct{ client *fetch.Client }

var _ source.Source = (*wireSource)(nil)

// newWireSource gets its tokens by calling renew.
func newWireSource(t *testing.T, base string, transport http.RoundTripper, token *wireToken) *wireSource {
	t.Helper()
	client, err := fetch.New(fetch.Config{
		System: "hr", Base: base, Private: true, Transport: transport,
		Authorize: func(ctx context.Context, r *http.Request) error {
			value, err := token.get(ctx)
			r.Header.Set("Authorization", "Bearer "+value)
			return err
		},
		Renew: func(ctx context.Context) error {
			value, err := token.get(ctx)
			if err != nil {
				return err
			}
			return token.renew(ctx, value)
		},
	})
	require.NoError(t, err)
	return &wireSource{client}
}

func (*wireSource) Name() string { return "hr" }

// wirePerson is a person as the API writes them.
type wirePerson struct {
	ID         string `json:"id"`
	Status     string `json:"status"`
	Name       string `json:"name"`
	Title      string `json:"title"`
	Department string `json:"department"`
	LastDay    string `json:"lastDay"`
}

func (p *wirePerson) identity() (source.Identity, error) {
	i := person(p.ID, p.Department, p.Title)
	i.DisplayName, i.HireDate = p.Name, day(1999, 1, 1) // a bubble begins in 2000
	switch p.Status {
	case "active":
	case "terminated":
		i.Status = source.Terminated
		var err error
		if i.LastDay, err = source.ParseDate(p.LastDay); err != nil {
			return i, err
		}
	default:
		return i, errors.New("no status")
	}
	return i, nil
}

func (w *wireSource) Identities(ctx context.Context) iter.Seq2[source.Identity, error] {
	return source.Pages(ctx, func(ctx context.Context, cursor string) (source.Page[source.Identity], error) {
		var page source.Page[source.Identity]
		var got struct {
			People *[]wirePerson `json:"people"`
			Next   string        `json:"next"`
			Total  *int          `json:"total"`
		}
		answer, err := w.client.JSON(ctx, fetch.Request{Path: "/people", Query: url.Values{"cursor": {cursor}}}, &got)
		if err != nil {
			return page, err
		}
		if got.People == nil || got.Total == nil {
			return page, answer.Fail(fetch.BadContent, errWireShape)
		}
		for i := range *got.People {
			identity, err := (*got.People)[i].identity()
			if err != nil {
				return page, answer.Fail(fetch.BadContent, err)
			}
			page.Items = append(page.Items, identity)
		}
		page.Next, page.Total = got.Next, *got.Total
		return page, nil
	})
}

func (w *wireSource) Identity(ctx context.Context, id string) (source.Identity, error) {
	var p wirePerson
	answer, err := w.client.JSON(ctx, fetch.Request{Path: "/people/{id}", Args: []string{id}}, &p)
	if err != nil {
		return source.Identity{}, err
	}
	if p.ID != id {
		return source.Identity{}, answer.Fail(fetch.BadContent, errWireShape)
	}
	return p.identity()
}
