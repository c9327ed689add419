// Approve-plan plans, approves and applies in three processes.
package main

import (
	"context"
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
	dir := flags.String("dir", ".", "where the plan, the journal and the accounts are")
	actor := flags.String("actor", "", "who approves")
	reason := flags.String("reason", "", "why")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	switch args[0] {
	case "demo":
		return demo(ctx, os.Stdout)
	case "plan":
		return plan(ctx, *dir)
	case "approve":
		return approve(ctx, *dir, provision.Decision{Actor: *actor, Reason: *reason})
	case "apply":
		return apply(ctx, *dir)
	default:
		return fmt.Errorf("unknown step %q: want demo, plan, approve or apply", args[0])
	}
}
