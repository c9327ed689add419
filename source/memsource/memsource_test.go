package memsource_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/memsource"
	"github.com/provision-go/provision/source/sourcetest"
)

func TestConformance(t *testing.T) {
	people := []source.Identity{{ID: "E1"}, {ID: "E2", JobTitle: "Boss"}, {ID: "E3"}}
	sourcetest.Run(t, func(*testing.T) source.Source { return memsource.New("mem", people...) }, &sourcetest.Options{
		WantIDs: []string{"E1", "E2", "E3"},
		Broken: func(*testing.T) source.Source {
			s := memsource.New("mem", people...)
			s.Break(memsource.Fault{After: 2, ListErr: errors.New("reset")})
			return s
		},
	})
}

func ids(t *testing.T, s *memsource.Source) []string {
	t.Helper()
	var all []string
	for i, err := range s.Identities(t.Context()) {
		require.NoError(t, err)
		all = append(all, i.ID+i.JobTitle)
	}
	return all
}

func changed(t *testing.T, s *memsource.Source, since source.Cursor) (all []string, last source.Cursor) {
	t.Helper()
	for d, err := range s.Changes(t.Context(), since) {
		require.NoError(t, err)
		all = append(all, d.Identity.ID+d.Identity.JobTitle)
		last = d.Cursor
	}
	return all, last
}

func TestEditing(t *testing.T) {
	s := memsource.New("mem", source.Identity{ID: "1"}, source.Identity{ID: "2"})
	all, c := changed(t, s, "")
	assert.Equal(t, []string{"1", "2"}, all)
	s.Put(source.Identity{ID: "1", JobTitle: "a"}, source.Identity{ID: "3"}, source.Identity{}, source.Identity{})
	s.Put(source.Identity{ID: "1", JobTitle: "b"})
	assert.Equal(t, []string{"1b", "2", "3", "", ""}, ids(t, s), "a person keeps their place")
	s.Remove("2", "9")
	assert.Equal(t, []string{"1b", "3", "", ""}, ids(t, s))
	all, c = changed(t, s, c)
	assert.Equal(t, []string{"3", "1b", "2"}, all, "each once, as they are now, by the last change")
	all, again := changed(t, s, c)
	assert.Equal(t, []string{""}, all, "only the position")
	assert.Equal(t, c, again)
	s.Set(source.Identity{ID: "4"}, source.Identity{ID: "4"})
	_, err := s.Identity(t.Context(), "4")
	require.ErrorIs(t, err, source.ErrContested)
	_, err = s.Identity(t.Context(), "")
	require.ErrorIs(t, err, source.ErrNotFound)
	s.ExpireCursors()
	for _, cursor := range []source.Cursor{c, "x", "1-x", "1-99", "1--1", "1"} {
		for _, err := range s.Changes(t.Context(), cursor) {
			require.ErrorIs(t, err, source.ErrCursorExpired, cursor)
		}
	}
	for _, err := range s.Changes(t.Context(), "") {
		require.NoError(t, err)
		break
	}
}

func TestFaults(t *testing.T) {
	boom := errors.New("boom")
	s := memsource.New("mem", source.Identity{ID: "1"}, source.Identity{ID: "2"})
	s.Break(memsource.Fault{After: 1, Truncate: true, ReadErr: boom})
	assert.Equal(t, []string{"1"}, ids(t, s))
	_, err := s.Identity(t.Context(), "1")
	require.ErrorIs(t, err, boom)
	s.Break(memsource.Fault{After: 2, ListErr: boom})
	_, err = source.Collect(t.Context(), s)
	require.ErrorIs(t, err, boom, "a fault after everybody is still a fault")
	s.Break(memsource.Fault{})
	_, err = source.Collect(t.Context(), s)
	require.NoError(t, err)
	lists, reads := s.Calls()
	assert.Equal(t, 3, lists)
	assert.Equal(t, 1, reads)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = s.Identity(ctx, "1")
	require.ErrorIs(t, err, context.Canceled)
}

func TestNothingIsShared(t *testing.T) {
	person := source.Identity{
		ID: "1", Custom: map[string][]string{"a": {"x"}}, Groups: []source.Group{{Name: "g"}},
	}
	s := memsource.New("mem", person)
	person.Custom["a"][0], person.Groups[0].Name = "y", "h"
	i, err := s.Identity(t.Context(), "1")
	require.NoError(t, err)
	assert.Equal(t, "x", i.Custom["a"][0])
	assert.Equal(t, "g", i.Groups[0].Name)
}
