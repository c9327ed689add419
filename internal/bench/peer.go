package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// peersDir is where the module of other people's programs is, seen from the root.
const peersDir = "internal/bench/peers"

// computePeers has the module peers measure reconcile.Compute against what others
// use. It builds it first, which takes a minute or two when it is new.
func computePeers(ctx context.Context, r *results) error {
	var out, log bytes.Buffer
	peers := exec.CommandContext(ctx, "go", "run", ".")
	peers.Dir, peers.Stdout, peers.Stderr = peersDir, &out, &log
	peers.Env = append(os.Environ(), "GOWORK=off")
	if err := peers.Run(); err != nil {
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
