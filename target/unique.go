package target

import (
	"hash/maphash"
	"iter"
	"slices"
)

// Holders yields the accounts that have a value of an attribute, in the order of
// the snapshot; values that differ only in ASCII case are equal where the
// attribute folds case. For attributes that are declared Unique it is a look-up,
// for others a walk through all accounts. Of one that is WriteOnly nobody knows who
// has it.
func (s Snapshot) Holders(attribute, value string) iter.Seq[*Account] {
	return func(yield func(*Account) bool) {
		spec, known := s.capabilities.Attribute(attribute)
		if value == "" || !known || spec.WriteOnly {
			return
		}
		for i := range s.unique {
			if s.unique[i].spec.Name == attribute {
				s.unique[i].holders(s.accounts, value, yield)
				return
			}
		}
		for i := range s.accounts {
			if spec.has(&s.accounts[i], value) && !yield(&s.accounts[i]) {
				return
			}
		}
	}
}

// has reports whether an account has the value.
func (s AttributeSpec) has(a *Account, value string) bool {
	block, _ := a.Attributes.block(s.Name)
	for block != "" {
		var v string
		if v, block = cutString(block); v == value || s.CaseFold && FoldEqual(v, value) {
			return true
		}
	}
	return false
}

// One seed for all, so that two readings of one listing are equal.
var seed = maphash.MakeSeed() //nolint:gochecknoglobals // never written

// A uniqueIndex finds accounts by a unique attribute: a hash table with linear
// probing of positions, 8 to 16 bytes for each value. The planner looks up only the
// values that it writes.
type uniqueIndex struct {
	spec   AttributeSpec
	slots  []int32 // position in the listing + 1; 0 = free; the length is a power of 2
	places []int32 // position in the snapshot, by position in the listing
}

// indexUnique indexes the attributes that are unique and can be read.
func indexUnique(accounts []Account, specs []AttributeSpec) []uniqueIndex {
	var out []uniqueIndex
	for _, spec := range specs {
		if !spec.Unique || spec.WriteOnly {
			continue
		}
		x := uniqueIndex{spec: spec}
		x.fill(accounts)
		out = append(out, x)
	}
	return out
}

func (x *uniqueIndex) fill(accounts []Account) {
	values := len(accounts)
	if x.spec.Multi {
		values = 0
		for i := range accounts {
			block, _ := accounts[i].Attributes.block(x.spec.Name)
			for ; block != ""; values++ {
				_, block = cutString(block)
			}
		}
	}
	size := 2
	for size < 2*values {
		size *= 2
	}
	x.slots = make([]int32, size)
	for i := range accounts {
		block, _ := accounts[i].Attributes.block(x.spec.Name)
		for block != "" {
			var v string
			v, block = cutString(block)
			at := x.start(v)
			for x.slots[at] != 0 {
				at = (at + 1) & (size - 1)
			}
			x.slots[at] = int32(i) + 1
		}
	}
}

// start is where the search for a value begins.
func (x *uniqueIndex) start(value string) int {
	if x.spec.CaseFold {
		value = Fold(value)
	}
	return int(maphash.String(seed, value) & uint64(len(x.slots)-1))
}

func (x *uniqueIndex) holders(accounts []Account, value string, yield func(*Account) bool) {
	var found []int32
	for at := x.start(value); x.slots[at] != 0; at = (at + 1) & (len(x.slots) - 1) {
		if i := x.places[x.slots[at]-1]; x.spec.has(&accounts[i], value) {
			found = append(found, i)
		}
	}
	slices.Sort(found)
	for _, i := range slices.Compact(found) {
		if !yield(&accounts[i]) {
			return
		}
	}
}
