//go:build unix

package dbtest

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// child tells the processes of [TestEndsWithTheProcess] how to end.
const child = "DBTEST_CHILD"

// TestEndsWithTheProcess: whatever ends a test process, its servers end too, and
// their folders are gone.
func TestEndsWithTheProcess(t *testing.T) {
	t.Parallel()
	Postgres(t) // skips where there is none
	MariaDB(t)
	for _, how := range []string{"end", "panic", "kill"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChild$", "-test.count=1")
			cmd.Env = append(os.Environ(), child+"="+how)
			output, err := cmd.StdoutPipe()
			require.NoError(t, err)
			errors, err := cmd.StderrPipe()
			require.NoError(t, err)
			require.NoError(t, cmd.Start())

			var homes []string
			var servers []int
			lines := bufio.NewScanner(output)
			for len(homes) < 2 && lines.Scan() {
				fields := strings.Fields(lines.Text())
				require.Len(t, fields, 2, lines.Text())
				pid, err := strconv.Atoi(fields[1])
				require.NoError(t, err)
				homes, servers = append(homes, fields[0]), append(servers, pid)
			}
			require.Len(t, homes, 2)
			if how == "kill" {
				require.NoError(t, cmd.Process.Kill())
			}
			// It ends when the last of them all has ended.
			_, err = io.Copy(io.Discard, errors)
			require.NoError(t, err)
			for i, home := range homes {
				assert.NoDirExists(t, home)
				assert.ErrorIs(t, syscall.Kill(servers[i], 0), syscall.ESRCH)
			}
			_ = cmd.Wait() // it failed as it was told to
		})
	}
}

// TestChild tests nothing: in the processes of [TestEndsWithTheProcess] it starts
// the servers, prints their folders and process ids, and ends as it was told to.
func TestChild(t *testing.T) {
	how := os.Getenv(child)
	if how == "" {
		return
	}
	Postgres(t)
	MariaDB(t)
	pidfile, err := os.ReadFile(filepath.Join(postgres.home, "data", "postmaster.pid"))
	require.NoError(t, err)
	pid, _, _ := strings.Cut(string(pidfile), "\n")
	fmt.Println(postgres.home, pid)
	var path string
	require.NoError(t, mariadb.db.QueryRowContext(t.Context(), "SELECT @@pid_file").Scan(&path))
	pidfile, err = os.ReadFile(path)
	require.NoError(t, err)
	fmt.Println(mariadb.home, strings.TrimSpace(string(pidfile)))
	switch how {
	case "panic":
		panic("as it was told to")
	case "kill":
		select {}
	}
}

// TestDoesNotStart: a server that does not come up says why, and its folder goes.
func TestDoesNotStart(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]string{
		"prepare": `prepare() { echo "home=$home"; echo "no space left" >&2; return 1; }`,
		"serve":   `prepare() { echo "home=$home"; }; serve() { echo "no space left" >&2; exit 1; }`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := engine{script: script, stop: "TERM", ready: "ready"}
			_, err := e.run(os.Getenv("PATH"))
			require.ErrorContains(t, err, "no space left")
			_, rest, _ := strings.Cut(err.Error(), "home=")
			home, _, _ := strings.Cut(rest, "\n")
			require.Regexp(t, `/dbtest-\d+$`, home)
			assert.NoDirExists(t, home)
		})
	}
}
