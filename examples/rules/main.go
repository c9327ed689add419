// Rules as files: a product's defaults, what a customer put on top, and what would
// happen if the customer changed it.
package main

import (
	"bytes"
	"embed"
	"fmt"
	"io"
	"log"
	"os"
	"slices"
	"time"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
)

//go:embed rules/*.yaml
var files embed.FS

// today is fixed, so that the output is always the same.
var today = time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)

func main() {
	if err := run(os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func run(w io.Writer) error {
	set, err := load("base", "acme", "crm")
	if err != nil {
		return err
	}
	next, err := load("base", "acme", "crm", "proposal")
	if err != nil {
		return err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Rules %s, %.12s\n\n", set.Name(), set.Hash())
	lint(&b, "as they are", set)
	lint(&b, "as proposed", next)

	people := company(10_000)
	fmt.Fprint(&b, "\n# What the proposal would do\n\n")
	if err := rules.Compare(set, next, slices.Values(people), today).Format(&b, 8); err != nil {
		return err
	}
	fmt.Fprint(&b, "\n# Why one of them has what they have, and has not what they have not\n\n")
	explain(&b, set, people)
	_, err = w.Write(b.Bytes())
	return err
}

// load builds a set of layers, each a file.
func load(names ...string) (*rules.Set, error) {
	layers := make([]rules.Spec, len(names))
	for i, name := range names {
		data, err := files.ReadFile("rules/" + name + ".yaml")
		if err != nil {
			return nil, err
		}
		layers[i] = rules.File(name+".yaml", data)
	}
	return rules.Build(layers...)
}

// lint prints what is suspicious about a set.
func lint(b *bytes.Buffer, what string, set *rules.Set) {
	findings := set.Lint(rules.LintOptions{At: today})
	fmt.Fprintf(b, "lint, %s: %d\n", what, len(findings))
	for _, f := range findings {
		fmt.Fprintf(b, "  %s\n", f)
	}
}

// explain tells of the first engineer whose contract ends soon why they may write
// code, and of their second account why there is none.
func explain(b *bytes.Buffer, set *rules.Set, people []rules.Person) {
	i := slices.IndexFunc(people, func(p rules.Person) bool {
		return p.Identity.Department.Name == "Engineering" && p.Identity.EmploymentType == source.Contractor && p.Identity.End().After(source.DateOf(today))
	})
	p := people[i]
	for _, x := range set.Trace(p, today, "app") {
		masked := x.Masked([]byte("a key of this tenant"))
		fmt.Fprintf(b, "%s  %s: %s\n", masked.Key, masked.Subject, masked.Outcome)
		for _, c := range masked.Causes {
			fmt.Fprintf(b, "    %s  %s\n", c, c.Pos)
		}
		if !x.Next.IsZero() {
			fmt.Fprintf(b, "    changes on %s\n", x.Next.Format(time.DateOnly))
		}
	}
}
