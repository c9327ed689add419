package scimtarget

import (
	"context"
	"maps"
	"net/http"
	"reflect"
	"slices"

	"github.com/provision-go/provision/internal/scim"
	"github.com/provision-go/provision/internal/scimclient"
	"github.com/provision-go/provision/target"
)

// change is what is to become of a user.
type change struct {
	id      string
	version string
	edits   []edit
	extra   scim.Object // externalId, active
}

// Update writes the given attributes and no others. Where it takes a look at the user
// to do so, and everything is so already, it writes nothing.
func (t *Target) Update(ctx context.Context, req target.UpdateRequest) (target.Account, error) {
	if err := ctx.Err(); err != nil {
		return target.Account{}, target.Fail(target.NotSent, err)
	}
	edits, err := t.edits(req.Set, req.Clear)
	if err != nil {
		return target.Account{}, err
	}
	if t.profile.Key == UserName && slices.ContainsFunc(edits, func(e edit) bool { return e.login() }) {
		return target.Account{}, target.InvalidError("userName", errLogin)
	}
	c := change{id: req.Ref.ID, version: req.Version, edits: edits, extra: scim.Object{}}
	if !req.SetKey.IsZero() {
		if !t.caps.SetKey {
			return target.Account{}, target.ErrUnsupported
		}
		c.extra["externalId"] = req.SetKey.String()
	}
	return t.write(ctx, c)
}

// Disable sets active to false and keeps everything else.
func (t *Target) Disable(ctx context.Context, req target.StateRequest) (target.Account, error) {
	return t.state(ctx, req, target.Disabled)
}

// Enable sets active to true and keeps everything else.
func (t *Target) Enable(ctx context.Context, req target.StateRequest) (target.Account, error) {
	return t.state(ctx, req, target.Enabled)
}

func (t *Target) state(ctx context.Context, req target.StateRequest, to target.State) (target.Account, error) {
	if !t.profile.Disable {
		return target.Account{}, target.ErrUnsupported
	}
	if err := ctx.Err(); err != nil {
		return target.Account{}, target.Fail(target.NotSent, err)
	}
	return t.setState(ctx, req.Ref.ID, req.Version, to)
}

func (t *Target) setState(ctx context.Context, id, version string, to target.State) (target.Account, error) {
	a, err := t.write(ctx, change{id: id, version: version, extra: scim.Object{"active": to == target.Enabled}})
	if err == nil && a.State != to {
		// Some answers are older than the write.
		if a, err = t.get(ctx, id); err == nil && a.State != to {
			err = target.Fail(target.Permanent, errStillOpen)
		}
	}
	return a, err
}

// Delete removes a user for good.
func (t *Target) Delete(ctx context.Context, req target.StateRequest) error {
	if !t.caps.Delete {
		return target.ErrUnsupported
	}
	if err := ctx.Err(); err != nil {
		return target.Fail(target.NotSent, err)
	}
	if err := checkID(req.Ref.ID); err != nil {
		return err
	}
	_, err := t.client.Send(ctx, scimclient.Write{
		Method: http.MethodDelete, Endpoint: usersAt, ID: req.Ref.ID, Version: t.precondition(req.Version),
	})
	if status(err) == http.StatusConflict {
		return target.Fail(target.Conflict, err)
	}
	return classify(err, true)
}

// precondition is the version that a write has to meet.
func (t *Target) precondition(version string) string {
	if !t.profile.Versions {
		return ""
	}
	return version
}

// write makes a change in the way that the profile says.
func (t *Target) write(ctx context.Context, c change) (target.Account, error) {
	if err := checkID(c.id); err != nil {
		return target.Account{}, err
	}
	look := t.profile.Users == Put || len(c.edits)+len(c.extra) == 0
	for i := range c.edits {
		look = look || !c.edits[i].blind()
	}
	if look {
		return t.informed(ctx, c)
	}
	ops := append(c.extraOps(nil), blindOps(c.edits)...)
	a, err := t.send(ctx, c, scimclient.Write{
		Method: http.MethodPatch, Endpoint: usersAt, ID: c.id, Body: patchOf(ops...), Version: t.precondition(c.version),
	})
	if err != nil && wrongs(err) && target.ClassOf(err) == target.Permanent {
		// Some services refuse to remove what is not there, and to replace it.
		return t.precise(ctx, c, ops, err)
	}
	return a, err
}

// precise sends what was refused in the form that suits what the user has, if that is
// another one.
func (t *Target) precise(ctx context.Context, c change, before []op, refused error) (target.Account, error) {
	now, err := t.read(ctx, c.id)
	if err != nil || reflect.DeepEqual(t.opsFor(c, now.Object), before) {
		return target.Account{}, refused
	}
	return t.alter(ctx, c, now)
}

// opsFor are the operations that a change takes for a user.
func (t *Target) opsFor(c change, now scim.Object) []op {
	return append(c.extraOps(now), t.informedOps(now, c.edits)...)
}

// extraOps are the operations for what is no attribute of the target, as far as the
// user has something else; nil: nobody knows what it has.
func (c *change) extraOps(now scim.Object) []op {
	var out []op
	for _, name := range []string{"externalId", "active"} {
		v, ok := c.extra[name]
		switch {
		case !ok || now != nil && now[name] == v:
		case now != nil && now[name] == nil:
			out = append(out, op{Op: opAdd, Path: name, Value: v})
		default:
			out = append(out, op{Op: opReplace, Path: name, Value: v})
		}
	}
	return out
}

// informed reads the user, and writes what differs.
func (t *Target) informed(ctx context.Context, c change) (target.Account, error) {
	now, err := t.read(ctx, c.id)
	if err != nil {
		return target.Account{}, notSent(err)
	}
	return t.alter(ctx, c, now)
}

// alter writes what differs from the user as it is now.
func (t *Target) alter(ctx context.Context, c change, now scimclient.Resource) (target.Account, error) {
	if t.profile.Versions && c.version != "" && now.Version != c.version {
		return target.Account{}, target.ErrConflict
	}
	w := scimclient.Write{Endpoint: usersAt, ID: c.id, Version: t.precondition(now.Version)}
	ops := t.opsFor(c, now.Object)
	if len(ops) == 0 {
		return t.account(ctx, &target.AttrBuilder{}, now, newNames(t))
	}
	w.Method, w.Body = http.MethodPatch, patchOf(ops...)
	if t.profile.Users == Put {
		w.Method, w.Body = http.MethodPut, c.replaced(now.Object)
	}
	return t.send(ctx, c, w)
}

// notSent is the error of a read that came before a write: nothing was written.
func notSent(err error) error {
	if err == nil {
		return nil
	}
	switch target.ClassOf(err) {
	case target.Unclear, target.Transient:
		return &target.Error{Class: target.NotSent, RetryAfter: target.RetryAfter(err), Err: err}
	case target.NotSent, target.Throttled, target.Exists, target.Conflict, target.NotFound, target.Permanent, target.Fatal:
	}
	return err
}

// replaced is the user for a PUT: with all that it has, but what only the service
// writes.
func (c *change) replaced(now scim.Object) scim.Object {
	o := maps.Clone(now)
	delete(o, "meta")
	delete(o, "groups")
	maps.Copy(o, c.extra)
	for i := range c.edits {
		o = c.edits[i].put(o, c.edits[i].values)
	}
	schemas := list(now["schemas"])
	for _, urn := range schemasOf(o) {
		if !containsFold(schemas, urn) {
			schemas = append(slices.Clip(schemas), urn)
		}
	}
	o["schemas"] = schemas
	return o
}

func containsFold(schemas []any, urn any) bool {
	for _, s := range schemas {
		a, _ := s.(string)
		b, _ := urn.(string)
		if target.FoldEqual(a, b) {
			return true
		}
	}
	return false
}

// send makes a write, and returns the user as it is then.
func (t *Target) send(ctx context.Context, c change, w scimclient.Write) (target.Account, error) {
	var reply written
	var err error
	if len(c.extra) == 0 {
		reply, err = t.submit(ctx, w)
	} else { // its key, or whether it is open
		reply.Reply, err = t.client.Send(ctx, w)
	}
	switch {
	case err != nil && lookedAt(err):
		return t.happened(ctx, c, err)
	case err != nil && taken(err):
		return target.Account{}, t.clash(ctx, err, c.edits, c.id)
	case err != nil:
		return target.Account{}, classify(err, true)
	case whole(reply.Reply) && reply.Resource.ID == c.id:
		return t.account(ctx, &target.AttrBuilder{}, reply.Resource, newNames(t))
	case reply.shared:
		return target.Account{ID: c.id, Version: t.precondition(reply.Resource.Version)}, nil
	}
	a, err := t.get(ctx, c.id)
	if err != nil {
		// It is written, and a repetition does no harm.
		return target.Account{}, target.Fail(target.Unclear, err)
	}
	return a, nil
}

// whole reports whether an answer has a user as it is, and not just its id: userName is
// what every user has (RFC 7643, section 4.1.1).
func whole(r scimclient.Reply) bool {
	return r.Whole && r.Resource.ID != "" && r.Resource.Object["userName"] != nil
}

// happened looks whether a write that was answered with an error took effect.
func (t *Target) happened(ctx context.Context, c change, failed error) (target.Account, error) {
	now, err := t.read(ctx, c.id)
	if err != nil || len(c.extraOps(now.Object)) > 0 {
		return target.Account{}, classify(failed, true)
	}
	for i := range c.edits {
		if !c.edits[i].done(now.Object) {
			return target.Account{}, classify(failed, true)
		}
	}
	return t.account(ctx, &target.AttrBuilder{}, now, newNames(t))
}
