package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/provision-go/provision/source/scimserver"
)

// strange are texts that stores have stumbled over.
func strange() []string {
	return []string{
		"\x00", "a\x00b", "\x01", "\xff\xfe", "'", `"`, `a' OR '1'='1`, `\`, `\u0000`, "%", "_", "$1", "?", "{}", "[1]",
		"é", "e\u0301", "😀", "\u2028", "\ufeff", "İ", "\r\n", "\t ", strings.Repeat("x", 10_000), strings.Repeat("\x00", 10_000),
	}
}

func cancelAll(r *run) {
	r.creates(user, "u1")
	r.creates(group, "g1")
	ctx, cancel := context.WithCancel(r.ctx)
	cancel()
	_, err := r.s.Get(ctx, r.tenant, user, "u1")
	r.fails("Get after the cancellation", err, context.Canceled)
	_, err = r.s.List(ctx, r.tenant, query{Type: user, Limit: 1, Total: true})
	r.fails("List after the cancellation", err, context.Canceled)
	_, err = r.s.Members(ctx, r.tenant, []string{"g1"})
	r.fails("Members after the cancellation", err, context.Canceled)
	_, err = r.s.MemberOf(ctx, r.tenant, []string{"u1"})
	r.fails("MemberOf after the cancellation", err, context.Canceled)
	err = r.s.Commit(ctx, r.tenant, commit{Put: []put{{Resource: r.resource(user, "u2")}}, Join: joins("g1", "u1")})
	r.fails("Commit after the cancellation", err, context.Canceled)
	_, err = r.s.Purge(ctx, r.tenant, instant(0))
	r.fails("Purge after the cancellation", err, context.Canceled)
	r.absent("a cancelled commit", user, "u2")
	r.members("a cancelled commit", "g1")
}

// textValues: values of terms are any bytes, and stay apart.
func textValues(r *run) {
	values := append(strange(), "", "a", "b", "ab", "e", "i")
	for i, v := range values {
		r.create(user, fmt.Sprint("u", i), login(v), mail(v))
	}
	for i, v := range values {
		r.lists(fmt.Sprintf("value %q", short(v)), query{Terms: []term{login(v)}}, fmt.Sprint("u", i))
		r.lists(fmt.Sprintf("value %q", short(v)), query{Terms: []term{mail(v), login(v)}}, fmt.Sprint("u", i))
		r.taken(fmt.Sprintf("value %q again", short(v)), r.try(creation(r.resource(user, "x", login(v)))), "username")
	}
	for _, v := range values {
		r.lists(fmt.Sprintf("member %q", short(v)), query{Type: group, Member: "x" + v})
	}
}

func short(s string) string { return s[:min(len(s), 20)] }

// textLong: values that have a long beginning in common are different.
func textLong(r *run) {
	long := strings.Repeat("long ", 20_000)
	r.create(user, "u1", login(long))
	r.create(user, "u2", login(long+"x"))
	r.lists("a long value", query{Terms: []term{login(long)}}, "u1")
	r.lists("a long value", query{Terms: []term{login(long + "x")}}, "u2")
	r.taken("a long value again", r.try(creation(r.resource(user, "u3", login(long)))), "username")
}

func textDisplay(r *run) {
	r.creates(group, "g1")
	var want []member
	var c commit
	for i, display := range strange() {
		id := fmt.Sprintf("u%02d", i)
		c.Put = append(c.Put, put{Resource: r.resource(user, id)})
		want = append(want, member{ID: id, Type: user, Display: display})
		c.Join = append(c.Join, scimserver.Membership{Group: "g1", Member: want[i]})
	}
	r.commit("join", c)
	got, err := r.s.Members(r.ctx, r.tenant, []string{"g1"})
	if err != nil {
		r.Fatalf("Members: %v", err)
	}
	if len(got["g1"]) != len(want) {
		r.Fatalf("%d members, want %d", len(got["g1"]), len(want))
	}
	for i, m := range got["g1"] {
		if m != want[i] {
			r.Errorf("Display %q came back as %q", short(want[i].Display), short(m.Display))
		}
	}
}

func largeBody(r *run) {
	want := r.resource(user, "u1")
	want.Body = fmt.Appendf(nil, `{"nickName":"%s","title":"\u0000 😀 \" ' \\ <>"}`, strings.Repeat("0123456789", 200_000))
	r.commit("create", creation(want))
	want.Version, want.Sequence = 1, r.get(user, "u1").Sequence
	r.unchanged("a body of 2 MB", want)
	want = r.resource(user, "u2")
	// Nobody may tidy it up.
	want.Body = []byte(`{ "b":1.0,"a" :12345678901234567890, "b2":1e2}` + "\n")
	r.commit("create", creation(want))
	want.Version, want.Sequence = 1, r.get(user, "u2").Sequence
	r.unchanged("a body with blanks", want)
}

func largeGroup(r *run) {
	const n = 10_000
	var c commit
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("u%05d", i)
		c.Put = append(c.Put, put{Resource: r.resource(user, ids[i], login(ids[i]))})
	}
	r.commit("create 10,000 users", c)
	r.creates(group, "g1", "g2")
	back := slices.Clone(ids)
	slices.Reverse(back)
	r.commit("join all", commit{Join: joins("g1", back...)})
	r.commit("join some", commit{Join: joins("g2", ids[:20]...)})
	r.members("joined", "g1", ids...)
	groups, err := r.s.MemberOf(r.ctx, r.tenant, ids)
	if err != nil {
		r.Fatalf("MemberOf: %v", err)
	}
	r.same("MemberOf: how many", len(groups), n)
	r.same("groups of the first", groups[ids[0]], []string{"g1", "g2"})
	r.same("groups of the last", groups[ids[n-1]], []string{"g1"})
	p, found := r.list(query{Limit: 100, Offset: n - 50, Total: true})
	r.same("total", p.Total, n)
	r.same("the end", found, ids[n-50:])
	r.commit("half leave", commit{Leave: joins("g1", ids[:n/2]...)})
	r.members("half left", "g1", ids[n/2:]...)
	r.commit("delete the group", r.deletion(r.get(group, "g1")))
	r.memberOf("deleted", ids[n-1])
	// Nobody joins if one cannot.
	err = r.try(commit{Join: joins("g2", append(slices.Clone(ids[20:]), "nobody")...)})
	if !errors.Is(err, scimserver.ErrNoMember) {
		r.Errorf("a join of 9,980 and nobody returned %v, want %q", err, scimserver.ErrNoMember)
	}
	r.members("refused", "g2", ids[:20]...)
}
