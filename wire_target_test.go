package provision_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"maps"
	"mime"
	"net/http"
	"net/url"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// wireTarget speaks to a wireAPI over plain net/http, as a connector of a user would.
type wireTarget struct {
	target.Unsupported

	base   string
	client *http.Client
	token  *wireToken
	can    target.Capabilities
}

var _ target.Target = (*wireTarget)(nil)

func (w *wireTarget) Name() string                      { return "app" }
func (w *wireTarget) Capabilities() target.Capabilities { return w.can }

var errWireShape = errors.New("the answer is not what was asked for")

// do makes one call. It repeats one thing: a call that was refused because the token
// had expired, which the system has not looked at.
func (w *wireTarget) do(ctx context.Context, method, path string, in any, header http.Header, out any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return target.Fail(target.Permanent, err)
		}
	}
	for attempt := 0; ; attempt++ {
		token, err := w.token.get(ctx)
		if err != nil {
			return err
		}
		req, err := http.NewRequestWithContext(ctx, method, w.base+path, bytes.NewReader(body))
		if err != nil {
			return target.Fail(target.Permanent, err)
		}
		maps.Copy(req.Header, header)
		req.Header.Set("Authorization", "Bearer "+token)
		resp, err := w.client.Do(req)
		if err != nil {
			return target.FromTransport(err)
		}
		answer, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
		_ = resp.Body.Close()
		if resp.StatusCode == http.StatusUnauthorized && attempt == 0 {
			if err := w.token.renew(ctx, token); err != nil {
				return err
			}
			continue
		}
		if err := target.FromHTTP(resp); err != nil {
			return err
		}
		if err != nil {
			return target.FromTransport(err) // the reply broke off
		}
		kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
		if kind != "application/json" || json.Unmarshal(answer, out) != nil {
			return target.Fail(target.Unclear, errWireShape)
		}
		return nil
	}
}

// wireUser is an account as the API writes it.
type wireUser struct {
	ID      string   `json:"id"`
	Key     string   `json:"key"`
	User    string   `json:"userName"`
	Display string   `json:"displayName"`
	Title   string   `json:"title"`
	Active  *bool    `json:"active"`
	Groups  []string `json:"groups"`
	Version string   `json:"version"`
}

func (u *wireUser) account() (target.Account, error) {
	if u.ID == "" || u.Active == nil {
		return target.Account{}, target.Fail(target.Unclear, errWireShape)
	}
	a := target.Account{
		ID: u.ID, Key: target.StoredKey(u.Key), State: target.Disabled, Version: u.Version,
		Attributes: target.Attrs(map[string]string{"userName": u.User, "displayName": u.Display, "title": u.Title}),
	}
	if *u.Active {
		a.State = target.Enabled
	}
	for _, name := range u.Groups {
		a.Entitlements = append(a.Entitlements, target.Entitlement{Kind: "group", Name: name})
	}
	return a, nil
}

// wireUsers is a page of accounts. What is nil was not in the answer.
type wireUsers struct {
	Users *[]wireUser `json:"users"`
	Next  string      `json:"next"`
	Total *int        `json:"total"`
}

func (w *wireTarget) page(ctx context.Context, query url.Values) (source.Page[target.Account], error) {
	var page source.Page[target.Account]
	var answer wireUsers
	if err := w.do(ctx, http.MethodGet, "/users?"+query.Encode(), nil, nil, &answer); err != nil {
		return page, err
	}
	if answer.Users == nil || answer.Total == nil {
		return page, target.Fail(target.Unclear, errWireShape)
	}
	for i := range *answer.Users {
		a, err := (*answer.Users)[i].account()
		if err != nil {
			return page, err
		}
		page.Items = append(page.Items, a)
	}
	page.Next, page.Total = answer.Next, *answer.Total
	return page, nil
}

func (w *wireTarget) Accounts(ctx context.Context) iter.Seq2[target.Account, error] {
	return source.Pages(ctx, func(ctx context.Context, cursor string) (source.Page[target.Account], error) {
		return w.page(ctx, url.Values{"cursor": {cursor}})
	})
}

func (w *wireTarget) Find(ctx context.Context, by target.Find) ([]target.Account, error) {
	switch {
	case by.ID != "":
		a, err := w.user(ctx, http.MethodGet, "/users/"+by.ID, nil, nil)
		if errors.Is(err, target.ErrNotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		return []target.Account{a}, nil
	case !by.Key.IsZero():
		page, err := w.page(ctx, url.Values{"key": {by.Key.String()}})
		return page.Items, err
	case by.Attribute == "userName":
		page, err := w.page(ctx, url.Values{"userName": {by.Value}})
		return page.Items, err
	}
	return nil, target.Fail(target.Permanent, target.ErrUnsupported)
}

func (w *wireTarget) user(ctx context.Context, method, path string, in any, header http.Header) (target.Account, error) {
	var u wireUser
	if err := w.do(ctx, method, path, in, header, &u); err != nil {
		return target.Account{}, err
	}
	return u.account()
}

func (w *wireTarget) Create(ctx context.Context, req target.CreateRequest) (target.Account, error) {
	active := req.State == target.Enabled
	header := http.Header{}
	if w.can.IdempotentCreate {
		// net/http repeats a request that has it by itself: only a system that knows
		// what it means may get it.
		header.Set("Idempotency-Key", req.IdempotencyKey)
	}
	return w.user(ctx, http.MethodPost, "/users", &wireUser{
		Key: req.Key.String(), User: req.Attributes.Get("userName"), Display: req.Attributes.Get("displayName"),
		Title: req.Attributes.Get("title"), Active: &active,
	}, header)
}

func createOf(id string) target.CreateRequest {
	return target.CreateRequest{
		Key: target.Key{Identity: id}, State: target.Enabled, IdempotencyKey: "create " + id,
		Attributes: target.Attrs(map[string]string{"userName": id, "displayName": "Person " + id, "title": "Clerk"}),
	}
}

func findKey(id string) target.Find { return target.Find{Key: target.Key{Identity: id}} }

func (w *wireTarget) patch(ctx context.Context, ref target.Ref, version string, change map[string]any) (target.Account, error) {
	header := http.Header{}
	if version != "" {
		header.Set("If-Match", version)
	}
	return w.user(ctx, http.MethodPatch, "/users/"+ref.ID, change, header)
}

func (w *wireTarget) Update(ctx context.Context, req target.UpdateRequest) (target.Account, error) {
	change := map[string]any{}
	for name, values := range req.Set.All() {
		change[name] = values[0]
	}
	for _, name := range req.Clear {
		change[name] = ""
	}
	return w.patch(ctx, req.Ref, req.Version, change)
}

func (w *wireTarget) Disable(ctx context.Context, req target.StateRequest) (target.Account, error) {
	return w.patch(ctx, req.Ref, req.Version, map[string]any{"active": false})
}

func (w *wireTarget) Enable(ctx context.Context, req target.StateRequest) (target.Account, error) {
	return w.patch(ctx, req.Ref, req.Version, map[string]any{"active": true})
}

func (w *wireTarget) Entitlements(ctx context.Context) iter.Seq2[target.Held, error] {
	return func(yield func(target.Held, error) bool) {
		var answer struct{ Groups []string }
		err := w.do(ctx, http.MethodGet, "/groups", nil, nil, &answer)
		if err == nil && answer.Groups == nil {
			err = target.Fail(target.Unclear, errWireShape)
		}
		if err != nil {
			yield(target.Held{}, err)
			return
		}
		for _, name := range answer.Groups {
			if !yield(target.Held{Entitlement: target.Entitlement{Kind: "group", Name: name}, ID: name}, nil) {
				return
			}
		}
	}
}

func (w *wireTarget) member(ctx context.Context, method string, req target.GrantRequest) error {
	_, err := w.user(ctx, method, "/groups/"+req.Entitlement.Name+"/members/"+req.Ref.ID, nil, nil)
	return err
}

func (w *wireTarget) Grant(ctx context.Context, req target.GrantRequest) error {
	return w.member(ctx, http.MethodPut, req)
}

func (w *wireTarget) Revoke(ctx context.Context, req target.GrantRequest) error {
	return w.member(ctx, http.MethodDelete, req)
}

// wireToken is one token for all calls.
type wireToken struct {
	turn  chan struct{} // holds one token; a mutex would keep the bubble's clock from going on
	value string
	fetch func(ctx context.Context) (string, error)
}

func newWireToken(fetch func(ctx context.Context) (string, error)) *wireToken {
	return &wireToken{turn: make(chan struct{}, 1), fetch: fetch}
}

// renew gets another token unless somebody has since the old one was handed out.
func (w *wireToken) renew(ctx context.Context, old string) error {
	select {
	case w.turn <- struct{}{}:
		defer func() { <-w.turn }()
	case <-ctx.Done():
		return target.Fail(target.NotSent, ctx.Err())
	}
	if w.value != old {
		return nil
	}
	value, err := w.fetch(ctx)
	if err != nil {
		return target.Fail(target.NotSent, err)
	}
	w.value = value
	return nil
}

func (w *wireToken) get(ctx context.Context) (string, error) {
	if err := w.renew(ctx, ""); err != nil {
		return "", err
	}
	select {
	case w.turn <- struct{}{}:
		defer func() { <-w.turn }()
	case <-ctx.Done():
		return "", target.Fail(target.NotSent, ctx.Err())
	}
	return w.value, nil
}
