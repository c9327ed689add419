//go:build !race

package interop_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// verdict records how a test was ended.
type verdict struct {
	testing.TB
	skipped, failed string
}

func (v *verdict) Skip(args ...any) {
	v.skipped = fmt.Sprint(args...)
	runtime.Goexit()
}

func (v *verdict) Fatalf(format string, args ...any) {
	v.failed = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

// TestMissing: a test without Node.js says what to install, and fails where nothing
// may be skipped.
func TestMissing(t *testing.T) {
	ask := func() verdict {
		v := verdict{TB: t}
		done := make(chan struct{})
		go func() {
			defer close(done)
			node(&v, "oracle.mjs")
		}()
		<-done
		return v
	}
	const says = `this test needs Node.js, and there is no program "node" in PATH: install the Debian package nodejs, or run .ci/need-node`
	t.Setenv("PATH", t.TempDir())
	t.Setenv("CI", "")
	v := ask()
	assert.Equal(t, says, v.skipped)
	assert.Empty(t, v.failed)
	t.Setenv("CI", "true")
	v = ask()
	assert.Equal(t, says+"; with CI=true nothing is skipped", v.failed)
	assert.Empty(t, v.skipped)
}

// TestOutdated: packages of another lock do not count.
func TestOutdated(t *testing.T) {
	bin, folder := t.TempDir(), t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(bin, "node"), []byte("#!/bin/sh\n"), 0o755))
	t.Setenv("PATH", bin)
	lock, installed := filepath.Join(folder, "package-lock.json"), filepath.Join(folder, "node_modules", ".installed")
	require.NoError(t, os.WriteFile(lock, []byte("{}"), 0o600))
	require.NoError(t, os.Mkdir(filepath.Dir(installed), 0o700))

	_, err := nodeFor(folder)
	require.ErrorContains(t, err, "are not installed: run .ci/need-node")
	require.NoError(t, os.WriteFile(installed, []byte(`{"older":true}`), 0o600))
	_, err = nodeFor(folder)
	require.ErrorContains(t, err, "are not installed: run .ci/need-node")
	require.NoError(t, os.WriteFile(installed, []byte("{}"), 0o600))
	got, err := nodeFor(folder)
	require.NoError(t, err)
	assert.Equal(t, filepath.Join(bin, "node"), got)
}

// TestEnds: a service answers whoever has the token, and is gone after the test.
func TestEnds(t *testing.T) {
	var base string
	get := func(t *testing.T, token string) (*http.Response, error) {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/Users", http.NoBody)
		require.NoError(t, err)
		request.Header.Set("Authorization", "Bearer "+token)
		return (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(request)
	}
	t.Run("runs", func(t *testing.T) {
		var token string
		base, token = scimmy(t)
		for with, want := range map[string]int{token: http.StatusOK, "other": http.StatusUnauthorized} {
			answer, err := get(t, with)
			require.NoError(t, err)
			require.NoError(t, answer.Body.Close())
			assert.Equal(t, want, answer.StatusCode)
		}
	})
	if base == "" {
		t.Skip("there was no service")
	}
	answer, err := get(t, "")
	if err == nil {
		require.NoError(t, answer.Body.Close())
	}
	require.Error(t, err)
}
