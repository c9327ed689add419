//go:build unix

package dbtest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a server that lives as long as this process. The fields keep the
// ends of its pipes: if they were collected, the server would stop.
type process struct {
	home     string // its folder, which goes with it
	sh       *exec.Cmd
	lifeline io.WriteCloser
	log      io.ReadCloser
}

// supervision runs a server until its standard input ends: when we close the
// other end, or when this process ends in whatever way, also by SIGKILL. Then it
// stops the server and removes its folder.
//
// It lets go of the log, so that the log ends when the server does. It keeps our
// standard error, as 3, so that whoever waits for the end of all our output (go
// test does) waits for the folder to be gone as well.
const supervision = `
trap 'rm -rf "$home"' EXIT
prepare </dev/null 2>&1 || exit 1
serve 2>&1 &
server=$!
exec 3>&2 >/dev/null 2>&1
cat
for signal in $stop; do kill -s "$signal" "$server"; done
wait "$server"
`

// run starts the server with this PATH, and returns when it takes connections.
func (e *engine) run(path string) (process, error) {
	home, as, err := e.settle()
	if err != nil {
		return process{}, err
	}
	p, err := e.supervise(home, path, as)
	if err != nil {
		return process{}, errors.Join(err, os.RemoveAll(home))
	}
	// What hangs is stopped, which ends the log.
	patience := time.AfterFunc(time.Minute, func() { _ = p.lifeline.Close() })
	defer patience.Stop()
	var said strings.Builder
	lines := bufio.NewScanner(p.log)
	for lines.Scan() {
		if strings.Contains(lines.Text(), e.ready) {
			go func() { _, _ = io.Copy(io.Discard, p.log) }() // or the server would wait for us
			return p, nil
		}
		said.WriteString(lines.Text() + "\n")
	}
	err = errors.Join(lines.Err(), p.lifeline.Close(), p.sh.Wait(), p.log.Close())
	return process{}, fmt.Errorf("it ended before it took connections: %w\n%s", err, said.String())
}

// supervise starts the supervision of a server.
func (e *engine) supervise(home, path string, as *syscall.Credential) (process, error) {
	log, output, err := os.Pipe()
	if err != nil {
		return process{}, err
	}
	defer func() { _ = output.Close() }() // the server has it
	//nolint:gosec // the scripts are constants of this package
	sh := exec.CommandContext(context.Background(), "/bin/sh", "-c", e.script+supervision)
	sh.Dir = home
	sh.Env = []string{"PATH=" + path, "LC_ALL=C", "TZ=UTC", "home=" + home, "stop=" + e.stop}
	sh.Stdout, sh.Stderr = output, os.Stderr
	// A group of its own: ^C on a terminal is for us, and then the lifeline ends.
	sh.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: as}
	lifeline, err := sh.StdinPipe()
	if err != nil {
		return process{}, errors.Join(err, log.Close())
	}
	if err := sh.Start(); err != nil {
		return process{}, errors.Join(err, log.Close())
	}
	return process{home: home, sh: sh, lifeline: lifeline, log: log}, nil
}

// settle makes the server's folder and says as whom it runs: as us, and if that
// is root, as nobody, because servers refuse to run as root. The path is short,
// because the name of a socket has about a hundred bytes; it has no space, which
// mariadb-install-db does not expect; and for nobody it leads through folders
// that are open to all, which TMPDIR may not be.
func (e *engine) settle() (string, *syscall.Credential, error) {
	root, parent := os.Geteuid() == 0, os.TempDir()
	if root || len(parent) > 60 || strings.Contains(parent, " ") {
		parent = "/tmp"
	}
	home, err := os.MkdirTemp(parent, "dbtest-")
	if err != nil || !root {
		return home, nil, err
	}
	uid, gid, err := nobody()
	if err == nil {
		err = os.Chown(home, uid, gid)
	}
	if err != nil {
		return "", nil, errors.Join(err, os.Remove(home))
	}
	return home, &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

func nobody() (uid, gid int, err error) {
	account, err := user.Lookup("nobody")
	if err != nil {
		return 0, 0, err
	}
	uid, err = strconv.Atoi(account.Uid)
	if err != nil {
		return 0, 0, err
	}
	gid, err = strconv.Atoi(account.Gid)
	return uid, gid, err
}
