package target_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"sync"

	"github.com/provision-go/provision/target"
)

// intranet is a small system: names, and whether people may log in. A real one
// would sit behind an API.
type intranet struct {
	target.Unsupported
	mu   sync.Mutex
	rows []row
}

type row struct{ staffNumber, login, name, active string }

func (*intranet) Name() string { return "intranet" }

func (*intranet) Capabilities() target.Capabilities {
	return target.Capabilities{
		Attributes: []target.AttributeSpec{{Name: "login", Unique: true}, {Name: "name"}},
		Keys:       true, Create: true, Update: true, Disable: true, Enable: true, CreateDisabled: true,
	}
}

func (s *intranet) account(i int) target.Account {
	r := s.rows[i]
	a := target.Account{
		ID:         strconv.Itoa(i),
		Key:        target.StoredKey(r.staffNumber),
		State:      target.Disabled,
		Attributes: target.Attrs(map[string]string{"login": r.login, "name": r.name}),
	}
	if r.active == "Y" {
		a.State = target.Enabled
	}
	return a
}

func (s *intranet) Accounts(ctx context.Context) iter.Seq2[target.Account, error] {
	return func(yield func(target.Account, error) bool) {
		s.mu.Lock()
		all := make([]target.Account, len(s.rows))
		for i := range s.rows {
			all[i] = s.account(i)
		}
		s.mu.Unlock()
		for _, a := range all {
			if err := ctx.Err(); err != nil {
				yield(target.Account{}, err)
				return
			}
			if !yield(a, nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(target.Account{}, err)
		}
	}
}

func (s *intranet) Find(ctx context.Context, by target.Find) ([]target.Account, error) {
	if by.ID == "" {
		return nil, target.ErrUnsupported
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if i, ok := s.row(by.ID); ok {
		return []target.Account{s.account(i)}, ctx.Err()
	}
	return nil, ctx.Err()
}

func (s *intranet) row(id string) (int, bool) {
	i, err := strconv.Atoi(id)
	return i, err == nil && i >= 0 && i < len(s.rows)
}

func (s *intranet) free(login, id string) error {
	i := slices.IndexFunc(s.rows, func(r row) bool { return r.login == login })
	if i >= 0 && strconv.Itoa(i) != id {
		return target.ExistsError("login", errors.New("taken"))
	}
	return nil
}

func (s *intranet) Create(_ context.Context, req target.CreateRequest) (target.Account, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.free(req.Attributes.Get("login"), ""); err != nil {
		return target.Account{}, err
	}
	s.rows = append(s.rows, row{req.Key.String(), req.Attributes.Get("login"), req.Attributes.Get("name"), flag(req.State)})
	return s.account(len(s.rows) - 1), nil
}

func flag(s target.State) string {
	if s == target.Enabled {
		return "Y"
	}
	return "N"
}

func (s *intranet) Update(_ context.Context, req target.UpdateRequest) (target.Account, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, ok := s.row(req.Ref.ID)
	if !ok {
		return target.Account{}, target.ErrNotFound
	}
	if !req.SetKey.IsZero() {
		return target.Account{}, target.ErrUnsupported
	}
	next := s.rows[i]
	for name, field := range map[string]*string{"login": &next.login, "name": &next.name} {
		if v := req.Set.Get(name); v != "" {
			*field = v
		}
		if slices.Contains(req.Clear, name) {
			*field = ""
		}
	}
	for _, name := range req.Set.Names() {
		if name != "login" && name != "name" {
			return target.Account{}, target.InvalidError(name, errors.New("no such attribute"))
		}
	}
	if err := s.free(next.login, req.Ref.ID); err != nil {
		return target.Account{}, err
	}
	s.rows[i] = next
	return s.account(i), nil
}

func (s *intranet) Disable(_ context.Context, req target.StateRequest) (target.Account, error) {
	return s.set(req.Ref.ID, target.Disabled)
}

func (s *intranet) Enable(_ context.Context, req target.StateRequest) (target.Account, error) {
	return s.set(req.Ref.ID, target.Enabled)
}

func (s *intranet) set(id string, to target.State) (target.Account, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, ok := s.row(id)
	if !ok {
		return target.Account{}, target.ErrNotFound
	}
	s.rows[i].active = flag(to)
	return s.account(i), nil
}

// A whole connector, for a system that stores names and a flag.
func Example() {
	ctx := context.Background()
	app := &intranet{}
	ana, err := app.Create(ctx, target.CreateRequest{
		Key: target.Key{Identity: "E1"}, State: target.Enabled,
		Attributes: target.Attrs(map[string]string{"login": "ana", "name": "Ana Silva"}),
	})
	fmt.Println(ana.ID, ana.State, err)
	_, err = app.Create(ctx, target.CreateRequest{
		Key: target.Key{Identity: "E2"}, State: target.Enabled, Attributes: target.Attrs(map[string]string{"login": "ana"}),
	})
	fmt.Println(target.ClassOf(err), err)
	fmt.Println(app.Delete(ctx, target.StateRequest{Ref: target.Ref{ID: ana.ID}}))

	snapshot, err := target.Collect(ctx, app)
	fmt.Println(snapshot.Len(), snapshot.Complete(), err)
	for _, a := range snapshot.Managed() {
		fmt.Println(a.Key, a.State, a.Attributes)
	}
	// Output:
	// 0 enabled <nil>
	// exists login: taken
	// not supported by the target
	// 1 true <nil>
	// E1 enabled login="ana" name="Ana Silva"
}

func ExampleAttrs() {
	a := target.Attrs(map[string]string{"title": "Engineer", "department": "R&D", "phone": ""})
	b := a.With("title", "Staff Engineer")
	fmt.Println(a)
	fmt.Println(a == b, b.Has("phone"))
	for d := range target.Diff(a, b) {
		fmt.Println(d.Name, d.A, d.B)
	}
	// Output:
	// department="R&D" title="Engineer"
	// false false
	// title [Engineer] [Staff Engineer]
}

func ExampleReadOnly() {
	app := target.ReadOnly(&intranet{})
	_, err := app.Create(context.Background(), target.CreateRequest{Key: target.Key{Identity: "E1"}, State: target.Enabled})
	fmt.Println(err, errors.Is(err, target.ErrReadOnly), target.ClassOf(err))
	// Output: target is read-only true permanent
}
