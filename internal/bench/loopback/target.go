package loopback

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"net/url"

	"github.com/provision-go/provision/internal/bench/people"
	"github.com/provision-go/provision/target"
)

// Target is the server as a target. It lists nobody: an engine that applies a
// whole plan finds an empty system.
type Target struct {
	target.Unsupported
	client *Client
}

var _ target.Target = (*Target)(nil)

// Target returns a target on top of a client.
func (c *Client) Target() *Target { return &Target{client: c} }

// Name returns [people.App].
func (t *Target) Name() string { return people.App }

// Capabilities returns those of every company's target.
func (t *Target) Capabilities() target.Capabilities { return people.Capabilities() }

// Accounts yields nobody.
func (t *Target) Accounts(context.Context) iter.Seq2[target.Account, error] {
	return func(func(target.Account, error) bool) {}
}

// Find asks for an account by native ID or by key.
func (t *Target) Find(ctx context.Context, by target.Find) ([]target.Account, error) {
	where := t.client.url + "/" + by.ID
	switch {
	case !by.Key.IsZero():
		where = t.client.url + "?key=" + url.QueryEscape(by.Key.String())
	case by.ID == "":
		return nil, target.Fail(target.Permanent, target.ErrUnsupported)
	}
	answer := bodies.get()
	defer bodies.put(answer)
	if err := t.client.do(ctx, http.MethodGet, where, nil, http.StatusOK, answer); err != nil {
		return nil, err
	}
	var fields map[string]any
	if err := json.Unmarshal(answer.Bytes(), &fields); err != nil {
		return nil, fmt.Errorf("account: %w", err)
	}
	a := target.Account{State: target.Enabled}
	var build target.AttrBuilder
	for name, value := range fields {
		switch text, _ := value.(string); name {
		case "id":
			a.ID = text
		case "externalId":
			a.Key = target.StoredKey(text)
		default:
			build.Add(name, text)
		}
	}
	a.Attributes = build.Build()
	return []target.Account{a}, nil
}

// Create makes an account.
func (t *Target) Create(ctx context.Context, req target.CreateRequest) (target.Account, error) {
	id, err := t.client.create(ctx, req.Key.String(), req.Attributes.All())
	return target.Account{ID: id, Key: req.Key, State: req.State, Attributes: req.Attributes}, err
}

// Update changes attributes.
func (t *Target) Update(ctx context.Context, req target.UpdateRequest) (target.Account, error) {
	body, answer := bodies.get(), bodies.get()
	defer bodies.put(body)
	defer bodies.put(answer)
	body.Write(appendAccount(append(body.AvailableBuffer(), '{'), req.Ref.Key.String(), req.Set.All()))
	err := t.client.do(ctx, http.MethodPatch, t.client.url+"/"+req.Ref.ID, body.Bytes(), http.StatusOK, answer)
	return target.Account{ID: req.Ref.ID, Key: req.Ref.Key, State: target.Enabled, Attributes: req.Set}, err
}

// Disable is not part of what is measured.
func (t *Target) Disable(context.Context, target.StateRequest) (target.Account, error) {
	return target.Account{}, target.ErrUnsupported
}

// Enable is not part of what is measured.
func (t *Target) Enable(context.Context, target.StateRequest) (target.Account, error) {
	return target.Account{}, target.ErrUnsupported
}
