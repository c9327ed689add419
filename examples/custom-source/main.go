// Custom-source turns a paged HTTP API into a source.
package main

import (
	"context"
	"fmt"
	"log"
	"net/http/httptest"

	"github.com/provision-go/provision/source"
)

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	api, err := newFakeAPI()
	if err != nil {
		return err
	}
	server := httptest.NewServer(api)
	defer server.Close()
	people := &peopleAPI{URL: server.URL, Token: token, Client: server.Client()}

	// Collect is what the engine does: to the end, or not at all.
	snapshot, err := source.Collect(ctx, people)
	if err != nil {
		return err
	}
	fmt.Printf("%d people in %s:\n", snapshot.Len(), snapshot.Source())
	for person := range snapshot.All() {
		fmt.Printf("  %s  %-7s %-8s %-10s %s\n", person.ID, person.Name.Given, person.Name.Family, person.Status, person.JobTitle)
	}
	for _, f := range snapshot.Findings() {
		fmt.Printf("finding: %s: %s\n", f.Identity, f.Message)
	}

	one, err := source.Read(ctx, people, "w_04")
	if err != nil {
		return err
	}
	fmt.Printf("read by id: %s %s\n", one.Name.Given, one.Name.Family)

	broken := httptest.NewServer(&fakeAPI{workers: api.workers, cutAt: 4})
	defer broken.Close()
	people = &peopleAPI{URL: broken.URL, Token: token, Client: broken.Client()}
	_, err = source.Collect(ctx, people)
	if err == nil {
		return fmt.Errorf("a list that was cut short must not be taken for the whole")
	}
	fmt.Println("the connection is cut in the second page, so there is no snapshot, and nobody is gone")
	return nil
}
