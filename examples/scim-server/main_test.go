package main

import (
	"flag"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/provision-go/provision/source/scimserver"
)

var update = flag.Bool("update", false, "write the golden file")

// told returns what the program prints.
func told(t *testing.T, dir string) string {
	t.Helper()
	var out strings.Builder
	if err := run(t.Context(), log.New(&out, "", 0), dir, "127.0.0.1:0", false); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestOutput pins the whole story. After a change that is meant, run the test with
// -update and read the difference.
func TestOutput(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out := told(t, dir)
	golden := filepath.Join("testdata", "output.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(out), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if out != string(want) {
		t.Errorf("the output is not that of %s:\n%s", golden, out)
	}

	// A second start finds everything as it was left, and plays nothing.
	again := told(t, dir)
	if !strings.HasPrefix(again, "the product's accounts at the end:\n") || !strings.HasSuffix(out, again) {
		t.Errorf("the second start does not end as the first did:\n%s", again)
	}
}

// TestLostHint: what was pushed just before the process died is followed by the next
// one.
func TestLostHint(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	told(t, dir)
	db, store, _, err := openProduct(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, time.March, 3, 9, 0, 0, 0, time.UTC)
	err = store.Commit(t.Context(), "acme", scimserver.Commit{Put: []scimserver.Put{{Resource: scimserver.Resource{
		Type: scimserver.User, ID: "u4", Created: now, Modified: now,
		Body: []byte(`{"userName":"cy.roe@acme.example","displayName":"Cy Roe","active":true}`),
	}}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if out := told(t, dir); !strings.Contains(out, "cy.roe@acme.example") {
		t.Errorf("nobody followed the push:\n%s", out)
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	s, _, err := startService(t.Context(), log.New(t.Output(), "", 0), t.TempDir(), "127.0.0.1:0", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.close(); err != nil {
			t.Error(err)
		}
	})
	for token, want := range map[string]int{"": 401, "Bearer ": 401, "Bearer x": 401, "Bearer " + s.tokens["acme"]: 200, "Bearer " + s.tokens["globex"]: 200} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.base+"/Users", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", token)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("token %q: %s, want %d", token, resp.Status, want)
		}
	}
}
