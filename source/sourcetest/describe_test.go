package sourcetest_test

import (
	"context"
	"fmt"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/memsource"
	"github.com/provision-go/provision/source/sourcetest"
)

func ExampleDescribe() {
	hr := memsource.New("hr", source.Identity{
		ID: "E1", Name: source.Name{Given: "Ana", Family: "Silva"}, Status: source.Active, StatusRaw: "A",
		Custom:      map[string][]string{"tools": {"git", "go"}},
		Employments: []source.Employment{{ID: "J1", Primary: true, Title: "Engineer", Type: source.FullTime, Status: source.Active}},
	}, source.Identity{Status: source.Active})
	snapshot, err := source.Collect(context.Background(), hr)
	if err != nil {
		fmt.Println(err)
	}
	fmt.Print(sourcetest.Describe(snapshot))
	// Output:
	// E1
	//   family_name         Silva
	//   given_name          Ana
	//   status              active
	//   custom.tools        git, go
	//   words               "A", ""
	//   employment          J1 primary=true "Engineer" full_time active,  to , department "", manager ""
	// no-id  id: a row has no usable ID: it is empty
}
