package sourcetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"sync"
	"testing"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/csvsource"
	"github.com/provision-go/provision/source/memsource"
)

func people() []source.Identity {
	return []source.Identity{
		{ID: "E1", DisplayName: "Ana", Status: source.Active},
		{ID: "E2", DisplayName: "Bo", Custom: map[string][]string{"badge": {"7"}}},
		{ID: "E3", Department: source.Named("Sales")},
	}
}

func options() *Options {
	return &Options{
		WantIDs: []string{"E3", "E1", "E2"},
		Broken: func(*testing.T) source.Source {
			s := memsource.New("broken", people()...)
			s.Break(memsource.Fault{After: 2, ListErr: errors.New("connection reset")})
			return s
		},
		BrokenWays: map[string]func(*testing.T) source.Source{
			"at once": func(*testing.T) source.Source {
				s := memsource.New("broken")
				s.Break(memsource.Fault{ListErr: errors.New("status 500")})
				return s
			},
			"cut short": func(*testing.T) source.Source { return paged(2, true) },
		},
		LostPage: func(*testing.T) source.Source { return paged(1, true) },
	}
}

func TestMemsource(t *testing.T) {
	Run(t, func(*testing.T) source.Source { return memsource.New("mem", people()...) }, options())
}

func TestListOnly(t *testing.T) {
	Run(t, func(t *testing.T) source.Source {
		s, err := csvsource.New(csvsource.Config{Name: "csv", Open: func() (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader("id,name\nE1,Ana\nE2,Bo\nE3,Cy\n")), nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}, options())
	Run(t, func(*testing.T) source.Source { return memsource.New("mem") }, nil)
}

// mutant is a source in which single methods are replaced by broken ones.
type mutant struct {
	source.DeltaSource
	name    func() string
	all     func(ctx context.Context, yield func(source.Identity, error) bool)
	one     func(ctx context.Context, id string) (source.Identity, error)
	changes func(ctx context.Context, since source.Cursor, yield func(source.Delta, error) bool)
}

func (m *mutant) Name() string {
	if m.name != nil {
		return m.name()
	}
	return m.DeltaSource.Name()
}

func (m *mutant) Identities(ctx context.Context) iter.Seq2[source.Identity, error] {
	if m.all != nil {
		return func(yield func(source.Identity, error) bool) { m.all(ctx, yield) }
	}
	return m.DeltaSource.Identities(ctx)
}

func (m *mutant) Identity(ctx context.Context, id string) (source.Identity, error) {
	if m.one != nil {
		return m.one(ctx, id)
	}
	return m.DeltaSource.Identity(ctx, id)
}

func (m *mutant) Changes(ctx context.Context, since source.Cursor) iter.Seq2[source.Delta, error] {
	if m.changes != nil {
		return func(yield func(source.Delta, error) bool) { m.changes(ctx, since, yield) }
	}
	return m.DeltaSource.Changes(ctx, since)
}

// Every mutant breaks one promise, and the check of that promise must notice.
func TestMutants(t *testing.T) {
	type yieldFunc = func(source.Identity, error) bool
	tests := map[string]struct {
		check  string
		mutate func(m *mutant)
	}{
		"no name":      {"Name", func(m *mutant) { m.name = func() string { return "" } }},
		"name changes": {"Name", func(m *mutant) { n := 0; m.name = func() string { n++; return fmt.Sprint("n", n) } }},
		"empty id": {"Identities/ids", func(m *mutant) {
			m.all = func(_ context.Context, yield yieldFunc) { yield(source.Identity{}, nil) }
		}},
		"same id twice": {"Identities/ids", func(m *mutant) {
			m.all = func(_ context.Context, yield yieldFunc) {
				_ = yield(people()[0], nil) && yield(people()[0], nil)
			}
		}},
		"last page lost": {"Identities/ids", func(m *mutant) {
			m.all = func(_ context.Context, yield yieldFunc) { yield(people()[0], nil) }
		}},
		"unusable ids": {"Identities/collect", func(m *mutant) {
			m.all = func(_ context.Context, yield yieldFunc) {
				for _, i := range people() {
					i.ID = " " + i.ID
					if !yield(i, nil) {
						return
					}
				}
			}
		}},
		"finding without a code": {"Identities/collect", func(m *mutant) {
			m.all = func(_ context.Context, yield yieldFunc) {
				yield(source.Identity{ID: "E1", Findings: []source.Finding{{Message: "odd"}}}, nil)
			}
		}},
		"second read differs": {"Identities/repeat", func(m *mutant) {
			n := 0
			m.all = func(_ context.Context, yield yieldFunc) {
				n++
				yield(source.Identity{ID: "E1", JobTitle: fmt.Sprint(n)}, nil)
			}
		}},
		"second read is empty": {"Identities/repeat", func(m *mutant) {
			var once sync.Once
			m.all = func(_ context.Context, yield yieldFunc) { once.Do(func() { yield(people()[0], nil) }) }
		}},
		"ignores the break": {"Identities/break", func(m *mutant) {
			m.all = func(_ context.Context, yield yieldFunc) {
				for _, i := range people() {
					yield(i, nil)
				}
			}
		}},
		"leaks a goroutine": {"Identities/goroutines", func(m *mutant) {
			m.all = func(_ context.Context, yield yieldFunc) {
				ch := make(chan source.Identity)
				go func() {
					defer close(ch)
					for _, i := range people() {
						ch <- i
					}
				}()
				for i := range ch {
					if !yield(i, nil) {
						return
					}
				}
			}
		}},
		"ignores cancellation": {"Identities/cancelled", func(m *mutant) {
			m.all = func(_ context.Context, yield yieldFunc) {
				for _, i := range people() {
					if !yield(i, nil) {
						return
					}
				}
			}
		}},
		"hides cancellation": {"Identities/cancelled", func(m *mutant) {
			m.all = func(_ context.Context, yield yieldFunc) { yield(source.Identity{}, errors.New("oops")) }
		}},
		"goes on after the error": {"Identities/cancelled", func(m *mutant) {
			m.all = func(ctx context.Context, yield yieldFunc) {
				_ = yield(source.Identity{}, ctx.Err()) && yield(people()[0], nil)
			}
		}},
		"ends quietly when cancelled": {"Identities/cancel-midway", func(m *mutant) {
			m.all = func(ctx context.Context, yield yieldFunc) {
				for _, i := range people() {
					if ctx.Err() != nil || !yield(i, nil) {
						return
					}
				}
			}
		}},
		"readers share a position": {"Identities/concurrent", func(m *mutant) {
			var mu sync.Mutex
			n := 0
			m.all = func(_ context.Context, yield yieldFunc) {
				for {
					mu.Lock()
					at := n
					n++
					mu.Unlock()
					if at >= len(people()) || !yield(people()[at], nil) {
						return
					}
				}
			}
		}},
		"one differs from the list": {"Identity/same", func(m *mutant) {
			m.one = func(_ context.Context, id string) (source.Identity, error) { return source.Identity{ID: id}, nil }
		}},
		"listed but not found": {"Identity/same", func(m *mutant) {
			m.one = func(context.Context, string) (source.Identity, error) { return source.Identity{}, source.ErrNotFound }
		}},
		"invents people": {"Identity/missing", func(m *mutant) {
			m.one = func(_ context.Context, id string) (source.Identity, error) { return source.Identity{ID: id}, nil }
		}},
		"own not found": {"Identity/missing", func(m *mutant) {
			m.one = func(context.Context, string) (source.Identity, error) { return source.Identity{}, errors.New("404") }
		}},
		"cancelled is not found": {"Identity/cancelled", func(m *mutant) {
			m.one = func(context.Context, string) (source.Identity, error) { return source.Identity{}, source.ErrNotFound }
		}},
		"one ignores cancellation": {"Identity/cancelled", func(m *mutant) {
			m.one = func(_ context.Context, id string) (source.Identity, error) { return source.Identity{ID: id}, nil }
		}},
		"no cursor": {"Changes/cursor", func(m *mutant) {
			m.changes = func(_ context.Context, _ source.Cursor, yield func(source.Delta, error) bool) {
				yield(source.Delta{Identity: people()[0]}, nil)
			}
		}},
		"no changes at all": {"Changes/cursor", func(m *mutant) {
			m.changes = func(context.Context, source.Cursor, func(source.Delta, error) bool) {}
		}},
		"accepts any cursor": {"Changes/cursor", func(m *mutant) {
			m.changes = func(_ context.Context, _ source.Cursor, yield func(source.Delta, error) bool) {
				yield(source.Delta{Cursor: "1"}, nil)
			}
		}},
		"refuses its own cursor": {"Changes/cursor", func(m *mutant) {
			m.changes = func(_ context.Context, since source.Cursor, yield func(source.Delta, error) bool) {
				if since != "" {
					yield(source.Delta{}, source.ErrCursorExpired)
					return
				}
				yield(source.Delta{Cursor: "1"}, nil)
			}
		}},
		"changes ignore cancellation": {"Changes/cancelled", func(m *mutant) {
			m.changes = func(_ context.Context, _ source.Cursor, yield func(source.Delta, error) bool) {
				yield(source.Delta{Cursor: "1"}, nil)
			}
		}},
	}
	covered := map[string]bool{}
	for name, tt := range tests {
		covered[tt.check] = true
		t.Run(name, func(t *testing.T) {
			for _, c := range checks() {
				if c.name != tt.check {
					continue
				}
				m := &mutant{DeltaSource: memsource.New("mem", people()...)}
				tt.mutate(m)
				o := *options()
				o.MissingID = "nobody"
				err := c.run(t.Context(), m, o)
				if err == nil || errors.Is(err, errSkip) {
					t.Fatalf("%s does not notice: %v", c.name, err)
				}
				return
			}
			t.Fatalf("there is no check %q", tt.check)
		})
	}
	for _, c := range checks() {
		if !covered[c.name] {
			t.Errorf("no mutant proves %s", c.name)
		}
	}
}
