package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// peersDir is where the module of other people's programs is, seen from the root.
const peersDir = "internal/bench/peers"

// computePeers has the module peers measure reconcile.Compute against what others
// use. It builds it first, which takes a minute or two when it is new.
func computePeers(ctx context.Context, r *results) error {
	mod, err := copyOfMod(peersDir)
	if err != nil {
		return err
	}
	var out, log bytes.Buffer
	//nolint:gosec // the command is go
	peers := exec.CommandContext(ctx, "go", "run", "-mod=mod", "-modfile="+mod, ".")
	peers.Dir, peers.Stdout, peers.Stderr = peersDir, &out, &log
	peers.Env = append(os.Environ(), "GOWORK=off")
	err = peers.Run()
	if err := errors.Join(err, os.RemoveAll(filepath.Dir(mod))); err != nil {
		return fmt.Errorf("%s: %w\n%s", peersDir, err, log.String())
	}
	value, err := strconv.ParseFloat(strings.TrimSpace(out.String()), 64)
	if err != nil {
		return fmt.Errorf("%s: %w", peersDir, err)
	}
	r.note("%s", strings.TrimSpace(log.String()))
	r.set("compute-vs-external-dns", value)
	return nil
}

// copyOfMod copies go.mod and go.sum of a module to a new folder and returns the
// path of the copy of go.mod. A module outside go.work does not notice what the
// others need since: in a copy the go command may add it.
func copyOfMod(dir string) (string, error) {
	to, err := os.MkdirTemp("", "bench")
	if err != nil {
		return "", err
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return "", err
		}
		//nolint:gosec // the names are those above
		if err := os.WriteFile(filepath.Join(to, name), text, 0o600); err != nil {
			return "", err
		}
	}
	return filepath.Join(to, "go.mod"), nil
}
