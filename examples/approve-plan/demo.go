package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// demo runs every step as a process of its own. They have nothing in common but
// the files in a directory.
func demo(ctx context.Context, out io.Writer) error {
	dir, err := os.MkdirTemp("", "approve-plan-")
	if err != nil {
		return err
	}
	return errors.Join(processes(ctx, out, dir), os.RemoveAll(dir))
}

func processes(ctx context.Context, out io.Writer, dir string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	for _, args := range [][]string{
		{"plan"},
		{"approve", "-actor", "grace@acme.example", "-reason", "on-call"},
		{"apply"},
		{"apply"}, // once more: it does nothing
		{"plan"},
	} {
		fmt.Fprintf(out, "$ approve-plan %s\n", strings.Join(args, " "))
		step := exec.CommandContext(ctx, self, append(args, "-dir", dir)...)
		step.Stdout, step.Stderr = out, out
		if err := step.Run(); err != nil {
			return fmt.Errorf("%s: %w", args[0], err)
		}
		fmt.Fprintln(out)
	}
	return nil
}
