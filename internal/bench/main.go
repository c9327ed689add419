// Command bench measures the module against its limits and prints one line per
// figure:
//
//	NAME VALUE GOAL ok|short
//
// A limit is a program written by hand that does the least that has to be done,
// or a program that others use for the same; package limit has them. Both run in
// one process and in turns. docs/performance.md says what each figure means.
//
// With an argument it measures only the figures whose names begin with it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"

	"github.com/provision-go/provision/internal/bench/measure"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// A part measures figures that share their data. Each has a process of its own,
// so that none pays for the memory of another.
type part struct {
	figures []measure.Figure
	run     func(ctx context.Context, r *results) error
}

func (p *part) wanted(prefix string) bool {
	for _, f := range p.figures {
		if strings.HasPrefix(f.Name, prefix) {
			return true
		}
	}
	return false
}

var errUnknown = errors.New("no figure has this name")

func run(ctx context.Context, args []string, out, log io.Writer) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(log)
	one := flags.Int("part", -1, "run only this part, in this process")
	verbose := flags.Bool("v", false, "say how each value comes about")
	if err := flags.Parse(args); err != nil {
		return err
	}
	prefix := flags.Arg(0)
	all := parts()
	if *one >= 0 && *one < len(all) {
		return all[*one].measure(ctx, prefix, *verbose, out, log)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	found := false
	for i := range all {
		if !all[i].wanted(prefix) {
			continue
		}
		found = true
		//nolint:gosec // the command is this program
		child := exec.CommandContext(ctx, self, fmt.Sprintf("-part=%d", i), fmt.Sprintf("-v=%t", *verbose), prefix)
		child.Stdout, child.Stderr = out, log
		if err := child.Run(); err != nil {
			return fmt.Errorf("part %d: %w", i, err)
		}
	}
	if !found {
		return fmt.Errorf("%w: %q", errUnknown, prefix)
	}
	return nil
}

// results are the values of a part.
type results struct {
	values map[string]float64
	notes  []string
	prefix string
}

// wants reports whether a figure was asked for.
func (r *results) wants(name string) bool { return strings.HasPrefix(name, r.prefix) }

func (r *results) set(name string, value float64) { r.values[name] = value }

// note says how a value came about.
func (r *results) note(format string, args ...any) {
	r.notes = append(r.notes, fmt.Sprintf(format, args...))
}

func (p *part) measure(ctx context.Context, prefix string, verbose bool, out, log io.Writer) error {
	r := &results{values: map[string]float64{}, prefix: prefix}
	if err := p.run(ctx, r); err != nil {
		return err
	}
	for _, f := range p.figures {
		if !r.wants(f.Name) {
			continue
		}
		value, ok := r.values[f.Name]
		if !ok {
			return fmt.Errorf("%s: %w", f.Name, errUnmeasured)
		}
		if _, err := fmt.Fprintln(out, f.Line(value)); err != nil {
			return err
		}
	}
	if verbose {
		_, err := fmt.Fprintln(log, "    "+strings.Join(r.notes, "\n    "))
		return err
	}
	return nil
}

var errUnmeasured = errors.New("was not measured")
