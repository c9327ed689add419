package source_test

import (
	"context"
	"fmt"
	"strconv"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/memsource"
)

// Reading a source to its end gives a snapshot: sorted, cleaned, and with
// findings in place of guesses.
func ExampleCollect() {
	hr := memsource.New("hr",
		source.Identity{ID: "E2", DisplayName: "Bo Li", Status: source.Active, WorkEmail: "n/a"},
		source.Identity{ID: "E1", DisplayName: "Ana Silva", Status: source.Active, WorkEmail: "ana@acme.example"},
	)
	snapshot, err := source.Collect(context.Background(), hr)
	if err != nil {
		fmt.Println(err)
		return
	}
	for person := range snapshot.All() {
		fmt.Println(person.ID, person.DisplayName, person.Status)
	}
	for _, finding := range snapshot.Findings() {
		fmt.Println(finding.Identity, finding.Message)
	}
	// Output:
	// E1 Ana Silva active
	// E2 Bo Li active
	// E2 work_email "n/a" is taken as missing: it is not an e-mail address
}

// Pages turns an API that is read page by page into a sequence, and does not
// let a page get lost.
func ExamplePages() {
	staff := []string{"E1", "E2", "E3", "E4", "E5"}
	fetch := func(_ context.Context, cursor string) (source.Page[string], error) {
		offset, _ := strconv.Atoi(cursor) // the API starts at 0
		end := min(offset+2, len(staff))
		page := source.Page[string]{Items: staff[offset:end], Total: len(staff)}
		if end < len(staff) {
			page.Next = strconv.Itoa(end)
		}
		return page, nil
	}
	for id, err := range source.Pages(context.Background(), fetch) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Print(id, " ")
	}
	// Output: E1 E2 E3 E4 E5
}

// The table of fields gives access by name, without reflection.
func ExampleField() {
	person := source.Identity{ID: "E1", Department: source.Named("Sales"), HireDate: source.Day(2026, 3, 1)}
	for _, name := range []string{"department", "hire_date", "job_title"} {
		field, _ := source.Field(name)
		fmt.Printf("%s (%s): %q\n", field.Name, field.Type, field.Text(&person))
	}
	// Output:
	// department (text): "Sales"
	// hire_date (date): "2026-03-01"
	// job_title (text): ""
}
