package knit_test

import (
	"context"
	"fmt"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/knit"
	"github.com/provision-go/provision/source/knit/knittest"
)

func Example() {
	vendor := knittest.New(knittest.Config{APIKey: "key", People: knittest.Population(3)})
	connector, err := knit.New(knit.Config{
		APIKey: "key", Store: knit.NewMemory(), // a product's own database
		Transport: vendor,
		Changed:   func(_ context.Context, c knit.Change) { fmt.Printf("look at %q again\n", c.IdentityID) },
	})
	if err != nil {
		panic(err)
	}
	ctx := context.Background()
	if _, err := connector.Start(ctx, "int_1", knit.Initial); err != nil {
		panic(err)
	}
	_, err = source.Collect(ctx, connector.Source("int_1"))
	fmt.Println(err)

	vendor.Deliver(connector) // in production: http.Handle("POST /webhooks/knit", connector)
	people, err := source.Collect(ctx, connector.Source("int_1"))
	if err != nil {
		panic(err)
	}
	for i := range people.All() {
		fmt.Println(i.ID, i.Name.Given, i.WorkEmail, i.Status)
	}
	// Output:
	// read knit: list employees of int_1: list is incomplete: no initial sync was completed
	// look at "1000" again
	// look at "1001" again
	// look at "1002" again
	// look at "" again
	// 1000 Ada p0@acme.example active
	// 1001 Bo p1@acme.example active
	// 1002 Cy p2@acme.example active
}
