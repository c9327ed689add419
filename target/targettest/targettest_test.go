package targettest

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

func person(n int) target.CreateRequest {
	name := fmt.Sprintf("person%d", n)
	return target.CreateRequest{
		Key:   target.Key{Identity: fmt.Sprintf("E%d", n)},
		State: target.Enabled,
		Attributes: target.Attrs(map[string]string{
			"userName": name, "email": name + "@acme.example", "displayName": "Person " + name,
		}),
	}
}

func group(name string) target.Entitlement { return target.Entitlement{Kind: "group", Name: name} }

func memory(cfg *memtarget.Config) *memtarget.Target {
	m := memtarget.New("app", cfg)
	m.AddEntitlements(group("staff"), group("engineering"), target.Entitlement{Kind: "role", Name: "auditor"})
	m.Put(target.Account{State: target.Enabled, Attributes: target.Attrs(map[string]string{"userName": "service"})})
	return m
}

func harness(m *memtarget.Target) Harness {
	return Harness{
		Target: m,
		New:    person,
		Broken: func() target.Target {
			b := memory(nil)
			b.FailAlways("", target.Fail(target.Transient, errors.New("down")))
			return b
		},
		Sessions: func(id string, open bool) int {
			if open {
				m.OpenSessions(id, 1)
			}
			return m.Sessions(id)
		},
	}
}

func TestMemtargetKeepsTheContract(t *testing.T) {
	only := func(alter func(*target.Capabilities)) *memtarget.Config {
		caps := memtarget.Everything()
		alter(&caps)
		return &memtarget.Config{Capabilities: &caps}
	}
	for name, cfg := range map[string]*memtarget.Config{
		"everything":             nil,
		"members on entitlement": {MembersOnEntitlement: true, UniqueKeys: true},
		"no keys": only(func(c *target.Capabilities) {
			c.Keys, c.SetKey, c.FindKey = false, false, false
		}),
		"no versions, no idempotency": only(func(c *target.Capabilities) {
			c.Versions, c.IdempotentCreate, c.CreateDisabled = false, false, false
		}),
		"grants only": only(func(c *target.Capabilities) {
			c.Entitlements = []target.EntitlementSpec{{Kind: "group", Grant: true, List: true}, {Kind: "role", Revoke: true}}
		}),
		"bare": only(func(c *target.Capabilities) {
			*c = target.Capabilities{Attributes: c.Attributes, Create: true, Keys: true}
		}),
		"list only": only(func(c *target.Capabilities) { *c = target.Capabilities{Attributes: c.Attributes} }),
	} {
		t.Run(name, func(t *testing.T) {
			// One system for all checks of a run, as with a real sandbox.
			m := memory(cfg)
			Run(t, func(*testing.T) Harness { return harness(m) })
		})
	}
}

func TestHarnessHooksAreUsed(t *testing.T) {
	m := memory(nil)
	var changed, cleared, made int
	Run(t, func(*testing.T) Harness {
		h := harness(m)
		h.Missing = "nobody"
		h.Clear = "displayName"
		h.Change = func(n int) target.Attributes {
			changed++
			return target.Attrs(map[string]string{"title": fmt.Sprintf("Engineer %d", n)})
		}
		h.Entitlement = func(n int) target.Entitlement {
			cleared++
			return group([]string{"staff", "engineering"}[n%2])
		}
		h.NewEntitlement = func(kind string, n int) target.Entitlement {
			made++
			return target.Entitlement{Kind: kind, Name: fmt.Sprintf("new-%d", n)}
		}
		return h
	})
	if changed == 0 || cleared == 0 || made == 0 {
		t.Errorf("hooks were called %d, %d and %d times", changed, cleared, made)
	}
}

// minimal is about the least that is worth connecting.
type minimal struct{ *memtarget.Target }

func TestTenLineHarness(t *testing.T) {
	Run(t, func(t *testing.T) Harness {
		return Harness{Target: minimal{memtarget.New("app", nil)}, New: person}
	})
}

func TestHarnessIsChecked(t *testing.T) {
	got := play(check{"x", func(*run) {}}, func() Harness { return Harness{} })
	if len(got.failures) != 1 || !strings.Contains(got.failures[0], "Target and New") {
		t.Errorf("got %q", got.failures)
	}
}
