package main

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"sync"

	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// accountsFile is where the accounts are.
const accountsFile = "accounts.json"

// fileTarget is a target whose accounts outlive the process: they are in a file,
// which is replaced after every write.
type fileTarget struct {
	*memtarget.Target
	dir *os.Root
	mu  sync.Mutex // one file at a time
}

var _ target.Target = (*fileTarget)(nil)

func openFileTarget(name string, dir *os.Root) (*fileTarget, error) {
	t := &fileTarget{Target: memtarget.New(name, nil), dir: dir}
	t.AddEntitlements(
		target.Entitlement{Kind: "group", Name: "engineering"},
		target.Entitlement{Kind: "group", Name: "sales"},
		target.Entitlement{Kind: "role", Name: "production-admin"},
	)
	text, err := dir.ReadFile(accountsFile)
	if errors.Is(err, fs.ErrNotExist) {
		return t, nil
	}
	if err != nil {
		return nil, err
	}
	var accounts []target.Account
	if err := json.Unmarshal(text, &accounts); err != nil {
		return nil, err
	}
	for _, account := range accounts {
		t.Put(account)
	}
	return t, nil
}

// save replaces the file. When that fails, no further write makes sense.
func (t *fileTarget) save() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	text, err := json.MarshalIndent(t.All(), "", "  ")
	if err == nil {
		err = t.dir.WriteFile(accountsFile+".new", text, 0o600)
	}
	if err == nil {
		err = t.dir.Rename(accountsFile+".new", accountsFile)
	}
	if err != nil {
		return target.Fail(target.Fatal, err)
	}
	return nil
}

func (t *fileTarget) saved(a target.Account, err error) (target.Account, error) {
	if err == nil {
		err = t.save()
	}
	return a, err
}

// Create makes an account.
func (t *fileTarget) Create(ctx context.Context, req target.CreateRequest) (target.Account, error) {
	return t.saved(t.Target.Create(ctx, req))
}

// Update writes attributes.
func (t *fileTarget) Update(ctx context.Context, req target.UpdateRequest) (target.Account, error) {
	return t.saved(t.Target.Update(ctx, req))
}

// Disable makes an account unusable.
func (t *fileTarget) Disable(ctx context.Context, req target.StateRequest) (target.Account, error) {
	return t.saved(t.Target.Disable(ctx, req))
}

// Enable makes an account usable.
func (t *fileTarget) Enable(ctx context.Context, req target.StateRequest) (target.Account, error) {
	return t.saved(t.Target.Enable(ctx, req))
}

// Delete removes an account.
func (t *fileTarget) Delete(ctx context.Context, req target.StateRequest) error {
	_, err := t.saved(target.Account{}, t.Target.Delete(ctx, req))
	return err
}

// Grant gives an entitlement.
func (t *fileTarget) Grant(ctx context.Context, req target.GrantRequest) error {
	_, err := t.saved(target.Account{}, t.Target.Grant(ctx, req))
	return err
}

// Revoke takes an entitlement.
func (t *fileTarget) Revoke(ctx context.Context, req target.GrantRequest) error {
	_, err := t.saved(target.Account{}, t.Target.Revoke(ctx, req))
	return err
}
