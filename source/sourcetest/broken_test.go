package sourcetest

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/memsource"
)

// paged is a source over a system with one person per page that loses a page
// without a word. It states how many people there are, and the connector listens
// to that or does not.
func paged(lost int, listens bool) source.Source {
	pages := len(people())
	fetch := func(_ context.Context, cursor string) (source.Page[source.Identity], error) {
		page := source.Page[source.Identity]{}
		n, err := strconv.Atoi("0" + cursor) // none on the first page
		if err != nil {
			return page, err
		}
		if listens {
			page.Total = pages
		}
		if n != lost {
			page.Items = people()[n : n+1]
		}
		if n+1 < pages {
			page.Next = strconv.Itoa(n + 1)
		}
		return page, nil
	}
	return &mutant{
		DeltaSource: memsource.New("paged"),
		all: func(ctx context.Context, yield func(source.Identity, error) bool) {
			source.Pages(ctx, fetch)(yield)
		},
	}
}

func TestBrokenMutants(t *testing.T) {
	quiet := memsource.New("mem", people()...)
	quiet.Break(memsource.Fault{After: 2, Truncate: true})
	once := &mutant{DeltaSource: memsource.New("mem", people()...)}
	n := 0
	once.all = func(_ context.Context, yield func(source.Identity, error) bool) {
		if n++; n == 1 {
			yield(source.Identity{}, errors.New("reset"))
		}
	}
	for name, tt := range map[string]struct {
		source      source.Source
		what, fault string
	}{
		"truncated":           {quiet, breaksOff, "in the middle ends without an error after 2 people"},
		"breaks only once":    {once, breaksOff, "in the middle fails only once"},
		"page in the middle":  {paged(1, false), losesAPage, "a lost page ends without an error after 2 people"},
		"page at the end":     {paged(2, false), losesAPage, "a lost page ends without an error"},
		"nothing is lost yet": {paged(-1, true), losesAPage, "a lost page ends without an error after 3 people"},
	} {
		err := checkBroken(t.Context(), tt.source, tt.what)
		if err == nil || !strings.Contains(err.Error(), tt.fault) {
			t.Errorf("%s: %v, want %q", name, err, tt.fault)
		}
	}
	for _, lost := range []int{0, 1, 2} {
		if err := checkBroken(t.Context(), paged(lost, true), losesAPage); err != nil {
			t.Errorf("page %d is missed: %v", lost, err)
		}
	}
}

// A check that does not apply says what it lacks.
func TestSkips(t *testing.T) {
	type listOnly struct{ source.Source }
	plain := listOnly{memsource.New("mem", people()...)}
	listed := &mutant{
		DeltaSource: memsource.New("mem", people()...),
		one:         source.ListOnly{}.Identity,
	}
	for _, c := range checks() {
		for _, s := range []source.Source{plain, listed} {
			err := c.run(t.Context(), s, Options{MissingID: "nobody"})
			var want string
			switch {
			case strings.HasPrefix(c.name, "Changes/") && s == source.Source(plain):
				want = "no Changes method"
			case strings.HasPrefix(c.name, "Identity/") && s == source.Source(listed):
				want = "source.ErrListOnly"
			}
			if want == "" {
				if err != nil {
					t.Errorf("%s: %v", c.name, err)
				}
			} else if !errors.Is(err, errSkip) || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want a skip that says %q", c.name, err, want)
			}
		}
	}
}

// No check passes over a source that cannot be read.
func TestUnreadable(t *testing.T) {
	down := errors.New("status 503")
	for _, c := range checks() {
		mem := memsource.New("mem", people()...)
		mem.Break(memsource.Fault{ListErr: down, ReadErr: down})
		m := &mutant{DeltaSource: mem, changes: func(_ context.Context, _ source.Cursor, yield func(source.Delta, error) bool) {
			yield(source.Delta{}, down)
		}}
		err := c.run(t.Context(), m, Options{MissingID: "nobody"})
		if c.name == "Identities/break" {
			continue // it looks at how reading stops, and that it does
		}
		if !errors.Is(err, down) && !strings.Contains(c.name, "cancel") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
