package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// demo runs every step as a process of its own. They have nothing in common but
// the files in a directory.
func demo(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "approve-plan-")
	if err != nil {
		return err
	}
	return errors.Join(processes(ctx, dir), os.RemoveAll(dir))
}

func processes(ctx context.Context, dir string) error {
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
		fmt.Printf("$ approve-plan %s\n", strings.Join(args, " "))
		step := exec.CommandContext(ctx, self, append(args, "-dir", dir)...) //nolint:gosec // this program
		step.Stdout, step.Stderr = os.Stdout, os.Stderr
		if err := step.Run(); err != nil {
			return fmt.Errorf("%s: %w", args[0], err)
		}
		fmt.Println()
	}
	return nil
}
