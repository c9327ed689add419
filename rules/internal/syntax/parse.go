package syntax

import "fmt"

// A parser descends through the grammar, one method for each rule of it.
type parser struct {
	scanner
	arena arena
	depth int    // parentheses, calls, lists and nots around the present token
	open  opener // the innermost that is not closed
}

// An opener is a parenthesis or bracket that is to be closed. The zero value is
// none.
type opener struct {
	pos    int
	closer tokenKind
	args   bool // commas separate what is in it
}

func (o opener) none() bool { return o.closer == tokStart }

func (o opener) sign() string {
	if o.closer == tokClose {
		return "("
	}
	return "["
}

func (o opener) closing() string {
	if o.closer == tokClose {
		return ")"
	}
	return "]"
}

// An operand is what a rule of the grammar has read: a node, where it stands with
// the parentheses around it, and how many levels it has. Without a node there is
// nothing, and the reason is reported.
type operand struct {
	node     *Node
	pos, end int
	levels   int
}

// enter goes one level down. If it is false, it is too deep.
func (p *parser) enter(pos int) bool {
	p.depth++
	if p.depth > MaxDepth {
		p.tooDeep(pos)
		return false
	}
	return true
}

func (p *parser) leave() { p.depth-- }

func (p *parser) tooDeep(pos int) {
	p.exceed(pos, fmt.Sprintf("the condition is nested more than %d levels deep", MaxDepth))
}

// above returns a node above operands with so many levels.
func (p *parser) above(n *Node, levels int) operand {
	if levels++; levels > MaxDepth {
		p.tooDeep(n.Op)
		return operand{}
	}
	return operand{n, n.Pos, n.End, levels}
}

func (p *parser) or() operand {
	left := p.and()
	if left.node == nil || p.tok.kind != tokOr {
		return left
	}
	return p.chain(left, Or, tokOr)
}

func (p *parser) and() operand {
	left := p.not()
	if left.node == nil || p.tok.kind != tokAnd {
		return left
	}
	return p.chain(left, And, tokAnd)
}

// chain reads the rest of "a or b or c".
func (p *parser) chain(first operand, kind Kind, tok tokenKind) operand {
	var few [4]*Node
	args, op := append(few[:0], first.node), p.tok.pos
	end, levels := first.end, first.levels
	for p.tok.kind == tok {
		p.next()
		var x operand
		if kind == Or {
			x = p.and()
		} else {
			x = p.not()
		}
		if x.node == nil {
			return operand{}
		}
		args = append(args, x.node)
		end, levels = x.end, max(levels, x.levels)
	}
	n := p.arena.newNode(kind, first.pos, end, op)
	n.Args = p.arena.list(args...)
	return p.above(n, levels)
}

func (p *parser) not() operand {
	if p.tok.kind != tokNot {
		return p.comparison()
	}
	pos := p.tok.pos
	if !p.enter(pos) {
		return operand{}
	}
	p.next()
	x := p.not()
	p.leave()
	if x.node == nil {
		return operand{}
	}
	n := p.arena.newNode(Not, pos, x.end, pos)
	n.Args = p.arena.list(x.node)
	return p.above(n, x.levels)
}

func (p *parser) comparison() operand {
	left := p.sum()
	if left.node == nil {
		return left
	}
	op := p.tok
	var kind Kind
	switch op.kind {
	case tokCompare:
		kind = Compare
	case tokIn:
		kind = In
	case tokMatch:
		kind = Match
	case tokNot:
		return p.negated(left)
	default:
		return left
	}
	return p.compared(left, kind, op.pos, op.text)
}

// negated reads "not in" and what stands right of it.
func (p *parser) negated(left operand) operand {
	op := p.tok
	p.next()
	switch p.tok.kind {
	case tokIn:
		return p.compared(left, In, op.pos, "not in")
	case tokMatch:
		p.notMatch(left, op.pos)
	case tokBad:
	default:
		meant := ""
		if p.text[op.pos] == '!' || p.tok.text == "==" {
			meant = "!="
		}
		p.fail(p.found(), fmt.Sprintf(`expected "in" after %s, found %s`, p.quote(op.place), p.quote(p.tok.place)), meant)
	}
	return operand{}
}

// compared reads what stands right of the operator that is the present token.
func (p *parser) compared(left operand, kind Kind, op int, text string) operand {
	p.next()
	right := p.sum()
	if right.node == nil {
		return operand{}
	}
	switch p.tok.kind {
	case tokCompare, tokIn, tokMatch, tokNot:
		p.chained(left, right, kind)
		return operand{}
	default:
		n := p.arena.newNode(kind, left.pos, right.end, op)
		n.Text, n.Args = text, p.arena.list(left.node, right.node)
		return p.above(n, max(left.levels, right.levels))
	}
}

func (p *parser) sum() operand {
	left := p.value()
	for left.node != nil && (p.tok.kind == tokPlus || p.tok.kind == tokMinus) {
		kind, op := Add, p.tok.pos
		if p.tok.kind == tokMinus {
			kind = Sub
		}
		p.next()
		right := p.value()
		if right.node == nil {
			return operand{}
		}
		n := p.arena.newNode(kind, left.pos, right.end, op)
		n.Args = p.arena.list(left.node, right.node)
		left = p.above(n, max(left.levels, right.levels))
	}
	return left
}
