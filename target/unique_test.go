package target_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

func holders(s target.Snapshot, attribute, value string) []string {
	var ids []string
	for a := range s.Holders(attribute, value) {
		ids = append(ids, a.ID)
	}
	return ids
}

func TestHolders(t *testing.T) {
	specs := []target.AttributeSpec{
		{Name: "userName", Unique: true, CaseFold: true},
		{Name: "badge", Unique: true},
		{Name: "email", Unique: true, Multi: true, CaseFold: true},
		{Name: "title"},
		{Name: "pin", Unique: true, WriteOnly: true},
	}
	l := list(
		target.Account{ID: "3", Attributes: target.AttrsOf(map[string][]string{"userName": {"ana"}, "email": {"a@x.example", "A@X.example"}, "title": {"Cook"}})},
		target.Account{ID: "1", Attributes: target.AttrsOf(map[string][]string{"userName": {"ANA"}, "badge": {"B1"}, "pin": {"1"}})},
		target.Account{ID: "2", Attributes: target.AttrsOf(map[string][]string{"badge": {"b1"}, "email": {"b@x.example", "a@x.example"}})},
	)
	l.Target = memtarget.New("app", &memtarget.Config{Capabilities: &target.Capabilities{Attributes: specs}})
	s := collect(t, l)
	assert.Equal(t, []string{"1", "3"}, holders(s, "userName", "Ana"))
	assert.Equal(t, []string{"1"}, holders(s, "badge", "B1"), "without case folding")
	assert.Equal(t, []string{"2", "3"}, holders(s, "email", "a@x.EXAMPLE"), "each once")
	assert.Equal(t, []string{"3"}, holders(s, "title", "Cook"), "not unique: a walk")
	assert.Empty(t, holders(s, "pin", "1"), "nobody knows")
	assert.Empty(t, holders(s, "userName", ""))
	assert.Empty(t, holders(s, "colour", "red"))
	assert.Empty(t, holders(s, "userName", "\u212aana"), "the Kelvin sign is no k")
	assert.Empty(t, holders(target.Snapshot{}, "userName", "ana"))
	for range s.Holders("userName", "ana") {
		break
	}
}

// TestHoldersOfMany: the index finds what a walk finds, keys and order aside.
func TestHoldersOfMany(t *testing.T) {
	l := list()
	for i := range 1000 {
		l.accounts = append(l.accounts, target.Account{
			ID: fmt.Sprint(i), State: target.Enabled, Attributes: target.Attrs(map[string]string{"userName": fmt.Sprintf("U%d", i%700)}),
		})
	}
	keys := map[string]target.Key{}
	for i := range 500 {
		keys[fmt.Sprint(i*2)] = key(fmt.Sprintf("E%03d", 999-i))
	}
	plain := collect(t, l)
	for _, s := range []target.Snapshot{plain, plain.Link(keys)} {
		for i := range 701 {
			want := []string(nil)
			for a := range s.All() {
				if a.Attributes.Get("userName") == fmt.Sprintf("U%d", i) {
					want = append(want, a.ID)
				}
			}
			if got := holders(s, "userName", fmt.Sprintf("u%d", i)); !slices.Equal(want, got) {
				t.Fatalf("u%d: %v, want %v", i, got, want)
			}
		}
	}
}
