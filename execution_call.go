package provision

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// find reads accounts. ErrNotFound from a target means none.
func (x *execution) find(ctx context.Context, a *attempt, by target.Find) ([]target.Account, error) {
	found, err := bounded(ctx, x.config.CallTimeout, func(ctx context.Context) ([]target.Account, error) {
		return x.target.Find(ctx, by)
	})
	if errors.Is(err, target.ErrNotFound) {
		found, err = nil, nil
	}
	a.heard(err)
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	if x.can.Keys && !by.Key.IsZero() {
		// Some systems compare without regard to case.
		found = slices.DeleteFunc(slices.Clone(found), func(f target.Account) bool { return f.Key != by.Key })
	}
	return found, nil
}

// write makes the one call that a change stands for, and returns the account as
// far as the target tells. It is broken off after limit, and not when the run's context
// ends. A panic in it becomes an error. It returns false if the call did not end with
// its context, and another worker has the attempt by now.
func (x *execution) write(a *attempt, p parcel, limit time.Duration) (made target.Account, mine bool, err error) {
	if a.change.Action == reconcile.Adopt && !x.can.Keys && p.set.IsZero() && len(p.clear) == 0 {
		return target.Account{ID: a.account}, true, nil // the journal keeps the key
	}
	a.result.Attempts++
	w := a.worker
	ctx, cancel := context.WithTimeout(x.lasting, limit)
	defer cancel()
	w.begins(a, limit)
	made, err = x.trySend(ctx, a, p)
	return made, w.ended(), err
}

func (x *execution) trySend(ctx context.Context, a *attempt, p parcel) (made target.Account, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = &panicError{reason: reason}
		}
	}()
	return x.send(ctx, a, p)
}

// wrote takes what a write returned.
func (x *execution) wrote(ctx context.Context, a *attempt, made target.Account, err error) {
	c := a.change
	if err == nil && c.Action == reconcile.Create && made.ID == "" {
		err = errNoID // class Unclear: it has to be read back
	}
	err = discreet(err, c, a.secrets)
	a.heard(err)
	if err == nil {
		x.done(a, made)
		return
	}
	x.judge(ctx, a, err)
}

func (x *execution) send(ctx context.Context, a *attempt, p parcel) (target.Account, error) {
	c := a.change
	ref := target.Ref{ID: a.account, Key: c.Key}
	switch c.Action {
	case reconcile.Create:
		return x.target.Create(ctx, target.CreateRequest{
			Key: c.Key, State: c.To, Attributes: p.set, Secrets: a.secrets, IdempotencyKey: c.ID,
		})
	case reconcile.Update:
		return x.target.Update(ctx, target.UpdateRequest{Ref: ref, Set: p.set, Clear: p.clear, Version: x.version(a)})
	case reconcile.Adopt:
		req := target.UpdateRequest{
			Ref: target.Ref{ID: a.account}, Set: p.set, Clear: p.clear, Version: x.version(a),
		}
		if x.can.Keys {
			req.SetKey = c.Key
		}
		return x.target.Update(ctx, req)
	case reconcile.Disable:
		return x.target.Disable(ctx, target.StateRequest{Ref: ref, Version: x.version(a)})
	case reconcile.Enable:
		return x.target.Enable(ctx, target.StateRequest{Ref: ref, Version: x.version(a)})
	case reconcile.Delete:
		return target.Account{}, x.target.Delete(ctx, target.StateRequest{Ref: ref, Version: x.version(a)})
	case reconcile.Grant:
		return target.Account{}, x.target.Grant(ctx, target.GrantRequest{
			Ref: ref, Entitlement: c.Entitlement, EntitlementID: p.entitlement,
		})
	case reconcile.Revoke:
		return target.Account{}, x.target.Revoke(ctx, target.GrantRequest{
			Ref: ref, Entitlement: c.Entitlement, EntitlementID: p.entitlement,
		})
	case reconcile.EndSessions:
		return target.Account{}, x.target.EndSessions(ctx, target.SessionsRequest{Ref: ref})
	case reconcile.Handover:
		return target.Account{}, x.target.Handover(ctx, target.HandoverRequest{
			From: ref, To: target.Ref{ID: p.to, Key: c.HandoverTo},
		})
	case reconcile.CreateEntitlement:
		held, err := x.target.EnsureEntitlement(ctx, target.EnsureRequest{Entitlement: c.Entitlement})
		if err == nil {
			x.catalogue.add(c.Entitlement, held.ID)
		}
		return target.Account{}, err
	}
	return target.Account{}, target.Fail(target.Permanent, fmt.Errorf("%w: action %d", target.ErrUnsupported, c.Action))
}

// version is the precondition of a write: what was just read, else what our own
// last write made of it, else what was planned with.
func (x *execution) version(a *attempt) string {
	if !x.can.Versions {
		return ""
	}
	if a.version != "" {
		return a.version
	}
	if v, ok := x.versions.get(a.account); ok {
		return v
	}
	return a.change.Version
}

// secrets obtains the secrets of a change, once for all attempts: a target that
// recognises a repeated create may refuse one with another content. It returns
// false if the attempt ends.
func (x *execution) secrets(ctx context.Context, a *attempt) bool {
	c := a.change
	if len(c.Secrets) == 0 || a.secrets != nil {
		return true
	}
	values := make(map[string]target.Secret, len(c.Secrets))
	for _, name := range c.Secrets {
		if x.config.Secrets == nil {
			a.end(Failed, target.Permanent, fmt.Errorf("secret %s: %w", name, errNoSecrets))
			return false
		}
		secret, err := bounded(ctx, x.config.CallTimeout, func(ctx context.Context) (target.Secret, error) {
			return x.config.Secrets(ctx, SecretRequest{Target: x.name, Key: c.Key, Attribute: name})
		})
		values[name] = secret
		if err != nil {
			if ctx.Err() != nil {
				a.come(0) // the dispatcher ends it
				return false
			}
			// Nothing was sent, whatever class the error may seem to have.
			a.err = target.Fail(target.NotSent, fmt.Errorf("secret %s: %w", name, err))
			x.repeat(a, a.err)
			return false
		}
	}
	a.secrets = values
	return true
}

// panicError is a panic of a target or of another function that we were given.
// Its class is Unclear: nobody knows how far it came.
type panicError struct{ reason any }

func (e *panicError) Error() string {
	if err, ok := e.reason.(runtime.Error); ok {
		return "panic in target: " + err.Error()
	}
	return fmt.Sprintf("panic in target: %v", e.reason)
}

// written are the forms in which a value may stand in the text of an error: as it
// is, quoted, in JSON and in a URL.
func written(value string) []string {
	if value == "" {
		return nil
	}
	quoted := strconv.Quote(value)
	forms := []string{value, quoted[1 : len(quoted)-1], url.QueryEscape(value), url.PathEscape(value)}
	for _, escape := range []bool{true, false} {
		var b strings.Builder
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(escape)
		if enc.Encode(value) == nil {
			text := strings.TrimSpace(b.String())
			forms = append(forms, text[1:len(text)-1])
		}
	}
	return forms
}

// discreet replaces an error whose text gives away a secret or a sensitive value of
// the change. Its class stays.
func discreet(err error, c *reconcile.Change, secrets map[string]target.Secret) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	clean := text
	for _, s := range secrets {
		for _, form := range written(s.Reveal()) {
			clean = strings.ReplaceAll(clean, form, masked)
		}
	}
	clean = withoutSensitive(clean, c)
	if clean == text {
		return err
	}
	return &target.Error{
		Class: target.ClassOf(err), RetryAfter: target.RetryAfter(err), Err: errors.New(clean),
	}
}
