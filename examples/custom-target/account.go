package main

import (
	"context"
	"iter"

	"github.com/provision-go/provision/target"
)

// account is a row as provisioning sees it.
func account(u user) target.Account {
	a := target.Account{
		ID:    u.ID,
		Key:   target.StoredKey(u.ExternalID),
		State: target.Enabled,
		Attributes: target.Attrs(map[string]string{
			"email": u.Email, "name": u.Name, "title": u.Title,
		}),
	}
	if u.Blocked {
		a.State = target.Disabled
	}
	for _, role := range u.Roles {
		a.Entitlements = append(a.Entitlements, target.Entitlement{Kind: "role", Name: role})
	}
	return a
}

// held is a role as provisioning sees it.
func held(role string) target.Held {
	return target.Held{Entitlement: target.Entitlement{Kind: "role", Name: role}}
}

// listing yields what was read, or the one error that says it could not be.
func listing[Row, T any](ctx context.Context, convert func(Row) T, read func() ([]Row, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		rows, err := read()
		for _, row := range rows {
			if err = ctx.Err(); err != nil {
				break
			}
			if !yield(convert(row), nil) {
				return
			}
		}
		if err != nil {
			var none T
			yield(none, err)
		}
	}
}

// write puts attributes into the columns of a row, and empties others.
func write(u *user, set target.Attributes, empty []string) error {
	for name, values := range set.All() {
		at, err := column(u, name)
		if err != nil {
			return err
		}
		*at = values[0]
	}
	for _, name := range empty {
		at, err := column(u, name)
		if err != nil {
			return err
		}
		*at = ""
	}
	return nil
}

// column is the place of an attribute.
func column(u *user, attribute string) (*string, error) {
	switch attribute {
	case "email":
		return &u.Email, nil
	case "name":
		return &u.Name, nil
	case "title":
		return &u.Title, nil
	default:
		return nil, target.InvalidError(attribute, nil)
	}
}
