package target_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

func key(id string) target.Key { return target.Key{Identity: id} }

func group(name string) target.Entitlement { return target.Entitlement{Kind: "group", Name: name} }

// listing is a target that only lists what it is told to.
type listing struct {
	*memtarget.Target
	accounts []target.Account
	held     []target.Held
	accErr   error
	heldErr  error
	onRead   func()
}

func list(accounts ...target.Account) *listing {
	for i := range accounts {
		if accounts[i].State == target.Undecided {
			accounts[i].State = target.Enabled
		}
	}
	return &listing{Target: memtarget.New("app", nil), accounts: accounts}
}

func sequence[T any](all []T, err error, onRead func()) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, one := range all {
			if onRead != nil {
				onRead()
			}
			if !yield(one, nil) {
				return
			}
		}
		if err != nil {
			var none T
			yield(none, err)
		}
	}
}

func (l *listing) Accounts(context.Context) iter.Seq2[target.Account, error] {
	return sequence(l.accounts, l.accErr, l.onRead)
}

func (l *listing) Entitlements(context.Context) iter.Seq2[target.Held, error] {
	return sequence(l.held, l.heldErr, l.onRead)
}

func collect(t *testing.T, l *listing) target.Snapshot {
	t.Helper()
	s, err := target.Collect(context.Background(), l)
	require.NoError(t, err)
	assert.True(t, s.Complete())
	assert.Equal(t, "app", s.Target())
	return s
}

func accountIDs(accounts []target.Account) []string {
	var ids []string
	for _, a := range accounts {
		ids = append(ids, a.ID)
	}
	return ids
}

func codes(s target.Snapshot) []string {
	var out []string
	for _, f := range s.Findings() {
		out = append(out, f.Code)
	}
	return out
}

func TestCollectSorts(t *testing.T) {
	s := collect(t, list(
		target.Account{ID: "9"}, target.Account{ID: "5", Key: key("E2")}, target.Account{ID: "1"},
		target.Account{ID: "4", Key: target.Key{Identity: "E1", Slot: "admin"}},
		target.Account{ID: "7", Key: key("E2")}, target.Account{ID: "6", Key: key("E1")},
	))
	assert.Equal(t, []string{"6", "4", "5", "7"}, accountIDs(s.Managed()))
	assert.Equal(t, []string{"1", "9"}, accountIDs(s.Unmanaged()))
	assert.Equal(t, 6, s.Len())
	n := 0
	for range s.All() {
		n++
		if n == 3 {
			break
		}
	}
	assert.Equal(t, 3, n)
	assert.Empty(t, s.Findings())
}

func TestCollectRefusesWhatIsNotWhole(t *testing.T) {
	boom := errors.New("boom")
	cases := map[string]struct {
		l    *listing
		want string
	}{
		"accounts fail":   {&listing{accErr: boom, accounts: []target.Account{{ID: "1", State: target.Enabled}}}, "read app: boom"},
		"catalogue fails": {&listing{heldErr: boom}, "read app: boom"},
		"no id":           {list(target.Account{}), "read app: account without a native id"},
		"no state":        {&listing{accounts: []target.Account{{ID: "1"}}}, `read app: account "1" is neither enabled nor disabled`},
		"desired state":   {list(target.Account{ID: "1", State: target.Deleted}), `read app: account "1" is neither enabled nor disabled`},
	}
	for name, c := range cases {
		c.l.Target = memtarget.New("app", nil)
		s, err := target.Collect(context.Background(), c.l)
		assert.EqualError(t, err, c.want, name)
		assert.False(t, s.Complete(), name)
		assert.Zero(t, s.Len(), name)
	}
}

// A connector that swallows the cancellation must not make a short list whole.
func TestCollectMindsTheContext(t *testing.T) {
	for _, at := range []int{0, 1, 2, 3} {
		ctx, cancel := context.WithCancel(context.Background())
		l := list(target.Account{ID: "1"}, target.Account{ID: "2"})
		l.held = []target.Held{{Entitlement: group("a")}}
		reads := 0
		l.onRead = func() {
			if reads++; reads == at {
				cancel()
			}
		}
		if at == 0 {
			cancel()
		}
		s, err := target.Collect(ctx, l)
		assert.ErrorIs(t, err, context.Canceled)
		assert.False(t, s.Complete())
		cancel()
	}
}

func TestCollectSkipsACatalogueThatCannotBeListed(t *testing.T) {
	caps := memtarget.Everything()
	caps.Entitlements = []target.EntitlementSpec{{Kind: "group", Grant: true}}
	l := list(target.Account{ID: "1"})
	l.Target = memtarget.New("app", &memtarget.Config{Capabilities: &caps})
	l.heldErr = errors.New("never asked")
	collect(t, l)
}

func TestCollectDuplicates(t *testing.T) {
	a := target.Account{
		ID: "1", Key: key("E1"), State: target.Enabled, Attributes: target.Attrs(map[string]string{"title": "a"}),
		Entitlements: []target.Entitlement{group("a"), group("b")},
	}
	again := a
	again.Entitlements = []target.Entitlement{group("b"), group("a"), group("b")}
	s := collect(t, list(a, again))
	assert.Equal(t, 1, s.Len())
	assert.Empty(t, s.Findings(), "the same content on two pages")

	for name, alter := range map[string]func(*target.Account){
		"key":          func(a *target.Account) { a.Key = key("E2") },
		"state":        func(a *target.Account) { a.State = target.Disabled },
		"attributes":   func(a *target.Account) { a.Attributes = target.Attributes{} },
		"entitlements": func(a *target.Account) { a.Entitlements = nil },
		"version":      func(a *target.Account) { a.Version = "2" },
	} {
		other := a
		alter(&other)
		s := collect(t, list(a, other))
		require.Equal(t, 1, s.Len(), name)
		assert.Equal(t, []string{target.CodeDuplicateAccount}, codes(s), name)
		assert.Equal(t, a.Attributes, s.Managed()[0].Attributes, "the first is kept")
		assert.Equal(t, "1", s.Findings()[0].Account)
		assert.Equal(t, "app", s.Findings()[0].Target)
	}
}

func TestCollectBadKeys(t *testing.T) {
	s := collect(t, list(
		target.Account{ID: "1", Key: target.StoredKey("~what")},
		target.Account{ID: "2", Key: target.Key{Identity: "E1", Slot: "a~b"}},
		target.Account{ID: "3", Key: target.StoredKey("")},
		target.Account{ID: "4", Key: target.StoredKey("E1~admin")},
	))
	assert.Equal(t, []string{"4"}, accountIDs(s.Managed()))
	assert.Equal(t, []string{"1", "2", "3"}, accountIDs(s.Unmanaged()))
	assert.True(t, s.Unmanaged()[0].Key.IsZero())
	assert.Equal(t, []string{target.CodeBadKey, target.CodeBadKey}, codes(s))
}

func TestCollectReferences(t *testing.T) {
	with := func(id, k, manager string) target.Account {
		return target.Account{ID: id, Key: target.StoredKey(k), Attributes: target.Attrs(map[string]string{"manager": manager, "title": "x"})}
	}
	s := collect(t, list(
		with("1", "E1", "2"), with("2", "E~2~admin", ""), with("3", "E3", "4"), with("4", "", "nobody"), with("5", "E5", "5"),
	))
	got := map[string]string{}
	for a := range s.All() {
		got[a.ID] = a.Attributes.Get("manager")
		assert.Equal(t, "x", a.Attributes.Get("title"))
	}
	// "E~2~admin" is no key: a tilde inside an identity is doubled.
	assert.Equal(t, map[string]string{"1": "~2", "2": "", "3": "~4", "4": "~nobody", "5": "E5"}, got)
	assert.ElementsMatch(t, []string{target.CodeBadKey, target.CodeBadReference}, codes(s))
	for _, f := range s.Findings() {
		if f.Code == target.CodeBadReference {
			assert.Equal(t, "manager", f.Field)
			assert.Equal(t, "4", f.Account)
			assert.Contains(t, f.Message, "nobody")
		}
	}
}

func TestCollectJoinsMembers(t *testing.T) {
	mine := []target.Entitlement{group("z"), group("b")}
	l := list(target.Account{ID: "1", Entitlements: mine}, target.Account{ID: "2"}, target.Account{ID: "3"})
	page := []string{"1", "2", "2", "ghost", "app", "more of the page"}
	l.held = []target.Held{
		{Entitlement: group("b"), ID: "g2", Members: page[:5]},
		{Entitlement: group("a"), ID: "g1", Members: []string{"1"}},
		{Entitlement: group("b"), ID: "g2", Members: []string{"3"}},
	}
	s := collect(t, l)
	held := map[string][]target.Entitlement{}
	for a := range s.All() {
		held[a.ID] = a.Entitlements
	}
	assert.Equal(t, map[string][]target.Entitlement{
		"1": {group("a"), group("b"), group("z")}, "2": {group("b")}, "3": {group("b")},
	}, held)
	assert.Equal(t, []target.Entitlement{group("z"), group("b")}, mine, "the connector's slice is left alone")
	assert.Equal(t, []string{"1", "2", "2", "ghost", "app", "more of the page"}, page)
	assert.Equal(t, []target.Held{{Entitlement: group("a"), ID: "g1"}, {Entitlement: group("b"), ID: "g2"}}, s.Catalogue())
	require.Equal(t, []string{target.CodeUnknownMember}, codes(s))
	assert.Equal(t, `group:b has 2 members that are no accounts here, such as "app"`, s.Findings()[0].Message)
}

func TestCollectOddEntitlements(t *testing.T) {
	l := list(target.Account{ID: "1", Entitlements: []target.Entitlement{{Kind: "group"}, {Name: "x"}, {Kind: "a:b", Name: "c"}, group("ok:1")}})
	l.held = []target.Held{
		{Entitlement: target.Entitlement{Kind: "group"}, ID: "g0", Members: []string{"1"}},
		{Entitlement: group("twin"), ID: "g1"},
		{Entitlement: group("twin"), ID: "g2"},
	}
	s := collect(t, l)
	assert.Equal(t, []target.Entitlement{group("ok:1")}, s.Unmanaged()[0].Entitlements)
	assert.Len(t, s.Catalogue(), 2, "which of the two is meant is not for a reader to say")
	assert.ElementsMatch(t, []string{
		target.CodeBadEntitlement, target.CodeBadEntitlement, target.CodeBadEntitlement, target.CodeBadEntitlement,
		target.CodeDuplicateEntitlement,
	}, codes(s))
}

func TestCollectKeepsNoSlicesOfTheCapabilities(t *testing.T) {
	l := list()
	s := collect(t, l)
	l.Capabilities().Attributes[0].Name = "changed"
	_, ok := s.Capabilities().Attribute("userName")
	assert.True(t, ok)
}

// snapshots compares what is in snapshots. How the index lies in memory depends on
// the order of the listing; what it finds does not.
func snapshots() cmp.Option {
	return cmp.Options{
		cmp.Exporter(func(reflect.Type) bool { return true }),
		cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".unique" }, cmp.Ignore()),
	}
}

// TestCollectOrder: the order in which a target lists things never matters.
func TestCollectOrder(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 2))
	l := list()
	for i := range 40 {
		a := target.Account{ID: fmt.Sprint(i), State: target.Enabled, Attributes: target.Attrs(map[string]string{"manager": fmt.Sprint(r.IntN(50)), "userName": fmt.Sprint("person", i%10)})}
		if r.IntN(3) > 0 {
			a.Key = key(fmt.Sprint("E", r.IntN(30)))
		}
		l.accounts = append(l.accounts, a)
		l.held = append(l.held, target.Held{Entitlement: group(fmt.Sprint(i % 7)), ID: fmt.Sprint(i), Members: []string{fmt.Sprint(r.IntN(50))}})
	}
	first := collect(t, l)
	for range 20 {
		r.Shuffle(len(l.accounts), func(i, j int) { l.accounts[i], l.accounts[j] = l.accounts[j], l.accounts[i] })
		r.Shuffle(len(l.held), func(i, j int) { l.held[i], l.held[j] = l.held[j], l.held[i] })
		again := collect(t, l)
		require.Empty(t, cmp.Diff(first, again, snapshots()))
		for _, name := range []string{"person1", "person7"} {
			require.Equal(t, holders(first, "userName", name), holders(again, "userName", name))
		}
	}
}

func TestLink(t *testing.T) {
	caps := memtarget.Everything()
	caps.Keys, caps.SetKey, caps.FindKey = false, false, false
	l := list()
	l.Target = memtarget.New("app", &memtarget.Config{Capabilities: &caps})
	withManager := func(id, manager string) target.Account {
		return target.Account{ID: id, State: target.Enabled, Attributes: target.Attrs(map[string]string{"manager": manager})}
	}
	stored := withManager("s", "1")
	stored.Key = key("E9")
	l.accounts = []target.Account{withManager("1", "2"), withManager("2", "s"), withManager("3", "~odd"), withManager("~odd", "ghost"), stored}
	before := collect(t, l)
	after := before.Link(map[string]target.Key{
		"1": key("E7"), "2": key("E1"), "~odd": key("E3"), "s": key("E8"), "gone": key("E4"), "3": {Slot: "x"},
	})

	assert.Equal(t, []string{"s"}, accountIDs(before.Managed()), "the original stays")
	assert.Equal(t, []string{"2", "~odd", "1", "s"}, accountIDs(after.Managed()))
	assert.Equal(t, []string{"3"}, accountIDs(after.Unmanaged()))
	got := map[string]string{}
	for a := range after.All() {
		got[a.ID] = a.Attributes.Get("manager")
	}
	assert.Equal(t, map[string]string{"1": "E1", "2": "E9", "3": "E3", "~odd": "~ghost", "s": "E7"}, got)
	assert.True(t, after.Complete())
	assert.Equal(t, key("E9"), after.Managed()[3].Key, "a key that the target stores wins")
	assert.True(t, before.Findings()[0].Key.IsZero(), "the original stays")
	assert.Equal(t, []string{target.CodeBadKey, target.CodeBadReference}, codes(after))
	assert.Equal(t, key("E3"), after.Findings()[1].Key, "findings follow")
	assert.Equal(t, []string{target.CodeBadReference}, codes(before))

	assert.Equal(t, key("E3"), before.Link(map[string]target.Key{"~odd": key("E3")}).Findings()[0].Key)
	assert.True(t, before.Findings()[0].Key.IsZero(), "the original stays")
	assert.Empty(t, cmp.Diff(before, before.Link(nil), snapshots()))
	assert.False(t, target.Snapshot{}.Link(map[string]target.Key{"1": key("E1")}).Complete())
}

func BenchmarkCollect(b *testing.B) {
	const n = 100_000
	l := list()
	var build target.AttrBuilder
	for i := range n {
		for name, values := range twelve(i).All() {
			build.Add(name, values[0])
		}
		build.Add("manager", fmt.Sprint(i/10))
		l.accounts = append(l.accounts, target.Account{
			ID: fmt.Sprint(i), Key: key(fmt.Sprintf("E%07d", i*7919%n)), State: target.Enabled, Attributes: build.Build(),
			Entitlements: []target.Entitlement{group("staff"), group(fmt.Sprint(i % 50))},
		})
	}
	slices.Reverse(l.accounts)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := target.Collect(context.Background(), l); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/account")
}
