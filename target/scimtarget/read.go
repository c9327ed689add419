package scimtarget

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/scimclient"
	"github.com/provision-go/provision/target"
)

var (
	errOneOf   = errors.New("find: want exactly one of ID, Key and Attribute")
	errOtherID = errors.New("the service answered with another user than it was asked for")
	errNobody  = errors.New("no native id")
	errDots    = errors.New("a native id with . or .. as part of a path")
)

// Accounts yields every user.
func (t *Target) Accounts(ctx context.Context) iter.Seq2[target.Account, error] {
	return func(yield func(target.Account, error) bool) {
		names := newNames(t)
		var b target.AttrBuilder
		for r, err := range t.client.List(ctx, usersAt, scimclient.Query{}) {
			var a target.Account
			if err = cmp.Or(err, ctx.Err()); err == nil {
				a, err = t.account(ctx, &b, r, names)
			}
			if err != nil {
				yield(target.Account{}, classify(err, false))
				return
			}
			if !yield(a, nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(target.Account{}, classify(err, false))
		}
	}
}

// Find returns the users that match, with their groups.
func (t *Target) Find(ctx context.Context, by target.Find) ([]target.Account, error) {
	if err := ctx.Err(); err != nil {
		return nil, classify(err, false)
	}
	if one := btoi(by.ID != "") + btoi(!by.Key.IsZero()) + btoi(by.Attribute != ""); one != 1 {
		return nil, target.Fail(target.Permanent, errOneOf)
	}
	found, err := t.find(ctx, by)
	if err != nil {
		return nil, classify(err, false)
	}
	if err := t.enrol(ctx, found); err != nil {
		return nil, classify(err, false)
	}
	return found, nil
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// find is Find without groups, but for those that users list themselves.
func (t *Target) find(ctx context.Context, by target.Find) ([]target.Account, error) {
	switch {
	case by.ID != "":
		a, err := t.get(ctx, by.ID)
		if errors.Is(err, target.ErrNotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		return []target.Account{a}, nil
	case !by.Key.IsZero():
		return t.findKey(ctx, by.Key)
	}
	n, ok := t.order[by.Attribute]
	if !ok || !slices.Contains(t.caps.Find, by.Attribute) {
		return nil, target.ErrUnsupported
	}
	p := &t.places[n]
	filter := ""
	if t.filterable(p) {
		if filter, ok = p.equals(by.Value); !ok {
			return nil, nil
		}
		if !plain(by.Value) {
			filter = ""
		}
	}
	return t.search(ctx, filter, func(a *target.Account) bool {
		return slices.ContainsFunc(a.Attributes.Values(by.Attribute), func(v string) bool {
			return v == by.Value || p.spec.CaseFold && target.FoldEqual(v, by.Value)
		})
	})
}

func (t *Target) findKey(ctx context.Context, key target.Key) ([]target.Account, error) {
	name, text := "externalId", key.String()
	switch t.profile.Key {
	case NoKey:
		return nil, target.ErrUnsupported
	case NativeID:
		return t.find(ctx, target.Find{ID: text})
	case UserName:
		name = "userName"
	case ExternalID:
	}
	filter := ""
	if t.searches(name) && plain(text) {
		filter = name + " eq " + quoted(text)
	}
	return t.search(ctx, filter, func(a *target.Account) bool { return a.Key == key })
}

// equals is the filter for a value. It is false for what no user can have.
func (p *place) equals(value string) (string, bool) {
	v, err := wire(p.leaf(), value)
	if err != nil {
		return "", false
	}
	text := quoted(value)
	if _, is := v.(string); !is {
		text = value // true, 7
	}
	switch {
	case p.element():
		return p.path() + "[" + p.bracket() + " and " + p.sub.Name + " eq " + text + "]", true
	case p.sub != nil:
		return p.path() + "." + p.sub.Name + " eq " + text, true
	}
	return p.path() + " eq " + text, true
}

// search returns the users that match. Without a filter it reads all. Whatever a
// filter returns is looked at again: services exist that return everybody to a filter
// that they do not understand.
func (t *Target) search(ctx context.Context, filter string, match func(*target.Account) bool) ([]target.Account, error) {
	var found []target.Account
	var b target.AttrBuilder
	names := newNames(t)
	for r, err := range t.answers(ctx, filter) {
		if err != nil {
			return nil, err
		}
		a, err := t.account(ctx, &b, r, names)
		if err != nil {
			return nil, err
		}
		if match(&a) {
			found = append(found, a)
		}
	}
	return found, ctx.Err()
}

// answers yields what the service answers to a filter, or everybody without one.
func (t *Target) answers(ctx context.Context, filter string) iter.Seq2[scimclient.Resource, error] {
	if filter == "" {
		return t.client.List(ctx, usersAt, scimclient.Query{})
	}
	return func(yield func(scimclient.Resource, error) bool) {
		found, err := t.client.Find(ctx, usersAt, scimclient.Query{Filter: filter})
		if err != nil {
			yield(scimclient.Resource{}, err)
			return
		}
		for _, r := range found {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// checkID refuses what can be no native id in a path.
func checkID(id string) error {
	if id == "" {
		return target.Fail(target.Permanent, errNobody)
	}
	for part := range strings.SplitSeq(id, "/") {
		if part == "." || part == ".." {
			return target.Fail(target.Permanent, errDots)
		}
	}
	return nil
}

// get reads one user. ErrNotFound if there is none.
func (t *Target) get(ctx context.Context, id string) (target.Account, error) {
	r, err := t.read(ctx, id)
	if err != nil {
		return target.Account{}, err
	}
	return t.account(ctx, &target.AttrBuilder{}, r, newNames(t))
}

func (t *Target) read(ctx context.Context, id string) (scimclient.Resource, error) {
	if err := checkID(id); err != nil {
		return scimclient.Resource{}, err
	}
	r, err := t.client.Get(ctx, usersAt, id, scimclient.Query{})
	switch {
	case err != nil:
		return r, classify(err, false)
	case r.ID != id:
		return r, target.Fail(target.Permanent, errOtherID)
	}
	return r, nil
}

// account is a user as an account.
func (t *Target) account(ctx context.Context, b *target.AttrBuilder, r scimclient.Resource, names *groupNames) (target.Account, error) {
	if r.ID == "" {
		return target.Account{}, target.Fail(target.Permanent, errNobody)
	}
	a := target.Account{ID: r.ID, State: target.Enabled}
	if r.Object["active"] == false {
		a.State = target.Disabled
	}
	switch t.profile.Key {
	case ExternalID:
		a.Key = target.StoredKey(r.ExternalID)
	case UserName:
		login, _ := r.Object["userName"].(string)
		a.Key = target.StoredKey(login)
	case NativeID:
		a.Key = target.StoredKey(r.ID)
	case NoKey:
	}
	if t.profile.Versions {
		a.Version = r.Version
	}
	for i := range t.places {
		p := &t.places[i]
		if !p.spec.WriteOnly {
			b.Add(p.spec.Name, p.values(r.Object)...)
		}
	}
	a.Attributes = b.Build()
	if t.groups() && t.profile.Groups.Members == OnUsers {
		held, err := names.held(ctx, r.Object)
		if err != nil {
			return target.Account{}, err
		}
		a.Entitlements = held
	}
	return a, nil
}
