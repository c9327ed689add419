package syntax

// An arena hands out the nodes of one tree from a few large pieces: a rule set has
// thousands of nodes, and they live and die together.
type arena struct {
	nodes []Node
	refs  []*Node
}

// pieceSize is how many nodes there are in a further piece.
const pieceSize = 16

// reserve makes the first piece large enough for nearly every text of a length.
func (a *arena) reserve(length int) {
	n := 2 + length/7
	a.nodes, a.refs = make([]Node, 0, n), make([]*Node, 0, n)
}

func (a *arena) newNode(kind Kind, pos, end, op int) *Node {
	n := len(a.nodes)
	if n == cap(a.nodes) {
		n, a.nodes = 0, make([]Node, 0, pieceSize)
	}
	a.nodes = a.nodes[:n+1]
	node := &a.nodes[n]
	node.Kind, node.Pos, node.End, node.Op = kind, pos, end, op
	return node
}

// list returns a copy of args that nobody can append to.
func (a *arena) list(args ...*Node) []*Node {
	n := len(a.refs)
	if n+len(args) > cap(a.refs) {
		n, a.refs = 0, make([]*Node, 0, max(pieceSize, len(args)))
	}
	a.refs = append(a.refs, args...)
	return a.refs[n:len(a.refs):len(a.refs)]
}
