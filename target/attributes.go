package target

import (
	"encoding/binary"
	"iter"
	"slices"
	"strconv"
	"strings"
)

// Attributes are an account's attributes: names to one or more strings. It is
// opaque, immutable and comparable with ==; two sets with the same content are
// equal. Values of one name are a set: sorted by bytes, without repeats. Wire
// types (booleans, numbers, complex values) are the connector's business.
//
// An empty string is no value, and a name without values is not there: so
// systems that store "" and systems that store nothing compare equal. Values may
// hold any bytes. An empty name is left out as well.
//
// The zero value is empty. Strings that are read from it share its memory.
type Attributes struct {
	// packed is, for each name in ascending order: the length of the name, the
	// name, the length of its block, the block. A block is, for each value in
	// ascending order: the length of the value, the value. Lengths are minimal
	// uvarints, so equal content has equal bytes.
	packed string
}

// Attrs makes attributes with one value each.
func Attrs(values map[string]string) Attributes {
	var b AttrBuilder
	for name, value := range values {
		b.Add(name, value)
	}
	return b.Build()
}

// AttrsOf makes attributes with several values each. The order and repeats of
// values do not matter.
func AttrsOf(values map[string][]string) Attributes {
	var b AttrBuilder
	for name, list := range values {
		b.Add(name, list...)
	}
	return b.Build()
}

// Len returns the number of names.
func (a Attributes) Len() int {
	n := 0
	for rest := a.packed; rest != ""; n++ {
		_, _, rest = cutAttribute(rest)
	}
	return n
}

// IsZero reports whether there are no attributes.
func (a Attributes) IsZero() bool { return a.packed == "" }

// Get returns the value of a name, the first in order if there are several, and
// "" if there is none.
func (a Attributes) Get(name string) string {
	block, _ := a.block(name)
	if block == "" {
		return ""
	}
	value, _ := cutString(block)
	return value
}

// Values returns the values of a name, sorted, or nil if there are none. The
// slice is the caller's.
func (a Attributes) Values(name string) []string {
	block, _ := a.block(name)
	return unpack(block)
}

// Has reports whether there is a value for a name.
func (a Attributes) Has(name string) bool {
	_, ok := a.block(name)
	return ok
}

// Names returns the names, sorted.
func (a Attributes) Names() []string {
	if a.packed == "" {
		return nil
	}
	names := make([]string, 0, 16)
	for rest := a.packed; rest != ""; {
		var name string
		name, _, rest = cutAttribute(rest)
		names = append(names, name)
	}
	return names
}

// All yields names and their values, sorted. Each slice is the caller's.
func (a Attributes) All() iter.Seq2[string, []string] {
	return func(yield func(string, []string) bool) {
		for rest := a.packed; rest != ""; {
			var name, block string
			name, block, rest = cutAttribute(rest)
			if !yield(name, unpack(block)) {
				return
			}
		}
	}
}

// Equal reports whether both hold the same content. It is ==.
func (a Attributes) Equal(b Attributes) bool { return a == b }

// With returns a copy in which the name has exactly the given values. Without
// any value that is not empty it removes the name.
func (a Attributes) With(name string, values ...string) Attributes {
	values = normal(values)
	if name == "" || len(values) == 0 {
		return a.Without(name)
	}
	// Where the name is, or would be.
	start, end := len(a.packed), len(a.packed)
	for rest := a.packed; rest != ""; {
		n, block, next := cutAttribute(rest)
		if n >= name {
			start, end = len(a.packed)-len(rest), len(a.packed)-len(rest)
			if n == name {
				end = len(a.packed) - len(next)
				if len(values) == 1 && len(block) == packedLen(len(values[0])) && strings.HasSuffix(block, values[0]) {
					return a
				}
			}
			break
		}
		rest = next
	}
	size := 0
	for _, v := range values {
		size += packedLen(len(v))
	}
	out := make([]byte, 0, len(a.packed)-(end-start)+packedLen(len(name))+packedLen(size))
	out = append(out, a.packed[:start]...)
	out = appendPacked(out, name)
	out = binary.AppendUvarint(out, uint64(size))
	for _, v := range values {
		out = appendPacked(out, v)
	}
	out = append(out, a.packed[end:]...)
	return Attributes{packed: string(out)}
}

// normal returns values as a set without "". The caller's slice is left alone.
func normal(values []string) []string {
	ready := true
	for i, v := range values {
		if v == "" || i > 0 && values[i-1] >= v {
			ready = false
			break
		}
	}
	if ready {
		return values
	}
	set := slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" })
	slices.Sort(set)
	return slices.Compact(set)
}

// Without returns a copy that lacks the names.
func (a Attributes) Without(names ...string) Attributes {
	var out strings.Builder
	dropped := false
	for rest := a.packed; rest != ""; {
		name, _, next := cutAttribute(rest)
		if slices.Contains(names, name) {
			dropped = true
		} else {
			out.WriteString(rest[:len(rest)-len(next)])
		}
		rest = next
	}
	if !dropped {
		return a
	}
	return Attributes{packed: out.String()}
}

// Merge returns the attributes of a and b; for a name that both have, the values
// of b.
func (a Attributes) Merge(b Attributes) Attributes {
	if a.packed == "" {
		return b
	}
	if b.packed == "" || a.Covers(b) {
		return a
	}
	build := AttrBuilder{entries: make([]entry, 0, 24)}
	for p := range pairs(a, b) {
		if p.inB {
			build.addBlock(p.name, p.b)
		} else {
			build.addBlock(p.name, p.a)
		}
	}
	return build.Build()
}

// String returns the content as text, such as `title="Engineer"`. It masks
// nothing: it is for tests and debugging, not for logs.
func (a Attributes) String() string {
	var out strings.Builder
	for name, values := range a.All() {
		if out.Len() > 0 {
			out.WriteByte(' ')
		}
		out.WriteString(name)
		for i, v := range values {
			out.WriteByte("=,"[min(i, 1)])
			out.WriteString(strconv.Quote(v))
		}
	}
	return out.String()
}

func (a Attributes) block(name string) (string, bool) {
	for rest := a.packed; rest != ""; {
		var n, block string
		n, block, rest = cutAttribute(rest)
		if n == name {
			return block, true
		}
		if n > name {
			break
		}
	}
	return "", false
}

// cutAttribute splits off one name and its block, and returns the rest as well.
func cutAttribute(s string) (string, string, string) {
	name, rest := cutString(s)
	block, rest := cutString(rest)
	return name, block, rest
}

// cutString splits off one length-prefixed string and returns the rest as well.
// Only this package packs, so the bytes are well-formed.
func cutString(s string) (string, string) {
	n, size := uint64(s[0]), 1
	if n >= 0x80 {
		n &= 0x7f
		for shift := 7; ; shift += 7 {
			c := s[size]
			size++
			n |= uint64(c&0x7f) << shift
			if c < 0x80 {
				break
			}
		}
	}
	end := size + int(n)
	return s[size:end], s[end:]
}

func unpack(block string) []string {
	if block == "" {
		return nil
	}
	n := 0
	for rest := block; rest != ""; n++ {
		_, rest = cutString(rest)
	}
	values := make([]string, n)
	for i := range values {
		values[i], block = cutString(block)
	}
	return values
}

func packedLen(n int) int {
	size := 1
	for v := uint(n); v >= 0x80; v >>= 7 {
		size++
	}
	return size + n
}

func appendPacked(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}
