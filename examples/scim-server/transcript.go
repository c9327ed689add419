package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"
)

//go:embed testdata/transcript.txtar
var recorded []byte

// transcript replays what identity providers send. In a request, <name> stands for the
// id that the service gave to the user or group of that name.
type transcript struct {
	*service
	ids    map[string]string // by tenant and name
	before []string          // accounts
}

// play sends all requests, and prints what each did to the accounts of the product.
func (s *service) play(ctx context.Context) error {
	t := &transcript{service: s, ids: map[string]string{}}
	for _, step := range txtar.Parse(recorded).Files {
		tenant, says, _ := strings.Cut(step.Name, ": ")
		s.out.Printf("%s: %s", tenant, says)
		if login, ok := strings.CutPrefix(says, "sign in "); ok {
			if err := signIn(ctx, s.db, tenant, login); err != nil {
				return err
			}
		} else if err := t.send(ctx, tenant, string(step.Data)); err != nil {
			return fmt.Errorf("%s: %w", step.Name, err)
		}
		s.queue.idle()
		if err := t.tell(ctx); err != nil {
			return err
		}
	}
	return nil
}

// send sends a request: its method and address, and after an empty line a body.
func (t *transcript) send(ctx context.Context, tenant, text string) error {
	for key, id := range t.ids {
		if name, ok := strings.CutPrefix(key, tenant+"\n"); ok {
			text = strings.ReplaceAll(text, "<"+name+">", id)
		}
	}
	head, body, _ := strings.Cut(strings.TrimSpace(text), "\n\n")
	method, address, _ := strings.Cut(head, " ")
	address = strings.NewReplacer(" ", "%20", `"`, "%22", "[", "%5B", "]", "%5D").Replace(address)
	req, err := http.NewRequestWithContext(ctx, method, t.base+address, strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+t.tokens[tenant])
	req.Header.Set("Content-Type", "application/scim+json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	method, _, _ = strings.Cut(head, "?") // an address can be long
	for key, id := range t.ids {
		method = strings.ReplaceAll(method, id, "<"+key[len(tenant)+1:]+">")
	}
	t.out.Printf("  %s -> %d", method, resp.StatusCode)
	return t.learn(tenant, answer)
}

// learn remembers the id of a user or group, as an identity provider does.
func (t *transcript) learn(tenant string, answer []byte) error {
	var r struct{ ID, UserName, DisplayName string }
	if len(answer) == 0 {
		return nil
	}
	if err := json.Unmarshal(answer, &r); err != nil {
		return err
	}
	name := r.UserName
	if name == "" {
		name = r.DisplayName
	}
	if r.ID != "" && name != "" {
		t.ids[tenant+"\n"+name] = r.ID
	}
	return nil
}

// tell prints the accounts that are not as they were.
func (t *transcript) tell(ctx context.Context) error {
	now, err := accounts(ctx, t.db)
	if err != nil {
		return err
	}
	for _, line := range now {
		if !slices.Contains(t.before, line) {
			t.out.Printf("  %s", line)
		}
	}
	t.before = now
	return nil
}
