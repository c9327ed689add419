package main

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Errors of the user table, as a product has them.
var (
	errNoUser     = errors.New("no such user")
	errNoRole     = errors.New("no such role")
	errEmailTaken = errors.New("email is taken")
	errDown       = errors.New("no connection to the database")
)

// user is a row of the product's own table. ExternalID is the one column that
// provisioning asks for: it says whose account this is.
type user struct {
	ID         string
	ExternalID string
	Email      string
	Name       string
	Title      string
	Blocked    bool
	Roles      []string
}

// userTable stands for the table in the product's database. It knows nothing
// about provisioning.
type userTable struct {
	roles []string
	down  bool // every call fails

	mu   sync.Mutex
	rows []user
}

func newUserTable(roles ...string) *userTable { return &userTable{roles: roles} }

// Where returns the rows that fit, in the order in which they were added.
func (t *userTable) Where(ctx context.Context, fits func(user) bool) ([]user, error) {
	if err := t.ready(ctx); err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	var out []user
	for _, row := range t.rows {
		if fits(row) {
			out = append(out, row.clone())
		}
	}
	return out, nil
}

// Roles returns the roles that the product knows.
func (t *userTable) Roles(ctx context.Context) ([]string, error) {
	return slices.Clone(t.roles), t.ready(ctx)
}

// Insert adds a row and gives it an ID.
func (t *userTable) Insert(ctx context.Context, u user) (user, error) {
	if err := t.ready(ctx); err != nil {
		return user{}, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	u.ID = "u" + strconv.Itoa(len(t.rows)+1)
	if t.taken(u) {
		return user{}, errEmailTaken
	}
	t.rows = append(t.rows, u.clone())
	return u, nil
}

// Update changes one row in a transaction and returns it as stored. An error of
// change leaves the row as it was.
func (t *userTable) Update(ctx context.Context, id string, change func(*user) error) (user, error) {
	if err := t.ready(ctx); err != nil {
		return user{}, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	n := slices.IndexFunc(t.rows, func(row user) bool { return row.ID == id })
	if n < 0 {
		return user{}, errNoUser
	}
	row := t.rows[n].clone()
	if err := change(&row); err != nil {
		return user{}, err
	}
	switch {
	case t.taken(row):
		return user{}, errEmailTaken
	case slices.ContainsFunc(row.Roles, func(role string) bool { return !slices.Contains(t.roles, role) }):
		return user{}, errNoRole
	}
	t.rows[n] = row
	return row.clone(), nil
}

func (t *userTable) ready(ctx context.Context) error {
	if t.down {
		return errDown
	}
	return ctx.Err()
}

func (t *userTable) taken(u user) bool {
	return slices.ContainsFunc(t.rows, func(row user) bool {
		return row.ID != u.ID && strings.EqualFold(row.Email, u.Email)
	})
}

func (u user) clone() user {
	u.Roles = slices.Clone(u.Roles)
	return u
}
