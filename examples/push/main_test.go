package main

import (
	"fmt"
	"log"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

func TestPlay(t *testing.T) {
	var out strings.Builder
	if err := play(t.Context(), log.New(&out, "", 0)); err != nil {
		t.Fatal(err)
	}
	rest := out.String()
	for _, want := range []string{
		"Ana joins", "app: 1 created, 1 granted", "crm: 1 created, 1 granted",
		"the same push again", "app: nothing to do", "crm: nothing to do",
		"a late push", "app: nothing to do", "crm: nothing to do",
		"Bo moves back", "crm: 1 disabled",
		"Cy has left", "app: 1 disabled", "crm: 1 disabled", "1 sessions ended",
		"somebody whom nobody knows", "does not know this person",
	} {
		_, after, found := strings.Cut(rest, want)
		if !found {
			t.Fatalf("%q is not where it should be:\n%s", want, &out)
		}
		rest = after
	}
}

// TestAnyOrder sends every push twice, shuffled, four at a time, and always comes
// to the same end.
func TestAnyOrder(t *testing.T) {
	want := after(t, func([]push) {})
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 0))
		got := after(t, func(list []push) {
			random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		})
		if got != want {
			t.Errorf("seed %d:\n%s\nwant\n%s", seed, got, want)
		}
	}
}

// after returns what the targets hold once all pushes have come.
func after(t *testing.T, order func([]push)) string {
	t.Helper()
	c, server := start(t)
	var list []push
	for _, s := range story() {
		list = append(list, s.push, s.push)
	}
	order(list)
	errs := make(chan error)
	for worker := range 4 {
		go func() {
			for i := worker; i < len(list); i += 4 {
				_, err := send(t.Context(), server, list[i])
				errs <- err
			}
		}()
	}
	for range list {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	plan, err := c.engine.Plan(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !plan.NothingToDo() {
		t.Errorf("after all pushes a full run has nothing to do:\n%s", plan)
	}
	return open(c.app) + open(c.crm)
}

// open lists the accounts that work. A seat that somebody had for a while leaves
// a closed account behind, or none, as the order has it.
func open(accounts *memtarget.Target) string {
	var lines []string
	for _, a := range accounts.All() {
		if a.State == target.Enabled {
			lines = append(lines, fmt.Sprintf("%s %s %v %v\n", accounts.Name(), a.Key, a.Attributes, a.Entitlements))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}

func TestWhatIsNoPushIsRefused(t *testing.T) {
	_, server := start(t)
	for _, body := range []string{"", "{}", "[]", `{"id":"E1","person":{"hired":"soon"}}`, `{"id":"` + strings.Repeat("x", maxPush) + `"}`} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := server.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusBadRequest {
			t.Errorf("%.40q: %s, want a 400", body, resp.Status)
		}
	}
}

func TestATargetThatIsDownAsksForThePushAgain(t *testing.T) {
	c, server := start(t)
	c.crm.FailAlways("Find", target.Fail(target.Fatal, fmt.Errorf("no credit left")))
	if _, err := send(t.Context(), server, story()[0].push); err == nil {
		t.Error("a push that was only half done was taken for done")
	}
	c.crm.Repair()
	if _, err := send(t.Context(), server, story()[0].push); err != nil {
		t.Error(err)
	}
}

// start begins with a full run.
func start(t *testing.T) (*company, *httptest.Server) {
	t.Helper()
	c, err := newCompany(func() time.Time { return time.Date(2026, time.March, 4, 9, 0, 0, 0, time.UTC) })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.engine.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(c.receiver)
	t.Cleanup(server.Close)
	return c, server
}
