// Push feeds two targets from pushes that come twice, late and out of order.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"time"

	"github.com/provision-go/provision/source"
)

func main() {
	if err := play(context.Background(), log.New(os.Stdout, "", 0)); err != nil {
		log.Fatal(err)
	}
}

// play sends pushes to a receiver of its own.
func play(ctx context.Context, out *log.Logger) error {
	c, err := newCompany(func() time.Time { return time.Date(2026, time.March, 4, 9, 0, 0, 0, time.UTC) })
	if err != nil {
		return err
	}
	server := httptest.NewServer(c.receiver)
	defer server.Close()

	// A full run comes first, and again every night: pushes only make it quicker.
	report, err := c.engine.Sync(ctx)
	if err != nil {
		return err
	}
	out.Printf("a full run\n%s\n", report)

	for _, step := range story() {
		out.Println(step.says)
		answer, err := send(ctx, server, step.push)
		if err != nil {
			return err
		}
		out.Println(answer)
	}
	return nil
}

type step struct {
	says string
	push push
}

func story() []step {
	ana := person{
		Given: "Ana", Family: "Silva", Email: "Ana@acme.example", Title: "Account Executive", Department: "Sales",
		Hired: source.Day(2026, time.March, 4),
	}
	bo := person{
		Given: "Bo", Family: "Li", Email: "Bo@acme.example", Title: "Sales Engineer", Department: "Sales",
		Hired: source.Day(2020, time.January, 7),
	}
	back := bo
	back.Title, back.Department = "Engineer", "Engineering"
	before := bo
	before.Title, before.Department = "Support Engineer", "Support"
	cy := person{
		Given: "Cy", Family: "Roe", Email: "Cy@acme.example", Title: "Account Executive", Department: "Sales",
		Hired: source.Day(2020, time.January, 7), LastDay: source.Day(2026, time.March, 3), Left: true,
	}
	return []step{
		{"Ana joins", push{ID: "E4", Version: 1, Person: &ana}},
		{"the same push again", push{ID: "E4", Version: 1, Person: &ana}},
		{"Bo moves to sales", push{ID: "E2", Version: 3, Person: &bo}},
		{"a late push, older than the one before", push{ID: "E2", Version: 2, Person: &before}},
		{"Bo moves back, and the seat is free again", push{ID: "E2", Version: 4, Person: &back}},
		{"Cy has left", push{ID: "E3", Version: 1, Person: &cy}},
		{"only a hint", push{ID: "E1"}},
		{"a hint about somebody whom nobody knows", push{ID: "E99"}},
	}
}

// send posts a push and returns the answer.
func send(ctx context.Context, server *httptest.Server, p push) (string, error) {
	body, err := json.Marshal(p)
	if err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL, bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	resp, err := server.Client().Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", resp.Status, answer)
	}
	return string(answer), err
}
