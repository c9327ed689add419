package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/provision-go/provision/source/scimserver"
)

// width is how many write at once.
const width = 100

// patience is how often a writer tries before the check gives up: many times what
// a store needs in which one of those who collide always gets through.
const patience = 20 * width

// atOnce calls a function n times at once, and reports what goes wrong.
func (r *run) atOnce(n int, do func(i int) error) {
	r.Helper()
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { errs[i] = do(i) })
	}
	wg.Wait()
	for i, err := range errs {
		if err != nil {
			r.Errorf("number %d of %d at once: %v", i, n, err)
			return
		}
	}
}

// retried changes and writes what it was given, and then what it reads, until
// nobody else was quicker.
func (r *run) retried(res resource, change func(resource) commit) error {
	for range patience {
		err := r.try(change(res))
		if !errors.Is(err, scimserver.ErrConflict) {
			return err
		}
		if res, err = r.s.Get(r.ctx, r.tenant, res.Type, res.ID); err != nil {
			return err
		}
	}
	return fmt.Errorf("conflicts in %d attempts, one after the other", patience)
}

// concurrentVersions: 100 writers count with compare and set, and lose nothing.
func concurrentVersions(r *run) {
	start := r.resource(user, "u1")
	start.Body = []byte(`0`)
	r.commit("create", creation(start))
	start = r.get(user, "u1")
	r.atOnce(width, func(int) error {
		return r.retried(start, func(res resource) commit {
			n, _ := strconv.Atoi(string(res.Body))
			next := resource{Type: user, ID: "u1", Modified: res.Modified, Body: []byte(strconv.Itoa(n + 1)), Terms: []term{login(strconv.Itoa(n))}}
			return commit{Put: []put{{Resource: next, Expect: res.Version}}}
		})
	})
	got := r.get(user, "u1")
	r.same("version", got.Version, int64(width+1))
	r.same("body", string(got.Body), strconv.Itoa(width))
	r.lists("the last term", query{Terms: []term{login(strconv.Itoa(width - 1))}}, "u1")
	r.lists("a term before", query{Terms: []term{login(strconv.Itoa(width - 2))}})
}

// concurrentMembers: 100 writers put a member each into one group.
func concurrentMembers(r *run) {
	ids := make([]string, width)
	for i := range ids {
		ids[i] = fmt.Sprintf("u%03d", i)
	}
	r.creates(user, ids...)
	r.creates(group, "g1", "g2")
	r.atOnce(width, func(i int) error { return r.try(commit{Join: joins("g1", ids[i])}) })
	r.members("joined at once", "g1", ids...)
	start := r.get(group, "g2")
	r.atOnce(width, func(i int) error {
		return r.retried(start, func(res resource) commit {
			next := resource{Type: group, ID: "g2", Modified: res.Modified, Body: res.Body}
			return commit{Put: []put{{Resource: next, Expect: res.Version}}, Join: joins("g2", ids[i])}
		})
	})
	r.members("joined at once, with a put", "g2", ids...)
	r.same("version", r.get(group, "g2").Version, int64(width+1))
	r.atOnce(width, func(i int) error { return r.try(commit{Leave: joins("g1", ids[i])}) })
	r.members("left at once", "g1")
}

// concurrentUnique: of many who want one value, one gets it.
func concurrentUnique(r *run) {
	const rounds, writers = 10, 10
	var won [rounds]atomic.Int64
	templates := make([]resource, rounds*writers)
	for i := range templates {
		templates[i] = r.resource(user, fmt.Sprint("u", i), login(fmt.Sprint("ana", i%rounds)), mail("x"))
	}
	r.atOnce(len(templates), func(i int) error {
		err := r.try(creation(templates[i]))
		if err == nil {
			won[i%rounds].Add(1)
			return nil
		}
		if e, ok := errors.AsType[*scimserver.TakenError](err); !ok || e.Name != "username" {
			return fmt.Errorf("a create that came too late: %w", err)
		}
		return nil
	})
	for i := range won {
		r.same("creates with one value that succeeded", won[i].Load(), int64(1))
		_, ids := r.list(query{Terms: []term{login(fmt.Sprint("ana", i))}, Limit: 10})
		r.same("who has the value", len(ids), 1)
	}
	p, _ := r.list(query{Terms: []term{mail("x")}, Total: true})
	r.same("how many there are", p.Total, rounds)
}

// concurrentLeavers: a join and a deletion at once end without a deleted member,
// and without a deleted group that has members.
func concurrentLeavers(r *run) {
	const pairs = 40
	var users, groups []resource
	for i := range pairs {
		users = append(users, r.create(user, fmt.Sprint("u", i)))
		groups = append(groups, r.create(group, fmt.Sprint("g", i)))
	}
	var deletions []commit
	for i := range pairs {
		if i%2 == 0 {
			deletions = append(deletions, r.deletion(users[i]))
		} else {
			deletions = append(deletions, r.deletion(groups[i]))
		}
	}
	r.atOnce(2*pairs, func(n int) error {
		i := n / 2
		if n%2 == 0 {
			return r.try(deletions[i])
		}
		err := r.try(commit{Join: joins(groups[i].ID, users[i].ID)})
		if errors.Is(err, scimserver.ErrNoMember) || errors.Is(err, scimserver.ErrNotFound) {
			return nil
		}
		return err
	})
	for i := range pairs {
		r.members("after a deletion", groups[i].ID)
		r.memberOf("after a deletion", users[i].ID)
	}
}

// concurrentCreate: one ID is given once.
func concurrentCreate(r *run) {
	var won atomic.Int64
	same := r.resource(user, "u1")
	r.atOnce(20, func(int) error {
		err := r.try(creation(same))
		if err == nil {
			won.Add(1)
		}
		if errors.Is(err, scimserver.ErrConflict) {
			return nil
		}
		return err
	})
	r.same("creates of one ID that succeeded", won.Load(), int64(1))
	r.same("version", r.get(user, "u1").Version, int64(1))
}

// concurrentPages: who pages by After while others create and delete sees everybody
// who was there once, and whoever follows the list sees everybody who comes.
func concurrentPages(r *run) {
	const stay, writers, each = 60, 8, 15
	var ids []string
	for i := range stay {
		id := fmt.Sprint("stays", i)
		r.create(user, id)
		ids = append(ids, id)
	}
	var created []resource
	for i := range writers * each {
		created = append(created, r.resource(user, fmt.Sprint("new", i)))
	}
	// walk reads all pages after a sequence, and returns the last one.
	walk := func(after int64, seen map[string]int) (int64, error) {
		for {
			p, err := r.s.List(r.ctx, r.tenant, query{Type: user, After: after, Limit: 7, Deleted: true})
			if err != nil {
				return after, err
			}
			for _, res := range p.Resources {
				if res.Sequence <= after {
					return after, fmt.Errorf("%s has Sequence %d on a page after %d", res.ID, res.Sequence, after)
				}
				after = res.Sequence
				seen[res.ID]++
			}
			if len(p.Resources) < 7 {
				return after, nil
			}
		}
	}
	var writing atomic.Int64
	writing.Store(writers)
	followed := map[string]int{}
	r.atOnce(writers+2, func(n int) error {
		switch n {
		case writers: // follows the list
			var after int64
			for last := false; ; {
				next, err := walk(after, followed)
				if err != nil || last {
					return err
				}
				after = next
				last = writing.Load() == 0
			}
		case writers + 1: // reads all of it again and again
			for writing.Load() > 0 {
				seen := map[string]int{}
				if _, err := walk(0, seen); err != nil {
					return err
				}
				for _, id := range ids {
					if seen[id] != 1 {
						return fmt.Errorf("a walk saw %s %d times", id, seen[id])
					}
				}
			}
			return nil
		}
		defer writing.Add(-1)
		for _, res := range created[n*each : (n+1)*each] {
			if err := r.try(creation(res)); err != nil {
				return err
			}
			if gone := res; n%2 == 0 {
				gone.Deleted = gone.Modified
				if err := r.try(commit{Put: []put{{Resource: gone, Expect: 1}}, Gone: []string{gone.ID}}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	for _, res := range created {
		ids = append(ids, res.ID)
	}
	for _, id := range ids {
		if followed[id] != 1 {
			r.Errorf("who followed the list saw %s %d times, want once", id, followed[id])
			return
		}
	}
}

// concurrentWhole: nobody sees a part of a commit.
func concurrentWhole(r *run) {
	r.creates(user, "u1", "u2")
	r.creates(group, "g1", "g2")
	r.commit("join", commit{Join: joins("g1", "u1")})
	const rounds = 60
	var commits []commit
	a, b := r.get(user, "u1"), r.get(user, "u2")
	for i := range rounds {
		p, q := r.change(a), r.change(b)
		q.Resource.Body = p.Resource.Body
		a.Version++
		b.Version++
		from, to := "g1", "g2"
		if i%2 == 1 {
			from, to = to, from
		}
		commits = append(commits, commit{Put: []put{p, q}, Leave: joins(from, "u1"), Join: joins(to, "u1")})
	}
	r.commit("the first", commits[0])
	var done atomic.Bool
	r.atOnce(3, func(n int) error {
		if n == 0 {
			defer done.Store(true)
			for _, c := range commits[1:] {
				if err := r.try(c); err != nil {
					return err
				}
			}
			return nil
		}
		for !done.Load() {
			p, err := r.s.List(r.ctx, r.tenant, query{Type: user, Limit: 2})
			if err != nil {
				return err
			}
			if len(p.Resources) != 2 || !slices.Equal(p.Resources[0].Body, p.Resources[1].Body) {
				return errors.New("a list shows one put of a commit and not the other")
			}
			members, err := r.s.Members(r.ctx, r.tenant, []string{"g1", "g2"})
			if err != nil {
				return err
			}
			if n := len(members["g1"]) + len(members["g2"]); n != 1 {
				return fmt.Errorf("somebody who moves between groups is in %d of them", n)
			}
		}
		return nil
	})
}
