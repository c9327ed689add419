//go:build !race

package interop_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// script is a running program of testdata. It ends when its standard input does: at
// the end of the test, or when this process dies in whatever way.
type script struct {
	t   testing.TB
	in  io.WriteCloser
	out *bufio.Reader
}

// node starts a program, with environment variables beside PATH. It may take five
// minutes for all that it does.
func node(t testing.TB, name string, env ...string) *script {
	t.Helper()
	program, err := nodeFor("testdata")
	if err != nil {
		missing(t, err)
	}
	// The test's own context ends before its cleanups, which let the program end.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 5*time.Minute)
	cmd := exec.CommandContext(ctx, program, filepath.Join("testdata", name))
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH")}, env...)
	cmd.WaitDelay = 5 * time.Second
	var said bytes.Buffer
	cmd.Stderr = &said
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = in.Close() // it has ended already if this fails, and Wait says how
		patience := time.AfterFunc(10*time.Second, cancel)
		if err := cmd.Wait(); err != nil || said.Len() > 0 {
			t.Errorf("%s: %v\n%s", name, err, said.String())
		}
		patience.Stop()
		cancel()
	})
	return &script{t: t, in: in, out: bufio.NewReader(out)}
}

// nodeFor returns the path of Node.js, if it and the packages of a folder are there.
func nodeFor(folder string) (string, error) {
	program, err := exec.LookPath("node")
	if err != nil {
		return "", errors.New("this test needs Node.js, and there is no program \"node\" in PATH: install the Debian package nodejs, or run .ci/need-node")
	}
	lock, err := os.ReadFile(filepath.Join(folder, "package-lock.json"))
	if err != nil {
		return "", err
	}
	installed, err := os.ReadFile(filepath.Join(folder, "node_modules", ".installed"))
	if err != nil || !bytes.Equal(lock, installed) {
		return "", fmt.Errorf("this test needs packages for Node.js, and those of %s are not installed: run .ci/need-node", filepath.Join(folder, "package-lock.json"))
	}
	return program, nil
}

// missing ends a test that cannot run.
func missing(t testing.TB, err error) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("%v; with CI=true nothing is skipped", err)
	}
	t.Skip(err)
}

// next reads a line of JSON.
func (s *script) next(into any) {
	s.t.Helper()
	line, err := s.out.ReadBytes('\n')
	require.NoError(s.t, err, "the program ended")
	require.NoError(s.t, json.Unmarshal(line, into), "%s", line)
}

// ask writes a line of JSON, and reads the answer.
func (s *script) ask(question, into any) {
	s.t.Helper()
	line, err := json.Marshal(question)
	require.NoError(s.t, err)
	_, err = s.in.Write(append(line, '\n'))
	require.NoError(s.t, err)
	s.next(into)
}

// scimmy starts a service on SCIMMY, empty and nobody else's, with environment variables.
// It returns the base of its addresses and the bearer token.
func scimmy(t testing.TB, env ...string) (string, string) {
	t.Helper()
	const token = "interop"
	var said struct{ Port int }
	node(t, "scimmy.mjs", append(env, "TOKEN="+token)...).next(&said)
	require.NotZero(t, said.Port)
	return fmt.Sprintf("http://127.0.0.1:%d/scim", said.Port), token
}
