// Approve-plan plans, approves and applies in three processes.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"

	"github.com/provision-go/provision"
)

func main() {
	log.SetFlags(0)
	if err := run(context.Background(), os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

// run does one step: demo, which is the default, plan, approve or apply.
func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		args = []string{"demo"}
	}
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	path := flags.String("dir", ".", "where the plan, the journal and the accounts are")
	actor := flags.String("actor", "", "who approves")
	reason := flags.String("reason", "", "why")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	if args[0] == "demo" {
		return demo(ctx)
	}
	dir, err := os.OpenRoot(*path)
	if err != nil {
		return err
	}
	by := provision.Decision{Actor: *actor, Reason: *reason}
	return errors.Join(step(ctx, args[0], dir, by), dir.Close())
}

func step(ctx context.Context, name string, dir *os.Root, by provision.Decision) error {
	switch name {
	case "plan":
		return plan(ctx, dir)
	case "approve":
		return approve(ctx, dir, by)
	case "apply":
		return apply(ctx, dir)
	default:
		return fmt.Errorf("unknown step %q: want demo, plan, approve or apply", name)
	}
}
