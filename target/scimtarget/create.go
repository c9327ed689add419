package scimtarget

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/provision-go/provision/internal/scim"
	"github.com/provision-go/provision/internal/scimclient"
	"github.com/provision-go/provision/target"
)

var (
	errNoKey     = errors.New("the service does not keep externalId; use a profile with the key elsewhere")
	errLogin     = errors.New("the key is kept here, so it has to be the key")
	errState     = errors.New("want enabled or disabled")
	errNotShown  = errors.New("the user was created and is not shown")
	errStillOpen = errors.New("the service accepted that, and the account is as before")
)

// Create makes a user. If the service says that there is one already, it looks which
// attribute clashes, and changes nothing.
func (t *Target) Create(ctx context.Context, req target.CreateRequest) (target.Account, error) {
	if err := ctx.Err(); err != nil {
		return target.Account{}, target.Fail(target.NotSent, err)
	}
	body, edits, err := t.newUser(req)
	if err != nil {
		return target.Account{}, err
	}
	// SCIM knows no idempotency key: a create that may have happened is looked for.
	reply, err := t.submit(ctx, scimclient.Write{Method: http.MethodPost, Endpoint: usersAt, Body: body})
	if err != nil {
		if taken(err) {
			return target.Account{}, t.clash(ctx, err, edits, "")
		}
		return target.Account{}, classify(err, true)
	}
	return t.made(ctx, req, reply)
}

// newUser is the body of a create: what is asked for and nothing else.
func (t *Target) newUser(req target.CreateRequest) (scim.Object, []edit, error) {
	if req.State != target.Enabled && req.State != target.Disabled {
		return nil, nil, target.Fail(target.Permanent, errState)
	}
	if req.State == target.Disabled && !t.caps.CreateDisabled {
		return nil, nil, target.ErrUnsupported
	}
	edits, err := t.edits(req.Attributes, nil)
	if err != nil {
		return nil, nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(req.Secrets)) {
		e, err := t.edit(name, []string{req.Secrets[name].Reveal()})
		switch {
		case err != nil:
			return nil, nil, err
		case !e.spec.WriteOnly:
			return nil, nil, target.InvalidError(name, errSecret)
		case req.Attributes.Has(name):
			return nil, nil, target.InvalidError(name, errTwice)
		}
		edits = append(edits, e)
	}
	user := scim.Object{}
	if user, err = t.stamped(user, edits, req.Key); err != nil {
		return nil, nil, err
	}
	for i := range edits {
		edits[i].assign(user, edits[i].values)
	}
	user["active"] = req.State == target.Enabled
	user["schemas"] = schemasOf(user)
	return user, edits, nil
}

// stamped is a new user with its key.
func (t *Target) stamped(user scim.Object, edits []edit, key target.Key) (scim.Object, error) {
	text := key.String()
	switch t.profile.Key {
	case ExternalID, NativeID:
		if text != "" {
			user["externalId"] = text
		}
	case UserName:
		for i := range edits {
			if edits[i].login() && edits[i].values[0] != text {
				return nil, target.InvalidError(edits[i].spec.Name, errLogin)
			}
		}
		user["userName"] = text
	case NoKey:
	}
	return user, nil
}

// schemasOf are the schemas of a user's attributes.
func schemasOf(user scim.Object) []any {
	var extensions []string
	for name, value := range user {
		if _, ok := value.(scim.Object); ok && len(name) > 4 && target.FoldEqual(name[:4], "urn:") {
			extensions = append(extensions, name)
		}
	}
	slices.Sort(extensions)
	out := []any{scim.UserURN}
	for _, name := range extensions {
		out = append(out, name)
	}
	return out
}

// made is the account that a create has made.
func (t *Target) made(ctx context.Context, req target.CreateRequest, reply written) (target.Account, error) {
	if id := reply.Resource.ID; reply.shared && !whole(reply.Reply) && id != "" && req.State == target.Enabled {
		// To look at each would take back what the bulk request saved.
		return target.Account{
			ID: id, Key: req.Key, State: req.State, Attributes: req.Attributes, Version: t.precondition(reply.Resource.Version),
		}, nil
	}
	a, err := t.shown(ctx, req, reply.Reply)
	if err != nil {
		return target.Account{}, target.Fail(target.Unclear, fmt.Errorf("read what was created: %w", err))
	}
	if t.profile.Key == ExternalID && a.Key != req.Key {
		// Some answers have less than the user.
		if a, err = t.get(ctx, a.ID); err != nil {
			return target.Account{}, target.Fail(target.Unclear, err)
		}
		if a.Key != req.Key {
			return target.Account{}, target.Fail(target.Permanent, fmt.Errorf("user %s was created: %w", a.ID, errNoKey))
		}
	}
	if a.State != req.State && t.profile.Disable {
		// Nobody is to get in before their time.
		if a, err = t.setState(ctx, a.ID, "", req.State); err != nil {
			return target.Account{}, target.Fail(target.Unclear, fmt.Errorf("user %s was created: %w", a.ID, err))
		}
	}
	return a, nil
}

// shown reads what was created, in the answer if it has it.
func (t *Target) shown(ctx context.Context, req target.CreateRequest, reply scimclient.Reply) (target.Account, error) {
	switch {
	case whole(reply):
		return t.account(ctx, &target.AttrBuilder{}, reply.Resource, newNames(t))
	case reply.Resource.ID != "":
		return t.get(ctx, reply.Resource.ID)
	}
	by := target.Find{Key: req.Key}
	if t.profile.Key == NoKey || req.Key.IsZero() {
		by = target.Find{}
		for i := range t.places {
			if p := &t.places[i]; p.spec.Unique && req.Attributes.Has(p.spec.Name) {
				by = target.Find{Attribute: p.spec.Name, Value: req.Attributes.Get(p.spec.Name)}
				break
			}
		}
	}
	if by == (target.Find{}) {
		return target.Account{}, errNotShown
	}
	found, err := t.find(ctx, by)
	if err == nil && len(found) != 1 {
		err = errNotShown
	}
	if err != nil {
		return target.Account{}, err
	}
	return found[0], nil
}

// clash finds out which attribute of a write is somebody else's. self is the user that
// is written, "" for a new one.
func (t *Target) clash(ctx context.Context, refused error, edits []edit, self string) error {
	for i := range edits {
		e := &edits[i]
		if !e.spec.Unique || len(e.values) == 0 {
			continue
		}
		text, _ := words(e.leaf(), e.values[0])
		found, err := t.find(ctx, target.Find{Attribute: e.spec.Name, Value: text})
		if err != nil {
			break // then nobody knows
		}
		if slices.ContainsFunc(found, func(a target.Account) bool { return a.ID != self }) {
			return target.ExistsError(e.spec.Name, refused)
		}
	}
	switch {
	case status(refused) != http.StatusConflict:
		return classify(refused, true) // it only sounded like it
	case self != "" && !uniqueness(refused):
		return target.Fail(target.Conflict, refused)
	}
	return target.ExistsError("", refused)
}

func uniqueness(err error) bool {
	e, ok := errors.AsType[*scimclient.Error](err)
	return ok && e.ScimType == scim.Uniqueness
}
