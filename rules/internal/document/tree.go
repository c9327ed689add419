package document

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/provision-go/provision/internal/excerpt"
)

// style is how a scalar is written.
type style uint8

const (
	plain style = iota
	singleQuoted
	doubleQuoted
	literal
	folded
)

// A builder makes values of nodes.
type builder struct {
	*reading

	nodes  int
	lines  int // of the file
	values slab[Value]
	pairs  slab[Pair]
	items  slab[*Value]
}

// tree makes the values of a document; nil if that is no mapping.
func (r *reading) tree(document *yaml.Node) *Value {
	if len(document.Content) != 1 {
		return nil
	}
	b := builder{reading: r, lines: strings.Count(r.file.text, "\n") + 1}
	node := document.Content[0]
	root := b.value(node, 1)
	if b.nodes > MaxNodes {
		return nil
	}
	if root.Kind == Mapping || node.Kind == yaml.AliasNode {
		return root
	}
	message, hint := "the file must be a mapping, lines of the form key: value, but it is ", ""
	switch root.Kind {
	case Sequence:
		message, hint = message+"a list", "write a key before it, and indent the list below it"
	case Null:
		message, hint = message+"empty", "write at least one line of the form key: value"
	default:
		message, hint = message+"a single text", "write a space after the colon of each key"
	}
	r.problemAt(root.Line, root.Column, message, hint)
	return nil
}

// value makes the value of a node. The depth is that of a collection.
func (b *builder) value(n *yaml.Node, depth int) *Value {
	v := &b.values.take(1)[0]
	b.fill(v, n, depth)
	return v
}

func (b *builder) fill(v *Value, n *yaml.Node, depth int) {
	if b.nodes++; b.nodes == MaxNodes+1 {
		b.problemAt(n.Line, n.Column, tooManyMessage, tooManyHint)
	}
	if n.Line > b.lines { // the parser miscounts blanks at the end of a file
		n.Line, n.Column = b.file.position(len(b.file.text))
	}
	v.Line, v.Column, v.file = n.Line, n.Column, b.file
	if n.Anchor != "" || n.Style&yaml.TaggedStyle != 0 || n.Tag == "!" {
		b.properties(n)
	}
	switch n.Kind {
	case yaml.ScalarNode:
		b.scalar(v, n)
	case yaml.MappingNode, yaml.SequenceNode:
		v.Kind = Sequence
		if n.Kind == yaml.MappingNode {
			v.Kind = Mapping
		}
		if b.nodes > MaxNodes || b.full {
			return
		}
		if depth > MaxDepth {
			b.problemAt(n.Line, n.Column, depthMessage, depthHint)
			return
		}
		if v.Kind == Mapping {
			b.mapping(v, n, depth)
			return
		}
		v.Items = b.items.take(len(n.Content))
		for i, item := range n.Content {
			v.Items[i] = b.value(item, depth+1)
		}
	default: // an alias; the parser makes nothing else
		v.Kind = Null
		b.problemAt(n.Line, n.Column, aliasMessage, aliasHint)
	}
}

// properties refuses what may stand before a value.
func (b *builder) properties(n *yaml.Node) {
	// The node begins at the first of the two, whichever that is.
	at := b.file.offset(n.Line, n.Column)
	if n.Anchor != "" && (n.Tag != "!" && n.Style&yaml.TaggedStyle == 0 || at < len(b.file.text) && b.file.text[at] == '&') {
		b.problemAt(n.Line, n.Column, anchorMessage, anchorHint)
		return
	}
	b.problemAt(n.Line, n.Column, tagMessage, tagHint)
}

func (b *builder) scalar(v *Value, n *yaml.Node) {
	v.Kind, v.Text = Scalar, n.Value
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		v.style, v.Quoted = doubleQuoted, true
		b.escapes(v)
	case n.Style&yaml.SingleQuotedStyle != 0:
		v.style, v.Quoted = singleQuoted, true
	case n.Style&yaml.LiteralStyle != 0:
		v.style = literal
	case n.Style&yaml.FoldedStyle != 0:
		v.style = folded
	case n.Tag == "!!null":
		v.Kind, v.Text = Null, ""
	}
}

// escapes refuses control characters that only an escape can write.
func (b *builder) escapes(v *Value) {
	for i, c := range v.Text {
		if c < ' ' || c >= 0x7F {
			if isControl(c) {
				line, column := v.At(i)
				b.problemAt(line, column, fmt.Sprintf("the control character U+%04X is not allowed in a text", c), "remove this escape")
				return
			}
		}
	}
}

// fewKeys is up to how many keys are compared one by one.
const fewKeys = 12

func (b *builder) mapping(v *Value, n *yaml.Node, depth int) {
	v.Pairs = b.pairs.take(len(n.Content) / 2)[:0]
	var lines map[string]int // of the keys, if there are many
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if !b.textKey(key) {
			b.value(n.Content[i+1], depth+1) // for its problems
			continue
		}
		first := 0
		switch {
		case lines != nil:
			first = lines[key.Value]
		case len(v.Pairs) > fewKeys:
			lines = make(map[string]int, len(n.Content)/2)
			for j := range v.Pairs {
				lines[v.Pairs[j].Key.Text] = v.Pairs[j].Key.Line
			}
			first = lines[key.Value]
		default:
			for j := range v.Pairs {
				if v.Pairs[j].Key.Text == key.Value {
					first = v.Pairs[j].Key.Line
					break
				}
			}
		}
		if first > 0 {
			b.problemAt(key.Line, key.Column, "the key "+strconv.Quote(excerpt.Of(key.Value))+" is here twice, first in line "+strconv.Itoa(first),
				"keep one of the two")
			b.value(n.Content[i+1], depth+1)
			continue
		}
		v.Pairs = append(v.Pairs, Pair{})
		pair := &v.Pairs[len(v.Pairs)-1]
		b.fill(&pair.Key, key, depth+1)
		if lines != nil {
			lines[key.Value] = key.Line
		}
		pair.Value = b.value(n.Content[i+1], depth+1)
	}
}

// textKey refuses keys that are no text.
func (b *builder) textKey(key *yaml.Node) bool {
	const hint = "write a text before the colon; put it in quotes if need be"
	switch {
	case key.Kind == yaml.MappingNode:
		b.problemAt(key.Line, key.Column, "a key must be a text, not a mapping", hint)
	case key.Kind == yaml.SequenceNode:
		b.problemAt(key.Line, key.Column, "a key must be a text, not a list", hint)
	case key.Kind == yaml.AliasNode:
		b.problemAt(key.Line, key.Column, aliasMessage, aliasHint)
	case key.Style != 0:
		return true
	case key.Tag == "!!null" && key.Value == "":
		b.problemAt(key.Line, key.Column, "there is no key before the colon", hint)
	case key.Tag == "!!null":
		b.problemAt(key.Line, key.Column, key.Value+" means nothing and cannot be a key", "put it in quotes if it is a name")
	case key.Tag == "!!merge":
		b.problemAt(key.Line, key.Column, "merge keys (<<) are not allowed", "write the entries out here")
	default:
		return true
	}
	return false
}

// slabSize is how many things are allocated at once.
const slabSize = 128

// A slab hands out parts of larger allocations.
type slab[T any] struct{ free []T }

func (s *slab[T]) take(n int) []T {
	if n > len(s.free) {
		s.free = make([]T, max(n, slabSize))
	}
	taken := s.free[:n:n]
	s.free = s.free[n:]
	return taken
}

// runeStart returns the beginning of the character around an offset of a text.
func runeStart(text string, offset int) int {
	offset = min(max(offset, 0), len(text))
	for offset > 0 && offset < len(text) && !utf8.RuneStart(text[offset]) {
		offset--
	}
	return offset
}
