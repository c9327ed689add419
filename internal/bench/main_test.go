package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/bench/loopback"
	"github.com/provision-go/provision/internal/bench/people"
)

func TestNamesAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range parts() {
		for _, f := range p.figures {
			assert.False(t, seen[f.Name], f.Name)
			seen[f.Name] = true
		}
	}
}

func TestUnknownNameIsAnError(t *testing.T) {
	var out, log bytes.Buffer
	require.ErrorIs(t, run(t.Context(), []string{"nothing-"}, &out, &log), errUnknown)
	assert.Empty(t, out.String())
}

func TestPartPrintsWhatWasAskedFor(t *testing.T) {
	p := parts()[0]
	r := &results{prefix: "compute-heap"}
	assert.True(t, r.wants("compute-heap"))
	assert.False(t, r.wants("compute-growth"))
	assert.True(t, p.wanted("compute-"))
	assert.False(t, p.wanted("apply-"))
}

// Both ways of applying do the whole job.
func TestApplyCreatesEverybody(t *testing.T) {
	c := people.Company{Size: 300, Seed: seed, Settled: true}
	server, err := loopback.Start(t.Context(), c)
	require.NoError(t, err)
	client := server.Client()
	defer client.Close()
	for _, a := range []applying{{company: c, app: client.Target()}, {company: c, app: absorbing{client.Target()}}} {
		require.NoError(t, a.prepare(t.Context()))
		require.NoError(t, a.apply(t.Context()))
	}
	require.NoError(t, server.Stop())
}

func TestSyncOneFindsMovers(t *testing.T) {
	s, err := newSyncing(t.Context(), 500, asItIs)
	require.NoError(t, err)
	require.NoError(t, s.sync(t.Context(), 2*len(s.movers)))
	require.NoError(t, s.stop())
}

func TestMissingValueIsAnError(t *testing.T) {
	p := parts()[0]
	p.run = func(context.Context, *results) error { return nil }
	var out strings.Builder
	require.ErrorIs(t, p.measure(t.Context(), "", false, &out, &out), errUnmeasured)
}
