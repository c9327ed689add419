package scimsource_test

import (
	"context"
	"fmt"
	"net/http/httptest"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/scimsource"
)

func Example() {
	// A service provider; in production it is at the customer's.
	server := httptest.NewServer(&provider{users: []string{
		`{"id":"2819c223","userName":"ana@acme.example","displayName":"Ana Silva","active":true}`,
		`{"id":"c75ad752","userName":"ben@acme.example","displayName":"Ben Ode","active":false}`,
	}})
	defer server.Close()

	people, err := scimsource.New(scimsource.Config{
		BaseURL:  server.URL + "/scim/v2",
		Auth:     scimsource.Bearer("token"),
		Inactive: source.Terminated, // they deactivate who leaves
		Private:  true,              // only for systems of one's own
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	snapshot, err := source.Collect(context.Background(), people)
	if err != nil {
		fmt.Println(err) // nobody has left because of it
		return
	}
	for i := range snapshot.All() {
		fmt.Println(i.ID, i.DisplayName, i.Status)
	}
	// Output:
	// 2819c223 Ana Silva active
	// c75ad752 Ben Ode terminated
}
