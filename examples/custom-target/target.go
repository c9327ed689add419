package main

import (
	"context"
	"errors"
	"iter"
	"slices"

	"github.com/provision-go/provision/target"
)

// usersTarget is the product's user table as a target.Target. The methods that
// it lacks, such as Delete, are those of target.Unsupported.
type usersTarget struct {
	target.Unsupported
	users *userTable
}

var _ target.Target = usersTarget{}

// Name is the one that rules use.
func (t usersTarget) Name() string { return "product" }

// Capabilities claim what the table can do, and nothing else.
func (t usersTarget) Capabilities() target.Capabilities {
	return target.Capabilities{
		Attributes: []target.AttributeSpec{
			{Name: "email", Unique: true, CaseFold: true},
			{Name: "name"},
			{Name: "title"},
		},
		Keys: true, SetKey: true, FindKey: true, Find: []string{"email"},
		Create: true, CreateDisabled: true, Update: true, Disable: true, Enable: true,
		Entitlements: []target.EntitlementSpec{{Kind: "role", Grant: true, Revoke: true, List: true}},
	}
}

// Accounts lists all rows, also those that somebody made by hand.
func (t usersTarget) Accounts(ctx context.Context) iter.Seq2[target.Account, error] {
	return listing(ctx, account, func() ([]user, error) {
		return t.users.Where(ctx, func(user) bool { return true })
	})
}

// Find looks for rows by ID, key or email.
func (t usersTarget) Find(ctx context.Context, by target.Find) ([]target.Account, error) {
	var fits func(user) bool
	switch {
	case by.ID != "":
		fits = func(u user) bool { return u.ID == by.ID }
	case !by.Key.IsZero():
		fits = func(u user) bool { return u.ExternalID == by.Key.String() }
	case by.Attribute == "email":
		fits = func(u user) bool { return target.FoldEqual(u.Email, by.Value) }
	default:
		return nil, target.ErrUnsupported
	}
	var found []target.Account
	rows, err := t.users.Where(ctx, fits)
	for _, u := range rows {
		found = append(found, account(u))
	}
	return found, classify(err)
}

// Create adds a row.
func (t usersTarget) Create(ctx context.Context, req target.CreateRequest) (target.Account, error) {
	u := user{ExternalID: req.Key.String(), Blocked: req.State == target.Disabled}
	if err := write(&u, req.Attributes, nil); err != nil {
		return target.Account{}, err
	}
	u, err := t.users.Insert(ctx, u)
	return account(u), classify(err)
}

// Update writes the attributes it is given, and a key if asked to.
func (t usersTarget) Update(ctx context.Context, req target.UpdateRequest) (target.Account, error) {
	return t.change(ctx, req.Ref, func(u *user) error {
		if !req.SetKey.IsZero() {
			u.ExternalID = req.SetKey.String()
		}
		return write(u, req.Set, req.Clear)
	})
}

// Disable blocks the user.
func (t usersTarget) Disable(ctx context.Context, req target.StateRequest) (target.Account, error) {
	return t.change(ctx, req.Ref, func(u *user) error { u.Blocked = true; return nil })
}

// Enable lets the user in again.
func (t usersTarget) Enable(ctx context.Context, req target.StateRequest) (target.Account, error) {
	return t.change(ctx, req.Ref, func(u *user) error { u.Blocked = false; return nil })
}

// Entitlements lists the roles of the product.
func (t usersTarget) Entitlements(ctx context.Context) iter.Seq2[target.Held, error] {
	return listing(ctx, held, func() ([]string, error) { return t.users.Roles(ctx) })
}

// Grant gives a role.
func (t usersTarget) Grant(ctx context.Context, req target.GrantRequest) error {
	return t.changeRoles(ctx, req, func(roles []string, role string) []string {
		if slices.Contains(roles, role) {
			return roles
		}
		return append(roles, role)
	})
}

// Revoke takes a role.
func (t usersTarget) Revoke(ctx context.Context, req target.GrantRequest) error {
	return t.changeRoles(ctx, req, func(roles []string, role string) []string {
		return slices.DeleteFunc(roles, func(has string) bool { return has == role })
	})
}

func (t usersTarget) changeRoles(ctx context.Context, req target.GrantRequest, change func([]string, string) []string) error {
	if req.Entitlement.Kind != "role" {
		return target.ErrUnsupported
	}
	_, err := t.change(ctx, req.Ref, func(u *user) error {
		u.Roles = change(u.Roles, req.Entitlement.Name)
		return nil
	})
	return err
}

func (t usersTarget) change(ctx context.Context, ref target.Ref, change func(*user) error) (target.Account, error) {
	u, err := t.users.Update(ctx, ref.ID, change)
	return account(u), classify(err)
}

// classify says what an error of the table means for the next step. What it does
// not know stays as it is and counts as unclear, which is the careful answer.
func classify(err error) error {
	switch {
	case errors.Is(err, errEmailTaken):
		return target.ExistsError("email", err)
	case errors.Is(err, errNoUser), errors.Is(err, errNoRole):
		return target.Fail(target.NotFound, err)
	case errors.Is(err, errDown):
		return target.Fail(target.NotSent, err)
	default:
		return err
	}
}
