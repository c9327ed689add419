package scimtarget

import (
	"context"
	"net/http"
	"slices"
	"sync"

	"github.com/provision-go/provision/internal/scimclient"
	"github.com/provision-go/provision/target"
)

// additions knows what a service makes of members that are added to a group. Some take
// them for all members, answer 200, and have put everybody else out: those that store the
// value of an operation under its path. So the first addition to a group that has other
// members is looked at, and if they are gone they are put back, and groups are replaced
// from then on. It is for services whose groups list their members.
type additions struct {
	t *Target
	// turn is had by whoever finds out.
	turn chan struct{}

	mu    sync.Mutex
	known adding
	// peopled are the groups that have members, as far as somebody has heard.
	peopled map[string]bool
	// left are members whom somebody has taken out, by group: an answer that is older than
	// that must not bring them back.
	left map[string][]string
	// lost are members who were put out, and are not back yet, by group.
	lost map[string][]string
}

// adding is what becomes of the members that a group has when others are added.
type adding uint8

const (
	unknown adding = iota
	keeps
	replaces
)

func newAdditions(t *Target) *additions {
	return &additions{
		t: t, turn: make(chan struct{}, 1),
		peopled: map[string]bool{}, left: map[string][]string{}, lost: map[string][]string{},
	}
}

func (a *additions) is() adding {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.known
}

func (a *additions) learn(what adding) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.known, a.peopled, a.left = what, nil, nil
}

// heard notes that a group has members.
func (a *additions) heard(group string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.open() {
		a.peopled[group] = true
	}
}

// shows reports whether an addition to a group shows something that nobody knows yet.
func (a *additions) shows(group string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.known == unknown && a.peopled[group]
}

// leave notes that members are about to be taken out.
func (a *additions) leave(group string, users []string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.open() {
		left := slices.Concat(a.left[group], users)
		a.left[group] = left[max(len(left)-mostLeft, 0):]
	}
	if lost := a.lost[group]; len(lost) > 0 {
		a.lost[group] = without(lost, users)
	}
}

// stay notes that members have been added, whoever took them out before.
func (a *additions) stay(group string, users []string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if left := a.left[group]; len(left) > 0 {
		a.left[group] = without(left, users)
	}
}

// mostLeft bounds what is remembered of a group: no answer is as old as the removals before.
const mostLeft = 1000

// open reports whether something is still to be found out. The caller holds the lock.
func (a *additions) open() bool {
	g := &a.t.profile.Groups
	return a.known == unknown && g.Members == OnGroups && g.Update == Patch
}

// add adds members in one request, or in the three that show what becomes of the others.
func (a *additions) add(ctx context.Context, group string, users []string) error {
	if !a.shows(group) {
		return a.plain(ctx, group, users)
	}
	select {
	case a.turn <- struct{}{}:
		defer func() { <-a.turn }()
	case <-ctx.Done():
		return target.Fail(target.NotSent, ctx.Err())
	}
	if a.shows(group) {
		// Without an answer nothing is found out, and the addition says what is wrong.
		if others, err := a.others(ctx, group, users); err == nil && len(others) > 0 {
			return a.try(ctx, group, users, others)
		}
	}
	return a.plain(ctx, group, users)
}

// plain adds members in the way that is known to do so, if any is.
func (a *additions) plain(ctx context.Context, group string, users []string) error {
	if a.is() == replaces {
		return a.replace(ctx, group, users)
	}
	_, err := a.t.submit(ctx, a.t.adds(group, users))
	if err == nil {
		a.heard(group)
		a.stay(group, users)
	}
	return err
}

// others are the members that a group has besides.
func (a *additions) others(ctx context.Context, group string, users []string) ([]string, error) {
	now, err := a.t.client.Get(ctx, groupsAt, group, scimclient.Query{})
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return without(without(membersOf(now.Object), users), a.left[group]), nil
}

// try adds members to a group that has others, and looks whether they are there still.
func (a *additions) try(ctx context.Context, group string, users, others []string) error {
	_, failed := a.t.client.Send(ctx, a.t.adds(group, users))
	if failed != nil && splits(failed) {
		return failed // nothing was done
	}
	now, err := a.t.client.Get(ctx, groupsAt, group, scimclient.Query{})
	if err != nil {
		return failed
	}
	members := membersOf(now.Object)
	if slices.ContainsFunc(others, func(id string) bool { return slices.Contains(members, id) }) {
		if slices.Contains(members, users[0]) { // else it is an answer from before
			a.learn(keeps)
		}
		return failed
	}
	a.mu.Lock()
	a.lost[group] = without(others, a.left[group])
	a.mu.Unlock()
	a.learn(replaces)
	return a.replace(ctx, group, users)
}

// replace adds members, and those who were put out, by replacing the group.
func (a *additions) replace(ctx context.Context, group string, users []string) error {
	a.mu.Lock()
	lost := slices.Clone(a.lost[group])
	a.mu.Unlock()
	err := a.t.putMembers(ctx, group, append(without(lost, users), users...), true)
	if err == nil {
		a.mu.Lock()
		a.lost[group] = without(a.lost[group], lost)
		a.mu.Unlock()
	}
	return err
}

// adds is the request that adds members.
func (t *Target) adds(group string, users []string) scimclient.Write {
	return t.memberWrite(group, t.memberOps(users, true))
}

// memberWrite is a request that alters members. The answer may have thousands of them, and
// is not read. It is not asked to leave them out either: SCIMMY takes excludedAttributes
// for what to read before it applies the operations, and stores a group with the new
// members alone.
func (t *Target) memberWrite(group string, ops []op) scimclient.Write {
	return scimclient.Write{Method: http.MethodPatch, Endpoint: groupsAt, ID: group, Body: patchOf(ops...), Unread: true}
}

// without are the elements of one list that are not in another.
func without(list, out []string) []string {
	gone := make(map[string]bool, len(out))
	for _, id := range out {
		gone[id] = true
	}
	return slices.DeleteFunc(slices.Clone(list), func(id string) bool { return gone[id] })
}
