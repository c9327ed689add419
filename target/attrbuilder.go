package target

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// An AttrBuilder makes many [Attributes] with one allocation each. Connectors
// keep one per goroutine and call Add and Build for each account. The zero value
// is ready.
type AttrBuilder struct {
	entries []entry
	buf     []byte
}

type entry struct{ name, value string }

// Add adds values to a name. Empty values and an empty name are left out;
// repeats do not matter.
func (b *AttrBuilder) Add(name string, values ...string) {
	if name == "" {
		return
	}
	for _, v := range values {
		if v != "" {
			b.entries = append(b.entries, entry{name, v})
		}
	}
}

// Build returns what was added and empties the builder for the next account.
func (b *AttrBuilder) Build() Attributes {
	if len(b.entries) == 0 {
		return Attributes{}
	}
	list := b.entries
	if !ascending(list) {
		slices.SortFunc(list, entry.compare)
		list = slices.Compact(list)
	}
	b.buf = b.buf[:0]
	for len(list) > 0 {
		n, size := 1, packedLen(len(list[0].value))
		for n < len(list) && list[n].name == list[0].name {
			size += packedLen(len(list[n].value))
			n++
		}
		b.buf = appendPacked(b.buf, list[0].name)
		b.buf = binary.AppendUvarint(b.buf, uint64(size))
		for _, e := range list[:n] {
			b.buf = appendPacked(b.buf, e.value)
		}
		list = list[n:]
	}
	// Clearing lets go of the strings, which may belong to a whole page.
	clear(b.entries)
	b.entries = b.entries[:0]
	return Attributes{packed: string(b.buf)}
}

// ascending reports whether a list is sorted and without repeats, as it is where
// somebody adds names in order.
func ascending(list []entry) bool {
	for i := 1; i < len(list); i++ {
		a, b := &list[i-1], &list[i]
		if a.name > b.name || a.name == b.name && a.value >= b.value {
			return false
		}
	}
	return true
}

func (b *AttrBuilder) addBlock(name, block string) {
	for block != "" {
		var value string
		value, block = cutString(block)
		b.entries = append(b.entries, entry{name, value})
	}
}

func (e entry) compare(o entry) int {
	if c := cmp.Compare(e.name, o.name); c != 0 {
		return c
	}
	return cmp.Compare(e.value, o.value)
}
