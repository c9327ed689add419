package main

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/targettest"
)

// asProgram makes the test binary behave like the program, so that the demo can
// start it again.
const asProgram = "APPROVE_PLAN_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

func TestDemo(t *testing.T) {
	t.Setenv(asProgram, "1")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), self).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	rest := string(out)
	for _, want := range []string{
		"$ approve-plan plan", "7 create, 6 grant; 0 unchanged; 2 held",
		"$ approve-plan approve", "2 pending", "approved by grace@acme.example: on-call",
		"$ approve-plan apply", "7 created, 8 granted",
		"$ approve-plan apply", "15 already so",
		"$ approve-plan plan", "nothing to do; 7 unchanged",
	} {
		_, after, found := strings.Cut(rest, want)
		if !found {
			t.Fatalf("%q is not where it should be:\n%s", want, out)
		}
		rest = after
	}
}

func TestNothingIsGrantedWithoutApproval(t *testing.T) {
	ctx, dir := t.Context(), tempRoot(t)
	role := target.Entitlement{Kind: "role", Name: "production-admin"}
	holders := func() int {
		app, err := openFileTarget("app", dir)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, account := range app.All() {
			if slices.Contains(account.Entitlements, role) {
				n++
			}
		}
		return n
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(plan(ctx, dir))
	must(apply(ctx, dir))
	if n := holders(); n != 0 {
		t.Errorf("%d accounts hold %s before anybody approved", n, role)
	}
	must(approve(ctx, dir, provision.Decision{Actor: "grace@acme.example", Reason: "on-call"}))
	must(apply(ctx, dir))
	if n := holders(); n != 2 {
		t.Errorf("%d accounts hold %s after the approval, want 2", n, role)
	}
}

func TestFileTarget(t *testing.T) {
	targettest.Run(t, func(t *testing.T) targettest.Harness {
		app, err := openFileTarget("app", tempRoot(t))
		if err != nil {
			t.Fatal(err)
		}
		return targettest.Harness{
			Target: app,
			New: func(n int) target.CreateRequest {
				return target.CreateRequest{
					Key:   target.Key{Identity: fmt.Sprintf("E%d", n)},
					State: target.Enabled,
					Attributes: target.Attrs(map[string]string{
						"userName": fmt.Sprintf("person%d@acme.example", n), "title": "Engineer",
					}),
				}
			},
		}
	})
}

func tempRoot(t *testing.T) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := root.Close(); err != nil {
			t.Error(err)
		}
	})
	return root
}
