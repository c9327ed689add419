package source_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
)

type pages map[string]source.Page[int]

func (p pages) fetch(_ context.Context, cursor string) (source.Page[int], error) {
	page, ok := p[cursor]
	if !ok {
		return page, errors.New("no such page")
	}
	return page, nil
}

func read(ctx context.Context, fetch func(context.Context, string) (source.Page[int], error)) (all []int, err error) {
	for v, e := range source.Pages(ctx, fetch) {
		if e != nil {
			return all, e
		}
		all = append(all, v)
	}
	return all, nil
}

func TestPages(t *testing.T) {
	tests := map[string]struct {
		pages pages
		want  []int
		fault string
	}{
		"one":            {pages{"": {Items: []int{1, 2}}}, []int{1, 2}, ""},
		"none":           {pages{"": {}}, nil, ""},
		"three":          {pages{"": {[]int{1}, "a", 3}, "a": {[]int{2}, "b", 3}, "b": {[]int{3}, "", 3}}, []int{1, 2, 3}, ""},
		"empty between":  {pages{"": {[]int{1}, "a", 0}, "a": {nil, "b", 0}, "b": {[]int{3}, "", 0}}, []int{1, 3}, ""},
		"more than said": {pages{"": {[]int{1, 2}, "", 1}}, []int{1, 2}, ""},
		"shrank":         {pages{"": {[]int{1}, "a", 3}, "a": {[]int{2}, "", 2}}, []int{1, 2}, ""},
		"fewer":          {pages{"": {[]int{1}, "a", 3}, "a": {[]int{2}, "", 0}}, []int{1, 2}, "page 2: list is incomplete: 2 of 3 elements arrived"},
		"all lost":       {pages{"": {Total: 3}}, nil, "0 of 3"},
		"loop":           {pages{"": {[]int{1}, "a", 0}, "a": {[]int{2}, "a", 0}}, []int{1, 2}, `page 2: list is incomplete: the cursor "a" came twice`},
		"wide loop":      {pages{"": {[]int{1}, "a", 0}, "a": {[]int{2}, "b", 0}, "b": {[]int{3}, "a", 0}}, []int{1, 2, 3}, "twice"},
		"fails":          {pages{"": {[]int{1}, "a", 0}}, []int{1}, "page 2: no such page"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := read(t.Context(), tt.pages.fetch)
			assert.Equal(t, tt.want, got)
			if tt.fault == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tt.fault)
			assert.Equal(t, !strings.Contains(tt.fault, "no such"), errors.Is(err, source.ErrIncomplete))
		})
	}
}

func TestPagesRunaway(t *testing.T) {
	n := 0
	_, err := read(t.Context(), func(context.Context, string) (source.Page[int], error) {
		n++
		return source.Page[int]{Next: strconv.Itoa(n)}, nil
	})
	require.ErrorIs(t, err, source.ErrIncomplete)
	assert.Equal(t, 1000, n)
}

func TestPagesStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	fetched := 0
	fetch := func(context.Context, string) (source.Page[int], error) {
		fetched++
		return source.Page[int]{Items: []int{1, 2}, Next: strconv.Itoa(fetched)}, nil
	}
	for _, err := range source.Pages(ctx, fetch) {
		require.NoError(t, err)
		break
	}
	assert.Equal(t, 1, fetched, "a loop that was left reads no further")
	seen := 0
	for _, err := range source.Pages(ctx, fetch) {
		if seen++; seen == 3 {
			cancel()
		}
		if err != nil {
			require.ErrorIs(t, err, context.Canceled)
			assert.Equal(t, 5, seen)
			return
		}
	}
	t.Fatal("the cancellation was swallowed")
}
